"""Rules for two sentences of two articles that tell one thing: how many, how much, on which day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from ..schemas.brief import Stance
from ..schemas.digest import Rule, Side
from .actors import Cast
from .beside import are_alike, likest
from .counts import Count, are_of_one_place, counts_in, given
from .dated import Dated, dated_in, days_of
from .figures import Verdict, compared, is_provisional
from .figures import told as figure_told
from .lines import near
from .pairs import REASONS, Pair, opening, side_of
from .reports import Report

# How much of what they say two sentences that put one event on two days share, at least.
_ONE_EVENT = 0.35
# Who wants or offers something speaks of a sum of his own; what two people say has happened is one thing.
_WANTING: frozenset[Stance] = frozenset(("offers", "demands", "supports", "opposes", "declines", "warns"))

_Found = TypeVar("_Found", Count, Dated)


def line_differences(reports: Sequence[Report], cast: Cast) -> Iterator[Pair]:
    """What two articles count, pay or date otherwise."""
    by_id = {report.id: report for report in reports}
    by_head: dict[str, list[Count]] = defaultdict(list)
    for report in reports:
        for count in counts_in(report):
            by_head[count.head].append(count)
    for head in sorted(by_head):
        found: list[Pair] = []
        pairs = _across(by_head[head])
        for one, other in likest(pair for pair in pairs if pair[0].counts_as(pair[1]) or are_alike(*pair)):
            if _wanted_alike(one, other, cast):
                found += _counted(one, other)
        yield from _superseded(found, by_id)
    dated = [each for report in reports for each in dated_in(report)]
    for day, other_day in _across(dated):
        yield from _dated(day, other_day, by_id)


def _across(found: Sequence[_Found]) -> Iterator[tuple[_Found, _Found]]:
    """Each with each of the reports that come after its own; those of one report stand together."""
    after = {each.report.id: place for place, each in enumerate(found, 1)}
    return ((one, other) for one in found for other in found[after[one.report.id] :])


def _superseded(pairs: Sequence[Pair], by_id: Mapping[str, Report]) -> Iterator[Pair]:
    """Two numbers of which a later article has a higher one each contradict each other no more: both are older."""
    passed: set[Side] = set()
    for pair in pairs:
        if pair.verdict == "older":
            is_first = by_id[pair.one.article].order(by_id[pair.other.article]) == "before"
            passed.add(pair.one if is_first else pair.other)
    for pair in pairs:
        if pair.verdict == "contradiction" and pair.one in passed and pair.other in passed:
            yield replace(pair, verdict="older", reason=REASONS["older"])
        else:
            yield pair


def _wanted_alike(one: Count, other: Count, cast: Cast) -> bool:
    mine = {(cast.of(one.report, actor), stance) for actor, stance in one.line.said}
    its = {(cast.of(other.report, actor), stance) for actor, stance in other.line.said}
    if not mine or not its or not _WANTING & {stance for _, stance in mine | its}:
        return True
    return any(cast.are_one_side(actor, another) for actor, _ in mine for another, _ in its)


def _counted(one: Count, other: Count) -> Iterator[Pair]:
    verdict: Verdict | Literal["older"] = compared(one.figure, other.figure)
    if verdict == "contradiction":
        if _is_known(one.report, other) or _is_known(other.report, one):
            return
        verdict = _later(one, other)
    if verdict not in ("rounder", "limit", "older", "contradiction"):
        return
    rule: Rule = "paid" if one.is_money else "counted" if one.quantity.kind in ("number", "vague") else "measured"
    mine, its = (
        side_of(each.line, each.quantity.start, each.quantity.end, figure_told(each.quantity)) for each in (one, other)
    )
    kind: Literal["amount", "count"] = "amount" if one.is_money else "count"
    yield Pair(kind, verdict, rule, _about(one), REASONS[verdict], mine, its)


def _is_known(report: Report, count: Count) -> bool:
    return any((count.head, value) in given(report.brief.article.text) for value in count.quantity.values)


def _later(one: Count, other: Count) -> Literal["older", "limit", "contradiction"]:
    """A number that grows with time is no other one if the later article has more; nor is one that is not the last."""
    less, more = sorted((one, other), key=lambda count: count.quantity.value)
    if one.is_growing and less.report.order(more.report) == "before":
        return "older"
    return "limit" if is_provisional(less.line.span.text) and one.is_growing else "contradiction"


def _about(count: Count) -> str:
    """What is counted, in the article's words: up to three after the number; of a sum, its sentence's first words."""
    text = count.line.span.text
    if not count.is_money and count.quantity.following:
        return " ".join(text[count.quantity.end :].replace("-", " ").split()[: len(count.quantity.following)]).strip(
            " ,.;:”"
        )
    return opening(text)


def _dated(one: Dated, other: Dated, by_id: dict[str, Report]) -> Iterator[Pair]:
    """One event on two days: the verb and another word are the same, and neither article gives the other's day too."""
    if one.day == other.day or one.verb != other.verb or len(one.event & other.event) < 2:
        return
    if near(one.line.stems, other.line.stems) < _ONE_EVENT or not are_of_one_place(one.line, other.line):
        return
    if _has_day(by_id[one.report.id], other.day) or _has_day(by_id[other.report.id], one.day):
        return
    if one.is_moved or other.is_moved:
        return
    mine, its = (side_of(each.line, each.start, each.end, each.day) for each in (one, other))
    yield Pair("date", "contradiction", "dated", opening(one.line.span.text), REASONS["contradiction"], mine, its)


def _has_day(report: Report, day: str) -> bool:
    """Whether the article's lines tell that day as well: then nobody knows which of its days is meant."""
    return any(found == day for line in report.lines for _, _, found in days_of(line, report))
