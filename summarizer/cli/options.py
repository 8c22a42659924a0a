"""Options that several commands have."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from ..settings import store_path

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


def result_options(contract: str, more: Mapping[str, str] | None = None) -> Callable[[CommandT], CommandT]:
    """--format (as `form`) and --output, for a command whose JSON is that contract; `more` are forms of its own,
    each with what it is.
    """
    told = ["Markdown", "plain text", f"the contract {contract}", *(more or {}).values()]
    form = click.option(
        "--format",
        "-f",
        "form",
        type=click.Choice(["md", "text", "json", *(more or {})]),
        default="md",
        show_default=True,
        help=f"{', '.join(told[:-1])}, or {told[-1]}.",
    )
    output = click.option(
        "--output", "-o", metavar="FILE", help="Write there, whole or not at all, instead of standard output."
    )
    return lambda command: form(output(command))


def model_options(says: str) -> Callable[[CommandT], CommandT]:
    """--model and --base-url, for a command that calls a model; `says` is the help of the first."""
    model = click.option(
        "--model",
        "-m",
        metavar="NAME",
        envvar="SUMMARIZER_MODEL",
        show_envvar=True,
        show_default="local",
        help=f"{says}: local, local/NAME, ollama/NAME, openai/NAME, openrouter/NAME.",
    )
    base_url = click.option(
        "--base-url",
        metavar="URL",
        help="An OpenAI-compatible server that has the model.  [env var: SUMMARIZER_BASE_URL, for models not local]",
    )
    return lambda command: model(base_url(command))


def store_option(command: CommandT) -> CommandT:
    """--store (a Path), for a command that keeps or reads what was made."""
    return click.option(
        "--store",
        metavar="PATH",
        callback=_usual,
        show_default="SUMMARIZER_STORE, else in the user's data folder",
        help="The file of the store.",
    )(command)


def _usual(_: click.Context, __: click.Parameter, named: str | None) -> Path:
    return store_path(named)


def keeping_option(command: CommandT) -> CommandT:
    """--store (a Path, or None), for a command that keeps what it makes only where that is asked for."""
    return click.option(
        "--store",
        metavar="PATH",
        type=click.Path(path_type=Path),
        help="Keep the brief there, and take it from there if it is kept.  [default: keep nothing]",
    )(command)


def source_options(command: CommandT) -> CommandT:
    """--allow-private, for a command that takes the address of a page."""
    return click.option(
        "--allow-private",
        is_flag=True,
        help="Fetch from addresses inside a private network, too: an intranet, this machine.",
    )(command)
