"""Names of people: where they stand, which of them are one person's, and which is the fullest.

A name is a run of capitalised words. It is taken for a person's only on evidence: a common given name, a title or a
role before it, an age or a role after it, an initial in it, a word of speech beside it, or its last word used alone
elsewhere. What stays unclear stays out.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

from ..schemas.evidence import Evidence
from .cues import cues
from .nameforms import fullest_forms, last_word
from .titles import ENDS_APPOSITION, appositive, is_address, office_at, role_before, word_before
from .tokens import NameParts, Token, is_title, name_words, names_in, tokens
from .wordlists import word_set

Gender = Literal["he", "she"] | None

_CAPITALISED = re.compile(
    r"[^\W\d_a-z](?<![\w’'].)(?:[^\W_]|[’'&.-](?=[^\W_]))*\.?"
    r"(?:[ \u00a0](?:(?:[a-z]{1,5}[ \u00a0-]){0,2})[^\W\d_a-z](?:[^\W_]|[’'&.-](?=[^\W_]))*\.?){0,11}"
)
_VERB_AFTER = re.compile(r" (?:also |has |had )?(\w+)")
_WORD_AFTER = re.compile(r" ([a-z]+)")
# A given name that opens a question as well; how such a sentence goes on after the run of capitals, to its end. In
# characters a bound that keeps the search linear.
_ASKING = "will"
_ASKS = re.compile(r"[ \u00a0]([a-z]+)\b[^.!?…\n]{0,300}\?")
_OPENING_SIGNS = " \t\u00a0“”\"„«‘'(["
_LONGEST_OPENING = 8


@dataclass(frozen=True, slots=True)
class Name:
    """A person named in a text: the fullest form, every mention of it, and the title or role beside the first.

    `mentions` are in the order of the text and cover the name only, without title and possessive.
    """

    name: str
    mentions: tuple[Evidence, ...]
    title: Evidence | None = None


@dataclass(slots=True)
class _Person:
    """What is known of one full form."""

    form: tuple[str, ...]
    mentions: list[tuple[int, int]] = field(default_factory=list)
    title: tuple[int, int] | None = None
    evidence: int = 0
    gender: Gender = None


# The first name of one before the full name of another of the family: "Lena and Nuria Berg".
_LONGEST_JOINED = 30
_JOINED = re.compile(r"(?<![\w’'-])([A-Z][\w’'-]+) and \Z")


class NameBook:
    """The names of one text. Every offset counts in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._full: dict[tuple[str, ...], _Person] = {}
        self._single: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._gender_of_last: dict[str, set[str]] = defaultdict(set)
        self._titled: set[str] = set()
        self._title_of_last: dict[str, tuple[int, int]] = {}
        self._speakers: set[str] = set()
        self._things: set[tuple[str, ...]] = set()
        self._read()
        self._fullest = fullest_forms(self._full)
        self._resolved: dict[tuple[str, Gender], str] = {}
        # One entry for each person, the fullest form.
        self._by_last: dict[str, list[_Person]] = defaultdict(list)
        self._by_first: dict[str, list[_Person]] = defaultdict(list)
        self._share_evidence()

    def _read(self) -> None:
        # The same words come again and again in a text, and are taken apart once.
        known: dict[str, list[NameParts]] = {}
        for match in _CAPITALISED.finditer(self._text):
            words = match.group()
            if words not in known:
                known[words] = names_in(words)
            for parts in known[words]:
                self._note(match.start(), *self._without_asking(match.start(), *parts))

    def _without_asking(self, at: int, office: list[Token], name: list[Token]) -> NameParts:
        """The name and the words before it without the "Will" of a question: "Will Sudland pay?"."""
        first = office[0] if office else name[0]
        if first.low != _ASKING or not (office or len(name) > 1):
            return office, name
        after = _ASKS.match(self._text, at + name[-1].end)
        before = self._text[max(0, at + first.start - _LONGEST_OPENING) : at + first.start].rstrip(_OPENING_SIGNS)
        is_first = not before or before[-1] in ".!?…:;—–\n"
        # "Will Moss said when?": a verb of speech has the whole name for its subject.
        if not is_first or after is None or after.group(1) in cues().finite:
            return office, name
        return (office[1:], name) if office else (office, name[1:])

    def _share_evidence(self) -> None:
        """What is known of one form of a name holds for all forms of the same person."""
        for form, person in self._full.items():
            best = self._full[self._fullest[form]]
            best.evidence += person.evidence + (last_word(form) in self._single)
            best.gender = best.gender or person.gender
        for form, person in self._full.items():
            best = self._full[self._fullest[form]]
            person.evidence, person.gender = best.evidence, best.gender
            if person is best:
                self._by_last[last_word(form)].append(person)
                self._by_first[form[0]].append(person)
        self._evident = {last for last, persons in self._by_last.items() if any(p.evidence for p in persons)}

    def _note(self, at: int, office: list[Token], name: list[Token]) -> None:
        """Take down a name and the words before it, whose offsets count from `at`."""
        start, end = at + name[0].start, at + name[-1].end
        opened = at + office[0].start if office else start
        titled = any(is_title(token) or token.low in name_words().office for token in office)
        title = None if office else role_before(self._text, start, end)
        of = office_at(self._text, opened, at + office[-1].end) if office else (start, start)
        # "Democrat Ada Berg", "head of the Harbour Council Ada Berg".
        of_a_body = of[0] < opened and office[-1].low in word_set("bodies")
        if titled or of_a_body or (office and all(token.low in word_set("sides") for token in office)):
            titled, title = True, of
        gender = self._gender(title, name)
        if len(name) == 1:
            self._single[name[0].text].append((start, end))
            if titled:
                self._titled.add(name[0].text)
            # A later mention may say more: "Berg, the mayor of Esk, said".
            title = title or appositive(self._text, end)
            if title and not is_address(self._text, title):
                self._title_of_last.setdefault(name[0].text, title)
            if self._speaks(start, end):
                self._speakers.add(name[0].text)
            if gender:
                self._gender_of_last[name[0].text].add(gender)
            return
        if title and is_address(self._text, title):
            title = appositive(self._text, end) or role_before(self._text, opened, end, ENDS_APPOSITION) or title
        form = tuple(token.text for token in name)
        if not titled and self._is_thing(opened, end):
            self._things.add(form)
        person = self._full.setdefault(form, _Person(form))
        person.mentions.append((start, end))
        person.gender = person.gender or gender
        person.evidence += name[0].low in name_words().men or name[0].low in name_words().women
        if title:
            person.evidence += 1
            if person.title is None or is_address(self._text, person.title):
                person.title = title
        elif person.title is None:
            person.title = appositive(self._text, end)
            person.evidence += person.title is not None
        if any(len(token.text) == 2 and token.text[1] == "." for token in name) or self._speaks(start, end):
            person.evidence += 1

    def _is_thing(self, start: int, end: int) -> bool:
        """Whether an article before the name makes it a thing's: "the Highland Front", but not "the Ada Berg years"."""
        after = _WORD_AFTER.match(self._text, end, end + 30)
        return word_before(self._text, start).lower() == "the" and (not after or after.group(1) in word_set("acts"))

    def _gender(self, title: tuple[int, int] | None, name: list[Token]) -> Gender:
        known = name_words()
        before = {token.low for token in tokens(self._text, *title)} if title else set()
        if before & known.male_titles:
            return "he"
        if before & known.female_titles:
            return "she"
        first = name[0].low
        if len(name) > 1 and (first in known.men) != (first in known.women):
            return "he" if first in known.men else "she"
        return None

    def _speaks(self, start: int, end: int) -> bool:
        after = _VERB_AFTER.match(self._text, end, end + 40)
        before = word_before(self._text, start)
        return bool(after and after.group(1) in cues().finite) or before in cues().inverting

    def gender(self, name: str) -> Gender:
        """The pronoun that titles or the given name put with a name; None if they do not."""
        parts = tuple(name.split())
        person = self._full.get(parts)
        if person is not None and person.gender:
            return person.gender
        genders = self._gender_of_last.get(parts[-1], set()) if parts else set()
        if len(self._by_last.get(parts[-1], ())) <= 1 and len(genders) == 1:
            return "he" if "he" in genders else "she"
        return None

    def is_person(self, name: str) -> bool:
        """Whether there is evidence that the name, full or last word alone, is a person's."""
        parts = tuple(name.split())
        if parts in self._full:
            return self._full[parts].evidence > 0
        return len(parts) == 1 and (parts[0] in self._titled or parts[0] in self._evident)

    def speaks(self, name: str) -> bool:
        """Whether a one-word name stands beside a verb of speech somewhere, person or not."""
        return name in self._speakers

    def fullest(self, name: str, title: str = "") -> str:
        """The fullest form of a name in the text; the name as it is if two people could be meant."""
        parts = tuple(name.replace("’s", "").replace("'s", "").split())
        if not parts:
            return name
        if len(parts) > 1:
            return " ".join(self._fullest.get(parts, parts))
        asked = parts[0], self._title_gender(title)
        if asked not in self._resolved:
            self._resolved[asked] = self._fullest_of_word(*asked)
        return self._resolved[asked]

    def _fullest_of_word(self, word: str, gender: Gender) -> str:
        """The full name that ends in the word, else the one that begins with it; the word if several people have it."""
        candidates = self._by_last.get(word, [])
        if len(candidates) > 1 and gender:
            candidates = [person for person in candidates if person.gender in (gender, None)]
        # "President Berg", and only later Nuria Berg, or Lena and Nuria Berg: they are others of his name.
        if len(candidates) == 1 and word in self._title_of_last and candidates[0].title is None:
            title, first = self._title_of_last[word][0], min(start for start, _ in candidates[0].mentions)
            if title < first or self._is_of_a_family(candidates[0]):
                return word
        if not candidates:
            candidates = self._by_first.get(word, [])
            if not any(person.evidence for person in candidates[:1]):
                return word
        return " ".join(candidates[0].form) if len(candidates) == 1 else word

    def _is_of_a_family(self, person: _Person) -> bool:
        """Whether another one bears the surname: "Lena and Nuria Berg", and Lena is nobody's surname."""
        joined = (_JOINED.search(self._text, max(0, start - _LONGEST_JOINED), start) for start, _ in person.mentions)
        return any(other is not None and other[1] not in self._by_last for other in joined)

    def _title_gender(self, title: str) -> Gender:
        low = title.lower().rstrip(". ")
        return "he" if low in name_words().male_titles else "she" if low in name_words().female_titles else None

    def full_mentions(self) -> list[tuple[int, str]]:
        """Where each name of two words or more begins, and its fullest form, whether it is a person's or not."""
        return [
            (start, self.fullest(" ".join(person.form)))
            for person in self._full.values()
            for start, _ in person.mentions
        ]

    def people(self) -> list[Name]:
        """Everybody for whom there is evidence, by first mention."""
        spans, titles = self._people
        found = [
            Name(
                name,
                tuple(Evidence.of(self._text, *span) for span in sorted(places)),
                _evidence(self._text, titles[name]),
            )
            for name, places in spans.items()
        ]
        return sorted(found, key=lambda name: name.mentions[0].start)

    def spots(self) -> list[tuple[int, str]]:
        """Where each name begins that is a person's or has two words or more, and its fullest form; in order."""
        spans, _ = self._people
        return sorted({*self.full_mentions(), *((start, name) for name in spans for start, _ in spans[name])})

    @cached_property
    def _people(self) -> tuple[dict[str, list[tuple[int, int]]], dict[str, tuple[int, int] | None]]:
        """The mentions of everybody for whom there is evidence, and the titles, by fullest name."""
        grouped: dict[str, list[_Person]] = defaultdict(list)
        for person in self._full.values():
            grouped[self.fullest(" ".join(person.form))].append(person)
        spans: dict[str, list[tuple[int, int]]] = {}
        titles: dict[str, tuple[int, int] | None] = {}
        for name, persons in grouped.items():
            if any(person.evidence for person in persons) and not any(
                person.form in self._things for person in persons
            ):
                spans[name] = [span for person in persons for span in person.mentions]
                titles[name] = next((person.title for person in persons if person.title), None)
        for word, places in self._single.items():
            owner = self.fullest(word)
            if owner in spans:
                spans[owner] += places
                if titles[owner] is None and owner.split()[-1] == word:
                    titles[owner] = self._title_of_last.get(word)
            elif owner == word and word in self._titled and (len(places) > 1 or word in self._speakers):
                spans[word], titles[word] = list(places), self._title_of_last.get(word)
        return spans, titles


def _evidence(text: str, span: tuple[int, int] | None) -> Evidence | None:
    if span is None:
        return None
    words = text[span[0] : span[1]]
    return Evidence.of(text, span[0], span[0] + len(words.rstrip()))


@lru_cache(maxsize=16)
def name_book(text: str) -> NameBook:
    """The names of a text; the last few are kept."""
    return NameBook(text)


def find_names(text: str) -> list[Name]:
    """People named in the text, by first mention, with every mention and the title or role beside the first.

    Offsets are code points into `text`, end exclusive. Who is only described, or could be a place, is left out.
    """
    return name_book(text).people()
