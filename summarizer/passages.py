"""Takes a text apart into what the checks judge one by one: sentences, and a quotation over several of them as one.

text ── markup and hidden signs left out ── line breaks inside a sentence joined ── sentences ── passages

The text may be Markdown. A check sees what a reader would, and every place in it leads back into the text as given.
"""

import bisect
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .articles.sentences import split_paragraphs, split_sentences
from .grounding.cues import cues
from .grounding.marks import find_stretches
from .grounding.quotations import find_quotations
from .grounding.typography import INVISIBLE
from .schemas.evidence import Evidence

# Characters of a quotation and of the sentences it touches that are judged as one. The checks compare no longer
# sentence with the article; of a longer quotation each sentence is judged by itself, in marks of its own.
LONGEST_PASSAGE = 1000

_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
# Heading, bullet, number of a list, quote: no more of them than a reader could make out.
_BLOCK_MARK = re.compile(
    r"[ \t]{0,12}(?:>[ \t]?){0,9}(?:#{1,6}[ \t]+|[-*+•–][ \t]+(?:\[[ xX]\][ \t]+)?|\d{1,3}[.)][ \t]+)?"
)
# Escape sequences (ECMA-48), signs that nobody sees; links, backslashes and emphasis of CommonMark.
_MARKUP = re.compile(
    r"\x1b\[[0-?]{0,40}[@-~]"
    rf"|[{INVISIBLE}\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]+"
    r"|!?\[(?=[^\[\]\n]{1,300}\]\([^()\s]{0,500}\))"
    r"|\]\([^()\s]{0,500}\)"
    r"|\\(?=[\\`*_\[\]~|<&:.@#>+-])"
    r"|(?<!\d)\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?!\d)"
    r"|(?<!\w)_{1,2}(?=\w)|(?<=\w)_{1,2}(?!\w)"
    r"|~~|(?<!`)`(?!`)"
)
_SENTENCE_END = '.!?…:;"”’»)'
_REOPENS = '“"„«'
_CLOSERS = {"«": "»"}
_EMPHASIS = "*_~`"


@dataclass(frozen=True, slots=True)
class Passage:
    """What is judged as one: `words` are handed to the checks; the stretch `given` of the text is what they stand for.

    `words` has no markup and no line break. A piece of a longer quotation has the marks that it lacks: `before` is how
    many characters were put before it. `first:last` is its place in the text without markup.
    """

    given: Evidence
    words: str
    first: int
    last: int
    before: int


