"""When a name, a stretch or a sentence of a brief stands for one of the labels."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from ..schemas.evidence import Evidence
from .gold import Span

# Words before a name that do not tell who it is.
# fmt: off
_TITLES = frozenset((
    "president", "us", "u.s.", "mr", "mr.", "mrs", "ms", "dr", "prime", "minister", "king", "sen.", "senator", "rep.",
    "the", "of", "secretary", "state", "russian", "ukrainian", "chinese",
))
# fmt: on
LONGEST_EVIDENCE = 600  # characters; longer evidence points at nothing
SHARE = 0.3  # of the shorter of two stretches, by which they are about the same


def folded(text: str) -> list[str]:
    """The words of a text without case, possessives and marks."""
    low = re.sub(r"'s\b", "", unicodedata.normalize("NFKC", text).lower().replace("’", "'"))
    return re.sub(r"[^\w\s'-]", " ", low).split()


def same_name(given: str, names: Iterable[str]) -> bool:
    """Whether a name is one of the names: all its words, the last word of both, or one within the other."""
    words = name_words(given)
    return bool(words) and any(_alike(words, name_words(name)) for name in names if name_words(name))


def strictly_same_name(given: str, names: Iterable[str]) -> bool:
    """As `same_name`, but one name has to hold all words of the other: the same last word alone will not do."""
    words = name_words(given)
    known = [name_words(name) for name in names]
    return any(
        _alike(words, name) and (set(name) <= set(words) or set(words) <= set(name)) for name in known if name and words
    )


def name_words(name: str) -> list[str]:
    """The words of a name that tell who or what it is."""
    words = folded(name)
    return [word for word in words if word not in _TITLES] or words


def _alike(given: list[str], gold: list[str]) -> bool:
    if set(gold) <= set(given) or (set(given) <= set(gold) and (len(given) > 1 or given[-1] == gold[-1])):
        return True
    return given[-1] == gold[-1] and len(given[-1]) > 3


def has_keywords(keywords: Sequence[str], text: str) -> bool:
    """Whether at least half of the keywords stand in the text."""
    words = " ".join(folded(text))
    return bool(keywords) and 2 * sum(" ".join(folded(each)) in words for each in keywords) >= len(keywords)


def spans_of(evidence: Iterable[Evidence]) -> list[Span]:
    """The stretches of some evidence that is short enough to point at something."""
    return [(each.start, each.end) for each in evidence if each.end - each.start <= LONGEST_EVIDENCE]


def overlap(one: Span, other: Span) -> int:
    """Characters that two stretches share."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def touch(spans: Iterable[Span], gold: Sequence[Span]) -> bool:
    """Whether one of the spans is about the same as one of the labelled ones."""
    return any(
        overlap(span, each) >= SHARE * min(span[1] - span[0], each[1] - each[0]) > 0 for span in spans for each in gold
    )
