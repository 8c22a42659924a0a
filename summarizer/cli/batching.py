"""A run of `summarizer batch`: what is wanted of it, how it goes on, and what is told of it."""

import contextlib
import json
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ..rendering.cleaning import clean
from .streams import emit, say

if TYPE_CHECKING:
    from functools import partial

    from ..batch import Batch, Limits, Report, Workers
    from ..briefing import Summarizer
    from ..llm.batching import Batches
    from ..schemas.article import Article
    from ..store import Store

EVERY = 10.0  # seconds between two lines of progress where there is no terminal
SHOWN_FAILURES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The options of the command, by their names. `by_provider`: with the engine that uses batches of the provider."""

    sources: tuple[str, ...]
    model: str | None
    base_url: str | None
    store: Path
    allow_private: bool
    quiet: bool
    concurrency: int | None = None
    budget_usd: float | None = None
    budget_tokens: int | None = None
    time_limit: float | None = None
    language: str | None = None
    rpm: int | None = None
    tpm: int | None = None
    max_failures: int | None = None
    by_provider: bool = False
    poll: float = EVERY
    no_wait: bool = False
    workers: int = 1
    newest_first: bool = False
    log: str | None = None
    dry_run: bool = False
    form: str = "text"

    @property
    def limits(self) -> "Limits":
        """What the run may take, not begun."""
        from ..batch import Limits

        return Limits(
            budget_usd=self.budget_usd,
            budget_tokens=self.budget_tokens,
            requests_a_minute=self.rpm,
            tokens_a_minute=self.tpm,
        )

    @property
    def summarize(self) -> "partial[Summarizer]":
        """What makes the summarizer."""
        from functools import partial

        from ..briefing import Summarizer

        more: dict[str, Any] = {"time_limit": self.time_limit, "language": self.language}
        return partial(Summarizer, self.model, base_url=self.base_url, parallel=self.concurrency, **more)

    @property
    def is_quiet(self) -> bool:
        """Whether no progress is shown: beside a log on standard error there is nothing but its lines."""
        return self.quiet or self.log == "-"

    @property
    def every(self) -> float:
        """Seconds between two lines of progress."""
        return max(EVERY, self.poll) if self.by_provider else EVERY


def run(wanted: Wanted) -> int:
    """Run the batch, tell what came of it, and give the exit code. Raises SummarizerError for what cannot begin."""
    import asyncio

    from ..batch import Workers
    from ..store import Store
    from .watching import watching

    limits, summarize = wanted.limits, wanted.summarize
    with (
        watching(wanted.is_quiet) as watch,
        summarize(pulling=watch.pulling, gate=limits) as summarizer,
        _opened(None if wanted.dry_run else wanted.log) as file,
    ):
        batches = summarizer.batches() if wanted.by_provider else None
        _refuse_unpriced(summarizer, wanted.budget_usd)
        _refuse_workers(summarizer, wanted)
        with Store(wanted.store) as kept:  # last, so that a mistyped model leaves no file behind
            if wanted.dry_run:
                return _dry_run(wanted, summarizer, kept)
            tell_destination(summarizer)
            helpers = Workers(summarize, summarizer.recipe, limits, wanted.workers) if wanted.workers > 1 else None
            work = _work(wanted, helpers or summarizer, kept, limits, file, summarizer.parallel, batches)
            report = asyncio.run(_run(wanted, work, _articles(wanted, work.unread), helpers))
    _tell(report, limits, kept, wanted.form)
    return code_of(report)


def make_briefs(wanted: Wanted, summarizer: "Summarizer", kept: "Store", limits: "Limits", keys: list[str]) -> "Report":
    """Brief the sources into the store for another command; `keys` gets those of the briefs, made or there already."""
    import asyncio

    _refuse_unpriced(summarizer, wanted.budget_usd)
    tell_destination(summarizer)
    work = _work(wanted, summarizer, kept, limits, None, summarizer.parallel, None)

    def noted() -> "Iterator[Article]":
        for article in _articles(wanted, work.unread):
            keys.append(summarizer.recipe.key(article))
            yield article

    return asyncio.run(_run(wanted, work, noted(), None))


def tell_destination(summarizer: "Summarizer") -> None:
    """Say where the articles go, if they leave this machine."""
    if summarizer.destination is not None:
        say(f"sending the articles to {summarizer.destination}")


def _work(
    wanted: Wanted,
    briefer: "Summarizer | Workers",
    kept: "Store",
    limits: "Limits",
    log: "BinaryIO | None",
    concurrency: int,
    batches: "Batches | None",
) -> "Batch":
    from ..batch import Batch, Journal, ProviderBatch, Workers, newest

    more: dict[str, Any] = {
        "concurrency": concurrency,
        "max_failures": wanted.max_failures,
        "journal": Journal(log, say),
        "priority": newest if wanted.newest_first else None,
    }
    if batches is None or isinstance(briefer, Workers):
        return Batch(briefer, kept, limits, **more)
    return ProviderBatch(briefer, kept, limits, batches, poll=wanted.poll, no_wait=wanted.no_wait, **more)


@contextlib.contextmanager
def _opened(log: str | None) -> "Iterator[BinaryIO | None]":
    """The file of --log, to be added to; without a buffer, in which a full disk would show too late."""
    from ..errors import ConfigurationError

    if log is None:
        yield None
    elif log == "-":
        yield getattr(sys.stderr, "buffer", None)
    else:
        try:
            file = open(log, "ab", buffering=0)  # noqa: SIM115 - closed below, and only its opening is told of here
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or "it is no path of a file"
            raise ConfigurationError(f"the log '{log}' cannot be written: {reason}", "name another (--log)") from error
        with file:
            yield file


def _refuse_workers(summarizer: "Summarizer", wanted: Wanted) -> None:
    from ..errors import ConfigurationError

    if wanted.workers > 1 and wanted.by_provider:
        raise ConfigurationError("a batch at the provider is seen to by one process", "leave --workers out")
    if wanted.workers > 1 and summarizer.is_embedded:
        raise ConfigurationError(
            "each worker would load the embedded model for itself", "leave --workers out and use --concurrency"
        )


def _refuse_unpriced(summarizer: "Summarizer", budget_usd: float | None) -> None:
    from ..errors import ConfigurationError
    from ..schemas.brief import Usage

    if budget_usd is not None and summarizer.price(Usage(input_tokens=1000, output_tokens=1000)) is None:
        raise ConfigurationError(
            f"what a call of {summarizer.model} costs is not known, so --budget-usd cannot be held",
            "use --budget-tokens",
        )


def _articles(wanted: Wanted, unread: Any) -> "Iterator[Article]":
    from ..articles.many import load_articles

    for source in wanted.sources:
        yield from load_articles(source, allow_private=wanted.allow_private, unread=unread)


async def _run(wanted: Wanted, work: "Batch", articles: "Iterator[Article]", helpers: "Workers | None") -> "Report":
    """The run, with progress, and with Ctrl-C once for stopping and twice for dropping."""
    import asyncio

    loop = asyncio.get_running_loop()

    orders = iter(("finishing what is at work; Ctrl-C once more drops it", "dropping what is at work"))

    def interrupted() -> None:
        work.interrupt()
        if order := next(orders, None):
            say(order)

    with contextlib.suppress(NotImplementedError):  # Windows: there Ctrl-C ends the program, and nothing kept is lost
        loop.add_signal_handler(signal.SIGINT, interrupted)
    shown = None if wanted.is_quiet else asyncio.create_task(_show(work, wanted.every))
    try:
        async with helpers or contextlib.nullcontext():
            return await work.run(articles)
    finally:
        if shown is not None:
            shown.cancel()


async def _show(work: "Batch", every: float) -> None:
    """What is done, over and over: on a terminal one line, elsewhere a line every so many seconds."""
    import asyncio

    from .progress import can_redraw

    began, redraws = time.monotonic(), can_redraw()
    while True:
        try:
            await asyncio.sleep(0.5 if redraws else every)
        finally:
            if redraws:
                sys.stderr.write("\r\x1b[K")
        line = _progress(work, time.monotonic() - began)
        if redraws:
            sys.stderr.write(line[:160])
            sys.stderr.flush()
        else:
            say(line)


def _progress(work: "Batch", seconds: float) -> str:
    report, limits = work.report, work.limits
    parts = [f"{report.made} made", f"{report.kept} there already", f"{work.in_flight} at work"]
    if report.failed or report.unread:
        parts.append(f"{report.failed + report.unread} failed")
    if report.waiting or work.state:
        parts += [f"{report.waiting} waiting for the provider", *([clean(work.state)] if work.state else [])]
    else:
        parts.append(f"{60 * report.made / max(seconds, 1):.1f} a minute")
        parts += _time_left(work.left, report.made, seconds)
    return " · ".join([*parts, f"{limits.spent_tokens:,} tokens", *_cost(limits)])


def _time_left(left: int | None, made: int, seconds: float) -> list[str]:
    """How long the rest takes at the pace so far, once the sources have been read and a brief was made."""
    if not left or not made:
        return []
    minutes = left * seconds / made / 60
    return [f"about {minutes:.0f} min left" if minutes >= 1 else "less than a minute left"]


def _cost(limits: "Limits") -> list[str]:
    return [f"${limits.spent_usd:.4f}"] if limits.spent_usd else []


def _dry_run(wanted: Wanted, summarizer: "Summarizer", kept: "Store") -> int:
    from ..llm import BATCH_SHARE
    from ..schemas.brief import Usage
    from ..store import Outbox

    outbox = Outbox(kept)
    new = there = waiting = characters = unread = 0
    seen: set[str] = set()

    def not_read(_: object) -> None:
        nonlocal unread
        unread += 1

    for article in _articles(wanted, not_read):
        key = summarizer.recipe.key(article)
        if key in seen:
            continue
        seen.add(key)
        if kept.has(key):
            there += 1
        elif wanted.by_provider and outbox.waits(key):
            waiting += 1
        else:
            new, characters = new + 1, characters + len(article.text)
    # As on labelled articles: 1.6 questions, each with 2,000 tokens beside the article, and 800 tokens written.
    used = Usage(input_tokens=round(1.6 * (new * 2000 + characters / 4)), output_tokens=800 * new)
    cost = summarizer.price(used, BATCH_SHARE if wanted.by_provider else 1.0)
    if wanted.form == "json":
        told = {"new": new, "kept": there, "waiting": waiting, "unread": unread, "usage": used.model_dump()}
        told["cost_usd"] = cost
        emit(json.dumps(told) + "\n")
    else:
        price = "at a price that is not known" if cost is None else f"about ${cost:.2f}" if cost else "at no cost"
        emit(
            f"{new} new, {there} there already, {f'{waiting} waiting, ' if waiting else ''}{unread} cannot be read\n"
            f"about {used.input_tokens:,} tokens to read and {used.output_tokens:,} to write, {price}\n"
        )
    return 1 if unread else 0


def _tell(report: "Report", limits: "Limits", kept: "Store", form: str) -> None:
    if form == "json":
        names = ("made", "kept", "same", "elsewhere", "failed", "unread", "waiting", "others", "unknown")
        told = {
            "schema": "batch/1",
            **{name: getattr(report, name) for name in names},
            "failures": [{"article": name, "reason": reason} for name, reason in report.failures],
            "stopped": report.stopped,
            "requests": limits.requests,
            "tokens": limits.spent_tokens,
            "cost_usd": None if limits.unpriced else round(limits.spent_usd, 6),
            "seconds": round(report.seconds, 1),
            "store": str(kept.path),
        }
        emit(json.dumps(told) + "\n")
        return
    _tell_counts(report, limits, kept)
    for name, reason in report.failures[:SHOWN_FAILURES]:
        emit(clean(f"- {name[:80]}: {reason}") + "\n")
    if len(report.failures) > SHOWN_FAILURES:
        emit(f"- and {len(report.failures) - SHOWN_FAILURES} more: summarizer store list --failed\n")
    if report.others:
        emit(f"{report.others} more wait with another model, language or other prompts: go on with those\n")
    if report.unknown:
        emit(f"{report.unknown} lines of the provider's files belong to no request that is kept\n")
    if report.waiting and not report.stopped:
        emit("the same command, also without sources, goes on with what waits\n")
    if report.stopped:
        emit(f"stopped: {clean(report.stopped)}; the same command goes on from here\n")


def _tell_counts(report: "Report", limits: "Limits", kept: "Store") -> None:
    emit(f"{counts_told(report, limits)}\nkept in {clean(str(kept.path))}\n")


def counts_told(report: "Report", limits: "Limits") -> str:
    """What came of a run, and what it took, in a line."""
    counts = [f"{report.made} made", f"{report.kept} there already"]
    counts += [f"{report.same} of the same text"] if report.same else []
    counts += [f"{report.elsewhere} at work in another process"] if report.elsewhere else []
    counts += [f"{report.failed} failed"] if report.failed else []
    counts += [f"{report.unread} could not be read"] if report.unread else []
    counts += [f"{report.waiting} waiting for the provider"] if report.waiting else []
    spent = " · ".join(
        [
            f"{limits.requests} request{'s' if limits.requests != 1 else ''}",
            f"{limits.spent_tokens:,} tokens",
            *_cost(limits),
        ]
    )
    return f"{', '.join(counts)}; {spent}; {report.seconds:,.0f} s"


def code_of(report: "Report") -> int:
    """The exit code that a run ends with."""
    if report.interrupted:
        return 130
    if report.error is not None:
        from .program import exit_code

        return exit_code(report.error)
    if report.unread and report.unread == report.found:
        return 2
    return 1 if report.failed or report.unread or report.stopped else 0
