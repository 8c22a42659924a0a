"""What typography is: forms that a typesetter chooses and that no reader takes for another word.

`fold` maps a text to a form in which two stretches are equal if they differ in typography only, and keeps where each
folded character stood. Letters, digits, case and word order are never touched. Everything is linear in the length
of the text.

    kinds of quotation marks and apostrophes, primes      -> '   (a run of them, as in nested quotations, is one)
    white space and line breaks                           -> one space
    hyphens and dashes, runs of them, spaces around them  -> -
    three or more full stops, spaces around them          -> …
    a mark before a comma or full stop                    -> after it (English and American usage differ)
    soft hyphens, zero-width characters, variation signs  -> nothing
    composed and decomposed letters                       -> composed (NFC)
    full-width, half-width, font and ligature forms       -> the plain letter (NFKC, only for these)
"""

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache

QUOTE_MARKS = "\"'`´‘’‚‛“”„‟«»‹›「」『』〝〞〟＂＇′″‴ʼʻʹʺ\u05f3\u05f4｢｣❛❜❝❞"
APOSTROPHES = "'’ʼ‘`´＇′ʹ"
HYPHENS = "-‐‑⁃﹣－"
DASHES = "‒–—―−⸺⸻﹘"
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\u180e\u200e\u200f\u061c"
INVISIBLE += "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xFE00, 0xFE10)]))

# Compatibility forms whose letters and digits stay the same. Superscripts, fractions, circled and squared signs
# are left alone: 10² is not 102.
_SAME_LETTERS = ("<wide>", "<narrow>", "<font>", "<noBreak>", "<initial>", "<medial>", "<final>", "<isolated>")
_LIGATURES = range(0xFB00, 0xFB07)

# More marks on one letter than this is no writing system but an attack on the time that normalisation takes.
_MAX_CLUSTER = 32
# A slice of these costs far less than to count anew for every quote.
_COUNTED = array("l", range(4096))


class _CharTable(dict[int, str]):
    """One character to one character, filled in as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_char(chr(code))
        return folded


def _fold_char(char: str) -> str:
    if char in QUOTE_MARKS:
        return "'"
    if char in HYPHENS or char in DASHES:
        return "-"
    if char == "‥" or char == "⋯":
        return "…"
    if char.isspace():
        return " "
    tag, _, rest = unicodedata.decomposition(char).partition(" ")
    if tag in _SAME_LETTERS and " " not in rest:
        # A full-width quotation mark or dash is one, too.
        plain = chr(int(rest, 16))
        return _fold_char(plain) if plain != char else plain
    return char


_TABLE = _CharTable()
_ODD = re.compile(f"[{INVISIBLE}ﬀ-ﬆ]+")
_CLUSTER = re.compile(r"(?s).[^\x00-\x7f]+")
# Signs for private use, which hide what is not to be read, compose with nothing.
_LONG_CLUSTER = re.compile(rf"[^\x00-\x7f\ue000-\uf8ff]{{{_MAX_CLUSTER}}}")
# Runs in which neighbours matter. Single signs are already in their folded form.
_RUN = re.compile(r"[ '\-.,…]{2,}|…")
_PIECE = re.compile(r"[.…](?: *[.…])*| +|-+|'+|,")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. Character i of `text` stood at `starts[i]:ends[i]` of the original (code points)."""

    text: str
    starts: "array[int]"
    ends: "array[int]"

    def parts_letter(self, index: int) -> bool:
        """Whether `index` lies within what one character of the original is spelt out to, as a ligature is."""
        return 0 < index < len(self.starts) and self.starts[index] == self.starts[index - 1]


def fold(raw: str) -> Folded:
    """The text without its typography, and where each character of it stood."""
    text, starts, ends = _composed(raw)
    text, starts, ends = _plain(text.translate(_TABLE), starts, ends)
    return _joined(text, starts, ends)


def _composed(raw: str) -> tuple[str, "array[int]", "array[int]"]:
    """NFC, letter by letter, so that each letter keeps its place."""
    # What is composed already is so in each of its parts, and most text is. A long run may be an attack; see above.
    if raw.isascii() or (not _LONG_CLUSTER.search(raw) and unicodedata.is_normalized("NFC", raw)):
        return raw, _counted(0, len(raw)), _counted(1, len(raw) + 1)
    out: list[str] = []
    starts, ends = array("l"), array("l")
    position = 0
    for match in _CLUSTER.finditer(raw):
        _copy(raw, position, match.start(), out, starts, ends)
        for start, end in _clusters(raw, match.start(), match.end()):
            piece = raw[start:end]
            if end - start <= _MAX_CLUSTER:
                piece = unicodedata.normalize("NFC", piece)
            out.append(piece)
            if len(piece) == end - start:
                starts.extend(range(start, end))
                ends.extend(range(start + 1, end + 1))
            else:
                starts.extend([start] * len(piece))
                ends.extend([end] * len(piece))
        position = match.end()
    _copy(raw, position, len(raw), out, starts, ends)
    return "".join(out), starts, ends


