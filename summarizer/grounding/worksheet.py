"""The worksheet: what code can find in an article by itself, one row for each item that the model is to word.

A small model overlooks and invents; it words and judges well what is put before it. So code lists the people, what
they said, and the sentences that hint at a deal or a doubt, each with its words and its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import get_args

from annotated_types import MaxLen
from pydantic import BaseModel, ValidationError

from ..schemas.marks import MaxWords, Name, Rows, Verbatim, fixed_values, marks_of, walk
from .bodies import Body, find_bodies
from .cast import office_of, resolve
from .context import ArticleContext
from .givers import find_exchanges
from .hints import MONEY, Hints
from .leads import is_first_person, lead_sentences, without_dateline
from .names import Name as Person
from .rows import ANCHOR_CHARS, SHOWN_CHARS, Row, Worksheet, anchor, around, shown_line, unbroken
from .speech_rows import reported, speaker_of, statements
from .wordlists import word_set

SLACK = 4  # words below the limit that are told to the model, which counts badly


def make_worksheet(context: ArticleContext, draft: type[BaseModel], hints: Mapping[str, Hints]) -> Worksheet:
    """The rows for every list of the draft that is marked with Rows, as many as the list may hold."""
    sheet: dict[str, tuple[Row, ...]] = {}
    for section, info in draft.model_fields.items():
        for mark in info.metadata:
            if isinstance(mark, Rows):
                limit = next(bound.max_length for bound in info.metadata if isinstance(bound, MaxLen))
                item: type[BaseModel] = get_args(info.annotation)[0]
                words = [
                    each.words
                    for name in item.model_fields
                    for each in marks_of(item, name)
                    if isinstance(each, MaxWords)
                ]
                rows = _rows(context, mark, limit, hints)
                sheet[section] = tuple(_with_limit(row, min(words)) if words else row for row in rows)
    return sheet


def _with_limit(row: Row, words: int) -> Row:
    """The row with a note of how long its sentence may be, where the line is longer than that."""
    if len(row.shown.split()) <= words:
        return row
    return replace(row, shown=f"{row.shown} [say it in at most {words - SLACK} words]")


def _rows(context: ArticleContext, mark: Rows, limit: int, hints: Mapping[str, Hints]) -> tuple[Row, ...]:
    match mark.source:
        case "people":
            return people(context, limit)
        case "bodies":
            return bodies(context, limit)
        case "statements":
            return statements(context, limit)
        case "reports":
            return reported(context, limit)
        case "leads":
            return leads(context, limit, hints[mark.prefer] if mark.prefer else None)
        case table:
            return hinted(context, hints[table], limit, mark.grouped)


def split_sheet(sheet: Worksheet, draft: type[BaseModel]) -> tuple[list[tuple[str, int, BaseModel]], Worksheet]:
    """The items that code alone can write, as (section, index of the row, item), and the rows left for the model.

    A row is code's where nothing of its item is left to word or to judge: a person whose office stands beside the name.
    """
    known: list[tuple[str, int, BaseModel]] = []
    left: dict[str, tuple[Row, ...]] = {}
    for section, rows in sheet.items():
        kind: type[BaseModel] = get_args(draft.model_fields[section].annotation)[0]
        items = [_whole_item(kind, row) for row in rows]
        known += [(section, index, item) for index, item in enumerate(items) if item is not None]
        left[section] = tuple(row for row, item in zip(rows, items, strict=True) if item is None)
    return known, left


def _whole_item(kind: type[BaseModel], row: Row) -> BaseModel | None:
    values = fixed_values(kind, row.words, row.name, row.settled)
    if set(values) != set(kind.model_fields):
        return None
    try:
        return kind.model_validate(values)
    except ValidationError:  # a name or an office longer than the schema takes: the model may find a shorter one
        return None


def people(context: ArticleContext, limit: int) -> tuple[Row, ...]:
    """Everybody whom the article names as a person, and every unnamed source that it quotes."""
    rows = []
    for person in context.people:
        if _is_body_or_place(person, context):
            continue
        first = person.mentions[0]
        spans = (
            [first, person.title] if person.title and abs(person.title.start - first.start) < ANCHOR_CHARS else [first]
        )
        start, end = min(span.start for span in spans), max(span.end for span in spans)
        words = unbroken(context.text[start:end])
        office = office_of(person)
        settled = {"kind": "person"} | ({"role": office} if 0 < len(office) <= ANCHOR_CHARS else {})
        rows.append((start, Row(words, words, person.name, settled=settled)))
    for quotation in context.quotations:
        name, speaker = speaker_of(quotation), quotation.speaker
        if quotation.is_speech and speaker and name and speaker.text.lower() not in word_set("pronouns"):
            settled = (
                {}
                if quotation.speaker_name
                else {"role": ""} | ({"kind": kind} if (kind := resolve(name, (), ()).kind) else {})
            )
            rows.append((speaker.start, Row(speaker.text, speaker.text, name, settled=settled)))
    known: dict[str | None, Row] = {}
    for _, row in sorted(rows, key=lambda entry: entry[0]):
        known.setdefault(row.name, row)
    return tuple(known.values())[:limit]


def _is_body_or_place(person: Person, context: ArticleContext) -> bool:
    """Whether a name with no office beside it is rather a body's, or stands only where places do."""
    named = {word for body in _bodies(context) for form in (body.name, *body.aliases) for word in form.split()}
    if person.name.split()[-1] in named:
        return True
    before = [context.text[max(0, mention.start - 9) : mention.start].split() for mention in person.mentions]
    return person.title is None and all(words and words[-1].lower() in word_set("at_a_place") for words in before)


