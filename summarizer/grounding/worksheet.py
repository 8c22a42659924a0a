"""The worksheet: what code can find in an article by itself, one row for each item that the model is to word.

A small model overlooks and invents; it words and judges well what is put before it. So code lists the people, what
they said, and the sentences that hint at a deal or a doubt, each with its words and its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import get_args

from annotated_types import MaxLen
from pydantic import BaseModel, ValidationError

from ..schemas.evidence import Evidence
from ..schemas.marks import MaxWords, Name, Rows, Verbatim, fixed_values, marked_with, marks_of
from .bodies import bodies_of
from .cast_rows import bodies, people
from .context import ArticleContext
from .givers import find_exchanges
from .hints import MONEY, Hints
from .languages import Language
from .leads import LONGEST_LEAD, is_first_person, is_title, lead_sentences, most_telling, without_dateline
from .own_words import asked, is_closed, line_within
from .rows import Row, Worksheet, anchor, shown_line, unbroken
from .speech_rows import (
    called_form,
    issued_sentences,
    reported,
    reports_of,
    said_of,
    spoken_sentences,
    statements,
    told_first,
)

TITLE_WORDS, TITLE_CHARS = 8, 80  # of a deal's title that is made of the article's words
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
                title = unbroken(context.title) if limit == 1 else ""
                sheet[section] = tuple(_with_limit(row, min(words), title, context) if words else row for row in rows)
    return sheet


def spare_rows(
    context: ArticleContext, draft: type[BaseModel], hints: Mapping[str, Hints], sheet: Worksheet
) -> Worksheet:
    """What of the same kind the article holds beyond the limits of the lists: quotations, doubts, deals with a sum."""
    spare: dict[str, tuple[Row, ...]] = {}
    for section, info in draft.model_fields.items():
        for mark in info.metadata:
            if isinstance(mark, Rows) and (mark.source == "statements" or mark.source in hints):
                rows = _rows(context, mark, len(context.sentences), hints)
                known = {row.words for row in sheet[section]}
                spare[section] = tuple(row for row in rows if row.words not in known and (row.sums or not mark.grouped))
    return spare


def _with_limit(row: Row, words: int, title: str, context: ArticleContext) -> Row:
    """The row with a note of how long its sentence may be, where the line is longer than that.

    The article's title stands for the one sentence that is asked for, where that is a headline.
    """
    whole = row.shown if len(row.shown.split()) <= words else row.own or row.shown
    is_english = context.reading is None
    of_title = line_within(title, words, is_english=is_english) if title else ""
    row = replace(row, own=of_title or line_within(whole, words, is_english=is_english))
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


def hinted(context: ArticleContext, hints: Hints, limit: int, group: bool = False) -> tuple[Row, ...]:
    """Sentences that hint at a section, the strongest first kept, in the order of the article.

    With `group`, neighbouring sentences that hint are one row, under the words of the strongest.
    """
    scored = [(index, hints.score(sentence.text)) for index, sentence in enumerate(context.sentences)]
    if group and any(score for index, score in scored if not is_title(context.sentences[index].text)):
        scored = [(index, score) for index, score in scored if not is_title(context.sentences[index].text)]
    runs: list[list[tuple[int, int]]] = []
    for index, score in scored:
        if not score:
            continue
        if group and runs and runs[-1][-1][0] == index - 1 and _same_paragraph(context, index):
            runs[-1].append((index, score))
        else:
            runs.append([(index, score)])
    ranked = sorted(runs, key=lambda run: -max(score for _, score in run))
    # What hints too weakly is a matter of its own only where there is no other.
    ranked = [*ranked[:1], *filter(_strong, ranked[1:])] if group else ranked
    runs = sorted(ranked[:limit])
    rows = []
    for run in runs:
        best = without_dateline(context.sentences[max(run, key=lambda entry: entry[1])[0]].text)
        carrying = tuple(context.sentences[index] for index, _ in run)
        shown = without_dateline(" ".join(sentence.text for sentence in carrying))
        sums = tuple(dict.fromkeys(MONEY.findall(shown)))
        phrase = hints.phrase(best)
        starts = hints.started(best)
        note = _exchange(shown, context) if group else f" [left open: {phrase}]"
        settled = hints.settled(best)
        if hints.titled and not context.is_translated:
            # Some line calls it by its name; the nearest one does.
            near = sorted(context.sentences, key=lambda each: abs(each.start - carrying[0].start))
            named = filter(None, map(hints.phrase, (phrase, *(each.text for each in near))))
            settled |= {hints.titled: _titled(next(named, best), context.language)}
        own = "" if group else _own_question(best, phrase, hints, carrying, context)
        rows.append(
            Row(
                anchor(best),
                shown_line(shown) + note,
                settled=settled,
                starts=starts,
                own=own,
                sums=sums,
                sentences=carrying,
            )
        )
    return tuple(rows)


def _own_question(line: str, phrase: str, hints: Hints, carrying: Sequence[Evidence], context: ArticleContext) -> str:
    """What a line leaves open, as a question; in a language in which code can turn none, the line itself."""
    if context.reading is not None:
        return line_within(line, LONGEST_LEAD, is_english=False)
    return asked(phrase, *hints.opening(phrase)) or _details(carrying, hints.started(line), context)


def _titled(phrase: str, known: Language) -> str:
    """The first words of a phrase about a deal, as its title: in the article's language a small model writes none."""
    words = phrase.rstrip(" .").split()[:TITLE_WORDS]
    while len(words) > 1 and (len(" ".join(words)) > TITLE_CHARS or words[-1].lower() in known.small | known.leaning):
        words.pop()
    return " ".join(words)[:TITLE_CHARS]


