"""Batch: many articles on their way to a store. Who reads the sources and who prints is somebody else's business."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar, get_args

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
    TooManyFailed,
)
from ..llm import Done
from ..loop import in_thread
from ..schemas.article import Article
from ..schemas.brief import Brief
from ..store import LEASE, Call, Given, Keeper
from .briefer import Briefer
from .events import Journal, Name, Value, of_call, of_error
from .limits import WORK, Limits, Work
from .report import Event, Outcome, Report, What
from .source import Found, Priority, Source
from .tray import Kept, given_of, posted_of
from .writer import Writer

if TYPE_CHECKING:
    from ..articles.many import Unread

T = TypeVar("T")
# What one article meets the next one would meet as well.
FOR_ALL = (KeyRefused, QuotaExhausted, ConfigurationError, ModelNotFetched, ModelFileCorrupt)
_PATIENT = 3  # more tries of an article that the provider was too busy for
_FAILURES_TOLD = 1_000  # that a report holds; all of them are in the store


class Batch:
    """One run over the articles of some sources, which are read as a stream.

    Each article is claimed in the store, briefed and kept; one that the store has a brief of is not touched. `limits`
    is the gate that the briefer's requests pass. At most `concurrency` articles are at work at a time. After more than
    `max_failures` failed articles no new one is begun. `on` is told of every article, in the event loop; where it
    gives something to be awaited, the article has its place among those at work until that is done. The `journal`
    is told of everything. With a `priority`, of the articles that are taken from the sources and not begun the one of
    the highest goes first; up to 1,000 are taken for that, else 64.
    """

    def __init__(
        self,
        briefer: Briefer,
        store: Keeper,
        limits: Limits,
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        on: Callable[[Event], Awaitable[None] | None] = lambda event: None,
        journal: Journal | None = None,
        priority: Priority | None = None,
    ) -> None:
        self.briefer, self.store, self.limits = briefer, store, limits
        self.recipe = briefer.recipe
        self.report = Report()
        self.state = ""  # how a provider is getting on with what it was given
        self._concurrency, self._max_failures, self._on = max(1, concurrency), max_failures, on
        self._stopping = asyncio.Event()
        self._source: Source | None = None
        self._working: dict[str, list[Article]] = {}  # by key, with those of the same text that came meanwhile
        self._tasks: set[asyncio.Task[None]] = set()
        self._unread: deque[Unread] = deque()
        self._fatal: Exception | None = None
        self._run: int | None = None
        self._journal, self._priority = journal or Journal(), priority

    @property
    def left(self) -> int | None:
        """Articles that have to be made still, those at work among them; None while that is not known."""
        to_begin = self._source.left if self._source is not None else None
        return None if to_begin is None else to_begin + self.in_flight

    @property
    def in_flight(self) -> int:
        """Articles that are at work now."""
        return len(self._tasks)

    def unread(self, unread: "Unread") -> None:
        """Take note of what a source could not give; may be called from any thread."""
        self._unread.append(unread)

    def stop(self, why: str) -> None:
        """Begin no new article; those at work are finished."""
        if self.report.stopped is None:
            self.report.stopped = why
            self._write("stopped", {"reason": why})
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
    async def _running(self, command: str) -> AsyncIterator[int]:
        """A run that is noted in the store, with a writer and claims that are held on to; gives its number."""
        began = time.monotonic()
        run = self._run = await in_thread(lambda: self.store.begin_run(command, self.recipe.model))
        begun: dict[str, Value] = {"command": command, "model": self.recipe.model, "concurrency": self._concurrency}
        self._write("run_begun", begun)
        try:
            async with Writer(self.store) as writer:
                self._writer = writer
                beating = asyncio.create_task(self._hold_on())
                try:
                    yield run
                finally:
                    beating.cancel()
            self._raise_fatal()
        except BaseException as error:
            self.stop(str(error) or type(error).__name__)
            raise
        finally:
            self.report.seconds = time.monotonic() - began
            self._write("run_ended", self._facts())
            await in_thread(lambda: self.store.end_run(run, self.report.stopped or "done"))

    def _raise_fatal(self) -> None:
        if self._fatal is not None:
            raise self._fatal

    def _facts(self) -> dict[str, Value]:
        """What the run as a whole has come to."""
        report, limits = self.report, self.limits
        counts = {name: getattr(report, name) for name in get_args(What)}
        spent = {"requests": limits.requests, "tokens": limits.spent_tokens, "cost_usd": round(limits.spent_usd, 6)}
        return {"outcome": report.stopped or "done", **counts, **spent, "seconds": round(report.seconds, 3)}

    async def _hold_on(self) -> None:
        """Renew this process's claims, for processes on other machines."""
        while True:
            await asyncio.sleep(LEASE / 3)
            self._writer.soon(self.store.renew)

    async def _work_through(self, articles: Iterator[Article]) -> None:
        room = asyncio.Semaphore(self._concurrency)
        source = self._source = Source(articles, self._look, self._priority)
        try:
            while await self._begin(room):
                found = await self._unless_stopped(self._new(source))
                if found is None or self._stopping.is_set():
                    return
                self._working[found.key] = []
                task = asyncio.create_task(self._one(found.article, found.key, room))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        finally:
            source.leave()
            await self._tell_unread()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _look(self, article: Article) -> Found:
        key = self.recipe.key(article)
        return Found(article, key, "kept" if self.store.has(key) else None)

    async def _new(self, source: Source) -> Found | None:
        """The next article that is to be made; those before it that are not are told of, or wait for its like."""
        while (found := await source.next()) is not None:
            await self._tell_unread()
            if found.known is not None:
                await self._tell(found.article, Outcome(found.known))
            elif found.key in self._working:
                self._working[found.key].append(found.article)
            else:
                return found
        return None

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
        try:
            await self._made(article, key)
        except asyncio.CancelledError:
            # Also of a claim that is only on its way to the disk.
            self._writer.soon(lambda: self.store.release(key))
            self.stop("interrupted")
        except Exception as error:  # noqa: BLE001 - it ends the run, and is raised when the others have finished
            self._fatal = self._fatal or error
            self.stop(str(error))
            await self._left_to_later(key, with_answers=isinstance(error, StoreUnusable))
        finally:
            del self._working[key]
            room.release()

    async def _left_to_later(self, key: str, *, with_answers: bool) -> None:
        """Leave an article to later runs. Where it is an answer over which this one fell, they are to have another."""
        work = WORK.get()
        if work is not None:
            await work.settled()
        with contextlib.suppress(StoreUnusable):
            if not with_answers:
                await in_thread(lambda: self.store.drop_answers(key))
            await in_thread(lambda: self.store.release(key))

    def _claimed(self, key: str) -> tuple[str, Sequence[Given]]:
        """What came of claiming an article, and what was answered for it in a run that was cut off."""
        claimed = self.store.claim(key)
        return claimed, self.store.answers(key) if claimed == "mine" else ()

    def _work(self, key: str, article: Article, given: Sequence[Given]) -> Work:
        """What the requests of an article belong to."""
        kept = Kept({each.key: posted_of(each) for each in given})

        def keep(done: Done) -> "asyncio.Future[None]":
            if done.answer is not None:
                kept.answers[done.answer.key] = done.answer.posted
            return self._log(key, article, done)

        return Work(self.limits, kept, keep)

    async def _made(self, article: Article, key: str) -> None:
        """Claim one article, make its brief, keep what came of it and tell."""
        store, writer = self.store, self._writer
        claimed, given = await writer.do(lambda: self._claimed(key))
        if claimed != "mine":
            await self._tell_all(article, key, Outcome("kept" if claimed == "done" else "elsewhere"))
            return
        WORK.set(self._work(key, article, given))
        self._write("article_begun", {"url": article.url}, article)
        began = time.monotonic()
        try:
            brief = await self._briefed(article)
        except AnswerAwaited as error:
            await writer.do(lambda: store.release(key))
            await self._tell_all(article, key, Outcome("waiting", error=error))
        except (BudgetSpent, *FOR_ALL) as error:
            self._end(error)
            await writer.do(lambda: store.release(key))
        except SummarizerError as error:
            await writer.do(self._failing(key, article, error))
            if self._max_failures is not None and self.report.failed >= self._max_failures:
                self._end(TooManyFailed(f"more than {self._max_failures} articles failed", "look at their reasons"))
            await self._tell_all(article, key, Outcome("failed", error=error, seconds=time.monotonic() - began))
        else:
            await writer.do(self._keeping(key, brief))
            await self._tell_all(article, key, Outcome("made", brief, seconds=time.monotonic() - began))

    def _end(self, error: SummarizerError) -> None:
        """Begin no new article because of what every one would meet."""
        self.report.error = self.report.error or error
        self.stop(str(error))

    async def _briefed(self, article: Article) -> Brief:
        """The brief; where the provider asks for a longer wait than one article has, all have waited by then."""
        for _ in range(_PATIENT):
            try:
                return await self.briefer.abrief(article)
            except QuotaExhausted:
                raise
            except RateLimited:
                continue
        return await self.briefer.abrief(article)

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

    def _log(self, key: str, article: Article, done: Done) -> "asyncio.Future[None]":
        """Keep a call as soon as it is over, and its answer with it."""
        given = None if done.answer is None else given_of(done.answer)
        call = Call(done.outcome, done.usage, done.cost_usd, done.seconds, done.sent, given)
        self._write("call", of_call(done), article)
        return self._writer.soon(lambda: self.store.keep_calls(key, article, self.recipe, [call], self._run))

    async def _tell_unread(self) -> None:
        while self._unread:
            each = self._unread.popleft()
            self._note(each.source, each.error)
            self.report.unread += 1
            self._write("unread", {"source": each.source, **of_error(each.error)})
            await self._hand_on(Event("unread", each.source, error=each.error))

    async def _tell_all(self, article: Article, key: str, outcome: Outcome) -> None:
        """Tell what became of an article, and so of those of the same text."""
        await self._tell(article, outcome)
        others = self._working[key]
        while others:
            is_its = outcome.what in ("made", "failed")
            await self._tell(others.pop(0), replace(outcome, what="same", seconds=None) if is_its else outcome)

    async def _tell(self, article: Article, outcome: Outcome) -> None:
        name = article.title or article.url or " ".join(article.text.split()[:8])
        what, error = outcome.what, outcome.error
        self._count(what)
        self._write(what, outcome.facts, article)
        if what == "failed" and error is not None:
            self._note(name, error)
        await self._hand_on(Event(what, name, article.id, outcome.brief, error, article))

    def _count(self, what: What) -> None:
        setattr(self.report, what, getattr(self.report, what) + 1)

    def _write(self, event: Name, facts: Mapping[str, Value], article: Article | None = None) -> None:
        self._journal.note(event, self._run, article.id if article else None, facts)

    async def _hand_on(self, event: Event) -> None:
        told = self._on(event)
        if told is not None:
            await told

    def _note(self, name: str, error: SummarizerError) -> None:
        if len(self.report.failures) < _FAILURES_TOLD:
            self.report.failures.append((name, str(error)))
