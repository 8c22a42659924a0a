"""`summarizer store`: what is kept, found, shown, handed on and forgotten."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import ConfigurationError
from ..rendering.cleaning import clean
from .options import store_option
from .streams import emit, say

if TYPE_CHECKING:
    from ..schemas.brief import Brief
    from ..store import Kept, Store

EXAMPLES = """\b
Examples:
  summarizer store status                   how much is kept, and what it took
  summarizer store list --failed            articles without a brief, and why
  summarizer store search "ferry port"      articles with these words
  summarizer store show 3f2a9c              the brief of one, by its id or its address
  summarizer store export > briefs.jsonl    every brief, an object a line
  summarizer store export -f parquet -o briefs.parquet
  summarizer store forget https://courier.example/embargoed
  summarizer store prune --older-than 90    what came more than 90 days ago
"""
DAY = 24 * 3600


@click.group(epilog=EXAMPLES)
def store() -> None:
    """Look at, hand on and forget what `batch` has kept."""


@store.command()
@store_option
def status(store: Path) -> None:
    """Say how much is kept, what is at work now, and what all calls took."""
    with _opened(store) as kept:
        now = kept.status()
        used, cost = now.usage, f"${now.cost_usd:.4f}" if now.cost_usd else "no cost"
        emit(
            f"articles: {now.articles} · briefs: {now.briefs} · failures: {now.failures} · at work: {now.working}\n"
            f"calls: {now.calls} · {used.input_tokens:,} tokens in ({used.cached_tokens:,} cached), "
            f"{used.output_tokens:,} out, {cost}{f' ({now.unpriced} of unknown cost)' if now.unpriced else ''}\n"
            f"{now.bytes / 1e6:,.1f} MB in {clean(str(kept.path))}\n"
        )


@store.command("list")
@store_option
@click.option("--failed", is_flag=True, help="Only those without a brief, with the reason.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), default=50, show_default=True)
def list_articles(store: Path, failed: bool, limit: int) -> None:
    """List the articles, the newest first."""
    with _opened(store) as kept:
        for each in kept.failed(limit=limit) if failed else kept.articles(limit=limit):
            emit(_line(each))


@store.command()
@click.argument("words")
@store_option
@click.option("--limit", metavar="N", type=click.IntRange(min=1), default=50, show_default=True)
def search(words: str, store: Path, limit: int) -> None:
    """List the articles that have all of these words, the best fitting first."""
    with _opened(store) as kept:
        for each in kept.articles(words, limit=limit):
            emit(_line(each))


@store.command()
@click.argument("name")
@store_option
@click.option("--format", "-f", "form", type=click.Choice(["md", "text", "json"]), default="md", show_default=True)
def show(name: str, store: Path, form: str) -> None:
    """Print the newest brief of an article, by its address, its id or the beginning of it."""
    from ..rendering import render
    from .output import Target

    with _opened(store) as kept:
        each = _one(kept, name)
        if not each.briefs:
            from ..errors import InputError

            raise InputError(f"there is no brief of {name[:80]}: {each.failure or 'none was made'}", "run batch again")
        brief = kept.brief(each.briefs[0][0])
    assert brief is not None, "its key was read from the store"
    Target.of(None, form).write(render(brief, form))  # type: ignore[arg-type]


@store.command()
@store_option
@click.option("--format", "-f", "form", type=click.Choice(["jsonl", "parquet"]), default="jsonl", show_default=True)
@click.option("--output", "-o", metavar="FILE", help="Write there, whole or not at all; parquet needs it.")
@click.pass_context
def export(context: click.Context, store: Path, form: str, output: str | None) -> None:
    """Give the newest brief of every article: as JSON, one a line, or as a table with a row for each."""
    from .output import Target

    target = Target.of(output, form)
    if form == "parquet" and target.path is None:
        raise click.UsageError("name the file that the table goes to (-o briefs.parquet)", context)
    with _opened(store) as kept:
        if target.path is None:
            for brief in kept.briefs():
                emit(_exported(brief))
            return
        _refuse_store(target.path, kept)
        try:
            say(f"{_export(kept, form, target.path)} briefs in {clean(str(target.path))}")
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigurationError(
                f"'{output}' cannot be written: {reason}", "name another file (--output)"
            ) from error


def _export(kept: "Store", form: str, path: Path) -> int:
    if form == "parquet":
        from ..store.parquet import write_parquet

        return write_parquet(kept, path)
    from ..files import written_whole

    count = 0
    with written_whole(path) as file:
        for count, brief in enumerate(kept.briefs(), 1):  # noqa: B007 - the last number is how many they were
            file.write(_exported(brief).encode("ascii"))
    return count


def _exported(brief: "Brief") -> str:
    return json.dumps(brief.model_dump()) + "\n"  # in ASCII: no sign of it moves a terminal


def _refuse_store(path: Path, kept: "Store") -> None:
    """Raises ConfigurationError for a file that is the store, or one of those that stand beside it."""
    if path in {kept.path.resolve().with_name(f"{kept.path.resolve().name}{end}") for end in ("", "-wal", "-shm")}:
        raise ConfigurationError(f"--output '{path}' is the store itself", "name another file")


@store.command()
@click.argument("name")
@store_option
def forget(name: str, store: Path) -> None:
    """Remove an article, its briefs and its calls for good, by its address or its id."""
    with _opened(store) as kept:
        each = _one(kept, name)
        kept.forget(each.article)
        say(f"forgotten: {clean(_name(each))}")


@store.command()
@click.option("--older-than", metavar="DAYS", type=click.FloatRange(0), required=True, help="Days since it came.")
@store_option
def prune(older_than: float, store: Path) -> None:
    """Remove the articles that came more than so many days ago, with their briefs and calls."""
    with _opened(store) as kept:
        say(f"{kept.prune(time.time() - older_than * DAY)} articles removed")


def _opened(path: Path) -> "Store":
    from ..errors import InputError
    from ..store import Store

    if not path.exists():  # a mistyped path is no new store
        raise InputError(f"there is no store '{path}'", "check --store; summarizer batch makes one")
    return Store(path)


def _one(kept: "Store", name: str) -> "Kept":
    from ..errors import InputError

    article = kept.find(name)
    found = kept.article(article) if article else None
    if found is None:
        raise InputError(f"the store has no article, or several, of '{name[:80]}'", "see summarizer store list")
    return found


def _name(each: "Kept") -> str:
    return each.title or each.url or "without a title"


def _line(each: "Kept") -> str:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(each.added))
    told = (
        f"{len(each.briefs)} briefs"
        if len(each.briefs) > 1
        else "1 brief"
        if each.briefs
        else f"no brief: {each.failure}"
        if each.failure
        else "no brief yet"
    )
    return clean(f"{each.article[:12]}  {when}  {_name(each)[:80]}  ({told})") + "\n"
