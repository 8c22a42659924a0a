"""Between blocking and asynchronous code: an event loop in a thread of its own, and work in a thread for a loop."""

import asyncio
import contextlib
import queue
import threading
import weakref
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
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
        self._finalizer: weakref.finalize[..., LoopThread] = weakref.finalize(self, _nothing)

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
            self._finalizer.detach()
        if loop is not None:
            loop.call_soon_threadsafe(loop.stop)

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_serve, args=(self._loop,), name="summarizer", daemon=True).start()
                self._finalizer = weakref.finalize(self, self._loop.call_soon_threadsafe, self._loop.stop)
                self._finalizer.atexit = False
            return self._loop


def _nothing() -> None:
    """There is no thread to stop yet."""


async def in_thread(function: Callable[[], T]) -> T:
    """The result of `function`, run in a thread that does not hold up the end of the program, as asyncio's own would.

    A cancellation does not wait for it.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()
    threading.Thread(target=_settled, args=(loop, done, function), daemon=True).start()
    return await done


async def in_turn(function: Callable[[], T]) -> T:
    """The result of `function`, run in one of a few threads: for what takes the processor and never waits.

    More threads would get no more done, and a loop that did it by itself would hear nothing meanwhile. A cancellation
    does not wait for it.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()
    _TURNS.put(lambda: _settled(loop, done, function))
    return await done


class _Turns:
    """Daemon threads that take work in turn; they start with the first."""

    def __init__(self, count: int) -> None:
        self._count, self._lock = count, threading.Lock()
        self._waiting: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    def put(self, work: Callable[[], None]) -> None:
        with self._lock:
            if len(self._threads) < self._count:
                thread = threading.Thread(target=self._take, daemon=True, name="summarizer turn")
                self._threads.append(thread)
                thread.start()
        self._waiting.put(work)

    def _take(self) -> None:
        while True:
            self._waiting.get()()


_TURNS = _Turns(2)  # two, so that one article of a megabyte does not hold up all others


def _settled(loop: asyncio.AbstractEventLoop, done: "asyncio.Future[T]", function: Callable[[], T]) -> None:
    """Have `done` hold what `function` gives, or raises."""

    def settle(result: T | None, error: BaseException | None) -> None:
        if not done.done():  # somebody may have given up waiting
            done.set_exception(error) if error is not None else done.set_result(result)  # type: ignore[arg-type]

    result, error = None, None
    try:
        result = function()
    except BaseException as failure:  # noqa: BLE001 - it is handed on, to whoever waits
        error = failure
    with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
        loop.call_soon_threadsafe(settle, result, error)


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
