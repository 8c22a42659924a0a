"""What an article is about, in figures: its words and its names, each the heavier the rarer it is in the stream.

    Article ── read_terms ─ Terms (how often each stands there) ── Rarity.vector ─ words and names as whole numbers

Weights are whole numbers, so that sums of them are exact: the same story whatever the order in which it was added up.
"""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from ..grounding.languages import known_languages, language
from ..schemas.article import Article

Vector = Mapping[str, int]

# Measured with `python -m benchmarks.clusters` over folds of 100 labelled events (docs/digest.md has the table). News
# says what it is about at its head: without the bonus for it B3 F1 was 0.02 lower, with all of a long text 0.005.
BODY_WORDS = 400  # of a text that are read; what follows is background that other stories share
LEAD_WORDS = 100  # at the head of the text, each of which counts
LEAD_TIMES = 3  # times; a word of the title as often
HEAVIEST = 80  # words of an article that are kept; 60 and 150 were within 0.005
HEAVIEST_NAMES = 20
# Articles that the stream is taken to have had before the first, none with a word of ours: so a rare word weighs much
# among ten articles as well as among ten thousand. From 1,000 to 10,000 F1 was within 0.005; without it one threshold
# did not fit a day of 25 articles and one of 300 (0.05 lower).
EARLIER = 3_000
# A word weighs the less the more of the stream has it, so that “the” is left out in languages without a list of such
# words, too: without this, and without the list, a day of 25 articles was one story. So many articles that have nothing
# in common are taken along; else all that the first few have in common, which may be their story, would weigh nothing.
FEW = 8
SCALE = 1_000  # length of a vector

# Scripts that put no space between words, read by pairs of letters: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
_LETTERS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_UNSPACED = re.compile(f"[{_LETTERS}]")
_WORD = rf"[^\W_{_LETTERS}]+(?:[’'][^\W_{_LETTERS}]+)?"
_TOKEN = re.compile(rf"[{_LETTERS}]+|{_WORD}")
# A word that no sentence, quotation or line begins with, if it can begin with a capital.
_INSIDE = re.compile(rf"[ \u00a0](?<=[\w,;].)(?![a-z0-9])({_WORD})")
_OWNERS = ("’s", "'s", "’S", "'S")
_LONGEST_WORD = 40
_MOST_TIMES = BODY_WORDS * LEAD_TIMES  # that a word can stand in an article
_LOGS = [0.0, *(1.0 + math.log(times) for times in range(1, _MOST_TIMES + 1))]
_USUAL_LENGTH = 10 * BODY_WORDS  # characters that mostly hold so many words


@dataclass(frozen=True, slots=True)
class Terms:
    """How often each word and each name stands in an article, title and head counted more than once."""

    words: Mapping[str, int]
    names: Mapping[str, int]


def split_words(text: str) -> list[str]:
    """The words of a text as they stand; of scripts without spaces, each letter."""
    found: list[str] = _TOKEN.findall(text)
    if text.isascii() or not _UNSPACED.search(text):
        return found
    return [each for token in found for each in (token if _UNSPACED.match(token) else (token,))]


def read_terms(article: Article) -> Terms:
    """The words and names of an article. Its time does not grow with the text beyond `BODY_WORDS`."""
    lows, capitals = _head(article.text)
    title = _head(article.title or "")[0][:LEAD_WORDS]
    left_out = _holding_words([*lows[:LEAD_WORDS], *title])
    named = capitals - _days()
    words = Counter([*lows, *lows[:LEAD_WORDS] * (LEAD_TIMES - 1), *title * LEAD_TIMES])
    for low in left_out & words.keys():
        del words[low]
    return Terms(words, {low: times for low, times in words.items() if low in named})


@cache
def _holding() -> tuple[frozenset[str], ...]:
    raw = tomllib.loads(files(__package__).joinpath("holding.toml").read_text(encoding="utf-8"))
    return tuple(frozenset(words) for words in raw.values())


@cache
def _days() -> frozenset[str]:
    """Weekdays and months, which have capitals in English and say when, not who."""
    days = [language(code).days for code in known_languages()]
    return frozenset(form for each in days for forms in (*each.weekdays, each.months) for form in forms)


def _holding_words(lows: Sequence[str]) -> frozenset[str]:
    """The words that hold sentences together, in the language of which there are most: German “war” is no war."""
    return max(_holding(), key=lambda words: sum(map(words.__contains__, lows)))


def _head(text: str) -> tuple[list[str], set[str]]:
    """The first words of a text, pairs of letters where no spaces part them; and those that are names, casefolded."""
    for end in (_USUAL_LENGTH, BODY_WORDS * _LONGEST_WORD):
        found: list[str] = _TOKEN.findall(text, 0, end)
        if len(found) > BODY_WORDS or end >= len(text):
            break
    if not text.isascii() and _UNSPACED.search(text, 0, end):
        found = [piece for token in found for piece in _pieces(token)]
    words = list(map(_plain, found[:BODY_WORDS]))
    return words, {_plain(word) for word in _INSIDE.findall(text, 0, end) if word[0].isupper()}


def _pieces(token: str) -> list[str]:
    """Pairs of letters of a token without spaces; any other token whole."""
    return [token[at : at + 2] for at in range(max(1, len(token) - 1))] if _UNSPACED.match(token) else [token]


@lru_cache(maxsize=65_536)
def _plain(word: str) -> str:
    return (word[:-2] if word.endswith(_OWNERS) else word)[:_LONGEST_WORD].casefold()


class Rarity:
    """In how many articles of the stream each word and each name stands. It only grows."""

    def __init__(self, articles: int, words: Mapping[str, int], names: Mapping[str, int]) -> None:
        self.articles = articles
        self.words, self.names = Counter(words), Counter(names)  # 0 for a word that nobody counted
        self._rarity: dict[int, float] = {}  # of words by how many articles have them, until more are counted

    def count(self, terms: Iterable[Terms]) -> None:
        """Count further articles."""
        self._rarity.clear()
        for each in terms:
            self.articles += 1
            self.words.update(each.words.keys())
            self.names.update(each.names.keys())

    def words_of(self, terms: Terms) -> dict[str, int]:
        """The heaviest words of an article, each with its weight, as a vector of length `SCALE`; heaviest first."""
        return self._vector(terms.words, self.words, HEAVIEST)

    def names_of(self, terms: Terms) -> dict[str, int]:
        """The same of its names."""
        return self._vector(terms.names, self.names, HEAVIEST_NAMES)

    def _of_rarity(self, known: int) -> float:
        """What a word weighs that stands in so many articles."""
        return math.log((self.articles + EARLIER) / (known + 0.5)) * (1.0 - known / (self.articles + FEW))

    def _vector(self, counts: Mapping[str, int], seen: Mapping[str, int], most: int) -> dict[str, int]:
        rarity = self._rarity
        known = [seen[word] for word in counts]
        for each in {*known}:
            if each not in rarity:
                rarity[each] = self._of_rarity(each)
        weighed = zip(counts.items(), known, strict=True)
        weights = sorted([(-_LOGS[times] * rarity[each], word) for (word, times), each in weighed])
        heaviest = [each for each in weights[:most] if each[0] < 0]
        length = math.sqrt(sum([weight * weight for weight, _ in heaviest])) or 1.0
        return {word: scaled for weight, word in heaviest if (scaled := round(-SCALE * weight / length))}


def dot(one: Vector, other: Vector) -> int:
    """The product of two vectors: of two of length `SCALE`, `SCALE`² for the same direction."""
    return sum([one[word] * other[word] for word in one.keys() & other.keys()])
