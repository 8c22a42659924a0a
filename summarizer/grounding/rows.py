"""A row of the worksheet: what one item is to be made of."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..schemas.evidence import Evidence
from .context import ArticleContext

ANCHOR_WORDS = 8  # words of a sentence that a row gives to be copied: enough to be unique, few enough to be cheap
ANCHOR_CHARS = 70
SHOWN_CHARS = 420
_BRACKETS = str.maketrans("[]", "()")


@dataclass(frozen=True, slots=True)
class Row:
    """One item to be worded. `words` are to be copied as its quote, `shown` is all that the model is shown of it.

    `name` is whom it is about, None where that is open, `called` how a sentence calls them; `settled` holds the values
    of other fields that the words settle, `starts` the words with which other fields begin, `sums` the amounts of money
    that stand in it, `own` the article's words that may stand for a sentence about it. `sentences` carry the item and
    `quotations` belong to it, all of them spans of the article.
    """

    words: str
    shown: str
    name: str | None = None
    called: str | None = None
    settled: Mapping[str, str] = field(default_factory=dict)
    starts: Mapping[str, str] = field(default_factory=dict)
    sums: tuple[str, ...] = ()
    own: str = ""
    sentences: tuple[Evidence, ...] = ()
    quotations: tuple[Evidence, ...] = ()


Worksheet = Mapping[str, tuple[Row, ...]]


def anchor(words: str) -> str:
    """The first words of a stretch, as a row gives them to be copied."""
    ends = [match.end() for match in re.finditer(r"\S+", words)][:ANCHOR_WORDS]
    fitting = [end for end in ends if end <= ANCHOR_CHARS] or [min(len(words), ANCHOR_CHARS)]
    return words[: fitting[-1]].strip().rstrip(",;:–—-")


def shown_line(words: str, most: int = SHOWN_CHARS) -> str:
    """On one line and within bounds, as the worksheet shows it; square brackets are for its own notes."""
    line = unbroken(words).translate(_BRACKETS)
    return line if len(line) <= most else line[: line.rfind(" ", 0, most)] + " …"


def unbroken(words: str) -> str:
    """The words on one line."""
    return " ".join(words.split())


def around(context: ArticleContext, spans: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The sentences that the spans touch, each once."""
    return tuple(dict.fromkeys(each for span in spans for each in context.sentences_at(span.start, span.end)))
