"""What goes into a call and what comes out of it; without any SDK, so that it costs nothing to import."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..errors import ModelUnavailable
from ..schemas.brief import Usage
from .gate import Rates

# {"role": "system" | "user" | "assistant", "content": …}. The content is sent as it is: no template is filled in.
Message = Mapping[str, str]

SLOT = "id_slot"  # in a body: the slot of the embedded engine, which makes no other question of it

# Called with each piece of an answer as it comes, and with "" where the answer begins anew.
OnText = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how patiently to ask again after a failure that may pass.

    `attempts` counts the first request too. Waits are random between 0 and `first_wait` times 1, 2, 4, 8 … seconds, at
    most `longest_wait` ("full jitter", so that a batch does not come back all at once). A server that asks for a
    longer wait than `longest_wait` is given up at once.
    """

    attempts: int = 5
    first_wait: float = 1.0
    longest_wait: float = 60.0


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back. `refusal`: the model's words for not answering. `usage`: the server's count, if it gave one."""

    text: str
    refusal: str = ""
    usage: Usage | None = None


@dataclass(slots=True)
class Tally:
    """What one question has taken so far: requests sent, failed ones too, and the count of each answer that began.

    `waited` are the seconds at the gate, which are not the question's. The count is None for an answer that came
    without one, or that broke off: what it took is not known. `rates` is what the provider last said is left, with the
    monotonic time of that. `posted` are the counts of answers that came by the post, each with the part of the list
    price that it was charged at.
    """

    attempts: int = 0
    waited: float = 0.0
    answered: list[Usage | None] = field(default_factory=list)
    posted: list[tuple[Usage | None, float]] = field(default_factory=list)
    rates: tuple[Rates, float] | None = None

    def hear(self, rates: Rates | None) -> None:
        """Take note of what a provider says is left, if it says anything."""
        self.rates = self.rates if rates is None else (rates, time.monotonic())

    @property
    def usage(self) -> Usage:
        """The tokens of all answers together."""
        counted = [usage for usage in (*self.answered, *(usage for usage, _ in self.posted)) if usage]
        return Usage(
            input_tokens=sum(usage.input_tokens for usage in counted),
            cached_tokens=sum(usage.cached_tokens for usage in counted),
            output_tokens=sum(usage.output_tokens for usage in counted),
        )


def plain(text: str) -> str:
    """The text as a request or a file can hold it: half a surrogate pair becomes a question mark."""
    return text.encode(errors="replace").decode()


def was_closed(name: str) -> ModelUnavailable:
    """The error for asking a model that somebody has closed."""
    return ModelUnavailable(f"{name} was closed", "connect to it again")
