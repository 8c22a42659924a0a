"""Days that sentences tell, and what they put on them: dates, and words such as “Tuesday” as the brief has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ..grounding.cues import cues
from ..grounding.dates import date_parts
from ..grounding.wording import Term, stem_of
from .counts import class_of
from .lines import Line, tells
from .reports import Report

# Words before a day among which the verb stands that it belongs to: "signed the accord in Esk on Tuesday".
_REACH = 9
# Who writes so knows that the day was another one before.
_MOVED = frozenset(
    stem_of(word)
    for word in (
        "postpone",
        "delay",
        "move",
        "reschedule",
        "originally",
        "bring",
        "forward",
        "put",
        "instead",
        "earlier",
        "push",
    )
)
# A date without a year is in the one that is nearest to the publication.
_HALF_A_YEAR = timedelta(days=183)
# Words that stand between an event and its day and are no event.
_NO_EVENT = frozenset(
    ("due", "set", "will", "expected", "scheduled", "planned", "late", "early", "begin", "hold", "take")
)


@dataclass(frozen=True)
class Dated:
    """A day in a line: its words at `start:end` there, and the words (stems) of the `event` that it belongs to."""

    report: Report
    line: Line
    start: int
    end: int
    day: str
    event: frozenset[str]
    verb: str

    @property
    def is_moved(self) -> bool:
        """Whether the sentence says that the day was changed."""
        return any(term.stem in _MOVED for term in self.line.terms)


def dated_in(report: Report) -> Iterator[Dated]:
    """Every day that the report's lines tell of something; a day on which somebody only spoke is none."""
    for line in report.lines:
        for start, end, day in days_of(line, report):
            found = _event(line, start)
            if found is not None:
                yield Dated(report, line, start, end, day, found[0], found[1])


def days_of(line: Line, report: Report) -> Iterator[tuple[int, int, str]]:
    """Where a line tells a day, and the day in ISO 8601."""
    for quantity in line.figures:
        if quantity.unit == "date" and len(quantity.values) == 1:
            day = _resolved(date_parts(quantity.value), report.day)
            if day is not None:
                yield quantity.start, quantity.end, day
    for (start, end), day in sorted(report.meant.items()):
        if line.span.start <= start and end <= line.span.end:
            yield start - line.span.start, end - line.span.start, day


def _resolved(parts: tuple[int, int, int], published: str | None) -> str | None:
    """A day with month; its year, where it is not said, is that which brings it nearest to the publication."""
    year, month, day = parts
    if not month or not day:
        return None
    try:
        if year:
            return date(year, month, day).isoformat()
        if published is None:
            return None
        near = date.fromisoformat(published)
        ways = [date(near.year + shift, month, day) for shift in (-1, 0, 1)]
    except ValueError:  # no such day, as 29 February in some years
        return None
    best = min(ways, key=lambda way: abs(way - near))
    return best.isoformat() if abs(best - near) <= _HALF_A_YEAR else None


def _event(line: Line, at: int) -> tuple[frozenset[str], str] | None:
    """What the day at `at` belongs to: the words of its clause before it, the last that can be a verb, or those after.

    None if somebody only speaks on it.
    """
    terms = line.terms
    place = next((index for index, term in enumerate(terms) if term.end > at), len(terms))
    clause = terms[place].clause if place < len(terms) else (terms[-1].clause if terms else 0)
    before = [term for term in terms[max(0, place - _REACH) : place] if term.clause == clause]
    after = [term for term in terms[place + 1 :] if term.clause == clause]
    nearest = next((t for t in reversed(before) if t.low in cues().finite or tells(t)), None)
    if nearest is not None and nearest.low in cues().finite:
        return None
    around = [term for term in (*before, *after) if _is_event(term)]
    # "On 14 May, the council will vote": the clause goes on after the comma.
    if not around:
        around = [term for term in terms[place:] if term.clause == clause + 1 and _is_event(term)]
    if not around:
        return None
    return frozenset(class_of(term.low) for term in around), class_of(around[-1].low if before else around[0].low)


def _is_event(term: Term) -> bool:
    return tells(term) and term.low not in _NO_EVENT
