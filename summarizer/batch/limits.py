"""Limits: the gate of a batch. What a request may cost is reserved before it is sent, and corrected after."""

import asyncio
import contextlib
import heapq
import itertools
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from ..errors import BudgetSpent, ConfigurationError
from ..llm import Ahead, Done, Gate, Post, Posted, Refused
from ..schemas.brief import Usage
from .allowances import Allowances, Mark

MINUTE = 60.0
# What the server refused at the door, or never got, took nothing; of anything else without a count nobody knows.
_FREE = frozenset(
    (
        *("RateLimited", "QuotaExhausted", "KeyRefused", "RequestRefused", "ArticleTooLong", "UnknownModel"),
        "ServerNotConnected",
    )
)
_LONGEST_PAUSE = 300.0  # seconds; a server that asks for more is asked again earlier


class Work:
    """What the requests of one article belong to: the gate of its batch, the post that has answers to them, and `keep`,
    which has what became of each put on the disk and gives what is done then, if that takes time.
    """

    def __init__(
        self, gate: Gate, post: Post, keep: Callable[[Done], "asyncio.Future[Any] | None"] = lambda done: None
    ) -> None:
        self.gate, self.post, self._keep = gate, post, keep
        self._writing: asyncio.Future[Any] | None = None

    def over(self, done: Done) -> None:
        """A request is over."""
        self._writing = self._keep(done)

    async def settled(self) -> None:
        """Return once what the article has been answered is on the disk: whatever happens then, it is not asked again.

        Whoever keeps it tells what went wrong with that.
        """
        if self._writing is not None and not self._writing.done():
            await asyncio.wait((self._writing,))


WORK: ContextVar[Work | None] = ContextVar("work", default=None)
"""The article that is at work in this task and those that it starts; None outside of a batch."""


