"""Two figures of one thing: the same, the one rounder, the one but a limit, or two that cannot both be right."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Literal

from ..errors import ConfigurationError
from ..grounding.compare import is_same
from ..grounding.quantities import Quantity
from ..grounding.units import codes, same_unit
from ..schemas.digest import Rate

# A figure without "about" is rounder than another up to this share of it: 500 for 498 or 512, not for 540; from this
# size on, for nobody rounds twelve people. With "about" or "nearly" it may be a tenth away.
_ROUNDED, _FROM, _ABOUT = Decimal("0.05"), 100, Decimal("0.1")
# What exchange rates differ by from one day and desk to another.
_EXCHANGED = Decimal("0.06")
# "Thousands" may be a thousand times that.
_VAGUE = 1000
_A_PERIOD = re.compile(
    r"\b(?:a|an|per|each|every)[ -](?:year|month|week|day|hour|head|person|tonne?|barrel|passenger)\b|\bannual(?:ly)?\b"
    r"|\byearly\b|\bmonthly\b|\bdaily\b|\bweekly\b",
    re.IGNORECASE,
)
_A_SPAN = re.compile(
    r"\b(?:over|for|within|in|across) (?:the (?:next|coming) )?(\w+)[ -](year|month|week|day)s?\b", re.IGNORECASE
)
_SO_FAR = re.compile(r"\b(?:so far|at least|initial|initially|up to now|to date)\b", re.IGNORECASE)

_AT_MOST = re.compile(r"\b(?:up to|no more than|as many as|as much as|not more than) \Z", re.IGNORECASE)
_AT_LEAST = re.compile(r"\bno (?:fewer|less) than \Z", re.IGNORECASE)

Verdict = Literal["same", "rounder", "limit", "contradiction", "other"]


@dataclass(frozen=True)
class Figure:
    """A number of an article: the quantity, what it is counted by in time, and the sentence around it.

    `period` is empty for a plain number; two figures with other periods ("a year", "over three years") are not of one
    thing. `low` and `high` are the same but for a range ("10 to 15").
    """

    quantity: Quantity
    period: str
    low: Decimal
    high: Decimal
    limit: Literal["", "least", "most"] = ""


def figure_in(text: str, quantity: Quantity, others: tuple[Quantity, ...] = ()) -> Figure:
    """The figure that a quantity of the sentence `text` is; `others` are all of its quantities, a range among them."""
    low = high = quantity.value
    for other in others:
        between = text[min(quantity.end, other.end) : max(quantity.start, other.start)].strip()
        is_range = other is not quantity and between in ("-", "–", "to", "and", "or") and other.kind == quantity.kind
        if is_range and same_unit(other.unit, quantity.unit):
            low, high = min(low, other.value), max(high, other.value)
    period = period_of(text[quantity.start : quantity.end + 60])
    return Figure(quantity, period, low, high, _limit(text[: quantity.start], quantity))


def _limit(before: str, quantity: Quantity) -> Literal["", "least", "most"]:
    if _AT_MOST.search(before):
        return "most"
    if quantity.rounded == "down" or _AT_LEAST.search(before):
        return "least"
    return "most" if quantity.rounded == "up" else ""


def period_of(text: str) -> str:
    """The time that a sum is for, as words after it say: "a year", "over 3 years"; empty for none."""
    span = _A_SPAN.search(text)
    if span:
        return f"over {span[1].lower()} {span[2].lower()}"
    period = _A_PERIOD.search(text)
    words = re.split(r"[ -]", period[0].lower()) if period else [""]
    return {
        "annual": "year",
        "annually": "year",
        "yearly": "year",
        "monthly": "month",
        "daily": "day",
        "weekly": "week",
    }.get(words[-1], words[-1])


def compared(one: Figure, other: Figure) -> Verdict:
    """What two figures of one thing in one unit are to each other."""
    mine, its = one.quantity, other.quantity
    if one.period != other.period:
        return "other"
    if "vague" in (mine.kind, its.kind):
        return _vague(mine, its)
    if set(mine.values) & set(its.values) or (one.low <= other.high and other.low <= one.high):
        return "same"
    if is_same(mine, its) or is_same(its, mine) or _is_rounder(mine, its) or _is_rounder(its, mine):
        return "rounder"
    return "limit" if _keeps_limit(one, other) or _keeps_limit(other, one) else "contradiction"


def _vague(one: Quantity, other: Quantity) -> Verdict:
    """ "Dozens" beside 40, "millions of crowns" beside three million."""
    vague, exact = (one, other) if one.kind == "vague" else (other, one)
    if exact.kind == "vague":
        return "same" if exact.value == vague.value else "rounder"
    fits = vague.value <= exact.value < vague.value * _VAGUE
    return "rounder" if fits else "contradiction"


def _is_rounder(round_: Quantity, exact: Quantity) -> bool:
    """Whether the first may be said for the second: "about 500" or "500 million" for 498."""
    if _figures(round_.value) > _figures(exact.value):
        return False
    if exact.value != exact.value.to_integral_value() and round_.value == exact.value.to_integral_value():
        return True  # 8 percent for 7.6
    apart = abs(round_.value - exact.value) / max(abs(exact.value), Decimal(1))
    if round_.rounded:
        return apart <= _ABOUT
    return _figures(round_.value) < _figures(exact.value) and abs(exact.value) >= _FROM and apart <= _ROUNDED


def _keeps_limit(limit: Figure, exact: Figure) -> bool:
    """Whether the first gives but a limit, and the second keeps it: "at least 14" and 19, "up to 20" and 15."""
    if limit.limit == "least":
        return exact.quantity.value >= limit.quantity.value
    return limit.limit == "most" and exact.quantity.value <= limit.quantity.value


def _figures(value: Decimal) -> int:
    """How many figures of a number are not the zeros that round it."""
    return len(value.normalize().as_tuple().digits)


def is_provisional(text: str) -> bool:
    """Whether a sentence says that its number is not the last: "so far", "at least"."""
    return _SO_FAR.search(text) is not None


def told(quantity: Quantity) -> str:
    """A figure as read, for a program: the number and its unit."""
    value = quantity.value.normalize()
    number = f"{value:f}" if abs(value) < 10**15 else str(value)
    return f"{number} {quantity.unit}".strip()


@dataclass(frozen=True)
class Rates:
    """What one unit of a currency is worth in `base`, each by its code of ISO 4217."""

    base: str
    worth: Mapping[str, Decimal]

    def of(self, currency: str | None) -> Rate | None:
        """The rate of a currency; None if none is set."""
        if currency is None or currency not in self.worth:
            return None
        return Rate(currency=currency, base=self.base, rate=float(self.worth[currency]))

    def are_alike(self, one: Quantity, other: Quantity) -> bool:
        """Whether two sums whose rates are set are worth the same, as far as rates of two desks differ and sums are
        rounded."""
        mine, its = (each.value * self.worth[each.currency or ""] for each in (one, other))
        return abs(mine - its) <= _EXCHANGED * max(abs(mine), abs(its))


def rates_of(given: Mapping[str, float] | None) -> Rates:
    """The rates that settings give: {"EUR": 1.1, "SEK": 0.1} is what one unit is worth in one base, here dollars.

    The base is the currency whose rate is 1. Raises ConfigurationError for what is no rate.
    """
    worth: dict[str, Decimal] = {}
    for currency, rate in (given or {}).items():
        is_number = isinstance(rate, (int, float)) and not isinstance(rate, bool) and isfinite(rate) and rate > 0
        if currency not in codes() or not is_number:
            raise ConfigurationError(
                f"the rate of '{currency}' is {rate!r}", "give what one unit is worth by codes such as EUR, above 0"
            )
        worth[currency] = Decimal(str(rate))
    bases = [currency for currency, rate in worth.items() if rate == 1]
    if worth and not bases:
        raise ConfigurationError(
            "no currency has the rate 1", "give the one that the others are counted in, such as USD = 1"
        )
    return Rates(bases[0] if bases else "", worth)
