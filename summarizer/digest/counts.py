"""What a number counts: whether two sentences count one thing that happened once, told by noun, verb and names."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from ..grounding.quantities import Quantity, quantities
from ..grounding.units import singular
from ..grounding.wording import Term, stem_of, wording
from .figures import Figure, figure_in
from .lines import Line, near, tells
from .reports import Report

# Words of one meaning in counts, each group under its first.
_ALIKE = (
    ("people", "person", "persons", "victims", "casualties", "dead", "deaths", "lives"),
    ("killed", "kill", "died", "die", "dead", "deaths", "lives", "fatalities", "lost"),
    ("injured", "injure", "hurt", "wounded", "wound", "injuries"),
    ("arrested", "arrest", "detained", "detain", "arrests"),
    ("evacuated", "evacuate", "evacuation", "displaced"),
    ("jobs", "job", "posts", "positions"),
    ("houses", "homes", "house", "home"),
    ("boats", "vessels", "ships", "boat", "vessel", "ship"),
    ("votes", "vote", "ballots"),
    ("for", "favour", "favor"),
)
_DEAD = frozenset(("dead", "deaths", "fatalities"))
# What is counted so grows by the hour; a later and higher number of it is no other one.
_GROWING = frozenset(
    ("kill", "injur", "arrest", "evacu", "miss", "rescu", "report", "regist", "collect", "count", "sign")
)
# A number after or before one of these counts some of what is spoken of.
_PART = re.compile(
    r"\b(?:including|among|of (?:whom|them|which|those|these|the|its|their)|another|other|more|further|additional"
    r"|extra|earlier|previous|previously|last|remaining|only|first|also|both)\b",
    re.IGNORECASE,
)
_BEFORE = frozenset(
    ("ago", "earlier", "previous", "previously", "former", "last", "since", "ever", "history", "record")
)
# Two sums of two years are two; so are one of "last year" and one of a year that is told.
_TIMES = re.compile(
    r"\b(?:(?:1[5-9]|20)\d\d|(?:last|this|next|previous|past) (?:year|month|week|quarter)|annual\w*"
    r"|(?:first|second|third|fourth) (?:quarter|half|round|day)|^on \w+day)\b"
)
_PLURAL_END = re.compile(
    r"(?<!s)s\Z|men\Z|people\Z|children\Z|dead\Z|police\Z|staff\Z|troops\Z|personnel\Z|crew\Z|fish\Z"
)
# What two sentences have to have in common beside what is counted: how much of all that they say, at least.
_LIKE = 0.25
_LIKE_MEASURED = 0.6
_FEWEST_ACTS = 2  # words of the clause that are shared, where none of them tells what happened
_KINDS = ("number", "vague")
# Before a figure these say how exact it is, or nothing; and those that tell what is done with it.
# fmt: off
_NEARLY = frozenset((
    "", "about", "around", "some", "nearly", "almost", "roughly", "exactly", "approximately", "at", "least", "most",
    "more", "less", "fewer", "than", "over", "up", "as", "many", "only", "just", "the", "a", "an", "its", "their",
    "his", "her", "all",
))
# fmt: on
_LABEL = re.compile(
    r"\b(?:nos?|numbers?|chapter|section|article|amendment|page|grade|room|route|photo|gate|platform|line)\.? \Z",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(r"(?:[A-Z][\w’'-]*|\d)[ -]\Z")
_SMALL = frozenset(("to", "by", "from", "within", "for", "after", "with"))
_MOST = 20  # figures of a line; one with more is a table


@dataclass(frozen=True)
class Count:
    """A number in a line, and what it counts.

    `head` is the class of the noun, or the unit of a measure; `acts` what the clause says of it beside, `verbs` those
    that tell what happened.
    """

    report: Report
    line: Line
    quantity: Quantity
    head: str
    acts: frozenset[str]
    verbs: frozenset[str]
    is_part: bool
    is_money: bool = False

    @cached_property
    def figure(self) -> Figure:
        """The number, to be compared."""
        return figure_in(self.line.span.text, self.quantity, self.line.figures)

    @property
    def is_compound(self) -> bool:
        """Whether it is a part of a word: "a 48-page report"."""
        return self.line.span.text[self.quantity.end : self.quantity.end + 1] == "-"

    @cached_property
    def governor(self) -> str:
        """The class of the verb or small word right before the figure, which tells what is done with so much: "ordered
        14", "rose by 4", "rose to 9"; empty where none stands there."""
        words = self.line.span.text[: self.quantity.start].replace(",", " , ").split()
        while words and words[-1].strip("$€£(“").lower() in _NEARLY:
            words.pop()
        last = words[-1] if words else ""
        return class_of(last) if last.islower() and (_is_verb(last) or last in _SMALL) else ""

    def is_governed_as(self, other: "Count") -> bool:
        """Whether not another word stands before each figure; of verbs one that both clauses have will do."""
        mine, its = self.governor, other.governor
        if mine == its or not mine or not its or self.is_compound:
            return True
        return not {mine, its} & _SMALL and bool(self.verbs & other.verbs)

    @cached_property
    def is_alone(self) -> bool:
        """Whether the line has no other figure of the same things."""
        text = self.line.span.text
        return sum(head_of(text, each) == self.head for each in self.line.figures) == 1

    @property
    def is_growing(self) -> bool:
        """Whether it counts what grows with time."""
        return grows(self.acts)

    def counts_as(self, other: "Count") -> bool:
        """Whether both count one thing: noun and verb are the same, and neither names what the other does not."""
        if self.head != other.head or self.is_part != other.is_part or self.is_part:
            return False
        if self.is_compound != other.is_compound or not self.is_governed_as(other):
            return False
        if self.quantity.kind != other.quantity.kind and "vague" not in (self.quantity.kind, other.quantity.kind):
            return False
        shared = self.acts & other.acts
        like = near(self.line.stems, other.line.stems)
        is_plain = self.quantity.kind in _KINDS and not self.is_money
        if len(shared) < (1 if is_plain else 2) or like < (_LIKE if is_plain else _LIKE_MEASURED):
            return False
        if not (self.is_alone and other.is_alone):
            return False  # which of several is meant the words beside it tell: `beside`
        did = self.verbs & other.verbs
        if (self.verbs and other.verbs and not did) or (not did and len(shared) < _FEWEST_ACTS):
            return False
        if _has_year(self.line) != _has_year(other.line) or not are_of_one_time(self.line, other.line):
            return False
        return are_of_one_place(self.line, other.line)


