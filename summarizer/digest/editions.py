"""The digest of a store: its articles of some hours or days, the stories that go on, and the digest before."""

import math
import re
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from ..batch.priorities import published_within
from ..errors import StoreUnusable
from ..schemas.article import Article
from ..schemas.brief import Brief
from ..schemas.digest import Digest
from ..settings import DigestSettings
from ..store import Digests, Store, Stored
from .assembling import make_digest
from .notices import search_of, unlabelled
from .stories import Stories
from .withheld import binding, released

DAY = 86_400.0
# An article that came late is of the day on which it came, as nobody has read of it yet; one from an archive is not.
LATE = 2 * DAY
_ZONES = 14 * 3600.0  # a time without a zone can be so much later than it seems
# A digest that was made a little late or early is still the one before; one that was made an hour ago is this one's.
_BEFORE = 0.5
_FEWEST = 4  # words of a kill's title by which the killed article is looked for
_KILLS = 7 * DAY  # for so long a kill is looked for that came before what it kills
_EMBARGO = 92 * DAY  # the longest one before an article that is told when it is over
_KNOWN = 30 * DAY  # a story that nobody wrote of for so long is forgotten


@dataclass(frozen=True)
class Edition:
    """A digest of a store, the briefs that it rests on, and the Unix times between which their articles are.

    `since` is None for a digest of given articles, of any time.
    """

    digest: Digest
    briefs: Sequence[Brief]
    since: float | None
    until: float

    def with_notes(self, notes: Sequence[str]) -> "Edition":
        """The edition with more to say of what was left out."""
        digest = self.digest.model_copy(update={"notes": (*self.digest.notes, *notes)})
        return replace(self, digest=digest)


def compile_edition(
    store: Store,
    *,
    until: float,
    since: float | None = None,
    keys: Collection[str] | None = None,
    has_previous: bool = True,
    previous: Digest | None = None,
    settings: DigestSettings | None = None,
) -> Edition:
    """The digest of the articles of a store between two Unix times (`since` None: of any time before), or of those
    whose briefs have these `keys` (`since` None: of all of them).

    An article counts by when it was published, or came where that is not known; one that came since then and is no more
    than two days older counts, too, and one that was under embargo counts when that is over. Of an article with several
    briefs the newest is taken. The digest is compared with `previous`, else with the newest in the store that had ended
    by the middle of this one's time (of a day, where it is of given articles), so that the same command again within
    the hour compares with yesterday, too; with none if `has_previous` is False. What is known of stories is kept in the
    store, the digest is not: `keep_edition`. Every kill is heeded that came up to a week before or since then, whether
    it has a brief or not, and every embargo that runs. Raises StoreUnusable as a store does, ConfigurationError for a
    setting that is none.
    """
    digests = Digests(store)
    start = -math.inf if since is None else since
    stored = list(_of_time(digests, start, until) if keys is None else _of_keys(digests, keys, since, until))
    briefs = [each.brief for each in stored if each.brief is not None]
    if previous is None and has_previous:
        previous = digests.before(until - _BEFORE * (DAY if since is None else until - since))
    # What has no brief may be a notice; and what is killed or waits stays out, whenever a copy of it comes.
    alone = [each.article for each in stored if each.brief is None]
    alone += _binding(digests, briefs, previous, start, until)
    state, written = digests.stories()
    notes: list[str] = []
    stories = _known(state, notes)
    digest = make_digest(
        briefs,
        previous,
        stories=stories,
        rates=settings.rates if settings else None,
        weights=settings.weights if settings else None,
        desks=settings.desks if settings else None,
        notices=alone,
        now=until,
    )
    # Where another process was faster, its stories stay, and the next digest adds these articles to them.
    # A day far ahead makes nothing old.
    digests.keep_stories(stories.since(min(until, time.time()) - _KNOWN).dump(), written)
    digest = digest if digest.stories else _dated(digest, since, until)
    return Edition(digest, briefs, since, until).with_notes(notes)


def keep_edition(store: Store, edition: Edition) -> None:
    """Keep the digest, so that the next one is compared with it. Raises StoreUnusable."""
    Digests(store).keep(edition.digest, since=edition.since, until=edition.until)


def _known(state: bytes | None, notes: list[str]) -> Stories:
    """The stories so far; where what was kept of them is damaged they are told anew, and that is noted."""
    try:
        return Stories.load(state) if state else Stories()
    except StoreUnusable as error:
        notes.append(f"{error.what}: stories are told anew, and may have other ids than yesterday")
        return Stories()


def _dated(digest: Digest, since: float | None, until: float) -> Digest:
    """A digest in which nothing is, with the days that it was asked for: the page of an empty day has its date."""
    first, last = (None if each is None else date.fromtimestamp(each).isoformat() for each in (since, until))
    return digest.model_copy(update={"since": first, "until": last})


def _of_time(digests: Digests, since: float, until: float) -> Iterator[Stored]:
    """The articles of a store that are of that time, those whose embargo was over in it last."""
    # What was published in that time cannot have come before it, but for clocks that differ.
    told = set()
    for each in digests.articles(since - DAY):
        if _is_between(each, since, until):
            told.add((each.article.id, each.article.source, each.article.title))
            yield each
    for each in digests.articles(since - _EMBARGO, search_of("embargo")):
        if (each.article.id, each.article.source, each.article.title) not in told and _is_free(each, since, until):
            yield each


def _of_keys(digests: Digests, keys: Collection[str], since: float | None, until: float) -> Iterator[Stored]:
    for each in digests.of_keys(keys):
        if since is None or _is_between(each, since, until) or _is_free(each, since, until):
            yield each


def _is_free(stored: Stored, since: float, until: float) -> bool:
    """Whether the article's embargo was over in that time, or before and the article came in it."""
    over = released(stored.article)
    return (
        stored.added < until and over is not None and over > since - LATE and since < max(over, stored.added) <= until
    )


def _binding(
    digests: Digests, briefs: Sequence[Brief], previous: Digest | None, since: float, until: float
) -> Iterator[Article]:
    """The kills and the running embargoes of the store that keep something out of a digest."""
    oldest = since if math.isfinite(since) else until

    def killed_by(kill: Article) -> Iterator[Article]:
        if kill.url:
            yield from digests.at(kill.url)
        words = re.findall(r"[^\W_]+", unlabelled(kill.title or "", kill))
        if len(words) >= _FEWEST:
            found = digests.articles(oldest - 2 * _KILLS, f'"{" ".join(words)}"')
            yield from (each.article for each in found)

    kills = digests.articles(oldest - _KILLS, search_of("kill"))
    waiting = digests.articles(until - _EMBARGO, f"({search_of('embargo')}) OR ({search_of('withhold')})")
    came = (each.article for each in chain(kills, waiting))
    return binding(came, briefs, previous, until, killed_by)


def _is_between(stored: Stored, since: float, until: float) -> bool:
    """Whether an article is of that time: published in it as far as is known, or late."""
    first, last = published_within(stored.article)
    has_come = stored.added < until
    if math.isinf(first):
        return has_come and since <= stored.added
    is_by_then = first < until or (has_come and first < until + _ZONES)
    is_late = has_come and since <= stored.added and since - LATE <= last
    return is_by_then and (since <= first or since < last or is_late)
