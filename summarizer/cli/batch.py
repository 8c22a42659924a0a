"""`summarizer batch`: briefs of many articles, kept in a store."""

import contextlib
import json
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..rendering.cleaning import clean
from .options import model_options, source_options, store_option
from .streams import emit, say

if TYPE_CHECKING:
    from ..batch import Batch, Limits, Report, Tray
    from ..briefing import Summarizer
    from ..llm.batching import Batches
    from ..schemas.article import Article
    from ..store import Store

EPILOG = """\b
Examples:
  summarizer batch wire/                            every article in a folder
  summarizer batch https://courier.example/feed.xml --model openai/gpt-5-mini --budget-usd 2
  summarizer batch archive.jsonl --dry-run          how many are new, and what they may cost
  summarizer batch "desk/*.txt" wire.csv -f json
  summarizer batch archive.jsonl --model openai/gpt-5-mini --engine provider-batch
                                                    half the price, within a day
  summarizer batch --model openai/gpt-5-mini --engine provider-batch --no-wait
                                                    collect what is ready, from a cron job

A source is what `brief` takes, or a folder, a pattern, a feed, a list in JSONL or CSV. Briefs are kept in the store
(--store); the same command again makes only what is missing: after Ctrl-C, a crash or a power cut, and tomorrow of a
feed what is new. Ctrl-C finishes what is at work, a second one drops it. With provider-batch it ends the waiting, and
the same command goes on, from any terminal; SOURCES may then be left out. Exit codes: 0 done, 1 an article failed or a
limit was reached, 2 bad use or nothing to read, 3 model or network unavailable, 130 interrupted.
"""
EVERY = 10.0  # seconds between two lines of progress where there is no terminal
SHOWN_FAILURES = 20
REQUESTS, PROVIDER = "requests", "provider-batch"  # the engines


@click.command(epilog=EPILOG)
@click.argument("sources", nargs=-1, metavar="SOURCES...")
@model_options("The model that proposes")
@store_option
@click.option(
    "--engine",
    type=click.Choice([REQUESTS, PROVIDER]),
    default=REQUESTS,
    show_default=True,
    help="One request after the other, or files to the provider's batch endpoint.",
)
@click.option(
    "--poll",
    metavar="SECONDS",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="With provider-batch: between two looks.",
)
@click.option("--no-wait", is_flag=True, help="With provider-batch: submit, collect what is ready, and end.")
@click.option("--concurrency", metavar="N", type=click.IntRange(1, 1024), help="Articles at a time.")
@click.option(
    "--budget-usd", metavar="AMOUNT", type=click.FloatRange(0, min_open=True), help="Spend no more than that."
)
@click.option("--budget-tokens", metavar="N", type=click.IntRange(1), help="Use no more tokens than that.")
@click.option("--rpm", metavar="N", type=click.IntRange(1), help="Requests a minute.")
@click.option("--tpm", metavar="N", type=click.IntRange(1), help="Tokens a minute.")
@click.option("--max-failures", metavar="N", type=click.IntRange(0), help="Begin nothing new after more failures.")
@click.option("--time-limit", metavar="SECONDS", type=click.FloatRange(1), help="Give up an article after so long.")
@click.option("--language", "-l", metavar="CODE", help="Write the briefs in this language.  [default: the article's]")
@click.option("--dry-run", is_flag=True, help="Only say what is new and what it may take.")
@click.option("--format", "-f", "form", type=click.Choice(["text", "json"]), default="text", help="Of the report.")
@source_options
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
def batch(
    sources: tuple[str, ...],
    model: str | None,
    base_url: str | None,
    store: str | None,
    engine: str,
    poll: float,
    no_wait: bool,
    concurrency: int | None,
    budget_usd: float | None,
    budget_tokens: int | None,
    rpm: int | None,
    tpm: int | None,
    max_failures: int | None,
    time_limit: float | None,
    language: str | None,
    dry_run: bool,
    form: str,
    allow_private: bool,
    quiet: bool,
) -> int:
    """Brief many articles, each once, into a store."""
    import asyncio

    from ..batch import Limits, Tray
    from ..briefing import Summarizer
    from ..store import Store
    from .watching import watching

    if not sources and (engine == REQUESTS or dry_run):
        raise click.UsageError("Missing argument 'SOURCES...'.")
    limits = Limits(budget_usd=budget_usd, budget_tokens=budget_tokens, requests_a_minute=rpm, tokens_a_minute=tpm)
    tray = Tray() if engine == PROVIDER else None
    with (
        watching(quiet) as watch,
        Summarizer(
            model,
            base_url=base_url,
            time_limit=time_limit,
            language=language,
            pulling=watch.pulling,
            gate=limits,
            post=tray,
        ) as summarizer,
    ):
        batches = summarizer.batches() if tray is not None else None  # refused before there is a store
        with Store(store_path(store)) as kept:  # after the model, so that a mistyped one leaves no file behind
            _refuse_unpriced(summarizer, budget_usd)
            if dry_run:
                return _dry_run(sources, summarizer, kept, allow_private, form, engine)
            if summarizer.destination is not None:
                say(f"sending the articles to {summarizer.destination}")
            make = _maker(batches, tray, poll, no_wait)
            work = make(
                summarizer, kept, limits, concurrency=concurrency or summarizer.parallel, max_failures=max_failures
            )
            every = EVERY if batches is None else max(EVERY, poll)
            report = asyncio.run(_run(work, _articles(sources, allow_private, work.unread), quiet, every))
        _tell(report, limits, store_path(store), form)
    return _code(report)


