"""What is handed to a store, and what it tells of its contents."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import StoreUnusable
from ..schemas.article import Article
from ..schemas.brief import Brief, Usage


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


def article_of(row: sqlite3.Row, facts: str | None = None) -> Article:
    """The article of a row of `articles`; with `facts` (JSON of all but its text) as it was where these are told."""
    names = ("title", "url", "source", "byline", "published", "language")
    try:
        told = json.loads(facts) if facts else {name: row[name] for name in names}
        return Article(**{**told, "text": _text(row), "warnings": told.get("warnings") or json.loads(row["warnings"])})
    except (ValueError, TypeError) as error:
        what = f"article {row['id'][:12]} in the store cannot be read"
        raise StoreUnusable(what, f"remove it (summarizer store forget {row['id'][:12]})") from error


def brief_of(row: sqlite3.Row) -> Brief:
    """The brief of a row of `briefs` joined with its article's."""
    try:
        made = json.loads(row["brief"])
        made["article"]["text"] = _text(row)
        return Brief.model_validate(made)
    except (ValueError, TypeError, KeyError) as error:
        what = f"the brief of article {row['id'][:12]} in the store cannot be read"
        raise StoreUnusable(what, f"remove it (summarizer store forget {row['id'][:12]}) and make it again") from error


def _text(row: sqlite3.Row) -> str:
    return str(json.loads(row["text"])) if row["is_escaped"] else str(row["text"])
