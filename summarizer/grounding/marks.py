"""Marked stretches: where quotation marks open and close, whatever they look like. Nothing about who speaks."""

import bisect
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from .cues import find_tag

_CLOSERS = {
    "“": '”"″“',
    '"': '"”″',
    "„": '“”"‟',
    "«": "»",
    "»": "«»",
    "「": "」",
    "『": "』",
    "‟": "”",
    "〝": "〞〟",
    "″": '″"',
    "＂": "＂",
    "‘": "’'",
    "'": "'’",
    "‚": "‘’",
    "‹": "›",
    "``": "''",
    "”": "”",
}
# A single ` is matched and means nothing: what begins with a set of signs is found much faster.
_MARK = re.compile(r"[\"“”„‟«»「」『』〝〞〟″＂‘’'‚‹›`](?:(?<=')'|(?<=`)`)?")
_ALL_MARKS = "\"“”„‟«»「」『』〝〞〟″＂‘’'‚‹› "
_DOUBLE = re.compile("[“”]")
_SINGLE = "‘’'‚‹›"
_ELISIONS = re.compile(r"(?:em|til|tis|twas|cause|bout|round|n|\d\ds?)\b", re.IGNORECASE)
# A closing single mark, if it is no apostrophe.
_SINGLE_CLOSER = re.compile(r"[’'›‘](?<!\s.)(?![^\W_])")
# So far ahead of a single mark the closing one is looked for, and so deep marks nest in a text that is not hostile.
_LONGEST_SINGLE = 2000
_MOST_NESTED = 6
_REOPENS = '“"„«'
# After it a new sentence begins: no initial and no short form.
_FIRST_SENTENCE = re.compile(r"(?<=[^\W_]{3})[.!?…]+(?=\s+[^\W_a-z])")
_SENTENCE_END = '.!?…:"”’»)'
# A text is taken as hard-wrapped, so that a single line break ends nothing, if this share of its inner line breaks
# follows a line that does not end like a paragraph.
_WRAPPED_SHARE = 0.6
# Characters of a line in hard-wrapped text; a tenth of the lines may be longer (addresses, tables).
_WIDEST_LINE = 120


@dataclass(frozen=True, slots=True)
class Stretch:
    """One marked stretch. `start:end` is what stands inside, `opened:closed` takes in the marks.

    `paragraph` is the index of its paragraph. `depth` is 0 outside all other marks. `is_closed` is False if the
    paragraph ends first, or the next stretch begins; then a closing mark was lost, and the stretch ends where the text
    says who speaks, at the latest with its sentence, unless the next paragraph opens again.
    """

    start: int
    end: int
    opened: int
    closed: int
    paragraph: int
    depth: int
    is_closed: bool


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Start and end of each paragraph that holds more than white space.

    A line break ends a paragraph, but in hard-wrapped text only a blank line does.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    ends = [line[-1] for line, following in pairwise(lines) if line and following]
    inner = sum(end not in _SENTENCE_END for end in ends)
    wide = sum(len(line) > _WIDEST_LINE for line in lines)
    wrapped = len(ends) >= 3 and inner >= _WRAPPED_SHARE * len(ends) and 10 * wide <= len(ends)
    pattern = r"\S(?:[^\n\r]|\r?\n(?![^\S\n]*(?:\r?\n|\Z)))*" if wrapped else r"\S[^\n\r\u2029]*"
    return [(match.start(), match.end()) for match in re.finditer(pattern, text)]


@lru_cache(maxsize=1024)
def stretches_of(sentence: str) -> tuple[Stretch, ...]:
    """The marked stretches of a sentence; many checks ask for those of the same one."""
    return tuple(find_stretches(sentence))


def find_stretches(text: str, bounds: list[tuple[int, int]] | None = None) -> list[Stretch]:
    """Every marked stretch, by where it begins; a nested one comes after the one around it."""
    found: list[Stretch] = []
    bounds = paragraphs(text) if bounds is None else bounds
    for index, (start, end) in enumerate(bounds):
        goes_on = index + 1 < len(bounds) and text[bounds[index + 1][0]] in _REOPENS
        found += _in_paragraph(text, start, end, index, goes_on)
    found.sort(key=lambda stretch: (stretch.opened, -stretch.closed))
    return found


