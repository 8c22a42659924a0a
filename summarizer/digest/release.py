"""When an embargo is over: the time that a notice gives, read by the article's own day where it leaves something out.

What can be read in two ways is read as the later: an embargo may end late, never early.
"""

import contextlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.resources import files

from ..grounding.days import published_day
from ..grounding.languages import known_languages, language

_TOKEN = re.compile(
    r"(?P<iso>\d{4}-\d{2}-\d{2})(?:T(?=\d))?|(?P<figures>\d{1,2}[./]\d{1,2}[./]\d{4})"
    r"|(?P<clock>\d{1,2}[:.h]\d{2}(?::\d{2})?(?!\d)|\d{1,2}(?= ?(?:[ap]\.?m\b|uhr\b|h\b|heures\b|horas\b|hrs\b)))"
    r"|(?P<hours>\d{4}(?= ?(?:gmt|utc|hrs|hours|z\b|[ecmp][sd]?t\b|bst|ces?t\b)))"
    r"|(?P<half>[ap]\.?m\b\.?)|(?P<offset>(?:utc|gmt)? ?[+-]\d{1,2}(?::?\d{2})?)(?!\d)"
    r"|(?P<year>\d{4})|(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?(?!\d)|(?P<word>[^\W\d_]+)|(?P<sign>[\s,./()’'–—:-])",
    re.IGNORECASE,
)
_NOON = time(12)
_YEARS = range(1800, 2200)
_MOST_AWAY = 15 * 60  # minutes of a zone from UTC
_DAY_ONLY = len("2031-05-14")


@dataclass
class _Told:
    """What a run of words says of a time; what it says first counts."""

    dates: list[date] = field(default_factory=list)
    day: int | None = None
    month: str | None = None
    year: int | None = None
    weekday: int | None = None
    clock: time | None = None
    is_next_midnight: bool = False
    offset: int | None = None


def release_of(words: str, label: str, published: str | None) -> datetime | None:
    """When the embargo is over that a notice in these words, which begin with `label`, sets; None if it cannot be told.

    Without a zone the time is in that of the article's `published`, else in UTC. A day without an hour counts to its
    end. A weekday is the next one after the day of publication; an hour alone is the next such hour after the moment
    of publication, or that of the next day if only the day is known. Of a date without a year the nearest is meant.
    """
    told = _read(_run(words, label))
    moment = _moment(published)
    own = moment.utcoffset() if moment is not None else None
    zone = timezone(timedelta(minutes=told.offset)) if told.offset is not None else timezone(own or timedelta())
    day = _day(told, published_day(published), moment, zone)
    if day is None:
        return None
    if told.clock is None or told.is_next_midnight:
        return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    return datetime.combine(day, told.clock, zone).astimezone(UTC)


def _moment(published: str | None) -> datetime | None:
    """The moment of publication in its own zone, without one in UTC; None where no hour is told."""
    words = (published or "").strip()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
            moment = read(words)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) if len(words) > _DAY_ONLY else None
    return None


def _run(words: str, label: str) -> list[re.Match[str]]:
    """The words from the first that tells a time on, as far as they tell one; those of the label may be among them."""
    found: list[re.Match[str]] = []
    place = 0
    while place < len(words):
        token = _TOKEN.match(words, place)
        known = token is not None and (token.lastgroup not in ("word", "sign") or _is_time_word(token))
        is_colon = token is not None and token.group() == ":" and words[place + 1 : place + 2].isspace()
        if token is not None and (known or token.lastgroup == "sign") and not (is_colon and _has_time(found)):
            found.append(token)
        elif _has_time(found):
            break
        elif place >= len(label):
            return []
        else:
            found = []
        place = token.end() if token is not None else place + 1
    return found


def _has_time(run: list[re.Match[str]]) -> bool:
    return any(each.lastgroup not in ("word", "sign") or _is_day_word(each.group().casefold()) for each in run)


def _is_day_word(low: str) -> bool:
    return low in _weekdays() or low in _times("noon") or low in _times("midnight")


def _is_time_word(token: re.Match[str]) -> bool:
    low = token.group().casefold()
    return _is_day_word(low) or low in _zones() or low in _months() or low in _times("joining")