def _counted(first: int, last: int) -> "array[int]":
    """The numbers from `first` up to `last`, without it."""
    return _COUNTED[first:last] if last <= len(_COUNTED) else array("l", range(first, last))


def _copy(raw: str, start: int, end: int, out: list[str], starts: "array[int]", ends: "array[int]") -> None:
    if start < end:
        out.append(raw[start:end])
        starts.extend(range(start, end))
        ends.extend(range(start + 1, end + 1))


def _clusters(raw: str, start: int, end: int) -> list[tuple[int, int]]:
    """The letters of a stretch, each with the marks that may compose with it."""
    found: list[tuple[int, int]] = []
    first = start
    for index in range(start + 1, end):
        if not joins_previous(raw[index]):
            found.append((first, index))
            first = index
    found.append((first, end))
    return found


def joins_previous(char: str) -> bool:
    """Whether the character is part of the letter before it: a combining mark or a Hangul vowel or final."""
    return char > "\u02ff" and ("\u1160" <= char <= "\u11ff" or unicodedata.category(char)[0] == "M")


def _plain(text: str, starts: "array[int]", ends: "array[int]") -> tuple[str, "array[int]", "array[int]"]:
    """Invisible characters taken out, ligatures spelt out."""
    if not _ODD.search(text):
        return text, starts, ends
    out: list[str] = []
    new_starts, new_ends = array("l"), array("l")
    position = 0
    for match in _ODD.finditer(text):
        out.append(text[position : match.start()])
        new_starts.extend(starts[position : match.start()])
        new_ends.extend(ends[position : match.start()])
        for index in range(match.start(), match.end()):
            if ord(text[index]) in _LIGATURES:
                letters = unicodedata.normalize("NFKC", text[index])
                out.append(letters)
                new_starts.extend([starts[index]] * len(letters))
                new_ends.extend([ends[index]] * len(letters))
        position = match.end()
    out.append(text[position:])
    new_starts.extend(starts[position:])
    new_ends.extend(ends[position:])
    return "".join(out), new_starts, new_ends


def _joined(text: str, starts: "array[int]", ends: "array[int]") -> Folded:
    """Runs of spaces, dashes, stops and marks in the one form that they share."""
    out: list[str] = []
    new_starts, new_ends = array("l"), array("l")
    position = 0
    for match in _RUN.finditer(text):
        run = match.group()
        pieces = _run_pieces(run) if len(run) <= 16 else _split_run(run)
        if pieces is None:
            continue
        first = match.start()
        out.append(text[position:first])
        new_starts.extend(starts[position:first])
        new_ends.extend(ends[position:first])
        for sign, start, end in pieces:
            out.append(sign)
            new_starts.append(starts[first + start])
            new_ends.append(ends[first + end - 1])
        position = match.end()
    if not position:
        return Folded(text, starts, ends)
    out.append(text[position:])
    new_starts.extend(starts[position:])
    new_ends.extend(ends[position:])
    return Folded("".join(out), new_starts, new_ends)


Pieces = tuple[tuple[str, int, int], ...]


def _split_run(run: str) -> Pieces | None:
    """The folded signs of a run with their places in it; None if the run is folded already."""
    signs: list[tuple[str, int, int]] = []
    for match in _PIECE.finditer(run):
        piece = match.group()
        first = piece[0]
        if first in ".…":
            if "…" in piece or piece.count(".") >= 3:
                signs.append(("…", match.start(), match.end()))
            else:
                signs += [(char, match.start() + i, match.start() + i + 1) for i, char in enumerate(piece)]
        else:
            signs.append((first, match.start(), match.end()))
    tight: list[tuple[str, int, int]] = []
    for index, sign in enumerate(signs):
        following = signs[index + 1][0] if index + 1 < len(signs) else ""
        before = tight[-1][0] if tight else ""
        # A dash and a minus stay two.
        if (
            sign[0] == " "
            and (following in ("-", "…", " ") or before in ("-", "…"))
            and (before, following) != ("-", "-")
        ):
            continue
        if sign[0] in ".," and before == "'":
            tight.insert(len(tight) - 1, sign)
            continue
        if sign[0] in "'-" and before == sign[0]:
            tight[-1] = (sign[0], tight[-1][1], sign[2])
            continue
        tight.append(sign)
    folded = tuple(tight)
    return None if "".join(sign[0] for sign in folded) == run else folded


_run_pieces = lru_cache(maxsize=4096)(_split_run)
