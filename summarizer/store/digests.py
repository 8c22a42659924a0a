"""Digests: those that were made, and what is known of stories, so that the next one can say what is new.

It is a part of a store. Of an article that is removed nothing stays here: stories of kept digests that have words of it
go, and what is known of stories is told by the articles anew.
"""

import json
import sqlite3
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pydantic import ValidationError

from ..errors import StoreUnusable
from ..schemas.article import Article
from ..schemas.brief import Brief
from ..schemas.digest import Digest, DigestStory
from .rows import article_of, brief_of
from .store import Store


@dataclass(frozen=True, slots=True)
class Stored:
    """An article of a store as one outlet has it, when its text came (Unix time), and its newest brief there.

    `brief` is None if it has none.
    """

    article: Article
    added: float
    brief: Brief | None


class Digests:
    """The digests of a store. Every method raises StoreUnusable as the store's do, and then nothing of it is kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._writing, self._do, self._rows = store._writing, store._do, store._rows

    # What a digest is made of

    def articles(self, since: float, search: str | None = None) -> Iterator[Stored]:
        """Every article that came at or after that Unix time, of each outlet that has its text, in order of texts;
        then those of which there is no brief, each as often as it failed under other titles or addresses.

        `search` is a query of SQLite's FTS5, by which the articles are chosen; it must not be an outsider's.
        """
        select = (
            "SELECT articles.*, brief, made FROM articles JOIN briefs ON article = articles.id "
            "WHERE articles.id IN (SELECT id FROM articles WHERE added >= ?1 UNION SELECT article FROM briefs "
            "WHERE made >= ?1) AND (?2 IS NULL OR articles.rowid IN (SELECT rowid FROM words WHERE words MATCH ?2)) "
            "ORDER BY added, id, made DESC, key"
        )
        for _, rows in groupby(self._store._each(select, since, search), key=lambda row: row["id"]):
            yield from (each for each in _of_each_outlet(list(rows)) if each.added >= since)
        failed = (
            "SELECT articles.*, facts, failed AS came FROM failures JOIN articles ON articles.id = article "
            "WHERE failed >= ?1 AND NOT EXISTS (SELECT 1 FROM briefs WHERE briefs.key = failures.key) "
            "AND (?2 IS NULL OR articles.rowid IN (SELECT rowid FROM words WHERE words MATCH ?2)) "
            "UNION ALL SELECT *, NULL, added FROM articles WHERE added >= ?1 "
            "AND id NOT IN (SELECT article FROM briefs) AND id NOT IN (SELECT article FROM failures) "
            "AND (?2 IS NULL OR articles.rowid IN (SELECT rowid FROM words WHERE words MATCH ?2)) "
            "ORDER BY came, id, facts"
        )
        for row in self._store._each(failed, since, search):
            yield Stored(article_of(row, row["facts"]), row["came"], None)

    def at(self, url: str) -> Iterator[Article]:
        """The articles that came from this very address."""
        yield from map(article_of, self._store._each("SELECT * FROM articles WHERE url = ? ORDER BY added, id", url))

    def of_keys(self, keys: Collection[str]) -> Iterator[Stored]:
        """The articles of these keys, with the briefs that they have there, in the order of the keys."""
        select = (
            "SELECT articles.*, brief, facts FROM json_each(?) AS wanted LEFT JOIN briefs ON briefs.key = wanted.value "
            "LEFT JOIN failures ON failures.key = wanted.value "
            "JOIN articles ON articles.id = coalesce(briefs.article, failures.article) ORDER BY wanted.key"
        )
        for row in self._store._each(select, json.dumps(list(dict.fromkeys(keys)))):
            if row["brief"] is None:
                yield Stored(article_of(row, row["facts"]), row["added"], None)
            else:
                brief = brief_of(row)
                yield Stored(brief.article, row["added"], brief)

    # Those that were made

    def keep(self, digest: Digest, *, since: float | None, until: float) -> None:
        """Keep the stories and days of a digest, of the articles between two Unix times (`since` None: of any time)."""
        # Corrections and notes are the day's own: the next digest asks for none of them.
        frame = json.dumps(digest.model_dump(include={"since", "until", "has_previous", "compared_to"}))
        with self._writing():
            insert = "INSERT INTO digests (since, until, made, frame) VALUES (?, ?, ?, ?)"
            number = self._do(insert, since, until, time.time(), frame).lastrowid
            for place, story in enumerate(digest.stories):
                # What has changed has words of the digest before it, and no later one asks for them.
                told = json.dumps(story.model_dump(exclude={"changes"}) | {"changes": ()}, separators=(",", ":"))
                if not self._are_here(_articles_in(story)):
                    continue  # one was forgotten since
                self._do("INSERT INTO digest_stories (digest, place, story) VALUES (?, ?, ?)", number, place, told)
                for article in sorted(_articles_in(story)):
                    insert = "INSERT INTO digest_sources (article, digest, place) VALUES (?, ?, ?)"
                    self._do(insert, article, number, place)

    def _are_here(self, articles: Collection[str]) -> bool:
        select = "SELECT count(*) FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        return bool(self._rows(select, json.dumps(sorted(articles)))[0][0] == len(articles))

    def before(self, moment: float) -> Digest | None:
        """The newest digest of articles until that Unix time or an earlier one; None if there is none."""
        select = "SELECT id, frame FROM digests WHERE until <= ? ORDER BY until DESC, id DESC LIMIT 1"
        for row in self._rows(select, moment):
            stories = self._rows("SELECT story FROM digest_stories WHERE digest = ? ORDER BY place", row["id"])
            try:
                told = {**json.loads(row["frame"]), "stories": [json.loads(each["story"]) for each in stories]}
                return Digest.model_validate(told)
            except (ValidationError, ValueError, TypeError) as error:
                what = f"digest {row['id']} in the store cannot be read"
                raise StoreUnusable(what, "leave it out (--no-previous)") from error
        return None

    # What is known of stories

    def stories(self) -> tuple[bytes | None, int]:
        """What was kept of stories, None if nothing is, and how often that was written or dropped."""
        (row,) = self._rows("SELECT state, written FROM known_stories")
        return row["state"] or None, row["written"]

    def keep_stories(self, state: bytes, written: int) -> bool:
        """Keep what is known of stories in place of what `stories` gave; False if another process was faster, or an
        article was forgotten since."""
        with self._writing():
            update = "UPDATE known_stories SET state = ?, written = written + 1 WHERE written = ?"
            return self._do(update, state, written).rowcount == 1


def _of_each_outlet(rows: Sequence[sqlite3.Row]) -> Iterator[Stored]:
    """One article's newest brief for each outlet and title; `rows` have its briefs, the newest first.

    The text came with the outlet that was briefed first; with another, or as its kill, when that was briefed first.
    """
    newest: dict[tuple[str, str | None], Brief] = {}
    came: dict[tuple[str, str | None], float] = {}
    for row in rows:
        brief = brief_of(row)
        place = ((brief.article.source or "").casefold(), brief.article.title)
        newest.setdefault(place, brief)
        came[place] = row["made"]
    first = min(came.values())
    for place, brief in newest.items():
        yield Stored(brief.article, rows[0]["added"] if came[place] == first else came[place], brief)


def _articles_in(story: DigestStory) -> set[str]:
    """Every article that a story names: its own, and those of earlier days that words of it come from."""
    return {article.id for article in story.articles}.union(_named_in(story.model_dump()))


def _named_in(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        if isinstance(told.get("article"), str):
            yield told["article"]
        told = tuple(told.values())
    if isinstance(told, (list, tuple)):
        for each in told:
            yield from _named_in(each)
