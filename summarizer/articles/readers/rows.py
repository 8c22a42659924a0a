"""JSONL and CSV: an article a line, with `text` or `url` and, if there are, title, date, source, byline, language.

A row that is wrong is an error among the articles, and the rows after it are read. A file may be of any size:
`read_file` has one line of it in memory at a time.
"""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ...errors import ArticleUnreadable
from ...schemas.article import Article
from ..decoding import decode
from ..front_matter import FIELDS
from ..raw import MAX_BYTES, Link, Raw

_LONGEST_CELL = 1_000_000  # characters, as long as an article may be
_NEEDED = ("text", "url", "link")
_COLUMNS = "name the columns text, url, title, date, source in the first line"
_SNIFFED = 4096  # bytes or characters by which a table tells how it is written


def read_many(raw: Raw) -> Iterator[Article | Link | ArticleUnreadable]:
    """Each row as an article, as the link to it, or as what is wrong with it. Raises ArticleUnreadable where what
    follows cannot be read either."""
    text, _ = decode(raw)
    if raw.suffix == ".csv" or raw.media_type == "text/csv":
        yield from _table(io.StringIO(text, newline=""), text[:_SNIFFED], raw.name)
    else:
        yield from _lines(text.split("\n"), raw.name)


def read_file(path: Path, name: str) -> Iterator[Article | Link | ArticleUnreadable]:
    """As `read_many` for a file of any size, packed by gzip or not; `name` is what a message calls it."""
    is_packed = path.suffix.lower() == ".gz"
    suffix = (path.with_suffix("") if is_packed else path).suffix.lower()
    try:
        with gzip.open(path) if is_packed else path.open("rb") as file:
            if suffix == ".csv":
                head = file.read(_SNIFFED)
                file.seek(0)
                encoding = "utf-8-sig" if _is_utf8(head) else "cp1252"
                text = io.TextIOWrapper(file, encoding, newline="")
                yield from _table(text, head.decode(encoding, "replace"), name)
            else:
                yield from _lines(_decoded(file, name), name)
    except (OSError, EOFError, zlib.error, UnicodeError) as error:
        raise ArticleUnreadable(
            f"{name} cannot be read to its end: {error}", "mend the file and give it again"
        ) from error


def _is_utf8(head: bytes) -> bool:
    """Whether the beginning of a file is UTF-8, which may break off within a letter."""
    try:
        head[:-4].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(file: io.BufferedIOBase, name: str) -> Iterator[str | ArticleUnreadable]:
    number = 0
    while line := file.readline(MAX_BYTES + 1):
        number += 1
        if len(line) > MAX_BYTES:
            what = f"{name}, line {number}, has more than {MAX_BYTES // 1_000_000} MB"
            raise ArticleUnreadable(what, "give one article a line")
        try:
            yield decode(Raw(line, f"{name}, line {number},"))[0]
        except ArticleUnreadable as error:
            yield error


def _lines(lines: Iterable[str | ArticleUnreadable], name: str) -> Iterator[Article | Link | ArticleUnreadable]:
    for number, line in enumerate(lines, 1):
        if isinstance(line, ArticleUnreadable):
            yield line
        elif line.strip():
            yield _json(line, f"{name}, line {number}")


def _json(line: str, name: str) -> Article | Link | ArticleUnreadable:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return ArticleUnreadable(f"{name}, is no JSON", "give one JSON object a line")
    if not isinstance(row, dict):
        return ArticleUnreadable(f"{name}, is no JSON object", "give one JSON object a line")
    return _entry(row, name)


def _table(file: Iterable[str], head: str, name: str) -> Iterator[Article | Link | ArticleUnreadable]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        dialect = csv.Sniffer().sniff(head, delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    reader = csv.DictReader(file, dialect=dialect)
    try:
        columns = {(column or "").strip().lower() for column in reader.fieldnames or ()}
        if columns.isdisjoint(_NEEDED):
            raise ArticleUnreadable(f"{name} has no column text or url", _COLUMNS)
        for row in reader:
            told = {(key or "").strip().lower(): value for key, value in row.items()}
            yield _entry(told, f"{name}, line {reader.line_num}")
    except csv.Error as error:
        raise ArticleUnreadable(
            f"{name}, line {reader.line_num}: {error}", "mend the table and give it again"
        ) from error


def _entry(row: dict[str, Any], name: str) -> Article | Link | ArticleUnreadable:
    facts = {
        field: str(row[key]).strip()
        for key, field in FIELDS.items()
        if field != "url" and row.get(key) and not isinstance(row[key], dict | list)
    }
    text, url = row.get("text"), row.get("url") or row.get("link")
    if isinstance(text, str) and text.strip():
        try:
            return Article(text=text, url=url if isinstance(url, str) and url else None, **facts)
        except ValidationError as error:
            return ArticleUnreadable(f"{name}: {error.errors()[0]['msg']}", "mend the row")
    if isinstance(url, str) and url.strip():
        known = {key: facts.get(key) for key in ("title", "published", "source")}
        return Link(url.strip(), **known)
    return ArticleUnreadable(f"{name} has neither text nor url", _COLUMNS)
