"""Batch: many articles on their way to a store. Who reads the sources and who prints is somebody else's business."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from ..articles.many import Unread
from ..briefing import Summarizer
from ..errors import (
    AnswerAwaited,
    BudgetSpent,
    ConfigurationError,
    KeyRefused,
    ModelFileCorrupt,
    ModelNotFetched,
    QuotaExhausted,
    RateLimited,
    StoreUnusable,
    SummarizerError,
)
from ..llm import Done
from ..loop import in_thread
from ..schemas.article import Article
from ..schemas.brief import Brief
from ..store import LEASE, Call, Store
from .limits import Limits
from .writer import Writer

T = TypeVar("T")
What = Literal["made", "kept", "same", "elsewhere", "failed", "unread", "waiting"]
# What one article meets the next one would meet as well.
FOR_ALL = (KeyRefused, QuotaExhausted, ConfigurationError, ModelNotFetched, ModelFileCorrupt)
_AT_ONCE = 64  # articles that are taken from the sources at a time, at most
_PATIENCE = 0.05  # seconds for them: a slow source does not hold up what it has given
_PATIENT = 3  # more tries of an article that the provider was too busy for
_FAILURES_TOLD = 1_000  # that a report holds; all of them are in the store

_WORK: ContextVar["tuple[str, Article] | None"] = ContextVar("work", default=None)


def at_work() -> tuple[str, Article] | None:
    """The article that the running task makes a brief of, with the brief's key."""
    return _WORK.get()


@dataclass(frozen=True, slots=True)
class Event:
    """What became of one article: a brief was made, was kept already, stands for one of the same text in this run, is
    being made by another process, could not be made, the source gave no article, or it waits for the provider.
    """

    what: What
    name: str
    article: str | None = None
    brief: Brief | None = None
    error: SummarizerError | None = None


@dataclass(slots=True)
class Report:
    """What a run has done. `stopped` says why it ended before its sources did, None if it did not; `error` is what
    ended it, if that was one which every article would meet. Of a provider's batches: the articles that are `waiting`
    for it when the run ends, those that wait with another model or other prompts (`others`), and lines of its files
    that belong to no request (`unknown`).
    """

    made: int = 0
    kept: int = 0
    same: int = 0
    elsewhere: int = 0
    failed: int = 0
    unread: int = 0
    waiting: int = 0
    others: int = 0
    unknown: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    stopped: str | None = None
    error: SummarizerError | None = None
    interrupted: bool = False
    seconds: float = 0.0

    @property
    def found(self) -> int:
        """All that the sources gave."""
        return self.made + self.kept + self.same + self.elsewhere + self.failed + self.unread + self.waiting