class ReadText:
    """A text with its passages in order, and the quotations in it whose speaker a passage alone does not tell."""

    def __init__(self, text: str) -> None:
        self.text = text
        plain, self._starts, lines = _without_markup(text)
        self._plain = _with_lines_joined(plain, lines)
        sentences = [(each.start, each.end) for each in split_sentences(self._plain)]
        self.passages = tuple(self._read(sentences))

    def places(self, passage: Passage, words: str) -> tuple[Evidence, ...]:
        """Where words of a passage stand in the text as given, markup among them: every place; empty for none."""
        whole = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
        at = [match.start() for match in whole.finditer(passage.words)] if words else []
        places = []
        for start in at or [passage.words.find(words)]:
            first = max(passage.first, passage.first + start - passage.before)
            last = min(passage.last, passage.first + start - passage.before + len(words))
            if start >= 0 and first < last:
                places.append(self._given(first, last))
        return tuple(places)

    def spoken(self) -> Iterator[tuple[Passage, str, str]]:
        """Quoted words whose speaker is told by the text around their passage: the passage, the words, the name.

        “He said” names nobody by itself; the sentence before it may. Of a quotation that makes several passages, the
        words that stand in each.
        """
        for quotation in find_quotations(self._plain):
            speaker, name = quotation.speaker, quotation.speaker_name
            if speaker is None or not name or not quotation.is_speech:
                continue
            at = bisect.bisect_right(self.passages, quotation.start, key=lambda passage: passage.last)
            for passage in self.passages[at:]:
                first, last = max(passage.first, quotation.start), min(passage.last, quotation.end)
                if first >= last:
                    break
                is_told_there = passage.first <= speaker.start < passage.last
                if not is_told_there or speaker.text.lower() in cues().gendered:
                    yield passage, _one_line(self._plain[first:last]), name

    def _read(self, sentences: Sequence[tuple[int, int]]) -> Iterator[Passage]:
        for first, last, before, after in _passages(sentences, _runs(self._plain)):
            words = _one_line(self._plain[first:last])
            if any(character.isalnum() for character in words):
                yield Passage(self._with_emphasis(first, last), f"{before}{words}{after}", first, last, len(before))

    def _with_emphasis(self, first: int, last: int) -> Evidence:
        """The stretch of the given text, with the marks of emphasis that touch it and stand beside no other word."""
        start, end = self._starts[first], self._starts[last - 1] + 1
        low = self._starts[first - 1] + 1 if first else 0
        high = self._starts[last] if last < len(self._starts) else len(self.text)
        while start > low and self.text[start - 1] in _EMPHASIS:
            start -= 1
        while end < high and self.text[end] in _EMPHASIS:
            end += 1
        return Evidence.of(self.text, start, end)

    def _given(self, first: int, last: int) -> Evidence:
        """The stretch of the given text of which `first:last` is what a reader sees."""
        return Evidence.of(self.text, self._starts[first], self._starts[last - 1] + 1)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the text without markup. `opens`: it begins a block of its own, as a heading or a bullet does."""

    start: int
    end: int
    opens: bool


def _without_markup(text: str) -> tuple[str, "array[int]", list[_Line]]:
    """The text as a reader sees it, where each character of it stood, and its lines."""
    pieces: list[str] = []
    starts = array("l")
    lines: list[_Line] = []

    def keep(start: int, end: int) -> None:
        pieces.append(text[start:end])
        starts.extend(range(start, end))

    is_heading, is_in_text = False, False
    start = 0
    for end, after in [*(match.span() for match in _BREAK.finditer(text)), (len(text), len(text))]:
        began = len(starts)
        mark = _BLOCK_MARK.match(text, start, end)
        at = mark.end() if mark else start
        if is_in_text and any(character.isdigit() for character in text[start:at]):
            at = start  # a number that a line of running text happens to begin with
        block = text[start:at].strip()
        has_mark = bool(block)
        is_in_text = bool(text[start:end].strip()) and not has_mark
        for hidden in _MARKUP.finditer(text, at, end):
            keep(at, hidden.start())
            at = hidden.end()
        keep(at, end)
        lines.append(_Line(began, len(starts), has_mark or is_heading))
        is_heading = "#" in block
        keep(end, after)
        start = after
    return "".join(pieces), starts, lines


def _with_lines_joined(plain: str, lines: Sequence[_Line]) -> str:
    """The text with a space for each line break that parts a sentence or a quotation; its length stays the same.

    Text broken to fit a width is left to the splitting of sentences, which knows it.
    """
    if any(_BREAK.search(paragraph.text) for paragraph in split_paragraphs(plain)):
        return plain
    joined: list[tuple[int, int]] = []
    block: list[_Line] = []
    for line in [*lines, _Line(len(plain), len(plain), True)]:
        if block and (line.opens or not plain[line.start : line.end].strip()):
            joined += _breaks_to_join(plain, block)
            block = []
        if plain[line.start : line.end].strip():
            block.append(line)
    pieces = []
    at = 0
    for start, end in joined:
        pieces += [plain[at:start], " " * (end - start)]
        at = end
    return "".join([*pieces, plain[at:]])


def _breaks_to_join(plain: str, block: Sequence[_Line]) -> Iterator[tuple[int, int]]:
    """The breaks between lines of a block inside a quotation, or before a small letter where no sentence ends."""
    if len(block) < 2:
        return
    ends = [(s.opened, s.closed) for s in find_stretches(plain, [(block[0].start, block[-1].end)]) if s.is_closed]
    reach = index = 0
    for line, following in pairwise(block):
        while index < len(ends) and ends[index][0] < line.end:
            reach = max(reach, ends[index][1])
            index += 1
        before, after = plain[line.start : line.end].rstrip(), plain[following.start : following.end].lstrip()
        goes_on = before[-1:] not in _SENTENCE_END and after[:1].islower()
        if goes_on or reach > following.start:
            yield line.end, following.start


@dataclass(frozen=True, slots=True)
class _Run:
    """A quotation, marks included; `closer` is its closing mark. `is_open`: that stands in a later paragraph only."""

    start: int
    end: int
    opener: str
    closer: str
    is_open: bool


def _runs(plain: str) -> list[_Run]:
    """The quotations that end as they should: closed, or gone on with by the next paragraph, as newspapers do."""
    bounds = [(paragraph.start, paragraph.end) for paragraph in split_paragraphs(plain)]
    runs = []
    for stretch in find_stretches(plain, bounds):
        opener = plain[stretch.opened]
        if stretch.depth:
            continue
        if stretch.is_closed:
            runs.append(_Run(stretch.opened, stretch.closed, opener, plain[stretch.closed - 1], False))
        elif stretch.paragraph + 1 < len(bounds):
            goes_on = opener in _REOPENS and plain[bounds[stretch.paragraph + 1][0]] == opener
            if goes_on and stretch.end == bounds[stretch.paragraph][1]:
                runs.append(_Run(stretch.opened, stretch.end, opener, _CLOSERS.get(opener, "”"), True))
    return runs


def _passages(sentences: Sequence[tuple[int, int]], runs: Sequence[_Run]) -> Iterator[tuple[int, int, str, str]]:
    """Start and end of each passage, and the marks that it lacks before and after it."""
    ends = [end for _, end in sentences]
    joined: set[int] = set()  # sentences that belong to the one before
    opened: dict[int, str] = {}
    closed: dict[int, str] = {}
    began = 0
    for run in runs:
        first = bisect.bisect_right(ends, run.start)
        last = min(bisect.bisect_left(ends, run.end), len(sentences) - 1)
        if first not in joined:
            began = first
        if sentences[last][1] - sentences[began][0] <= LONGEST_PASSAGE:
            joined.update(range(first + 1, last + 1))
        else:
            opened.update(dict.fromkeys(range(first + 1, last + 1), run.opener))
            closed.update(dict.fromkeys(range(first, last), run.closer))
            began = last
        if run.is_open:
            closed[last] = run.closer
    index = 0
    while index < len(sentences):
        last = index
        while last + 1 in joined:
            last += 1
        yield sentences[index][0], sentences[last][1], opened.get(index, ""), closed.get(last, "")
        index = last + 1


def _one_line(words: str) -> str:
    return _BREAK.sub(lambda match: " " * len(match.group()), words)