def _maker(batches: "Batches | None", tray: "Tray | None", poll: float, no_wait: bool) -> "Callable[..., Batch]":
    """What makes the batch of an engine."""
    from functools import partial

    from ..batch import Batch, ProviderBatch

    if batches is None or tray is None:
        return Batch
    return partial(ProviderBatch, tray=tray, batches=batches, poll=poll, no_wait=no_wait)


def store_path(named: str | None) -> str:
    """The store that is named, else the one in the user's data folder."""
    if named:
        return named
    import platformdirs

    return str(platformdirs.user_data_path("summarizer", appauthor=False) / "store.db")


def _refuse_unpriced(summarizer: "Summarizer", budget_usd: float | None) -> None:
    from ..errors import ConfigurationError
    from ..schemas.brief import Usage

    if budget_usd is not None and summarizer.price(Usage(input_tokens=1000, output_tokens=1000)) is None:
        raise ConfigurationError(
            f"what a call of {summarizer.model} costs is not known, so --budget-usd cannot be held",
            "use --budget-tokens",
        )


def _articles(sources: Sequence[str], allow_private: bool, unread: Any) -> "Iterator[Article]":
    from ..articles.many import load_articles

    for source in sources:
        yield from load_articles(source, allow_private=allow_private, unread=unread)


async def _run(work: "Batch", articles: "Iterator[Article]", quiet: bool, every: float) -> "Report":
    """The run, with progress, and with Ctrl-C once for stopping and twice for dropping."""
    import asyncio

    loop = asyncio.get_running_loop()

    def interrupted() -> None:
        work.interrupt()
        say("finishing what is at work; Ctrl-C once more drops it")

    with contextlib.suppress(NotImplementedError):  # Windows: there Ctrl-C ends the program, and nothing kept is lost
        loop.add_signal_handler(signal.SIGINT, interrupted)
    shown = None if quiet else asyncio.create_task(_show(work, every))
    try:
        return await work.run(articles)
    finally:
        if shown is not None:
            shown.cancel()


async def _show(work: "Batch", every: float) -> None:
    """What is done, over and over: on a terminal one line, elsewhere a line every so many seconds."""
    import asyncio
    import sys

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
    return " · ".join([*parts, f"{limits.spent_tokens:,} tokens", *_cost(limits)])


def _cost(limits: "Limits") -> list[str]:
    return [f"${limits.spent_usd:.4f}"] if limits.spent_usd else []


def _dry_run(
    sources: Sequence[str], summarizer: "Summarizer", kept: "Store", allow_private: bool, form: str, engine: str
) -> int:
    from ..llm import BATCH_SHARE
    from ..schemas.brief import Usage
    from ..store import Outbox

    outbox = Outbox(kept)
    new = there = waiting = characters = unread = 0
    seen: set[str] = set()

    def not_read(_: object) -> None:
        nonlocal unread
        unread += 1

    for article in _articles(sources, allow_private, not_read):
        key = summarizer.recipe.key(article)
        if key in seen:
            continue
        seen.add(key)
        if kept.has(key):
            there += 1
        elif engine == PROVIDER and outbox.waits(key):
            waiting += 1
        else:
            new, characters = new + 1, characters + len(article.text)
    # As on labelled articles: 1.6 questions, each with 2,000 tokens beside the article, and 800 tokens written.
    used = Usage(input_tokens=round(1.6 * (new * 2000 + characters / 4)), output_tokens=800 * new)
    cost = summarizer.price(used, BATCH_SHARE if engine == PROVIDER else 1.0)
    if form == "json":
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


def _tell(report: "Report", limits: "Limits", store: str, form: str) -> None:
    if form == "json":
        told = {
            "schema": "batch/1",
            **{name: getattr(report, name) for name in ("made", "kept", "same", "elsewhere", "failed", "unread")},
            **{name: getattr(report, name) for name in ("waiting", "others", "unknown")},
            "failures": [{"article": name, "reason": reason} for name, reason in report.failures],
            "stopped": report.stopped,
            "requests": limits.requests,
            "tokens": limits.spent_tokens,
            "cost_usd": None if limits.unpriced else round(limits.spent_usd, 6),
            "seconds": round(report.seconds, 1),
            "store": store,
        }
        emit(json.dumps(told) + "\n")
        return
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
    emit(f"{', '.join(counts)}; {spent}; {report.seconds:,.0f} s\nkept in {clean(store)}\n")
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


def _code(report: "Report") -> int:
    if report.interrupted:
        return 130
    if report.error is not None:
        from .program import exit_code

        return exit_code(report.error)
    if report.unread and report.unread == report.found:
        return 2
    return 1 if report.failed or report.unread or report.stopped else 0
