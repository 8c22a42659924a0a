"""Writes a document as Markdown: CommonMark with the tables of GitHub Flavored Markdown.

Text is escaped so that a parser gives it back as it was: no link, image, HTML, heading, list, table or code can be
made by it. Only what could be taken for markup gets a backslash, so that the source reads well too. What is marked
is a block quote, which readers of Markdown set apart with a bar.
"""

import re

from .document import Block, Bullets, Document, Heading, Line, Paragraph, Span, Table, merged
from .plain import laid_under

# CommonMark 0.31, "Inlines", and GFM 0.29 for strikethrough, tables and the addresses that it links by itself. A "["
# that is no markup leaves "]" and "(" without a meaning.
_INLINE = re.compile(
    r"[\\`*_\[~|]"
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?[0-9A-Za-z]{1,32};)"
    r"|:(?=//)|(?<=\bwww)\.|(?<=[\w.+-])@(?=\w)",
    re.IGNORECASE,
)
# What would begin a block at the start of a line (heading, quote, list, rule), up to where a backslash goes.
_BLOCK = re.compile(r"(?=[#>]|[-+](?:\s|$)|-[\s-]*$)|\d{1,9}(?=[.)](?:\s|$))")


def write_markdown(document: Document) -> str:
    """The document as Markdown, with a line end after the last line."""
    return laid_under(document, _block, "> ")


def _block(block: Block) -> str:
    match block:
        case Heading(level, line):
            # A "#" at the end would be taken for the end of the heading's mark.
            return "#" * level + " " + re.sub(r"(?<!\\)#$", r"\\#", _line(line))
        case Paragraph(line):
            return _line(line)
        case Bullets(lines):
            return "\n".join(f"- {_line(line)}" for line in lines)
        case Table(head, rows):
            return "\n".join([_row(head), f"|{'---|' * len(head)}", *map(_row, rows)])


def _row(cells: tuple[Line, ...]) -> str:
    return f"| {' | '.join(_line(cell) for cell in cells)} |"


def _line(spans: Line) -> str:
    line = "".join(map(_span, merged(spans)))
    block = _BLOCK.match(line)
    return f"{line[: block.end()]}\\{line[block.end() :]}" if block else line


def _span(span: Span) -> str:
    escaped = _INLINE.sub(r"\\\g<0>", span.text)
    words = escaped.strip()
    if not words or not (span.bold or span.href):
        return escaped
    # White space inside the marks would undo them.
    before, after = escaped[: len(escaped) - len(escaped.lstrip())], escaped[len(escaped.rstrip()) :]
    told = f"**{words}**" if span.bold else words
    if span.href:
        label, target = told.replace("]", "\\]"), span.href.replace("&", "&amp;")
        told = f"[{label}](<{target}>)"
    return f"{before}{told}{after}"
