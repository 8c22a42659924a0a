"""Whether two figures are of one thing in sentences that are worded otherwise: told by the words beside them.

The measures were chosen while reading what `benchmarks/contradictions.py` tells of 100 real stories, so its figures
flatter them.
"""

from collections.abc import Iterable
from functools import lru_cache

from ..grounding.mentions import mentions_of, read_words, split_parts, without_openers
from ..grounding.quantities import Quantity
from ..grounding.wording import Term
from .counts import Count, are_of_one_time, is_label
from .lines import Line, tells

_REACH = 7  # words on each side of a figure, up to the next one
# Words that two sentences share beside the figure, and in all, at least; of counts the noun is the same, too.
_BESIDE, _IN_ALL = 1, 3
_BESIDE_SUM, _IN_ALL_SUM = 3, 4


def likest(pairs: Iterable[tuple[Count, Count]]) -> list[tuple[Count, Count]]:
    """Those of the pairs, each of two articles, in which each figure is the other's likest in that article."""
    found = [(_shared(one, other), one, other) for one, other in pairs]
    best: dict[tuple[int, str], float] = {}
    for likeness, one, other in found:
        for mine, its in ((one, other), (other, one)):
            place = id(mine), its.report.id
            best[place] = max(best.get(place, 0), likeness)
    return [
        (one, other)
        for likeness, one, other in found
        if likeness >= max(best[id(one), other.report.id], best[id(other), one.report.id])
    ]


def are_alike(one: Count, other: Count) -> bool:
    """Whether two figures have enough beside them in common to be of one thing, and nothing speaks against it."""
    if not (one.report.is_english and other.report.is_english):
        return False
    if one.head != other.head or one.quantity.kind != other.quantity.kind or "vague" in one.quantity.kind:
        return False
    if (
        one.is_part
        or other.is_part
        or any(is_label(each.line, each.quantity) for each in (one, other))
        or one.is_compound != other.is_compound
    ):
        return False
    if _is_quoted(one) and _is_quoted(other):
        return False  # what one says and what another says is each his own; one quotation in two papers: `repeated`
    if (
        not one.is_governed_as(other)
        or not are_of_one_time(one.line, other.line)
        or not _can_be_of_one(one.line, other.line)
    ):
        return False
    if not one.is_compound and one.verbs and other.verbs and not one.verbs & other.verbs:
        return False
    is_plain = one.quantity.kind == "number" and not one.is_money
    beside, in_all = (_BESIDE, _IN_ALL) if is_plain else (_BESIDE_SUM, _IN_ALL_SUM)
    return len(_beside_both(one, other)) >= beside and len(one.line.stems & other.line.stems) >= in_all


def _shared(one: Count, other: Count) -> float:
    """How much two figures have beside them in common, and some of what their sentences have."""
    return len(_beside_both(one, other)) + len(one.line.stems & other.line.stems) / 4


def _beside_both(one: Count, other: Count) -> frozenset[str]:
    return (_stems_beside(one.line, one.quantity) & _stems_beside(other.line, other.quantity)) - {one.head}


def _is_quoted(count: Count) -> bool:
    """Whether the figure stands in quotation marks."""
    before = count.line.span.text[: count.quantity.start]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _can_be_of_one(one: Line, other: Line) -> bool:
    """Whether two lines name somebody or some place in common, if both name any, and no two of nearly one name."""
    if one.names and other.names and not one.names & other.names:
        return False
    return not any(
        mine & its and mine - its and its - mine for mine in _names(one.span.text) for its in _names(other.span.text)
    )


@lru_cache(maxsize=8192)
def _names(text: str) -> tuple[frozenset[str], ...]:
    """The words of each name in a sentence, folded."""
    parts = (part for mention in mentions_of(read_words(text)) for part in split_parts(without_openers(mention.words)))
    return tuple(frozenset(word.folded for word in part) for part in parts)


@lru_cache(maxsize=4096)
def _stems_beside(line: Line, quantity: Quantity) -> frozenset[str]:
    """What the words on both sides of a figure speak of, names among them, up to the next figure."""
    words = line.terms
    places = [at for at, term in enumerate(words) if _overlap(term, quantity)]
    if not places:
        return frozenset()
    others = [each for each in line.figures if not _meet(each, quantity)]
    found: set[str] = set()
    first, last = places[0], places[-1] + 1
    for side in (words[max(0, first - _REACH) : first][::-1], words[last : last + _REACH]):
        for term in side:
            if any(_overlap(term, other) for other in others):
                break
            if tells(term) or (term.is_capital and not term.low[0].isdigit()):
                found.add(term.stem)
    return frozenset(found)


def _overlap(term: Term, quantity: Quantity) -> bool:
    return term.start < quantity.end and quantity.start < term.end


def _meet(one: Quantity, other: Quantity) -> bool:
    return one.start < other.end and other.start < one.end
