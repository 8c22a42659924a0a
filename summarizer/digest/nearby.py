"""Which articles are worth comparing with a new one: those that share its heaviest words, the latest of them."""

from collections import defaultdict, deque
from heapq import nsmallest
from itertools import islice

from .grouping import JOIN
from .terms import SCALE, Vector

# Of an article's heaviest words so many lead to others, and each to so many of the latest that have it. With twice as
# many of either B3 F1 is the same; both bound the time that an article takes, however many are there.
LEADING, LATEST = 40, 60
MOST = 40  # articles that one is compared with
# Share of JOIN that the leading words have to give by themselves.
PROMISING = 0.35
_WEIGHTS = 2 * SCALE


class Nearby:
    """Articles by their heaviest words. Numbers are the caller's, in the order of adding."""

    def __init__(self) -> None:
        # Number and weight in one integer: a million pairs would keep Python's collector at work.
        self._with: dict[str, deque[int]] = defaultdict(lambda: deque(maxlen=LATEST))

    def find(self, words: Vector) -> list[int]:
        """The articles that share most with these words, which are in the order of their weight."""
        shared: defaultdict[int, int] = defaultdict(int)
        for word, weight in islice(words.items(), LEADING):
            for both in self._with.get(word, ()):
                shared[both // _WEIGHTS] += weight * (both % _WEIGHTS)
        least = PROMISING * JOIN * SCALE * SCALE
        likest = nsmallest(MOST, ((-much, number) for number, much in shared.items() if much >= least))
        return [number for _, number in likest]

    def add(self, number: int, words: Vector) -> None:
        """Let an article be found."""
        for word, weight in islice(words.items(), LEADING):
            self._with[word].append(number * _WEIGHTS + weight)
