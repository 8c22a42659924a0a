"""Long articles: cut at paragraphs into parts that a model can read, and what the parts gave put together. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .articles.sentences import split_paragraphs, split_sentences
from .schemas.evidence import Evidence

OVERLAP = 1_500  # characters of what stands before that a part shows again, so that "he" and "the deal" have a meaning
SHORTEST = 2_000  # characters; a model that cannot read as much at once is no use for articles

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text. `start:end` is what it adds, `shown` where what the model is shown of it begins.

    Offsets are code points into the text; the parts of a text add up to it.
    """

    shown: int
    start: int
    end: int


def parts_of(text: str, most: int) -> tuple[Part, ...]:
    """The text in parts of at most `most` characters each, what they show again included.

    They end with paragraphs, or with sentences where a paragraph is longer. Each shows the paragraphs before it again,
    as far as they have OVERLAP characters, and a quarter of `most`.
    """
    pieces = list(_pieces(text, most - min(OVERLAP, most // 4)))
    found: list[Part] = []
    first = 0
    while first < len(pieces):
        start = pieces[first].start if found else 0
        shown = _shown_from(pieces, first, min(OVERLAP, most // 4))
        last = first
        while last + 1 < len(pieces) and pieces[last + 1].end - shown <= most:
            last += 1
        end = pieces[last + 1].start if last + 1 < len(pieces) else len(text)
        found.append(Part(min(shown, start), start, end))
        first = last + 1
    return tuple(found)


def _pieces(text: str, most: int) -> Iterator[Evidence]:
    """Paragraphs, and the sentences of those that are too long; a sentence that is too long is cut."""
    for paragraph in split_paragraphs(text):
        if len(paragraph.text) <= most:
            yield paragraph
            continue
        for sentence in split_sentences(paragraph.text):
            for start in range(sentence.start, sentence.end, most):
                end = min(sentence.end, start + most)
                yield Evidence.of(text, paragraph.start + start, paragraph.start + end)


def _shown_from(pieces: Sequence[Evidence], first: int, overlap: int) -> int:
    """Where the pieces before `first` begin that have at most so many characters."""
    start = first
    while start and pieces[first].start - pieces[start - 1].start <= overlap:
        start -= 1
    return pieces[start].start


def fairly(of_parts: Sequence[Sequence[T]], most: int, key: Callable[[T], object] = id) -> list[T]:
    """At most so many of what the parts gave: the first of each, then the second of each, and so on; in their order.

    Where there are more parts than places, the first, the last and those evenly between them have one.
    """
    if len(of_parts) > most > 1:
        chosen = {round(place * (len(of_parts) - 1) / (most - 1)) for place in range(most)}
        of_parts = [part if number in chosen else () for number, part in enumerate(of_parts)]
    kept: set[object] = set()
    for rank in range(max(map(len, of_parts), default=0)):
        for part in of_parts:
            if rank < len(part) and len(kept) < most:
                kept.add(key(part[rank]))
    return [each for part in of_parts for each in part if key(each) in kept]
