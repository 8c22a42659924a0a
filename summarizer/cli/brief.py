"""`summarizer brief`: one article, one brief."""

import sys
from typing import TYPE_CHECKING

import click

from ..settings import DEFAULT_TIME_LIMIT, LONGEST_TIME_LIMIT, SHORTEST_TIME_LIMIT
from .options import model_options, result_options, source_options
from .streams import say

if TYPE_CHECKING:
    from ..rendering import Format

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
    allow_private: bool,
    quiet: bool,
) -> None:
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
    from .watching import watching

    if source == "-" and not quiet and sys.stdin is not None and sys.stdin.isatty():
        say("type or paste the article, then Ctrl-D (Ctrl-Z on Windows)")
    if is_address(source) and not quiet:
        say(f"fetching {shown(source)}")
    article = load_article(source, allow_private=allow_private)
    with (
        watching(quiet) as watch,
        Summarizer(
            model, base_url=base_url, time_limit=time_limit, language=language, pulling=watch.pulling
        ) as summarizer,
    ):
        if summarizer.destination is not None:
            say(f"sending the article to {summarizer.destination}")
        with watch.shown():
            made = summarizer.brief(article, watch.watcher)
    target.write(render(made, form))


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
