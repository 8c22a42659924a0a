"""`summarizer store`: what is kept, found, shown, handed on and forgotten."""

import json
import os
import time
from typing import TYPE_CHECKING

import click

from ..rendering.cleaning import clean
from .options import store_option
from .streams import emit, say

if TYPE_CHECKING:
    from ..store import Kept, Store

EXAMPLES = """\b
Examples:
  summarizer store status                   how much is kept, and what it took
  summarizer store list --failed            articles without a brief, and why
  summarizer store search "ferry port"      articles with these words
  summarizer store show 3f2a9c              the brief of one, by its id or its address
  summarizer store export > briefs.jsonl    every brief, an object a line
  summarizer store forget https://courier.example/embargoed
  summarizer store prune --older-than 90    what came more than 90 days ago
"""
DAY = 24 * 3600


@click.group(epilog=EXAMPLES)
def store() -> None:
    """Look at, hand on and forget what `batch` has kept."""


@store.command()
@store_option
def status(store: str | None) -> None:
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
def list_articles(store: str | None, failed: bool, limit: int) -> None:
    """List the articles, the newest first."""
    with _opened(store) as kept:
        found = (each for each in kept.articles() if not failed or (each.failure and not each.briefs))
        for each, _ in zip(found, range(limit), strict=False):
            emit(_line(each))


@store.command()
@click.argument("words")
@store_option
@click.option("--limit", metavar="N", type=click.IntRange(min=1), default=50, show_default=True)
def search(words: str, store: str | None, limit: int) -> None:
    """List the articles that have all of these words, the best fitting first."""
    with _opened(store) as kept:
        for each in kept.articles(words, limit=limit):
            emit(_line(each))


@store.command()
@click.argument("name")
@store_option
@click.option("--format", "-f", "form", type=click.Choice(["md", "text", "json"]), default="md", show_default=True)
def show(name: str, store: str | None, form: str) -> None:
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
def export(store: str | None) -> None:
    """Print the newest brief of every article as JSON, one a line."""
    with _opened(store) as kept:
        for brief in kept.briefs():
            emit(json.dumps(brief.model_dump()) + "\n")  # in ASCII: no sign of it moves a terminal


@store.command()
@click.argument("name")
@store_option
def forget(name: str, store: str | None) -> None:
    """Remove an article, its briefs and its calls for good, by its address or its id."""
    with _opened(store) as kept:
        each = _one(kept, name)
        kept.forget(each.article)
        say(f"forgotten: {clean(_name(each))}")


@store.command()
@click.option("--older-than", metavar="DAYS", type=click.FloatRange(0), required=True, help="Days since it came.")
@store_option
def prune(older_than: float, store: str | None) -> None:
    """Remove the articles that came more than so many days ago, with their briefs and calls."""
    with _opened(store) as kept:
        say(f"{kept.prune(time.time() - older_than * DAY)} articles removed")


def _opened(named: str | None) -> "Store":
    from ..errors import InputError
    from ..store import Store
    from .batch import store_path

    path = store_path(named)
    if not os.path.exists(path):  # a mistyped path is no new store
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
