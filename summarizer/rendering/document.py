"""A document without a format: what there is to read and in what order, for a writer to put into a form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from .cleaning import clean

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_SAFE = "/%:=+,;~&-._"  # what an address has and no form of text reads as its own
_LONGEST = 2000  # characters; a longer one is no address of an article


@dataclass(frozen=True, slots=True)
class Span:
    """Words in one style. They are cleaned when the span is made, so that no writer can be given others.

    `href` is the address that they lead to, in ASCII; one that is none of the web is left out. `to` is the anchor of a
    heading of the same document that they lead to instead, in a form that has such links.
    """

    text: str
    bold: bool = False
    href: str = ""
    to: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))
        object.__setattr__(self, "href", web_address(self.href))


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 is the title of the document. `anchor` is what a `Span` can lead to: small letters, digits, hyphens.

    A block of any kind that is `marked` is to be seen first: every form sets it apart, with its marked neighbours.
    """

    level: int
    line: Line
    anchor: str = ""
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; a `quiet` one is an aside, such as what is counted or left out."""

    line: Line
    marked: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; each entry is one line."""

    lines: tuple[Line, ...]
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as long as the head."""

    head: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]
    marked: bool = False


Block = Heading | Paragraph | Bullets | Table
Document = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a page. A form that is short of room leaves out parts of stories, the last ones first.

    `story` is the number of the story that it belongs to, 0 for the page's own; `name` says what is left out with it,
    and is empty for what stays as long as the story is there.
    """

    blocks: Document
    story: int = 0
    name: str = ""


def web_address(url: str | None) -> str:
    """The address of a page, every character that markup could read escaped; empty if it is no whole http(s) address.

    An address with a user name or password in it is none: it looks like another host's than it is.
    """
    try:
        parts = urlsplit((url or "").strip())
        host, port = parts.hostname, parts.port
        name = host.encode("idna").decode("ascii") if host else ""
    except ValueError:  # UnicodeError is one
        return ""
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(name) or "@" in parts.netloc:
        return ""
    path, query = (quote(each.encode("utf-8", "replace"), safe=_SAFE) for each in (parts.path, parts.query))
    address = f"{parts.scheme.lower()}://{name}{f':{port}' if port else ''}{path}{f'?{query}' if query else ''}"
    return address if len(address) <= _LONGEST else ""


def line(*parts: str | Span) -> Line:
    """A line of parts as they are given; a `str` is in plain style."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts)


def merged(spans: Line) -> list[Span]:
    """The line as few spans, no two neighbours of one style and none empty, without white space at its ends."""
    runs: list[Span] = []
    for span in spans:
        if runs and replace(runs[-1], text=span.text) == span:
            runs[-1] = replace(span, text=runs[-1].text + span.text)
        elif span.text:
            runs.append(span)
    if runs:
        runs[0] = replace(runs[0], text=runs[0].text.lstrip())
        runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip())
    return [run for run in runs if run.text]


def listed(names: Iterable[str]) -> str:
    """Names as a sentence has them: "a, b and c"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
