"""Which of an actor's words are shown with a position, and how much of them.

Nothing is put inside quotation marks that is not the article's, not even three dots.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .cleaning import clean

if TYPE_CHECKING:
    from ..schemas.evidence import Evidence

MOST_QUOTES = 2
MOST_CHARS = 240
_SENTENCE_END = re.compile(r"[a-z]{3}[.!?][”’\"')]?(?= )")  # three small letters before it: no "Gov." and no "U.N."
_SHORTEST_PART = 0.4  # of MOST_CHARS: less is no fair share of a long quote, so it is cut inside a sentence


def shown_quotes(quotes: "Iterable[Evidence]") -> list[tuple[str, bool]]:
    """The longest quotes, two at most, in the order of the article; each with whether it is whole."""
    distinct: list[Evidence] = []
    for quote in sorted(quotes, key=lambda quote: (-len(quote.text), quote.start)):
        if quote.text.strip() and not any(quote.text.strip() in longer.text for longer in distinct):
            distinct.append(quote)
    return [shortened(quote.text) for quote in sorted(distinct[:MOST_QUOTES], key=lambda quote: quote.start)]


def shortened(quote: str) -> tuple[str, bool]:
    """The quote on one line and without the comma before its closing mark, cut to MOST_CHARS; and whether it is whole.

    It is cut after a sentence, else between words.
    """
    words = clean(quote).strip()
    whole = words.rstrip(",;:–— ") or words
    if len(whole) <= MOST_CHARS:
        return whole, True
    ends = [found.end() for found in _SENTENCE_END.finditer(whole, 0, MOST_CHARS + 1)]
    if ends and ends[-1] >= _SHORTEST_PART * MOST_CHARS:
        return whole[: ends[-1]], False
    space = whole.rfind(" ", 0, MOST_CHARS + 1)
    return whole[: space if space > 0 else MOST_CHARS].rstrip(",;:–— "), False
