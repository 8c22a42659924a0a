"""A document without a format: what there is to read and in what order, for a writer to put into a form."""

from collections.abc import Iterable
from dataclasses import dataclass

from .cleaning import clean


@dataclass(frozen=True, slots=True)
class Span:
    """Words in one style. They are cleaned when the span is made, so that no writer can be given others."""

    text: str
    bold: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 is the title of the document."""

    level: int
    line: Line


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; each entry is one line."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as long as the head."""

    head: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]


Block = Heading | Paragraph | Bullets | Table
Document = tuple[Block, ...]


def line(*parts: str | Span) -> Line:
    """A line of parts as they are given; a `str` is in plain style."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts)


def merged(spans: Line) -> list[Span]:
    """The line as few spans, no two neighbours of one style and none empty, without white space at its ends."""
    runs: list[Span] = []
    for span in spans:
        if runs and runs[-1].bold == span.bold:
            runs[-1] = Span(runs[-1].text + span.text, span.bold)
        elif span.text:
            runs.append(span)
    if runs:
        runs[0] = Span(runs[0].text.lstrip(), runs[0].bold)
        runs[-1] = Span(runs[-1].text.rstrip(), runs[-1].bold)
    return [run for run in runs if run.text]


def listed(names: Iterable[str]) -> str:
    """Names as a sentence has them: "a, b and c"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
