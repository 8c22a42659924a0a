"""Which day a text means by “Tuesday” or “yesterday”: told by the day on which it was published."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from ..schemas.evidence import Evidence
from .languages import Language

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
# Day or month first? "5/6/2031" does not tell.
_AMBIGUOUS = re.compile(r"\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b")
_DOTTED = re.compile(r"\s*(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_NEAR = 7  # words before and after a weekday among which one tells whether it is gone or to come


@lru_cache(maxsize=256)
def published_day(published: str | None) -> date | None:
    """The day in a date of publication: ISO 8601, as in mail and feeds, or written out in any language that dateparser
    knows. None where there is none or it can be read in two ways.
    """
    words = (published or "").strip()[:80]
    try:
        if _ISO.match(words):
            return date.fromisoformat(words[:10])
        dotted = _DOTTED.match(words)
        if dotted:
            return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
    except ValueError:  # "2031-13-40" is no day
        return None
    if not words or _AMBIGUOUS.match(words):
        return None
    import dateparser  # noqa: PLC0415 - takes a third of a second, and few dates are written out

    wanted = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"]}
    found = dateparser.parse(words, settings=wanted)
    return found.date() if found else None


def days_meant(
    text: str, spans: Sequence[Evidence], quoted: Sequence[Evidence], published: date | None, known: Language
) -> Iterator[tuple[Evidence, date]]:
    """The words in these stretches of the text that tell a day by the day of publication, each with the day it means.

    “Today” and “yesterday” count from it. A weekday is the last one up to it where a word near it tells of the past,
    the next one from it on where one tells of what is to come; where neither or both do, it is left out. So is what
    stands inside quotation marks: on which day somebody spoke is not known.
    """
    if published is None:
        return
    shifts = dict(known.days.shifts)
    weekdays = {form: number for number, forms in enumerate(known.days.weekdays) for form in forms}
    for span in spans:
        words = list(_WORD.finditer(text, span.start, span.end))
        for index, word in enumerate(words):
            low = word.group().lower()
            if any(each.start <= word.start() < each.end for each in quoted):
                continue
            near = [other.group().lower() for other in words[max(0, index - _NEAR) : index + 4]]
            before = words[index - 1].group().lower() if index else ""
            if low in shifts:
                yield Evidence.of(text, *word.span()), published + timedelta(days=shifts[low])
            elif low in weekdays and before not in known.days.unclear:
                shift = _shift(weekdays[low], near, published, known)
                if shift is not None:
                    yield Evidence.of(text, *word.span()), published + timedelta(days=shift)


def _shift(weekday: int, near: Sequence[str], published: date, known: Language) -> int | None:
    """Days from the publication to the weekday (0 is Monday) that the words near it mean."""
    is_past, is_future = (not words.isdisjoint(near) for words in (known.days.past, known.days.future))
    if is_past == is_future:
        return None
    ahead = (weekday - published.weekday()) % 7
    return ahead if is_future else ahead - 7 if ahead else 0
