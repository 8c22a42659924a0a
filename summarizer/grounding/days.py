"""Which day a text means by “Tuesday” or “yesterday”: told by the day on which it was published."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from ..schemas.evidence import Evidence
from .languages import Language

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
# A month in letters and a year of four digits: what is in figures alone can be read in two ways.
_WRITTEN = re.compile(r"(?=.*[^\W\d_]{3})(?=.*(?<!\d)\d{4}(?!\d))(?!.*\d[/.-]\d{1,2}[/.-])", re.DOTALL)
_YEARS = range(1800, 2200)
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|\d+")
_NEAR = 7  # words before a weekday among which one tells whether it is gone or to come
_AFTER = 3
_SIGN = re.compile("[,;:–—]")  # parts clauses


@lru_cache(maxsize=256)
def published_day(published: str | None) -> date | None:
    """The day in a date of publication: ISO 8601, as in mail and feeds, or written out in any language that dateparser
    knows. None where there is none, it can be read in two ways, or it counts from today ("3 hours ago").
    """
    words = (published or "").strip()[:80]
    try:
        iso, dotted = _ISO.match(words), _DOTTED.match(words)
        if iso:
            found = date.fromisoformat(iso[0])
        elif dotted:
            found = date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
        elif _WRITTEN.match(words):
            import dateparser  # noqa: PLC0415 - takes a third of a second, and few dates are written out

            wanted = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
            read = dateparser.parse(words, settings=wanted)
            if read is None:
                return None
            found = read.date()
        else:
            return None
    except ValueError:  # "2031-13-40" is no day
        return None
    return found if found.year in _YEARS else None


def days_meant(
    text: str, spans: Sequence[Evidence], quoted: Sequence[Evidence], published: date | None, known: Language
) -> Iterator[tuple[Evidence, date]]:
    """The words in these stretches of the text that tell a day by the day of publication, each with the day it means.

    “Today” and “yesterday” count from it. A weekday is the last one up to it where a word near it tells of the past,
    the next one from it on where one tells of what is to come; where neither or both do, it is left out. So is one in
    a sentence with a date, or with a word such as “ago” or “every”, one that is part of a name (“Black Friday”), and
    what stands inside quotation marks: on which day somebody spoke is not known.
    """
    if published is None:
        return
    shifts = dict(known.days.shifts)
    weekdays = {form: number for number, forms in enumerate(known.days.weekdays) for form in forms}
    for span in spans:
        words = list(_WORD.finditer(text, span.start, span.end))
        if _counts_otherwise(words, known):
            continue
        for index, word in enumerate(words):
            low = word.group().lower()
            is_day = low in shifts or low in weekdays
            if not is_day or any(each.start <= word.start() < each.end for each in quoted):
                continue
            if low in shifts and _is_alone(words, index, known):
                yield Evidence.of(text, *word.span()), published + timedelta(days=shifts[low])
            elif low in weekdays and not _is_named(words, index, known):
                shift = _shift(weekdays[low], _clause(text, words, index), published, known)
                if shift is not None:
                    yield Evidence.of(text, *word.span()), published + timedelta(days=shift)


def _counts_otherwise(words: Sequence[re.Match[str]], known: Language) -> bool:
    """Whether a sentence has a date, or a word that makes its weekdays count from another day."""
    lows = [word.group().lower() for word in words]
    has_year = any(low.isdigit() and len(low) == 4 and int(low) in _YEARS for low in lows)
    return has_year or _has_date(words, known) or not known.days.marking.isdisjoint(lows)


def _has_date(words: Sequence[re.Match[str]], known: Language) -> bool:
    """Whether a day's number stands right beside a month: “3 March”, “May 12”, “5 травня”."""
    for pair in pairwise(each.group().lower() for each in words):
        number, name = pair if pair[0].isdigit() else reversed(pair)
        if number.isdigit() and 1 <= int(number[:3]) <= 31 and name in known.days.months:
            return True
    return False


def _is_alone(words: Sequence[re.Match[str]], index: int, known: Language) -> bool:
    """Whether “today” is no part of a name (“USA Today”), and “morgen” no time of the day (“am Morgen”)."""
    word = words[index].group()
    before = words[index - 1].group().lower() if index else ""
    is_hour = word.lower() == "morgen" and (word[0].isupper() or before in known.days.words)
    return not is_hour and (index == 0 or word[0].islower())


def _is_named(words: Sequence[re.Match[str]], index: int, known: Language) -> bool:
    """Whether a weekday is part of a name, “Black Friday”, “Sunday Times”, or may be another week's: “next Friday”."""
    before = words[index - 1].group() if index else ""
    after = words[index + 1].group() if index + 1 < len(words) else ""
    is_name = (index > 1 and before[:1].isupper()) or (index == 1 and before[:1].isupper() and len(before) > 3)
    is_name = is_name or after[:1].isupper()
    return before.lower() in known.days.unclear or (is_name and words[index].group()[0].isupper())


def _clause(text: str, words: Sequence[re.Match[str]], index: int) -> list[str]:
    """The words near a weekday, as far as its clause goes."""
    near: list[str] = []
    before, after = (
        range(index - 1, max(-1, index - 1 - _NEAR), -1),
        range(index + 1, min(len(words), index + 1 + _AFTER)),
    )
    for places in (before, after):
        for place in places:
            low, last = words[place].group().lower(), place - places.step
            between = text[words[min(place, last)].end() : words[max(place, last)].start()]
            if low in _THAT or _SIGN.search(between):
                break
            near.append(low)
    return near


_THAT = frozenset(("that", "dass", "que", "що", "что"))  # begins a clause of its own


def _shift(weekday: int, near: Sequence[str], published: date, known: Language) -> int | None:
    """Days from the publication to the weekday (0 is Monday) that the words near it mean."""
    is_past = not known.days.past.isdisjoint(near) or not known.speech.isdisjoint(near)
    is_future = not known.days.future.isdisjoint(near)
    if is_past == is_future:
        return None
    ahead = (weekday - published.weekday()) % 7
    return ahead if is_future else ahead - 7 if ahead else 0
