"""What may not be in a digest: articles that are killed, or under embargo, with their earlier versions and copies.

    briefs, notices ─┬─ kill ───── out for good, told by title ──────┐
    digest before ───┤             ├─ earlier versions, what it names, copies ── out with it
                     └─ embargo ── out until its time, told by number ┘

This comes before all else: what is out is not clustered, not compared and not quoted, nor is what the digest before
had of it.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ..batch.priorities import newest
from ..errors import ConfigurationError
from ..schemas.article import Article
from ..schemas.brief import Brief
from ..schemas.digest import Digest, DigestArticle, Why, Withdrawn
from .addresses import canonical_address, wire_slug
from .notices import notices_of, unlabelled
from .release import release_of
from .reports import are_copies, order_of, outlet_of

_DAY = 86_400
_SLUG_DAYS = 2  # then an agency uses the name of a story again
_FEWEST = 4  # words of a headline that can be nobody else's
_NAMED_IN = 1_500  # characters of a notice in which it names what it kills
_OWN_WORDS = 40  # of a notice; a shorter one says no more than that
_CREDIT = 400  # characters at both ends of a text in which an agency is named
_SLUG_NOTICE = re.compile(r"[-,]*(?:mandatory-|bulletin-)?(?:kill(?:ed)?|embargoed|corrective|correction)\Z")


@dataclass(frozen=True)
class _Known:
    """An article as far as it is known here: one of the digest before is without its text."""

    id: str
    article: Article
    outlet: str | None
    address: str | None
    slug: str | None
    is_kill: bool

    @classmethod
    def of(cls, article: Article, id_: str | None = None) -> "_Known":
        slug = wire_slug(article)
        return cls(
            id_ or article.id,
            article,
            outlet_of(article),
            canonical_address(article.url),
            _SLUG_NOTICE.sub("", slug) if slug else None,
            id_ is None and any(notice.kind == "kill" for notice in notices_of(article)),
        )

    @classmethod
    def told(cls, before: DigestArticle) -> "_Known":
        """What the digest before tells of an article."""
        article = Article(text="", title=before.title, url=before.url, source=before.outlet, published=before.published)
        return cls.of(article, before.id)


@dataclass(frozen=True)
class Held:
    """What is out: the `ids` of all of it, how the killed of it is told, and a note of what is under embargo."""

    ids: frozenset[str]
    withdrawn: tuple[Withdrawn, ...]
    notes: tuple[str, ...]


def moment_of_digest(now: float | datetime | None, articles: Iterable[Article]) -> float | None:
    """The digest's own moment as Unix time; without one, when the newest article was published, None if none tells.

    Raises ConfigurationError for a time without a zone.
    """
    if isinstance(now, datetime):
        if now.tzinfo is None:
            raise ConfigurationError("the moment of the digest has no time zone", "give an aware datetime or Unix time")
        return now.timestamp()
    if now is not None:
        return now
    return max((moment for article in articles if (moment := newest(article)) > float("-inf")), default=None)


def held_back(
    briefs: Sequence[Brief], notices: Sequence[Article], previous: Digest | None, now: float | datetime | None
) -> Held:
    """What of these articles, and of those of the digest before, may not be in a digest. Raises ConfigurationError."""
    moment = moment_of_digest(now, (brief.article for brief in briefs))
    # Two kills in the same words, of two articles, are two.
    articles = {_place(each): each for each in (*notices, *(brief.article for brief in briefs))}
    here = [_Known.of(articles[place]) for place in sorted(articles)]
    before = [_Known.told(each) for story in (previous.stories if previous else ()) for each in story.articles]
    withdrawn = [item for one in here if one.is_kill for item in _killed(one, [*here, *before])]
    out = {one.id for one in here if one.is_kill} | {item.article for item in withdrawn}
    waiting: dict[str, tuple[set[str], set[str]]] = {}
    for one in here:
        until = None if one.id in out else _waits(one.article, moment)
        if until is not None:
            own, more = waiting.setdefault(until, (set(), set()))
            own.add(one.id)
            more |= {other.id for other, _ in _with(one, [*here, *before])}
    embargoed = frozenset(id_ for groups in waiting.values() for group in groups for id_ in group)
    return Held(
        ids=frozenset(out) | embargoed,
        withdrawn=_listed(withdrawn),
        notes=tuple(_note(until, *waiting[until], killed=out) for until in sorted(waiting)),
    )


def binding(
    articles: Iterable[Article],
    briefs: Sequence[Brief],
    previous: Digest | None,
    now: float,
    killed_by: Callable[[Article], Iterable[Article]],
) -> Iterator[Article]:
    """Those of these articles that keep out something of the briefs or of the digest before: kills, and what is under
    embargo still.

    `killed_by` gives what a kill may be about. With a kill comes the text that it kills: a copy is known by that.
    """
    every = [_Known.of(brief.article) for brief in briefs]
    every += [_Known.told(each) for story in (previous.stories if previous else ()) for each in story.articles]
    here = {_place(each.article, each.id) for each in every}
    for one in map(_Known.of, articles):
        if not one.is_kill and _waits(one.article, now) is None:
            continue
        others = [_Known.of(each) for each in killed_by(one.article)] if one.is_kill else []
        found = [known for known, _ in _with(one, [*every, *others])]
        if any(_place(known.article, known.id) in here for known in found):
            yield one.article
            yield from (each.article for each in found if _place(each.article, each.id) not in here)


def _place(article: Article, id_: str = "") -> tuple[str, ...]:
    """An article where it stands: the same text may stand at two addresses."""
    return id_ or article.id, article.source or "", article.url or "", article.title or "", article.published or ""


def _listed(withdrawn: Iterable[Withdrawn]) -> tuple[Withdrawn, ...]:
    """Each title of an outlet once, in an order that is nobody's choice."""

    def order(item: Withdrawn) -> tuple[str, str, str, str]:
        return (item.outlet or "").casefold(), item.title or "", item.article, item.why

    each = {(item.outlet, item.title): item for item in sorted(withdrawn, key=order, reverse=True)}
    return tuple(sorted(each.values(), key=order))


