"""Finding a quote in a text, exactly up to typography.

    quote ─ fold ─ trim marks ─ find in the folded text ─ borders of words ─ offsets in the text
                                     └ not there: whole stretches that the speaker's sentence interrupts

Only typography (see `typography`) may differ. No letter, no word, no order of words may.
"""

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache

from ..schemas.evidence import Evidence
from .cues import has_tag, is_attribution
from .marks import Stretch, final_sign, find_stretches
from .typography import APOSTROPHES, HYPHENS, INVISIBLE, fold, joins_previous

# A stretch, and its words folded.
Piece = tuple[int, int, str]

_TRIM = " '"
# So many times at most a quote is taken to be interrupted; more is a hostile text.
_MOST_PIECES = 6
# After so many places that only look like the quote, a scan that is linear whatever the text takes over.
_PLAIN_TRIES = 8
# Characters after a stretch in which a tag of its own would stand.
_TAG_REACH = 80
# `near_miss`: words of a quote looked at, words of a text looked at, and the least likeness worth telling. 0.5 is
# where half of the words agree; below it readers of altered quotes saw no connection with what was shown.
_MISS_QUOTE_WORDS = 120
_MISS_TEXT_WORDS = 50_000
_MISS_LIKENESS = 0.5
# Words before ’s where it is "is" or "has", so that the word alone is another word.
_CONTRACTED = frozenset(
    [
        "he",
        "she",
        "it",
        "that",
        "there",
        "what",
        "who",
        "where",
        "here",
        "how",
        "when",
        "let",
        "this",
        "why",
        "i",
        "we",
        "you",
        "they",
    ]
)
_NO_BORDERS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class PreparedText:
    """A text made ready for many look-ups. Offsets of every answer count in `text` (code points)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded = fold(text)
        self._joined: list[list[Piece]] | None = None

    def locate(self, quote: str, near: int | None = None) -> list[Evidence]:
        """Where the quote stands: one span, several if the text interrupts the quote, none if it is not there.

        Of several occurrences the one that begins nearest to the offset `near` is given, else the first.
        """
        needle = _needle(quote)
        if not needle:
            return []
        hits = self._hits(needle, first_only=near is None)
        if hits:
            start, end = min(hits, key=lambda hit: abs(hit[0] - near)) if near is not None else hits[0]
            return [Evidence.of(self.text, start, end)]
        return self._interrupted(needle, near)

    def _hits(self, needle: str, first_only: bool) -> list[tuple[int, int]]:
        folded = self._folded
        found: list[tuple[int, int]] = []
        position, tries = folded.text.find(needle), 0
        while position >= 0:
            end = position + len(needle)
            span = folded.starts[position], folded.ends[end - 1]
            tries += 1
            if _is_whole(self.text, *span):
                found.append(span)
                if first_only:
                    break
                position = folded.text.find(needle, end)
            elif tries < _PLAIN_TRIES:
                position = folded.text.find(needle, position + 1)
            else:
                return found + self._slow_hits(needle, position + 1, first_only)
        return found

    def _slow_hits(self, needle: str, position: int, first_only: bool) -> list[tuple[int, int]]:
        # The expression engine searches a leading literal with an overlap table, so repeats cost nothing extra.
        folded = self._folded
        found: list[tuple[int, int]] = []
        for match in re.compile(rf"{re.escape(needle)}(?!\w)").finditer(folded.text, position):
            span = folded.starts[match.start()], folded.ends[match.end() - 1]
            if _is_whole(self.text, *span):
                found.append(span)
                if first_only:
                    break
        return found

    def _interrupted(self, needle: str, near: int | None) -> list[Evidence]:
        """Whole stretches next to one another, with only "he said" between, that make up the quote."""
        if self._joined is None:
            self._joined = _chains(self.text)
        found: list[list[Evidence]] = []
        for chain in self._joined:
            for first in range(len(chain) - 1):
                if not needle.startswith(chain[first][2]):
                    continue
                for last in range(first + 1, min(len(chain), first + _MOST_PIECES)):
                    if _spells(needle, [piece[2] for piece in chain[first : last + 1]]):
                        spans = [_trimmed(self.text, start, end) for start, end, _ in chain[first : last + 1]]
                        found.append([Evidence.of(self.text, *span) for span in spans])
        if not found:
            return []
        return found[0] if near is None else min(found, key=lambda spans: abs(spans[0].start - near))

    def near_miss(self, quote: str) -> Evidence | None:
        """The stretch most like the quote, to tell a reader what the text says instead; None if nothing is like it.

        Never a ground to accept the quote. Cost is linear in the text: only the window of the text that shares most
        words with the quote is compared word by word.
        """
        wanted = [match.group().casefold() for match in re.finditer(r"\w+", quote)][:_MISS_QUOTE_WORDS]
        spots = [match for match, _ in zip(re.finditer(r"\w+", self.text), range(_MISS_TEXT_WORDS), strict=False)]
        words = [spot.group().casefold() for spot in spots]
        if not wanted or not words:
            return None
        first, last = _best_window(words, wanted)
        matcher = SequenceMatcher(None, words[first:last], wanted, autojunk=False)
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        if not blocks or sum(block.size for block in blocks) / len(wanted) < _MISS_LIKENESS:
            return None
        # Unmatched words at the ends of the quote have their counterparts beside the matched ones.
        begin = max(first, first + blocks[0].a - blocks[0].b)
        end = first + blocks[-1].a + blocks[-1].size + (len(wanted) - blocks[-1].b - blocks[-1].size)
        end = min(end, len(spots))
        return Evidence.of(self.text, spots[begin].start(), spots[end - 1].end())


@lru_cache(maxsize=16)
def prepare(text: str) -> PreparedText:
    """The text made ready; the last few are kept."""
    return PreparedText(text)


def locate_quote(text: str, quote: str, near: int | None = None) -> list[Evidence]:
    """Where the quote stands in the text, exact up to typography; empty if it does not.

    Offsets are code points into `text`, end exclusive, without marks and spaces around. Several spans mean that the
    speaker's sentence interrupts the quote. With `near` the occurrence nearest to that offset is given, else the
    first. A match begins and ends at borders of words and numbers.
    """
    return prepare(text).locate(quote, near)


def near_miss(text: str, quote: str) -> Evidence | None:
    """The stretch of the text most like the quote, to show beside a refusal. See `PreparedText.near_miss`."""
    return prepare(text).near_miss(quote)


def _needle(quote: str) -> str:
    """The quote folded, without marks around it and without a comma or full stop before its closing mark."""
    needle = fold(quote).text.strip(_TRIM)
    if needle.endswith((".", ",")):
        needle = needle[:-1].strip(_TRIM)
    return needle if any(char.isalnum() or char > "\u2190" for char in needle) else ""


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether the stretch begins and ends where words and numbers do."""
    return not (_cuts(text, start, -1) or _cuts(text, end, 1))