def are_of_one_time(one: Line, other: Line) -> bool:
    """Whether both or none of two lines tell of something before ("in an earlier fire two years ago"), and no two years
    or quarters are told."""
    if any(term.low in _BEFORE for term in one.terms) != any(term.low in _BEFORE for term in other.terms):
        return False
    mine, its = (frozenset(_TIMES.findall(line.span.text.lower())) for line in (one, other))
    return not mine or not its or mine == its


def _has_year(line: Line) -> bool:
    return any(quantity.unit == "date" and quantity.value % 10000 == 0 for quantity in line.figures)


def are_of_one_place(one: Line, other: Line) -> bool:
    """Whether not each of two lines names somebody or some place that the other does not."""
    mine, its = one.names - other.names, other.names - one.names
    return not mine or not its


def counts_in(report: Report) -> Iterator[Count]:
    """Every number of the report's sentences that counts or measures something."""
    for line in report.sentences:
        for quantity in line.figures if len(line.figures) <= _MOST else ():
            head = head_of(line.span.text, quantity)
            if head:
                yield Count(
                    report,
                    line,
                    quantity,
                    head,
                    frozenset(_act_of(term.low) for term in _beside(line, quantity)) - {head},
                    frozenset(_act_of(term.low) for term in _beside(line, quantity) if _is_verb(term.low)),
                    is_part(line, quantity),
                    quantity.kind == "money" or bool(quantity.currency),
                )


def grows(stems: Iterable[str]) -> bool:
    """Whether words, by their stems, tell of what is counted again and again, and is more each time."""
    return any(stem.startswith(tuple(_GROWING)) for stem in stems)


def head_of(text: str, quantity: Quantity) -> str:
    """What the number counts, as a class; empty if it cannot be told or is no count."""
    if quantity.kind == "money" or (quantity.kind == "vague" and quantity.unit):
        return f"money {quantity.unit}"
    if quantity.kind in ("percent", "measure"):
        return "" if quantity.unit == "year-old" else f"unit {quantity.unit}"
    if quantity.kind not in _KINDS or not quantity.following:
        return ""
    if text[quantity.end : quantity.end + 1] == "-":  # a 48-page report
        return class_of(quantity.following[0])
    words = re.findall(r"[^\W\d_]+", text[quantity.end : quantity.end + 60])[: len(quantity.following) + 1]
    run = [word.lower() for word in words if word.lower() != "of"][: len(quantity.following)]
    noun = next((word for word in run if _PLURAL_END.search(word)), run[-1] if run else "")
    return "people" if noun in _DEAD else class_of(noun)


def class_of(word: str) -> str:
    """The group of words that a word belongs to, else its stem."""
    group = next((each for each in _ALIKE if word in each), None)
    return stem_of(group[0]) if group else stem_of(singular(word))


def _beside(line: Line, quantity: Quantity) -> list[Term]:
    """The words of the clause of a number that say something, the number itself left out."""
    clauses = {term.clause for term in line.terms if term.start < quantity.end and quantity.start < term.end}
    return [
        term
        for term in line.terms
        if term.clause in clauses
        and (tells(term) or _is_act(term.low))
        and not quantity.start <= term.start < quantity.end
    ]


def _is_verb(word: str) -> bool:
    """Whether a word tells what happened: one of those that counts go with, or in the form of the past."""
    return any(word in group for group in _ALIKE[1:5]) or word.endswith("ed") or word in wording("irregular")


def _is_act(word: str) -> bool:
    return any(word in group for group in _ALIKE)


def _act_of(word: str) -> str:
    if word in _DEAD:
        return stem_of("killed")
    return class_of(word)


def is_label(line: Line, quantity: Quantity) -> bool:
    """Whether a figure is a name: "No. 2", "chapter 11", and, where it counts nothing, "Flight 204"."""
    before = line.span.text[: quantity.start]
    counts_nothing = quantity.kind == "number" and not quantity.following
    return bool(_LABEL.search(before) or (counts_nothing and _NAME_BEFORE.search(before)))


def is_part(line: Line, quantity: Quantity) -> bool:
    """Whether the words around a number say that it counts some, or others, of what is spoken of."""
    text = line.span.text
    before = text[max(0, quantity.start - 24) : quantity.start]
    after = text[quantity.end : quantity.end + 14]
    if re.search(r"\b(?:more|other) than \Z|\bat (?:least|most) \Z", before, re.IGNORECASE):
        before = ""
    return bool(_PART.search(before.rsplit(",", 1)[-1]) or re.match(r" (?:of|other|more|further|additional)\b", after))


@lru_cache(maxsize=256)
def given(text: str) -> frozenset[tuple[str, Decimal]]:
    """Every number of a whole article with what it counts: an article that gives both numbers contradicts neither."""
    return frozenset((head_of(text, quantity), value) for quantity in quantities(text) for value in quantity.values)
