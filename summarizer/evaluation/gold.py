"""What a brief of an article should hold, as a person has labelled it: one JSON object a line."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ..errors import InputError
from ..schemas.article import Article

Span = tuple[int, int]
"""Start and end in the article's text, in code points, the end exclusive."""
MEND = "mend the label: its form is in docs/evaluation.md"


def _expression(pattern: str) -> str:
    try:
        re.compile(pattern, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"it is no regular expression ({error})") from error
    return pattern


class _Row(BaseModel):
    """A label. Fields that are not known are passed over: whoever labels may note more."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class GoldActor(_Row):
    """Somebody who acts or speaks. `role_keywords`: one of them stands in a role that is right; `salient`: not to be
    left out."""

    name: str
    aliases: tuple[str, ...] = ()
    kind: str = ""
    role_keywords: tuple[str, ...] = ()
    salient: bool = True


class GoldQuote(_Row):
    """A stretch in quotation marks, marks left out; `speech` is False for a title or a nickname."""

    text: str
    start: int
    end: int
    speaker: str | None = None
    speech: bool = True


class GoldPoint(_Row):
    """A position, a question or a point of the summary: half of the keywords stand in words that say it."""

    gist: str
    keywords: tuple[str, ...]
    evidence: tuple[Span, ...]


class GoldPosition(GoldPoint):
    """What somebody says or where somebody stands."""

    actor: str


class GoldTerm(_Row):
    """What a party gives; None where the article leaves open who does."""

    party: str | None
    gives: str
    keywords: tuple[str, ...]


class GoldDeal(_Row):
    """An agreement. One that is not `core` may be shown and may be left out; `*_ok` are other right answers."""

    title: str
    parties: tuple[str, ...]
    terms: tuple[GoldTerm, ...] = ()
    value: str | None = None
    value_ok: tuple[str, ...] = ()
    status: str
    status_ok: tuple[str, ...] = ()
    evidence: tuple[Span, ...]
    core: bool = True


class GoldTrap(_Row):
    """A regular expression (any case) for words that no true brief of this article holds, and why."""

    pattern: Annotated[str, AfterValidator(_expression)]
    why: str = ""


class Gold(_Row):
    """One labelled article."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    title: str | None = None
    date: str | None = None
    publisher: Annotated[str | None, BeforeValidator(lambda value: value or None)] = None
    text: str
    actors: tuple[GoldActor, ...]
    quotes: tuple[GoldQuote, ...]
    positions: tuple[GoldPosition, ...]
    deals: tuple[GoldDeal, ...]
    open_questions: tuple[GoldPoint, ...]
    summary_points: tuple[GoldPoint, ...]
    must_not: tuple[GoldTrap, ...] = ()
    boilerplate: tuple[Span, ...] = ()

    @property
    def article(self) -> Article:
        """The article as a newsroom would give it."""
        return Article(text=self.text, title=self.title, published=self.date, source=self.publisher)

    @property
    def file_name(self) -> str:
        """The name of the file of its brief: the id with _ for what a path may not hold."""
        plain = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]', "_", self.id)
        return f"{re.sub(r'^[.]', '_', plain)}.json"


def read_gold(path: Path) -> tuple[Gold, ...]:
    """The labelled articles of a file, one JSON object a line.

    Raises InputError, with file, line and field, for a file that cannot be read and for a row that is no such label.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # not splitlines(): U+2028 may stand in JSON
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise InputError(f"'{path}' cannot be read: {reason}", "give a file of labelled articles (--gold)") from error
    rows: dict[str, Gold] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = f"'{path}', line {number}"
        row = _row(line, place)
        if row.file_name in rows:
            raise InputError(f"{place}, field id: '{row.id}' is that of an earlier row", "give each article its own")
        rows[row.file_name] = row
    if not rows:
        raise InputError(f"'{path}' holds no labelled article", "give one as a JSON object on each line")
    return tuple(rows.values())


def _row(line: str, place: str) -> Gold:
    try:
        row = Gold.model_validate(json.loads(line))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "of the whole row"
        says = first["msg"].removeprefix("Value error, ")
        raise InputError(f"{place}, field {field}: {says[:1].lower()}{says[1:]}", MEND) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: it is no JSON: {error}", "write one JSON object on one line") from error
    for field, span in _spans(row):
        if not 0 <= span[0] < span[1] <= len(row.text):
            what = f"{span[0]} to {span[1]} is no stretch of the text, which has {len(row.text)} characters"
            raise InputError(f"{place}, field {field}: {what}", "count code points from 0, the end exclusive")
    for index, quote in enumerate(row.quotes):
        if row.text[quote.start : quote.end] != quote.text:
            what = f"the text has “{row.text[quote.start : quote.end]}” from {quote.start} to {quote.end}"
            raise InputError(f"{place}, field quotes.{index}: {what}", "count code points from 0, the end exclusive")
    return row


def _spans(row: Gold) -> Iterator[tuple[str, Span]]:
    """Every stretch that a label points at, with its field."""
    yield from ((f"boilerplate.{index}", span) for index, span in enumerate(row.boilerplate))
    yield from ((f"quotes.{index}", (quote.start, quote.end)) for index, quote in enumerate(row.quotes))
    pointed: dict[str, Sequence[GoldPoint | GoldDeal]] = {
        "positions": row.positions,
        "deals": row.deals,
        "open_questions": row.open_questions,
        "summary_points": row.summary_points,
    }
    for field, items in pointed.items():
        for index, item in enumerate(items):
            yield from ((f"{field}.{index}.evidence", span) for span in item.evidence)
