"""Outbox: the requests that wait for a provider's batch, and the articles that wait for their answers.

    wanted ── submitted ── answered, failed
      └── again ◄──┘ └── held (until somebody runs the command again), live (to be sent the ordinary way)

It is a part of a store: what belongs to an article goes when the article goes. No key of a provider is ever in it.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from ..schemas.article import Article
from ..schemas.brief import Usage
from .recipe import Recipe
from .rows import Call
from .store import Store

MOST_TRIES = 4  # the first and three more; then a request is sent the ordinary way
OVERHEAD = 200  # bytes of a line beside the body of its request
LeftAs = Literal["tried", "held", "wanted"]
_PAGE = 100  # rows in memory at a time


@dataclass(frozen=True, slots=True)
class Most:
    """What requests may take at most: tokens in and out, and US dollars (None: not known)."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0

    def __add__(self, other: "Most") -> "Most":
        known = self.cost_usd is not None and other.cost_usd is not None
        cost = (self.cost_usd or 0.0) + (other.cost_usd or 0.0) if known else None
        return Most(self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens, cost)


@dataclass(frozen=True, slots=True)
class Request:
    """How far a request is. `tries` counts how often it was submitted; `answer` is what came back, `share` the part of
    the list price that it costs. `is_new`: its article waits from now on.
    """

    state: str
    tries: int = 0
    answer: Mapping[str, Any] | None = None
    share: float = 1.0
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A batch of which not all answers are here. `provider_id` is None if nobody knows whether it was sent; `made` is
    Unix time, `run` the run that made it.
    """

    number: int
    token: str
    provider_id: str | None
    made: float
    run: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a submitted request, and what it took."""

    custom_id: str
    state: Literal["answered", "failed", "held"]
    answer: Mapping[str, Any] | None
    usage: Usage | None
    cost_usd: float | None
    outcome: str


class News(NamedTuple):
    """What became of a request that nobody knew yet, what it might have taken at most, and its article's id."""

    result: Result
    most: Most
    article: str


