"""Limits: the gate of a batch. What a request may cost is reserved before it is sent, and corrected after."""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable

from ..errors import BudgetSpent, ConfigurationError
from ..llm import Ahead, Done
from ..schemas.brief import Usage

MINUTE = 60.0
# What the server refused at the door took nothing; of anything else without a count nobody knows.
_FREE = frozenset(("RateLimited", "QuotaExhausted", "KeyRefused", "RequestRefused", "ArticleTooLong", "UnknownModel"))
_LONGEST_PAUSE = 300.0  # seconds; a server that asks for more is asked again earlier


class Limits:
    """Holds a budget in US dollars or tokens, and rates a minute; None is no limit.

    `log` is told what became of each request. A back-off that the server asks one request for holds for all.
    """

    def __init__(
        self,
        *,
        budget_usd: float | None = None,
        budget_tokens: int | None = None,
        requests_a_minute: int | None = None,
        tokens_a_minute: int | None = None,
        log: Callable[[Done], None] = lambda done: None,
    ) -> None:
        for value in (budget_usd, budget_tokens, requests_a_minute, tokens_a_minute):
            if value is not None and not (value > 0 and math.isfinite(value)):
                raise ConfigurationError(f"a limit of {value} lets nothing through", "give one above 0, or none")
        self.budget_usd, self.budget_tokens = budget_usd, budget_tokens
        self.requests_a_minute, self.tokens_a_minute = requests_a_minute, tokens_a_minute
        self.log = log
        self.spent_usd, self.spent_tokens, self.requests = 0.0, 0, 0
        self.earlier_usd, self.earlier_tokens = 0.0, 0  # of what is spent, what was reserved in an earlier run
        self.unpriced = 0
        self._reserved: dict[
            int, tuple[float, int]
        ] = {}  # by the identity of the Ahead, which each request has its own
        self._committed: dict[int, tuple[float, int]] = {}  # for hours: nobody waits at the gate until it is free
        self._pause_until = 0.0
        self._sent: deque[tuple[float, int]] = deque()
        self._changed: asyncio.Event | None = None

    async def enter(self, ahead: Ahead) -> None:
        """Wait for the rates and the back-off, then reserve. Raises BudgetSpent where too little of it is left."""
        while True:
            wait = self._wait(ahead)
            if wait > 0:
                await asyncio.sleep(wait)
                continue
            if self.has_room(ahead):
                break
            if not self._reserved:
                raise self.spent(ahead)
            # What is in flight mostly takes less than was reserved for it.
            self._changed = self._changed or asyncio.Event()
            changed = self._changed
            await changed.wait()
        self.requests += 1
        self._reserved[id(ahead)] = (ahead.cost_usd or 0.0, ahead.input_tokens + ahead.output_tokens)
        self._sent.append((time.monotonic(), _likely(ahead)))

    def leave(self, ahead: Ahead, done: Done) -> None:
        """Put what the request took in the place of what was reserved."""
        del self._reserved[id(ahead)]
        if done.usage is not None:
            self.spent_tokens += done.usage.input_tokens + done.usage.output_tokens
            self.spent_usd += done.cost_usd if done.cost_usd is not None else ahead.cost_usd or 0.0
            self.unpriced += done.cost_usd is None
        elif done.outcome not in _FREE:
            # It may be charged, so the budget counts it in full.
            self.spent_tokens += ahead.input_tokens + ahead.output_tokens
            self.spent_usd += ahead.cost_usd or 0.0
        if done.retry_after is not None:
            self._pause_until = max(self._pause_until, time.monotonic() + min(done.retry_after, _LONGEST_PAUSE))
        if self._changed is not None:
            self._changed.set()
            self._changed = None
        self.log(done)

    def commit(self, ahead: Ahead) -> None:
        """Reserve what a provider's batch may take, until `free`: its answers come hours later."""
        self._committed[id(ahead)] = (ahead.cost_usd or 0.0, ahead.input_tokens + ahead.output_tokens)

    def free(self, ahead: Ahead) -> None:
        """Give back what was reserved for a provider's batch; `count` has what it took."""
        self._committed.pop(id(ahead), None)

    def count(self, usage: Usage | None, cost_usd: float | None, most: Ahead | None, *, is_earlier: bool) -> None:
        """Count an answer out of a provider's batch. One without a count counts as `most`, None for nothing.

        `is_earlier`: an earlier run has submitted it, within its own budget.
        """
        self.requests += 1
        tokens, cost = (usage.input_tokens + usage.output_tokens if usage else 0), cost_usd
        if usage is None and most is not None:
            tokens, cost = most.input_tokens + most.output_tokens, most.cost_usd
        self.unpriced += cost is None
        self.spent_tokens += tokens
        self.spent_usd += cost or 0.0
        if is_earlier:
            self.earlier_tokens += tokens
            self.earlier_usd += cost or 0.0

    def _wait(self, ahead: Ahead) -> float:
        """Seconds until the rates and the back-off let a request through; 0 for now."""
        now = time.monotonic()
        while self._sent and self._sent[0][0] <= now - MINUTE:
            self._sent.popleft()
        pause = self._pause_until - now
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


def _likely(ahead: Ahead) -> int:
    """The tokens that a request is likely to take, for the rates: a token has about four bytes."""
    return ahead.input_tokens // 4 + min(ahead.output_tokens, 1500)
