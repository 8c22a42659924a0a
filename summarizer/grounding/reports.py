"""Reported speech: sentences in which somebody says, denies, warns or offers something without quotation marks."""

from dataclasses import dataclass

from ..schemas.evidence import Evidence
from .cues import cues
from .layout import REACH, Layout
from .names import name_book
from .people import PronounReader
from .phrases import Mention, is_finite_cue, subject_before
from .tokens import Token, tokens
from .wordlists import word_set

# Words of a description that newspapers give a source, at most; longer ones are mostly clauses misread.
_LONGEST_SOURCE = 5


@dataclass(frozen=True, slots=True)
class Report:
    """A sentence that reports what somebody says.

    `start:end` is the sentence. `speaker` is the mention in it, `speaker_name` the fullest name of the same one, None
    where the text does not tell; `cue` is the verb.
    """

    start: int
    end: int
    speaker: Evidence
    speaker_name: str | None
    cue: Evidence


def find_reports(text: str) -> list[Report]:
    """Sentences whose first verb of speech has a subject, in order. Offsets are code points into `text`.

    Words inside quotation marks are not read, so a sentence that is all quotation is none.
    """
    layout, book = Layout(text), name_book(text)
    pronouns = PronounReader(layout, book)

    def named(mention: Mention) -> str | None:
        if mention.kind == "name":
            return book.fullest(mention.text, mention.title)
        # "They" and "it" may be anybody.
        personal = mention.kind == "pronoun" and mention.text.lower() in cues().he | cues().she
        return pronouns.resolve(mention.start, mention.text.lower()) if personal else None

    found = []
    for start, end in zip(layout.starts, layout.ends, strict=True):
        words = tokens(layout.masked, start, min(end, start + REACH))
        for index in range(1, len(words)):
            mention = subject_before(words, index) if is_finite_cue(words, index) else None
            if mention is not None and (mention.kind != "description" or _is_source(mention, words)):
                speaker = Evidence.of(text, mention.start, mention.end)
                cue = Evidence.of(text, words[index].start, words[index].end)
                found.append(Report(start, end, speaker, named(mention), cue))
                break
    return found


def _is_source(mention: Mention, words: list[Token]) -> bool:
    """Whether a description is plainly the one who speaks: short, whole, and at the beginning of a clause."""
    said = mention.text.split()
    before = [token for token in words if token.end <= mention.start]
    opens = not before or not before[-1].is_word or before[-1].low in ("but", "and")
    return opens and len(said) <= _LONGEST_SOURCE and (said[-1].lower() in word_set("sources") or said[-1][0].isupper())
