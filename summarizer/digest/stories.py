"""The same story once: each article joins a story or founds one, is a copy of another, or takes an older one's place.

    articles ── read_terms, sketch, canonical_address, wire_slug
      ├─ the same address or slug again ── the newer version stands for the older
      ├─ CopyIndex ── a copy: of its original's story, and counted once
      └─ the others ── Nearby (the heaviest words in common) ── join_alike ── stories

An article never loses its story. Where two stories grow together the older one's id stays, and the younger id leads
to it for good (`Stories.current`). No model and no network.
"""

import math
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy

from ..batch.priorities import newest
from ..errors import StoreUnusable
from ..schemas.article import Article
from .addresses import canonical_address, wire_slug
from .copies import CopyIndex, Sketch, sketch
from .entries import Entries, Entry
from .grouping import JOIN, Group, join_alike
from .keeping import NONE, Kept
from .nearby import Nearby
from .terms import SCALE, Terms, Vector, dot, read_terms

_MOST_WITH_SLUG = 8  # the latest are looked at
_SLUG_DAYS = 2.0  # then an agency uses the name of a story again
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article belongs. `story` is the id of its story.

    `copy_of` is the id of the article that it is a copy of, itself no copy; the article's own id where another outlet
    has the very same text; None for an original. `replaces` is the id of the older version that it takes the place of,
    `replaced_by` that of the newer one that stands for it.
    """

    story: str
    copy_of: str | None = None
    replaces: str | None = None
    replaced_by: str | None = None

    @property
    def counts(self) -> bool:
        """Whether a digest counts it: it is no copy, and no newer version stands for it."""
        return self.copy_of is None and self.replaced_by is None


@dataclass(frozen=True, slots=True)
class _Read:
    """An article with what is read of it."""

    article: Article
    moment: float | None
    address: str | None
    slug: str | None
    terms: Terms
    sketch: Sketch | None

    @classmethod
    def of(cls, article: Article) -> "_Read":
        moment = newest(article)
        return cls(
            article,
            moment if math.isfinite(moment) else None,
            canonical_address(article.url),
            wire_slug(article),
            read_terms(article),
            sketch(article.text),
        )

    @property
    def order(self) -> tuple[float, int, str, str, str, str]:
        """The oldest first, of those of one moment or none the longest: which comes first is nobody's choice."""
        article = self.article
        moment = math.inf if self.moment is None else self.moment
        names = (article.id, article.url or "", article.source or "", article.title or "")
        return moment, -len(article.text), *names


