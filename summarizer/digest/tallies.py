"""Votes and ages, which stand in a text in forms of their own: "passed 396-9", "by 134 votes to 63", "Ada Berg, 46, …".

Two votes are one if one of their two figures is the same: a parliament votes on many things, but hardly twice 396 to
something. Two ages are one person's if the last names are one and so are the first ones, as far as they are told.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ..grounding.mentions import folded
from ..grounding.tokens import name_words
from ..schemas.digest import Rule
from .lines import Line
from .pairs import REASONS, Pair, opening, side_of
from .reports import Report

_FIGURE = r"\d{1,3}(?:,\d{3})*"
_TALLY = re.compile(
    rf"(?<![\w.,$€£#/–-])({_FIGURE})(?: votes?)?(?:-to-| ?[-–] ?| to | against )({_FIGURE})(?![\w%/–-]|[.,]\d)"
    r"(?! (?:percent|per cent|points?|years?|days?|weeks?|months?|hours?|minutes?|people|million|billion)\b)"
)
_VOTING = re.compile(
    r"\b(?:vot(?:e[sd]?|ing)|ballots?|tall(?:y|ies)|pass(?:ed|es)?|approv\w+|reject\w+|adopt\w+|confirm\w+|elect\w*|won"
    r"|wins?|lost|loses?|defeat\w*|beat|carried|ratif\w+|majority|margin)\b",
    re.IGNORECASE,
)
_GAME = re.compile(r"\b(?:goals?|games?|match\w*|series|season|innings|sets?|scor\w+|odds)\b", re.IGNORECASE)
_NAME = r"[A-ZÀ-Þ][\w’'-]+"
_AGED = re.compile(rf"({_NAME}(?: [A-ZÀ-Þ]\.)*(?: {_NAME}){{0,3}})(?:,? (?:Jr|Sr)\.?)?, (\d{{1,3}}),(?=[ ”])")
_OLDEST = 115


@dataclass(frozen=True)
class _Place:
    """Where a line tells a vote (its two figures are the `key`) or the age of whom the `key` names."""

    line: Line
    start: int
    end: int
    key: tuple[str, ...]
    about: str
    is_family: bool = False  # several of the article have the last name

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
    if _VOTING.search(text) and not _GAME.search(text):
        for found in _TALLY.finditer(text):
            key = found[1].replace(",", ""), found[2].replace(",", "")
            yield _Place(line, found.start(), found.end(), key, opening(text))


def _other_votes(mine: Sequence[_Place], its: Sequence[_Place]) -> Iterator[Pair]:
    both = {each.key for each in mine} & {each.key for each in its}
    for one in mine:
        for other in its:
            is_one = any(figure == another for figure, another in zip(one.key, other.key, strict=True))
            if is_one and one.key not in both and other.key not in both:
                yield _pair("tallied", one, other)


def _ages(report: Report) -> Iterator[_Place]:
    """The ages of an article; of whom several are told, none."""
    found: dict[tuple[str, ...], list[_Place]] = {}
    for line in report.sentences:
        for each in _AGED.finditer(line.span.text):
            *firsts, last = (folded(word) for word in each[1].split())
            known = _first_names(each[1].rsplit(maxsplit=1)[-1], report.brief.article.text)
            key = last, *(firsts[:1] or known)
            if 0 < int(each[2]) <= _OLDEST:
                place = _Place(line, each.start(2), each.end(2), key, f"the age of {each[1]}", len(known) > 1)
                found.setdefault(key, []).append(place)
    for places in found.values():
        if len({place.words for place in places}) == 1:
            yield places[0]


def _first_names(last: str, text: str) -> list[str]:
    """The first names, folded, that an article has before a last name."""
    known = name_words().titles | name_words().office
    beside = re.finditer(rf"({_NAME}) (?:[A-ZÀ-Þ]\.? )*{re.escape(last)}\b", text)
    # What the text has in small letters, too, is no name: "Though Berg …".
    found = {folded(each[1]) for each in beside if not re.search(rf"\b{re.escape(each[1].lower())}\b", text)}
    return sorted(found - known)


def _other_ages(mine: Sequence[_Place], its: Sequence[_Place]) -> Iterator[Pair]:
    for one in mine:
        for other in its:
            is_told = one.key == other.key or not (one.is_family or other.is_family or (one.key[1:] and other.key[1:]))
            if is_told and one.key[0] == other.key[0] and one.words != other.words:
                yield _pair("aged", one, other)


def _pair(rule: Rule, one: _Place, other: _Place) -> Pair:
    mine, its = (side_of(each.line, each.start, each.end, each.words) for each in (one, other))
    return Pair("count", "contradiction", rule, one.about, REASONS["contradiction"], mine, its)
