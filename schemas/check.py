"""`check/1`: what callers get when a text is checked against an article.

A field may be added within `check/1`; one is renamed or removed only in `check/2`. Two texts are pointed into: a
`span` and a `passage` count in the article, everything else in the text that was checked.
"""

from typing import Annotated, Literal

from pydantic import Field

from .article import Article
from .brief import ALIASED, Spans
from .evidence import Evidence, Frozen, Offset

SentenceVerdict = Literal["against", "undecided", "nothing_found"]


class TextFinding(Frozen):
    """What one check (`gate`) says of one sentence.

    `verdict` is "against" (the article does not carry it) or "undecided" (the check could not tell). `text` is the
    words that it is about, without markup, and `places` are where they stand in the text that was checked: several if
    the sentence has them more than once. `span` is the place in the article that the reason speaks of, `passage` the
    sentence of the article that holds it, at most 600 characters; both are None where there is no such place.
    """

    gate: str
    verdict: Literal["against", "undecided"]
    text: str
    reason: str
    places: Spans
    span: Evidence | None
    passage: Evidence | None


class CheckedSentence(Frozen):
    """One sentence of the text, `start:end` there, and what was found.

    A quotation of several sentences makes one with them. `verdict` is that of the gravest finding; "nothing_found" is
    no proof that the sentence is true.
    """

    start: Offset
    end: Offset
    text: str
    verdict: SentenceVerdict
    findings: tuple[TextFinding, ...]


class CheckCounts(Frozen):
    """How many sentences were checked, and how many have which verdict."""

    sentences: int
    against: int
    undecided: int
    nothing_found: int


class CheckReport(Frozen):
    """A text, sentence by sentence in its order, beside the article it is about. No model had a part in it.

    `text` is kept exactly as given; `text[s.start:s.end] == s.text` holds for every sentence and every place.
    """

    model_config = ALIASED

    contract: Annotated[Literal["check/1"], Field(alias="schema")] = "check/1"
    article: Article
    text: str
    counts: CheckCounts
    sentences: tuple[CheckedSentence, ...]

    def having(self, verdict: SentenceVerdict) -> tuple[CheckedSentence, ...]:
        """The sentences with that verdict, in the order of the text."""
        return tuple(sentence for sentence in self.sentences if sentence.verdict == verdict)
