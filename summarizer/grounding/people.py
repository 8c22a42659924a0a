"""Who "he" or "she" is: the subject of the sentences before, and nobody where two people could be meant."""

import bisect

from .cues import cues
from .layout import CLOSE, REACH, Layout
from .names import NameBook
from .phrases import Mention, phrase_starting
from .subjects import main_subject
from .tokens import Token, name_words

# Names looked at in one sentence: among so many nobody is meant for certain.
_MOST_PEOPLE = 8
# Sentences looked back over. Farther back newspapers name the person again.
_REACH_SENTENCES = 8


class PronounReader:
    """Resolves the pronouns of one text."""

    def __init__(self, layout: Layout, book: NameBook) -> None:
        self._masked = layout.masked
        self._starts, self._ends = layout.starts, layout.ends
        self._paragraph_of, self._words = layout.paragraph_of, layout.words
        self._book = book
        spots = book.spots()
        self._spots = [start for start, _ in spots]
        self._names = [name for _, name in spots]
        self._subjects: dict[int, Mention | None] = {}

    def resolve(self, at: int, pronoun: str) -> str | None:
        """The fullest name of whom the pronoun at offset `at` stands for; None if the text leaves it open."""
        gender = "he" if pronoun.lower() in cues().he else "she"
        current = bisect.bisect_right(self._starts, at) - 1
        if current < 0 or at - self._starts[current] > REACH:
            return None
        inside = self._people_between(self._starts[current], at, gender)
        if len(inside) > 1:
            return None
        if inside:
            return inside[0] if self._book.is_person(inside[0]) else None
        # Whom the clause itself names is somebody else: "she told Doe".
        beside = self._people_between(at, min(self._ends[current], at + REACH), gender)
        for step in range(1, _REACH_SENTENCES + 1):
            index = current - step
            if index < 0:
                return None
            is_next = step == 1 and self._same_paragraph(index, at)
            is_settled, name = self._in_sentence(index, gender, is_next, beside)
            if is_settled:
                return name
        return None

    def _same_paragraph(self, index: int, at: int) -> bool:
        return self._paragraph_of(self._starts[index]) == self._paragraph_of(at)

    def _in_sentence(self, index: int, gender: str, is_next: bool, beside: list[str]) -> tuple[bool, str | None]:
        """Whether the search ends with this sentence, and with which name; it may end with none.

        `beside` are names of others than the one looked for.
        """
        if self._ends[index] - self._starts[index] > REACH:
            return True, None
        everybody = self._people_between(self._starts[index], self._ends[index], gender)
        fitting = [name for name in everybody if name not in beside]
        subject = self._subject(index)
        if subject is not None and subject.kind == "name":
            name = self._book.fullest(subject.text, subject.title)
            if self._book.is_person(name):
                if self._fits(name, gender) and name not in beside:
                    others = [other for other in fitting if other != name and self._book.is_person(other)]
                    return True, None if others else name
                known = [other for other in fitting if self._book.gender(other) == gender]
                return bool(known), known[0] if len(known) == 1 else None
            # Somebody or something that speaks, or has two names, and may be a person after all.
            if self._book.speaks(subject.text) or " " in subject.text:
                return True, None
        if subject is not None and subject.text.lower() in cues().gendered:
            return False, None
        if subject is not None and subject.kind == "description" and _is_somebody(subject.text):
            return True, None
        # The sentence is about something else: the one person in it may be meant, but only right before.
        is_clear = len(fitting) == 1 and is_next and self._book.is_person(fitting[0])
        return bool(fitting), fitting[0] if is_clear else None

    def _subject(self, index: int) -> Mention | None:
        if index not in self._subjects:
            start = self._starts[index]
            words = self._words(start, self._ends[index])
            self._subjects[index] = _inverted(words) or main_subject(words)
        return self._subjects[index]

    def _fits(self, name: str, gender: str) -> bool:
        return self._book.gender(name) in (gender, None)

    def _people_between(self, start: int, end: int, gender: str) -> list[str]:
        """Names outside marks that may be people's, each once, whose gender the pronoun does not rule out."""
        first, last = bisect.bisect_left(self._spots, start), bisect.bisect_left(self._spots, end)
        found: list[str] = []
        for spot, name in zip(self._spots[first:last], self._names[first:last], strict=True):
            if name not in found and self._masked[spot].isalpha() and self._fits(name, gender):
                found.append(name)
                if len(found) == _MOST_PEOPLE:
                    break
        return found


def _is_somebody(description: str) -> bool:
    """Whether one person is described who is not named: "a senior official"; "the minister" may have been named."""
    known, words = cues(), description.lower().split()
    nouns = known.somebody | name_words().titles if words[0] in ("a", "an", "one", "another") else known.somebody
    for word in words[1:]:
        if word in known.prepositions:
            return False
        if word in nouns:
            return True
    return False


def _inverted(words: list[Token]) -> Mention | None:
    """Who speaks in a sentence that ends in ", said X"."""
    for place in range(len(words) - 2, 0, -1):
        if words[place].low in cues().inverting and words[place - 1].text[0] in (",", CLOSE):
            return phrase_starting(words, place + 1)
    return None
