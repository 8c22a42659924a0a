"""Finding a quote in a text, exactly up to typography.

    quote ─ fold ─ trim marks ─ find in the folded text ─ borders of words ─ offsets in the text
                                     └ not there: whole stretches that the speaker's sentence interrupts,
                                                  or words that run on into paragraphs that open with a mark again

Only typography (see `typography`) may differ. No letter, no word, no order of words may.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import pairwise

from ..schemas.evidence import Evidence
from .cues import has_tag, is_attribution
from .marks import Stretch, final_sign, find_stretches
from .typography import APOSTROPHES, DASHES, HYPHENS, INVISIBLE, QUOTE_MARKS, Folded, fold, joins_previous

# A stretch, and its words folded.
Piece = tuple[int, int, str]

_TRIM = " '"
_SEAM = re.compile(r"[,.]? ?")
# So many times at most a quote is taken to be interrupted; more is a hostile text.
_MOST_PIECES = 6
# After so many places of a quote longer than so many characters, a scan that is linear whatever the text takes over.
_PLAIN_TRIES, _SHORT = 8, 32
# Characters after a stretch in which a tag of its own would stand.
_TAG_REACH = 80
# `near_miss`: words of a quote looked at, words of a text looked at, and the least likeness worth telling. 0.5 is
# where half of the words agree; below it readers of altered quotes saw no connection with what was shown.
_MISS_QUOTE_WORDS, _MISS_TEXT_WORDS, _MISS_LIKENESS = 120, 50_000, 0.5
# Of a quote that shares so many of its words with a stretch, and fewer than so many of those in order, only the order
# is another; two words swapped among ten stay above.
_SAME_WORDS, _IN_ORDER = 0.9, 0.8
# Words before ’s where it is "is" or "has", so that the word alone is another word.
_CONTRACTED = re.compile(
    r"(?:i|s?he|it|we|you|they|th[ai]t|this|there|here|wh(?:at|o|ere|en|y)|how|let|(?:some|any|every|no)(?:body|one|thing))",
    re.IGNORECASE,
)
_NO_BORDERS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
# None of the ties below has one of these marks, or a comma or full stop with a mark or space after it.
_APART = '“”"„«»'
_APART_AFTER = re.compile(rf"[.,]?[{_APART}]|[.,]\s")
# Visible characters on each side of a border that tell whether it is one: 1 500 000 needs five.
_SEEN = 6
_BORDER = "\0"
_LETTER, _WORD, _SMALL = r"[^\W\d_]", r"[^\W_]", r"[^\WA-Z_]"
_MONEY = "[$¢£¤¥֏؋৳฿៛\u20a0-\u20cf＄￠￡￥￦]"
_HYPHEN = f"[{re.escape(HYPHENS)}‒–−]"
_DASH = f"[{re.escape(HYPHENS + DASHES)}]"
# A minus; the dash of a clause has a space after it, that of a compound or range no space before it.
_MINUS = re.compile(rf"{_HYPHEN}(?=[{INVISIBLE}]*{_MONEY}?[.,]?\d)")
_NO_MINUS = rf"[\w.,)\]%{re.escape(HYPHENS + DASHES)}]"


def _tied(left: str, joint: str, right: str) -> str:
    """A border at either end of the joint, where the three belong together."""
    return f"{left}{_BORDER}{joint}{right}|{left}{joint}{_BORDER}{right}" if joint else f"{left}{_BORDER}{right}"


_TIES = re.compile(
    "|".join(
        [
            _tied(_WORD, f"[{APOSTROPHES}&@_]", _WORD),
            _tied(r"[\w.)\]%]", rf"\.?[{re.escape(HYPHENS)}−]\r?\n?", _WORD),
            _tied(r"(?<!\w)(?i:non|anti|un|ex|pro)", "[‒–]", _WORD),  # elsewhere it may be the dash of a clause
            _tied(_WORD, "/", _SMALL),  # but two names may stand so
            _tied(rf"(?<!\w){_LETTER}", r"\.", _WORD),  # initials
            _tied(_WORD, r"\.", r"[a-z\d]"),
            _tied(_LETTER, r"[)\]]", "[a-z]"),
            _tied(_LETTER, r"[(\[]", r"[a-z]{1,3}[)\]]"),
            # Numbers: parts, groups and fractions, what is measured, money, signs.
            _tied(r"\d", rf"(?:[.,:/·٫٬⁄×*^=+]|{_DASH})", r"\d"),
            _tied(r"(?<!\d)\d{1,3}", "[ \u00a0\u2006-\u2009\u202f]", r"\d{3}(?!\d)"),
            _tied(r"\d", r"\s", r"(?:[¼-¾⅐-⅞]|\d{1,2}[/⁄]\d)"),
            _tied(r"\d", r"\s?", rf"(?:[%‰‱٪°℃℉]|{_MONEY}(?!\s?\d))"),
            _tied(r"\d", "", r"[+×]"),
            _tied(rf"(?:{_MONEY}|[№§±≈≤≥−])", r"\s?", rf"[.,{re.escape(HYPHENS)}−]?\d"),
            _tied(r"[#+~<>×√]", "", rf"{_MONEY}?\d"),
            _tied(_LETTER, "", _MONEY),
            rf"(?<!{_NO_MINUS}){_DASH}{_BORDER}{_MONEY}?[.,]?\d",
            rf"(?<![\w.])[.,]{_BORDER}\d",
            _tied("[\U0001f1e6-\U0001f1ff]", "", "[\U0001f1e6-\U0001f1ff]"),  # the letters of a flag
            _tied("", "", "[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"),  # skin tones and regions
        ]
    )
)


class PreparedText:
    """A text made ready for many look-ups. Offsets of every answer count in `text` (code points)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded = fold(text)
        self._minuses = _minuses(text)

    @cached_property
    def _stretches(self) -> list[Stretch]:
        return [stretch for stretch in find_stretches(self.text) if not stretch.depth]

    @cached_property
    def _joined(self) -> list[list[Piece]]:
        return _chains(self.text, self._stretches)

    @cached_property
    def _reopened(self) -> tuple[list[int], Folded]:
        """Where a mark opens a paragraph again since the words of the one before go on; the text folded without."""
        marks = [
            right.opened
            for left, right in pairwise(self._stretches)
            if not (left.is_closed or left.paragraph == right.paragraph or self.text[left.end : right.opened].strip())
        ]
        chars = list(self.text) if marks else []
        for mark in marks:
            chars[mark] = "\u200b"
        return marks, fold("".join(chars))

    def locate(self, quote: str, near: int | None = None) -> list[Evidence]:
        """Where the quote stands: one span, several if the text interrupts the quote, none if it is not there.

        Of several occurrences the one that begins nearest to the offset `near` is given, else the first.
        """
        needle = _needle(quote)
        if not needle:
            return []
        minuses = len(_minuses(quote)) if "-" in needle else 0
        hits = self._hits(needle, self._folded, minuses, near is None)
        if hits:
            return [Evidence.of(self.text, *_nearest(hits, near))]
        return self._interrupted(needle, near) or self._running_on(needle, minuses, near)

    def _hits(self, needle: str, folded: Folded, minuses: int, first_only: bool) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        for position in _places(needle, folded.text):
            span = folded.starts[position], folded.ends[position + len(needle) - 1]
            if folded.parts_letter(position) or folded.parts_letter(position + len(needle)):
                continue
            if "-" in needle and bisect_left(self._minuses, span[1]) - bisect_left(self._minuses, span[0]) != minuses:
                continue
            if not (_cuts(self.text, span[0]) or _cuts(self.text, span[1])):
                found.append(span)
                if first_only:
                    break
        return found

    def _interrupted(self, needle: str, near: int | None) -> list[Evidence]:
        """Whole stretches next to one another, with only "he said" between, that make up the quote."""
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

    def _running_on(self, needle: str, minuses: int, near: int | None) -> list[Evidence]:
        """Words that run on over paragraphs of one speech, of which each opens with a mark and only the last closes."""
        marks, folded = self._reopened
        hits = self._hits(needle, folded, minuses, near is None)
        if not hits:
            return []
        start, end = _nearest(hits, near)
        bounds = [start, *(mark for mark in marks if start < mark < end), end]
        return [Evidence.of(self.text, *_trimmed(self.text, *part)) for part in pairwise(bounds)]

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
        first, last, shared = _best_window(words, wanted)
        matcher = SequenceMatcher(None, words[first:last], wanted, autojunk=False)
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        alike = sum(block.size for block in blocks)
        if shared >= _SAME_WORDS * len(wanted) and alike < _IN_ORDER * shared:
            while first < last and _shared(words[first + 1 : last], wanted) == shared:
                first += 1
            return Evidence.of(self.text, spots[first].start(), spots[last - 1].end())
        if not blocks or alike / len(wanted) < _MISS_LIKENESS:
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
    speaker's sentence, or a paragraph that opens with a mark again, interrupts the quote. With `near` the occurrence
    nearest to that offset is given, else the first. A match begins and ends at borders of words, numbers and emoji.
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


