"""Votes and ages, which stand in a text in forms of their own: "passed 396-9", "by 134 votes to 63", "Ada Berg, 46, …".

Two votes are one if one of their two figures is the same, and stage, place and matter are: a council votes on many
things. Two ages are one person's if first and last name are one, and a brief has the name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from ..grounding.mentions import folded
from ..grounding.tokens import name_words
from ..grounding.wording import stem_of
from ..schemas.digest import Rule
from .counts import are_of_one_place, are_of_one_time
from .lines import Line
from .pairs import REASONS, Pair, opening, side_of
from .reports import Report

_FIGURE = r"\d{1,3}(?:,\d{3})*"
_TALLY = re.compile(
    rf"(?<![\w.,$€£#/–-])(?<!from )(?<!between )(?<!aged )(?<!ages )(?<!clause )(?<!ward )({_FIGURE})(?: votes?)?"
    rf"(?:-to-| ?[-–] ?| to | against )({_FIGURE})"
    r"(?![\w%/–-]|[.,]\d)(?! [a-z]+s\b(?<! votes))(?! (?:percent|per cent|[A-Z]))"
)
_VOTING = re.compile(r"\b(?:vot(?:e[sd]?|ing)|ballots?|tall(?:y|ies)|senate|house|council|parliament)\b", re.IGNORECASE)
# At which stage and where: two votes are one only if they have these in common.
_STAGE = re.compile(
    r"\b(?:amend\w*|committee|panel|senate|house|lower|upper|chamber|cabinet|board|court|assembly|council|rounds?|first|second"
    r"|third|runoff|debate|cloture|motion|budget|final|semi\w*|quarter\w*|half|clause|reading|veto|override|primary)\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(r"\b(?:counted|counting|so far|leads?|leading|ahead|trails?|between)\b", re.IGNORECASE)
_ALIKE = 2  # words of the matter that two votes have in common
_NAME = r"(?<!\w)[A-ZÀ-Þ][\w’'-]{1,40}"
_AGED = re.compile(rf"({_NAME}(?: [A-ZÀ-Þ]\.)*(?: {_NAME}){{1,3}}|{_NAME})(?:,? (?:Jr|Sr)\.?)?, (\d{{1,3}}),(?=[ ”])")
_KIN = re.compile(
    r"\b(?:father|mother|parents?|son|sons|daughters?|brothers?|sisters?|wife|husband|widow\w*|grand\w+|twins?|namesake|birthday"
    r"|uncle|aunt|cousin|nephew|niece|died in|then)\b",
    re.IGNORECASE,
)
_APART = 2  # years; by one two papers differ after a birthday
_OLDEST = 115


@dataclass(frozen=True)
class _Place:
    """Where a line tells a vote (its two figures are the `key`) or the age of whom the `key` names."""

    line: Line
    start: int
    end: int
    key: tuple[str, ...]
    about: str

    @property
    def words(self) -> str:
        return self.line.span.text[self.start : self.end]


def told_in_figures(reports: Sequence[Report]) -> Iterator[Pair]:
    """Votes and ages of which two articles have other figures."""
    votes = {report.id: [place for line in report.sentences for place in _votes(line)] for report in reports}
    ages = {report.id: list(_ages(report)) for report in reports}
    for one, other in combinations(reports, 2):
        yield from _other_votes(votes[one.id], votes[other.id])
        yield from _other_ages(ages[one.id], ages[other.id])


def _votes(line: Line) -> Iterator[_Place]:
    text = line.span.text
    if _VOTING.search(text) and not _NOT_YET.search(text):
        for found in _TALLY.finditer(text):
            key = found[1].replace(",", ""), found[2].replace(",", "")
            yield _Place(line, found.start(), found.end(), key, opening(text))


def _other_votes(mine: Sequence[_Place], its: Sequence[_Place]) -> Iterator[Pair]:
    both = {each.key for each in mine} & {each.key for each in its}
    for one in mine:
        for other in its:
            is_one = any(figure == another for figure, another in zip(one.key, other.key, strict=True))
            if is_one and one.key not in both and other.key not in both and _can_be_one_vote(one.line, other.line):
                yield _pair("tallied", one, other)


def _can_be_one_vote(one: Line, other: Line) -> bool:
    """Whether two lines speak of the same stage, place and time, and have words of the matter in common."""
    mine, its = ({found.lower() for found in _STAGE.findall(line.span.text)} for line in (one, other))
    if mine != its or not are_of_one_place(one, other) or not are_of_one_time(one, other):
        return False
    said = {stem_of(word) for word in ("vote", "pass", "approve", "reject", "win", "lose")}
    return len((one.stems & other.stems) - said) >= _ALIKE


def _ages(report: Report) -> Iterator[_Place]:
    """The ages of an article; of whom several are told, none."""
    found: dict[tuple[str, ...], list[_Place]] = {}
    for line in report.sentences:
        if _KIN.search(line.span.text):
            continue
        for each in _AGED.finditer(line.span.text):
            *firsts, last = (folded(word) for word in each[1].split())
            known = _first_names(each[1].rsplit(maxsplit=1)[-1], report.brief.article.text)
            key = last, *(firsts[:1] or known)
            # Somebody whom a brief knows: a town with a score beside it is none.
            if last in report.known and len(key) == 2 and 0 < int(each[2]) <= _OLDEST:
                place = _Place(line, each.start(2), each.end(2), key, f"the age of {each[1]}")
                found.setdefault(key, []).append(place)
    for places in found.values():
        if len({place.words for place in places}) == 1:
            yield places[0]


@lru_cache(maxsize=1024)
def _first_names(last: str, text: str) -> tuple[str, ...]:
    """The first names, folded, that an article has before a last name."""
    known = name_words().titles | name_words().office
    beside = {each[1] for each in re.finditer(rf"({_NAME}) (?:[A-ZÀ-Þ]\.? )*{re.escape(last)}\b", text)}
    # What the text has in small letters, too, is no name: "Though Berg …".
    return tuple(sorted({folded(word) for word in beside if word.lower() not in _words(text)} - known))


@lru_cache(maxsize=64)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))


def _other_ages(mine: Sequence[_Place], its: Sequence[_Place]) -> Iterator[Pair]:
    for one in mine:
        for other in its:
            if one.key == other.key and abs(int(one.words) - int(other.words)) >= _APART:
                yield _pair("aged", one, other)


def _pair(rule: Rule, one: _Place, other: _Place) -> Pair:
    mine, its = (side_of(each.line, each.start, each.end, each.words) for each in (one, other))
    return Pair("count", "contradiction", rule, one.about, REASONS["contradiction"], mine, its)
