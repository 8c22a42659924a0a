"""Writes to a store from an event loop: what comes in while the disk is busy goes into one transaction."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from ..loop import in_thread
from ..store import Keeper

T = TypeVar("T")
MOST = 200  # pieces of work in one transaction


class Writer:
    """The one that writes, in a thread. `do` returns once the work is on the disk; `soon` does not wait for that."""

    def __init__(self, store: Keeper) -> None:
        self.store = store
        self._queue: asyncio.Queue[tuple[Callable[[], Any], asyncio.Future[Any]] | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._failed: BaseException | None = None

    async def do(self, work: Callable[[], T]) -> T:
        """The result of some work on the store, once it is kept. Raises what it raises; then nothing of it is kept."""
        result: T = await self._put(work)
        return result

    def soon(self, work: Callable[[], Any]) -> "asyncio.Future[Any]":
        """Have some work done, and give what is done then; an error of it is raised by the next `do`, or at the end."""
        done = self._put(work)
        done.add_done_callback(self._note)
        return done

    def _put(self, work: Callable[[], Any]) -> "asyncio.Future[Any]":
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self._failed is not None:  # of something that nobody waited for: told once
            done.set_exception(self._failed)
            self._failed = None
        else:
            self._queue.put_nowait((work, done))
        return done

    def _note(self, done: "asyncio.Future[Any]") -> None:
        if not done.cancelled() and done.exception() is not None:
            self._failed = done.exception()

    async def __aenter__(self) -> "Writer":
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Write what is left. Raises what of it could not be written."""
        self._queue.put_nowait(None)
        if self._task is not None:
            await self._task
        if self._failed is not None:
            raise self._failed

    async def _run(self) -> None:
        ended = False
        while not ended:
            pieces = [await self._queue.get()]
            while len(pieces) < MOST and not self._queue.empty():
                pieces.append(self._queue.get_nowait())
            ended = None in pieces
            works = [piece for piece in pieces if piece is not None]
            if not works:
                continue
            results = await in_thread(lambda works=works: self._results([work for work, _ in works]))  # type: ignore[misc]
            for (_, done), result in zip(works, results, strict=True):
                if done.cancelled():
                    continue
                if isinstance(result, Exception):
                    done.set_exception(result)
                else:
                    done.set_result(result)

    def _results(self, works: list[Callable[[], Any]]) -> list[Any]:
        """The result of each work, or its error; one that fails costs the others no more than a second try."""
        try:
            with self.store.together():
                return [work() for work in works]
        except Exception as error:  # noqa: BLE001 - it is handed on to whoever waits
            return [error] if len(works) == 1 else [self._results([work])[0] for work in works]
