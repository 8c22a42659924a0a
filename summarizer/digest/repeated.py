"""A sentence that two articles have, but for a figure, a day, a "not" or the one who speaks.

There is no surer contradiction: one of the two has it wrong. Copies, which count once and are not compared otherwise,
are held beside their original; in two other reports such a sentence is mostly an agency's, or somebody's own words, and
nothing else may be another thing in it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cached_property
from itertools import combinations, islice

from ..grounding.cues import cues
from ..grounding.mentions import folded
from ..grounding.polarity import HELPING, nots
from ..grounding.quantities import Quantity, quantities
from ..grounding.units import same_unit
from ..grounding.wording import Term
from ..schemas.digest import Kind, Verdict
from ..schemas.evidence import Evidence
from .actors import Cast
from .counts import grows, head_of, is_label, is_part
from .dated import days_of
from .figures import compared, figure_in
from .figures import told as figure_told
from .lines import Line
from .pairs import REASONS, Pair, opening, side_of
from .reports import Report

# Words that two sentences have in one order, of all that they have; and how many there are at least.
_ALIKE, _FEWEST = 0.8, 6
_BESIDE = 4  # words before and after a "not" that have to be the same
_MOST = 400  # sentences of each that are looked at, of those that are not in both
# What a paper says of itself, and what it writes of everybody whom it has asked.
_OF_THE_PAPER = re.compile(
    r"\b(?:comment|reached|respond\w*|subscri\w+|newsletter|newsroom|our app|read the full)\b", re.IGNORECASE
)
_OF_A_CLOCK = re.compile(r"\s*(?:GMT|UTC|local time|[A-Z]{2,4}T\b|degrees?\b)")
_QUOTED = re.compile(r"[“\"]([^“”\"]{20,})[”\"]")
_Span = tuple[int, int]


@dataclass(frozen=True)
class _Text:
    """A report's sentences, and what each has in quotation marks: two papers put other words before one quotation."""

    report: Report

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        text = self.report.brief.article.text
        sentences = [span for span in self.report.body if not _OF_THE_PAPER.search(span.text)]
        quoted = (
            Evidence.of(text, span.start + found.start(1), span.start + found.end(1))
            for span in sentences
            for found in _QUOTED.finditer(span.text)
        )
        return tuple(Line(self.report.id, span) for span in (*sentences, *quoted))

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        return frozenset(map(_words, self.lines))

    def beside(self, other: "_Text") -> list[Line]:
        """The sentences that the other has not as they are, but for the short ones."""
        found = (line for line in self.lines if _words(line) not in other.runs and len(line.terms) >= _FEWEST)
        return list(islice(found, _MOST))

    @cached_property
    def figures(self) -> frozenset[tuple[str, Decimal]]:
        """Every figure that it has with what that counts, wherever it stands."""
        text = self.report.brief.article.text
        return frozenset(each for figure in quantities(text) for each in _keys(text, figure))


def _keys(text: str, figure: Quantity) -> set[tuple[str, Decimal]]:
    return {(head_of(text, figure) or figure.unit, value) for value in figure.values}


def repeated_differences(reports: Sequence[Report], cast: Cast) -> Iterator[Pair]:
    """What a copy and its original, or two reports that are none, tell otherwise in sentences of the same words."""
    texts = {report.id: _Text(report) for report in reports if report.is_english}
    for report in reports:
        if report.copy_of in texts and report.id in texts:
            yield from _changed(texts[report.copy_of], texts[report.id], cast)
    for one, other in combinations([text for text in texts.values() if text.report.copy_of is None], 2):
        yield from _changed(one, other, cast)


def _changed(one: _Text, other: _Text, cast: Cast) -> Iterator[Pair]:
    """The sentences that two articles have almost as they are, and what is another thing in them."""
    # What both have word for word neither of them has changed.
    left, own = one.beside(other), other.beside(one)
    bags = [frozenset(_words(line)) for line in left]
    for line in own:
        bag = frozenset(_words(line))
        shares = [2 * len(bag & each) / (len(bag) + len(each)) for each in bags]
        at = max(range(len(left)), key=shares.__getitem__, default=None)
        if at is not None and shares[at] >= _ALIKE:
            yield from _compared(_Two(left[at], line, one, other), cast)


def _words(line: Line) -> tuple[str, ...]:
    return tuple(term.low for term in line.terms)


@dataclass(frozen=True)
class _Two:
    """Two sentences of nearly the same words, and the texts that they are of; `copy` may be no copy."""

    mine: Line
    its: Line
    original: _Text
    copy: _Text

    @property
    def is_copy(self) -> bool:
        return self.copy.report.copy_of is not None

    def pair(
        self, kind: Kind, verdict: Verdict, places: tuple[_Span, _Span], values: tuple[str, str] | None = None
    ) -> Pair:
        """What stands at these places of the two; the words themselves are the values if none are given."""
        lines = self.mine, self.its
        told = values or tuple(line.span.text[slice(*place)] for line, place in zip(lines, places, strict=True))
        one, other = (side_of(line, *place, value) for line, place, value in zip(lines, places, told, strict=True))
        reason = "one sentence in both, but for this" if verdict == "contradiction" else REASONS[verdict]
        return Pair(kind, verdict, "repeated", opening(self.mine.span.text), reason, one, other)