def _details(carrying: Sequence[Evidence], starts: Mapping[str, str], context: ArticleContext) -> str:
    """“What are the details of what Berg said?” of a line in which Berg speaks "without giving details"; or empty."""
    start = next((words for words in starts.values() if words.endswith("details of")), "")
    spoken = [
        each.speaker_name
        for each in context.quotations
        if each.start < carrying[-1].end and carrying[0].start < each.end
    ]
    told = [each.speaker_name for each in reports_of(context) if each.start == carrying[0].start]
    names = {name for name in (*spoken, *told) if name}
    return f"{start} what {called_form(next(iter(names)), context)} said?" if start and len(names) == 1 else ""


def _exchange(words: str, context: ArticleContext) -> str:
    """Who gets what for what, where the words say it in a form that code can read; a small model turns it round."""
    names = dict.fromkeys(form for body in bodies_of(context) for form in (body.name, *body.aliases))
    found = next(find_exchanges(words, names), None)
    if found is None:
        return ""
    gives = f"; {found.receiver} gives: {found.price.strip()}" if found.price else ""
    return f" [{found.receiver} gets: {found.thing.strip()}{gives}]"


def leads(context: ArticleContext, limit: int, prefer: Hints | None = None) -> tuple[Row, ...]:
    """Sentences that together say what the article is about, the one with the most hints of `prefer` among them."""
    best = [each for row in (hinted(context, prefer, 1, True) if prefer else ()) for each in row.sentences]
    issued = issued_sentences(context)
    fitting = [each for each in best if not is_first_person(each.text) and each not in issued]
    preferred = next((each for each in fitting if is_closed(each.text)), None)
    chosen = lead_sentences(context, limit, preferred, issued)
    # An article of statements says little else: what it is about, somebody says in it.
    spoken = spoken_sentences(context, LONGEST_LEAD) if 1 < limit != len(chosen) else {}
    return tuple(
        Row(
            anchor(without_dateline(each.text).lstrip('“"')),
            shown_line(spoken.get(each) or without_dateline(each.text)),
            own=spoken.get(each) or (said_of if limit == 1 else told_first)(each, context),
            sentences=(each,),
        )
        for each in most_telling(context, spoken, chosen, limit)
    )


def row_of(item: BaseModel, rows: Sequence[Row]) -> Row | None:
    """The row that an item answers: its words are copied, and its name is the row's; None if there is none."""
    copied = {value.value for value in marked_with(item, Verbatim)}
    names = {value.value for value in marked_with(item, Name)}
    return next((row for row in rows if row.words in copied and (row.name is None or row.name in names)), None)


def _strong(run: list[tuple[int, int]]) -> bool:
    """Whether a group of sentences after the best one hints strongly enough to be a matter of its own."""
    return max(score for _, score in run) > 2


def _same_paragraph(context: ArticleContext, index: int) -> bool:
    before, here = context.sentences[index - 1 : index + 1]
    return "\n" not in context.text[before.end : here.start]
