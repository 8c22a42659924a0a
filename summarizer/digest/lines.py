"""One sentence of an article on which a brief rests, and how near two of them are in what they speak of."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ..grounding.attribution import last_cue, source_at
from ..grounding.cues import cues
from ..grounding.layout import Layout
from ..grounding.mentions import is_headline, is_time, mentions_of, read_words, split_parts, without_openers
from ..grounding.nameindex import countries
from ..grounding.phrases import is_finite_cue
from ..grounding.quantities import Quantity, quantities
from ..grounding.tokens import tokens
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

        None where nobody does, more than one, or a pronoun; and where the words only say who that is ("Berg, who owns
        40 boats, said").
        """
        words = tokens(Layout(self.span.text).masked, 0, len(self.span.text))
        if sum(word.low == "according" or is_finite_cue(words, at) for at, word in enumerate(words)) != 1:
            return None
        comma = next((at for at in range(len(words) - 1, -1, -1) if words[at].text == ","), len(words))
        told = last_cue(words) or source_at(words, comma + 1)
        if told is None or told.mention is None or told.cue is None or told.mention.kind == "pronoun":
            return None
        if min(told.mention.start, told.cue[0]) < end and start < max(told.mention.end, told.cue[1]):
            return None
        return self.place(told.mention.start, told.mention.end)

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
