"""What outlets correct, for the head of a digest."""

from collections.abc import Iterator, Sequence, Set

from ..schemas.article import Article
from ..schemas.digest import Correction
from .notices import notices_of
from .reports import Report, day_of, moment_of, outlet_of

Told = Sequence[tuple[str, Sequence[Report]]]  # the id of each story, and its articles


def corrections_of(stories: Told, notices: Sequence[Article], out: Set[str]) -> tuple[Correction, ...]:
    """The corrections in the articles of the stories and in articles without a brief, but those that are `out`; the
    latest first.

    A copy's are its original's. A notice in the title is told by its words in the text, where there are any.
    """
    found = {
        (each.article, each.words.start if each.words else -1): each
        for article, story in _articles(stories, notices)
        if article.id not in out
        for each in _corrections(article, story)
    }
    return tuple(sorted(found.values(), key=_order, reverse=True))


def _articles(stories: Told, notices: Sequence[Article]) -> Iterator[tuple[Article, str | None]]:
    briefed = {report.id for _, reports in stories for report in reports}
    for article in sorted(notices, key=lambda each: (each.id, each.source or "", each.url or "")):
        if article.id not in briefed:
            yield article, None
    for story, reports in stories:
        yield from ((report.brief.article, story) for report in reports if report.copy_of is None)


def _corrections(article: Article, story: str | None) -> Iterator[Correction]:
    told = [notice for notice in notices_of(article) if notice.kind == "correction"]
    in_text = [notice for notice in told if notice.span is not None]
    for notice in in_text or told[:1]:
        yield Correction(
            article=article.id,
            title=article.title,
            outlet=outlet_of(article),
            url=article.url,
            published=article.published,
            words=notice.span,
            story=story,
        )


def _order(each: Correction) -> tuple[str, str, str, int]:
    moment = moment_of(each.published)
    place = -each.words.start if each.words else 0
    return day_of(each.published) or "", moment.isoformat() if moment else "", each.article, place
