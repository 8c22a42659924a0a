"""Which articles are worth comparing with a new one: those that share its heaviest words, the latest of them."""

from itertools import islice

import numpy

from .container import Array
from .grouping import JOIN
from .terms import SCALE, Vector

# Of an article's heaviest words so many lead to others, and each to so many of the latest that have it. With twice as
# many of either B3 F1 is the same; both bound the time that an article takes, however many are there.
LEADING, LATEST = 40, 60
MOST = 40  # articles that one is compared with
# Share of JOIN that the leading words have to give by themselves.
PROMISING = 0.35
_FIRST_ROWS = 1_024


class Nearby:
    """Articles by their heaviest words. Numbers are the caller's, in the order of adding."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        # For each word the latest that have it, in turn: the next one takes the place of the oldest. A weight of 0 is
        # that of nobody.
        self._numbers = numpy.zeros((_FIRST_ROWS, LATEST), "i4")
        self._weights = numpy.zeros((_FIRST_ROWS, LATEST), "i2")
        self._times = numpy.zeros(_FIRST_ROWS, "i4")

    @classmethod
    def of(cls, vocabulary: list[str], words: Array, weights: Array, numbers: Array) -> "Nearby":
        """What the same words, by their places in a vocabulary, would give if they were added article by article."""
        made = cls()
        # Sorted by word, and of one word as they came.
        order = numpy.sort(words.astype("i8") << 32 | numpy.arange(len(words))) & 0xFFFFFFFF
        used, first, times = numpy.unique(words[order], return_index=True, return_counts=True)
        rows = numpy.repeat(numpy.arange(len(used)), times)
        turns = numpy.arange(len(words)) - numpy.repeat(first, times)
        is_latest = turns >= numpy.repeat(times, times) - LATEST
        made._grow(len(used))
        place = rows[is_latest], turns[is_latest] % LATEST
        made._numbers[place] = numbers[order[is_latest]]
        made._weights[place] = weights[order[is_latest]]
        made._times[: len(used)] = times
        made._rows = {vocabulary[word]: row for row, word in enumerate(used.tolist())}
        return made

    def find(self, words: Vector) -> list[int]:
        """The articles that share most with these words, which are in the order of their weight."""
        leading = [(self._rows[word], weight) for word, weight in islice(words.items(), LEADING) if word in self._rows]
        if not leading:
            return []
        rows, weights = numpy.array(leading).T
        shared = numpy.bincount(
            self._numbers[rows].ravel(), weights=(self._weights[rows] * weights[:, None]).ravel()
        )  # exact: sums of whole numbers
        near = numpy.flatnonzero(shared >= PROMISING * JOIN * SCALE * SCALE)
        return near[numpy.lexsort((near, -shared[near]))[:MOST]].tolist()  # type: ignore[no-any-return]

    def add(self, number: int, words: Vector) -> None:
        """Let an article be found."""
        leading = dict(islice(words.items(), LEADING))
        for word in leading:
            if word not in self._rows:
                self._rows[word] = len(self._rows)
        rows = [self._rows[word] for word in leading]
        self._grow(len(self._rows))
        place = rows, self._times[rows] % LATEST
        self._numbers[place] = number
        self._weights[place] = list(leading.values())
        self._times[rows] += 1

    def _grow(self, count: int) -> None:
        """Make room for so many words, in steps that double it."""
        more = max(count, 2 * len(self._times)) - len(self._times)
        if count > len(self._times):
            for name in ("_numbers", "_weights", "_times"):
                known = getattr(self, name)
                setattr(self, name, numpy.concatenate((known, numpy.zeros((more, *known.shape[1:]), known.dtype))))
