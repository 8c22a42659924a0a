"""Reading dates, weekdays, decades and times of day. A date may lack its year or its day."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .numerals import Lexeme, glued, is_hyphen, table, word_set

_YEARS = range(1000, 2200)
_NOON = 720  # minutes
_DATE_SIGNS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_CLOCK = re.compile(r"(\d{1,2})(?:\.([0-5]\d))?")
# May and March begin sentences as other words do; so they are months only beside a number or one of `before_month`.
_AMBIGUOUS = ("may", "march", "mar", "mai")
_FULL = ("may", "june", "july", "juni", "juli", "mai")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from lexemes `first` to `stop` (exclusive).

    `value` is for a date year * 10000 + month * 100 + day, with 0 for what is not said; for a weekday 1 (Monday) to
    7; for a time of day minutes since midnight; for a decade its first year. `others` are further readings.
    """

    unit: str
    value: Decimal
    first: int
    stop: int
    others: tuple[Decimal, ...] = ()


def date_parts(value: Decimal) -> tuple[int, int, int]:
    """Year, month and day of a date's value, 0 for what is not said."""
    number = int(value)
    return number // 10000, number // 100 % 100, number % 100


def read_date(lexemes: list[Lexeme], index: int) -> list[Reading]:
    """The date, weekday, decade or time that begins at `index`; two for a range of days; none if none does."""
    lexeme = lexemes[index]
    if lexeme.kind == "digits":
        found = _numeric(lexemes, index) or _time(lexemes, index) or _decade(lexemes, index)
        return [found] if found else _day_first(lexemes, index)
    if lexeme.kind == "word" and lexeme.text[0].isupper():
        if lexeme.low in table("weekdays"):
            return [Reading("weekday", table("weekdays")[lexeme.low], index, index + 1)]
        if lexeme.low in table("months"):
            return _month_first(lexemes, index)
    return []


def _coded(year: int, month: int, day: int) -> Decimal:
    return Decimal(year * 10000 + month * 100 + day)


def _number_at(lexemes: list[Lexeme], index: int) -> int | None:
    """The plain whole number at `index`; None for anything else."""
    if index >= len(lexemes) or lexemes[index].kind != "digits" or len(lexemes[index].text) > 4:
        return None
    return int(lexemes[index].text) if lexemes[index].text.isdecimal() else None


def _year_at(lexemes: list[Lexeme], index: int) -> tuple[int, int]:
    """The year that stands at `index`, a comma before it or not, and where it ends; 0 and `index` if none does."""
    at = index + 1 if index < len(lexemes) and lexemes[index].text == "," else index
    year = _number_at(lexemes, at)
    if year is None or year not in _YEARS or (glued(lexemes, at + 1) and _is_word(lexemes, at + 1)):
        return 0, index
    return year, at + 1


def _is_word(lexemes: list[Lexeme], index: int) -> bool:
    return index < len(lexemes) and lexemes[index].kind == "word"


def _day_at(lexemes: list[Lexeme], index: int) -> tuple[int, int]:
    """The day of a month at `index` (5, 5th) and where it ends; 0 and `index` if none stands there."""
    day = _number_at(lexemes, index)
    if day is None or not 1 <= day <= 31 or len(lexemes[index].text) > 2:
        return 0, index
    stop = index + 1
    if _is_word(lexemes, stop) and glued(lexemes, stop):
        return (day, stop + 1) if lexemes[stop].low in ("st", "nd", "rd", "th") else (0, index)
    if stop < len(lexemes) and (lexemes[stop].low in table("magnitudes") or lexemes[stop].text == "%"):
        return 0, index
    return day, stop


def _month_stop(lexemes: list[Lexeme], index: int) -> tuple[int, bool]:
    """Where the month at `index` ends, and whether its form is short (Oct.)."""
    short = len(lexemes[index].text) <= 4 and lexemes[index].low not in _FULL
    dot = index + 1 < len(lexemes) and lexemes[index + 1].text == "." and glued(lexemes, index + 1)
    return (index + 2 if short and dot else index + 1), short and not dot


def _month_first(lexemes: list[Lexeme], index: int) -> list[Reading]:
    month = int(table("months")[lexemes[index].low])
    stop, lacks_dot = _month_stop(lexemes, index)
    day, after = _day_at(lexemes, stop)
    if day:
        found = [(index, day, after)]
        while is_hyphen(lexemes, after) and (second := _day_at(lexemes, after + 1))[0]:
            found.append((after + 1, second[0], second[1]))
            after = second[1]
        year, end = _year_at(lexemes, after)
        last = len(found) - 1
        return [
            Reading("date", _coded(year, month, day), first, end if place == last else after)
            for place, (first, day, after) in enumerate(found)
        ]
    year, end = _year_at(lexemes, stop)
    low = lexemes[index].low
    before = lexemes[index - 1].low if index else ""
    if not year and (lacks_dot or low in _AMBIGUOUS) and before not in word_set("before_month"):
        return []
    return [Reading("date", _coded(year, month, 0), index, end if year else stop)]


