"""Numbers, sums, shares, measures and dates of a text, each with what it counts in.

Two quantities are the same if they have the same value in the same currency, measure or share: "$300m" is
"$300 million", and neither is "300 million people" or "€300 million". What is counted otherwise ("people", "boats")
is kept but not compared, since a faithful sentence may call boats vessels.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from ..schemas.evidence import Sum
from .dates import read_date
from .numerals import (
    Lexeme,
    Number,
    after_hyphen,
    digits_value,
    glued,
    is_hyphen,
    lex,
    read_number,
    table,
    word_set,
)
from .units import codes, currency_after, currency_word, names, singular, unit_after, units

Kind = Literal["number", "money", "percent", "measure", "share", "vague", "ordinal", "date", "label"]

# Single measures that are figures of speech: one day, one point.
_IDIOMS = ("day", "second", "minute", "night", "point")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity: `text` stands at `start:end`.

    `unit` is a code of ISO 4217, the name of a currency that several countries share ("crown"), "percent",
    "percentage point", a measure in the singular, "date", "weekday", "time", "decade of", "th" for an ordinal, the
    name itself for a label ("f16"), or empty. `value` of a date, weekday or time is explained in `dates.Reading`.
    `following` are the next words, up to three, in the singular: the first is what is counted, if anything is.
    `rounded`: words before it say so: "down" ("more than"), "up" ("nearly") or "about"; else empty.
    """

    start: int
    end: int
    text: str
    kind: Kind
    value: Decimal
    unit: str = ""
    following: tuple[str, ...] = ()
    others: tuple[Decimal, ...] = ()
    rounded: Literal["", "about", "down", "up"] = ""

    @property
    def currency(self) -> str | None:
        """The code of ISO 4217; None if it is no sum of money or the text does not say whose."""
        return self.unit if self.kind in ("money", "vague") and self.unit.isupper() else None

    @property
    def is_bare(self) -> bool:
        """Whether the text says nothing about what is counted."""
        return self.kind == "number" and not self.unit and not self.following

    @property
    def values(self) -> tuple[Decimal, ...]:
        """Every value that it may be read as, the likely one first."""
        return (self.value, *self.others)


