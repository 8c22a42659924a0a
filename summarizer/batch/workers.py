"""Briefs made in several processes, for what takes the time of one core: reading articles and checking answers.

    Batch ── abrief ── the worker with the least to do ── its own Briefer
                            │ every request of its passes
                        the gate of this process, so that one budget and one set of rates hold for all

Only this process opens the store. A worker is told nothing but articles, with what was answered for each before, and
ends when this process does.
"""

import asyncio
import contextlib
import contextvars
import itertools
import multiprocessing
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from ..errors import ConfigurationError, SummarizerError, WorkerEnded
from ..llm import Ahead, Done, Gate, Posted
from ..loop import in_thread
from ..schemas.article import Article
from ..schemas.brief import Brief, Usage
from ..store import Recipe
from .limits import WORK
from .tray import Kept
from .worker import Asked, Cancel, Left, Let, Made, Make, Task, work

_GOING = 5.0  # seconds that a worker is given to end by itself


@dataclass(slots=True)
class _Order:
    """An article at a worker.

    `brief` is what is waited for; `over` is set once the worker has no more to say of it. The gate is passed in the
    `context` of the task that waits. `passing` wait at the gate, `ahead` is what the requests may take that have passed
    it, by their numbers.
    """

    brief: "asyncio.Future[Brief]"
    over: asyncio.Event
    context: contextvars.Context
    passing: set[asyncio.Task[None]] = field(default_factory=set)
    ahead: dict[int, Ahead] = field(default_factory=dict)


class Workers:
    """`count` processes that make briefs, as one `Briefer`; use it with `async with`.

    `make` makes the briefer of one process when it is called with a gate; it is pickled, so a `functools.partial` of a
    class will do. `recipe` is what these briefers have. Every request passes the `gate`, in the task that asked for
    the brief.
    """

    def __init__(self, make: Make, recipe: Recipe, gate: Gate, count: int) -> None:
        self.recipe = recipe
        self._make, self._gate, self._count = make, gate, count
        self._workers: list[_Worker] = []

    async def abrief(self, article: Article) -> Brief:
        """The brief of an article, by the worker with the least to do. Raises WorkerEnded if that dies over it."""
        for place, worker in enumerate(self._workers):
            if not worker.is_alive:
                self._workers[place] = _Worker(self._make, self._gate)
        return await min(self._workers, key=lambda worker: worker.busy).abrief(article)

    async def __aenter__(self) -> Self:
        self._workers = [_Worker(self._make, self._gate) for _ in range(self._count)]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.end()
        for worker in self._workers:
            await in_thread(worker.join)


class _Worker:
    """One process, the thread that hears it, and the thread that tells it; belongs to the loop it was made in."""

    def __init__(self, make: Make, gate: Gate) -> None:
        self._gate = gate
        self._loop = asyncio.get_running_loop()
        self._orders: dict[int, _Order] = {}
        self._numbers = itertools.count()
        self._to_tell: queue.SimpleQueue[object] = queue.SimpleQueue()
        spawning = multiprocessing.get_context("spawn")  # a fork would copy locks that threads hold
        self._line, theirs = spawning.Pipe()
        self._process = spawning.Process(target=work, args=(make, theirs), name="summarizer worker", daemon=True)
        self._process.start()
        theirs.close()
        self.is_alive, self._has_spoken = True, False
        for what in (self._hear, self._tell):
            threading.Thread(target=what, daemon=True, name="summarizer workers").start()

    @property
    def busy(self) -> int:
        """How many articles it has."""
        return len(self._orders)

    async def abrief(self, article: Article) -> Brief:
        number = next(self._numbers)
        order = _Order(self._loop.create_future(), asyncio.Event(), contextvars.copy_context())
        self._orders[number] = order
        self._to_tell.put(Task(number, article, _answers()))
        try:
            return await order.brief
        except asyncio.CancelledError:
            self._to_tell.put(Cancel(number))
            with contextlib.suppress(TimeoutError):  # what its requests have taken is told meanwhile
                await asyncio.wait_for(order.over.wait(), _GOING)
            raise

    def end(self) -> None:
        """Have it end."""
        self._to_tell.put(None)

    def join(self) -> None:
        """Wait until it has ended; one that does not is killed."""
        self._process.join(_GOING)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        self._line.close()

    def _tell(self) -> None:
        with contextlib.suppress(OSError):  # it has ended, which the other thread hears
            while (message := self._to_tell.get()) is not None:
                self._line.send(message)
            self._line.send(None)

    def _hear(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._have_done(self._heard, self._line.recv())
        self._have_done(self._ended)

    def _have_done(self, what: Callable[..., None], *given: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            self._loop.call_soon_threadsafe(what, *given)

    def _heard(self, message: Any) -> None:
        self._has_spoken = True
        order = self._orders[message.number]
        if isinstance(message, Asked):
            passing = self._loop.create_task(self._pass(message, order), context=order.context)
            order.passing.add(passing)
            passing.add_done_callback(order.passing.discard)
        elif isinstance(message, Left):
            order.context.run(self._gate.leave, order.ahead.pop(message.request), message.done)
        else:
            del self._orders[message.number]
            # Let through and not sent: it was cancelled meanwhile.
            self._close(order, Done("not sent", Usage(), 0.0, None, time.time(), 0.0))
            if not order.brief.done():
                if isinstance(message, Made):
                    order.brief.set_result(message.brief)
                else:
                    order.brief.set_exception(message.error)

    async def _pass(self, asked: Asked, order: _Order) -> None:
        error: SummarizerError | None = None
        try:
            await self._gate.enter(asked.ahead)
            order.ahead[asked.request] = asked.ahead
        except SummarizerError as refused:
            error = refused
        self._to_tell.put(Let(asked.number, asked.request, error))

    def _close(self, order: _Order, done: Done) -> None:
        """Leave the gate for what has passed it and not come back, and keep nothing waiting there."""
        for passing in order.passing:
            passing.cancel()
        for ahead in order.ahead.values():
            order.context.run(self._gate.leave, ahead, done)
        order.ahead.clear()
        order.over.set()

    def _ended(self) -> None:
        self.is_alive = False
        self._to_tell.put(None)
        self._process.join(_GOING)
        why = self._why()
        for order in self._orders.values():
            # What its requests have taken nobody knows.
            self._close(order, Done(type(why).__name__, None, None, None, time.time(), 0.0))
            if not order.brief.done():
                order.brief.set_exception(why)
        self._orders.clear()

    def _why(self) -> SummarizerError:
        ended = f"(exit code {self._process.exitcode})"
        if self._has_spoken or (self._process.exitcode or 0) < 0:  # killed, before or after
            return WorkerEnded(f"a worker process ended by itself {ended}", "run it again")
        # The next one would not come farther.
        remedy = (
            'a script that starts workers needs `if __name__ == "__main__":`; else look at what the process printed'
        )
        return ConfigurationError(f"a worker process ended before it did anything {ended}", remedy)


def _answers() -> Mapping[str, Posted]:
    """What was answered before for the article that is at work."""
    work = WORK.get()
    return work.post.answers if work is not None and isinstance(work.post, Kept) else {}
