"""From briefs to a digest: each story merged, compared, put into words and set beside the digest before."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

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
from .standing import standing
from .timeline import timeline_of
from .words import words_of

Grouped = Sequence[Sequence[Brief]] | Mapping[str, Sequence[Brief]]
Stories = Grouped | Callable[[Sequence[Brief]], Grouped]


@dataclass(frozen=True)
class _Made:
    """What every story of a digest is made with."""

    previous: Digest | None
    copies: Mapping[str, str] | None
    rates: Rates
    weights: Mapping[str, float]
    last_day: str | None


def make_digest(
    briefs: Iterable[Brief],
    previous: Digest | None = None,
    *,
    stories: Stories | None = None,
    copies: Mapping[str, str] | None = None,
    rates: Mapping[str, float] | None = None,
    weights: Mapping[str, float] | None = None,
) -> Digest:
    """The digest of the briefs: no model, no network, nothing kept; the same briefs make the same digest.

    `stories` are the briefs that belong together, in lists, or by ids that stay the same from day to day, or a function
    that puts the briefs into either; left out, `cluster_stories` tells them. `copies` gives for the id of an article
    that of the one it is a copy of; left out, copies are found by their words. `rates` are what one unit of a currency
    is worth, the base being the one with rate 1: {"USD": 1, "EUR": 1.08}; sums in currencies without a rate are not
    compared. `weights` change `WEIGHTS`, by which the stories are ordered. With `previous` each story says what is new.

    Evidence that does not stand in its article is left out, and told in `notes`. Raises ConfigurationError for a weight
    or a rate that is none.
    """
    found = rates_of(rates)
    table = weights_of(weights)
    kept = tuple(briefs)
    notes: list[str] = []
    groups = []
    for id_, group in _grouped(kept, stories):
        sound = [standing(brief, notes) for brief in group]
        if sound:
            groups.append((id_, reports_of(sound, copies)))
    days = sorted(report.day for _, reports in groups for report in reports if report.day)
    made = _Made(previous, copies, found, table, days[-1] if days else None)
    taken: set[str] = set()
    told = sorted((_story(id_, reports, made, taken) for id_, reports in groups), key=lambda s: (-s.score, s.id))
    return Digest(
        since=days[0] if days else None,
        until=made.last_day,
        has_previous=previous is not None,
        compared_to=previous.until if previous else None,
        stories=tuple(told),
        notes=tuple(notes),
    )


def _grouped(briefs: Sequence[Brief], stories: Stories | None) -> list[tuple[str | None, Sequence[Brief]]]:
    """The briefs by story, with its id where there is one; the order of the input changes nothing."""
    if stories is None:
        stories = _clustered
    groups = stories(briefs) if callable(stories) else stories
    if isinstance(groups, Mapping):
        return [(id_, groups[id_]) for id_ in sorted(groups)]
    return [(None, group) for group in sorted(groups, key=lambda group: sorted(brief.article.id for brief in group))]


def _clustered(briefs: Sequence[Brief]) -> Mapping[str, Sequence[Brief]]:
    # What it needs is only loaded where stories are not given.
    ids: list[str] = import_module(".clustering", __package__).cluster_stories([brief.article for brief in briefs])
    found: dict[str, list[Brief]] = {}
    for brief, id_ in zip(briefs, ids, strict=True):
        found.setdefault(id_, []).append(brief)
    return found


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
