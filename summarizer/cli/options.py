"""Options that several commands have."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


def result_options(contract: str) -> Callable[[CommandT], CommandT]:
    """--format (as `form`) and --output, for a command whose JSON is that contract."""
    form = click.option(
        "--format",
        "-f",
        "form",
        type=click.Choice(["md", "text", "json"]),
        default="md",
        show_default=True,
        help=f"Markdown, plain text, or the contract {contract}.",
    )
    output = click.option(
        "--output", "-o", metavar="FILE", help="Write there, whole or not at all, instead of standard output."
    )
    return lambda command: form(output(command))
