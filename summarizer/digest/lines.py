"""One sentence of an article on which a brief rests, and how near two of them are in what they speak of."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ..grounding.cues import cues
from ..grounding.mentions import is_headline, is_time, mentions_of, read_words, split_parts, without_openers
from ..grounding.nameindex import countries
from ..grounding.quantities import Quantity, quantities
from ..grounding.wording import Term, terms
from ..grounding.wordlists import word_set
from ..schemas.evidence import Evidence

# Words that the sentence of any story may have.
_COMMON = frozenset(
    (
        "year",
        "month",
        "week",
        "day",
        "time",
        "people",
        "person",
        "new",
        "make",
        "take",
        "also",
        "accord",
        "state",
        "report",
    )
)
# Words around a verb of speech among which the one who speaks is named.
_NEAR = 4
_SAYING = re.compile(r"\baccording to\b", re.IGNORECASE)
# Who tells a figure: "Police said (that) 40,000 marched", "40,000 marched, police said", "according to police".
_WHO = r"(?P<who>(?:[\w’'-]+ ){0,5}[\w’'-]+)"
_CUE = r"(?:said|says|say|estimated|estimates|estimate|reported|announced)"
_NEARLY = r"(?:(?:at least|at most|about|around|some|nearly|almost|more than|fewer than|up to|only) )?"
_WHEN = r"(?: (?:on|late on|early on) \w+day| \w+day)?"
_PLAIN = r"(?:[^,;:.?!“”\"()—–]|(?<=\d)[,.](?=\d))"  # no sign that parts clauses
_TELLINGS = tuple(
    re.compile(form)
    for form in (
        rf"{_WHO} {_CUE}{_WHEN}(?: that (?P<told>{_PLAIN}+)\.)",
        rf"{_WHO} {_CUE}{_WHEN} (?P<told>{_NEARLY}[\d$€£]\S* {_PLAIN}+)\.",
        rf"(?P<told>{_PLAIN}+), {_WHO} {_CUE}{_WHEN}\.",
        rf"(?P<told>{_PLAIN}+), (?:according to|said) {_WHO}\.",
        rf"According to {_WHO}, (?P<told>{_PLAIN}+)\.",
    )
)
_UNSURE = re.compile(
    r"\b(?:not|no|nobody|none|never|neither|nor|without|false|untrue|wrong|den(?:y|ies|ied|ying)|disput\w+|reject\w*|refus\w+|doubt\w*"
    r"|whether|if|but|although|though|while|when|as|before|after|which|who|whom|whose|what|contrary|accus\w+|claims?|claimed|yet"
    r"|asked|behalf|speaking|reports|call(?:s|ed)|lies?)\b|n[’']t\b",
    re.IGNORECASE,
)
_TWO_SENTENCES = re.compile(r"[.!?][”\"]?\s+[A-Z]")
_NOBODY = re.compile(
    r"\b(?:he|she|it|they|we|i|you|this|that|and|or|to|than|told|said|says|ha[sd]|have)\b|\d", re.IGNORECASE
)
_DAY_WORDS = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day")


@dataclass(frozen=True)
class Line:
    """A stretch of the article `article`. `said` are the actors (ids of its brief) and stances of positions that rest
    on it; `is_asked`: a brief's open question rests on it. `known` are words of names that the brief has, folded.
    """

    article: str
    span: Evidence
    said: tuple[tuple[str, str], ...] = ()
    is_asked: bool = False
    known: frozenset[str] = frozenset()

    @property
    def terms(self) -> tuple[Term, ...]:
        """Its words; their offsets count in the stretch."""
        return terms(self.span.text)

    @property
    def figures(self) -> tuple[Quantity, ...]:
        """Its numbers and dates; their offsets count in the stretch."""
        return quantities(self.span.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """What it speaks of: the stems of its words, without numbers and names of days."""
        return matter(self.span.text)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in it, but for those of whoever says so: what is told of two places is not told of one."""
        return names_told(self.span.text, self.known)

    def teller(self, start: int, end: int) -> Evidence | None:
        """Whom it has tell what stands at `start:end`: "police" of "40,000 marched, police said".

        Only in the plainest forms (`_TELLINGS`), and never where the sentence denies or doubts something: a wrong one
        would be worse than none.
        """
        text = self.span.text
        if _UNSURE.search(text) or _TWO_SENTENCES.search(text):
            return None
        for form in _TELLINGS:
            found = form.fullmatch(text)
            if found and found.start("told") <= start and end <= found.end("told"):
                return None if _NOBODY.search(found["who"]) else self.place(*found.span("who"))
        return None

    def place(self, start: int, end: int) -> Evidence:
        """The words `start:end` of the stretch, as they stand in the article."""
        first = self.span.start + start
        return Evidence(start=first, end=first + end - start, text=self.span.text[start:end])


@lru_cache(maxsize=8192)
def matter(text: str) -> frozenset[str]:
    """The stems of what some words speak of, without numbers, days and words of speech."""
    return frozenset(term.stem for term in terms(text) if tells(term))


def tells(term: Term) -> bool:
    """Whether a word says something of the matter, and is no number, day or verb of speech."""
    if not term.is_content or term.low[0].isdigit() or _DAY_WORDS.fullmatch(term.low):
        return False
    return term.low not in cues().finite and term.low not in cues().times and term.stem not in _COMMON


def near(one: Collection[str], other: Collection[str]) -> float:
    """How much of what the two have they share, 0 to 1: Dice's coefficient of their stems."""
    if not one or not other:
        return 0.0
    return 2 * len(set(one) & set(other)) / (len(set(one)) + len(set(other)))


def covered(one: Collection[str], other: Collection[str]) -> float:
    """How much of the first the second has, 0 to 1."""
    return len(set(one) & set(other)) / len(set(one)) if one else 0.0


@lru_cache(maxsize=8192)
def names_told(text: str, known: frozenset[str] = frozenset()) -> frozenset[str]:
    """The words of the names in a sentence, folded, without those of whom it lets speak.

    The first word, whose capital says nothing, is one if it is a country's or among the `known` ones.
    """
    words = read_words(text)
    if is_headline(words):
        return frozenset()
    saying = [word.start for word in words if word.text.lower() in cues().finite]
    saying += [match.end() for match in _SAYING.finditer(text)]
    found: set[str] = set()
    for mention in mentions_of(words):
        if any(_is_beside(text, mention.words[0].start, mention.words[-1].end, at) for at in saying):
            continue
        for part in split_parts(without_openers(mention.words)):
            is_first = part[0].opens and len(part) == 1 and not part[0].is_acronym
            if is_first and part[0].folded not in known and part[0].folded not in countries().forms:
                continue
            found |= {word.folded for word in part if not is_time(word) and word.folded not in word_set("grammar")}
    return frozenset(found)


def _is_beside(text: str, first: int, last: int, saying: int) -> bool:
    """Whether nothing but a few words stands between a name and a word of speech."""
    between = text[last:saying] if last <= saying else text[saying:first]
    return len(between.split()) <= _NEAR and not re.search(r"[.;:!?]", between)
