"""An event loop in a thread of its own, so that blocking callers share the one asynchronous way of doing things."""

import asyncio
import threading
import weakref
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any, TypeVar

T = TypeVar("T")
_END = object()


class LoopThread:
    """Runs coroutines for blocking callers, from any thread, also where an event loop is running already.

    The thread starts with the first call. It is a daemon: a program that forgets `close()` still ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Wait for the coroutine's result. Whatever interrupts the waiting (Ctrl-C) cancels the coroutine too."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._started())
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def iterate(self, source: AsyncIterator[T]) -> Iterator[T]:
        """The items of an asynchronous iterator; leaving the loop over them early closes it."""
        try:
            while (item := self.run(_next(source))) is not _END:
                yield item  # type: ignore[misc]
        finally:
            close = getattr(source, "aclose", None)
            if close is not None:
                self.run(close())

    def close(self) -> None:
        """Stop the thread. Does nothing if it never started; the next `run` would start another."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            loop.call_soon_threadsafe(loop.stop)

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_serve, args=(self._loop,), name="summarizer", daemon=True).start()
                weakref.finalize(self, self._loop.call_soon_threadsafe, self._loop.stop).atexit = False
            return self._loop


async def _next(source: AsyncIterator[T]) -> T | object:
    return await anext(source, _END)


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