def _compared(two: _Two, cast: Cast) -> Iterator[Pair]:
    """What two sentences have in the place of each other, where they are alike but for that."""
    mine, its = two.mine.terms, two.its.terms
    matcher = SequenceMatcher(None, _words(two.mine), _words(two.its), autojunk=False)
    if matcher.ratio() < _ALIKE:
        return
    changes = [((i1, i2), (j1, j2)) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"]
    saying = (any(term.is_content for term in (*mine[slice(*at)], *its[slice(*there)])) for at, there in changes)
    if not two.is_copy and sum(saying) > 1:
        return
    for at, there in changes:
        one, other = mine[slice(*at)], its[slice(*there)]
        if _is_turned(mine, at, its, there):
            # A day later it may be so, unless one only copies the other.
            is_later = not two.is_copy and two.original.report.order(two.copy.report) in ("before", "after")
            places = _around(mine, at), _around(its, there)
            yield two.pair("denial", "older" if is_later else "contradiction", places)
        if one and other:
            yield from _figures(two, _span(one), _span(other))
            yield from _speakers(two, one, other, cast)


def _span(words: Sequence[Term]) -> _Span:
    return words[0].start, words[-1].end


def _around(words: Sequence[Term], at: _Span) -> _Span:
    """Where the words stand that are at these places, with the word before and the one after them."""
    return _span(words[max(0, at[0] - 1) : at[1] + 1])


def _figures(two: _Two, at: _Span, there: _Span) -> Iterator[Pair]:
    """Another figure or another day in the same place; none where either text has the other's, too."""
    mine, its = two.mine, two.its
    found, others = _within(mine, at), _within(its, there)
    if len(found) != 1 or len(others) != 1:
        return
    (one,), (other,) = found, others
    if one.kind != other.kind or not same_unit(one.unit, other.unit) or one.unit == "th":
        return
    if not two.is_copy and (one.kind == "date" or is_part(mine, one) != is_part(its, other)):
        return
    if not _can_be_compared(mine, one) or not _can_be_compared(its, other):
        return
    if two.original.figures & _keys(its.span.text, other) or two.copy.figures & _keys(mine.span.text, one):
        return
    reports = two.original.report, two.copy.report
    verdict = _verdict((mine, one, reports[0]), (its, other, reports[1]))
    if verdict is not None:
        kind: Kind = "date" if one.kind == "date" else "amount" if one.kind == "money" else "count"
        values = _told(mine, one, reports[0]), _told(its, other, reports[1])
        yield two.pair(kind, verdict, ((one.start, one.end), (other.start, other.end)), values)


def _can_be_compared(line: Line, figure: Quantity) -> bool:
    """Whether a figure is no name, and means the same anywhere: not "5 p.m. GMT", not "86 degrees"."""
    return not is_label(line, figure) and _OF_A_CLOCK.match(line.span.text, figure.end) is None


def _verdict(mine: tuple[Line, Quantity, Report], its: tuple[Line, Quantity, Report]) -> Verdict | None:
    """What two figures of one place are to each other; None if they are the same, or of no one thing."""
    if mine[1].kind == "date":
        return "contradiction"
    told = compared(*(figure_in(line.span.text, figure, line.figures) for line, figure, _ in (mine, its)))
    if told not in ("rounder", "limit", "contradiction"):
        return None
    (line, _, first), (_, _, then) = sorted((mine, its), key=lambda each: each[1].value)
    is_on = told == "contradiction" and first.order(then) == "before" and grows(term.stem for term in line.terms)
    return "older" if is_on else told


def _told(line: Line, figure: Quantity, report: Report) -> str:
    """A figure for a program; of a day its date, if that can be told."""
    if figure.kind != "date":
        return figure_told(figure)
    days = (day for start, end, day in days_of(line, report) if start < figure.end and figure.start < end)
    return next(days, figure.text)


def _within(line: Line, at: _Span) -> list[Quantity]:
    return [each for each in line.figures if each.start < at[1] and at[0] < each.end]


def _is_turned(mine: Sequence[Term], at: _Span, its: Sequence[Term], there: _Span) -> bool:
    """Whether one of two runs of words says "not" and the other does not, and all around is the same."""
    wide, its_wide = ((max(0, run[0] - _BESIDE), run[1] + _BESIDE) for run in (at, there))
    (one, one_not), (other, other_not) = _said(mine, wide), _said(its, its_wide)
    return one_not != other_not and one == other


def _said(sentence: Sequence[Term], at: _Span) -> tuple[frozenset[str], bool]:
    """The stems of a run of words without the words that help a "not", and whether there is one."""
    denying = {index for index in nots(sentence) if at[0] <= index < at[1]}
    run = ((index, sentence[index]) for index in range(at[0], min(at[1], len(sentence))))
    told = frozenset(term.stem for index, term in run if index not in denying and term.low not in HELPING)
    return told, len(denying) % 2 == 1


def _speakers(two: _Two, one: Sequence[Term], other: Sequence[Term], cast: Cast) -> Iterator[Pair]:
    """Two people whom the original knows, the one here and the other there in a sentence in which somebody speaks."""
    if not any(term.low in cues().finite for term in two.mine.terms):
        return
    known = _surnames(cast, two.original.report)
    who, whom = (known.get(folded(words[-1].low)) for words in (one, other))
    if who and whom and who != whom:
        yield two.pair("speaker", "contradiction", (_span(one), _span(other)), (cast.name(who), cast.name(whom)))


def _surnames(cast: Cast, report: Report) -> Mapping[str, str]:
    """The people of an article by their last names; of a name that two bear, nobody."""
    found: dict[str, set[str]] = {}
    for actor in cast.actors:
        if actor.named and actor.kind == "person" and report.id in actor.articles:
            found.setdefault(folded(actor.name.split()[-1]), set()).add(actor.id)
    return {name: min(ids) for name, ids in found.items() if len(ids) == 1}
