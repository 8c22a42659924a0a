"""From briefs to a digest: each story merged, compared, put into words and set beside the digest before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ..schemas.article import Article
from ..schemas.brief import Brief
from ..schemas.digest import Digest, DigestArticle, DigestStory, Revision
from .actors import Cast
from .changes import changes_of, story_before
from .corrections import corrections_of
from .desks import Desks
from .differences import differences
from .figures import Rates, rates_of
from .merging import deals_of, positions_of, stated, told_deals
from .ordering import score, weights_of
from .questions import questions_of
from .reports import Report, day_of, independent, originals, outlet_of, place_of, reports_of
from .sorting import Grouping, briefs_in, sort_briefs, without_briefs
from .standing import standing
from .stories import Stories
from .timeline import timeline_of
from .versions import revisions_of
from .withheld import held_back, without
from .words import words_of


@dataclass(frozen=True)
class _Made:
    """What every story of a digest is made with; `taken` are the ids of those that are made."""

    previous: Digest | None
    rates: Rates
    weights: Mapping[str, float]
    last_day: str | None
    desks: Desks
    taken: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Group:
    """The reports of one story, and the older versions of articles of it, by the id of the newer one."""

    id: str | None
    reports: Sequence[Report]
    replaced: Mapping[str, Sequence[Report]]


def make_digest(
    briefs: Iterable[Brief],
    previous: Digest | None = None,
    *,
    stories: Grouping | None = None,
    copies: Mapping[str, str] | None = None,
    rates: Mapping[str, float] | None = None,
    weights: Mapping[str, float] | None = None,
    desks: Mapping[str, object] | None = None,
    notices: Iterable[Article] = (),
    now: float | datetime | None = None,
) -> Digest:
    """The digest of the briefs: no model, no network, nothing kept; the same briefs make the same digest.

    `stories` tells which briefs belong together: `Stories`, to which the articles are added, so that ids stay the same
    from day to day; or the briefs in lists, or by ids of yours, or a function that puts them into either. Left out,
    they are told as `cluster_stories` does. `copies` gives for the id of an article that of the one it is a copy of;
    left out, copies are found by their words. `rates` are what one unit of a currency is worth, the base being the one
    with rate 1: {"USD": 1, "EUR": 1.08}; sums in currencies without a rate are not compared. `weights` change
    `WEIGHTS`, by which the stories are ordered; `desks` puts them into sections, each with the rules of a `Desk`. With
    `previous` each story says what is new.

    Killed articles, and those whose embargo is not over at `now` (Unix time or an aware datetime; left out: when the
    newest article was published), are left out with their earlier versions and copies. `notices` are articles without a
    brief, a kill or a correction alone, of which only that is read.

    Evidence that does not stand in its article is left out, and told in `notes`. Raises ConfigurationError for a
    weight, a rate, a desk or a moment that is none.
    """
    found, table, sections = rates_of(rates), weights_of(weights), Desks.of(desks)
    given, grouping, alone = tuple(briefs), Stories() if stories is None else stories, tuple(notices)
    held = held_back(briefs_in(given, grouping), alone, previous, now)
    allowed = tuple(brief for brief in given if brief.article.id not in held.ids)
    lost: list[str] = []
    groups = _groups(allowed, without_briefs(grouping, held.ids), copies, lost)
    days = sorted(report.day for group in groups for report in group.reports if report.day)
    made = _Made(without(previous, held.ids), found, table, days[-1] if days else None, sections)
    told = [(_story(group, made), group.reports) for group in groups]
    return Digest(
        since=days[0] if days else None,
        until=made.last_day,
        has_previous=previous is not None,
        compared_to=previous.until if previous else None,
        corrections=corrections_of([(story.id, reports) for story, reports in told], alone, held.ids),
        withdrawn=held.withdrawn,
        desks=sections.filled(story for story, _ in told),
        stories=tuple(sorted((story for story, _ in told), key=sections.place)),
        notes=(*held.notes, *sorted(lost)),
    )


def _groups(
    briefs: Sequence[Brief], grouping: Grouping, copies: Mapping[str, str] | None, notes: list[str]
) -> list[_Group]:
    groups = []
    for told in sort_briefs(briefs, grouping, copies):
        sound = [standing(brief, notes) for brief in told.briefs]
        replaced = {
            newer: sorted((Report(standing(brief, notes)) for brief in older), key=place_of)
            for newer, older in told.replaced.items()
        }
        if sound:
            groups.append(_Group(told.id, reports_of(sound, told.copies), replaced))
    return groups


def _story(group: _Group, made: _Made) -> DigestStory:
    reports = group.reports
    sources = originals(reports)
    cast = Cast(sources)
    tellings, positions = told_deals(sources, cast), stated(sources, cast)
    deals = deals_of(tellings, cast)
    before = story_before(made.previous, group.id, [report.id for report in reports], cast.actors, deals)
    if before is not None and before.id in made.taken:
        before = None
    copies = [report for report in reports if report.copy_of is not None]
    found = differences(sources, tellings, positions, cast, made.rates, copies)
    headline, summary = words_of(sources, found)
    questions = questions_of(sources, before.open_questions if before else ())
    merged = positions_of(positions, cast)
    disagreements = tuple(each for each in found if each.verdict == "contradiction")
    changes = changes_of(before, headline, cast.actors, merged, deals, questions) if made.previous else ()
    number = independent(reports)
    name = group.id or (before.id if before else reports[0].id[:12])
    made.taken.add(name)
    story = DigestStory(
        id=name,
        headline=headline,
        summary=summary,
        disagreements=disagreements,
        explained=tuple(each for each in found if each.verdict != "contradiction"),
        revisions=_revisions(group, made.rates),
        changes=changes,
        actors=cast.actors,
        positions=merged,
        deals=deals,
        open_questions=questions,
        timeline=timeline_of(sources),
        articles=tuple(_articles(group)),
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
    return story.model_copy(update={"desk": made.desks.desk_of(story)})


def _revisions(group: _Group, rates: Rates) -> tuple[Revision, ...]:
    return tuple(
        revision
        for report in originals(group.reports)
        if report.id in group.replaced
        for revision in revisions_of(report, group.replaced[report.id], rates)
    )


def _articles(group: _Group) -> Iterator[DigestArticle]:
    """The articles of the story by their publication, each with other outlets' copies of its very text, and then the
    older versions.
    """
    listed = [
        (Report(report.brief.model_copy(update={"article": article})), copy_of)
        for report in group.reports
        for article, copy_of in (
            (report.brief.article, report.copy_of),
            *((twin, report.copy_of or report.id) for twin in report.twins),
        )
    ]
    for report, copy_of in sorted(listed, key=lambda each: place_of(each[0])):
        yield _article(report.brief.article, copy_of)
    for newer in sorted(group.replaced):
        for older in group.replaced[newer]:
            yield _article(older.brief.article, None, newer)


def _article(article: Article, copy_of: str | None, replaced_by: str | None = None) -> DigestArticle:
    return DigestArticle(
        id=article.id,
        title=article.title,
        outlet=outlet_of(article),
        url=article.url,
        published=article.published,
        day=day_of(article.published),
        copy_of=copy_of,
        replaced_by=replaced_by,
        warnings=article.warnings,
    )
