"""What an outlet tells otherwise in a newer version of an article, by the rules that put two outlets side by side.

The older version is no source: its words stand in what is told here and nowhere else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..grounding.quantities import quantities
from ..schemas.brief import Brief
from ..schemas.digest import Revision, Side
from .actors import Cast
from .deal_rules import given_side, state_side, value_side, value_told
from .deal_terms import is_changed, is_of_one_thing
from .differences import differences
from .figures import Rates, compared, figure_in
from .merging import Told, stated, told_deals
from .notices import notices_of
from .pairs import side_at
from .reports import Report

# What a later version says otherwise; a figure that is only rounder, or in another currency, is no change.
_CHANGES = ("contradiction", "older", "limit")


def revisions_of(newer: Report, older: Sequence[Report], rates: Rates) -> tuple[Revision, ...]:
    """What the newer version changes against older ones, which are in the order of publication; each change once.

    What the newer version says of the older in a notice is not its own: it would seem to know both.
    """
    found: list[Revision] = []
    for before in reversed(older):
        has_notice = bool(_corrections(newer) - _corrections(before))
        for revision in _between(_without_notices(newer), _without_notices(before), rates, has_notice):
            alike = any(
                (each.kind, each.now, each.before.value) == (revision.kind, revision.now, revision.before.value)
                for each in found
            )
            if not alike:
                found.append(revision)
    return tuple(found)


def _corrections(report: Report) -> set[str]:
    return {notice.words for notice in notices_of(report.brief.article) if notice.kind == "correction"}


def _without_notices(report: Report) -> Report:
    """The report with blanks for notices in the text of its article, whose offsets and id stay."""
    text = report.brief.article.text
    for notice in notices_of(report.brief.article):
        if notice.span is not None:
            text = f"{text[: notice.span.start]}{' ' * len(notice.span.text)}{text[notice.span.end :]}"
    article = report.brief.article.model_copy(update={"text": text})
    brief: Brief = report.brief.model_copy(update={"article": article})
    return replace(report, brief=brief)


def _between(newer: Report, older: Report, rates: Rates, has_notice: bool) -> Iterator[Revision]:
    reports = (older, newer)
    cast = Cast(reports)
    deals = told_deals(reports, cast)
    told: list[Revision] = []
    for each in differences(reports, deals, stated(reports, cast), cast, rates):
        now = next(side for side in each.sides if side.article == newer.id)
        before = next((side for side in each.sides if side.article == older.id and side.value != now.value), None)
        if each.verdict in _CHANGES and before is not None:
            told.append(
                Revision(kind=each.kind, about=each.about, now=now, before=before, has_notice=has_notice)
            )  # fmt: skip
    yield from told
    for group in deals:
        if len(group) == 2:
            before_told, now_told = sorted(group, key=lambda each: each.report.id == newer.id)
            for revision in _of_deal(now_told, before_told, cast, has_notice):
                if not any(_is_one(revision, each) for each in told):
                    yield revision


def _is_one(one: Revision, other: Revision) -> bool:
    """Whether a change is told already: the same matter, or the same words of both versions."""
    kinds = {one.kind, other.kind}
    is_same_kind = one.kind == other.kind or kinds <= {"terms", "giver", "amount"}
    return is_same_kind and (one.now.sentence, one.before.sentence) == (other.now.sentence, other.before.sentence)


def _of_deal(now: Told, before: Told, cast: Cast, has_notice: bool) -> Iterator[Revision]:
    """What two versions tell otherwise of one deal: how far it is, its value, what a party gives."""
    title = now.deal.title
    if now.deal.status != before.deal.status and "unclear" not in (now.deal.status, before.deal.status):
        yield Revision(
            kind="status",
            about=title,
            now=state_side(now) or _told_side(now),
            before=state_side(before) or _told_side(before),
            has_notice=has_notice,
        )
    mine, its = value_told(now), value_told(before)
    if mine is not None and its is not None:
        figures = [figure_in(span.text, sum_, quantities(span.text)) for span, sum_ in (mine, its)]
        if mine[1].unit == its[1].unit and compared(*figures) == "contradiction":
            yield Revision(
                kind="amount",
                about=title,
                now=value_side(now, *mine),
                before=value_side(before, *its),
                has_notice=has_notice,
            )
    for term in now.deal.terms:
        for other in before.deal.terms:
            if not (term.party and other.party and term.evidence and other.evidence):
                continue
            giver, former = cast.of(now.report, term.party), cast.of(before.report, other.party)
            is_other = giver == former and is_changed(other.gives, term.gives)
            is_of_another = (
                not cast.are_one_side(giver, former)
                and is_of_one_thing(term.gives, other.gives)
                and not is_changed(other.gives, term.gives)
                and {giver, former} <= set(now.parties) & set(before.parties)
            )
            if is_other or is_of_another:
                yield Revision(
                    kind="terms",
                    about=title,
                    now=given_side(now, term, giver, cast),
                    before=given_side(before, other, former, cast),
                    has_notice=has_notice,
                )


def _told_side(told: Told) -> Side:
    """The first sentence of a deal, for a state that no word of it tells."""
    span = told.deal.evidence[0]
    return side_at(told.report.id, span, span, told.deal.status)
