"""A batch by way of the provider's batch endpoint: half the price, answers within a day.

    articles ── briefed as far as the answers reach ── a request without an answer: noted, the article put aside
       ▲                                                       │
       └── answers kept ◄── batch ended ◄── looked at ◄── submitted as files

The making of a brief is the ordinary one. It is begun anew in each round: the same article and the same answers give
the same requests, so it comes as far as the answers reach, from whatever process. All that is to be remembered is in
the store's outbox before anything else happens.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO

from ..errors import (
    ModelTimeout,
    QuotaExhausted,
    RateLimited,
    RequestRefused,
    ServerUnreachable,
    StoreUnusable,
    SummarizerError,
)
from ..llm import BATCH_SHARE, Ahead, Done
from ..loop import in_thread
from ..schemas.article import Article
from ..store import Given, LeftAs, Most, Outbox, Result, Sent, Store
from .briefer import Priced
from .events import Journal, Value, of_call
from .limits import Limits, Work
from .report import Event, Report, What
from .runner import FOR_ALL, Batch
from .source import Found, Priority
from .tray import Tray, told

if TYPE_CHECKING:
    from ..llm.batching import Batches, BatchState, Row

POLL = 60.0  # seconds between two looks at what is under way
_PASSING = (ServerUnreachable, ModelTimeout, RateLimited)  # a provider that is not there now is looked at again later


class ProviderBatch(Batch):
    """A run in rounds. `batches` is the provider's endpoint; the briefer asks its requests in the task that wants the
    brief, as a `Summarizer` does.

    Articles that wait since an earlier run are taken up whether or not a source has them. It looks every `poll` seconds
    until nothing waits; with `no_wait` it submits, collects what is ready, and ends.
    """

    def __init__(
        self,
        briefer: Priced,
        store: Store,
        limits: Limits,
        batches: "Batches",
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        poll: float = POLL,
        no_wait: bool = False,
        on: Callable[[Event], Awaitable[None] | None] = lambda event: None,
        journal: Journal | None = None,
        priority: Priority | None = None,
    ) -> None:
        more: dict[str, Any] = {"on": on, "journal": journal, "priority": priority}
        super().__init__(briefer, store, limits, concurrency=concurrency, max_failures=max_failures, **more)
        self.outbox, self._price = Outbox(store), briefer.price
        self._batches, self._poll, self._no_wait = batches, poll, no_wait
        self._most_requests, self._is_full = batches.most_requests, False
        self._reserved: dict[int, Ahead] = {}  # of this run's batches, by their numbers
        self._seen: dict[int, str] = {}  # how the open batches were when they were looked at last
        self._troubles: dict[int, str] = {}  # batches that were not taken, or that nobody knows, and why

    async def run(self, articles: Iterator[Article], command: str = "batch") -> Report:
        """As `Batch.run`. What still waits at the end is in the report, and the same command goes on with it."""
        async with self._running(command) as number:
            try:
                await self._rounds(articles, number)
            finally:
                await self._batches.aclose()
            await self._tell_waiting()
        return self.report

    async def _rounds(self, articles: Iterator[Article], run: int) -> None:
        await self._writer.do(lambda: self.outbox.begin(self.recipe))
        await self._look_at_all()
        await self._pass(chain(self.outbox.ready(self.recipe), articles))
        while not self._stopping.is_set():
            await self._submit(run)
            if self._no_wait or self._stopping.is_set() or not await self._open():
                return
            if await self._unless_stopped(asyncio.sleep(self._poll, True)):
                await self._look_at_all()
                await self._pass(self.outbox.ready(self.recipe))

    async def _pass(self, articles: Iterator[Article]) -> None:
        """Take these articles as far as their answers reach."""
        await self._count_waiting()
        await self._work_through(articles)
        await self._count_waiting()

    async def _count_waiting(self) -> None:
        counted = await in_thread(lambda: self.outbox.waiting(self.recipe))
        self.report.waiting, self.report.others = counted

    async def _tell_waiting(self) -> None:
        await self._count_waiting()
        left = await in_thread(lambda: self.outbox.wanted(self.recipe))
        if left and self.report.stopped is None:
            ahead = _ahead(await in_thread(lambda: self.outbox.next_most(self.recipe)))
            if not self.limits.has_room(ahead):
                what = self.limits.spent(ahead).what
                self._troubles[0] = f"{left} requests are not submitted: {what}; raise the budget"
        if self._troubles:
            self.stop("; ".join(list(self._troubles.values())[:3]))

    async def _open(self) -> list[Sent]:
        """The batches that there is something to wait for."""
        every = await in_thread(lambda: self.outbox.outstanding(self.recipe.model))
        return [sent for sent in every if sent.number not in self._troubles]

    # To the provider

    async def _submit(self, run: int) -> None:
        """Submit what is wanted, as far as the budget reaches; a batch for each file.

        Where the provider has said that more tokens wait than the account may have, the batches are smaller, and only
        one of them is there at a time.
        """
        most_bytes = self._batches.most_bytes

        def take() -> tuple[Sent, Most] | None:
            taken = self.outbox.take(
                self.recipe, run, self._most_requests, most_bytes, lambda most: self.limits.has_room(_ahead(most))
            )
            if taken is not None:
                self.store.claim(taken[0].token)  # in the same transaction: no other process takes it for left behind
            return taken

        while not self._stopping.is_set():
            if self._is_full and await self._open():
                return
            try:
                taken = await self._writer.do(take)
            except StoreUnusable:
                raise
            except SummarizerError as error:  # a budget in dollars, and no price
                self._end(error)
                return
            if taken is None:
                return
            sent, most = taken
            self._reserved[sent.number] = _ahead(most)
            self.limits.commit(self._reserved[sent.number])
            if not await self._at_provider(self._send(sent)):
                return

    async def _send(self, sent: Sent) -> bool:
        """Submit a batch that this process has a claim on."""
        try:
            with tempfile.TemporaryFile() as file:
                self.state = "submitting"
                count = await in_thread(lambda: self._write_lines(sent, file))
                if not count:  # its articles were forgotten meanwhile
                    await self._settle(sent, "empty", "held")
                    return True
                try:
                    state = await self._batches.submit(file, sent.token)
                except (RequestRefused, *FOR_ALL):  # there is no batch, and there will be none of this file
                    await self._settle(sent, "refused", "held")
                    raise
            await self._writer.do(lambda: self.outbox.submitted(sent.number, state.id))
            self._note_batch(sent, "submitted", batch=state.id, requests=count)
            self.state = f"{state.status}, {state.total or 'all'} requests submitted"
        finally:
            self._writer.soon(lambda: self.store.release(sent.token))
        return True

    def _write_lines(self, sent: Sent, file: BinaryIO) -> int:
        from ..llm.batching import line_of  # noqa: PLC0415 - the SDK takes a second to import

        count = 0
        for count, (custom_id, body) in enumerate(self.outbox.bodies(sent.number), 1):  # noqa: B007 - counted
            file.write(line_of(custom_id, body))
        return count

    async def _look_at_all(self) -> None:
        """Submit what an interrupted run has left behind, look at every batch, and keep what has come."""
        for sent in await self._open():
            if sent.provider_id is None and not self.report.error:
                await self._at_provider(self._alone(sent, self._take_over))
        for sent in await self._open():
            if sent.provider_id is not None and not self.report.error:
                await self._at_provider(self._look_at(sent, sent.provider_id))

    async def _take_over(self, sent: Sent) -> None:
        """See to a batch of which nobody knows whether it was sent."""
        found = await self._batches.find(sent.token, sent.made)
        if found is None:
            await self._send(sent)
        else:
            await self._writer.do(lambda: self.outbox.submitted(sent.number, found.id))
            self._note_batch(sent, "found", batch=found.id)

    async def _look_at(self, sent: Sent, name: str) -> None:
        try:
            state = await self._batches.look(name)
        except RequestRefused as unknown:  # another account's: the others are looked at all the same
            self._troubles[sent.number] = str(unknown)
            return
        self.state = f"{state.status}, {state.answered + state.failed} of {state.total or '?'} answered"
        if state.is_open and self._seen.get(sent.number) != state.status:
            self._seen[sent.number] = state.status
            self._note_batch(sent, state.status, batch=name, requests=state.total)
        if not state.is_open:
            await self._alone(sent, partial(self._collect, state))

    async def _alone(self, sent: Sent, work: Callable[[Sent], Awaitable[None]]) -> None:
        """Do some work on a batch, unless another process is at it or nothing of it is to come any more."""
        if await self._writer.do(lambda: self.store.claim(sent.token)) == "mine":
            try:
                if await in_thread(lambda: self.outbox.is_open(sent.number)):
                    await work(sent)
            finally:
                self._writer.soon(lambda: self.store.release(sent.token))

    # From the provider

    async def _collect(self, state: "BatchState", sent: Sent) -> None:
        """Keep the answers of a batch that has ended, and see to those that are missing."""
        left_as: LeftAs = "held" if state.status in ("failed", "cancelled") else "tried"
        try:
            for file in state.files:
                await self._batches.read(file, partial(self._keep_rows, sent, state))
        except RequestRefused as gone:
            self._troubles[sent.number], left_as = str(gone), "held"
        count = await in_thread(lambda: self.outbox.size(sent.number))
        is_too_much = state.status == "failed" and state.is_too_much and count > 1
        if is_too_much:
            self._most_requests, self._is_full, left_as = count // 2, True, "wanted"
        left = await self._settle(sent, state.status, left_as)
        if is_too_much:
            self.state = state.words
        elif state.status == "failed":
            words = state.words or "no reason is given"
            self._troubles[sent.number] = f"the provider did not take a batch of {left} requests: {words}"
        elif state.status == "cancelled":
            self._troubles[sent.number] = f"a batch was cancelled at the provider, with {left} requests unanswered"

    async def _settle(self, sent: Sent, state: str, left_as: LeftAs) -> int:
        """Nothing more comes of a batch: its requests without an answer are `left_as`; how many they are."""
        left = await self._writer.do(lambda: self.outbox.settle(sent.number, state, self._run, left_as))
        self.limits.free(self._reserved.pop(sent.number, Ahead(0, 0, None)))
        self._note_batch(sent, state, batch=sent.provider_id, unanswered=left)
        return left

    def _note_batch(self, sent: Sent, state: str, **facts: Value) -> None:
        """Tell the journal how a batch is. `token` is what the provider has with it."""
        self._write("batch", {"outcome": state, "token": sent.token, **facts})

    async def _keep_rows(self, sent: Sent, state: "BatchState", rows: "list[Row]") -> None:
        """Keep what became of some requests, in one transaction; what is kept already is left as it is."""
        results = [result for row in rows if (result := self._result(row)) is not None]
        unknown = sum(not row.custom_id for row in rows)
        seconds = state.seconds or 0.0
        news, strangers = await self._writer.do(
            lambda: self.outbox.take_in(sent, results, self._run, BATCH_SHARE, seconds)
        )
        self.report.unknown += unknown + strangers
        for result, most, article in news:
            self._note_call(result, article, seconds)
            counts = _ahead(most) if result.state == "answered" else None
            self.limits.count(result.usage, result.cost_usd, counts, is_earlier=sent.run != self._run)

    def _note_call(self, result: Result, article: str, seconds: float) -> None:
        done = Done(result.outcome, result.usage, result.cost_usd, None, 0.0, seconds)
        self._journal.note("call", self._run, article, of_call(done))

    def _result(self, row: "Row") -> Result | None:
        """What the outbox keeps of a row; None if nothing came of it that ends the request."""
        if row.completion is not None:
            usage = row.completion.usage
            cost = self._price(usage, BATCH_SHARE) if usage is not None else None
            return Result(row.custom_id, "answered", told(row.completion), usage, cost, "answered")
        if row.refused is None or row.error is None:
            return None
        outcome = type(row.error).__name__
        if isinstance(row.error, FOR_ALL):  # no failure of the article's: it is asked again in another run
            self._end(row.error)
            return Result(row.custom_id, "held", None, None, 0.0, outcome)
        answer = {"status": row.refused.status, "said": row.refused.said}
        return Result(row.custom_id, "failed", answer, None, 0.0, outcome)

    async def _at_provider(self, work: Coroutine[Any, Any, Any]) -> Any:
        """The result of work with the provider, which can be dropped; None if it failed or was dropped.

        A provider that is not there now is looked at again, if this run waits; anything else ends the run.
        """
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError:
            task.cancel()
            raise
        if task.cancelled():
            self.stop("interrupted")
            return None
        error = task.exception()
        if isinstance(error, _PASSING) and not isinstance(error, QuotaExhausted) and not self._no_wait:
            self.state = str(error)
        elif isinstance(error, SummarizerError) and not isinstance(error, StoreUnusable):
            self._end(error)
        elif error is not None:
            raise error
        return None if error is not None else task.result()

    # What the ordinary batch does, with the outbox

    def _look(self, article: Article) -> Found:
        found = super()._look(article)
        return replace(found, known="waiting") if self.outbox.waits(found.key) else found

    def _work(self, key: str, article: Article, given: Sequence[Given]) -> Work:
        tray = Tray(self.outbox, self._writer, self.recipe, self.report, key, article)
        return Work(self.limits, tray, lambda done: self._log(key, article, done))

    def _count(self, what: What) -> None:
        if what != "waiting":  # told each time that it is put aside, and counted by the outbox
            super()._count(what)


def _ahead(most: Most) -> Ahead:
    return Ahead(most.input_tokens, most.output_tokens, most.cost_usd)
