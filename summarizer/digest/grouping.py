"""Which articles tell one story: groups that are joined, the likest first, as long as they are like enough.

How like two groups are is the mean similarity of an article of the one with one of the other (average linkage), which
is the product of their sums: a story grows without being compared article by article, and one odd article does not
chain two stories together. Pure: no I/O, nothing but the arithmetic of `terms`.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from .terms import SCALE, Vector, dot

# Chosen by cross-validation over events (`python -m benchmarks.clusters`, docs/digest.md): between 0.14 and 0.18 B3 F1
# stays within 0.01 on stories of 1 to 3 articles, of 10 to 20, and on days of 25 articles.
JOIN = 0.15
# Two stories that were told apart on an earlier day are joined only if they are that much liker: each has readers.
GROWN_TOGETHER = 1.25
# The least cosine of the names of two groups, where both have so many. Of pairs that tell one event 99% have more; of
# those that tell two in like words, three in four.
NAMES_LEAST, NAMES_ENOUGH = 0.15, 3
# Days between two groups for which nothing is taken off, and further days in which half is: an event is reported for
# some days, and a like report a month later is of the next one.
QUIET_DAYS, HALF_LIFE_DAYS = 3.0, 7.0
_DAY = 86_400.0


@dataclass(slots=True, eq=False)
class Group:
    """Articles that tell one story, as sums. `rank` orders groups of the same age and is unique.

    `first` and `last` are when its articles were published, in Unix time, None where none is dated. `is_old`: it had
    readers before this round.
    """

    rank: int
    words: Vector = field(default_factory=dict)
    names: Vector = field(default_factory=dict)
    size: int = 0
    first: float | None = None
    last: float | None = None
    is_old: bool = False
    _owns: bool = False  # its sums, which may then be changed in place; a single article's vectors are shared

    def add(self, words: Vector, names: Vector, moment: float | None, size: int = 1) -> None:
        """Take one article in; with a `size` of -1 take one out, whose moment stays."""
        if self.size == 0:
            self.words, self.names, self._owns = words, names, False
        else:
            self._change(words, names, size)
        self.size += size
        self.widen(moment, moment)

    def take(self, other: "Group") -> None:
        """Take all articles of another group in."""
        self._change(other.words, other.names)
        self.size += other.size
        self.is_old = self.is_old or other.is_old
        self.widen(other.first, other.last)

    def _change(self, words: Vector, names: Vector, times: int = 1) -> None:
        if not self._owns:
            self.words, self.names, self._owns = dict(self.words), dict(self.names), True
        for sums, changes in ((self.words, words), (self.names, names)):
            assert isinstance(sums, dict)
            for word, weight in changes.items():
                whole = sums.get(word, 0) + times * weight
                if whole:
                    sums[word] = whole
                else:
                    del sums[word]

    def widen(self, first: float | None, last: float | None) -> None:
        """Let the group reach from the one moment to the other, and what it reached already."""
        if first is not None and last is not None:
            self.first = first if self.first is None else min(self.first, first)
            self.last = last if self.last is None else max(self.last, last)


def likeness(one: Group, other: Group) -> float:
    """How like two groups are, from 0 to 1; 0 where their names are others."""
    if not (one.size and other.size):
        return 0.0
    mean = dot(one.words, other.words) / (one.size * other.size * SCALE * SCALE)
    if mean < JOIN or _is_about_others(one.names, other.names):
        return 0.0
    return mean * _fading(one, other)


def join_alike(groups: Iterable[Group], near: Callable[[Group], Iterable[Group]]) -> Iterator[tuple[Group, Group]]:
    """Join groups, the likest pair first; gives each pair as (the one that stays, the one that it took).

    `near` names the groups that a group is worth comparing with. An older group stays, of two of one age the one of
    lower rank. The same groups give the same pairs, in whatever order they come.
    """
    neighbours: dict[int, dict[int, Group]] = {}
    for group in groups:
        for other in near(group):
            if other is not group:
                neighbours.setdefault(group.rank, {})[other.rank] = other
                neighbours.setdefault(other.rank, {})[group.rank] = group
    alive: dict[int, Group] = {other.rank: other for others in neighbours.values() for other in others.values()}
    changes: dict[int, int] = dict.fromkeys(alive, 0)
    heap: list[tuple[float, int, int, int, int]] = []

    def propose(one: Group, other: Group) -> None:
        like = likeness(one, other)
        if like >= JOIN * (GROWN_TOGETHER if one.is_old and other.is_old else 1.0):
            less, more = sorted((one.rank, other.rank))
            heapq.heappush(heap, (-like, less, more, changes[less], changes[more]))

    for rank, others in neighbours.items():
        for other in others.values():
            if rank < other.rank:
                propose(alive[rank], other)
    while heap:
        _, less, more, *seen = heapq.heappop(heap)
        if less not in alive or more not in alive or seen != [changes[less], changes[more]]:
            continue
        stays, taken = sorted((alive[less], alive[more]), key=lambda group: (not group.is_old, group.rank))
        stays.take(taken)
        del alive[taken.rank]
        changes[stays.rank] += 1
        yield stays, taken
        around = neighbours[stays.rank] | neighbours.pop(taken.rank)
        neighbours[stays.rank] = {rank: each for rank, each in around.items() if rank in alive and each is not stays}
        for each in neighbours[stays.rank].values():
            neighbours[each.rank].pop(taken.rank, None)
            neighbours[each.rank][stays.rank] = stays
            propose(stays, each)


def _is_about_others(one: Vector, other: Vector) -> bool:
    """Whether two groups have names enough, and so few in common that their like words are those of two events."""
    if min(len(one), len(other)) < NAMES_ENOUGH:
        return False
    return dot(one, other) ** 2 < NAMES_LEAST**2 * dot(one, one) * dot(other, other)


def _fading(one: Group, other: Group) -> float:
    """What is left of a likeness for the days that lie between two groups; all of it where one has no date."""
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return 1.0
    days = max(one.first - other.last, other.first - one.last) / _DAY - QUIET_DAYS
    return 1.0 if days <= 0 else 0.5 ** (days / HALF_LIFE_DAYS)
