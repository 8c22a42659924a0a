"""Where results go: standard output, shown with colour on a terminal, or a file that is written whole or not at all."""

import os
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

import click

from ..errors import ConfigurationError
from ..files import write_whole
from .streams import check_stdout, emit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from rich.text import Text

    from ..rendering.document import Document, Line

WIDEST = 100  # columns of running text on a terminal; longer lines are hard to follow
COLOURS = {"against": "red", "undecided": "yellow", "nothing_found": "green"}
"""What a terminal shows the tone of a verdict in."""
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a result in the form `form` ("md", "text", "json") goes; `path` None is standard output."""

    form: str
    path: Path | None

    @classmethod
    def of(cls, output: str | None, form: str, *sources: str) -> "Target":
        """The target that --output names ("-" is standard output).

        Raises ConfigurationError for what cannot be written, or is one of the sources itself.
        """
        if output is None or output == "-":
            check_stdout()
            return cls(form, None)
        return cls(form, _writable(output, sources))

    def write(self, text: str, document: "Document | None" = None) -> None:
        """Write the result.

        Markdown is laid out on a terminal: painted from the document that it was made of where that is given, so that
        tones are seen, else from its marks. Raises ConfigurationError if there is no room, or no permission any more.
        """
        if self.path is not None:
            _write_to(self.path, text)
            return
        check_stdout()
        if self.form == "md" and sys.stdout.isatty():
            _show(_laid_out(text) if document is None else _painted(document))
        else:
            emit(_for_json(text) if self.form == "json" else text)


def _show(blocks: "Iterator[RenderableType]") -> None:
    """Put blocks on a terminal: in colour if it has any, no wider than can be read."""
    from rich.console import Console

    console = Console(markup=False, emoji=False, highlight=False)
    for block in blocks:
        console.print(block, width=min(console.width, WIDEST))


def _laid_out(markdown: str) -> "Iterator[RenderableType]":
    from rich.markdown import Markdown

    yield Markdown(markdown, hyperlinks=False)


def _painted(document: "Document") -> "Iterator[RenderableType]":
    """The blocks of a document, each but a heading with an empty line after it."""
    from rich.table import Table as Grid

    from ..rendering.document import Bullets, Heading, Paragraph, Table

    for block in document:
        match block:
            case Heading(level, line):
                title = _painted_line(line)
                title.stylize("bold underline" if level == 1 else "bold")
                yield title
                continue
            case Paragraph(line):
                yield _painted_line(line)
            case Bullets(lines):
                rows = Grid.grid()
                for line in lines:
                    rows.add_row("  - ", _painted_line(line))
                yield rows
            case Table(head, entries):
                cells = Grid()
                for line in head:
                    cells.add_column(_painted_line(line))
                for entry in entries:
                    cells.add_row(*map(_painted_line, entry))
                yield cells
            case _:
                assert_never(block)
        yield ""


def _painted_line(line: "Line") -> "Text":
    from rich.text import Text

    from ..rendering.check import Toned

    text = Text()
    for span in line:
        colour = COLOURS.get(span.tone, "") if isinstance(span, Toned) else ""
        text.append(span.text, " ".join(filter(None, ["bold" if span.bold else "", colour])))
    return text


def _for_json(text: str) -> str:
    """JSON that standard output can write and a parser reads: beyond an encoding's letters, \\u escapes."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return _BEYOND_ASCII.sub(lambda found: _escaped(found[0]), text)
    return text


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _writable(output: str, sources: tuple[str, ...]) -> Path:
    """The file to be written, links followed, so that a link stays one."""
    if not output:
        raise ConfigurationError("--output names no file", "give the path of one")
    try:
        # Before links are followed: where /dev/stdout points to a pipe, there is no such path.
        facts = os.stat(output) if os.path.exists(output) else None
        path = Path(output).resolve()
        folder_is_there = path.parent.is_dir()
    except (OSError, ValueError, RuntimeError) as error:
        raise ConfigurationError(f"--output '{output}' is no path of a file", "give another") from error
    if facts is not None and stat.S_ISDIR(facts.st_mode):
        raise ConfigurationError(f"--output '{output}' is a folder", "name a file in it")
    if facts is not None and not stat.S_ISREG(facts.st_mode):
        raise ConfigurationError(f"--output '{output}' is a device or pipe and no file", "leave --output out and use >")
    if not folder_is_there:
        raise ConfigurationError(f"--output '{output}' is in a folder that is not there", "make the folder first")
    if not os.access(path.parent, os.W_OK):
        raise ConfigurationError(f"the folder of --output '{output}' may not be written to", "name another")
    if facts is not None and any(_is_source(facts, source) for source in sources):
        raise ConfigurationError(f"--output '{output}' is the article itself", "name another file")
    return path


def _is_source(facts: os.stat_result, source: str) -> bool:
    """Whether a file is the one that the article is read from, be it by redirection."""
    try:
        return os.path.samestat(facts, os.fstat(0) if source == "-" else os.stat(source))
    except (OSError, ValueError):  # a source that cannot be looked at is told of when it is read
        return False


def _write_to(path: Path, text: str) -> None:
    try:
        write_whole(path, text)
    except OSError as error:
        raise ConfigurationError(
            f"'{click.format_filename(path)}' cannot be written: {error.strerror}", "name another file (--output)"
        ) from error
