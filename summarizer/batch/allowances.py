"""What a provider says it still lets through, less what has been sent since."""

from ..llm import Allowance, Rates

_LONGEST = 300.0  # seconds; whoever asks for a longer wait is asked again earlier
_UNHEARD = (
    1.0  # seconds in which no more than a whole allowance is sent, where it should be whole and nobody has said so
)

Mark = tuple[int, int]
"""Where a request stands among all that was sent: requests and tokens up to it."""


class Allowances:
    """Of requests and of tokens. Before a provider has told anything, everything is let through.

    `now` is in seconds of one clock. A response counts what was sent up to its request; what was sent after that is
    taken off, so that it may be taken off twice and never not at all.
    """

    def __init__(self) -> None:
        self._requests, self._tokens = _Left(), _Left()

    def send(self, tokens: int) -> Mark:
        """Count a request that is likely to take so many tokens; gives its mark."""
        self._requests.sent += 1
        self._tokens.sent += tokens
        return self._requests.sent, self._tokens.sent

    def hear(self, rates: Rates, mark: Mark, now: float) -> None:
        """Take note of what a response says; what belongs to an earlier request than the last is old."""
        self._requests.hear(rates.requests, mark[0], now)
        self._tokens.hear(rates.tokens, mark[1], now)

    def wait(self, tokens: int, now: float) -> float:
        """Seconds until a request of so many tokens may be sent; 0 for now."""
        return max(self._requests.wait(1, now), self._tokens.wait(tokens, now))


class _Left:
    """What is left of one allowance."""

    def __init__(self) -> None:
        self.sent = 0
        self._heard = -1  # what had been sent up to the request whose response was heard last
        self._left: int | None = None
        self._since, self._until = 0, 0.0
        self._whole: int | None = None

    def hear(self, told: Allowance | None, mark: int, now: float) -> None:
        if told is None or mark < self._heard:
            return
        self._heard = self._since = mark
        self._left, self._whole, self._until = told.left, told.limit, now + min(told.reset, _LONGEST)

    def wait(self, wanted: int, now: float) -> float:
        if self._left is not None and now >= self._until:  # whole again
            self._left, self._since, self._until = self._whole, self.sent, now + _UNHEARD
        if self._left is None or self._left - (self.sent - self._since) >= wanted:
            return 0.0
        if self._whole is not None and wanted > self._whole and self._left == self._whole:
            return 0.0  # it will never have the room: the provider is asked
        return self._until - now