def _nearest(hits: list[tuple[int, int]], near: int | None) -> tuple[int, int]:
    return hits[0] if near is None else min(hits, key=lambda hit: abs(hit[0] - near))


def _places(needle: str, text: str) -> Iterator[int]:
    """Every place of the needle in the text, in order, overlapping ones too; linear whatever they are."""
    position, tries = text.find(needle), 0
    while position >= 0:
        yield position
        tries += 1
        if tries >= _PLAIN_TRIES and len(needle) > _SHORT:
            break
        position = text.find(needle, position + 1)
    if position < 0:
        return
    # Knuth, Morris and Pratt: of a needle that overlaps itself no character is compared again.
    fallback = [0] * len(needle)
    length = 0
    for index in range(1, len(needle)):
        while length and needle[index] != needle[length]:
            length = fallback[length - 1]
        length += needle[index] == needle[length]
        fallback[index] = length
    length = 0
    for index in range(position + 1, len(text)):
        while length and (length == len(needle) or text[index] != needle[length]):
            length = fallback[length - 1]
        length += text[index] == needle[length]
        if length == len(needle):
            yield index + 1 - length


def _cuts(text: str, at: int) -> bool:
    """Whether the border at `at` goes through a word, a number or an emoji."""
    left, right = _skip_invisible(text, at - 1, -1), _skip_invisible(text, at, 1)
    if left < 0 or right >= len(text):
        return False
    near, beyond = text[left], text[right]
    if near == " " and _is_word(beyond) and not beyond.isnumeric():
        return False
    if _APART_AFTER.match(text, right) or (near in _APART and beyond.isascii()):
        return False
    if joins_previous(beyond) or (min(near, beyond) > "\u2190" and "\u200d" in text[left:right]):
        return True
    if _is_word(near) and _is_word(beyond):
        return not (_NO_BORDERS.match(near) or _NO_BORDERS.match(beyond))
    if beyond in APOSTROPHES and _is_possessive(text, at, _skip_invisible(text, right + 1, 1)):
        return False
    return _TIES.search(f"{_visible(text, left, -1)}{_BORDER}{_visible(text, right, 1)}") is not None


