"""Which language a text is in, by its letters (py3langid, a naive Bayes classifier over byte n-grams)."""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from . import ENGLISH, language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Letters from which on the classifier is asked of a text in Latin script, and how sure it has to be. Of the first 200
# characters of 150 English and German news texts it took one for another language, and was 0.66 sure of it.
FEWEST_LETTERS = 200
SUREST = 0.9
# A few words in another script tell as much.
FEWEST_OTHER = 12
_DIALECTS = {"arz": "ar", "ary": "ar"}  # of Arabic, which newspapers do not write
_ENGLISH_WORDS = frozenset(
    ("the", "of", "and", "to", "a", "in", "that", "is", "was", "for", "it", "with", "said", "not")
)
_READ = 4000  # characters that are read


def language_of(text: str, declared: str | None = None) -> str:
    """ISO 639 code of the language a text is in: by its words where there are enough, else the one declared, else `en`.

    Pages often declare the language of their templates, so the words go first, and what is declared counts only if the
    text has more of that language's small words than of English ones: a text taken for another language gets fewer
    checks. A short text in Latin letters is taken for English otherwise.
    """
    return _of_head(text[:_READ], declared)


@lru_cache(maxsize=64)
def _of_head(head: str, declared: str | None) -> str:
    stated = (declared or "").replace("_", "-").partition("-")[0].strip().lower()
    letters = list(islice(filter(str.isalpha, head), max(FEWEST_LETTERS, FEWEST_OTHER)))
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters[:FEWEST_LETTERS])
    is_latin = 2 * latin >= min(len(letters), FEWEST_LETTERS)
    if len(letters) >= (FEWEST_LETTERS if is_latin else FEWEST_OTHER):
        found, sure = _identifier().classify(head)
        if sure >= SUREST or not is_latin:
            return _DIALECTS.get(found, str(found))
    words = re.findall(r"[^\W\d_]+", head.lower())
    small = language(stated).small
    is_stated = sum(word in small for word in words) > sum(word in _ENGLISH_WORDS for word in words)
    return stated if is_stated else ENGLISH


@cache
def _identifier() -> "LanguageIdentifier":
    # Reading its table takes half a second, which a short text and `--help` need not pay.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
