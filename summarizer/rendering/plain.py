"""Writes a document as plain text, one line a paragraph; a terminal or a mail program wraps it."""

import unicodedata

from .document import Block, Bullets, Document, Heading, Line, Paragraph, Table

RULE = 72  # the longest line under a heading, in columns


def write_plain(document: Document) -> str:
    """The document as plain text, with a line end after the last line."""
    pieces: list[str] = []
    for block in document:
        pieces.append(_block(block))
        pieces.append("\n" if isinstance(block, Heading) else "\n\n")
    return "".join(pieces).rstrip("\n") + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(level, line):
            title = _line(line)
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
