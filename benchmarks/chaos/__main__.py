"""The command: two runs over the same articles, one of them killed again and again, and what does not add up."""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from .account import drawn, faults, figures
from .driving import Outcome, Plan, drive


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and print what came of it. Returns 0 if all adds up, else 1."""
    options = _parser().parse_args(arguments)
    plan = Plan(options.articles, options.seed, options.kills, options.concurrency, options.time_limit, options.bound)
    with tempfile.TemporaryDirectory() as folder:
        killed, whole = asyncio.run(both(plan, Path(folder)))
    found = [*(f"without kills: {each}" for each in faults(plan, whole)), *faults(plan, killed, whole)]
    if not killed.unfinished and not whole.unfinished:
        print(_table(killed, whole))
    told = {"plan": asdict(plan), "faults": found}
    if options.json:
        options.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print("\n".join(found) or "everything adds up")
    return 1 if found else 0


async def both(plan: Plan, folder: Path) -> tuple[Outcome, Outcome]:
    """The run with the kills and the one without, at the same time, each with a double and a store of its own."""
    calm = Plan(plan.articles, plan.seed, 0, plan.concurrency, plan.time_limit, plan.bound)
    killed, whole = await asyncio.gather(drive(plan, folder / "killed"), drive(calm, folder / "whole"))
    return killed, whole


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.chaos", description="Run a batch against a server that fails, and kill it."
    )
    parser.add_argument("--articles", type=int, default=2000, help="how many  [default: 2000]")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn")
    parser.add_argument("--kills", type=int, default=10, help="how often it is killed with -9")
    parser.add_argument("--concurrency", type=int, default=32, help="articles at a time")
    parser.add_argument("--time-limit", type=float, default=10.0, help="seconds an article: how long a stall lasts")
    parser.add_argument("--bound", type=float, default=1800.0, help="seconds until it is given up")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep what was found here")
    return parser


def _table(killed: Outcome, whole: Outcome) -> str:
    mine, other = asdict(figures(killed)), asdict(figures(whole))
    met, met_whole = drawn(killed), drawn(whole)
    rows = [(name.replace("_", " "), _cell(mine[name]), _cell(other[name])) for name in mine]
    rows += [(f"met: {what}", _cell(met[what]), _cell(met_whole[what])) for what in sorted(met | met_whole)]
    lines = [("", "killed", "not killed"), ("---", "---", "---"), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def _cell(value: float) -> str:
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


if __name__ == "__main__":
    sys.exit(main())
