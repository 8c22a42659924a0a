"""A timeline: what the articles of a story put on a day, in their own words, each once."""

from collections.abc import Sequence

from ..schemas.digest import DatedItem, Source
from .dated import Dated, dated_in
from .lines import near
from .reports import Report

# Two sentences on one day tell one thing from this likeness.
_ONE_THING = 0.4


def timeline_of(reports: Sequence[Report]) -> tuple[DatedItem, ...]:
    """What happened or is to happen, by day; a day on which somebody only spoke is left out."""
    groups: list[list[Dated]] = []
    for report in reports:
        for each in dated_in(report):
            group = next((g for g in groups if _is_one(each, g[0])), None)
            if group is None:
                groups.append([each])
            elif all(other.report.id != each.report.id for other in group):
                group.append(each)
    items = [
        DatedItem(
            date=group[0].day,
            text=group[0].line.span.text,
            sources=tuple(Source(article=each.report.id, evidence=(each.line.span,)) for each in group),
        )
        for group in groups
    ]
    return tuple(sorted(items, key=lambda item: item.date))  # stable: then as the articles come


def _is_one(one: Dated, other: Dated) -> bool:
    if one.day != other.day:
        return False
    return one.line.span == other.line.span or near(one.line.stems, other.line.stems) >= _ONE_THING