def _cuts(text: str, at: int, step: int) -> bool:
    """Whether the border at `at` goes through a word or number; the outside lies in the direction `step`."""
    outside, inside = (at, at - 1) if step > 0 else (at - 1, at)
    outside = _skip_invisible(text, outside, step)
    if not 0 <= outside < len(text):
        return False
    beyond = _skip_invisible(text, outside + step, step)
    near, edge = text[outside], text[inside]
    far = text[beyond] if 0 <= beyond < len(text) else " "
    if step > 0 and joins_previous(near):
        return True
    if not _is_word(edge):
        return False
    if _is_word(near):
        return not (_NO_BORDERS.match(near) or _NO_BORDERS.match(edge))
    if near in APOSTROPHES:
        return _is_word(far) and not (step > 0 and _is_possessive(text, at, beyond))
    if near in HYPHENS:
        # In a compound; or, before a number, a sign.
        return _is_word(far) or (step < 0 and edge.isdigit() and (far.isspace() or far == "("))
    if edge.isdigit():
        is_part = (near in ".,:/–−" and far.isdigit()) or (near in "−" and step < 0) or (near in "%‰" and step > 0)
        return is_part or _is_group(text, at, step)
    return False


def _is_group(text: str, at: int, step: int) -> bool:
    """Whether a space at `at` parts the digits of one number, as in 1 500 or 20 000 000."""
    sign = at if step > 0 else at - 1
    return (
        text[sign] in " \u00a0\u2009\u202f"
        and re.search(r"(?<!\d)\d{1,3}\Z", text[max(0, sign - 4) : sign]) is not None
        and re.match(r"\d{3}(?!\d)", text[sign + 1 : sign + 5]) is not None
    )


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_" or joins_previous(char)