def _day_first(lexemes: list[Lexeme], index: int) -> list[Reading]:
    """12 October 2031, 12th of October; of the range 5-7 February the first day here and the second at its place."""
    day, stop = _day_at(lexemes, index)
    if not day:
        return []
    at = stop
    for _ in range(2):
        if at < len(lexemes) and lexemes[at].text in ("-", "–", "to", "and", ",", "bis", "und"):
            later, after = _day_at(lexemes, at + 1)
            if later > day:
                at = after
    while at < len(lexemes) and lexemes[at].low in ("of", ".", "day"):
        at += 1
    if not _is_word(lexemes, at) or lexemes[at].low not in table("months") or not lexemes[at].text[0].isupper():
        return []
    month = int(table("months")[lexemes[at].low])
    year, end = _year_at(lexemes, _month_stop(lexemes, at)[0])
    is_range = at > stop and lexemes[stop].low not in ("of", ".", "day")
    return [Reading("date", _coded(year, month, day), index, stop if is_range else end)]


def _numeric(lexemes: list[Lexeme], index: int) -> Reading | None:
    """2031-10-12, 12.10.2031, 12/10/2031 (both ways if both are dates)."""
    dotted = _DATE_SIGNS.fullmatch(lexemes[index].text)
    if dotted:
        day, month, year = (int(part) for part in dotted.groups())
        return Reading("date", _coded(year, month, day), index, index + 1) if _is_date(year, month, day) else None
    numbers = [_number_at(lexemes, index + offset) for offset in (0, 2, 4)]
    if None in numbers or not all(glued(lexemes, index + offset) for offset in (1, 2, 3, 4)):
        return None
    first, second, third = (number or 0 for number in numbers)
    signs = {lexemes[index + 1].text, lexemes[index + 3].text}
    if signs == {"-"} and _is_date(first, second, third):
        return Reading("date", _coded(first, second, third), index, index + 5)
    if signs != {"/"}:
        return None
    year = third if third > 99 else 2000 + third
    ways = [_coded(year, m, d) for m, d in ((first, second), (second, first)) if _is_date(year, m, d)]
    return Reading("date", ways[0], index, index + 5, tuple(ways[1:])) if ways else None


def _is_date(year: int, month: int, day: int) -> bool:
    return year in _YEARS and 1 <= month <= 12 and 1 <= day <= 31


def _time(lexemes: list[Lexeme], index: int) -> Reading | None:
    """17:00, 5:30 p.m., 5.30pm, 5 pm. Without a.m. or p.m. an hour up to twelve may be either."""
    clock = _CLOCK.fullmatch(lexemes[index].text)
    if not clock or int(clock[1]) > 24:
        return None
    hour, minute, stop = int(clock[1]), int(clock[2] or 0), index + 1
    has_colon = False
    for _ in range(2):
        part = _number_at(lexemes, stop + 1)
        if stop >= len(lexemes) or lexemes[stop].text != ":" or not (glued(lexemes, stop) and glued(lexemes, stop + 1)):
            break
        if part is None or len(lexemes[stop + 1].text) != 2 or part > 59:
            break
        minute, has_colon, stop = minute if has_colon else part, True, stop + 2
    half, end = _half_of_day(lexemes, stop)
    if half and 1 <= hour <= 12:
        return Reading("time", Decimal((hour % 12) * 60 + minute + (_NOON if half == "p" else 0)), index, end)
    if not has_colon:
        return None
    others = ((hour % 12) * 60 + minute + _NOON,) if hour <= 12 and not half else ()
    return Reading("time", Decimal(hour * 60 + minute), index, stop, tuple(map(Decimal, others)))


def _half_of_day(lexemes: list[Lexeme], index: int) -> tuple[str, int]:
    """ "a" or "p" if a.m. or p.m. stands at `index`, and where it ends."""
    words = [lexeme.low for lexeme in lexemes[index : index + 4]]
    if words[:1] in (["am"], ["pm"]):
        return words[0][0], index + 1
    if words[:3] in (["a", ".", "m"], ["p", ".", "m"]):
        return words[0], index + (4 if words[3:] == ["."] else 3)
    return "", index


def _decade(lexemes: list[Lexeme], index: int) -> Reading | None:
    """1990s, '90s, the 90s."""
    number = _number_at(lexemes, index)
    if number is None or number % 10 or not glued(lexemes, index + 1) or lexemes[index + 1].text != "s":
        return None
    if number in _YEARS:
        return Reading("decade of", Decimal(number), index, index + 2)
    if 10 <= number <= 90 and len(lexemes[index].text) == 2:
        return Reading("decade of", Decimal(1900 + number), index, index + 2, (Decimal(2000 + number),))
    return None