def _killed(kill: _Known, every: Sequence[_Known]) -> Iterator[Withdrawn]:
    """What a kill takes out, as it is told: by its own title, else by that of the kill; the kill itself only if
    nothing else tells what it is about.
    """
    title = unlabelled(kill.article.title or "", kill.article) or None
    found = list(_with(kill, every))
    for other, why in found:
        yield _withdrawn(other, other.article.title or title, why)
    if all(why == "copy" for _, why in found):
        yield _withdrawn(kill, title, "notice")


def _withdrawn(known: _Known, title: str | None, why: Why) -> Withdrawn:
    published = known.article.published
    return Withdrawn(article=known.id, title=title, outlet=known.outlet, published=published, why=why)


def _with(notice: _Known, every: Sequence[_Known]) -> Iterator[tuple[_Known, Why]]:
    """What goes out with an article: its earlier versions, what a kill names, and copies of all of these."""
    # A notice and no more is no text that others copy: who reports of it quotes it.
    texts = [notice.article.text] if len(notice.article.text.split()) >= _OWN_WORDS else []
    found: dict[tuple[str, ...], tuple[_Known, Why]] = {}
    for other in every:
        why = None if other.is_kill or other.id == notice.id else _why(notice, other)
        if why is not None:
            found[_place(other.article, other.id)] = other, why
            texts += [other.article.text] if other.article.text else []
    for other in every:
        named = (one for one, _ in tuple(found.values()))
        if not other.is_kill and any(one.id != other.id and _is_earlier(one, other) for one in named):
            found.setdefault(_place(other.article, other.id), (other, "version"))
            texts += [other.article.text] if other.article.text else []
    for other in every:
        place = _place(other.article, other.id)
        if other.is_kill or place in found or place == _place(notice.article):
            continue
        # What an outlet sends after its kill is the story that takes the killed one's place.
        is_new = notice.is_kill and other.outlet == notice.outlet and _is_after(other, notice)
        if not is_new and any(are_copies(text, other.article.text) for text in texts):
            found[place] = other, "copy"
    yield from found.values()


def _why(notice: _Known, other: _Known) -> Why | None:
    """Whether the other is an earlier version of an article, or what a kill names."""
    if _is_earlier(notice, other):
        return "version"
    if _is_after(other, notice) or not _is_of(notice, other):
        return None
    return "named" if notice.is_kill and _names(notice.article, other.article.title) else None


