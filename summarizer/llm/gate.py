"""The gate that every request to a model passes: what it may take is told before, what it took after.

A runner of many articles hangs its budget, its rate limits and its log there; a single brief has none.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from ..schemas.brief import Usage

if TYPE_CHECKING:
    from .post import Answered


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a request may take at most: tokens to read, tokens to write, and US dollars (None: not known).

    `begun` says whether the article has been asked about before, so that what was paid for it waits for this one.
    """

    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a provider still lets through of something: `left` until it is whole again, in `reset` seconds from now;
    `limit` is the whole of it, None where that is not told.
    """

    left: int
    reset: float
    limit: int | None


@dataclass(frozen=True, slots=True)
class Rates:
    """The allowances of requests and of tokens as a provider has told them with a response; None: not told."""

    requests: Allowance | None
    tokens: Allowance | None

    def later(self, seconds: float) -> "Rates":
        """The same so many seconds later."""
        told = (self.requests, self.tokens)
        return Rates(*(each and replace(each, reset=max(0.0, each.reset - seconds)) for each in told))


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a request.

    `outcome` is "answered", "cancelled" or the name of an error. `usage` and `cost_usd` are None where they are not
    known: of a failed request nobody tells whether it is charged. `retry_after` is the wait in seconds that the
    server asks for, None if it asks for none, `sent` the Unix time of the request, `seconds` how long it took. `rates`
    is what the provider said is left, as of now, None if it said nothing. `answer` is the answer itself, by which a
    post may know the request again; None without one, and where the model has no post.
    """

    outcome: str
    usage: Usage | None
    cost_usd: float | None
    retry_after: float | None
    sent: float
    seconds: float
    rates: Rates | None = None
    answer: "Answered | None" = None


class Gate(Protocol):
    """What stands before the requests of a model. Both are called in the event loop that sends them."""

    async def enter(self, ahead: Ahead) -> None:
        """Return when the request may be sent. Raises BudgetSpent if it may not be any more."""

    def leave(self, ahead: Ahead, done: Done) -> None:
        """Take note of what became of it; called once for each `enter` that returned."""


class Open:
    """A gate that is always open and takes note of nothing."""

    async def enter(self, ahead: Ahead) -> None:
        """Return at once."""

    def leave(self, ahead: Ahead, done: Done) -> None:
        """Do nothing."""
