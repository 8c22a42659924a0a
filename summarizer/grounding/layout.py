"""A text laid out for reading who speaks: paragraphs, marked stretches, and sentences with the marked words masked."""

import bisect
import re
from operator import attrgetter

from .dialogue import dialogue_stretches
from .marks import Stretch, final_sign, find_stretches, paragraphs
from .tokens import LONGEST_NICKNAME, Token, name_words, tokens

# Marked words are masked by signs that are neither letters nor spaces, so that no pattern reads them.
OPEN, INSIDE, CLOSE = "\ue000", "\ue001", "\ue002"
# Characters and words read on each side of a stretch: the longest sentence of a newspaper, with room to spare. A
# bound, so that a text without full stops costs no more than others.
REACH = 600
MOST_WORDS = 120
_WORD_BEFORE = re.compile(r"[\w.]+\Z")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+")
_start = attrgetter("start")
# A sentence ends before white space and a capital; also where a page has lost the space between two of its paragraphs.
_BOUNDARY = re.compile(
    rf"[.!?…](?:[{CLOSE}’')\]]*\s+(?={OPEN}|[(\[“‘—]?[^\W_a-z])|(?<!…){CLOSE}\s*(?={OPEN}))"
    rf"|(?:(?<=[a-z]{{2}}|[0-9]{{2}})[.!?]|[.!?]{CLOSE})(?=[A-Z][a-z]|{OPEN})"
)


class Layout:
    """Where everything stands in one text. Offsets are code points into it.

    `outer` are the stretches outside all other marks, `masked` is the text with their words hidden, same length;
    `starts` and `ends` are the bounds of its sentences in order.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.bounds = paragraphs(text)
        self.stretches = find_stretches(text, self.bounds)
        marked = {stretch.paragraph for stretch in self.stretches}
        for index, bound in enumerate(self.bounds):
            if index not in marked and text[bound[0]] in "—―–":
                self.stretches += dialogue_stretches(text, *bound, index)
        self.stretches.sort(key=lambda stretch: (stretch.opened, -stretch.closed))
        self.outer = [stretch for stretch in self.stretches if stretch.depth == 0]
        self.masked = _mask(text, self.outer)
        self.starts, self.ends = self._sentences()
        self._paragraph_starts = [start for start, _ in self.bounds]
        self._words: dict[int, list[Token]] = {}

    def _sentences(self) -> tuple[list[int], list[int]]:
        """Starts and ends of the sentences of all paragraphs, in order."""
        starts: list[int] = []
        ends: list[int] = []
        for begin, end in self.bounds:
            starts.append(begin)
            for match in _BOUNDARY.finditer(self.masked, begin, end):
                if not self._is_short_form(match.start(), begin):
                    ends.append(match.start() + 1)
                    starts.append(match.end())
            ends.append(end)
        return starts, ends

    def paragraph_of(self, at: int) -> int:
        """Index of the paragraph at an offset."""
        return bisect.bisect_right(self._paragraph_starts, at) - 1

    def words(self, start: int, end: int) -> list[Token]:
        """Words and signs of a stretch that lies within one sentence, marked words masked.

        Every sentence is read once, however many stretches ask for it.
        """
        index = max(0, bisect.bisect_right(self.starts, start) - 1)
        if start >= self.ends[index] and index + 1 < len(self.starts):
            index += 1
        if index not in self._words:
            self._words[index] = tokens(self.masked, self.starts[index], self.ends[index])
        words = self._words[index]
        first = bisect.bisect_left(words, start, key=_start)
        return words[first : bisect.bisect_left(words, end, lo=first, key=_start)]

    def sentence_start(self, at: int) -> int:
        """Where the sentence begins that goes on at `at`; `at` itself if one begins there."""
        index = bisect.bisect_right(self.starts, at) - 1
        return max(self.starts[index], at - REACH)

    def sentence_end(self, at: int, limit: int) -> int:
        """Where the sentence ends that goes on at `at`, or `limit` if that comes first."""
        index = bisect.bisect_right(self.ends, at)
        return min(self.ends[index], limit) if index < len(self.ends) else limit

    def _is_short_form(self, stop: int, begin: int) -> bool:
        """Whether the full stop at `stop` ends a short form or an initial, not a sentence."""
        if self.masked[stop] != ".":
            return False
        match = _WORD_BEFORE.search(self.masked, max(begin, stop - 12), stop)
        if match is None:
            return False
        word = match.group().lower().lstrip(".")
        return "." in word or word in name_words().abbreviations or (len(word) == 1 and word.isalpha())

    def limit_after(self, index: int) -> int:
        """Where the words after a stretch end: at the next stretch, the end of the paragraph or of the reach."""
        stretch = self.outer[index]
        limit = min(self.bounds[stretch.paragraph][1], stretch.closed + REACH)
        following = index + 1
        if following < len(self.outer) and self._is_nickname(self.outer[following]):
            following += 1
        if following < len(self.outer):
            limit = min(limit, self.outer[following].opened)
        return max(limit, stretch.closed)

    def _is_nickname(self, stretch: Stretch) -> bool:
        """Whether a short stretch stands inside a name."""
        return (
            stretch.closed - stretch.opened <= LONGEST_NICKNAME
            and re.search(r"[^\W\d_a-z]\w* \Z", self.masked[max(0, stretch.opened - 30) : stretch.opened]) is not None
            and re.match(r" [^\W\d_a-z]", self.masked[stretch.closed : stretch.closed + 2]) is not None
        )


def _mask(text: str, stretches: list[Stretch]) -> str:
    """The text with marked words hidden, same length; the last sign of each stays, since it may end a sentence."""
    out: list[str] = []
    position = 0
    for stretch in stretches:
        if stretch.opened < position:
            continue
        width = stretch.closed - stretch.opened
        # Marks are one or two characters wide; everything that is not the last sign is masked.
        last = final_sign(text, stretch)
        is_sign = last in ".!?…," and not _INITIALS.fullmatch(text, stretch.start, stretch.end)
        final = last if is_sign else INSIDE
        tail = stretch.closed - stretch.end
        head = width - tail - 1
        out.append(text[position : stretch.opened])
        out.append(OPEN + INSIDE * (head - 1) + final if head > 0 else OPEN)
        out.append(CLOSE * tail)
        position = stretch.closed
    out.append(text[position:])
    return "".join(out)
