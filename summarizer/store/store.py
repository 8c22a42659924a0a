"""Store: what is put into the file of a store, and what is taken out."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from ..errors import AnswerUnusable, StoreUnusable, SummarizerError
from ..schemas.article import Article
from ..schemas.brief import Brief, Usage
from .database import connect, told, writing
from .owners import is_at_work, this_process
from .recipe import Recipe
from .rows import Call, Given, Kept, Status, brief_of

_SHORTEST_ID = 6  # digits of an id that name an article
_TRIES, _PAUSE = 20, 0.25  # of emptying the log while another process reads, and seconds between two
LEASE = 900.0  # seconds that a claim holds without being renewed, for a process on another machine


class Store:
    """The store in a file, which is made where it is not there. Close it when done, or use `with`.

    Safe to share between threads: they take turns. Several processes may use one file on a local disk at a time. Every
    method raises StoreUnusable where the file cannot be read or written; then nothing of that call has been kept.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()
        self._connection = connect(self.path)
        self.owner = this_process()

    # Runs

    def begin_run(self, command: str, model: str) -> int:
        """Note that a run begins, and give its number."""
        with self._writing():
            insert = "INSERT INTO runs (command, model, started) VALUES (?, ?, ?)"
            return int(self._do(insert, command, model, time.time()).lastrowid or 0)

    def end_run(self, run: int, outcome: str) -> None:
        """Note how a run ended."""
        with self._writing():
            self._do("UPDATE runs SET ended = ?, outcome = ? WHERE id = ?", time.time(), outcome, run)

    # Briefs

    def has(self, key: str) -> bool:
        """Whether the brief of that key is kept."""
        return bool(self._rows("SELECT 1 FROM briefs WHERE key = ?", key))

    def brief(self, key: str) -> Brief | None:
        """The brief of that key; None if there is none."""
        select = "SELECT brief, articles.* FROM briefs JOIN articles ON articles.id = article WHERE key = ?"
        return next(map(brief_of, self._rows(select, key)), None)

    def briefs(self, *, since: float = 0.0) -> Iterator[Brief]:
        """The newest brief of every article that was made at or after that Unix time, the oldest first."""
        return (brief for _, brief in self.briefs_and_times(since=since))

    def briefs_and_times(self, *, since: float = 0.0) -> Iterator[tuple[float, Brief]]:
        """As `briefs`, each with the Unix time at which it was made."""
        select = (
            "SELECT brief, made, articles.* FROM briefs JOIN articles ON articles.id = article WHERE made = "
            "(SELECT max(made) FROM briefs AS other WHERE other.article = briefs.article) AND made >= ? ORDER BY made"
        )
        return ((row["made"], brief_of(row)) for row in self._each(select, since))

    def keep(self, key: str, brief: Brief, run: int | None = None) -> None:
        """Keep a brief with its article, in the place of one of the same key; what failed before is forgotten, and
        answers that were kept for it go."""
        with self._writing():
            self._add(brief.article)
            # The text stands with the article, once. In ASCII, which holds half a surrogate pair too.
            told = json.dumps(brief.model_dump(exclude={"article": {"text"}}), separators=(",", ":"))
            insert = "INSERT OR REPLACE INTO briefs (key, article, run, model, brief, made) VALUES (?, ?, ?, ?, ?, ?)"
            self._do(insert, key, brief.article.id, run, brief.audit.model, told, time.time())
            self._do("DELETE FROM failures WHERE key = ?", key)
            self._wait_no_more(key, with_answers=True)

    def keep_failure(self, key: str, article: Article, error: SummarizerError, run: int | None = None) -> None:
        """Keep the reason why there is no brief of that key. Answers to it are kept on, if they are of use."""
        with self._writing():
            self._add(article)
            insert = (
                "INSERT OR REPLACE INTO failures (key, article, run, kind, reason, remedy, failed, facts) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            )
            facts = json.dumps(article.model_dump(exclude={"id", "text"}))
            values = (type(error).__name__, error.what, error.remedy, time.time(), facts)
            self._do(insert, key, article.id, run, *values)
            # One that cannot be used would be found again by every later run; what was refused is asked anew.
            self._wait_no_more(key, with_answers=isinstance(error, AnswerUnusable))

    def _wait_no_more(self, key: str, *, with_answers: bool) -> None:
        """Nothing is waited for any more for the brief of that key; what is at a provider comes all the same."""
        gone = "state != 'submitted'" if with_answers else "state = 'failed'"
        self._do("DELETE FROM waiting WHERE key = ?", key)
        self._do(f"DELETE FROM requests WHERE brief = ? AND {gone}", key)  # noqa: S608 - one of the two above

    def keep_calls(
        self, key: str, article: Article, recipe: Recipe, calls: Sequence[Call], run: int | None = None
    ) -> None:
        """Keep what was sent to a model for an article, with what it answered."""
        if calls:
            with self._writing():
                self._add(article)
                self.add_calls(key, article.id, recipe, calls, run)

    def add_calls(self, key: str, article: str, recipe: Recipe, calls: Sequence[Call], run: int | None = None) -> None:
        """Keep what was sent to a model for an article that is there, by its id."""
        insert = (
            "INSERT INTO calls (article, run, key, model, prompt, draft_schema, parameters, outcome, input_tokens, "
            "cached_tokens, output_tokens, cost_usd, seconds, sent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        made = (recipe.model, recipe.prompt, recipe.draft_schema, recipe.parameters)
        with self._writing():
            for call in calls:
                used = call.usage
                counted = (used.input_tokens, used.cached_tokens, used.output_tokens) if used else (None, None, None)
                told = (*counted, call.cost_usd, call.seconds, call.sent)
                self._do(insert, article, run, key, *made, call.outcome, *told)
                if call.given is not None:
                    self._keep_answer(key, article, recipe, call.given)

    def _keep_answer(self, key: str, article: str, recipe: Recipe, given: Given) -> None:
        """One that a provider's batch is to bring, too, is left to that."""
        insert = (
            "INSERT INTO requests (brief, key, article, recipe, state, tries, size, most_input, most_output, answer, "
            "share) VALUES (?, ?, ?, ?, 'answered', ?, 0, 0, 0, ?, ?) ON CONFLICT (brief, key) DO UPDATE SET "
            "state = 'answered', tries = tries + excluded.tries, body = NULL, answer = excluded.answer, "
            "share = excluded.share WHERE state != 'submitted'"
        )
        self._do(insert, key, given.key, article, recipe.told, given.tries, json.dumps(given.told), given.share)

    def answers(self, key: str) -> list[Given]:
        """What was answered for the brief of that key, which is not made yet."""
        select = "SELECT key, answer, tries, share FROM requests WHERE brief = ? AND state = 'answered'"
        return [Given(row[0], json.loads(row[1]), row[2], row[3]) for row in self._rows(select, key)]

    def tie(self, key: str, articles: Sequence[Article]) -> None:
        """Have what is answered at a key go with each of these articles, on all of which it rests."""
        with self._writing():
            for article in articles:
                self._add(article)
                self._do("INSERT OR IGNORE INTO told (key, article) VALUES (?, ?)", key, article.id)

    def drop_answers(self, key: str) -> None:
        """Have what was answered for that brief asked anew."""
        with self._writing():
            self._wait_no_more(key, with_answers=True)

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is put in meanwhile by this thread is kept at once, all of it or nothing; it costs one write to disk."""
        with self._writing():
            yield

    def _add(self, article: Article) -> None:
        is_escaped = any("\ud800" <= sign <= "\udfff" for sign in article.text)  # half a pair SQLite cannot hold
        insert = (
            "INSERT INTO articles (id, title, url, source, byline, published, language, text, is_escaped, warnings, "
            "added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "title = coalesce(excluded.title, title), url = coalesce(excluded.url, url), "
            "source = coalesce(excluded.source, source)"
        )
        self._do(
            insert,
            article.id,
            article.title,
            article.url,
            article.source,
            article.byline,
            article.published,
            article.language,
            json.dumps(article.text) if is_escaped else article.text,
            is_escaped,
            json.dumps(article.warnings),
            time.time(),
        )

    # Claims

    def claim(self, key: str) -> Literal["mine", "done", "busy"]:
        """Claim the work at a key for this process: it is "mine" now, or its brief is there, or another is at it.

        A claim of a process that is gone is nobody's.
        """
        now = time.time()
        with self._writing():
            if self.has(key):
                return "done"
            held = self._rows("SELECT owner, until FROM claims WHERE key = ?", key)
            if held and held[0]["owner"] != self.owner and is_at_work(held[0]["owner"], held[0]["until"], now):
                return "busy"
            insert = "INSERT OR REPLACE INTO claims (key, owner, until) VALUES (?, ?, ?)"
            self._do(insert, key, self.owner, now + LEASE)
        return "mine"

    def renew(self) -> None:
        """Hold on to this process's claims for another while; a process on another machine sees only the time."""
        with self._writing():
            self._do("UPDATE claims SET until = ? WHERE owner = ?", time.time() + LEASE, self.owner)

    def release(self, key: str) -> None:
        """Give up a claim, whether its work is done or not."""
        with self._writing():
            self._do("DELETE FROM claims WHERE key = ? AND owner = ?", key, self.owner)

    # What is in it

    def articles(self, words: str | None = None, *, limit: int = -1) -> Iterator[Kept]:
        """The articles, the newest first, of those with these words in title or text the best fitting first."""
        if words is None:
            found = self._each("SELECT * FROM articles ORDER BY added DESC LIMIT ?", limit)
        else:
            select = (
                "SELECT articles.* FROM words JOIN articles ON articles.rowid = words.rowid WHERE words MATCH ? "
                "ORDER BY rank LIMIT ?"
            )
            found = self._each(select, _query(words), limit)
        yield from map(self._kept, found)

    def failed(self, *, limit: int = -1) -> Iterator[Kept]:
        """The articles that have no brief, and a reason why, the newest first."""
        select = (
            "SELECT * FROM articles WHERE id IN (SELECT article FROM failures) "
            "AND NOT EXISTS (SELECT 1 FROM briefs WHERE article = articles.id) ORDER BY added DESC LIMIT ?"
        )
        yield from map(self._kept, self._each(select, limit))

    def article(self, article: str) -> Kept | None:
        """What there is of the article with that id; None if there is none."""
        return next(map(self._kept, self._rows("SELECT * FROM articles WHERE id = ?", article)), None)

    def _kept(self, row: sqlite3.Row) -> Kept:
        briefs = self._rows("SELECT key, model FROM briefs WHERE article = ? ORDER BY made DESC", row["id"])
        failed = self._rows("SELECT reason FROM failures WHERE article = ? ORDER BY failed DESC LIMIT 1", row["id"])
        return Kept(
            row["id"],
            row["title"],
            row["url"],
            row["source"],
            row["added"],
            tuple((each["key"], each["model"]) for each in briefs),
            failed[0]["reason"] if failed else None,
        )

    def find(self, name: str) -> str | None:
        """The id of the one article that an address or the beginning of an id means; None for none or several."""
        is_id = len(name) >= _SHORTEST_ID and set(name) <= set("0123456789abcdef")
        first, after = (name, f"{name}g") if is_id else ("", "")
        rows = self._rows(
            "SELECT id FROM articles WHERE url = ? UNION SELECT id FROM articles WHERE id >= ? AND id < ? LIMIT 2",
            name,
            first,
            after,
        )
        return str(rows[0]["id"]) if len(rows) == 1 else None

    def forget(self, article: str) -> bool:
        """Remove an article, its briefs, its calls and its failures for good; False if it is not there."""
        with self._writing():
            self._do("DELETE FROM claims WHERE key IN (SELECT key FROM briefs WHERE article = ?)", article)
            gone = self._do("DELETE FROM articles WHERE id = ?", article).rowcount
        self._scrub()
        return gone > 0

    def _scrub(self) -> None:
        """Leave nothing of what was removed in free pages, in the index of words or in the log."""
        with self._writing():
            self._do("INSERT INTO words (words) VALUES ('optimize')")
        remedy = "when it has finished, run: summarizer store prune --older-than 36500"
        for _ in range(_TRIES):
            with self._lock, told(self.path):
                self._connection.execute("VACUUM")
                if not self._connection.execute("PRAGMA wal_checkpoint (TRUNCATE)").fetchone()[0]:
                    return
            time.sleep(_PAUSE)
        raise StoreUnusable(f"removed, but bytes of it may be in {self.path} while another process reads it", remedy)

    def prune(self, before: float) -> int:
        """Remove the articles that came before that Unix time, with all that belongs to them; how many they were.

        Digests of articles until that time or an earlier one go, too.
        """
        with self._writing():
            self._do("DELETE FROM digests WHERE until < ?", before)
            gone = self._do("DELETE FROM articles WHERE added < ?", before).rowcount
        self._scrub()
        return gone

    def status(self, run: int | None = None) -> Status:
        """How much there is, and what the calls took, of one run or of all."""
        counts = self._rows(
            "SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM briefs) AS briefs, "
            "(SELECT count(*) FROM failures) AS failures, (SELECT count(*) FROM claims WHERE until > ?) AS working",
            time.time(),
        )[0]
        calls = self._rows(
            "SELECT count(*) AS calls, coalesce(sum(input_tokens), 0) AS input, coalesce(sum(cached_tokens), 0) AS "
            "cached, coalesce(sum(output_tokens), 0) AS output, coalesce(sum(cost_usd), 0) AS cost, "
            "coalesce(sum(cost_usd IS NULL), 0) AS unpriced FROM calls WHERE ? IS NULL OR run = ?",
            run,
            run,
        )[0]
        used = Usage(input_tokens=calls["input"], cached_tokens=calls["cached"], output_tokens=calls["output"])
        size = sum(part.stat().st_size for part in self.path.parent.glob(f"{self.path.name}*"))
        return Status(
            counts["articles"],
            counts["briefs"],
            counts["failures"],
            calls["calls"],
            used,
            calls["cost"],
            calls["unpriced"],
            counts["working"],
            size,
        )

    # The way to the file

    def _do(self, statement: str, *values: Any) -> sqlite3.Cursor:
        # Of a title or an address with half a surrogate pair that half is a question mark; the brief has it whole.
        return self._connection.execute(statement, [plain(each) if isinstance(each, str) else each for each in values])

    def _rows(self, statement: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock, told(self.path):
            return self._connection.execute(statement, values).fetchall()

    def _each(self, statement: str, *values: Any) -> Iterator[sqlite3.Row]:
        """The rows, a hundred in memory at a time."""
        with self._lock, told(self.path):
            cursor = self._connection.execute(statement, values)
        while True:
            with self._lock, told(self.path):
                rows = cursor.fetchmany(100)
            if not rows:
                return
            yield from rows

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, told(self.path):
            if self._connection.in_transaction:  # of `together`
                yield
                return
            with writing(self._connection):
                yield

    def close(self) -> None:
        """Close the file. What was put in is kept; the methods then raise."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _query(words: str) -> str:
    """Words as FTS5 takes them: each is looked for as it stands, none is a command."""
    return " ".join('"' + word.replace('"', '""') + '"' for word in words.split()) or '""'


def plain(text: str) -> str:
    """The text as SQLite can hold it: half a surrogate pair becomes a question mark."""
    return text.encode(errors="replace").decode()
