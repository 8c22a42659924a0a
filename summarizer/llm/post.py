"""The post: where a request's answer is looked for before it is sent, as a provider's batch brings it hours later.

A request is known by its body, so that the same question finds its answer from any process. Where there is no answer,
the post takes note of the request and raises AnswerAwaited, which ends the making of that brief for now.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .calls import Completion
from .gate import Ahead


@dataclass(frozen=True, slots=True)
class Posted:
    """An answer. `attempts` counts the requests that it took, `share` is the part of the list price that it costs."""

    completion: Completion
    attempts: int = 1
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider's refusal of a request: its status and the error that it `said`, in the API's form."""

    status: int
    said: object
    attempts: int = 1


class Post(Protocol):
    """Both are called in the event loop, and in the task, that asks the question."""

    async def answer(self, key: str, body: Mapping[str, Any], ahead: Ahead) -> Posted | Refused | None:
        """What the provider said to the request with that body; None if it is to be sent at once.

        `ahead` is what it may take at most. Raises AnswerAwaited, once it is noted, where there is no answer yet.
        """

    async def keep(self, key: str, completion: Completion) -> None:
        """Keep the answer to a request that was sent at once."""


def key_of(body: Mapping[str, Any]) -> str:
    """The key of a request: SHA-256, hexadecimal, of its body as canonical JSON (keys in order, no blanks)."""
    told = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
