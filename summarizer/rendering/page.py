"""The page of a digest for mail: one HTML file that is whole in itself, small enough to be shown whole.

It is made for the mail programs of 2012 (tables for the layout, styles in the elements) and for phones (one column that
gets as wide as the screen, and no wider than can be read). No script, no picture, nothing that is fetched.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import TYPE_CHECKING

import lxml.html
from lxml import etree

from .document import Block, Bullets, Document, Heading, Paragraph, Part, line
from .glance import many, preview_of, subject_of
from .html import LAYOUT, Element, HtmlWriter
from .looks import WIDTH, sheet

if TYPE_CHECKING:
    from ..schemas.digest import Digest

LARGEST = 102_000  # bytes in UTF-8: mail programs show the beginning of a larger page only
_SMALLEST = 300  # bytes, of the heading of a story and its counts
_LANGUAGE = "en"  # of the page's own words
_HIDDEN = "display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:1px;line-height:1px"
_WRITER = HtmlWriter()


def write_page(digest: "Digest", parts: Sequence[Part]) -> str:
    """The page, smaller than LARGEST, with a line end after the last line.

    Where there is no room, stories lose their parts from the lowest up, the last story first; then the last stories go
    whole. What was left out is said where it was, and below the counts at the top.
    """
    own = [part for part in parts if not part.story]
    stories = _stories(parts, LARGEST // _SMALLEST)
    missing = len(digest.stories) - len(stories)
    room = LARGEST - 1 - _size(_page(digest, []))
    if missing or sum(story.size() for story in stories) + _size_of(own) > room:
        _fit(stories, room - _size_of([*own, _told(len(digest.stories), len(digest.stories))]))
    gone = missing + sum(story.kept == 0 for story in stories)
    cut = sum(0 < story.kept < len(story.parts) for story in stories)
    note = [_told(cut, gone)] if cut or gone else []
    shown = [*own[:1], *note, *(part for story in stories for part in story.shown()), *own[1:]]
    return _page(digest, _without_dead_ends([block for part in shown for block in part.blocks]))


@dataclass
class _Story:
    """A story's parts, and how many of them are shown, 0 for none; `sizes` are theirs in bytes."""

    parts: list[Part]
    sizes: list[int]
    kept: int

    def shown(self) -> list[Part]:
        """The parts that are kept, and a line on the others; of a story that is left out whole, nothing."""
        names = list(dict.fromkeys(part.name for part in self.parts[self.kept :]))
        if not self.kept or not names:
            return self.parts[: self.kept]
        note = Paragraph(line(f"Left out for room: {', '.join(names)}. The JSON has all of it."), quiet=True)
        return [*self.parts[: self.kept], Part((note,), self.parts[0].story)]

    def size(self) -> int:
        """In bytes, with the line on what is left out."""
        return sum(self.sizes[: self.kept]) + _size_of(self.shown()[self.kept :])


def _stories(parts: Iterable[Part], most: int) -> list[_Story]:
    """The first stories, whole; of more not even the headings have room."""
    by_story = groupby((part for part in parts if part.story), key=lambda part: part.story)
    groups = [list(group) for _, group in islice(by_story, most)]
    return [_Story(group, [_size_of([part]) for part in group], len(group)) for group in groups]


def _fit(stories: Sequence[_Story], room: int) -> None:
    """Cut the stories until they have room: all but the contradictions, then these, then the whole story."""
    total = sum(story.size() for story in stories)
    for floor in (_lead, _one, _none):
        for story in reversed(stories):
            while total > room and story.kept > floor(story):
                before = story.size()
                story.kept -= 1
                total += story.size() - before


def _lead(story: _Story) -> int:
    """The heading, and the contradictions if there are any."""
    return 2 if any(block.marked for part in story.parts[1:2] for block in part.blocks) else 1


def _one(story: _Story) -> int:
    return 1


def _none(story: _Story) -> int:
    return 0


def _told(cut: int, gone: int) -> Part:
    """The line at the top of a page from which something is left out."""
    told = [f"{many(cut, 'story is', 'stories are')} told in part"] if cut else []
    told += [f"the last {many(gone, 'story is', 'stories are')} left out"] if gone else []
    return Part((Paragraph(line(f"For room, {' and '.join(told)}. The JSON has all of it.")),))


def _size(text: str) -> int:
    return len(text.encode("utf-8"))


def _size_of(parts: Iterable[Part]) -> int:
    return sum(_size(_WRITER.write(part.blocks)) for part in parts)


def _page(digest: "Digest", blocks: Sequence[Block]) -> str:
    make = _WRITER.make
    elements = _WRITER.elements(tuple(blocks))
    card = make("table", "frame", make("tr", "", make("td", "card", *_lines(elements))), **LAYOUT)
    # Outlook knows no greatest width, and reads what no other program does.
    before = etree.Comment(f'[if mso]><table role="presentation" width="{WIDTH}" align="center"><tr><td><![endif]')
    after = etree.Comment("[if mso]></td></tr></table><![endif]")
    around = make("td", "around", *_lines([before, card, after]), align="center")
    hidden = make("div", "", preview_of(digest), style=_HIDDEN)
    body = make("body", "body", *_lines([hidden, make("table", "around", make("tr", "", around), **LAYOUT)]))
    page = make("html", "", *_lines([_head(digest), body]), lang=_LANGUAGE)
    return f"{lxml.html.tostring(page, encoding='unicode', doctype='<!DOCTYPE html>')}\n"


def _head(digest: "Digest") -> Element:
    metas = [
        {"charset": "utf-8"},
        {"name": "viewport", "content": "width=device-width, initial-scale=1"},
        {"name": "color-scheme", "content": "light dark"},
        {"name": "supported-color-schemes", "content": "light dark"},
        {"name": "format-detection", "content": "telephone=no, date=no, address=no, email=no"},
    ]
    make = _WRITER.make
    told = [make("title", "", subject_of(digest)), make("style", "", sheet())]
    return make("head", "", *_lines([*(make("meta", "", **each) for each in metas), *told]))


def _without_dead_ends(blocks: Sequence[Block]) -> Document:
    """The blocks, lists without links to headings that are left out."""
    there = {block.anchor for block in blocks if isinstance(block, Heading)}
    return tuple(
        replace(
            block, lines=tuple(tuple(s if s.to in there else replace(s, to="") for s in line) for line in block.lines)
        )
        if isinstance(block, Bullets)
        else block
        for block in blocks
    )


def _lines(elements: Iterable[Element]) -> Iterator[Element]:
    """Each element on a line of its own: long lines are broken by what sends mail."""
    yield "\n"
    for element in elements:
        yield element
        yield "\n"
