"""What code has found in an article and the brief has nothing about yet: nothing of weight is left out in silence.

A row that the model did not answer, or not so that it holds, is filled in by code where the article's own words will
do; else it is put to the model once more; else the audit says so.
"""

from collections.abc import Iterable, Sequence
from typing import get_args

from pydantic import BaseModel, ValidationError

from ..schemas.brief import Headline
from ..schemas.evidence import Evidence
from ..schemas.marks import Carried, Otherwise, Rows, Spoken, fixed_values, marked_with, marks_of
from .context import ArticleContext
from .own_words import ended_earlier
from .review import Reviewed
from .rows import Row, Worksheet
from .worksheet import row_of

# Lists of who acts: whoever speaks is put on them with what is said.
_CAST = frozenset(("people", "bodies"))
_CHOICE = frozenset(("leads",))
HEADLINE_WORDS, HEADLINE_CHARS = 15, 200

Gap = tuple[str, int, Row]
"""Section, index of the row, row."""


def unanswered(sheet: Worksheet, reviewed: Sequence[Reviewed], draft: type[BaseModel]) -> list[Gap]:
    """The rows that no item of their section that stands answers or cites."""
    standing = [each for each in reviewed if each.grounded is not None]
    gaps = []
    for section, rows in sheet.items():
        if _source(section, draft) in _CAST:
            continue
        own = [each for each in standing if each.section == section]
        cited = {span for each in own if each.grounded for span in each.grounded.evidence}
        for index, row in enumerate(rows):
            if not cited.intersection(row.sentences) and not any(row_of(each.item, (row,)) for each in own):
                gaps.append((section, index, row))
    return gaps


def own_item(section: str, row: Row, draft: type[BaseModel]) -> BaseModel | None:
    """The item that code can make of a row in the article's own words; None where there is something to be judged."""
    kind: type[BaseModel] = get_args(draft.model_fields[section].annotation)[0]
    values = fixed_values(kind, row.words, row.name, row.settled)
    for name in kind.model_fields:
        for mark in marks_of(kind, name):
            if isinstance(mark, Carried) and mark.own and row.own:
                values.setdefault(name, row.own)
            elif isinstance(mark, Otherwise):
                values.setdefault(name, mark.value)
    if set(values) != set(kind.model_fields):
        return None
    try:
        return kind.model_validate(values)
    except ValidationError:  # words longer than the schema takes
        return None


def own_headline(context: ArticleContext) -> Headline:
    """The article's title, else its first sentence, ended earlier where it is too long."""
    first = context.sentences[0]
    line = context.title or first.text
    words = (ended_earlier(line, HEADLINE_WORDS) if context.reading is None else line).rstrip(".").split()
    text = " ".join(words[:HEADLINE_WORDS])[:HEADLINE_CHARS]
    text += "…" if text != " ".join(words) else ""
    return Headline(text=text, evidence=(first,))


def missing(sheet: Worksheet, reviewed: Sequence[Reviewed], draft: type[BaseModel]) -> list[Gap]:
    """The rows that have to be covered and have no item, not even one that failed: of that one the audit speaks.

    The sentences of a summary are a choice, and need not all be there.
    """
    failed = [each for each in reviewed if each.grounded is None]
    return [
        (section, index, row)
        for section, index, row in unanswered(sheet, reviewed, draft)
        if _source(section, draft) not in _CHOICE
        and not any(each.section == section and row_of(each.item, (row,)) for each in failed)
    ]


def unspoken(reviewed: Iterable[Reviewed], shown: Iterable[Evidence]) -> list[Reviewed]:
    """What somebody says in items that stand, and of whose evidence nothing is among what the brief shows."""
    spans = set(shown)
    return [
        each
        for each in reviewed
        if each.grounded and any(marked_with(each.item, Spoken)) and not spans.intersection(each.grounded.evidence)
    ]


def _source(section: str, draft: type[BaseModel]) -> str:
    return next((mark.source for mark in draft.model_fields[section].metadata if isinstance(mark, Rows)), "")