def _in_paragraph(text: str, start: int, end: int, paragraph: int, goes_on: bool) -> list[Stretch]:
    found: list[Stretch] = []
    # Each entry: the mark, where it stands, where the inside begins.
    stack: list[tuple[str, int, int]] = []
    closers = [match.start() for match in _SINGLE_CLOSER.finditer(text, start, end)]
    for match in _MARK.finditer(text, start, end):
        mark, at, after = match.group(), match.start(), match.end()
        if mark == "`":
            continue
        before = text[at - 1] if at > start else " "
        following = text[after] if after < end else " "
        if mark in "’'" and before.isalnum() and following.isalnum():
            continue  # an apostrophe
        depth = _closes(stack, mark, before, following, text, at, end)
        if depth is not None:
            del stack[depth + 1 :]
            _opener, opened, inside = stack.pop()
            if at > inside and text[inside:at].strip():
                found.append(_stretch(text, inside, at, opened, after, paragraph, len(stack), True))
        elif len(stack) < _MOST_NESTED and _opens(mark, before, following, text, after, closers, stack):
            if stack and stack[-1][0] == mark and not (mark == "“" and _is_nested(text, after, end)):
                _, opened, inside = stack.pop()
                if text[inside:at].strip():
                    until = _lost_end(text, inside, at, False)
                    found.append(_stretch(text, inside, until, opened, until, paragraph, len(stack), False))
            stack.append((mark, at, after))
    for depth, (mark, opened, inside) in enumerate(stack):
        if mark not in _SINGLE and text[inside:end].strip():
            until = _lost_end(text, inside, end, goes_on)
            found.append(_stretch(text, inside, until, opened, until, paragraph, depth, False))
            break
    return found


def _lost_end(text: str, start: int, end: int, goes_on: bool) -> int:
    """Where the words of a stretch end whose closing mark was lost; all are taken if the next paragraph goes on."""
    tag = find_tag(text, start, end)
    if tag is None and goes_on:
        return end
    sentence = _FIRST_SENTENCE.search(text, start, end if tag is None else tag)
    return sentence.end() if sentence else end if tag is None else tag


def _stretch(
    text: str, start: int, end: int, opened: int, closed: int, paragraph: int, depth: int, is_closed: bool
) -> Stretch:
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    return Stretch(start, start + len(inner.strip()), opened, closed, paragraph, depth, is_closed)


def _closes(
    stack: list[tuple[str, int, int]], mark: str, before: str, following: str, text: str, at: int, end: int
) -> int | None:
    """The depth of the open mark that this one closes, if it closes one."""
    if mark in _SINGLE and mark not in "‹›" and (before.isspace() or following.isalnum()):
        return None
    for depth in range(len(stack) - 1, -1, -1):
        opener = stack[depth][0]
        if mark not in _CLOSERS[opener]:
            continue
        if mark == "“" and opener == "“" and not _looks_closing(before, following):
            return None
        if mark in '"″' and before.isspace() and following.isalnum():
            return None
        if mark in "'’" and _is_possessive(text, at, end, stack[depth][2]):
            return None
        return depth
    return None


def _is_nested(text: str, after: int, end: int) -> bool:
    """Whether two closing marks follow in a row, so that “ inside “ is meant and no closing mark was forgotten."""
    following = [match.group() for match, _ in zip(_DOUBLE.finditer(text, after, end), range(2), strict=False)]
    return following == ["”", "”"]


def _looks_closing(before: str, following: str) -> bool:
    return not before.isspace() and not following.isalnum()


def _is_possessive(text: str, at: int, end: int, inside: int) -> bool:
    """Whether a single mark after an s is an apostrophe, since a plainer closing mark follows before the next opens."""
    if text[at - 1] not in "sS" or text[at + 1 : at + 2] != " ":
        return False
    rest = text[at + 1 : min(end, at + 400)]
    closer = re.search(r"[.,!?…][’']", rest)
    opener = re.search(r"(?:^|\s)[‘']\w|[“”\"]", rest)
    return closer is not None and (opener is None or closer.start() < opener.start())


def _opens(
    mark: str,
    before: str,
    following: str,
    text: str,
    after: int,
    closers: list[int],
    stack: list[tuple[str, int, int]],
) -> bool:
    if any(mark == opener for opener, _, _ in stack[-1:]) and mark not in '“"':
        return False
    if mark in "“„«「『〝``‟":
        return mark != "‟" or not following.isspace()
    if mark == "»":
        return before.isspace() and not following.isspace()
    plain_before = (
        before.isspace() or before in "([{—–-/“\"„«‘'…" or (before.isalnum() is False and before not in ".,!?")
    )
    if mark in '"”″＂':
        # A page has lost the space before it: "he said."We sail."".
        is_glued = not stack and mark != "”" and before in ".!?" and (following.isupper() or following == "[")
        return (plain_before or is_glued) and not following.isspace()
    if mark in "‘'‚‹":
        return plain_before and following.isalnum() and _single_closes(mark, text, after, closers)
    return False


def _single_closes(mark: str, text: str, after: int, closers: list[int]) -> bool:
    """Whether a single mark opens a stretch: a closing one follows in the paragraph and no word is being shortened."""
    index = bisect.bisect_left(closers, after)
    while index < len(closers) and closers[index] <= after + _LONGEST_SINGLE:
        at = closers[index]
        if text[at] in _CLOSERS[mark]:
            return text[at - 1] in ".,!?…" or not _ELISIONS.match(text, after)
        index += 1
    return False


def final_sign(text: str, stretch: Stretch) -> str:
    """The last character inside a stretch, marks of nested stretches left out."""
    at = stretch.end - 1
    while at > stretch.start and text[at] in _ALL_MARKS:
        at -= 1
    return text[at]