class Stories:
    """Stories that grow: add articles, dump, load and go on the next day. Not for several threads at once."""

    def __init__(self) -> None:
        self._begin(Kept.nothing())

    @classmethod
    def load(cls, data: bytes) -> "Stories":
        """Go on from what `dump` gave. Raises StoreUnusable for bytes that it cannot have given."""
        stories = cls()
        try:
            stories._begin(Kept.load(data))
        except ValueError as error:
            raise StoreUnusable(f"the kept stories cannot be read: {error}", "cluster the articles anew") from error
        return stories

    def _begin(self, kept: Kept) -> None:
        self._kept = kept
        self._entries = Entries(kept)
        self._rarity = self._entries.rarity()
        self._by_id = {each: number for number, each in enumerate(self._entries.ids)}
        self._groups: dict[int, Group] = {}  # by rank, the number of the founder; of those loaded what was asked for
        self._taken_by: dict[int, int] = {}
        self._joined = kept.joined.tolist()  # the founders of stories that older ones have taken
        founders = {*kept.rank.tolist(), *self._joined}
        self._founders = {_story_id(self._entries.ids[number]): number for number in sorted(founders)}
        self._called_at = 0  # how many were here before the last call

    # What is worked out from what was loaded when an article is first added

    @cached_property
    def _copies(self) -> CopyIndex:
        kept = self._kept
        keys = numpy.flatnonzero(kept.is_indexed)
        copy_of = kept.copy_of[keys]
        return CopyIndex(keys, kept.runs[keys], kept.values[keys], numpy.where(copy_of == NONE, keys, copy_of))

    @cached_property
    def _nearby(self) -> Nearby:
        return self._entries.nearby()

    @cached_property
    def _at_address(self) -> dict[str, int]:
        """The first article of each address."""
        found: dict[str, int] = {}
        for number, address in self._entries.loaded_strings(self._kept.address):
            found.setdefault(address, number)
        return found

    @cached_property
    def _with_slug(self) -> defaultdict[str, deque[int]]:
        found: defaultdict[str, deque[int]] = defaultdict(lambda: deque(maxlen=_MOST_WITH_SLUG))
        for number, slug in self._entries.loaded_strings(self._kept.slug):
            found[slug].append(number)
        return found

    def __len__(self) -> int:
        """How many different texts are here."""
        return len(self._entries)

    def add(self, articles: Iterable[Article]) -> list[Place]:
        """Add articles and tell the place of each, in their order.

        It makes no difference in which order the articles of one call come. An article that is here already keeps its
        place. What was told of an article by an earlier call may have changed: a newer version came, or its story and
        another one have grown together; `place` and `current` tell.
        """
        self._called_at = len(self._entries)
        reads = [_Read.of(article) for article in articles]
        order = sorted(range(len(reads)), key=lambda index: reads[index].order)
        new = {reads[index].article.id: reads[index].terms for index in order}
        self._rarity.count(terms for each, terms in new.items() if each not in self._by_id)
        fresh: dict[int, list[int]] = {}
        numbers: dict[int, tuple[int, bool]] = {}
        for index in order:
            numbers[index] = self._settle(reads[index], fresh)
        self._join(fresh)
        return [self._told(*numbers[index]) for index in range(len(reads))]

    def place(self, article_id: str) -> Place:
        """Where an article belongs by now. Raises KeyError for one that was never added."""
        return self._told(self._by_id[article_id], False)

    def current(self, story: str) -> str:
        """The id by which a story goes by now: its own, or that of the older one that it has grown together with."""
        return self._story(self._entries.rank(self._founders[story])) if story in self._founders else story

    def dump(self) -> bytes:
        """All that is known, with nothing of a text but its heaviest words and a signature. `load` goes on from it."""
        return self._all().dump()

    def since(self, moment: float) -> "Stories":
        """The same without the stories of which every article was published before `moment` (Unix time).

        So what is kept stays as large as the days that matter. An article without a date keeps its story. How rare each
        word is stays as it was counted.
        """
        later = Stories()
        later._begin(self._all().since(moment))
        return later

    def _all(self) -> Kept:
        return self._entries.kept(self._rarity, self._leader, self._joined, lambda number: number in self._copies)

    # Where a new article belongs before it is compared with stories

    def _settle(self, read: _Read, fresh: dict[int, list[int]]) -> tuple[int, bool]:
        """The number of an article's entry, made if there is none, and whether it is another outlet's same text."""
        article = read.article
        if article.id in self._by_id:
            number = self._by_id[article.id]
            return number, _is_of_another(read, self._entries[number])
        number = len(self._entries)
        words, names = self._rarity.words_of(read.terms), self._rarity.names_of(read.terms)
        source, sketch = article.source, read.sketch
        entry = Entry(article.id, source, read.address, read.slug, read.moment, sketch, words, names, number)
        older = self._older_version(read, words)
        copied = None if sketch is None else self._copies.find(sketch)
        if older is None and copied is not None and _is_own(read, self._entries[self._latest(copied)]):
            older = self._latest(copied)  # what an outlet sends again is no copy, but what it says now
        # A version of an article that was no copy is none either: it stands for what the other was.
        entry.copy_of = copied if older is None or self._entries[older].copy_of == copied else None
        self._note(number, entry)
        if older is not None:
            self._keep_newer(number, older)
        elif entry.copy_of is not None:
            entry.rank = self._entries.rank(entry.copy_of)
        else:
            fresh[number] = self._nearby.find(words)
            self._groups[number] = Group(number)
            self._groups[number].add(words, names, read.moment)
        if entry.copy_of is None:
            self._nearby.add(number, words)
        else:
            # Its words are its original's: they only tell whether an article of its slug is a version of it.
            entry.words, entry.names = {} if entry.slug is None else words, {}
        return number, False

    def _note(self, number: int, entry: Entry) -> None:
        self._entries.append(entry)
        self._by_id[entry.id] = number
        if entry.sketch is not None:
            self._copies.add(number, entry.sketch, entry.copy_of)
        if entry.address is not None:
            self._at_address.setdefault(entry.address, number)
        if entry.slug is not None:
            self._with_slug[entry.slug].append(number)

    def _older_version(self, read: _Read, words: Vector) -> int | None:
        """The entry at whose address an article stands, else one with its slug that it can be a version of."""
        if read.address is not None and read.address in self._at_address:
            return self._latest(self._at_address[read.address])
        if read.slug is not None:
            for number in reversed(self._with_slug[read.slug]):
                latest = self._latest(number)
                if _can_be_version(read, words, self._entries[latest]):
                    return latest
        return None

    def _keep_newer(self, number: int, older: int) -> None:
        """Let the newer of two versions stand for both, in the story of the one that was here.

        Newer is what was published later; where that is not known or the same, what came with a later call, and of one
        call the longer text.
        """
        entry, other = self._entries[number], self._entries[older]
        entry.rank = other.rank
        if entry.moment is not None and other.moment is not None and entry.moment != other.moment:
            is_newer = entry.moment > other.moment
        else:
            is_newer = older < self._called_at
        group = self._group(other.rank)
        if not is_newer:
            entry.replaced_by = older
            if entry.copy_of is None:
                group.widen(entry.moment, entry.moment)
            return
        other.replaced_by, entry.replaces = number, older
        if other.copy_of is None:
            group.add(other.words, other.names, other.moment, -1)
        if entry.copy_of is None:
            group.add(entry.words, entry.names, entry.moment)

    # Stories

    def _join(self, fresh: dict[int, list[int]]) -> None:
        """Let what is new join the stories that are here, or each other."""

        def near(group: Group) -> list[Group]:
            return [self._group(self._entries.rank(each)) for each in fresh[group.rank]]

        for stays, taken in join_alike([self._groups[number] for number in fresh], near):
            self._taken_by[taken.rank] = stays.rank
            del self._groups[taken.rank]
            if taken.is_old:
                self._joined.append(taken.rank)
        for number in fresh:
            if number in self._groups:
                self._founders[_story_id(self._entries.ids[number])] = number
                self._groups[number].is_old = True

    def _group(self, rank: int) -> Group:
        """The group that a group is part of by now."""
        leader = self._leader(rank)
        if leader not in self._groups:
            group = self._groups[leader] = Group(leader, is_old=True)
            for entry in self._entries.loaded_of(leader):
                if entry.copy_of is None:
                    group.widen(entry.moment, entry.moment)
                    if entry.replaced_by is None:
                        group.add(entry.words, entry.names, entry.moment)
        return self._groups[leader]

    def _story(self, rank: int) -> str:
        """The id of the story that a group is part of by now."""
        return _story_id(self._entries.ids[self._leader(rank)])

    def _leader(self, rank: int) -> int:
        """The rank of the group that a group is part of by now."""
        leader = rank
        while leader in self._taken_by:
            leader = self._taken_by[leader]
        while rank != leader:
            self._taken_by[rank], rank = leader, self._taken_by[rank]
        return leader

    def _told(self, number: int, is_of_another: bool) -> Place:
        entry = self._entries[number]
        original = entry.copy_of if entry.copy_of is not None else number if is_of_another else None
        latest = self._latest(number)
        return Place(
            self._story(self._entries.rank(number)),
            copy_of=None if original is None else self._entries.ids[self._latest(original)],
            replaces=None if entry.replaces is None else self._entries.ids[entry.replaces],
            replaced_by=None if latest == number else self._entries.ids[latest],
        )

    def _latest(self, number: int) -> int:
        """The version that stands for an article by now."""
        while (newer := self._entries[number].replaced_by) is not None:
            number = newer
        return number


def _can_be_version(read: _Read, words: Vector, other: Entry) -> bool:
    """Whether two articles of one slug are near in time, of one source and like enough: a slug is used again."""
    is_near = read.moment is None or other.moment is None or abs(read.moment - other.moment) <= _SLUG_DAYS * _DAY
    is_own = read.article.source is None or other.source in (None, read.article.source)
    return is_near and is_own and dot(words, other.words) >= JOIN * SCALE * SCALE


def _is_own(read: _Read, entry: Entry) -> bool:
    """Whether an article is of the outlet that another one is of."""
    source = read.article.source
    return source is not None and entry.source is not None and source.casefold() == entry.source.casefold()


def _is_of_another(read: _Read, entry: Entry) -> bool:
    """Whether the same text is another outlet's."""
    pairs = ((read.address, entry.address), (read.article.source, entry.source))
    return any(one is not None and other is not None and one != other for one, other in pairs)


def _story_id(founder: str) -> str:
    return f"story-{founder[:16]}"
