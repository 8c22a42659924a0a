"""`summarizer check`: a text that somebody else wrote, against the article it is about."""

import sys
from typing import TYPE_CHECKING

import click

from .options import result_options
from .streams import check_stdout, say

if TYPE_CHECKING:
    from rich.text import Text

    from ..rendering import Format
    from ..rendering.document import Document, Line

EPILOG = """\b
Examples:
  summarizer check summary.txt --against article.txt
  summarizer check summary.md --against article.txt -f json -o report.json
  cat summary.txt | summarizer check - --against article.txt -f text > report.txt || echo look at it

The report goes to standard output or to the FILE of --output: first the sentences that have something against them,
then those that could not be decided, then the rest. Exit codes: 0 nothing found against the text, 1 something was
found against it, 2 bad use or unreadable input. What was only undecided ends with 0.

No finding is no proof: the report says what the checks see, and what they do not.
"""
COLOURS = {"against": "red", "undecided": "yellow", "nothing_found": "green"}
FOUND = 1  # the exit code where something speaks against the text


@click.command(epilog=EPILOG)
@click.argument("text", required=False)
@click.option(
    "--against", metavar="SOURCE", required=True, help='The article that TEXT is about; "-" is standard input.'
)
@result_options("check/1")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing on standard error but errors.")
def check(text: str | None, against: str, form: "Format", output: str | None, quiet: bool) -> int:
    """Check a text against the article it is about.

    TEXT is the file of a summary that somebody else wrote, a person or a tool, as text or Markdown; "-", or nothing
    where text is piped in, is standard input. Each sentence is shown with what the article says against it. No model
    is involved, and nothing leaves this machine.
    """
    from .output import Target

    text = _given(text, against)
    target = Target.of(output, form, against)  # refused before anything is read
    Target.of(output, form, text)

    from ..articles.load import load_article
    from ..checking import check_text
    from ..rendering.check import document_of_check, render_check

    if "-" in (text, against) and not quiet and sys.stdin is not None and sys.stdin.isatty():
        say(f"type or paste the {'text' if text == '-' else 'article'}, then Ctrl-D (Ctrl-Z on Windows)")
    article = load_article(against)
    checked = load_article(text)
    if not quiet:
        for warning in (*article.warnings, *checked.warnings):
            say(f"warning: {warning}")
    report = check_text(article, checked.text)
    if target.path is None and form == "md" and sys.stdout.isatty():
        _show(document_of_check(report))
    else:
        target.write(render_check(report, form))
    return FOUND if report.counts.against else 0


def _given(text: str | None, against: str) -> str:
    """The text; left out, it is standard input if something is piped into it that is not the article."""
    if text is None:
        if against == "-" or sys.stdin is None or sys.stdin.isatty():
            raise click.UsageError(
                "name the file of a text (summarizer check summary.txt --against article.txt) or pipe it in",
                click.get_current_context(),
            )
        return "-"
    if text == "-" and against == "-":
        raise click.UsageError(
            'TEXT and --against cannot both be "-": standard input holds one of them', click.get_current_context()
        )
    return text


def _show(document: "Document") -> None:
    """Put the report on a terminal: in colour if it has any, no wider than can be read."""
    from rich.console import Console
    from rich.table import Table

    from ..rendering.document import Bullets, Heading, Paragraph
    from .output import WIDEST

    check_stdout()
    console = Console(markup=False, emoji=False, highlight=False)
    width = min(console.width, WIDEST)
    for block in document:
        match block:
            case Heading(level, line):
                title = _painted(line)
                title.stylize("bold underline" if level == 1 else "bold")
                console.print(title, width=width)
            case Paragraph(line):
                console.print(_painted(line), width=width)
            case Bullets(lines):
                rows = Table.grid()
                for line in lines:
                    rows.add_row("  - ", _painted(line))
                console.print(rows, width=width)
            case _:
                raise AssertionError(f"a report has no {type(block).__name__}")
        if not isinstance(block, Heading):
            console.print()


def _painted(line: "Line") -> "Text":
    from rich.text import Text

    from ..rendering.check import Toned

    text = Text()
    for span in line:
        colour = COLOURS.get(span.tone, "") if isinstance(span, Toned) else ""
        text.append(span.text, " ".join(filter(None, ["bold" if span.bold else "", colour])))
    return text