def _minuses(text: str) -> list[int]:
    places = [match.start() for match in _MINUS.finditer(text)]
    before = [text[max(0, _skip_invisible(text, at - 1, -1)) : at] for at in places]
    return [at for at, held in zip(places, before, strict=True) if not re.match(_NO_MINUS, held)]


def _visible(text: str, at: int, step: int) -> str:
    """The next characters that are seen, in the order of the text; a combining mark counts as its letter."""
    plain = text[at : at + _SEEN] if step > 0 else text[max(0, at + 1 - _SEEN) : at + 1]
    if plain.isascii() and _BORDER not in plain:
        return plain
    found = ""
    while len(found) < _SEEN and 0 <= (at := _skip_invisible(text, at, step)) < len(text):
        found += "a" if joins_previous(text[at]) else text[at].replace(_BORDER, " ")
        at += step
    return found[::step]


def _is_word(char: str) -> bool:
    return char.isalnum() or joins_previous(char)


def _skip_invisible(text: str, at: int, step: int) -> int:
    while 0 <= at < len(text) and text[at] in INVISIBLE:
        at += step
    return at


def _is_possessive(text: str, at: int, beyond: int) -> bool:
    """Whether ’s after `at` marks the owner, so that the name before it stands whole."""
    if text[beyond : beyond + 1] not in ("s", "S") or (beyond + 1 < len(text) and _is_word(text[beyond + 1])):
        return False
    begin = at
    while begin > 0 and at - begin < 40 and _is_word(text[begin - 1]):
        begin -= 1
    word = text[begin:at]
    return word[:1].isupper() and _CONTRACTED.fullmatch(word) is None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without spaces, marks, and a comma or full stop that the closing mark takes in."""
    while end > start and (text[end - 1].isspace() or text[end - 1] in QUOTE_MARKS + ",."):
        end -= 1
    while start < end and (text[start].isspace() or text[start] in QUOTE_MARKS):
        start += 1
    return start, end


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


def _chains(text: str, outer: list[Stretch]) -> list[list[Piece]]:
    """Runs of marked stretches with nothing but an attribution between neighbours."""
    chains: list[list[Stretch]] = []
    for stretch in (each for each in outer if each.is_closed):
        if chains and _is_interrupted(text, chains[-1][-1], stretch):
            chains[-1].append(stretch)
        else:
            chains.append([stretch])
    pieces = [[(s.start, s.end, _needle(text[s.start : s.end])) for s in chain] for chain in chains if len(chain) > 1]
    return [[piece for piece in chain if piece[2]] for chain in pieces]


def _is_interrupted(text: str, left: Stretch, right: Stretch) -> bool:
    """Whether one speaker says both, and the text only breaks in to say who; a second tag is a second speaker's.

    After a full stop another speaker may follow with an attribution of their own, so there the second stretch has to
    end the paragraph.
    """
    between = text[left.closed : right.opened]
    if left.paragraph != right.paragraph or not is_attribution(between, final_sign(text, left)):
        return False
    after = text[right.closed : right.closed + _TAG_REACH]
    if has_tag(after):
        return False
    return not between.rstrip().endswith(".") or re.match(r"[^\S\n]*(?:\n|\Z)", after) is not None


def _shared(words: list[str], wanted: list[str]) -> int:
    return (Counter(words) & Counter(wanted)).total()


def _best_window(words: list[str], wanted: list[str]) -> tuple[int, int, int]:
    """The window of the text, half as long again as the quote, that shares most words with it, and how many."""
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
    return max(0, best_at - size + 1), best_at + 1, best