def _is_earlier(one: _Known, other: _Known) -> bool:
    """Whether the other is an earlier version of an article: at its address, or under its slug."""
    if _is_after(other, one):
        return False
    if one.address is not None and one.address == other.address:
        return True
    return one.slug is not None and one.slug == other.slug and _is_of(one, other) and _are_near(one, other)


def _is_after(one: _Known, other: _Known) -> bool:
    return order_of(one.article.published, other.article.published) == "after"


def _are_near(one: _Known, other: _Known) -> bool:
    moments = newest(one.article), newest(other.article)
    return not all(map(math.isfinite, moments)) or abs(moments[0] - moments[1]) <= _SLUG_DAYS * _DAY


def _is_of(notice: _Known, other: _Known) -> bool:
    """Whether an outlet may speak for an article: it is its own, nobody's, or gives it as its source.

    Else any paper could take another's stories out.
    """
    mine, its = (each.outlet.casefold() if each.outlet else "" for each in (notice, other))
    if not mine or not its or mine == its:
        return True
    text = other.article.text
    credit = f"{other.article.byline or ''} {text[:_CREDIT]} {text[-_CREDIT:]}".casefold()
    return re.search(rf"(?<!\w){re.escape(mine)}(?!\w)", credit) is not None


def _names(kill: Article, title: str | None) -> bool:
    """Whether a kill names a headline: all its words in a row, four at least."""
    wanted, told = _words(title or ""), _words(f"{kill.title or ''} . {kill.text[:_NAMED_IN]}")
    size = len(wanted)
    return size >= _FEWEST and any(told[at : at + size] == wanted for at in range(len(told) - size + 1))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


# Embargoes


def released(article: Article) -> float | None:
    """When the last embargo on an article is over, as Unix time: infinity if that cannot be told, None without one."""
    times: list[datetime | None] = [
        release_of(notice.words, notice.label, article.published) if notice.kind == "embargo" else None
        for notice in notices_of(article)
        if notice.kind in ("embargo", "withhold")
    ]
    return max((math.inf if time is None else time.timestamp() for time in times), default=None)


def _waits(article: Article, moment: float | None) -> str | None:
    """Until when an article has to wait, in words; empty if that cannot be told, None if it need not, or no longer."""
    last = released(article)
    if last is None or (moment is not None and last <= moment):
        return None
    return "" if math.isinf(last) else f"{datetime.fromtimestamp(last, UTC):%Y-%m-%d %H:%M} UTC"


def _note(until: str, articles: set[str], more: set[str], killed: set[str]) -> str:
    """How many articles are under embargo, and no word of theirs."""
    number, others = len(articles), len(more - articles - killed)
    told = f"{number} article{' is' if number == 1 else 's are'} under embargo until "
    told += until or "a time that is not given, or that cannot be read"
    if others:
        told += f"; {others} earlier version{'' if others == 1 else 's'} or cop{'y' if others == 1 else 'ies'} left out"
    return told


# The digest before


def without(previous: Digest | None, out: frozenset[str]) -> Digest | None:
    """The digest before without anything that rests on these articles."""
    if previous is None or not out:
        return previous
    stories = []
    for story in previous.stories:
        articles = tuple(each for each in story.articles if each.id not in out)
        if not articles:
            continue
        deals = ((deal, tuple(told for told in deal.told if told.article not in out)) for deal in story.deals)
        positions = ((each, tuple(s for s in each.said if s.article not in out)) for each in story.positions)
        asked = ((each, tuple(s for s in each.sources if s.article not in out)) for each in story.open_questions)
        stories.append(
            story.model_copy(
                update={
                    "articles": articles,
                    "deals": tuple(deal.model_copy(update={"told": told}) for deal, told in deals if told),
                    "positions": tuple(each.model_copy(update={"said": said}) for each, said in positions if said),
                    "open_questions": tuple(
                        each.model_copy(
                            update={"sources": on, "answers": tuple(a for a in each.answers if a.article not in out)}
                        )
                        for each, on in asked
                        if on
                    ),
                }
            )
        )
    return previous.model_copy(update={"stories": tuple(stories)})
