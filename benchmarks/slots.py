"""How much faster the embedded model briefs several articles at a time: `python -m benchmarks.slots [SOURCES…]`.

Each number of slots is a new engine, which reads what all prompts begin with once. Times are of one run on one machine:
only their ratio means something elsewhere. The engine's CPU seconds stand beside, as they do not count what else ran.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from summarizer import Limits, Store, Summarizer, load_articles
from summarizer.batch import Batch
from summarizer.schemas.article import Article
from summarizer.schemas.brief import Usage

ROOT = Path(__file__).resolve().parents[1]
# The seeds, and the article of the worked example, which is eight.
USUAL = (str(ROOT / "seeds"), str(ROOT / "prompts" / "news" / "examples"))
KEPT_OUT = "LICENCE"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run took. `calling` are the seconds in which at least one request was at the engine."""

    slots: int
    briefs: int
    seconds: float
    calling: float
    engine_cpu: float
    usage: Usage


def measure(articles: Sequence[Article], slots: int, model: str) -> Measured:
    """One run over the articles with a new engine of so many slots."""
    spans: list[tuple[float, float]] = []
    limits = Limits(log=lambda done: spans.append((done.sent, done.sent + done.seconds)))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "s.db") as store:
        with Summarizer(model, gate=limits, parallel=slots) as summarizer:
            asyncio.run(summarizer._model.prepare())  # loading is not what is measured
            began = time.monotonic()
            report = asyncio.run(Batch(summarizer, store, limits, concurrency=slots).run(iter(articles)))
            seconds = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        usage = store.status().usage
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(slots, report.made, seconds, _covered(spans), cpu, usage)


def _covered(spans: Sequence[tuple[float, float]]) -> float:
    """The seconds that the spans cover together."""
    covered, reached = 0.0, float("-inf")
    for start, end in sorted(spans):
        covered += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return covered


def _row(one: Measured, first: Measured) -> Iterator[str]:
    yield str(one.slots)
    yield f"{one.seconds / first.seconds:.2f}"
    yield f"{one.engine_cpu / first.engine_cpu:.2f}"
    yield f"{3600 * one.briefs / one.seconds:.1f}"
    yield f"{one.calling / one.seconds:.2f}"
    yield f"{one.seconds:.0f}"
    yield f"{one.usage.input_tokens:,} ({one.usage.cached_tokens:,})"
    yield f"{one.usage.output_tokens:,}"
    yield f"{one.usage.output_tokens / one.seconds:.1f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.slots", description=__doc__)
    parser.add_argument("sources", nargs="*", default=USUAL, help="as of `summarizer batch`  [default: the seeds]")
    parser.add_argument("--slots", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--articles", type=int, default=8)
    parser.add_argument("--model", default="local")
    options = parser.parse_args(arguments)
    found = (article for source in options.sources for article in load_articles(source))
    articles = list(islice((each for each in found if KEPT_OUT not in each.text[:80].upper()), options.articles))
    print(f"{len(articles)} articles of {sum(len(each.text) for each in articles):,} characters, {options.model}\n")
    head = ("slots", "time / 1st", "engine CPU / 1st", "articles an hour", "share of it at the engine", "s")
    print("| " + " | ".join((*head, "tokens read (cached)", "written", "written a second")) + " |")
    print("|---" * 9 + "|")
    first: Measured | None = None
    for slots in options.slots:
        measured = measure(articles, slots, options.model)
        first = first or measured
        print("| " + " | ".join(_row(measured, first)) + " |", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
