"""Direct speech: every marked stretch of a text, and who says it.

    marks ─ paragraphs and sentences with the marked words masked ─ for each stretch the patterns of `patterns.toml`, in
    their order: what stands right after it, before it, later in its sentence, and last who spoke before it

Where two people could be meant, nobody is named: a quote without a speaker costs a line, one in the wrong mouth
costs the paper.
"""

import re
from collections.abc import Sequence

from ..schemas.evidence import Evidence, Quotation
from .attribution import Attribution
from .cues import cues
from .languages import ENGLISH
from .languages import language as language_named
from .languages.detecting import language_of
from .languages.reading import read
from .layout import Layout
from .marks import Stretch
from .names import name_book
from .patterns import Pattern, attributions, patterns
from .people import PronounReader
from .phrases import Mention

# Marked words of at most so many, with no speaker in their sentence, are a scare quote or a name.
_SCARE_WORDS = 5


def find_quotations(text: str, language: str | None = None) -> list[Quotation]:
    """Every marked stretch of the text in the order of the text, the marks left out, and who says it.

    `language` is the ISO 639 code of the text's; left out, it is told from the text (a short one is taken for English).

    Offsets are code points into `text`, end exclusive. `speaker` is the mention beside the quote, without title;
    `speaker_name` the fullest name of the same person in the text, None for a source it does not name and wherever
    two people could be meant. In English nested stretches have entries of their own, without a speaker. Linear in
    the length of the text, but for sentences, of which 600 characters on each side of a stretch are read.
    """
    code = language or language_of(text)
    if code != ENGLISH:
        return list(read(text, language_named(code)).quotations)
    return [quotation for quotation, _ in attributed(text)]


def attributed(text: str, table: Sequence[Pattern] | None = None) -> list[tuple[Quotation, str]]:
    """The quotations of `find_quotations`, each with the name of the pattern that found its speaker, or "".

    `table` are the patterns to try, in their order; without it all of `patterns.toml` are.
    """
    return _Reader(text).read(patterns() if table is None else table)


class _Reader:
    """One text on its way to quotations."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.layout = Layout(text)
        self.book = name_book(text)
        self.pronouns = PronounReader(self.layout, self.book)

    def read(self, table: Sequence[Pattern]) -> list[tuple[Quotation, str]]:
        spoken = dict(zip(self.layout.outer, attributions(self.layout, self.book, table), strict=True))
        found: list[tuple[Quotation, str]] = []
        for stretch in self.layout.stretches:
            attribution = spoken.get(stretch)
            quotation = self._quotation(stretch, attribution)
            if quotation.speaker and quotation.speaker.text.lower() == "it" and found:
                name = self._same_body(found[-1][0], quotation)
                quotation = quotation.model_copy(update={"speaker_name": name})
            found.append((quotation, attribution.pattern if attribution and quotation.speaker else ""))
        return found

    def _quotation(self, stretch: Stretch, attribution: Attribution | None) -> Quotation:
        inner = self.text[stretch.start : stretch.end]
        named = self._is_named(stretch, inner, attribution)
        mention = attribution.mention if attribution else None
        if attribution is None or mention is None or named:
            speech = not named and (attribution is not None or _is_utterance(inner))
            return Quotation(start=stretch.start, end=stretch.end, text=inner, is_speech=speech)
        return Quotation(
            start=stretch.start,
            end=stretch.end,
            text=inner,
            speaker=Evidence.of(self.text, mention.start, mention.end),
            speaker_name=self._resolved(mention),
            cue=Evidence.of(self.text, *attribution.cue) if attribution.cue else None,
        )

    def _is_named(self, stretch: Stretch, inner: str, attribution: Attribution | None) -> bool:
        """Whether the marks stand around a nickname or the name of a thing."""
        before = self.layout.masked[max(0, stretch.opened - 24) : stretch.opened].lower().rstrip(" ,:(")
        if len(inner.split()) <= 10 and before.endswith(cues().naming):
            return inner[-1] not in ",.!?" or attribution is None or inner.istitle()
        if attribution is None and len(inner.split()) <= 10 and self._is_title(stretch, inner):
            return True
        after = self.text[stretch.closed : stretch.closed + 2]
        held = self.text[max(0, stretch.opened - 2) : stretch.opened]
        between_names = bool(re.match(r" [^\W\d_a-z]", after)) and held[:1].isalpha() and held[1:] == " "
        previous = re.search(r"(\w+) \Z", self.text[max(0, stretch.opened - 30) : stretch.opened])
        return between_names and len(inner.split()) <= 3 and previous is not None and previous.group(1)[0].isupper()

    def _is_title(self, stretch: Stretch, inner: str) -> bool:
        """Whether marked words in capitals are named after the marks: “Night Boats,” the new film by Doe."""
        if not all(word[0].isupper() or len(word) <= 3 for word in inner.split()):
            return False
        words = [word for word in self.layout.words(stretch.closed, stretch.closed + 60) if word.is_word][:5]
        is_phrase = bool(words) and words[0].low in cues().determiners
        return is_phrase and any(word.low in cues().naming for word in words[1:])

    def _resolved(self, mention: Mention) -> str | None:
        if mention.kind == "name":
            return self.book.fullest(mention.text, mention.title)
        if mention.kind == "pronoun":
            return self._pronoun(mention)
        return None

    def _same_body(self, before: Quotation, quotation: Quotation) -> str | None:
        """The body that spoke just before in the same paragraph: “…,” said the union. “…,” it added."""
        name, paragraph = before.speaker_name, self.layout.paragraph_of
        is_near = paragraph(before.start) == paragraph(quotation.start)
        return name if name and is_near and not self.book.is_person(name) else None

    def _pronoun(self, mention: Mention) -> str | None:
        low = mention.text.lower()
        if low not in cues().gendered:
            return None
        return self.pronouns.resolve(mention.start, low)


def _is_utterance(inner: str) -> bool:
    """Whether marked words with no speaker in their sentence are speech, and no name or doubtful word."""
    return len(inner.split()) > _SCARE_WORDS or inner[-1] in ",.!?…"
