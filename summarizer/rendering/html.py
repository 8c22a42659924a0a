"""Writes a document as elements of HTML: for a page in mail programs, old ones too, or bare for a feed.

A tree is built and a library writes it, so nothing that an article or a model says can become markup. What is marked
stands in a box with a thick bar, which is a table: mail programs of 2012 know no other.
"""

import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import lxml.html
from lxml.builder import ElementMaker

from .document import Block, Bullets, Document, Heading, Line, Paragraph, Span, Table, merged
from .looks import look_of

# Elements are lxml's, which has no types.
Element = Any
_MAKE = ElementMaker(makeelement=lxml.html.html_parser.makeelement)
_RTL = ("R", "AL")
_WIDTH = 92  # percent of a table's width: an even share of it is the width of each column but the last
LAYOUT = {"role": "presentation", "width": "100%", "cellpadding": "0", "cellspacing": "0", "border": "0"}


class HtmlWriter:
    """Makes elements; with `styled` each has its look in itself."""

    def __init__(self, styled: bool = True) -> None:
        self._styled = styled

    def write(self, document: Document) -> str:
        """The document as HTML, a block a line."""
        return "".join(f"{markup(element)}\n" for element in self.elements(document))

    def elements(self, document: Document) -> Iterator[Element]:
        """An element a block; marked neighbours are in one box."""
        for is_marked, blocks in groupby(document, key=lambda block: block.marked):
            elements = [self._block(block) for block in blocks]
            if is_marked:
                yield self.boxed(elements)
            else:
                yield from elements

    def boxed(self, elements: list[Element]) -> Element:
        """The box of what is to be seen first."""
        border = {} if self._styled else {"border": "1"}
        cell = self.make("td", "box", *elements)
        return self.make("table", "boxed", _MAKE.tr(cell), **{**LAYOUT, **border})

    def make(self, tag: str, kind: str, *children: Any, **attributes: str) -> Element:
        """An element in the look of its kind, "" for none; children are elements or text."""
        look = look_of(kind, "dir" in attributes) if self._styled and kind else {}
        return _MAKE(tag, {**attributes, **look}, *children)

    def _block(self, block: Block) -> Element:
        match block:
            case Heading(level, line, anchor):
                kind = "h3 marked" if block.marked else f"h{min(level, 3)}"
                named = [_MAKE.a({"name": anchor, "id": anchor})] if anchor else []
                return self.make(f"h{level}", kind, *named, *self._line(line), **_direction(line))
            case Paragraph(line):
                kind = "p marked" if block.marked else "p quiet" if block.quiet else "p"
                return self.make("p", kind, *self._line(line), **_direction(line))
            case Bullets(lines):
                entries = [self.make("li", "li", *self._line(line), **_direction(line)) for line in lines]
                # Marks of lines that run the other way stand at the other side.
                return self.make("ul", "ul rtl" if any("dir" in each.attrib for each in entries) else "ul", *entries)
            case Table(head, rows):
                return self._table(head, rows)

    def _table(self, head: tuple[Line, ...], rows: tuple[tuple[Line, ...], ...]) -> Element:
        # The last column has the most to say.
        narrow = _WIDTH // len(head)
        widths = [narrow] * (len(head) - 1) + [100 - narrow * (len(head) - 1)]
        top = [self.make("th", "th", *self._line(cell), scope="col", **_direction(cell)) for cell in head]
        for cell, width in zip(top, widths, strict=True):
            if self._styled:
                cell.set("width", f"{width}%")
        body = []
        for first, *others in rows:
            cells = [self.make("th", "th row", *self._line(first), scope="row", **_direction(first))]
            cells += [self.make("td", "td", *self._line(cell), **_direction(cell)) for cell in others]
            body.append(_MAKE.tr(*cells))
        whole = {"width": "100%", "cellpadding": "0", "cellspacing": "0", "border": "0"} if self._styled else {}
        return self.make("table", "table", _MAKE.thead(_MAKE.tr(*top)), _MAKE.tbody(*body), **whole)

    def _line(self, line: Line) -> Iterator[Any]:
        return map(self._span, merged(line))

    def _span(self, span: Span) -> Any:
        """Text, or an element; words that run from right to left do not reorder what stands beside them."""
        words: Any = self.make("bdi", "", span.text) if _runs_left(span.text) else span.text
        if span.bold:
            words = self.make("b", "b", words)
        if span.href or span.to:
            # A page of an outlet is told nothing of the mail from which a reader comes.
            target = {"href": span.href, "rel": "noreferrer"} if span.href else {"href": f"#{span.to}"}
            return self.make("a", "a", words, **target)
        return words


def markup(element: Element) -> str:
    """An element as HTML."""
    return str(lxml.html.tostring(element, encoding="unicode"))


def _runs_left(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in _RTL for char in text)


def _direction(line: Line) -> dict[str, str]:
    """`dir` of a line most of whose letters are of a script that runs from right to left."""
    ways = [unicodedata.bidirectional(char) for span in line for char in span.text]
    left, right = ways.count("L"), sum(ways.count(way) for way in _RTL)
    return {"dir": "rtl"} if right > left else {}
