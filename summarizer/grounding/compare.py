"""Comparing the quantities of a sentence with those of an article."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Literal

from ..schemas.evidence import Evidence
from .dates import date_parts
from .quantities import Quantity
from .units import PERCENT, same_unit

Match = Literal["same", "unclear", "none"]

_DATES = ("date", "weekday", "time", "decade of")
# What a share and a percentage may differ by, in percent: a third is 33 or 33.3.
_SHARE_ROUNDING = Decimal("0.7")
# How far "more than 100" and "nearly 100" may be from the number; a tenth leaves 100 for 91 to 110.
_ROUNDING = Decimal("0.1")
# "More than 100" is said of 116 and of 140, and of 170 hardly; "nearly 100" the other way round.
_FARTHEST = Decimal("1.5")
# "thousands" may be any number from 1,000 up to a thousand times that.
_VAGUE_SPAN = 1000


class QuantityIndex:
    """The quantities of an article, to look those of a sentence up.

    `found` are those of its body, `more` those of its other words, such as the title; `years` count as named, too.
    """

    def __init__(self, found: Iterable[Quantity], more: Iterable[Quantity] = (), years: Iterable[int] = ()) -> None:
        self._body, self._more, self._named_years = tuple(found), tuple(more), tuple(years)

    @cached_property
    def all(self) -> tuple[Quantity, ...]:
        """All that differ: what a text says a thousand times is compared once."""
        unlike = {(q.kind, q.unit, q.following, q.values): q for q in (*self._body, *self._more)}
        return tuple(unlike.values())

    @cached_property
    def _by_value(self) -> Mapping[Decimal, Sequence[Quantity]]:
        found: dict[Decimal, list[Quantity]] = defaultdict(list)
        for quantity in self.all:
            for value in quantity.values:
                found[value].append(quantity)
        return found

    @cached_property
    def _dates(self) -> frozenset[tuple[int, int, int]]:
        return frozenset(date_parts(value) for q in self.all if q.unit == "date" for value in q.values)

    @cached_property
    def _years(self) -> frozenset[int]:
        plain = (int(q.value) for q in self.all if q.kind == "number" and q.value in range(1000, 2200))
        return frozenset((*plain, *(year for year, _, _ in self._dates), *self._named_years))

    def within(self, pieces: Sequence[tuple[int, int]]) -> "QuantityIndex":
        """Only those of the body that stand in these stretches."""
        return QuantityIndex(q for q in self._body if any(start <= q.start and q.end <= end for start, end in pieces))

    def match(self, claimed: Quantity) -> Match:
        """Whether the text gives this quantity; "unclear" if it gives the number without saying of what, or one near it
        where the claim says that it is rounded (more than 100)."""
        if claimed.unit == "date":
            return "same" if any(self._has_date(*date_parts(value)) for value in claimed.values) else "none"
        if claimed.kind == "vague":
            return "same" if self._has_vague(claimed) else "none"
        if claimed.kind == "label":
            return "same" if any(q.kind == "label" and q.unit == claimed.unit for q in self.all) else "none"
        results = {_compared(claimed, given) for value in claimed.values for given in self._by_value.get(value, ())}
        if "same" in results or self._has_derived(claimed):
            return "same"
        return "unclear" if "unclear" in results or self._has_rounded(claimed) else "none"

    def nearest(self, claimed: Quantity, evidence: Sequence[Evidence] = ()) -> Quantity | None:
        """What the body gives instead, best in the evidence: the same number of something else, or the same unit."""
        if claimed.kind == "label":
            return None
        alike = [q for q in self._body if q.kind != "label" and _is_alike(claimed, q)]
        near = [q for q in alike if any(span.start <= q.start < span.end for span in evidence)]
        same_value = [q for q in alike if q.value == claimed.value]
        return next(iter([*near, *same_value, *alike]), None)

    def has_alike(self, claimed: Quantity, spans: Sequence[Evidence]) -> bool:
        """Whether these stretches of the body give something else in the same unit, or of the same things."""
        inside = (q for q in self._body if any(span.start <= q.start < span.end for span in spans))
        return any(_is_alike(claimed, given) for given in inside if given.kind != "label")

    def _has_date(self, year: int, month: int, day: int) -> bool:
        for given_year, given_month, given_day in self._dates:
            if given_month != month or (day and given_day != day):
                continue
            if not year or given_year == year or (not given_year and year in self._years):
                return True
        return False

    def _has_rounded(self, claimed: Quantity) -> bool:
        """Whether the claimed number is said to be rounded and one that it may stand for has the same unit."""
        return bool(claimed.rounded) and any(is_rounded(claimed, given) for given in self.all)

    def _has_vague(self, claimed: Quantity) -> bool:
        for given in self.all:
            if claimed.unit and not same_unit(claimed.unit, given.unit):
                continue
            if given.kind == "vague" and given.value == claimed.value:
                return True
            is_count = given.kind in ("number", "money", "measure", "vague") and given.value >= claimed.value
            if is_count and given.value > claimed.value and given.value < claimed.value * _VAGUE_SPAN:
                return True
        return False

    def _has_derived(self, claimed: Quantity) -> bool:
        """What dates, labels and shares say by the way: a year, a day of the month, a third as 33 percent."""
        if claimed.kind == "number" and claimed.value in self._years:
            return True
        if claimed.kind == "number" and any(q.kind == "label" and q.value == claimed.value for q in self.all):
            return True
        if claimed.kind == "ordinal":
            return any(day == claimed.value for _, _, day in self._dates)
        return any(_is_share_of(claimed, given) or _is_share_of(given, claimed) for given in self.all)


def is_rounded(claimed: Quantity, given: Quantity) -> bool:
    """Whether the claimed number is said to be rounded and may stand for the given one: more than 100 for 116."""
    if not claimed.rounded or given.kind != claimed.kind or not same_unit(given.unit, claimed.unit):
        return False
    if _figures(claimed) >= _figures(given):  # "more than 852" is not said of 860
        return False
    low = 1 / _FARTHEST if claimed.rounded == "up" else 1 - _ROUNDING
    high = _FARTHEST if claimed.rounded == "down" else 1 + _ROUNDING
    return claimed.value * low <= given.value <= claimed.value * high


def _figures(quantity: Quantity) -> int:
    """How many figures of the number are not the zeros that round it."""
    return len(quantity.value.normalize().as_tuple().digits)


def is_same(claimed: Quantity, given: Quantity) -> bool:
    """Whether the one may be said for the other: the same number of the same, or of what is not said."""
    if claimed.unit == given.unit == "date":
        return any(_agree(date_parts(one), date_parts(other)) for one in claimed.values for other in given.values)
    if is_rounded(claimed, given):
        return True
    if not set(claimed.values) & set(given.values):
        return _is_share_of(claimed, given) or _is_share_of(given, claimed)
    return _compared(claimed, given) != "none"


def _agree(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    """Whether two dates may be one; what one of them leaves out (0) is not compared."""
    return all(mine == its or not mine or not its for mine, its in zip(one, other, strict=True))


def _is_share_of(share: Quantity, percent: Quantity) -> bool:
    return (
        share.kind == "share" and percent.unit == PERCENT and abs(share.value * 100 - percent.value) <= _SHARE_ROUNDING
    )


def _is_alike(claimed: Quantity, given: Quantity) -> bool:
    if given.value == claimed.value and given.unit not in _DATES and claimed.unit not in _DATES:
        return True
    is_same_kind = given.kind == claimed.kind and given.unit == claimed.unit
    return is_same_kind and bool(given.unit or set(given.following[:1]) & set(claimed.following[:1]))


def _compared(claimed: Quantity, given: Quantity) -> Match:
    """Two quantities of one value."""
    if claimed.unit in _DATES or given.unit in _DATES or "label" in (claimed.kind, given.kind):
        return "same" if claimed.unit == given.unit else "none"
    if same_unit(claimed.unit, given.unit):
        return "same"
    both = {claimed.unit, given.unit}
    if claimed.kind == "ordinal" and "anniversary" in claimed.following and given.unit == "year":
        return "same"
    if claimed.is_bare or ("year-old" in both and both <= {"year-old", "year", ""}):
        return "same"
    if "share" in (claimed.kind, given.kind) or "ordinal" in (claimed.kind, given.kind) or given.kind == "vague":
        return "none"
    if claimed.unit and any(same_unit(claimed.unit, word) for word in given.following):
        return "same"
    if given.unit and any(same_unit(given.unit, word) for word in claimed.following):
        return "same"
    return "unclear" if given.is_bare else "none"