def bodies(context: ArticleContext, limit: int) -> tuple[Row, ...]:
    """The governments and organisations that the article names most."""
    rows = []
    for body in _bodies(context)[:limit]:
        carrying = around(context, (body.first,))
        words = anchor(context.text[body.first.start : carrying[0].end]) if carrying else body.name
        # What others say of a body in the first person tells nothing that could stand beside its name.
        tells = carrying and body.acts and not is_first_person(carrying[0].text)
        shown = shown_line(carrying[0].text, 200) if tells else body.name
        settled = {"kind": body.kind} | ({} if tells else {"role": ""})
        rows.append(Row(words, shown, body.name, settled=settled, sentences=carrying))
    return tuple(rows)


def hinted(context: ArticleContext, hints: Hints, limit: int, group: bool = False) -> tuple[Row, ...]:
    """Sentences that hint at a section, the strongest first kept, in the order of the article.

    With `group`, neighbouring sentences that hint are one row, under the words of the strongest; a group that hints
    too weakly to be a matter of its own goes with the strongest one.
    """
    scored = [(index, hints.score(sentence.text)) for index, sentence in enumerate(context.sentences)]
    runs: list[list[tuple[int, int]]] = []
    for index, score in scored:
        if not score:
            continue
        if group and runs and runs[-1][-1][0] == index - 1 and _same_paragraph(context, index):
            runs[-1].append((index, score))
        else:
            runs.append([(index, score)])
    ranked = sorted(runs, key=lambda run: -max(score for _, score in run))
    if group and ranked:
        first = ranked[0]
        for run in ranked[1:]:
            length = sum(len(context.sentences[index].text) for index, _ in [*first, *run])
            if not _strong(run) and length <= SHOWN_CHARS:
                first += run
        ranked = [sorted(first), *filter(_strong, ranked[1:])]
    runs = sorted(ranked[:limit])
    rows = []
    for run in runs:
        best = without_dateline(context.sentences[max(run, key=lambda entry: entry[1])[0]].text)
        carrying = tuple(context.sentences[index] for index, _ in run)
        shown = without_dateline(" ".join(sentence.text for sentence in carrying))
        sums = tuple(dict.fromkeys(MONEY.findall(shown)))
        note = _exchange(shown, context) if group else f" [left open: {hints.phrase(best)}]"
        rows.append(
            Row(
                anchor(best),
                shown_line(shown) + note,
                settled=hints.settled(best),
                starts=hints.started(best),
                sums=sums,
                sentences=carrying,
            )
        )
    return tuple(rows)


def _exchange(words: str, context: ArticleContext) -> str:
    """Who gets what for what, where the words say it in a form that code can read; a small model turns it round."""
    names = dict.fromkeys(form for body in _bodies(context) for form in (body.name, *body.aliases))
    found = next(find_exchanges(words, names), None)
    if found is None:
        return ""
    gives = f"; {found.receiver} gives: {found.price.strip()}" if found.price else ""
    return f" [{found.receiver} gets: {found.thing.strip()}{gives}]"


def leads(context: ArticleContext, limit: int, prefer: Hints | None = None) -> tuple[Row, ...]:
    """Sentences that together say what the article is about, the one with the most hints of `prefer` among them."""
    best = hinted(context, prefer, 1, True) if prefer else ()
    chosen = lead_sentences(context, limit, best[0].sentences[0] if best else None)
    told = [(without_dateline(each.text), each) for each in chosen]
    return tuple(Row(anchor(words), shown_line(words), sentences=(each,)) for words, each in told)


@lru_cache(maxsize=16)
def _bodies(context: ArticleContext) -> tuple[Body, ...]:
    spoken_of = {word for person in context.people for mention in person.mentions for word in mention.text.split()}
    return tuple(find_bodies(context.text, context.sentences, spoken_of))


def row_of(item: BaseModel, rows: Sequence[Row]) -> Row | None:
    """The row that an item answers: its words are copied, and its name is the row's; None if there is none."""
    copied = {value.value for value in walk(item) if isinstance(value.mark, Verbatim)}
    names = {value.value for value in walk(item) if isinstance(value.mark, Name)}
    return next((row for row in rows if row.words in copied and (row.name is None or row.name in names)), None)


def _strong(run: list[tuple[int, int]]) -> bool:
    """Whether a group of sentences after the best one hints strongly enough to be a matter of its own."""
    return max(score for _, score in run) > 2


def _same_paragraph(context: ArticleContext, index: int) -> bool:
    before, here = context.sentences[index - 1 : index + 1]
    return "\n" not in context.text[before.end : here.start]