class Outbox:
    """The outbox of a store. Every method raises StoreUnusable as the store's do, and then nothing of it is kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._writing, self._do, self._rows = store._writing, store._do, store._rows

    # Articles

    def begin(self, recipe: Recipe) -> None:
        """What was held is wanted again, and what belongs to briefs that were made meanwhile goes."""
        with self._writing():
            self._do("UPDATE requests SET state = 'wanted' WHERE state = 'held' AND recipe = ?", recipe.told)
            self._do("DELETE FROM waiting WHERE key IN (SELECT key FROM briefs)")
            self._do("DELETE FROM requests WHERE state != 'submitted' AND brief IN (SELECT key FROM briefs)")

    def ready(self, recipe: Recipe) -> Iterator[Article]:
        """The articles that wait for nothing any more: all that they asked for is answered."""
        last = 0
        select = (
            "SELECT waiting.id AS number, facts, text, is_escaped FROM waiting JOIN articles ON articles.id = article "
            "WHERE recipe = ? AND waiting.id > ? AND NOT EXISTS "
            "(SELECT 1 FROM open_requests WHERE brief = waiting.key) ORDER BY waiting.id LIMIT ?"
        )
        while rows := self._rows(select, recipe.told, last, _PAGE):
            for row in rows:
                text = json.loads(row["text"]) if row["is_escaped"] else row["text"]
                yield Article(**json.loads(row["facts"]), text=text)
            last = rows[-1]["number"]

    def waits(self, brief: str) -> bool:
        """Whether the article of that key waits for an answer."""
        return bool(self._rows("SELECT 1 FROM open_requests WHERE brief = ? LIMIT 1", brief))

    def waiting(self, recipe: Recipe) -> tuple[int, int]:
        """How many articles wait, with that recipe and with others."""
        select = "SELECT count(*) AS every, coalesce(sum(recipe = ?), 0) AS own FROM waiting"
        row = self._rows(select, recipe.told)[0]
        return row["own"], row["every"] - row["own"]

    # Requests

    def ask(
        self, recipe: Recipe, brief: str, article: Article, key: str, body: Mapping[str, Any], most: Most
    ) -> Request:
        """How far the request is; one that is not there is wanted from now on, and its article waits for it."""
        with self._writing():
            rows = self._rows(
                "SELECT state, tries, answer, share FROM requests WHERE brief = ? AND key = ?", brief, key
            )
            if rows and rows[0]["state"] in ("answered", "failed", "live"):
                answer = json.loads(rows[0]["answer"]) if rows[0]["answer"] else None
                return Request(rows[0]["state"], rows[0]["tries"], answer, rows[0]["share"])
            self._store._add(article)
            told = recipe.told
            if not rows:
                # Its keys in their own order, which is the order that the model answers in.
                text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
                insert = (
                    "INSERT INTO requests (brief, key, article, recipe, state, tries, body, size, most_input, "
                    "most_output, most_usd, share) VALUES (?, ?, ?, ?, 'wanted', 0, ?, ?, ?, ?, ?, 1)"
                )
                size = len(text.encode(errors="replace")) + OVERHEAD
                bounds = (most.input_tokens, most.output_tokens, most.cost_usd)
                self._do(insert, brief, key, article.id, told, text, size, *bounds)
            facts = json.dumps(article.model_dump(exclude={"id", "text"}))
            insert = "INSERT OR IGNORE INTO waiting (key, article, recipe, facts, since) VALUES (?, ?, ?, ?, ?)"
            is_new = self._do(insert, brief, article.id, told, facts, time.time()).rowcount > 0
        return Request(rows[0]["state"] if rows else "wanted", is_new=is_new)

    def wanted(self, recipe: Recipe) -> int:
        """How many requests are to be submitted."""
        select = "SELECT count(*) AS number FROM requests WHERE state = 'wanted' AND recipe = ?"
        return int(self._rows(select, recipe.told)[0]["number"])

    def next_most(self, recipe: Recipe) -> Most:
        """What the next request to be submitted may take."""
        select = (
            "SELECT most_input, most_output, most_usd FROM requests WHERE state = 'wanted' AND recipe = ? "
            "ORDER BY id LIMIT 1"
        )
        return next((Most(*row) for row in self._rows(select, recipe.told)), Most())

    # Batches

    def take(
        self, recipe: Recipe, run: int, most_requests: int, most_bytes: int, fits: Callable[[Most], bool]
    ) -> tuple[Sent, Most] | None:
        """Note that the next wanted requests are about to be submitted: as many as one file holds, and as `fits` lets
        what they may take together. None if there is not one.
        """
        told, token, now = recipe.told, secrets.token_hex(16), time.time()
        with self._writing():
            last, most = self._reach(told, most_requests, most_bytes, fits)
            if not last:
                return None
            insert = "INSERT INTO batches (token, model, run, state, made) VALUES (?, ?, ?, 'intended', ?)"
            number = int(self._do(insert, token, recipe.model, run, now).lastrowid or 0)
            update = (
                "UPDATE requests SET state = 'submitted', batch = ?, tries = tries + 1, custom_id = ? || '-' || id "
                "WHERE state = 'wanted' AND recipe = ? AND id <= ?"
            )
            self._do(update, number, token, told, last)
        return Sent(number, token, None, now, run), most

    def _reach(
        self, recipe: str, most_requests: int, most_bytes: int, fits: Callable[[Most], bool]
    ) -> tuple[int, Most]:
        """The last request that goes along, 0 for none, and what they may take together."""
        last, count, size, most = 0, 0, 0, Most()
        select = (
            "SELECT id, size, most_input, most_output, most_usd FROM requests WHERE state = 'wanted' AND recipe = ? "
            "AND id > ? ORDER BY id LIMIT ?"
        )
        while rows := self._rows(select, recipe, last, _PAGE):
            for row in rows:
                more = most + Most(row["most_input"], row["most_output"], row["most_usd"])
                is_full = count >= most_requests or (count and size + row["size"] > most_bytes)
                if is_full or not fits(more):
                    return last, most
                last, count, size, most = row["id"], count + 1, size + row["size"], more
        return last, most

    def bodies(self, number: int) -> Iterator[tuple[str, str]]:
        """The requests of a batch: custom id and body, which is JSON."""
        last = 0
        select = (
            "SELECT id, custom_id, body FROM requests WHERE batch = ? AND state = 'submitted' AND id > ? "
            "ORDER BY id LIMIT ?"
        )
        while rows := self._rows(select, number, last, _PAGE):
            yield from ((row["custom_id"], row["body"]) for row in rows)
            last = rows[-1]["id"]

    def size(self, number: int) -> int:
        """How many requests a batch has that are not answered."""
        select = "SELECT count(*) AS number FROM requests WHERE batch = ? AND state = 'submitted'"
        return int(self._rows(select, number)[0]["number"])

    def submitted(self, number: int, provider_id: str) -> None:
        """Note that the provider has a batch."""
        with self._writing():
            update = "UPDATE batches SET provider_id = ?, state = 'submitted' WHERE id = ?"
            self._do(update, provider_id, number)

    def outstanding(self, model: str) -> list[Sent]:
        """The batches of a model of which not all answers are here, the oldest first."""
        select = "SELECT id, token, provider_id, made, run FROM batches WHERE done IS NULL AND model = ? ORDER BY id"
        return [Sent(*row) for row in self._rows(select, model)]

    def is_open(self, number: int) -> bool:
        """Whether not all answers of a batch are here."""
        return bool(self._rows("SELECT 1 FROM batches WHERE id = ? AND done IS NULL", number))

    def take_in(
        self, sent: Sent, results: Sequence[Result], run: int | None, share: float, seconds: float
    ) -> tuple[list[News], int]:
        """Keep what became of requests, and give those that were not kept before; and how many results belong to no
        request of that batch."""
        news: list[News] = []
        unknown = 0
        select = (
            "SELECT id, state, brief, article, recipe, most_input, most_output, most_usd FROM requests "
            "WHERE custom_id = ? AND batch = ?"
        )
        update = (
            "UPDATE requests SET state = ?, answer = ?, share = ?, body = CASE ? WHEN 'held' THEN body END WHERE id = ?"
        )
        with self._writing():
            for each in results:
                rows = self._rows(select, each.custom_id, sent.number)
                unknown += not rows
                if not rows or rows[0]["state"] != "submitted":
                    continue
                row = rows[0]
                told = json.dumps(each.answer) if each.answer is not None else None
                self._do(update, each.state, told, share, each.state, row["id"])
                call = Call(each.outcome, each.usage, each.cost_usd, seconds, sent.made)
                made = Recipe(*json.loads(row["recipe"]))
                self._store.add_calls(row["brief"], row["article"], made, [call], run)
                most = Most(row["most_input"], row["most_output"], row["most_usd"])
                news.append(News(each, most, row["article"]))
        return news, unknown

    def settle(self, number: int, state: str, run: int | None, left_as: LeftAs) -> int:
        """Note that no more comes of a batch, and what becomes of its requests without an answer; how many they were.

        Those that were tried are wanted again, or sent the ordinary way if that was too often. Held or wanted, they
        were not even tried.
        """
        with self._writing():
            count = self.size(number)
            if left_as != "tried":
                update = "UPDATE requests SET state = ?, tries = tries - 1 WHERE batch = ? AND state = 'submitted'"
                self._do(update, left_as, number)
            else:
                self._log_unanswered(number, run)
                update = (
                    "UPDATE requests SET state = CASE WHEN tries < ? THEN 'wanted' ELSE 'live' END "
                    "WHERE batch = ? AND state = 'submitted'"
                )
                self._do(update, MOST_TRIES, number)
            self._do("UPDATE batches SET state = ?, done = ? WHERE id = ?", state, time.time(), number)
        return count

    def _log_unanswered(self, number: int, run: int | None) -> None:
        """Keep a call for each request that came to nothing: the provider charges nothing for those."""
        last = 0
        select = (
            "SELECT requests.id AS id, brief, article, recipe, made FROM requests JOIN batches ON batches.id = batch "
            "WHERE batch = ? AND requests.state = 'submitted' AND requests.id > ? ORDER BY requests.id LIMIT ?"
        )
        while rows := self._rows(select, number, last, _PAGE):
            for row in rows:
                call = Call("unanswered", None, 0.0, 0.0, row["made"])
                self._store.add_calls(row["brief"], row["article"], Recipe(*json.loads(row["recipe"])), [call], run)
            last = rows[-1]["id"]
