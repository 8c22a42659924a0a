"""Which of an actor's words are shown with a position, how much of them, and in what marks.

Nothing is put inside quotation marks that is not the article's, not even three dots, and no character of its is
changed there: quotation marks within a quote stay as they are.
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


def shown_quotes(quotes: "Iterable[Evidence]") -> list[str]:
    """The longest quotes in their marks, two at most, in the order of the article; then how many more there are.

    Words that a longer quote has too are not counted.
    """
    distinct: list[Evidence] = []
    for quote in sorted(quotes, key=lambda quote: (-len(quote.text), quote.start)):
        words = re.compile(rf"(?<!\w){re.escape(quote.text.strip())}(?!\w)")
        if quote.text.strip() and not any(words.search(longer.text) for longer in distinct):
            distinct.append(quote)
    shown = [_marked(*shortened(quote.text)) for quote in sorted(distinct[:MOST_QUOTES], key=lambda quote: quote.start)]
    more = len(distinct) - MOST_QUOTES
    return [*shown, f"[+{more} more]"] if more > 0 else shown


def quoted(span: "Evidence") -> str:
    """The article's words in marks; in angle marks where there are marks in them: nobody may misread who speaks."""
    words, is_whole = shortened(span.text)
    marks = "«»" if any(mark in words for mark in '“”"„') else "“”"
    return f"{marks[0]}{words}{marks[1]}{'' if is_whole else ' […]'}"


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


def _marked(words: str, whole: bool) -> str:
    """In double marks; in angle marks if a double mark within has no partner and would seem to end the quote."""
    quote = f"“{words}”" if marks_pair_up(words) else f"«{words}»"
    return quote if whole else f"{quote} […]"


def marks_pair_up(words: str) -> bool:
    """Whether every double mark has its partner, so that it is plain where each quotation ends."""
    depth = 0
    for mark in re.findall("[“”]", words):
        depth += 1 if mark == "“" else -1
        if depth < 0:
            return False
    return depth == 0 and words.count('"') % 2 == 0
