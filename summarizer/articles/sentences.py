"""Split an article into paragraphs and sentences, each with its exact place in the text.

sentencex finds the borders; what it is handed is one paragraph at a time, so that no sentence crosses two, with
every character that it cannot take replaced by one other, so that its offsets are offsets into the article.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from ..schemas.evidence import Evidence

MAX_EVIDENCE = 600  # characters; the limit of evidence in the contract brief/1
WIDEST_WRAP = 100  # characters; a text whose longest line is longer was not wrapped by hand or by a mail program
FEWEST_WRAPS = 3  # breaks; with fewer, a short line after the longest one would pass for its end
WRAPPED_SHARE = 0.8  # of the breaks between lines with text; the rest are lists and headings

_NEWLINE = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")

# Where a sentence that is too long is cut, best first: after a sentence inside a quotation, after a quotation, after
# a semicolon, colon or dash, after a comma, at white space.
_CUTS = tuple(
    re.compile(pattern)
    for pattern in (r"(?<=[a-z]{3})[.!?]['\"’”»]?\s(?=\W?[A-Z])", r"[”»\"]\s", r"[;:—–]\s", r",['\"’”»]?\s", r"\s")
)

_PART = 10_000  # characters handed to sentencex at once: open quotation marks cost it the square of the length
_LOOK_BACK = 12  # characters; the longest abbreviation below and room
_WORD = re.compile(r"\w")
# A sentence and a quotation after it without a space, as pages lose it where their paragraphs are joined.
_GLUED = re.compile(r"""[a-z][.!?](?P<mark>["“])(?=[A-Z])""")
# A sentence in brackets, and one that follows it.
_ASIDE = re.compile(r"""(?:^|[.!?]["”’]?\s)\([^()]{1,400}[.!?]["”’]?\)(?=\s["“‘]?[A-Z])""")

# What sentencex 1.0 takes for two sentences in news text (read on 500 articles): how the first ends, how the second
# begins.
_TITLES = "M[rsx]|Mrs|Messrs|Drs?|Prof|Rev|Hon|Ft|Mt|Gen|Lt|Col|Maj|Capt|Cmdr|Adm|Sgt|Govs?|Sens?|Reps?"
_JOINS = tuple(
    (re.compile(first), re.compile(second))
    for first, second in (
        (rf"\b(?:{_TITLES})\.$", r"\w"),
        (r"$", "[,;]"),
        (r"\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Nos?|Nr|Art|Sec|Fig|pp?|est|approx|ca)\.$", r"\d"),
        (r"(?:^|[\s.-])[A-Z]\.$", r"[A-Z]\."),
        (r"\b[ap]\.m\.$", r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T)\b"),
        # Of German: “des 3. Bataillons”.
        (r"\b(?:des|der|dem|den|die|das|am|im|vom|zum|zur) \d{1,3}\.$", r"\w"),
        (r"\b\d{1,2}\.$", r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"),
    )
)
# A quotation that ends with a mark of its own, and the words that say whose it is.
_SAYS = r"(?:said|says|asked|asks|added|adds|told|wrote|writes|replied|answered|tweeted|continued|cried|shouted)\b"
_ASKED = re.compile(r"""[!?]["”’]$""")
_TAG = re.compile(rf"(?:[A-Z][\w.’'-]{{0,25}} ){{1,4}}{_SAYS}")
_ENDED = re.compile(r"""[.…]["”’]$""")
_SHORT_TAG = re.compile(rf"(?:[A-Z][\w.’'-]{{0,25}} ){{1,4}}{_SAYS}\.")


def split_paragraphs(text: str) -> tuple[Evidence, ...]:
    """The paragraphs of `text`: its lines without blank ones, trimmed; lines broken to fit a width are joined.

    A line break was made to fit if the next word would have passed the width of the longest line. Offsets are code
    points into `text`.
    """
    lines = trimmed_lines(text)
    fits = _breaks_to_fit(text, lines)
    found: list[tuple[int, int]] = []
    for index, (start, end) in enumerate(lines):
        if index in fits:
            found[-1] = (found[-1][0], end)
        elif start < end:
            found.append((start, end))
    return tuple(Evidence.of(text, start, end) for start, end in found)


def split_sentences(text: str, language: str | None = None) -> tuple[Evidence, ...]:
    """The sentences of `text` in order, trimmed of white space, none across a paragraph, none over 600 characters.

    A quotation stays in one sentence unless that would be longer; then it is cut at the best border inside.
    `language` is an ISO 639 code such as `en` or `en-GB` (English where None). Offsets are code
    points into `text`; any `str` will do, lone surrogates and NUL included, and nothing but white space is left out.
    """
    code = re.split("[-_]", language or "en")[0].lower()
    found: list[Evidence] = []
    for paragraph in split_paragraphs(text):
        for start, end in _sentences(paragraph.text, code):
            for first, last in _pieces(paragraph.text, start, end):
                found.append(Evidence.of(text, paragraph.start + first, paragraph.start + last))
    return tuple(found)


def trimmed_lines(text: str) -> list[tuple[int, int]]:
    """Start and end of each line without white space at its ends, blank lines too; offsets are code points."""
    starts = [0, *(match.end() for match in _NEWLINE.finditer(text))]
    ends = [*(match.start() for match in _NEWLINE.finditer(text)), len(text)]
    return [_trim(text, start, end) for start, end in zip(starts, ends, strict=True)]


def _breaks_to_fit(text: str, lines: list[tuple[int, int]]) -> set[int]:
    """The lines that only the width parts from the line above; none unless nearly all breaks of the text are such."""
    width = max((end - start for start, end in lines if " " in text[start:end]), default=0)
    filled = [start < end for start, end in lines]
    breaks = [index for index in range(1, len(lines)) if filled[index - 1] and filled[index]]
    fits = set()
    for index in breaks:
        above = lines[index - 1][1] - lines[index - 1][0]
        word = text[slice(*lines[index])].split(None, 1)[0]
        if above + 1 + len(word) > width:
            fits.add(index)
    wrapped = width <= WIDEST_WRAP and len(fits) >= max(FEWEST_WRAPS, WRAPPED_SHARE * len(breaks))
    return fits if wrapped else set()


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end].lstrip()
    return end - len(part), end - len(part) + len(part.rstrip())


def _sentences(paragraph: str, language: str) -> list[tuple[int, int]]:
    """Start and end of each sentence of one paragraph, trimmed."""
    plain = _SURROGATE.sub("\ufffd", _NEWLINE.sub(lambda match: " " * len(match.group()), paragraph))
    found: list[tuple[int, int]] = []
    asides = (match.end() for match in _ASIDE.finditer(plain))
    for first, last in pairwise(sorted({0, *_missing_spaces(plain), *asides, len(plain)})):
        for start, end in _borders(plain, first, last, language):
            before = plain[max(found[-1][0], found[-1][1] - _LOOK_BACK) : found[-1][1]] if found else ""
            if before and _belongs(before, plain[start:end]):
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
    return found


def _borders(plain: str, first: int, last: int, language: str) -> Iterator[tuple[int, int]]:
    """What sentencex takes for the sentences of `plain[first:last]`, trimmed, none of them empty."""
    while first < last:
        part = plain[first : min(last, first + _PART)]
        borders = sentencex.get_sentence_boundaries(language, part)
        if first + len(part) < last and len(borders) > 1:
            borders.pop()  # it may go on beyond this part
        for border in borders:
            start, end = _trim(plain, first + border["start_index"], first + border["end_index"])
            if start < end:
                yield start, end
        first += borders[-1]["end_index"]


def _missing_spaces(paragraph: str) -> list[int]:
    """Where a quotation begins without a space before it; sentencex would leave its mark to the sentence before."""
    found = []
    seen = straight = 0  # how far straight marks are counted, and how many
    for match in _GLUED.finditer(paragraph):
        straight += paragraph.count('"', seen, match.start("mark"))
        seen = match.start("mark")
        if match["mark"] == "“" or straight % 2 == 0:
            found.append(seen)
    return found


def _belongs(before: str, after: str) -> bool:
    """Whether sentencex cut one sentence in two at this place."""
    return bool(
        not _WORD.search(after)
        or any(first.search(before) and second.match(after) for first, second in _JOINS)
        or (_ASKED.search(before) and _TAG.match(after[:80]))
        or (_ENDED.search(before) and _SHORT_TAG.fullmatch(after[:80]))
    )


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentence `text[start:end]`, cut so that no piece is over MAX_EVIDENCE."""
    pieces = []
    while end - start > MAX_EVIDENCE:
        cut = _best_cut(text, start + MAX_EVIDENCE // 3, start + MAX_EVIDENCE)
        pieces.append(_trim(text, start, cut))
        start, end = _trim(text, cut, end)
    pieces.append((start, end))
    return [(first, last) for first, last in pieces if first < last]


def _best_cut(text: str, low: int, high: int) -> int:
    """The last border of the best kind in `text[low:high]`, else `high`."""
    for pattern in _CUTS:
        ends = [match.end() for match in pattern.finditer(text, low, high)]
        if ends:
            return ends[-1]
    return high
