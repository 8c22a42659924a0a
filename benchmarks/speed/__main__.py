"""The command: measures, prints tables with what can be compared between machines first, and keeps figures as JSON."""

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from summarizer import __version__

from . import measures
from .measures import OURS, Row, Setting
from .running import ROOT, Broken, hold_to

LOADS = ((8, 0.5), (64, 0.5), (256, 1.0))  # articles at a time, and seconds until an answer
SIZES, QUICK_SIZES = (100, 1000), (20, 60)
LONG = 10_000
FIRST, QUICK_FIRST = (1, 8, 32), (1, 4)  # articles at a time in a new process
PARTS = ("cpu", "start", "throughput", "growth")
RIVALS = ROOT / ".venv-bench" / "bin" / "python"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. Returns 0, or 1 if a measurement went wrong: then its figures are not there."""
    options = _parser().parse_args(arguments)
    cores = hold_to(options.cores)
    rivals = options.rivals or (str(RIVALS) if RIVALS.exists() else sys.executable)
    setting = Setting(rivals, options.piece, options.workers, options.short, options.concurrency, tell=_tell)
    figures: dict[str, Any] = {"about": _about(options, cores)}
    failed = False
    for part in PARTS:
        if part in (options.only or PARTS):
            try:
                figures[part] = _measured(part, setting, options, figures)
            except Broken as error:
                _tell(f"{part}: {error}")
                failed = True
    print(report(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description="Measure how fast a batch is.")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure only this; may be given again")
    parser.add_argument("--quick", action="store_true", help="few articles: to see that it works, not for figures")
    parser.add_argument("--articles", type=int, help="for the CPU an article  [default: 200]")
    parser.add_argument("--repeats", type=int, default=1, help="of each CPU measurement, the least of which is told")
    parser.add_argument("--seconds", type=float, help="a run of the throughput is to take  [default: 20]")
    parser.add_argument("--sizes", type=int, nargs="+", help="articles, for memory and time  [default: 100 1000]")
    parser.add_argument("--long", action="store_true", help=f"{LONG:,} articles too, which takes long")
    parser.add_argument("--short", action="store_true", help="short articles for the growth, which take a quarter")
    parser.add_argument("--concurrency", type=int, default=16, help="articles at a time, for all but the throughput")
    parser.add_argument("--piece", type=int, default=4, help="characters an event of a stream: 4 are a token")
    parser.add_argument("--workers", type=int, default=1, help="processes that the batch may use")
    parser.add_argument("--cores", type=int, default=2, help="that double and client share")
    parser.add_argument("--rivals", metavar="PYTHON", help="of the environment with the other tools")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep all figures here")
    return parser


def _measured(part: str, setting: Setting, options: argparse.Namespace, figures: dict[str, Any]) -> list[Row]:
    if part == "cpu":
        return measures.cpu(setting, options.articles or (16 if options.quick else 200), options.repeats)
    if part == "start":
        return list(measures.start(setting, QUICK_FIRST if options.quick else FIRST))
    if part == "throughput":
        seconds = options.seconds or (4 if options.quick else 20)
        expected = _expected(setting, figures)
        return list(measures.throughput(setting, LOADS, seconds, expected, is_quick=options.quick))
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    return list(measures.growth(setting, [*sizes, *([LONG] if options.long else ())]))


def _expected(setting: Setting, figures: dict[str, Any]) -> float:
    """Seconds of CPU an article, as measured before, else by a few of them."""
    rows = figures.get("cpu") or measures.growth(setting, [16])
    return float(next(row["cpu_an_article_s"] for row in rows if row.get("tool", OURS) == OURS))


def _about(options: argparse.Namespace, cores: int) -> Row:
    return {
        "summarizer": __version__,
        "day": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
        "cores": cores,
        "piece": options.piece,
        "workers": options.workers,
        "concurrency": options.concurrency,
    }


def report(figures: dict[str, Any]) -> str:
    """The tables as Markdown: of each measurement what does not depend on the machine first."""
    about = figures["about"]
    parts = [
        f"summarizer {about['summarizer']} · {about['day']} · Python {about['python']} · {about['system']} "
        f"{about['machine']}, {about['cores']} cores · workers: {about['workers']} · "
        f"{about['piece']} characters an event"
    ]
    tables: dict[str, Callable[[list[Row]], str]] = {
        "cpu": _cpu,
        "start": _start,
        "throughput": _throughput,
        "growth": _growth,
    }
    for part, table in tables.items():
        if figures.get(part):
            parts.append(f"### {part.capitalize()}\n\n{table(figures[part])}")
    return "\n\n".join(parts)


def _cpu(rows: list[Row]) -> str:
    ours = next(row["cpu_an_article_s"] for row in rows if row["tool"] == OURS)
    lines = []
    for row in rows:
        if "missing" in row:
            lines.append((row["tool"], f"left out: {row['missing']}", *[""] * 6))
            continue
        lines.append(
            (
                f"{row['tool']} {row['version']}".strip(),
                f"{ours / max(row['cpu_an_article_s'], 1e-9):.2f}",
                f"{row['questions_an_article']:.2f}",
                f"{1000 * row['cpu_an_article_s']:.1f}",
                f"{1000 * row['double_cpu_an_article_s']:.1f}",
                _mega(row["memory_loaded_bytes"]),
                _mega(row["memory_peak_bytes"]),
                f"{row['seconds']:.1f}",
            )
        )
    head = ("tool", "ours / its CPU", "questions an article", "CPU ms an article", "double’s CPU ms", "MB loaded")
    return _table((*head, "MB at most", "s"), lines)


def _start(rows: list[Row]) -> str:
    least = rows[0]
    return _table(
        ("first articles, at a time", "CPU, beside that of the first line", "CPU s", "s", "MB at most"),
        [
            (
                row["articles"],
                f"{row['cpu_s'] / least['cpu_s']:.2f}",
                f"{row['cpu_s']:.2f}",
                f"{row['seconds']:.2f}",
                _mega(row["memory_peak_bytes"]),
            )
            for row in rows
        ],
    )


def _throughput(rows: list[Row]) -> str:
    head = ("at a time", "latency s", "share of the ideal rate", "articles a second", "ideal", "articles")
    return _table(
        (*head, "CPU ms an article", "double’s CPU ms", "MB at most"),
        [
            (
                row["concurrency"],
                f"{row['latency_s']:g}",
                f"{row['share']:.1%}",
                f"{row['a_second']:.2f}",
                f"{row['ideal_a_second']:g}",
                row["articles"],
                f"{1000 * row['cpu_an_article_s']:.1f}",
                f"{1000 * row['double_cpu_an_article_s']:.1f}",
                _mega(row["memory_peak_bytes"]),
            )
            for row in rows
        ],
    )


def _growth(rows: list[Row]) -> str:
    least = rows[0]
    head = (
        "articles",
        "time an article, beside the first size",
        "memory, beside the first size",
        "calls of a second run",
    )
    return _table(
        (*head, "ms an article", "MB at most", "MB of store", "second run: articles a second", "its MB at most"),
        [
            (
                f"{row['articles']:,}",
                f"{row['an_article_ms'] / least['an_article_ms']:.2f}",
                f"{row['memory_peak_bytes'] / least['memory_peak_bytes']:.2f}",
                row["again_calls"],
                f"{row['an_article_ms']:.1f}",
                _mega(row["memory_peak_bytes"]),
                _mega(row["store_bytes"]),
                f"{row['again_a_second']:,.0f}",
                _mega(row["again_memory_peak_bytes"]),
            )
            for row in rows
        ],
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _mega(size: float) -> str:
    return f"{size / 1_000_000:.0f}"


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
