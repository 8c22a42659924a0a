"""The post: where a request's answer is looked for before it is sent, as a provider's batch brings it hours later.

A request is known by its body, so that the same question finds its answer from any process. Where there is no answer
the request is sent at once; or the post takes note of it and raises AnswerAwaited, which ends the making of that brief
for now. What was sent at once is told to the gate, with the answer, for whoever keeps it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .calls import Completion
from .gate import Ahead


@dataclass(frozen=True, slots=True)
class Posted:
    """An answer. `attempts` counts the requests that it took, `share` is the part of the list price that it costs;
    `broken` answers ended before they were whole, and nobody knows what those took.
    """

    completion: Completion
    attempts: int = 1
    share: float = 1.0
    broken: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a request that was sent at once, and the key by which the request is known."""

    key: str
    posted: Posted


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider's refusal of a request: its status and the error that it `said`, in the API's form."""

    status: int
    said: object
    attempts: int = 1


class Post(Protocol):
    """Called in the event loop, and in the task, that asks the question."""

    async def answer(self, key: str, body: Mapping[str, Any], ahead: Callable[[], Ahead]) -> Posted | Refused | None:
        """What was said to the request with that body; None if it is to be sent at once.

        `ahead` gives what it may take at most by way of a batch. Raises AnswerAwaited, once it is noted, where there
        is no answer yet.
        """


def key_of(body: Mapping[str, Any]) -> str:
    """The key of a request: SHA-256, hexadecimal, of its body as canonical JSON (keys in order, no blanks)."""
    told = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