class Batch:
    """One run over the articles of some sources, which are read as a stream.

    Each article is claimed in the store, briefed and kept; one that the store has a brief of is not touched. `limits`
    is the gate that the summarizer was made with. At most `concurrency` articles are at work at a time. After more than
    `max_failures` failed articles no new one is begun. `on` is told of every article, in the event loop.
    """

    def __init__(
        self,
        summarizer: Summarizer,
        store: Store,
        limits: Limits,
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        on: Callable[[Event], None] = lambda event: None,
    ) -> None:
        self.summarizer, self.store, self.limits = summarizer, store, limits
        self.recipe = summarizer.recipe
        self.report = Report()
        self.state = ""  # how a provider is getting on with what it was given
        self._concurrency, self._max_failures, self._on = max(1, concurrency), max_failures, on
        self._stopping = asyncio.Event()
        self._working: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._unread: deque[Unread] = deque()
        self._fatal: Exception | None = None
        limits.log = self._log

    @property
    def in_flight(self) -> int:
        """Articles that are at work now."""
        return len(self._tasks)

    def unread(self, unread: Unread) -> None:
        """Take note of what a source could not give; may be called from any thread."""
        self._unread.append(unread)

    def stop(self, why: str) -> None:
        """Begin no new article; those at work are finished."""
        self.report.stopped = self.report.stopped or why
        self._stopping.set()

    def interrupt(self) -> None:
        """Stop because somebody wants it: what is at work is finished; asked a second time, it is dropped."""
        if self.report.interrupted:
            self.drop()
        self.report.interrupted = True
        self.stop("interrupted")

    def drop(self) -> None:
        """Leave what is at work, too; a rerun does it again."""
        for task in self._tasks:
            task.cancel()

    async def run(self, articles: Iterator[Article], command: str = "batch") -> Report:
        """Brief the articles that the store has no brief of. Raises StoreUnusable when the store cannot be written,
        and what nobody foresaw, once all that was at work is finished and kept."""
        async with self._running(command):
            await self._work_through(articles)
        return self.report

    @contextlib.asynccontextmanager
    async def _running(self, command: str) -> AsyncIterator[None]:
        """A run that is noted in the store, with a writer and claims that are held on to."""
        began = time.monotonic()
        run = await in_thread(lambda: self.store.begin_run(command, self.recipe.model))
        try:
            async with Writer(self.store) as writer:
                self._writer, self._run = writer, run
                beating = asyncio.create_task(self._hold_on())
                try:
                    yield
                finally:
                    beating.cancel()
            if self._fatal is not None:
                raise self._fatal
        finally:
            self.report.seconds = time.monotonic() - began
            await in_thread(lambda: self.store.end_run(run, self.report.stopped or "done"))

    async def _hold_on(self) -> None:
        """Renew this process's claims, for processes on other machines."""
        while True:
            await asyncio.sleep(LEASE / 3)
            self._writer.soon(self.store.renew)

    async def _work_through(self, articles: Iterator[Article]) -> None:
        room = asyncio.Semaphore(self._concurrency)
        ended = False
        try:
            while not ended and not self._stopping.is_set():
                next_ones = await self._unless_stopped(in_thread(lambda: _take(articles)))
                self._tell_unread()
                if next_ones is None:
                    return
                taken, ended = next_ones
                known = await in_thread(lambda taken=taken: self._known(taken))  # type: ignore[misc]
                for article in taken:
                    key = self.recipe.key(article)
                    if key in known:
                        self._tell(known[key], article)
                    elif key in self._working:
                        self._tell("same", article)
                    elif await self._begin(room):
                        self._working.add(key)
                        task = asyncio.create_task(self._one(article, key, room))
                        self._tasks.add(task)
                        task.add_done_callback(self._tasks.discard)
                    else:
                        return
        finally:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _known(self, articles: list[Article]) -> Mapping[str, What]:
        """The articles that are not to be begun, by their keys, and why."""
        return {key: "kept" for key in map(self.recipe.key, articles) if self.store.has(key)}

    async def _begin(self, room: asyncio.Semaphore) -> bool:
        """Whether there is room for another one before the run is stopped."""
        waiting = asyncio.ensure_future(room.acquire())
        got = await self._unless_stopped(waiting)
        if got and self._stopping.is_set():
            room.release()
        return bool(got) and not self._stopping.is_set()

    async def _unless_stopped(self, work: Awaitable[T]) -> T | None:
        """The result of some work; None if the run is stopped first. A thread that reads on is left to itself."""
        working = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if working.done():
            return working.result()
        working.cancel()
        return None

    async def _one(self, article: Article, key: str, room: asyncio.Semaphore) -> None:
        _WORK.set((key, article))
        store, writer = self.store, self._writer
        try:
            claimed = await writer.do(lambda: store.claim(key))
            if claimed != "mine":
                self._tell("kept" if claimed == "done" else "elsewhere", article)
                return
            try:
                brief = await self._briefed(article)
            except AnswerAwaited:
                await writer.do(lambda: store.release(key))
                self._tell("waiting", article)
            except BudgetSpent as error:
                self.stop(str(error))
                await writer.do(lambda: store.release(key))
            except FOR_ALL as error:
                self.report.error = error
                self.stop(str(error))
                await writer.do(lambda: store.release(key))
            except SummarizerError as error:
                await writer.do(self._failing(key, article, error))
                self._tell("failed", article, error=error)
                if self._max_failures is not None and self.report.failed > self._max_failures:
                    self.stop(f"more than {self._max_failures} articles failed")
            except asyncio.CancelledError:
                writer.soon(lambda: store.release(key))
                raise
            else:
                await writer.do(self._keeping(key, brief))
                self._tell("made", article, brief=brief)
        except asyncio.CancelledError:
            self.stop("interrupted")
        except Exception as error:  # noqa: BLE001 - it ends the run, and is raised when the others have finished
            self._fatal = self._fatal or error
            self.stop(str(error))
            with contextlib.suppress(StoreUnusable):
                await in_thread(lambda: store.release(key))
        finally:
            self._working.discard(key)
            room.release()

    async def _briefed(self, article: Article) -> Brief:
        """The brief; where the provider asks for a longer wait than one article has, all have waited by then."""
        for _ in range(_PATIENT):
            try:
                return await self.summarizer.abrief(article)
            except QuotaExhausted:
                raise
            except RateLimited:
                continue
        return await self.summarizer.abrief(article)

    def _failing(self, key: str, article: Article, error: SummarizerError) -> Callable[[], None]:
        def work() -> None:
            self.store.keep_failure(key, article, error, self._run)
            self.store.release(key)

        return work

    def _keeping(self, key: str, brief: Brief) -> Callable[[], None]:
        def work() -> None:
            self.store.keep(key, brief, self._run)
            self.store.release(key)

        return work

    def _log(self, done: Done) -> None:
        """Keep a call as soon as it is over."""
        work = at_work()
        if work is None:
            return
        key, article = work
        call = Call(done.outcome, done.usage, done.cost_usd, done.seconds, done.sent)
        self._writer.soon(lambda: self.store.keep_calls(key, article, self.recipe, [call], self._run))

    def _tell_unread(self) -> None:
        while self._unread:
            each = self._unread.popleft()
            self._note(each.source, each.error)
            self.report.unread += 1
            self._on(Event("unread", each.source, error=each.error))

    def _tell(
        self, what: What, article: Article, *, brief: Brief | None = None, error: SummarizerError | None = None
    ) -> None:
        name = article.title or article.url or " ".join(article.text.split()[:8])
        if what != "waiting":  # told each time that it is put aside, and counted once
            setattr(self.report, what, getattr(self.report, what) + 1)
        if error is not None:
            self._note(name, error)
        self._on(Event(what, name, article.id, brief, error))

    def _note(self, name: str, error: SummarizerError) -> None:
        if len(self.report.failures) < _FAILURES_TOLD:
            self.report.failures.append((name, str(error)))


def _take(articles: Iterator[Article]) -> tuple[list[Article], bool]:
    """Some articles of a source that may block, and whether they were the last."""
    taken: list[Article] = []
    until = time.monotonic() + _PATIENCE
    for article in articles:
        taken.append(article)
        if len(taken) >= _AT_ONCE or time.monotonic() > until:
            return taken, False
    return taken, True
