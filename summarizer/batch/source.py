"""Articles of a source that may block: read in a thread of its own, a few ahead of the work, the most urgent first."""

import asyncio
import contextlib
import heapq
import itertools
import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from ..schemas.article import Article

T = TypeVar("T")
AHEAD = 64  # articles that are taken from the sources and not begun, at most
AHEAD_TO_ORDER = 1_000  # that many where they are put in order
_QUIET, _PATIENCE = 2.0, 10.0  # seconds for these before the first is begun: without a new one, and in all

Priority = Callable[[Article], float]
"""How urgent an article is; the highest is begun first."""


@dataclass(frozen=True, slots=True)
class Found:
    """An article of a source, its key, and why it is not to be begun: its brief is kept already, or waits for the
    provider; None if it is.
    """

    article: Article
    key: str
    known: Literal["kept", "waiting"] | None = None


class Source:
    """Reads `articles` as far ahead as there is room, and hands them on in their order, or by their `priority`.

    What it has given is there at once, however long it takes over the next; of what is there the most urgent comes
    first, and before that what is not to be begun. `look` makes a `Found` of each; it and the priority are asked in the
    thread that reads, so that they may take their time. Belongs to the event loop that it was made in.
    """

    def __init__(
        self, articles: Iterator[Article], look: Callable[[Article], Found], priority: Priority | None = None
    ) -> None:
        self._articles, self._look, self._priority = articles, look, priority
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._most = AHEAD if priority is None else AHEAD_TO_ORDER
        self._room = threading.Semaphore(self._most)
        self._waiting: list[tuple[float, int, Found]] = []  # a heap
        self._numbers = itertools.count()
        self._is_gathered = priority is None
        self._error: Exception | None = None
        self._is_read = self._is_left = False
        threading.Thread(target=self._read, name="summarizer source", daemon=True).start()

    @property
    def left(self) -> int | None:
        """How many articles are still to be handed on; None while the sources have not been read to their end."""
        return len(self._waiting) if self._is_read else None

    async def next(self) -> Found | None:
        """The next article; None when all have been taken. Raises what the source raised, after what it gave."""
        if not self._is_gathered:
            self._is_gathered = True
            await self._gather()
        while not self._waiting:
            if self._is_read:
                if self._error is not None:
                    raise self._error
                return None
            self._arrived.clear()
            await self._arrived.wait()
        found = heapq.heappop(self._waiting)[-1]
        self._room.release()
        return found

    async def _gather(self) -> None:
        """Let the source give as much as it has at hand, so that there is something to put in order."""
        until = self._loop.time() + _PATIENCE
        with contextlib.suppress(TimeoutError):
            while not self._is_read and len(self._waiting) < self._most:
                self._arrived.clear()
                async with asyncio.timeout_at(min(until, self._loop.time() + _QUIET)):
                    await self._arrived.wait()

    def leave(self) -> None:
        """Read no further. One that blocks is left to itself."""
        self._is_left = True
        self._room.release()

    def _read(self) -> None:
        error: Exception | None = None
        try:
            while True:
                self._room.acquire()
                article = None if self._is_left else next(self._articles, None)
                if article is None:
                    return
                found = self._look(article)
                self._tell(self._take, (self._rank(found), next(self._numbers), found))
        except Exception as failure:  # noqa: BLE001 - it is handed on to whoever waits
            error = failure
        finally:
            self._tell(self._ended, error)

    def _tell(self, what: Callable[[T], None], given: T) -> None:
        """Have something done in the loop."""

        def work() -> None:
            what(given)
            self._arrived.set()

        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            self._loop.call_soon_threadsafe(work)

    def _rank(self, found: Found) -> float:
        if self._priority is None:
            return 0.0
        urgency = float(self._priority(found.article))
        return -math.inf if found.known else math.inf if math.isnan(urgency) else -urgency

    def _take(self, place: tuple[float, int, Found]) -> None:
        heapq.heappush(self._waiting, place)

    def _ended(self, error: Exception | None) -> None:
        self._is_read, self._error = True, error
