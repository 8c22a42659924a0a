"""The measurements. Each gives its figures as a list of rows, with units in the names: seconds, bytes, milliseconds."""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from summarizer.drafting import prepare
from summarizer.schemas.kinds import load_kind

from .articles import SHORT_FROM, many
from .ours import article_of
from .rival import LANGEXTRACT, RIVALS
from .running import Broken, Double, Missing, run

OURS = "summarizer"
SHORT = 0.02  # seconds of latency where it is not what is measured
SECOND_QUESTIONS = 1.25  # questions an article, at most: the answers are written to hold the first time
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for all measurements.

    `rivals` is the Python of the environment of the other tools, `piece` the characters of an event of a stream,
    `workers` how many processes the batch may use, `short` whether the growth is measured over short articles, `warm`
    the articles before those that are measured, `tell` is told what is at work.
    """

    rivals: str
    piece: int = 4
    workers: int = 1
    short: bool = False
    concurrency: int = 16
    warm: int = 8
    tell: Callable[[str], None] = lambda line: None


def cpu(setting: Setting, articles: int, repeats: int = 1) -> list[Row]:
    """CPU an article: the batch, and other tools with the same messages, schema and answers. The least of `repeats`.

    A tool that is not installed has a row without figures that says so.
    """
    with tempfile.TemporaryDirectory() as folder, Double(0.05, setting.piece) as double:
        jobs = Path(folder) / "jobs.jsonl"
        _write_jobs(jobs, articles + setting.warm)

        def rival(tool: str) -> Row:
            arguments = (tool, "--jobs", jobs, *_common(double, setting.concurrency, articles, setting.warm))
            return run("benchmarks.speed.rival", arguments, setting.rivals)

        def ours(number: int) -> Row:
            return _ours(double, Path(folder) / f"{number}.db", setting, setting.concurrency, articles)

        rows = [_best(OURS, double, setting, [partial(ours, number) for number in range(repeats)])]
        rows += [_best(tool, double, setting, [partial(rival, tool)] * repeats) for tool in (*RIVALS, LANGEXTRACT)]
    return rows


def start(setting: Setting, counts: Sequence[int]) -> Iterator[Row]:
    """What the first articles of a process take, so many at a time: what is loaded once is in it."""
    for count in counts:
        setting.tell(f"start: the first {count} at a time")
        with tempfile.TemporaryDirectory() as folder, Double(SHORT, setting.piece) as double:
            figures = _ours(double, Path(folder) / "s.db", setting, count, count, warm=0)
        yield {
            "articles": count,
            "seconds": figures["seconds"],
            "cpu_s": figures["cpu"],
            "memory_peak_bytes": figures["memory_peak"],
        }


def throughput(
    setting: Setting, loads: Sequence[tuple[int, float]], seconds: float, cpu_an_article: float, *, is_quick: bool
) -> Iterator[Row]:
    """Articles a second as a share of the ideal rate, which is concurrency by latency, for each (concurrency, latency).

    There are as many articles as take `seconds` at the rate that CPU or latency lets expect, and at least as many as
    are at a time, so that they are; with `is_quick` fewer.
    """
    for concurrency, latency in loads:
        ideal = concurrency / latency
        expected = min(ideal, setting.workers / cpu_an_article)
        articles = max(2 * setting.warm if is_quick else concurrency, round(seconds * expected))
        setting.tell(f"throughput: {articles} articles, {concurrency} at a time, {latency:g} s each")
        with tempfile.TemporaryDirectory() as folder, Double(latency, setting.piece) as double:
            before = double.taken()
            figures = _ours(double, Path(folder) / "s.db", setting, concurrency, articles)
            took = double.taken()["cpu"] - before["cpu"]
        rate = articles / figures["seconds"]
        yield {
            "concurrency": concurrency,
            "latency_s": latency,
            "articles": articles,
            "seconds": figures["seconds"],
            "a_second": rate,
            "ideal_a_second": ideal,
            "share": rate / ideal,
            "cpu_an_article_s": figures["cpu"] / articles,
            "double_cpu_an_article_s": took / (articles + setting.warm),
            "memory_peak_bytes": figures["memory_peak"],
        }


def growth(setting: Setting, sizes: Sequence[int]) -> Iterator[Row]:
    """Memory and time an article at each size, a fresh process each, and the same again over what is kept by then."""
    for size in sizes:
        setting.tell(f"growth: {size} articles")
        with tempfile.TemporaryDirectory() as folder, Double(SHORT, setting.piece) as double:
            store = Path(folder) / "s.db"
            of = {"is_short": setting.short}
            first = _ours(double, store, setting, setting.concurrency, size, **of)
            bytes_kept = sum(part.stat().st_size for part in Path(folder).iterdir())
            asked = double.taken()["asked"]
            again = _ours(double, store, setting, setting.concurrency, size, warm=0, is_again=True, **of)
            asked_again = double.taken()["asked"] - asked
        if asked_again or again["kept"] != size:
            raise Broken(f"the second run over {size} articles asked {asked_again:g} times and kept {again['kept']}")
        yield {
            "articles": size,
            "seconds": first["seconds"],
            "an_article_ms": 1000 * first["seconds"] / size,
            "cpu_an_article_s": first["cpu"] / size,
            "memory_loaded_bytes": first["memory_loaded"],
            "memory_peak_bytes": first["memory_peak"],
            "store_bytes": bytes_kept,
            "again_calls": int(asked_again),
            "again_seconds": again["seconds"],
            "again_a_second": size / again["seconds"],
            "again_memory_peak_bytes": again["memory_peak"],
        }


def _common(double: Double, concurrency: int, articles: int, warm: int) -> tuple[object, ...]:
    return (
        *("--base-url", double.base_url, "--articles", articles),
        *("--warm", warm, "--concurrency", concurrency),
    )


def _ours(
    double: Double,
    store: Path,
    setting: Setting,
    concurrency: int,
    articles: int,
    *,
    warm: int | None = None,
    is_again: bool = False,
    is_short: bool = False,
) -> Row:
    common = _common(double, concurrency, articles, setting.warm if warm is None else warm)
    first = ("--first", SHORT_FROM if is_short else 0)
    figures = run("benchmarks.speed.ours", ("--store", store, "--workers", setting.workers, *common, *first))
    if is_again:
        return figures
    if is_short and figures["made"] == articles:  # they are too short for something in every section
        return figures
    if figures["made"] != articles or figures["whole"] != articles:
        raise Broken(
            f"of {articles} articles {figures['made']} were briefed and {figures['whole']} briefs hold every section: "
            f"{figures['failures']}"
        )
    if figures["requests"] > SECOND_QUESTIONS * articles + 1:
        raise Broken(
            f"{figures['requests']} questions for {articles} articles: the canned answers do not hold any more"
        )
    return figures


def _best(tool: str, double: Double, setting: Setting, runs: Sequence[Callable[[], Row]]) -> Row:
    """The figures of the run with the least CPU, an article each, with what the double took beside them."""
    best: Row | None = None
    for one in runs:
        setting.tell(f"cpu: {tool}")
        before = double.taken()
        try:
            figures = one()
        except Missing as missing:
            return {"tool": tool, "missing": str(missing)}
        articles, after = figures["articles"], double.taken()
        if figures["made"] != articles:
            raise Broken(f"{tool} made {figures['made']} of {articles}")
        row: Row = {
            "tool": tool,
            "version": figures.get("version", ""),
            "cpu_an_article_s": figures["cpu"] / articles,
            "double_cpu_an_article_s": (after["cpu"] - before["cpu"]) / (articles + setting.warm),
            "questions_an_article": (after["asked"] - before["asked"]) / (articles + setting.warm),
            "seconds": figures["seconds"],
            "memory_loaded_bytes": figures["memory_loaded"],
            "memory_peak_bytes": figures["memory_peak"],
        }
        if best is None or row["cpu_an_article_s"] < best["cpu_an_article_s"]:
            best = row
    assert best is not None, "a tool is measured once at least"
    return best


def _write_jobs(path: Path, count: int) -> None:
    kind = load_kind("news")
    with path.open("w", encoding="utf-8") as file:
        for made in many(count):
            messages = prepare(article_of(made), kind).messages
            file.write(json.dumps({"messages": messages, "text": made.text}, ensure_ascii=False) + "\n")
