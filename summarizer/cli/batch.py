"""`summarizer batch`: briefs of many articles, kept in a store. How it runs and what it tells: `batching`."""

from typing import Any

import click

from .options import model_options, source_options, store_option

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
REQUESTS, PROVIDER = "requests", "provider-batch"  # the engines


@click.command(epilog=EPILOG)
@click.argument("sources", nargs=-1, metavar="[SOURCES...]")
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
@click.option("--workers", metavar="N", type=click.IntRange(1, 64), default=1, help="Processes that read and check.")
@click.option(
    "--budget-usd", metavar="AMOUNT", type=click.FloatRange(0, min_open=True), help="Spend no more than that."
)
@click.option("--budget-tokens", metavar="N", type=click.IntRange(1), help="Use no more tokens than that.")
@click.option("--rpm", metavar="N", type=click.IntRange(1), help="Requests a minute.")
@click.option("--tpm", metavar="N", type=click.IntRange(1), help="Tokens a minute.")
@click.option("--max-failures", metavar="N", type=click.IntRange(0), help="Begin nothing new after more failures.")
@click.option("--time-limit", metavar="SECONDS", type=click.FloatRange(1), help="Give up an article after so long.")
@click.option("--language", "-l", metavar="CODE", help="Write the briefs in this language.  [default: the article's]")
@click.option("--newest-first", is_flag=True, help="Begin with what was published last, as far as it is known.")
@click.option("--log", metavar="FILE", help="Add what happens to it as JSON Lines; - is standard error.")
@click.option("--dry-run", is_flag=True, help="Only say what is new and what it may take.")
@click.option("--format", "-f", "form", type=click.Choice(["text", "json"]), default="text", help="Of the report.")
@source_options
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
def batch(sources: tuple[str, ...], engine: str, workers: int, dry_run: bool, **given: Any) -> int:
    """Brief many articles, each once, into a store."""
    from .batching import Wanted, run

    by_provider = engine == PROVIDER
    if not sources and (dry_run or not by_provider):
        raise click.UsageError("Missing argument 'SOURCES...'.")
    return run(Wanted(sources=sources, by_provider=by_provider, workers=workers, dry_run=dry_run, **given))
