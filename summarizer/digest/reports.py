"""The briefs of one story as its sources: who published what and when, which is a copy, and the lines that carry it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal
from urllib.parse import urlsplit

from ..grounding.days import published_day
from ..grounding.mentions import read_words
from ..schemas.brief import Brief
from ..schemas.evidence import Evidence
from .lines import Line

# Words that two articles have in one order, five at a time: of the shorter one's, so many make it a copy. Two reports
# of one event that were written apart share under a tenth of them; a copy that was cut or got another lead, most.
# In a short notice a few words say little: there all have to be the same.
_SHINGLE, _COPIED, _FEWEST = 5, 0.6, 30
Order = Literal["before", "after", "same", "unknown"]


@dataclass(frozen=True)
class Report:
    """One article's brief, with the place that it has in its story; no two have the same `id`, its article's."""

    brief: Brief
    copy_of: str | None = None

    @property
    def id(self) -> str:
        """The article's id."""
        return self.brief.article.id

    @cached_property
    def outlet(self) -> str | None:
        """Who published it: its source, else the host of its address; None if neither is known."""
        named = " ".join((self.brief.article.source or "").split())
        return named or _host(self.brief.article.url) or None

    @cached_property
    def day(self) -> str | None:
        """The day of publication, ISO 8601; None if it is not known."""
        day = published_day(self.brief.article.published)
        return day.isoformat() if day else None

    @cached_property
    def moment(self) -> datetime | None:
        """When it was published, if the hour is known."""
        try:
            moment = datetime.fromisoformat((self.brief.article.published or "").strip())
        except ValueError:
            return None
        if len((self.brief.article.published or "").strip()) <= len("2031-05-14"):
            return None
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

    def order(self, other: "Report") -> Order:
        """Whether it was published before the other: by the day, on one day by the hour."""
        if self.day is None or other.day is None:
            return "unknown"
        if self.day != other.day:
            return "before" if self.day < other.day else "after"
        if self.moment is None or other.moment is None or self.moment == other.moment:
            return "same"
        return "before" if self.moment < other.moment else "after"

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The sentences of the article that its brief rests on, in their order, none inside another."""
        return tuple(_lines(self))

    @cached_property
    def meant(self) -> Mapping[tuple[int, int], str]:
        """Days that words such as “Tuesday” mean, by their place in the article."""
        return {(each.start, each.end): each.date for each in self.brief.dates}


def reports_of(briefs: Iterable[Brief], copies: Mapping[str, str] | None = None) -> tuple[Report, ...]:
    """The reports of one story, the earliest published first, undated ones last; of one article the last brief.

    `copies` gives the article that another is a copy of, by their ids; without it, copies are found by their words.
    """
    by_id = {brief.article.id: brief for brief in briefs}
    reports = sorted((Report(brief) for brief in by_id.values()), key=_place)
    told = _found(reports) if copies is None else {one: of for one, of in copies.items() if of in by_id and of != one}
    return tuple(Report(each.brief, _first_of(each.id, told)) for each in reports)


def _first_of(article: str, copies: Mapping[str, str]) -> str | None:
    """The original at the end of a chain of copies; None for one that is none, or whose chain is a ring."""
    seen = [article]
    while seen[-1] in copies:
        if copies[seen[-1]] in seen:
            return None if article == min(seen) else min(seen)
        seen.append(copies[seen[-1]])
    return seen[-1] if len(seen) > 1 else None


def originals(reports: Sequence[Report]) -> tuple[Report, ...]:
    """Those that are no copies of others: what a copy says, its original has said."""
    return tuple(report for report in reports if report.copy_of is None)


def independent(reports: Sequence[Report]) -> int:
    """How many sources there are: outlets; an article of which none is known is one of its own."""
    return len({report.outlet.casefold() if report.outlet else report.id for report in originals(reports)})


def _place(report: Report) -> tuple[str, str, str, str]:
    moment = report.moment.isoformat() if report.moment else ""
    return report.day or "9999", moment, (report.outlet or "").casefold(), report.id


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:  # no address that can be read has no host
        return ""


def _found(reports: Sequence[Report]) -> dict[str, str]:
    """Which report is a copy of which earlier one."""
    pieces = [_shingles(report.brief.article.text) for report in reports]
    found: dict[str, str] = {}
    for place, report in enumerate(reports):
        for before in range(place):
            fewer = min(len(pieces[place]), len(pieces[before]))
            share = _COPIED if fewer >= _FEWEST else 1
            if fewer and len(pieces[place] & pieces[before]) >= share * fewer:
                found[report.id] = reports[before].id
                break
    return found


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = text.casefold().split()
    return frozenset(tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)))


def _lines(report: Report) -> Iterable[Line]:
    """One line for each stretch; who speaks in it and how is known where positions alone rest on it."""
    brief = report.brief
    spans: dict[tuple[int, int], Evidence] = {}
    speakers: dict[tuple[int, int], set[tuple[str, str]]] = {}
    plain = [brief.headline.evidence, *(each.evidence for each in brief.summary)]
    plain += [each.evidence for each in brief.actors] + [each.evidence for each in brief.deals]
    plain += [term.evidence for deal in brief.deals for term in deal.terms]
    asked = {(e.start, e.end) for each in brief.open_questions for e in each.evidence}
    for group in plain:
        for span in group:
            spans[span.start, span.end] = span
    for position in brief.positions:
        for span in position.evidence:
            spans[span.start, span.end] = span
            speakers.setdefault((span.start, span.end), set()).add((position.actor, position.stance))
    for question in brief.open_questions:
        spans.update({(span.start, span.end): span for span in question.evidence})
    known = frozenset(word.folded for actor in brief.actors if actor.named for word in read_words(actor.name))
    reach = -1
    for place in sorted(spans, key=lambda each: (each[0], -each[1])):
        if place[1] <= reach:
            continue
        reach = place[1]
        said = sorted(s for each, those in speakers.items() if place[0] <= each[0] < place[1] for s in those)
        yield Line(report.id, spans[place], tuple(said), place in asked, known)