@lru_cache(maxsize=1024)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity of the text in its order. Offsets are code points into `text`.

    Left out are "one", "first" and "second" as words, which ordinary language uses for no count. Time is linear in
    the length of the text.
    """
    lexemes, index = lex(text), 0
    found: list[Quantity] = []
    while index < len(lexemes):
        read, index = _read(text, lexemes, index) if _may_begin(lexemes, index) else ([], index + 1)
        found += read
    return tuple(_with_shared_units(text, found))


def _read(text: str, lexemes: list[Lexeme], index: int) -> tuple[list[Quantity], int]:
    """The quantities that begin at `index`, and where to go on."""
    dates = read_date(lexemes, index)
    if dates:
        made = [_made(text, lexemes, "date", d.value, d.unit, d.first, d.stop, others=d.others) for d in dates]
        return made, dates[-1].stop
    for reader in (_money, _label, _ordinal, _vague, _share, _counted):
        read = reader(text, lexemes, index)
        if read is not None:
            return ([read[0]] if read[0] is not None else []), read[1]
    return [], index + 1


_Read = tuple[Quantity | None, int]


def _may_begin(lexemes: list[Lexeme], index: int) -> bool:
    """Whether a quantity can begin at `index`: with most words and signs none does."""
    lexeme = lexemes[index]
    is_opener = lexeme.kind == "digits" or lexeme.low in _openers() or lexeme.text in names("currency_signs")
    return is_opener or _joins_digits(lexemes, index)


@cache
def _openers() -> frozenset[str]:
    """Words that a quantity can begin with."""
    names = ("numbers", "vague", "ordinals", "months", "weekdays")
    return frozenset({"a", "an", "half", "minus"}.union(*(table(name) for name in names)))


def _joins_digits(lexemes: list[Lexeme], index: int) -> bool:
    """Whether digits or a currency sign belong to the word at `index`: F-16, US$5, EUR 5, Rs. 300."""
    ahead = lexemes[after_hyphen(lexemes, index + 1)] if glued(lexemes, index + 1) else None
    is_joined = ahead is not None and (ahead.kind == "digits" or ahead.text == "$")
    return is_joined or lexemes[index].text in codes()


def _made(
    text: str, lexemes: list[Lexeme], kind: Kind, value: Decimal, unit: str, first: int, stop: int,
    others: tuple[Decimal, ...] = (),
) -> Quantity:  # fmt: skip
    start, end = lexemes[first].start, lexemes[stop - 1].end
    following = _following(lexemes, stop) if kind not in ("date", "label") else ()
    before = {lexeme.low for lexeme in lexemes[max(0, first - 2) : first]}
    rounded: Literal["", "about", "down", "up"] = "" if before.isdisjoint(word_set("rounding")) else "about"
    if rounded:
        rounded = (
            "up" if before & word_set("rounding_up") else "down" if before & word_set("rounding_down") else "about"
        )
    return Quantity(start, end, text[start:end], kind, value, unit, following, others, rounded)


def _following(lexemes: list[Lexeme], stop: int) -> tuple[str, ...]:
    """Up to three words after a quantity, in the singular, as far as they can be what is counted."""
    found: list[str] = []
    at = after_hyphen(lexemes, stop)
    while at < len(lexemes) and len(found) < 3 and lexemes[at].kind == "word":
        low = lexemes[at].low
        if low in word_set("not_counted"):
            break
        found.append(units().get(low) or singular(low))
        at = after_hyphen(lexemes, at + 1)
    return tuple(found)


# Currencies and measures


def _money(text: str, lexemes: list[Lexeme], index: int) -> _Read | None:
    """A currency before the number: $5, US$5, EUR 5."""
    at, unit = index, ""
    lexeme = lexemes[index]
    if lexeme.text in names("currency_signs"):
        at, unit = index + 1, names("currency_signs")[lexeme.text]
    elif index + 1 < len(lexemes) and lexemes[index + 1].text == "$" and glued(lexemes, index + 1):
        at, unit = index + 2, names("dollars").get(lexeme.low, "USD")
    elif lexeme.text in codes():
        at, unit = index + 1, codes()[lexeme.text]
        if at < len(lexemes) and lexemes[at].text == "." and glued(lexemes, at):
            at += 1
    if not unit or at >= len(lexemes) or lexemes[at].kind != "digits":
        return None
    number = read_number(lexemes, at)
    if number is None:
        return None
    number = _with_letter(lexemes, number)
    stop = number.stop
    # "$5 dollars", "$5 USD", "$5m US": the unit said twice.
    named, after = currency_after(lexemes, stop)
    if named and (named == unit or unit == "USD"):
        unit, stop = named, after
    others = () if number.other is None else (number.other,)
    return _made(text, lexemes, "money", number.value, unit, index, stop, others), stop


def _with_letter(lexemes: list[Lexeme], number: Number) -> Number:
    """The number times a magnitude in one letter, as after a currency: $5m, $5 m."""
    at = number.stop
    if number.scaled or at >= len(lexemes) or lexemes[at].low not in table("letters"):
        return number
    factor = table("letters")[lexemes[at].low]
    return replace(number, value=number.value * factor, stop=at + 1, scaled=True, other=None)


# What else begins with a number


def _label(text: str, lexemes: list[Lexeme], index: int) -> _Read | None:
    """Letters and digits that make one name: F-16, G7, Covid-19, 5G, 9/11."""
    lexeme, stop = lexemes[index], 0
    at = after_hyphen(lexemes, index + 1)
    if lexeme.kind == "word" and at < len(lexemes) and glued(lexemes, index + 1) and lexemes[at].kind == "digits":
        hyphened = at > index + 1
        plain = hyphened and (not lexeme.text[0].isupper() or lexeme.low in word_set("prefixes") | _number_words())
        if plain:
            return None, index + 1
        stop = at + 1
        if glued(lexemes, stop) and lexemes[stop].kind == "word":
            stop += 1
    elif lexeme.kind == "digits" and glued(lexemes, index + 1):
        following = lexemes[index + 1]
        if following.kind == "word" and not _is_suffix(following):
            stop = index + 2
        elif following.text == "/" and glued(lexemes, index + 2) and lexemes[index + 2].kind == "digits":
            stop = index + 3
    elif lexeme.kind == "digits" and digits_value(lexeme.text) is None:
        stop = index + 1
    if not stop:
        return None
    name = "".join(part.low for part in lexemes[index:stop] if part.kind != "sign" or part.text == "/")
    digits = next(part.text for part in lexemes[index:stop] if part.kind == "digits")
    read = digits_value(digits)
    value = read[0] if read else Decimal(0)
    return _made(text, lexemes, "label", value, name.removesuffix("s"), index, stop), stop


@cache
def _number_words() -> frozenset[str]:
    return frozenset(table("numbers")) | frozenset(table("ordinals"))


def _is_suffix(lexeme: Lexeme) -> bool:
    """Whether letters glued to digits say what they count or by how much to multiply."""
    low = lexeme.low
    if low in ("st", "nd", "rd", "th"):
        return True
    if low in table("magnitudes") or (low in ("k", "m") and lexeme.text != "M") or lexeme.text in codes():
        return True
    return (low in units() and lexeme.text != "G") or low in ("p", "pc", "am", "pm") or bool(currency_word(low))


def _ordinal(text: str, lexemes: list[Lexeme], index: int) -> _Read | None:
    lexeme = lexemes[index]
    if lexeme.kind == "digits" and glued(lexemes, index + 1) and lexemes[index + 1].low in ("st", "nd", "rd", "th"):
        read = digits_value(lexeme.text)
        return (_made(text, lexemes, "ordinal", read[0], "th", index, index + 2), index + 2) if read else None
    if lexeme.low in table("numbers") and is_hyphen(lexemes, index + 1):
        ones = {**table("ordinals"), **table("small_ordinals")}.get(lexemes[index + 2].low)
        tens = table("numbers")[lexeme.low]
        if ones is not None and ones < 10 and tens >= 20 and lexemes[index + 2].low not in ("thirds", "fifths"):
            return _made(text, lexemes, "ordinal", tens + ones, "th", index, index + 3), index + 3
    if lexeme.low not in table("ordinals") or _is_divided(lexemes, index):
        return None
    return _made(text, lexemes, "ordinal", table("ordinals")[lexeme.low], "th", index, index + 1), index + 1


def _is_divided(lexemes: list[Lexeme], index: int) -> bool:
    """Whether the ordinal at `index` is what something is divided by: a third of, one-third."""
    before = lexemes[index - 1].low if index else ""
    return before == "one" or (before == "-" and index > 1 and lexemes[index - 2].low in ("one", "a"))


def _vague(text: str, lexemes: list[Lexeme], index: int) -> _Read | None:
    """Dozens, tens of thousands, billions of dollars."""
    if lexemes[index].low not in table("vague"):
        return None
    value, stop = table("vague")[lexemes[index].low], index + 1
    while stop + 1 < len(lexemes) and lexemes[stop].low == "of" and lexemes[stop + 1].low in table("vague"):
        value, stop = value * table("vague")[lexemes[stop + 1].low], stop + 2
    has_of = stop < len(lexemes) and lexemes[stop].low == "of"
    if value in (10, 20) and not has_of:
        return None, index + 1
    unit, after = currency_after(lexemes, stop + 1) if has_of else ("", stop)
    end = after if unit else stop
    return _made(text, lexemes, "vague", value, unit, index, end), end


def _share(text: str, lexemes: list[Lexeme], index: int) -> _Read | None:
    """Two-thirds, a quarter of, half the fleet, half an hour."""
    lexeme = lexemes[index]
    number = read_number(lexemes, index)
    if number is not None and number.scaled:
        return None
    over = Decimal(1)
    at = index
    if lexeme.low != "half":
        if lexeme.low not in ("a", "an") and lexeme.low not in table("numbers"):
            return None
        over = table("numbers").get(lexeme.low, Decimal(1))
        at = after_hyphen(lexemes, index + 1)
    if at >= len(lexemes) or lexemes[at].low not in table("parts") or over == 0:
        return None
    after = [word.low for word in lexemes[at + 1 : at + 3]]
    if lexemes[at].low == "half":
        if after[:1] in (["a"], ["an"]) and after[1:] and after[1] in units():
            return _made(text, lexemes, "measure", Decimal("0.5"), units()[after[1]], index, at + 3), at + 3
        if any(word in table("magnitudes") for word in after):
            return None
        if after[:1] not in (["of"], ["the"], ["its"], ["their"], ["all"]):
            return (None, at + 1) if at == index else None
    elif over == 1 and after[:1] != ["of"] and not is_hyphen(lexemes, index + 1):
        return None
    value = (over / table("parts")[lexemes[at].low]).quantize(Decimal("0.000001"))
    return _made(text, lexemes, "share", value, "", index, at + 1), at + 1


def _counted(text: str, lexemes: list[Lexeme], index: int) -> _Read | None:
    """A number and what it counts."""
    first = index
    negative = lexemes[index].text in "-−" or lexemes[index].low == "minus"
    if negative:
        is_sign = lexemes[index].kind == "word" or (glued(lexemes, index + 1) and not glued(lexemes, index))
        if not is_sign or index + 1 >= len(lexemes) or lexemes[index + 1].kind != "digits":
            return None
        index += 1
    number = read_number(lexemes, index)
    if number is None:
        return None
    others: tuple[Decimal, ...] = () if number.other is None else (number.other,)
    if glued(lexemes, number.stop) and lexemes[number.stop].low in ("k", "m") and not number.scaled:
        # 5m: five million, or five metres.
        others += (number.value,) if lexemes[number.stop].low == "m" else ()
        number = _with_letter(lexemes, number)
    kind, unit, stop = unit_after(lexemes, number.stop)
    if kind == "number" and not number.in_words:
        others += _second_year(lexemes, index)
    value = -number.value if negative else number.value
    if number.in_words and value <= 1 and not number.scaled:
        named = kind in ("money", "percent") or (kind == "measure" and unit not in _IDIOMS and value == 1)
        if not named:
            return None, stop
    return _made(text, lexemes, kind, value, unit, first, stop, others), stop


def _second_year(lexemes: list[Lexeme], index: int) -> tuple[Decimal, ...]:
    """2032 for the 32 in 2031-32."""
    if index < 2 or not is_hyphen(lexemes, index - 1):
        return ()
    before, short = lexemes[index - 2].text, lexemes[index].text
    if len(before) != 4 or len(short) != 2 or not (before + short).isdecimal():
        return ()
    return (Decimal(before[:2] + short),)


_BETWEEN = ("-", "–", "—", "to", "and", "or", "bis", "und")


def _with_shared_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """Ranges: in "5 to 10 percent" and "$5-10 million" both numbers take the unit and may take the magnitude."""
    for place in range(len(found) - 1):
        left, right = found[place], found[place + 1]
        if right.start - left.end == 2 and text[left.end : right.start] in (", ", ". "):
            found[place], found[place + 1] = _rejoined(left, right, text[left.end])
            continue
        if right.start - left.end > 8 or text[left.end : right.start].strip() not in _BETWEEN:
            continue
        if left.kind == "number" and right.kind in ("money", "percent", "measure") and not left.following:
            found[place] = _scaled_like(replace(left, kind=right.kind, unit=right.unit), right)
        elif left.kind == "money" and right.kind == "number" and not left.following and text[right.start - 1] in "-–—":
            found[place] = _scaled_like(left, right)
            found[place + 1] = replace(right, kind="money", unit=left.unit)
        elif left.kind == right.kind and left.unit in ("", right.unit) and not left.following:
            found[place] = _scaled_like(replace(left, following=right.following), right)
    return found


def _rejoined(left: Quantity, right: Quantity, sign: str) -> tuple[Quantity, Quantity]:
    """Numbers that a tokeniser split, "15, 000" and "1. 3 billion", with the whole as another reading of both parts."""
    parts = re.match(r"\D*(\d{1,3})\Z", left.text), re.match(r"(\d{3}|\d{1,2})(?!\d)", right.text)
    is_plain = left.kind in ("number", "money") and right.kind in ("number", "percent", "measure")
    if parts[0] is None or parts[1] is None or not is_plain or (sign == "," and len(parts[1][1]) != 3):
        return left, right
    ones = Decimal(parts[1][1])
    factor = right.value / ones if ones else Decimal(1)
    whole = Decimal(parts[0][1] + (parts[1][1] if sign == "," else f".{parts[1][1]}")) * factor
    both = replace(left, others=(*left.others, whole)), replace(right, others=(*right.others, whole))
    return both[0], replace(both[1], kind=left.kind, unit=left.unit) if left.kind == "money" else both[1]


def _scaled_like(left: Quantity, right: Quantity) -> Quantity:
    """The first number of a range with the magnitude of the second, and as it stands as another reading."""
    for factor in (10**12, 10**9, 10**6, 1000):
        if right.value >= factor and left.value < 1000 and left.value * factor <= right.value:
            return replace(left, value=left.value * factor, others=(*left.others, left.value))
    return left


def read_sum(text: str, language: str = "en") -> Sum:
    """The first sum of money in some words, else the first count or share, as plain data.

    In other languages than English "1.300 Euro" and "1.300 millones" are thirteen hundred. `amount` is None if there is
    no number in them, or one that only hints at a size ("billions of dollars").
    """
    kinds = ("money", "vague", "number", "measure", "percent")
    found = [quantity for quantity in quantities(text) if quantity.kind in kinds]
    first = next((quantity for quantity in found if quantity.kind == "money"), next(iter(found), None))
    if first is None or first.kind == "vague":
        return Sum(text=text, amount=None, currency=first.currency if first else None)
    value = first.value
    if first.others and first.kind in ("money", "number") and language != "en":
        value = first.others[0]
    amount = int(value) if value == value.to_integral_value() else float(value)
    return Sum(text=text, amount=amount, currency=first.currency)
