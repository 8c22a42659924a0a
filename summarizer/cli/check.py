"""`summarizer check`: a text that somebody else wrote, against the article it is about."""

import sys
from typing import TYPE_CHECKING

import click

from .options import result_options, source_options
from .streams import say

if TYPE_CHECKING:
    from ..rendering import Format

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
FOUND = 1  # the exit code where something speaks against the text


@click.command(epilog=EPILOG)
@click.argument("text", required=False)
@click.option(
    "--against",
    metavar="SOURCE",
    required=True,
    help='The article that TEXT is about: a file, an address or "-".',
)
@result_options("check/1")
@source_options
@click.option("--quiet", "-q", is_flag=True, help="Say nothing on standard error but errors.")
def check(text: str | None, against: str, form: "Format", output: str | None, allow_private: bool, quiet: bool) -> int:
    """Check a text against the article it is about.

    TEXT is the file of a summary that somebody else wrote, a person or a tool, in any of the kinds that `brief` reads;
    "-", or nothing where text is piped in, is standard input. Each sentence is shown with what the article says
    against it. No model is involved, and no text leaves this machine.
    """
    from .output import Target

    text = _given(text, against)
    target = Target.of(output, form, against, text)  # refused before anything is read

    from ..articles.load import load_article, load_text
    from ..checking import check_text
    from ..rendering.check import document_of_check, render_check

    if "-" in (text, against) and not quiet and sys.stdin is not None and sys.stdin.isatty():
        say(f"type or paste the {'text' if text == '-' else 'article'}, then Ctrl-D (Ctrl-Z on Windows)")
    article = load_article(against, allow_private=allow_private)
    # What would be an advert on an article's page is a sentence like any other of a text about it.
    checked, text_warnings = load_text(text)
    if not quiet:
        for warning in (*article.warnings, *text_warnings):
            say(f"warning: {warning}")
    report = check_text(article, checked)
    target.write(render_check(report, form), document_of_check(report))
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
