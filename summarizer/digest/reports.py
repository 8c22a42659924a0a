"""The briefs of one story as its sources: who published what and when, which is a copy, and the lines that carry it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Literal
from urllib.parse import urlsplit

from ..articles.furniture import body_sentences
from ..grounding.context import ArticleContext
from ..grounding.days import published_day
from ..grounding.mentions import read_words
from ..schemas.article import Article
from ..schemas.brief import Brief
from ..schemas.evidence import Evidence
from .lines import Line

# Words that two articles have in one order, five at a time: of the shorter one's, so many make it a copy. Two reports
# of one event that were written apart share under a tenth of them; a copy that was cut or got another lead, most.
# In a short notice a few words say little: there all have to be the same.
_SHINGLE, _COPIED, _FEWEST = 5, 0.6, 30
Order = Literal["before", "after", "same", "unknown"]


def outlet_of(article: Article) -> str | None:
    """Who published an article: its source, else the host of its address; None if neither is known."""
    return " ".join((article.source or "").split()) or _host(article.url) or None


def day_of(published: str | None) -> str | None:
    """The day of publication, ISO 8601; None if it is not known."""
    day = published_day(published)
    return day.isoformat() if day else None


def moment_of(published: str | None) -> datetime | None:
    """The moment of publication in UTC (without a zone, of UTC); None if no hour is known."""
    words = (published or "").strip()
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    if len(words) <= len("2031-05-14"):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def order_of(one: str | None, other: str | None) -> Order:
    """Whether the one date of publication is before the other: by the day, on one day by the hour."""
    day, other_day = day_of(one), day_of(other)
    if day is None or other_day is None:
        return "unknown"
    if day != other_day:
        return "before" if day < other_day else "after"
    moment, other_moment = moment_of(one), moment_of(other)
    if moment is None or other_moment is None or moment == other_moment:
        return "same"
    return "before" if moment < other_moment else "after"


@dataclass(frozen=True)
class Report:
    """One article's brief, with the place that it has in its story; no two have the same `id`, its article's.

    `twins` are the same text as other outlets have it, published later.
    """

    brief: Brief
    copy_of: str | None = None
    twins: tuple[Article, ...] = ()

    @property
    def id(self) -> str:
        """The article's id."""
        return self.brief.article.id

    @cached_property
    def outlet(self) -> str | None:
        """Who published it: its source, else the host of its address; None if neither is known."""
        return outlet_of(self.brief.article)

    @cached_property
    def day(self) -> str | None:
        """The day of publication, ISO 8601; None if it is not known."""
        return day_of(self.brief.article.published)

    @cached_property
    def moment(self) -> datetime | None:
        """When it was published, if the hour is known."""
        return moment_of(self.brief.article.published)

    def order(self, other: "Report") -> Order:
        """Whether it was published before the other: by the day, on one day by the hour."""
        return order_of(self.brief.article.published, other.brief.article.published)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The sentences of the article that its brief rests on, in their order, none inside another."""
        return tuple(_lines(self))

    @cached_property
    def body(self) -> tuple[Evidence, ...]:
        """The sentences of the article's body."""
        return body_sentences(self.brief.article.text)

    @cached_property
    def sentences(self) -> tuple[Line, ...]:
        """The lines, and between them every other sentence of the article's body: its figures are compared as well.

        In other languages than English the lines alone: what two sentences have in common is told by English words.
        """
        if not self.is_english:
            return self.lines
        spans = [(line.span.start, line.span.end) for line in self.lines]
        others = [
            Line(self.id, span, known=self.known)
            for span in self.body
            if not any(start < span.end and span.start < end for start, end in spans)
        ]
        return tuple(sorted((*self.lines, *others), key=lambda line: line.span.start))

    @cached_property
    def is_english(self) -> bool:
        """Whether the article is in English."""
        return ArticleContext.of(self.brief.article).is_english

    @cached_property
    def known(self) -> frozenset[str]:
        """The words of the names of the brief's named actors, folded."""
        named = (actor.name for actor in self.brief.actors if actor.named)
        return frozenset(word.folded for name in named for word in read_words(name))

    @cached_property
    def meant(self) -> Mapping[tuple[int, int], str]:
        """Days that words such as “Tuesday” mean, by their place in the article."""
        return {(each.start, each.end): each.date for each in self.brief.dates}


def reports_of(briefs: Iterable[Brief], copies: Mapping[str, str] | None = None) -> tuple[Report, ...]:
    """The reports of one story, the earliest published first, undated ones last.

    Of briefs of one text the earliest outlet's is the report, the others' articles are its twins; of several by one
    outlet one counts, in whatever order they come. `copies` gives the article that another is a copy of, by their ids;
    without it, copies are found by their words.
    """
    texts: dict[str, list[Report]] = {}
    for brief in briefs:
        texts.setdefault(brief.article.id, []).append(Report(brief))
    reports = sorted(map(_with_twins, texts.values()), key=place_of)
    told = _found(reports) if copies is None else {one: of for one, of in copies.items() if of != one}
    stands: dict[str, str] = {}  # for what is copied: itself, else the earliest of its copies that is here
    found = []
    for each in reports:
        root = _first_of(each.id, told) or each.id
        first = stands.setdefault(root, root if root in texts else each.id)
        found.append(replace(each, copy_of=first if first != each.id else None))
    return tuple(found)


def _with_twins(same: Sequence[Report]) -> Report:
    """The earliest of the briefs of one text, with the articles of the other outlets that have it."""
    if len(same) == 1:
        return same[0]
    first, *others = sorted(same, key=lambda report: (*place_of(report), report.brief.model_dump_json()))
    twins: dict[str, Article] = {}
    for other in others:
        name = (other.outlet or "").casefold()
        if name != (first.outlet or "").casefold():
            twins.setdefault(name, other.brief.article)
    return replace(first, twins=tuple(twins.values()))


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


def place_of(report: Report) -> tuple[str, str, str, str]:
    """What the reports of a story are ordered by: the earliest first, undated ones last."""
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
            if _is_copy(pieces[place], pieces[before]):
                found[report.id] = reports[before].id
                break
    return found


def are_copies(one: str, other: str) -> bool:
    """Whether one of two texts is a copy of the other, or has it in it."""
    return bool(one.strip() and other.strip()) and _is_copy(_shingles(one), _shingles(other))


def _is_copy(pieces: frozenset[int], others: frozenset[int]) -> bool:
    fewer = min(len(pieces), len(others))
    share = _COPIED if fewer >= _FEWEST else 1
    return bool(fewer) and len(pieces & others) >= share * fewer


@lru_cache(maxsize=1024)
def _shingles(text: str) -> frozenset[int]:
    """The runs of words of a text, as numbers that mean nothing outside of this process."""
    words = text.casefold().split()
    return frozenset(hash(tuple(words[at : at + _SHINGLE])) for at in range(max(1, len(words) - _SHINGLE + 1)))


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
    reach = -1
    for place in sorted(spans, key=lambda each: (each[0], -each[1])):
        if place[1] <= reach:
            continue
        reach = place[1]
        said = sorted(s for each, those in speakers.items() if place[0] <= each[0] < place[1] for s in those)
        yield Line(report.id, spans[place], tuple(said), place in asked, report.known)
