"""Writes a document as plain text, one line a paragraph; a terminal or a mail program wraps it.

Headings of the first two levels have a rule below them; what is marked has a bar before each of its lines.
"""

import unicodedata
from collections.abc import Callable

from .document import Block, Bullets, Document, Heading, Line, Paragraph, Table

BAR = "| "
RULE = 72  # the longest line under a heading, in columns


def write_plain(document: Document) -> str:
    """The document as plain text, with a line end after the last line."""
    return laid_under(document, _block, BAR)


def laid_under(document: Document, write: Callable[[Block], str], bar: str) -> str:
    """The blocks under each other, an empty line after each but headings; `bar` is before each line that is marked.

    Among what is marked a list stands close to the paragraph above it.
    """
    lines: list[str] = []
    for number, block in enumerate(document):
        lines += [f"{bar}{each}" if block.marked else each for each in write(block).split("\n")]
        after = document[number + 1] if number + 1 < len(document) else None
        is_going_on = block.marked and after is not None and after.marked
        is_over_a_list = is_going_on and isinstance(block, Paragraph) and isinstance(after, Bullets)
        if not isinstance(block, Heading) and not is_over_a_list:
            lines.append(bar.rstrip() if is_going_on else "")
    return "\n".join(lines).rstrip("\n") + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(level, line):
            title = _line(line)
            if level > 2:
                return title
            return f"{title}\n{('=' if level == 1 else '-') * min(_columns(title), RULE)}"
        case Paragraph(line):
            return _line(line)
        case Bullets(lines):
            return "\n".join(f"- {_line(line)}" for line in lines)
        case Table(head, rows):
            return _table([[_line(cell) for cell in row] for row in (head, *rows)])


def _table(rows: list[list[str]]) -> str:
    """The rows under each other, every column as wide as its widest cell but the last, which runs on."""
    widths = [max(_columns(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    padded = [
        [cell + " " * (width - _columns(cell)) for cell, width in zip(row, widths, strict=False)] + row[-1:]
        for row in rows
    ]
    return "\n".join("  " + "  ".join(row).rstrip() for row in padded)


def _line(spans: Line) -> str:
    return "".join(span.text for span in spans).strip()


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes: two for wide letters, none for a mark or a joiner (UAX #11)."""
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )
