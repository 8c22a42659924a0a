"""Whether two names are one person's, or one body's."""

import re
from functools import lru_cache

from .mentions import Word, is_generic, read_words
from .tokens import name_words

# A description goes on after one of these ("president of Norland"), but for an office ("Secretary of State Ada Berg").
_PREPOSITIONS = frozenset(["of", "in", "at", "for", "from", "with", "to", "on", "and", "near", "by", "within", "close"])
_JUNIOR = ("jr", "sr", "ii", "iii", "iv")


def same_person(one: str, other: str) -> bool:
    """Whether two names can be of one: a surname and the full name, with titles or without; a body and its short form.

    A description without a name ("a harbour official") equals only itself, whatever its article. Given names that
    differ are two people, unless one is the other's initial (A. Berg and Ada Berg).
    """
    first, second = _name(one), _name(other)
    if not first or not second:
        return not first and not second and _plain(one) == _plain(other)
    if first == second:
        return True
    shorter, longer = sorted((first, second), key=len)
    if longer[-len(shorter) :] == shorter:
        return True
    if len(shorter) == 1:
        return shorter[0] in ("".join(word[0] for word in longer), "".join(word[0] for word in longer if len(word) > 3))
    given, full = sorted((shorter[0], longer[0]), key=len)
    return shorter[-1] == longer[-1] and (full == given or (len(given) == 1 and full.startswith(given)))


def is_name(words: str) -> bool:
    """Whether the words hold a name, and do not only describe somebody."""
    return bool(_name(words))


@lru_cache(maxsize=4096)
def _name(words: str) -> tuple[str, ...]:
    """The words of the name itself, folded; empty for a description."""
    # Only what stands before a comma or bracket: "Ada Berg, prime minister of Norland".
    found = read_words(re.split(r"[,(;\n]", words.strip(), maxsplit=1)[0])
    for place, word in enumerate(found):
        ahead = found[place + 1 : place + 2]
        if word.folded in _PREPOSITIONS and not (ahead and (_is_title(ahead[0]) or is_generic(ahead[0]))):
            return ()
        is_before = word.folded in name_words().sentence_words or _is_title(word) or not _is_part(word)
        if not is_before or (_is_title(word) and not any(_is_proper(later) for later in found[place + 1 :])):
            found = found[place:]
            break
    while found and found[-1].folded in _JUNIOR:
        found = found[:-1]
    if not found or not found[-1].is_capital or all(is_generic(word) and not word.is_acronym for word in found):
        return ()
    return tuple(word.folded for word in found)


def _is_part(word: Word) -> bool:
    return word.is_capital or word.folded in name_words().particles


def _is_proper(word: Word) -> bool:
    return word.is_capital and not _is_title(word)


def _is_title(word: Word) -> bool:
    return word.folded in name_words().titles or word.folded in name_words().office


def _plain(words: str) -> list[str]:
    low = [word.folded for word in read_words(words)]
    while low and low[0] in ("the", "a", "an", "one", "its", "his", "her", "their"):
        low = low[1:]
    return low
