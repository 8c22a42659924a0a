"""JSONL and CSV: an article a line, with `text` or `url` and, if there are, title, date, source, byline, language."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from ...errors import ArticleUnreadable
from ...schemas.article import Article
from ..decoding import decode
from ..front_matter import FIELDS
from ..raw import Link, Raw

_LONGEST_CELL = 1_000_000  # characters, as long as an article may be


def read_many(raw: Raw) -> Iterator[Article | Link]:
    """Each row as an article, or as the link to it. Raises ArticleUnreadable with the line that is wrong."""
    text, _ = decode(raw)
    is_table = raw.suffix == ".csv" or raw.media_type == "text/csv"
    for line, row in _table(text, raw.name) if is_table else _lines(text, raw.name):
        yield _entry(row, f"{raw.name}, line {line}")


def _lines(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ArticleUnreadable(f"{name}, line {number}, is no JSON", "give one JSON object a line") from error
        if not isinstance(row, dict):
            raise ArticleUnreadable(f"{name}, line {number}, is no JSON object", "give one JSON object a line")
        yield number, row


def _table(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        dialect = csv.Sniffer().sniff(text[:4096], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=dialect)
    try:
        for row in reader:
            yield reader.line_num, {(key or "").strip().lower(): value for key, value in row.items()}
    except csv.Error as error:
        raise ArticleUnreadable(
            f"{name}, line {reader.line_num}: {error}", "mend the table and give it again"
        ) from error


def _entry(row: dict[str, Any], name: str) -> Article | Link:
    facts = {
        field: str(row[key]).strip()
        for key, field in FIELDS.items()
        if field != "url" and row.get(key) and not isinstance(row[key], dict)
    }
    text, url = row.get("text"), row.get("url") or row.get("link")
    if isinstance(text, str) and text.strip():
        try:
            return Article(text=text, url=url if isinstance(url, str) and url else None, **facts)
        except ValidationError as error:
            raise ArticleUnreadable(f"{name}: {error.errors()[0]['msg']}", "mend the row") from error
    if isinstance(url, str) and url.strip():
        known = {key: facts.get(key) for key in ("title", "published", "source")}
        return Link(url.strip(), **known)
    raise ArticleUnreadable(f"{name} has neither text nor url", "name the columns text, url, title, date, source")