def _skip_invisible(text: str, at: int, step: int) -> int:
    while 0 <= at < len(text) and text[at] in INVISIBLE:
        at += step
    return at


def _is_possessive(text: str, at: int, beyond: int) -> bool:
    """Whether ’s after `at` marks the owner, so that the name before it stands whole."""
    if text[beyond] not in "sS" or (beyond + 1 < len(text) and _is_word(text[beyond + 1])):
        return False
    begin = at
    while begin > 0 and at - begin < 40 and _is_word(text[begin - 1]):
        begin -= 1
    word = text[begin:at]
    return word[:1].isupper() and word.casefold() not in _CONTRACTED


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without spaces, marks, and a comma or full stop that the closing mark takes in."""
    while end > start and (text[end - 1].isspace() or text[end - 1] in "\"'“”‘’«»,."):
        end -= 1
    while start < end and (text[start].isspace() or text[start] in "\"'“”‘’«»"):
        start += 1
    return start, end


_SEAM = re.compile(r"[,.]? ?")


def _spells(needle: str, pieces: list[str]) -> bool:
    """Whether the pieces, one after another, are the needle; at a seam a comma, full stop or space may differ."""
    position = 0
    for piece in pieces:
        if not needle.startswith(piece, position):
            return False
        position += len(piece)
        if position < len(needle):
            seam = _SEAM.match(needle, position)
            if seam is None or (seam.end() == position and piece[-1] not in "-…"):
                return False
            position = seam.end()
    return position == len(needle)


def _chains(text: str) -> list[list[Piece]]:
    """Runs of marked stretches with nothing but an attribution between neighbours."""
    chains: list[list[Piece]] = []
    previous: Stretch | None = None
    for stretch in find_stretches(text):
        if stretch.depth or not stretch.is_closed:
            continue
        entry = stretch.start, stretch.end, _needle(text[stretch.start : stretch.end])
        if previous and _is_interrupted(text, previous, stretch):
            chains[-1].append(entry)
        else:
            chains.append([entry])
        previous = stretch
    return [[piece for piece in chain if piece[2]] for chain in chains if len(chain) > 1]


def _is_interrupted(text: str, left: Stretch, right: Stretch) -> bool:
    """Whether one speaker says both, and the text only breaks in to say who; a second tag is a second speaker's.

    After a full stop another speaker may follow with an attribution of their own, so there the second stretch has to
    end the paragraph.
    """
    between = text[left.closed : right.opened]
    if left.paragraph != right.paragraph or not is_attribution(between, final_sign(text, left)):
        return False
    if has_tag(text[right.closed : right.closed + _TAG_REACH]):
        return False
    if not between.rstrip().endswith("."):
        return True
    return re.match(r"[^\S\n]*(?:\n|\Z)", text[right.closed :][:80]) is not None


def _best_window(words: list[str], wanted: list[str]) -> tuple[int, int]:
    """The window of the text, half as long again as the quote, that shares most words with it."""
    size = min(len(words), len(wanted) + len(wanted) // 2 + 2)
    need = Counter(wanted)
    have: Counter[str] = Counter()
    shared = best = 0
    best_at = 0
    for index, word in enumerate(words):
        if word in need:
            have[word] += 1
            shared += have[word] <= need[word]
        if index >= size:
            gone = words[index - size]
            if gone in need:
                shared -= have[gone] <= need[gone]
                have[gone] -= 1
        if shared > best:
            best, best_at = shared, index
    return max(0, best_at - size + 1), best_at + 1
