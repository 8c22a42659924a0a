"""Where the articles of a story do not say the same: every rule that puts two of them side by side, and what it finds.

    deals ─ value, status, who gives ┐
    sentences ─ counts, sums, votes,
                ages, days           ├─ pairs of sides ─ those of one matter together ─ contradictions, and differences
    positions ─ quotes, denials      │                                                that a rule makes none
    sentences that two have, but for │
    a figure, a “not”, a name        ┘

Precision before recall: what is not surely the same thing is not compared.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from ..schemas.digest import Difference, Kind, Rate, Rule, Side, Verdict
from .actors import Cast
from .deal_rules import deal_differences
from .figures import Rates
from .line_rules import line_differences
from .merging import Stated, Told
from .pairs import REASONS, Pair, are_told_by_two
from .repeated import repeated_differences
from .reports import Report
from .said_rules import said_differences
from .tallies import told_in_figures

# The gravest first: in this order they stand in a story.
_KINDS: tuple[Kind, ...] = ("amount", "count", "status", "giver", "speaker", "denial", "date")


@dataclass
class _Group:
    """Pairs of one matter: they share a side, or what is said of a side."""

    kind: Kind
    rule: Rule
    verdict: Verdict
    about: str
    reason: str
    sides: list[Side] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)


def differences(
    reports: Sequence[Report],
    deals: Sequence[Sequence[Told]],
    positions: Sequence[Stated],
    cast: Cast,
    rates: Rates,
    copies: Sequence[Report] = (),
) -> tuple[Difference, ...]:
    """Every difference between two articles or more, contradictions first; `reports` are no copies of one another.

    `copies` are copies of some of them: of these only what they have changed counts.
    """
    every = [*reports, *copies]
    place = {report.id: number for number, report in enumerate(every)}
    pairs: list[Pair] = [
        *deal_differences(deals, cast, rates),
        *line_differences(reports, cast),
        *told_in_figures(reports),
        *said_differences(positions, cast),
        *repeated_differences(every, cast),
    ]
    found = [_difference(group, place) for group in _grouped(_once(pairs))]
    return tuple(sorted(found, key=lambda each: _order(each, place)))


def _order(each: Difference, place: dict[str, int]) -> tuple[bool, int, int, int]:
    first = each.sides[0]
    return each.verdict != "contradiction", _KINDS.index(each.kind), place[first.article], first.sentence.start


def _once(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Each two places once: what a deal's rule has found, the rule of its sentence does not find again."""
    seen: set[frozenset[tuple[str, int, int]]] = set()
    for pair in pairs:
        places = frozenset((side.article, side.words.start, side.words.end) for side in (pair.one, pair.other))
        if places not in seen:
            seen.add(places)
            yield pair


def _grouped(pairs: Iterable[Pair]) -> list[_Group]:
    """Pairs of one kind and verdict that share a side make one difference with more sides."""
    groups: list[_Group] = []
    for pair in pairs:
        both = (pair.one, pair.other)
        group = next((g for g in groups if _is_of(pair, g)), None)
        if group is None:
            group = _Group(pair.kind, pair.rule, pair.verdict, pair.about, pair.reason)
            groups.append(group)
        group.sides += [side for side in both if all(not _is_same(side, known) for known in group.sides)]
        group.rates += [rate for rate in pair.rates if rate not in group.rates]
    return groups


def _is_of(pair: Pair, group: _Group) -> bool:
    if (pair.kind, pair.rule, pair.verdict) != (group.kind, group.rule, group.verdict):
        return False
    return any(_is_same(side, known) for side in (pair.one, pair.other) for known in group.sides)


def _is_same(one: Side, other: Side) -> bool:
    """Whether two sides are one place; of one article the same value said twice is one side."""
    return one.article == other.article and (one.words == other.words or one.value == other.value)


def _is_told_by_others(group: _Group) -> bool:
    """Whether what is told otherwise is what the police say here and what the organisers say there."""
    others = [(one, other) for one, other in combinations(group.sides, 2) if one.value != other.value]
    return group.reason == REASONS["contradiction"] and all(are_told_by_two(*pair) for pair in others)


def _difference(group: _Group, place: dict[str, int]) -> Difference:
    return Difference(
        kind=group.kind,
        verdict=group.verdict,
        rule=group.rule,
        about=group.about,
        reason=REASONS["told"] if _is_told_by_others(group) else group.reason,
        sides=tuple(sorted(group.sides, key=lambda side: (place[side.article], side.words.start))),
        rates=tuple(sorted(group.rates, key=lambda rate: rate.currency)),
    )