def _read(run: list[re.Match[str]]) -> _Told:
    told = _Told()
    before = ""
    for token in run:
        if token.lastgroup == "sign":
            continue
        name, is_hour = token.lastgroup or "", before in ("clock", "hours")
        low, before = token[name].casefold(), name
        match name:
            case "iso" | "figures" if not told.dates:
                told.dates += _figures(low)
            case "clock" | "hours" if told.clock is None:
                told.clock = _clock(low)
            case "half" if is_hour:  # German “am” is another word
                told.clock = _half(told.clock, low[0])
            case "offset" if told.offset is None:
                told.offset = _offset(low)
            case "year" if told.year is None:
                told.year = int(low)
            case "day" if told.day is None:
                told.day = int(re.sub(r"\D", "", low))
            case "word":
                _read_word(told, low)
    return told


def _read_word(told: _Told, low: str) -> None:
    if low in _weekdays():
        told.weekday = _weekdays()[low] if told.weekday is None else told.weekday
    elif low in _zones():
        told.offset = _zones()[low] if told.offset is None else told.offset
    elif low in _times("noon"):
        told.clock = told.clock or _NOON
    elif low in _times("midnight") and told.clock is None:
        told.clock, told.is_next_midnight = time(), True
    elif low in _months():
        told.month = told.month or low


def _figures(low: str) -> list[date]:
    """The days that a date in figures can be: "5/6/2031" is two."""
    if "-" in low:
        year, month, day = map(int, low.split("-"))
        return list(_dates((year, month, day)))
    one, other, year = map(int, re.split(r"[./]", low))
    return list(_dates((year, other, one), *([] if "." in low else [(year, one, other)])))


def _dates(*parts: tuple[int, int, int]) -> Iterator[date]:
    for year, month, day in parts:
        with contextlib.suppress(ValueError):  # 31 June
            if year in _YEARS:
                yield date(year, month, day)


def _clock(low: str) -> time | None:
    figures = re.findall(r"\d+", low)
    hour, minute = (int(low[:2]), int(low[2:])) if low.isdigit() and len(low) == 4 else (
        int(figures[0]), int(figures[1]) if len(figures) > 1 else 0
    )  # fmt: skip
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _half(clock: time | None, half: str) -> time | None:
    """The hour with a.m. or p.m. after it."""
    if clock is None or clock.hour > 12:
        return clock
    return clock.replace(hour=clock.hour % 12 + (12 if half == "p" else 0))


def _offset(low: str) -> int | None:
    sign, hours, minutes = re.findall(r"([+-])(\d{1,2}):?(\d{2})?", low)[0]
    away = 60 * int(hours) + int(minutes or 0)
    return (-away if sign == "-" else away) if away < _MOST_AWAY else None


def _day(told: _Told, near: date | None, moment: datetime | None, zone: timezone) -> date | None:
    """The last day that can be meant, the article's own being `near`; None where none can be told."""
    if told.dates:
        return max(told.dates)
    if told.day is not None and told.month is not None:
        years = [told.year] if told.year else [near.year + shift for shift in (-1, 0, 1)] if near else []
        days = [day for year in years if (day := published_day(f"{told.day} {told.month} {year}")) is not None]
        return min(days, key=lambda day: abs(day - near)) if near and days else max(days, default=None)
    if near is None or told.day is not None or told.month is not None or told.year is not None:
        return None
    # On the day of publication only if the hour of both is known, and the one comes after the other.
    is_to_come = moment is not None and told.clock is not None and datetime.combine(near, told.clock, zone) > moment
    if told.weekday is not None:
        ahead = (told.weekday - near.weekday()) % 7
        return near + timedelta(days=ahead if ahead or is_to_come else 7)
    if told.clock is None:
        return None
    return near if is_to_come else near + timedelta(days=1)


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__package__).joinpath("notices.toml").read_text(encoding="utf-8"))


@cache
def _times(name: str) -> frozenset[str]:
    return frozenset(_data()["times"][name])


@cache
def _zones() -> dict[str, int]:
    return {zone: int(str(minutes)) for zone, minutes in _data()["zones"].items()}


@cache
def _weekdays() -> dict[str, int]:
    tables = [language(code).days.weekdays for code in known_languages()]
    return {form: number for table in tables for number, forms in enumerate(table) for form in forms}


@cache
def _months() -> frozenset[str]:
    return frozenset().union(*(language(code).days.months for code in known_languages())) - _times("joining")
