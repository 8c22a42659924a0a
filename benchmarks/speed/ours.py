"""One run of `summarizer.batch.Batch` over articles of the benchmark, in a process of its own: figures as JSON.

python -m benchmarks.speed.ours --base-url http://127.0.0.1:8000/v1 --articles 100 --store folder/s.db
"""

import argparse
import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from summarizer import Article, Summarizer
from summarizer.batch import Batch, Event, Limits, Report, Workers
from summarizer.schemas.brief import Brief
from summarizer.store import Recipe, Store

from .articles import Made, many
from .process import cpu_seconds, memory, peak_memory

MODEL = "double"
SECTIONS = ("summary", "actors", "positions", "deals", "open_questions")


def article_of(made: Made) -> Article:
    """The article as the program has it."""
    row = made.row
    return Article(text=row["text"], title=row["title"], published=row["date"], source=row["source"])


class Shapes:
    """What the briefs of a run hold, counted while they come: none is kept in memory."""

    def __init__(self) -> None:
        self.briefs = self.requests = self.whole = 0
        self.items = dict.fromkeys(SECTIONS, 0)

    def note(self, event: Event) -> None:
        """Count what a brief holds."""
        if event.brief is not None:
            self.briefs += 1
            self.requests += event.brief.audit.attempts
            self.whole += is_whole(event.brief)
            for section in SECTIONS:
                self.items[section] += len(getattr(event.brief, section))


def is_whole(brief: Brief) -> bool:
    """Whether a brief has a headline and something in every section."""
    return bool(brief.headline.text) and all(getattr(brief, section) for section in SECTIONS)


def workers_of(make: Callable[[], Summarizer], recipe: Recipe, limits: Limits, count: int) -> Any:
    """The workers, if there are to be any, to be used with `async with`."""
    return Workers(make, recipe, limits, count) if count > 1 else contextlib.nullcontext()


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """The figures of one run: seconds and CPU without the first `--warm` articles, memory with all."""
    limits, shapes = Limits(), Shapes()
    loaded = memory()
    make = partial(Summarizer, MODEL, base_url=options.base_url)

    async def run(articles: Iterator[Article]) -> Report:
        briefer = helpers or summarizer
        return await Batch(briefer, store, limits, concurrency=options.concurrency, on=shapes.note).run(articles)

    first = options.first
    with Store(options.store) as store:
        async with (
            make(gate=limits) as summarizer,
            workers_of(make, summarizer.recipe, limits, options.workers) as helpers,
        ):
            # The first ones pay for what is loaded once: word lists, the SDK, the connections.
            await run(map(article_of, many(options.warm, first=first + options.articles)))
            asked, shapes = limits.requests, Shapes()
            began, cpu = time.monotonic(), cpu_seconds()
            report = await run(map(article_of, many(options.articles, first=first)))
            seconds, cpu, most = time.monotonic() - began, cpu_seconds() - cpu, peak_memory()
    return {
        "articles": options.articles,
        "made": report.made,
        "kept": report.kept,
        "failed": report.failed,
        "failures": [reason for _, reason in report.failures[:3]],
        "requests": limits.requests - asked,
        "whole": shapes.whole,
        "items": shapes.items,
        "seconds": seconds,
        "cpu": cpu,
        "memory_loaded": loaded,
        "memory_peak": most,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The process."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.ours", description="One run of a batch.")
    parser.add_argument("--base-url", required=True, help="of the double")
    parser.add_argument("--store", required=True, help="the file to keep the briefs in")
    parser.add_argument("--articles", type=int, required=True, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the number of the first")
    parser.add_argument("--warm", type=int, default=0, help="articles beside them that are not measured")
    parser.add_argument("--concurrency", type=int, default=16, help="articles at a time")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    print(json.dumps(asyncio.run(measure(parser.parse_args(arguments)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
