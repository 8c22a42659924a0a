"""What is handed to a store, and what it tells of its contents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..schemas.brief import Usage


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, by the key of its request: what came back, as JSON holds it, how many requests that took, and the part
    of the list price that it costs.
    """

    key: str
    told: Mapping[str, Any]
    tries: int
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a model. `usage` and `cost_usd` are None where the provider did not tell; `sent` is Unix time.
    `given` is its answer, which is kept until the brief is.
    """

    outcome: str
    usage: Usage | None
    cost_usd: float | None
    seconds: float
    sent: float
    given: Given | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What a store has of one article: when it came (Unix time), its briefs' keys and models, and its last failure."""

    article: str
    title: str | None
    url: str | None
    source: str | None
    added: float
    briefs: tuple[tuple[str, str], ...]
    failure: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """How much a store holds, and what the calls in it took. `cost_usd` is of those whose cost is known."""

    articles: int
    briefs: int
    failures: int
    calls: int
    usage: Usage
    cost_usd: float
    unpriced: int
    working: int
    bytes: int
