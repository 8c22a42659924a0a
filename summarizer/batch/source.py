"""Articles of a source that may block: read in a thread of its own, a few ahead of the work."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..schemas.article import Article

_AHEAD = 64  # articles that are taken from the sources and not begun, at most


@dataclass(frozen=True, slots=True)
class Found:
    """An article of a source, its key, and whether its brief is kept already."""

    article: Article
    key: str
    kept: bool


class Source:
    """Reads `articles` as far ahead as there is room, and hands them on in their order.

    What it has given is there at once, however long it takes over the next. `look` makes a `Found` of each, in the
    thread that reads, so that it may take its time. Belongs to the event loop that it was made in.
    """

    def __init__(self, articles: Iterator[Article], look: Callable[[Article], Found]) -> None:
        self._articles, self._look = articles, look
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._room = threading.Semaphore(_AHEAD)
        self._waiting: deque[Found] = deque()
        self._error: Exception | None = None
        self._is_read = self._is_left = False
        threading.Thread(target=self._read, name="summarizer source", daemon=True).start()

    async def next(self) -> Found | None:
        """The next article; None when all have been taken. Raises what the source raised, after what it gave."""
        while not self._waiting:
            if self._is_read:
                if self._error is not None:
                    raise self._error
                return None
            self._arrived.clear()
            await self._arrived.wait()
        found = self._waiting.popleft()
        self._room.release()
        return found

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
                self._tell(self._waiting.append, self._look(article))
        except Exception as failure:  # noqa: BLE001 - it is handed on to whoever waits
            error = failure
        finally:
            self._tell(self._ended, error)

    def _tell(self, what: Callable[..., None], given: object) -> None:
        """Have something done in the loop."""

        def work() -> None:
            what(given)
            self._arrived.set()

        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            self._loop.call_soon_threadsafe(work)

    def _ended(self, error: Exception | None) -> None:
        self._is_read, self._error = True, error
