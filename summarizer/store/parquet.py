"""The briefs of a store as one table for other programs, in a Parquet file."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from ..errors import ConfigurationError
from ..files import written_whole
from ..schemas.brief import Brief
from .store import Store, plain

ROWS, CHARACTERS = 500, 32_000_000  # of a row group, the one or the other at most
_TEXTS = ("id", "title", "url", "source", "published", "model", "headline", "summary", "brief")


def write_parquet(store: Store, path: Path) -> int:
    """Write the newest brief of every article to that file, whole or not at all; how many they are.

    A row has `id`, `title`, `url`, `source` and `published` of the article as they were given, the `model`, the moment
    at which the brief was `made` (UTC), its `headline` and `summary`, and as `brief` all of it as JSON (brief/1). Held
    in memory is one row group.

    Raises ConfigurationError where pyarrow is not installed, StoreUnusable, and OSError where the file cannot be
    written.
    """
    arrow, parquet = _library("pyarrow"), _library("pyarrow.parquet")
    kinds = {name: arrow.string() for name in _TEXTS}
    made = arrow.timestamp("us", tz="UTC")
    order = [*_TEXTS[:6], "made", *_TEXTS[6:]]
    schema = arrow.schema([arrow.field(name, kinds.get(name, made)) for name in order])
    count = 0
    with (
        written_whole(path) as file,
        parquet.ParquetWriter(file, schema, compression="zstd") as writer,
    ):
        for rows in _groups(store):
            writer.write_table(arrow.Table.from_pylist(rows, schema=schema), row_group_size=len(rows))
            count += len(rows)
    return count


def _groups(store: Store) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    size = 0
    for made, brief in store.briefs_and_times():
        rows.append(_row(made, brief))
        size += len(rows[-1]["brief"])
        if len(rows) >= ROWS or size >= CHARACTERS:
            yield rows
            rows, size = [], 0
    if rows:
        yield rows


def _row(made: float, brief: Brief) -> dict[str, Any]:
    article = brief.article
    texts = {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "published": article.published,
        "model": brief.audit.model,
        "headline": brief.headline.text,
        "summary": " ".join(sentence.text for sentence in brief.summary),
        "brief": json.dumps(brief.model_dump()),
    }
    # UTF-8 has no half a surrogate pair; the JSON has it whole, as an escape.
    told = {name: text if text is None else plain(text) for name, text in texts.items()}
    return {**told, "made": datetime.fromtimestamp(made, UTC)}


def _library(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "pyarrow":
            raise
        raise ConfigurationError(
            "Parquet needs a package that is not installed", "pip install 'summarizer[parquet]'"
        ) from error
