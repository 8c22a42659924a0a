"""Speech that dashes mark, as in many languages' novels and some newspapers: "— I will go — said Doe. — Soon."

Dashes do a lot of other work (lists, signatures, asides), so only a paragraph that opens with one and attributes
after another counts.
"""

import re

from .cues import cues
from .marks import Stretch

_OPENING = re.compile(r"[—―–]\s?(?=\w)")
_DASH = re.compile(r"(?<=\s)[—―–]\s?|(?<=\w)[—―–](?=\w)|[—―](?=\s)")
# Words after the dash among which a verb of speech has to stand: "said", "the minister said".
_NEAR = 4


def dialogue_stretches(text: str, start: int, end: int, paragraph: int) -> list[Stretch]:
    """The spoken parts of a paragraph in dashes; empty if it is none. Offsets count in the whole text."""
    opening = _OPENING.match(text, start, end)
    if opening is None:
        return []
    dashes = [match.span() for match in _DASH.finditer(text, opening.end(), end)]
    if not dashes or not _attributes(text, dashes[0][1], end):
        return []
    found = [_spoken(text, start, opening.end(), dashes[0][0], paragraph)]
    for index in range(1, len(dashes), 2):
        until = dashes[index + 1][0] if index + 1 < len(dashes) else end
        found.append(_spoken(text, dashes[index][0], dashes[index][1], until, paragraph))
    return [stretch for stretch in found if stretch.start < stretch.end]


def _attributes(text: str, start: int, end: int) -> bool:
    words = re.findall(r"\w+", text[start : min(end, start + 80)])[:_NEAR]
    return any(word in cues().finite for word in words)


def _spoken(text: str, opened: int, start: int, end: int, paragraph: int) -> Stretch:
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    return Stretch(start, start + len(inner.strip()), opened, end, paragraph, 0, True)
