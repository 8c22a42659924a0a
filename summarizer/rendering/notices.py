"""What the reader of a digest has to know first: what outlets correct, and what they have killed."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from .document import Block, Bullets, Heading, Line, Span, line
from .glance import cut
from .quotes import quoted

if TYPE_CHECKING:
    from ..schemas.digest import Correction, Digest, Withdrawn

MOST = 10  # of each that a page tells, so that they never take the stories' room; JSON has all
_LONGEST_NAME, _LONGEST_TITLE, _LONGEST_ADDRESS = 60, 160, 500  # characters


def notices_told(digest: "Digest") -> Iterator[Block]:
    """The corrections, the latest first, each with its story's number; then what is withdrawn, without its words."""
    numbers = {story.id: number for number, story in enumerate(digest.stories, start=1)}
    if digest.corrections:
        yield Heading(2, line("Corrections first"))
        yield _bullets([_correction(each, numbers) for each in digest.corrections])
    if digest.withdrawn:
        yield Heading(2, line("Withdrawn: do not use"))
        yield _bullets([_withdrawn(each) for each in digest.withdrawn])


def _bullets(lines: list[Line]) -> Bullets:
    more = len(lines) - MOST
    return Bullets((*lines[:MOST], *([line(f"and {more} more, in the JSON")] if more > 0 else [])))


def _correction(correction: "Correction", numbers: Mapping[str, int]) -> Line:
    name = cut(correction.outlet or correction.title or "", _LONGEST_NAME) or "a source without a name"
    title = f", {cut(correction.title, _LONGEST_TITLE)}" if correction.title and correction.outlet else ""
    number = numbers.get(correction.story or "")
    words = f": {quoted(correction.words)}" if correction.words else ": corrected, as its title says"
    story: list[str | Span] = [" (", Span(f"story {number}", to=f"story-{number}"), ")"] if number else []
    address = correction.url if len(correction.url or "") <= _LONGEST_ADDRESS else None
    return line(Span(name, href=address or ""), title, words, *story)


def _withdrawn(withdrawn: "Withdrawn") -> Line:
    title = cut(withdrawn.title or "", _LONGEST_TITLE) or "an article without a title"
    outlet = f", {cut(withdrawn.outlet, _LONGEST_NAME)}" if withdrawn.outlet else ""
    return line(f"{title}{outlet}{' (a copy)' if withdrawn.why == 'copy' else ''}")
