"""`summarizer brief`: one article, one brief."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..rendering.cleaning import clean
from ..settings import DEFAULT_TIME_LIMIT, LONGEST_TIME_LIMIT, SHORTEST_TIME_LIMIT
from .options import keeping_option, model_options, result_options, source_options
from .streams import say

if TYPE_CHECKING:
    from ..briefing import Summarizer
    from ..rendering import Format
    from ..schemas.article import Article
    from ..schemas.brief import Brief
    from ..store import Recipe, Store
    from ..watcher import Watcher
    from .watching import Watch

EPILOG = """\b
Examples:
  summarizer brief article.txt
  summarizer brief https://courier.example/ferry-port
  summarizer brief communique.pdf -f json -o brief.json
  cat article.txt | summarizer brief -
  summarizer brief article.txt --model ollama/qwen3:4b

The brief goes to standard output or to the FILE of --output, progress and errors to standard error. The model is that
of --model, else of SUMMARIZER_MODEL, else of summarizer.toml, else the embedded one, which needs no key and no network
once it was fetched. If a model elsewhere was named, a line says where the text goes before it is sent.

Nothing is kept unless --store names a file, or summarizer.toml says keep_briefs = true (then in SUMMARIZER_STORE, else
in the user's data folder); with either, a brief that is kept from before is printed at once.
"""


def _seconds(_: click.Context, __: click.Parameter, value: float | None) -> float | None:
    if value is not None and not SHORTEST_TIME_LIMIT <= value <= LONGEST_TIME_LIMIT:
        raise click.BadParameter(f"give seconds from {SHORTEST_TIME_LIMIT} to {LONGEST_TIME_LIMIT}")
    return value


@click.command(epilog=EPILOG)
@click.argument("source", required=False)
@model_options("The model that proposes")
@result_options("brief/1")
@click.option(
    "--time-limit",
    metavar="SECONDS",
    type=float,
    callback=_seconds,
    show_default=str(DEFAULT_TIME_LIMIT),
    help="Give up after so long.",
)
@click.option(
    "--language",
    "-l",
    metavar="CODE",
    help="Write the brief in this language, such as en or de; what stands in quotation marks stays as it is.",
    show_default="the article's",
)
@keeping_option
@source_options
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
def brief(
    source: str | None,
    model: str | None,
    base_url: str | None,
    form: "Format",
    output: str | None,
    time_limit: float | None,
    language: str | None,
    store: Path | None,
    allow_private: bool,
    quiet: bool,
) -> int:
    """Make the brief of one article.

    SOURCE is the address of its web page, or the file that holds it: text, Markdown, HTML, e-mail, PDF or Word; "-",
    or nothing where text is piped in, is standard input.
    """
    from .output import Target

    source = _given(source)
    target = Target.of(output, form, source)  # refused before minutes are spent, not after

    from ..articles.bringing import is_address
    from ..articles.load import load_article
    from ..articles.raw import shown
    from ..briefing import Summarizer
    from ..rendering import render
    from ..settings import load_settings, store_path
    from ..store import Store
    from .watching import watching

    if source == "-" and not quiet and sys.stdin is not None and sys.stdin.isatty():
        say("type or paste the article, then Ctrl-D (Ctrl-Z on Windows)")
    if is_address(source) and not quiet:
        say(f"fetching {shown(source)}")
    article = load_article(source, allow_private=allow_private)
    path = store or (store_path() if load_settings().keep_briefs else None)
    with (
        watching(quiet) as watch,
        Summarizer(
            model, base_url=base_url, time_limit=time_limit, language=language, pulling=watch.pulling
        ) as summarizer,
    ):
        if path is None:
            made, is_kept = _made(summarizer, article, watch), True
        else:
            with Store(path) as keeping:
                made, is_kept = _kept(summarizer, article, watch, keeping)
    target.write(render(made, form))
    return 0 if is_kept else 1


def _made(summarizer: "Summarizer", article: "Article", watch: "Watch") -> "Brief":
    _tell_destination(summarizer)
    with watch.shown():
        return summarizer.brief(article, watch.watcher)


def _kept(summarizer: "Summarizer", article: "Article", watch: "Watch", store: "Store") -> "tuple[Brief, bool]":
    """The brief out of the store, else a new one that is put there; and whether it is there now.

    One that was made and cannot be kept is not lost: it is told, and the brief is given.
    """
    import asyncio

    from ..errors import StoreUnusable

    brief = store.brief(summarizer.recipe.key(article))
    if brief is not None:
        say(f"kept from before, in {clean(str(store.path))}")
        return brief, True
    _tell_destination(summarizer)
    desk = _Watched(summarizer, watch.watcher)
    try:
        with watch.shown():
            return asyncio.run(_result(desk, article, store)), True
    except StoreUnusable as error:
        if desk.made is None:
            raise
        say(f"the brief is not kept: {clean(str(error))}")
        return desk.made, False


def _tell_destination(summarizer: "Summarizer") -> None:
    if summarizer.destination is not None:
        say(f"sending the article to {summarizer.destination}")


@dataclass
class _Watched:
    """A summarizer whose work is shown. `made` is what it has made."""

    summarizer: "Summarizer"
    watcher: "Watcher | None"
    made: "Brief | None" = None

    @property
    def recipe(self) -> "Recipe":
        return self.summarizer.recipe

    async def abrief(self, article: "Article") -> "Brief":
        self.made = await self.summarizer.abrief(article, self.watcher)
        return self.made


async def _result(desk: _Watched, article: "Article", store: "Store") -> "Brief":
    """The brief of a batch of one article, which is claimed and kept with its calls as any other."""
    from ..batch import Limits, results

    (result,) = [each async for each in results(desk, [article], store, Limits(), concurrency=1, command="brief")]
    if result.brief is not None:
        return result.brief
    assert result.error is not None, "a result has one or the other"
    raise result.error


def _given(source: str | None) -> str:
    """The source; left out, it is standard input if something is piped into it."""
    if source is not None:
        return source
    if sys.stdin is None or sys.stdin.isatty():
        raise click.UsageError(
            "name the file of an article (summarizer brief article.txt) or pipe its text in (… | summarizer brief -)",
            click.get_current_context(),
        )
    return "-"
