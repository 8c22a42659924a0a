"""`summarizer batch` as a user types it, in a process that is killed at drawn moments and started again."""

import asyncio
import contextlib
import json
import os
import random
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from summarizer import Summarizer, load_articles

from .double import Asked, Double, article

ROOT = Path(__file__).resolve().parents[2]
MODEL = "double"
LATEST = 0.3  # seconds after the drawn request until a kill, at most


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do: so many articles and kills, drawn by a seed, at most `concurrency` articles at a time.

    `time_limit` is seconds an article, which is how long a stalled request lasts; `bound` seconds for the whole run.
    """

    articles: int
    seed: int
    kills: int
    concurrency: int = 32
    time_limit: float = 10.0
    bound: float = 1800.0


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store holds at a moment, by the numbers of the articles.

    `given_up` are those of the briefs whose second question was left when its time or its attempts were over.
    `at_work` are those of the claims that this start of the driver holds; an earlier one may have left some.
    `failures` has the run of each, `calls` for each article and run the requests and the tokens, `run` is the last one.
    """

    briefs: frozenset[int]
    given_up: frozenset[int]
    failures: Mapping[int, int]
    claims: frozenset[int]
    at_work: frozenset[int]
    calls: Mapping[tuple[int, int], tuple[int, int]]
    run: int


@dataclass(frozen=True, slots=True)
class Session:
    """One start of the driver. `in_flight` are the requests that were open when it was killed; 0 if it was not. `ended`
    is loop time.
    """

    code: int
    killed: bool
    in_flight: int
    kept: Kept
    ended: float


@dataclass(slots=True)
class Outcome:
    """All that came of a run: its sessions, what the double was asked, and the driver's own last report."""

    sessions: list[Session] = field(default_factory=list)
    log: list[Asked] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    unfinished: str = ""


async def drive(plan: Plan, folder: Path) -> Outcome:
    """Run the batch over the articles until it ends by itself, killed meanwhile as often as planned."""
    folder.mkdir(parents=True, exist_ok=True)
    outcome, began = Outcome(), asyncio.get_running_loop().time()
    source = folder / "articles.jsonl"
    rows = (json.dumps(article(number), ensure_ascii=False) for number in range(plan.articles))
    source.write_text("\n".join(rows) + "\n", encoding="utf-8")
    drawn = random.Random(f"kills:{plan.seed}")
    # Each article takes a request at least, so that all of these moments come.
    moments = sorted(drawn.sample(range(1, plan.articles + 1), plan.kills))
    async with Double(plan.seed) as double:
        numbers = _numbers(source, double.base_url)
        outcome.log = double.log
        try:
            async with asyncio.timeout(plan.bound):
                while not outcome.sessions or outcome.sessions[-1].killed:
                    moment = moments[len(outcome.sessions)] if len(outcome.sessions) < len(moments) else None
                    await _session(plan, double, folder, numbers, outcome, moment, drawn.uniform(0, LATEST))
        except TimeoutError:
            outcome.unfinished = f"it had not ended after {plan.bound:g} s"
    outcome.seconds = asyncio.get_running_loop().time() - began
    return outcome


async def _session(
    plan: Plan,
    double: Double,
    folder: Path,
    numbers: Mapping[str, int],
    outcome: Outcome,
    moment: int | None,
    delay: float,
) -> None:
    noted: Counter[int] = Counter()
    for (number, _), (requests, _) in outcome.sessions[-1].kept.calls.items() if outcome.sessions else ():
        noted[number] += requests
    double.begin(len(outcome.sessions), noted)
    process = await _start(plan, double, folder)
    ending = asyncio.create_task(process.communicate())
    try:
        in_flight, killed, said, ended = await _until(process, ending, double, moment, delay)
    finally:  # also when time is up, or somebody has interrupted it: nothing is left running
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await asyncio.gather(process.wait(), ending, return_exceptions=True)
    if not killed:
        double.end()
        outcome.report = _report(said)
    assert process.returncode is not None, "it was waited for"
    kept = _kept(folder / "s.db", numbers, process.pid)
    outcome.sessions.append(Session(process.returncode, killed, in_flight, kept, ended))


async def _start(plan: Plan, double: Double, folder: Path) -> Process:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUMMARIZER_", "OPENAI_"))}
    environment = {**kept, "PYTHONPATH": str(ROOT), "SUMMARIZER_CACHE_DIR": str(folder / "cache")}
    command = [sys.executable, "-P", "-m", "summarizer", "batch", "articles.jsonl", "--store", "s.db", "-f", "json"]
    command += ["--model", MODEL, "--base-url", double.base_url, "--concurrency", str(plan.concurrency)]
    command += ["--time-limit", f"{plan.time_limit:g}", "--quiet"]
    return await asyncio.create_subprocess_exec(*command, cwd=folder, env=environment, stdout=PIPE, stderr=PIPE)


async def _until(
    process: Process, ending: "asyncio.Task[tuple[bytes, bytes]]", double: Double, moment: int | None, delay: float
) -> tuple[int, bool, bytes, float]:
    """Wait for the end of the driver, or kill it; how many requests were open, whether it was killed, what it said, and
    when in loop time that was."""
    loop = asyncio.get_running_loop()
    if moment is not None:
        reaching = asyncio.create_task(double.reached(moment))
        await asyncio.wait((ending, reaching), return_when=asyncio.FIRST_COMPLETED)
        reaching.cancel()
        if not ending.done():
            await asyncio.wait((ending,), timeout=delay)
        if not ending.done():
            in_flight, ended = double.end(), loop.time()
            process.kill()
            await ending
            return in_flight, True, b"", ended
    said, told = await ending
    if not said:
        sys.stderr.buffer.write(told)
    return 0, False, said, loop.time()


def _numbers(source: Path, base_url: str) -> dict[str, int]:
    """The number of each article by the key of its brief, and by its own id."""
    with Summarizer(MODEL, base_url=base_url) as summarizer:
        recipe = summarizer.recipe
    numbers: dict[str, int] = {}
    for number, each in enumerate(load_articles(source)):
        numbers |= {recipe.key(each): number, each.id: number}
    return numbers


def _kept(path: Path, numbers: Mapping[str, int], process: int) -> Kept:
    with contextlib.closing(sqlite3.connect(path)) as store:
        briefs = frozenset(numbers[key] for (key,) in store.execute("SELECT key FROM briefs"))
        told = store.execute('SELECT key FROM briefs WHERE brief LIKE \'%"gate":"asking again"%\'')
        given_up = frozenset(numbers[key] for (key,) in told)
        failures = {numbers[key]: run for key, run in store.execute("SELECT key, run FROM failures")}
        claims = {numbers[key]: owner for key, owner in store.execute("SELECT key, owner FROM claims")}
        at_work = frozenset(number for number, owner in claims.items() if owner.split(":")[-2] == str(process))
        counted = store.execute(
            "SELECT article, run, count(*), coalesce(sum(input_tokens + output_tokens), 0) FROM calls GROUP BY 1, 2"
        )
        calls = {(numbers[name], run): (requests, tokens) for name, run, requests, tokens in counted}
        (run,) = store.execute("SELECT coalesce(max(id), 0) FROM runs").fetchone()
    return Kept(briefs, given_up, failures, frozenset(claims), at_work, calls, run)


def _report(said: bytes) -> dict[str, Any]:
    try:
        report: dict[str, Any] = json.loads(said.decode().strip().splitlines()[-1])
    except (IndexError, ValueError):
        return {}
    return report
