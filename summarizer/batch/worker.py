"""A process that makes briefs for another one: what the two tell each other, and what it does.

Its requests wait for the gate of the other process. It ends when that tells it to, or is gone.
"""

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from ..errors import SummarizerError
from ..llm import Ahead, Done, Gate, Posted
from ..schemas.article import Article
from ..schemas.brief import Brief
from .briefer import Briefer
from .limits import WORK, Work
from .tray import Kept

# Makes the briefer of a process, whose requests pass the gate.
Make = Callable[..., Briefer]
_NUMBER: ContextVar[int] = ContextVar("number")  # of the article that a task is at


@dataclass(frozen=True, slots=True)
class Task:
    """To a worker: make the brief of an article, which has this number from now on. What was answered for it before is
    not to be asked again.
    """

    number: int
    article: Article
    answers: Mapping[str, Posted]


@dataclass(frozen=True, slots=True)
class Cancel:
    """To a worker: nobody wants that brief any more."""

    number: int


@dataclass(frozen=True, slots=True)
class Let:
    """To a worker: the request may be sent, or may not because of the error."""

    number: int
    request: int
    error: SummarizerError | None


@dataclass(frozen=True, slots=True)
class Asked:
    """From a worker: may a request for that article be sent, which may take so much at most?"""

    number: int
    request: int
    ahead: Ahead


@dataclass(frozen=True, slots=True)
class Left:
    """From a worker: what became of that request."""

    number: int
    request: int
    done: Done


@dataclass(frozen=True, slots=True)
class Made:
    """From a worker: the brief."""

    number: int
    brief: Brief


@dataclass(frozen=True, slots=True)
class Failed:
    """From a worker: why there is no brief. An error that nobody foresaw ends the run, as it would in one process."""

    number: int
    error: Exception


class _Gate:
    """The gate of the other process, seen from here."""

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._asked: dict[int, asyncio.Future[None]] = {}
        self._numbers: dict[int, int] = {}  # of requests that were let through, by the identity of their Ahead
        self._next = 0

    async def enter(self, ahead: Ahead) -> None:
        """Wait until the other process lets the request through. Raises what its gate raises."""
        self._next += 1
        request = self._next
        self._asked[request] = asyncio.get_running_loop().create_future()
        self._line.send(Asked(_NUMBER.get(), request, ahead))
        try:
            await self._asked[request]
        finally:
            del self._asked[request]
        self._numbers[id(ahead)] = request

    def leave(self, ahead: Ahead, done: Done) -> None:
        """Tell the other process."""
        self._line.send(Left(_NUMBER.get(), self._numbers.pop(id(ahead)), done))

    def hear(self, let: Let) -> None:
        """Let a request through, or not."""
        asked = self._asked.get(let.request)
        if asked is None or asked.done():
            return
        if let.error is None:
            asked.set_result(None)
        else:
            asked.set_exception(let.error)


def work(make: Make, line: Connection) -> None:
    """Make briefs until the other process wants no more. The target of a process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the other process, which finishes what is at work
    asyncio.run(_work(make, line))


async def _work(make: Make, line: Connection) -> None:
    gate, loop = _Gate(line), asyncio.get_running_loop()
    tasks: dict[int, asyncio.Task[None]] = {}
    ended = asyncio.Event()
    briefer: Any = make(gate=gate)

    def heard(message: object) -> None:
        if isinstance(message, Task):
            task = loop.create_task(_make(briefer, message, gate, line))
            tasks[message.number] = task
            task.add_done_callback(lambda _: tasks.pop(message.number, None))
        elif isinstance(message, Let):
            gate.hear(message)
        elif isinstance(message, Cancel) and message.number in tasks:
            tasks[message.number].cancel()

    def hear() -> None:
        with contextlib.suppress(EOFError, OSError):
            while (message := line.recv()) is not None:
                loop.call_soon_threadsafe(heard, message)
            loop.call_soon_threadsafe(ended.set)
            return
        os._exit(1)  # the other process is gone, and nobody waits for anything

    threading.Thread(target=hear, daemon=True, name="summarizer worker").start()
    async with briefer:
        await ended.wait()
        for task in list(tasks.values()):
            task.cancel()


async def _make(briefer: Briefer, task: Task, gate: Gate, line: Connection) -> None:
    _NUMBER.set(task.number)
    WORK.set(Work(gate, Kept(task.answers)))  # what is answered is kept by the other process, out of `Left`
    made: Made | Failed
    try:
        made = Made(task.number, await briefer.abrief(task.article))
    except asyncio.CancelledError:
        made = Failed(task.number, RuntimeError("nobody wants it any more"))
    except Exception as error:  # noqa: BLE001 - it is handed on to whoever waits
        made = Failed(task.number, error)
    try:
        line.send(made)
    except OSError:  # as in `hear`
        os._exit(1)
    except Exception as error:  # noqa: BLE001 - an error of a library may not be one that can be sent
        line.send(Failed(task.number, RuntimeError(f"{type(error).__name__}: {error}")))