class _Place:
    """The place of a request in the queue before the gate: those of articles that have begun first, then by arrival."""

    def __init__(self, ahead: Ahead, number: int) -> None:
        self._rank = (not ahead.begun, number)
        self._loop, self._called = asyncio.get_running_loop(), asyncio.Event()

    def __lt__(self, other: "_Place") -> bool:
        return self._rank < other._rank

    def call(self) -> None:
        """Have it look again whether it may pass; from any thread."""
        with contextlib.suppress(RuntimeError):  # its loop was closed, so that nobody waits there any more
            self._loop.call_soon_threadsafe(self._called.set)

    async def wait(self, seconds: float | None) -> None:
        """Wait for being called, or for so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._called.wait()
        self._called.clear()


class Limits:
    """Holds a budget in US dollars or tokens, and rates a minute; None is no limit.

    `log` is told what became of each request. A back-off that the server asks one request for holds for all, and so
    does what it says is left for now of its own limits. What has to wait passes in its turn, requests of articles that
    have begun before the first ones of others. `clock` gives seconds that only grow.

    May be the gate of several event loops at a time.
    """

    def __init__(
        self,
        *,
        budget_usd: float | None = None,
        budget_tokens: int | None = None,
        requests_a_minute: int | None = None,
        tokens_a_minute: int | None = None,
        log: Callable[[Done], None] = lambda done: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        for value in (budget_usd, budget_tokens, requests_a_minute, tokens_a_minute):
            if value is not None and not (value > 0 and math.isfinite(value)):
                raise ConfigurationError(f"a limit of {value} lets nothing through", "give one above 0, or none")
        self.budget_usd, self.budget_tokens = budget_usd, budget_tokens
        self.requests_a_minute, self.tokens_a_minute = requests_a_minute, tokens_a_minute
        self.log, self._clock = log, clock
        self.spent_usd, self.spent_tokens, self.requests = 0.0, 0, 0
        self.earlier_usd, self.earlier_tokens = 0.0, 0  # of what is spent, what was reserved in an earlier run
        self.unpriced = 0
        # By the identity of the Ahead, which each request has its own.
        self._reserved: dict[int, tuple[float, int]] = {}
        self._committed: dict[int, tuple[float, int]] = {}  # for hours: nobody waits at the gate until it is free
        self._marks: dict[int, Mark] = {}
        self._provider = Allowances()
        self._pause_until = 0.0
        self._sent: deque[tuple[float, int]] = deque()
        self._queue: list[_Place] = []  # a heap
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    async def enter(self, ahead: Ahead) -> None:
        """Wait for the turn, the rates and the back-off, then reserve. Raises BudgetSpent where too little of it is
        left. What an article was answered before is kept before it asks anything more."""
        work = WORK.get()
        if work is not None:
            await work.settled()
        place = _Place(ahead, next(self._numbers))
        with self._lock:
            heapq.heappush(self._queue, place)
        try:
            while (wait := self._turn(place, ahead)) != 0:
                await place.wait(wait)
        finally:
            with self._lock:
                self._queue.remove(place)
                heapq.heapify(self._queue)
                self._call_next()

    def _turn(self, place: _Place, ahead: Ahead) -> float | None:
        """0 if the request may be sent now, and then what it may take is reserved; else the seconds until it is to look
        again, None for until it is called."""
        with self._lock:
            if self._queue[0] is not place:
                return None
            if (wait := self._wait(ahead)) > 0:
                return wait
            if not self._has_room(ahead):
                if self._reserved:
                    return None  # what is in flight mostly takes less than was reserved for it
                raise self.spent(ahead)
            self.requests += 1
            self._reserved[id(ahead)] = (ahead.cost_usd or 0.0, ahead.input_tokens + ahead.output_tokens)
            self._marks[id(ahead)] = self._provider.send(_likely(ahead))
            self._sent.append((self._clock(), _likely(ahead)))
        return 0.0

    def _call_next(self) -> None:
        if self._queue:
            self._queue[0].call()

    def leave(self, ahead: Ahead, done: Done) -> None:
        """Put what the request took in the place of what was reserved."""
        with self._lock:
            self._settle(ahead, done)
            self._call_next()
        self.log(done)
        work = WORK.get()
        if work is not None:
            work.over(done)

    def _settle(self, ahead: Ahead, done: Done) -> None:
        mark = self._marks.pop(id(ahead))
        del self._reserved[id(ahead)]
        if done.rates is not None:
            self._provider.hear(done.rates, mark, self._clock())
        if done.usage is not None:
            self.spent_tokens += done.usage.input_tokens + done.usage.output_tokens
            self.spent_usd += done.cost_usd if done.cost_usd is not None else ahead.cost_usd or 0.0
            self.unpriced += done.cost_usd is None
        elif done.outcome not in _FREE:
            # It may be charged, so the budget counts it in full.
            self.spent_tokens += ahead.input_tokens + ahead.output_tokens
            self.spent_usd += ahead.cost_usd or 0.0
        if done.retry_after is not None:
            self._pause_until = max(self._pause_until, self._clock() + min(done.retry_after, _LONGEST_PAUSE))

    def commit(self, ahead: Ahead) -> None:
        """Reserve what a provider's batch may take, until `free`: its answers come hours later."""
        with self._lock:
            self._committed[id(ahead)] = (ahead.cost_usd or 0.0, ahead.input_tokens + ahead.output_tokens)

    def free(self, ahead: Ahead) -> None:
        """Give back what was reserved for a provider's batch; `count` has what it took."""
        with self._lock:
            self._committed.pop(id(ahead), None)
            self._call_next()

    def count(self, usage: Usage | None, cost_usd: float | None, most: Ahead | None, *, is_earlier: bool) -> None:
        """Count an answer out of a provider's batch. One without a count counts as `most`, None for nothing.

        `is_earlier`: an earlier run has submitted it, within its own budget.
        """
        tokens, cost = (usage.input_tokens + usage.output_tokens if usage else 0), cost_usd
        if usage is None and most is not None:
            tokens, cost = most.input_tokens + most.output_tokens, most.cost_usd
        with self._lock:
            self.requests += 1
            self.unpriced += cost is None
            self.spent_tokens += tokens
            self.spent_usd += cost or 0.0
            if is_earlier:
                self.earlier_tokens += tokens
                self.earlier_usd += cost or 0.0

    def _wait(self, ahead: Ahead) -> float:
        """Seconds until the rates, the provider's and ours, and the back-off let a request through; 0 for now."""
        now = self._clock()
        while self._sent and self._sent[0][0] <= now - MINUTE:
            self._sent.popleft()
        pause = max(self._pause_until - now, self._provider.wait(_likely(ahead), now))
        if self.requests_a_minute is not None and len(self._sent) >= self.requests_a_minute:
            pause = max(pause, self._sent[-self.requests_a_minute][0] + MINUTE - now)
        if self.tokens_a_minute is not None and self._sent:
            room, used = self.tokens_a_minute - _likely(ahead), sum(tokens for _, tokens in self._sent)
            for sent, tokens in self._sent:
                if used <= room:
                    break
                used -= tokens
                pause = max(pause, sent + MINUTE - now)
        return max(0.0, pause)

    def has_room(self, ahead: Ahead) -> bool:
        """Whether the budget has room for that, beside what is spent and reserved."""
        with self._lock:
            return self._has_room(ahead)

    def _has_room(self, ahead: Ahead) -> bool:
        reserved = [*self._reserved.values(), *self._committed.values()]
        reserved_usd = sum(cost for cost, _ in reserved) - self.earlier_usd
        reserved_tokens = sum(tokens for _, tokens in reserved) - self.earlier_tokens
        if self.budget_usd is not None:
            if ahead.cost_usd is None:
                raise ConfigurationError(
                    "what a call of this model costs is not known, so a budget in dollars cannot be held",
                    "use --budget-tokens",
                )
            if self.spent_usd + reserved_usd + ahead.cost_usd > self.budget_usd:
                return False
        tokens = self.spent_tokens + reserved_tokens + ahead.input_tokens + ahead.output_tokens
        return self.budget_tokens is None or tokens <= self.budget_tokens

    def spent(self, ahead: Ahead) -> BudgetSpent:
        """The error for a budget that has no room for that."""
        return BudgetSpent(
            f"the next call may take up to {self._most(ahead)}, and {self._left()} is left",
            "raise the budget and run the same command again: it goes on from here",
        )

    def _most(self, ahead: Ahead) -> str:
        tokens = f"{ahead.input_tokens + ahead.output_tokens:,} tokens"
        return tokens if self.budget_usd is None else f"${ahead.cost_usd or 0:.4f} ({tokens})"

    def _left(self) -> str:
        if self.budget_usd is not None:
            reserved_usd = sum(cost for cost, _ in self._committed.values())
            return f"${max(0.0, self.budget_usd + self.earlier_usd - self.spent_usd - reserved_usd):.4f}"
        reserved = sum(tokens for _, tokens in self._committed.values())
        return f"{max(0, (self.budget_tokens or 0) + self.earlier_tokens - self.spent_tokens - reserved):,} tokens"


class InBatches:
    """The gate and the post of a summarizer that was given none: in a batch those of that hold, and nothing outside."""

    async def enter(self, ahead: Ahead) -> None:
        """As the gate of the batch, at once outside of one."""
        work = WORK.get()
        if work is not None:
            await work.gate.enter(ahead)

    def leave(self, ahead: Ahead, done: Done) -> None:
        """As the gate of the batch."""
        work = WORK.get()
        if work is not None:
            work.gate.leave(ahead, done)

    async def answer(self, key: str, body: Mapping[str, Any], ahead: Callable[[], Ahead]) -> Posted | Refused | None:
        """As the post of the batch; outside of one every request is sent."""
        work = WORK.get()
        return None if work is None else await work.post.answer(key, body, ahead)


def _likely(ahead: Ahead) -> int:
    """The tokens that a request is likely to take, for the rates: a token has about four bytes."""
    return ahead.input_tokens // 4 + min(ahead.output_tokens, 1500)
