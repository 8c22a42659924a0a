"""What a model fills in for a story of a digest: its headline and sentences, each with the numbers of what it rests on.

The numbers come first, so that a small model looks before it writes; every list and string is bounded.
"""

from typing import Annotated

from pydantic import Field

from .marks import Carried, MaxWords
from .news import SENTENCE, Draft

FEWEST, MOST = 2, 4  # sentences of a story
MAX_WORDS = 35  # of a sentence; it may name a paper
MOST_ON = 4  # numbered sentences that one rests on

Numbers = Annotated[list[int], Field(min_length=1, max_length=MOST_ON)]


class ToldSentence(Draft):
    """One sentence of a story."""

    on: Numbers
    text: Annotated[
        str,
        Carried(near=True, own=True),
        MaxWords(MAX_WORDS, fewest=4),
        Field(min_length=10, max_length=240, json_schema_extra=SENTENCE),
    ]


class ToldHeadline(Draft):
    """The headline of a story."""

    on: Numbers
    text: Annotated[str, Carried(near=True, own=True), MaxWords(15), Field(min_length=5, max_length=110)]


class StoryDraft(Draft):
    """The whole answer."""

    headline: Annotated[list[ToldHeadline], Field(max_length=1)]
    sentences: Annotated[list[ToldSentence], Field(max_length=MOST)]
