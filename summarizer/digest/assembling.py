"""From briefs to a digest: each story merged, compared, put into words and set beside the digest before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..schemas.brief import Brief
from ..schemas.digest import Digest, DigestArticle, DigestStory
from .actors import Cast
from .changes import changes_of, story_before
from .differences import differences
from .figures import Rates, rates_of
from .merging import deals_of, positions_of, stated, told_deals
from .ordering import score, weights_of
from .questions import questions_of
from .reports import Report, independent, originals, reports_of
from .sorting import Grouping, sort_briefs
from .standing import standing
from .stories import Stories
from .timeline import timeline_of
from .words import words_of


@dataclass(frozen=True)
class _Made:
    """What every story of a digest is made with."""

    previous: Digest | None
    rates: Rates
    weights: Mapping[str, float]
    last_day: str | None


def make_digest(
    briefs: Iterable[Brief],
    previous: Digest | None = None,
    *,
    stories: Grouping | None = None,
    copies: Mapping[str, str] | None = None,
    rates: Mapping[str, float] | None = None,
    weights: Mapping[str, float] | None = None,
) -> Digest:
    """The digest of the briefs: no model, no network, nothing kept; the same briefs make the same digest.

    `stories` tells which briefs belong together: `Stories`, to which the articles are added, so that ids stay the same
    from day to day; or the briefs in lists, or by ids of yours, or a function that puts them into either. Left out,
    they are told as `cluster_stories` does. `copies` gives for the id of an article that of the one it is a copy of;
    left out, copies are found by their words. `rates` are what one unit of a currency
    is worth, the base being the one with rate 1: {"USD": 1, "EUR": 1.08}; sums in currencies without a rate are not
    compared. `weights` change `WEIGHTS`, by which the stories are ordered. With `previous` each story says what is new.

    Evidence that does not stand in its article is left out, and told in `notes`. Raises ConfigurationError for a weight
    or a rate that is none.
    """
    found = rates_of(rates)
    table = weights_of(weights)
    notes: list[str] = []
    groups = []
    for told in sort_briefs(tuple(briefs), Stories() if stories is None else stories, copies):
        sound = [standing(brief, notes) for brief in told.briefs]
        if sound:
            groups.append((told.id, reports_of(sound, told.copies)))
    days = sorted(report.day for _, reports in groups for report in reports if report.day)
    made = _Made(previous, found, table, days[-1] if days else None)
    taken: set[str] = set()
    ordered = sorted((_story(id_, reports, made, taken) for id_, reports in groups), key=lambda s: (-s.score, s.id))
    return Digest(
        since=days[0] if days else None,
        until=made.last_day,
        has_previous=previous is not None,
        compared_to=previous.until if previous else None,
        stories=tuple(ordered),
        notes=tuple(notes),
    )


def _story(id_: str | None, reports: Sequence[Report], made: _Made, taken: set[str]) -> DigestStory:
    sources = originals(reports)
    cast = Cast(sources)
    tellings, positions = told_deals(sources, cast), stated(sources, cast)
    deals = deals_of(tellings, cast)
    before = story_before(made.previous, id_, [report.id for report in reports], cast.actors, deals)
    if before is not None and before.id in taken:
        before = None
    found = differences(sources, tellings, positions, cast, made.rates)
    headline, summary = words_of(sources, found)
    questions = questions_of(sources, before.open_questions if before else ())
    merged = positions_of(positions, cast)
    disagreements = tuple(each for each in found if each.verdict == "contradiction")
    changes = changes_of(before, headline, cast.actors, merged, deals, questions) if made.previous else ()
    number = independent(reports)
    name = id_ or (before.id if before else reports[0].id[:12])
    taken.add(name)
    return DigestStory(
        id=name,
        headline=headline,
        summary=summary,
        disagreements=disagreements,
        explained=tuple(each for each in found if each.verdict != "contradiction"),
        changes=changes,
        actors=cast.actors,
        positions=merged,
        deals=deals,
        open_questions=questions,
        timeline=timeline_of(sources),
        articles=tuple(_article(report) for report in reports),
        sources=number,
        score=score(
            made.weights,
            sources=number,
            deals=len(deals),
            disagreements=len(disagreements),
            has_changed=bool(changes),
            day=max((report.day for report in reports if report.day), default=None),
            last_day=made.last_day,
        ),
    )


def _article(report: Report) -> DigestArticle:
    article = report.brief.article
    return DigestArticle(
        id=article.id,
        title=article.title,
        outlet=report.outlet,
        url=article.url,
        published=article.published,
        copy_of=report.copy_of,
        warnings=article.warnings,
    )
