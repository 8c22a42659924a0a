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
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO

from ..briefing import Summarizer
from ..errors import (
    AnswerUnusable,
    ModelTimeout,
    QuotaExhausted,
    RateLimited,
    RequestRefused,
    ServerUnreachable,
    StoreUnusable,
    SummarizerError,
)
from ..llm import BATCH_SHARE, Ahead
from ..loop import in_thread
from ..schemas.article import Article
from ..store import LeftAs, Most, Outbox, Result, Sent, Store
from .limits import Limits
from .runner import FOR_ALL, Batch, Event, Report, What
from .tray import Tray, told

if TYPE_CHECKING:
    from ..llm.batching import Batches, BatchState, Row

POLL = 60.0  # seconds between two looks at what is under way
_PASSING = (ServerUnreachable, ModelTimeout, RateLimited)  # a provider that is not there now is looked at again later


class ProviderBatch(Batch):
    """A run in rounds. `tray` is the post that the summarizer was made with, `batches` the provider's endpoint.

    Articles that wait since an earlier run are taken up whether or not a source has them. It looks every `poll` seconds
    until nothing waits; with `no_wait` it submits, collects what is ready, and ends.
    """

    def __init__(
        self,
        summarizer: Summarizer,
        store: Store,
        limits: Limits,
        tray: Tray,
        batches: "Batches",
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        poll: float = POLL,
        no_wait: bool = False,
        on: Callable[[Event], None] = lambda event: None,
    ) -> None:
        super().__init__(summarizer, store, limits, concurrency=concurrency, max_failures=max_failures, on=on)
        self.outbox = Outbox(store)
        self._tray, self._batches, self._poll, self._no_wait = tray, batches, poll, no_wait
        self._most_requests, self._is_full = batches.most_requests, False
        self._reserved: dict[int, Ahead] = {}  # of this run's batches, by their numbers
        self._troubles: dict[int, str] = {}  # batches that were not taken, or that nobody knows, and why

    async def run(self, articles: Iterator[Article], command: str = "batch") -> Report:
        """As `Batch.run`. What still waits at the end is in the report, and the same command goes on with it."""
        async with self._running(command):
            self._tray.open(self.outbox, self._writer, self.recipe, self.report)
            try:
                await self._rounds(articles)
            finally:
                await self._batches.aclose()
            await self._tell_waiting()
        return self.report

    async def _rounds(self, articles: Iterator[Article]) -> None:
        await self._writer.do(lambda: self.outbox.begin(self.recipe))
        await self._look()
        await self._pass(chain(self.outbox.ready(self.recipe), articles))
        while not self._stopping.is_set():
            await self._submit()
            if self._no_wait or self._stopping.is_set() or not await self._open():
                return
            if await self._unless_stopped(asyncio.sleep(self._poll, True)):
                await self._look()
                await self._pass(self.outbox.ready(self.recipe))

    async def _pass(self, articles: Iterator[Article]) -> None:
        """Take these articles as far as their answers reach."""
        await self._count()
        await self._work_through(articles)
        await self._count()

    async def _count(self) -> None:
        counted = await in_thread(lambda: self.outbox.waiting(self.recipe))
        self.report.waiting, self.report.others = counted

    async def _tell_waiting(self) -> None:
        await self._count()
        left = await in_thread(lambda: self.outbox.wanted(self.recipe))
        if left and self.report.stopped is None:
            ahead = _ahead(await in_thread(lambda: self.outbox.next_most(self.recipe)))
            if not self.limits.has_room(ahead):
                what = self.limits.spent(ahead).what
                self._troubles[0] = f"{left} requests are not submitted: {what}; raise the budget"
        if self._troubles:
            self.report.stopped = self.report.stopped or "; ".join(list(self._troubles.values())[:3])

    async def _open(self) -> list[Sent]:
        """The batches that there is something to wait for."""
        every = await in_thread(lambda: self.outbox.outstanding(self.recipe.model))
        return [sent for sent in every if sent.number not in self._troubles]

    # To the provider

    async def _submit(self) -> None:
        """Submit what is wanted, as far as the budget reaches; a batch for each file.

        Where the provider has said that more tokens wait than the account may have, the batches are smaller, and only
        one of them is there at a time.
        """
        most_bytes = self._batches.most_bytes

        def take() -> tuple[Sent, Most] | None:
            taken = self.outbox.take(
                self.recipe, self._run, self._most_requests, most_bytes, lambda most: self.limits.has_room(_ahead(most))
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
                self._give_up(error)
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
                if not await in_thread(lambda: self._write(sent, file)):  # its articles were forgotten meanwhile
                    await self._settle(sent, "empty", "held")
                    return True
                try:
                    state = await self._batches.submit(file, sent.token)
                except (RequestRefused, *FOR_ALL):  # there is no batch, and there will be none of this file
                    await self._settle(sent, "refused", "held")
                    raise
            await self._writer.do(lambda: self.outbox.submitted(sent.number, state.id))
            self.state = f"{state.status}, {state.total or 'all'} requests submitted"
        finally:
            self._writer.soon(lambda: self.store.release(sent.token))
        return True

    def _write(self, sent: Sent, file: BinaryIO) -> int:
        from ..llm.batching import line_of  # noqa: PLC0415 - the SDK takes a second to import

        count = 0
        for count, (custom_id, body) in enumerate(self.outbox.bodies(sent.number), 1):  # noqa: B007 - counted
            file.write(line_of(custom_id, body))
        return count

    async def _look(self) -> None:
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

    async def _look_at(self, sent: Sent, name: str) -> None:
        try:
            state = await self._batches.look(name)
        except RequestRefused as unknown:  # another account's: the others are looked at all the same
            self._troubles[sent.number] = str(unknown)
            return
        self.state = f"{state.status}, {state.answered + state.failed} of {state.total or '?'} answered"
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
        return left

    async def _keep_rows(self, sent: Sent, state: "BatchState", rows: "list[Row]") -> None:
        """Keep what became of some requests, in one transaction; what is kept already is left as it is."""
        results = [result for row in rows if (result := self._result(row)) is not None]
        unknown = sum(not row.custom_id for row in rows)
        seconds = state.seconds or 0.0
        news, strangers = await self._writer.do(
            lambda: self.outbox.take_in(sent, results, self._run, BATCH_SHARE, seconds)
        )
        self.report.unknown += unknown + strangers
        for result, most in news:
            counts = _ahead(most) if result.state == "answered" else None
            self.limits.count(result.usage, result.cost_usd, counts, is_earlier=sent.run != self._run)

    def _result(self, row: "Row") -> Result | None:
        """What the outbox keeps of a row; None if nothing came of it that ends the request."""
        if row.completion is not None:
            usage = row.completion.usage
            cost = self.summarizer.price(usage, BATCH_SHARE) if usage is not None else None
            return Result(row.custom_id, "answered", told(row.completion), usage, cost, "answered")
        if row.refused is None or row.error is None:
            return None
        outcome = type(row.error).__name__
        if isinstance(row.error, FOR_ALL):  # no failure of the article's: it is asked again in another run
            self._give_up(row.error)
            return Result(row.custom_id, "held", None, None, 0.0, outcome)
        answer = {"status": row.refused.status, "said": row.refused.said}
        return Result(row.custom_id, "failed", answer, None, 0.0, outcome)

    def _give_up(self, error: SummarizerError) -> None:
        """End the run for a reason that every article would meet."""
        self.report.error = self.report.error or error
        self.stop(str(error))

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
            self._give_up(error)
        elif error is not None:
            raise error
        return None if error is not None else task.result()

    # What the ordinary batch does, with the outbox

    def _known(self, articles: list[Article]) -> Mapping[str, What]:
        waiting: dict[str, What] = {key: "waiting" for key in map(self.recipe.key, articles) if self.outbox.waits(key)}
        return {**waiting, **super()._known(articles)}

    def _failing(self, key: str, article: Article, error: SummarizerError) -> Callable[[], None]:
        kept = super()._failing(key, article, error)

        def work() -> None:
            kept()
            # An answer that cannot be used would be found again by every later run.
            self.outbox.given_up(key, keep_answers=not isinstance(error, AnswerUnusable))

        return work

    def _keeping(self, key: str, brief: Any) -> Callable[[], None]:
        kept = super()._keeping(key, brief)

        def work() -> None:
            kept()
            self.outbox.done(key)

        return work


def _ahead(most: Most) -> Ahead:
    return Ahead(most.input_tokens, most.output_tokens, most.cost_usd)
