"""The worksheet: what code can find in an article by itself, one row for each item that the model is to word.

A small model overlooks and invents; it words and judges well what is put before it. So code lists the people, what
they said, and the sentences that hint at a deal or a doubt, each with its words and its place.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import get_args

from annotated_types import MaxLen
from pydantic import BaseModel, ValidationError

from ..schemas.evidence import Evidence, Quotation
from ..schemas.marks import MaxWords, Name, Rows, Verbatim, fixed_values, marks_of, walk
from .bodies import Body, find_bodies
from .cast import office_of
from .facts import ArticleContext
from .givers import find_exchanges
from .hints import MONEY, Hints
from .leads import is_first_person, lead_sentences, without_dateline
from .names import Name as Person
from .reports import Report, find_reports
from .wordlists import word_set

ANCHOR_WORDS = 8  # words of a sentence that a row gives to be copied: enough to be unique, few enough to be cheap
ANCHOR_CHARS = 70
SHOWN_CHARS = 420
SLACK = 4  # words below the limit that are told to the model, which counts badly


@dataclass(frozen=True, slots=True)
class Row:
    """One item to be worded. `words` are to be copied as its quote, `shown` is all that the model is shown of it.

    `name` is whom it is about, None where that is open, `called` how a sentence calls them; `settled` holds the values of other fields that the words
    settle, `starts` the words with which other fields begin, `sums` the amounts of money that stand in it.
    `sentences` carry the item and `quotations` belong to it, all of them spans of the article.
    """

    words: str
    shown: str
    name: str | None = None
    called: str | None = None
    settled: Mapping[str, str] = field(default_factory=dict)
    starts: Mapping[str, str] = field(default_factory=dict)
    sums: tuple[str, ...] = ()
    sentences: tuple[Evidence, ...] = ()
    quotations: tuple[Evidence, ...] = ()


Worksheet = Mapping[str, tuple[Row, ...]]


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
        words = _unbroken(context.text[start:end])
        office = office_of(person)
        settled = {"kind": "person"} | ({"role": office} if 0 < len(office) <= ANCHOR_CHARS else {})
        rows.append((start, Row(words, words, person.name, settled=settled)))
    for quotation in context.quotations:
        name, speaker = _speaker(quotation), quotation.speaker
        if quotation.is_speech and speaker and name and speaker.text.lower() not in word_set("pronouns"):
            settled = {} if quotation.speaker_name else {"kind": _kind_of_source(name), "role": ""}
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
        carrying = _around(context, (body.first,))
        words = anchor(context.text[body.first.start : carrying[0].end]) if carrying else body.name
        # What others say of a body in the first person tells nothing that could stand beside its name.
        tells = carrying and body.acts and not is_first_person(carrying[0].text)
        shown = _shown(carrying[0].text, 200) if tells else body.name
        settled = {"kind": body.kind} | ({} if tells else {"role": ""})
        rows.append(Row(words, shown, body.name, settled=settled, sentences=carrying))
    return tuple(rows)


def statements(context: ArticleContext, limit: int) -> tuple[Row, ...]:
    """What is spoken in quotation marks, by whom: one row for the stretches of one speaker in one paragraph."""
    groups: list[list[Quotation]] = []
    for quotation in context.quotations:
        if not quotation.is_speech or not _speaker(quotation):
            continue
        last = groups[-1][-1] if groups else None
        if last and _speaker(last) == _speaker(quotation) and "\n" not in context.text[last.end : quotation.start]:
            groups[-1].append(quotation)
        else:
            groups.append([quotation])
    rows = []
    for group in groups:
        longest = max(group, key=lambda quotation: len(quotation.text))
        spans = tuple(Evidence(start=each.start, end=each.end, text=each.text) for each in group)
        carrying = _around(context, spans)
        shown = " ".join(sentence.text for sentence in carrying)
        name = _speaker(group[0]) or ""
        rows.append(
            Row(
                anchor(longest.text),
                _shown(shown),
                name,
                called=_called(name, context),
                sentences=carrying,
                quotations=spans,
            )
        )
    return tuple(rows[:limit])


def reported(context: ArticleContext, limit: int) -> tuple[Row, ...]:
    """What somebody says without quotation marks, in sentences that no row of `statements` has."""
    spoken = {sentence for row in statements(context, len(context.quotations)) for sentence in row.sentences}
    rows = []
    for report in _reports(context):
        name = report.speaker_name or report.speaker.text
        carrying = _around(context, (Evidence.of(context.text, report.start, report.end),))
        if name.lower() in word_set("pronouns") or not carrying or not spoken.isdisjoint(carrying):
            continue
        for group in _issued(context, carrying[-1]) or [carrying]:
            shown = without_dateline(" ".join(sentence.text for sentence in group))
            called = _called(name, context)
            rows.append(
                Row(anchor(without_dateline(group[0].text)), _shown(shown), name, called=called, sentences=group)
            )
    return tuple(rows[:limit])


def _issued(context: ArticleContext, sentence: Evidence) -> list[tuple[Evidence, ...]]:
    """The paragraphs of a statement that "X said:" hands over to, as press offices issue it: without quotation marks.

    Empty if the sentence does not hand over, or nobody speaks of himself in what follows.
    """
    if not sentence.text.endswith(":"):
        return []
    groups: list[list[Evidence]] = []
    others = {each.start for each in context.quotations}
    others |= {each.start for each in _reports(context) if each.speaker.text.lower() not in word_set("pronouns")}
    for each in context.sentences[context.sentences.index(sentence) + 1 :]:
        if any(each.start <= start < each.end for start in others):
            break
        if groups and "\n" not in context.text[groups[-1][-1].end : each.start]:
            groups[-1].append(each)
        else:
            groups.append([each])
    in_first_person = any(is_first_person(each.text) for group in groups for each in group)
    return [tuple(group) for group in groups] if in_first_person else []


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
                _shown(shown) + note,
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
    """Sentences that together say what the article is about, the one with the strongest hints of `prefer` among them."""
    best = hinted(context, prefer, 1, True) if prefer else ()
    chosen = lead_sentences(context, limit, best[0].sentences[0] if best else None)
    told = [(without_dateline(each.text), each) for each in chosen]
    return tuple(Row(anchor(words), _shown(words), sentences=(each,)) for words, each in told)


@lru_cache(maxsize=16)
def _reports(context: ArticleContext) -> tuple[Report, ...]:
    return tuple(report for report in find_reports(context.text) if not context.is_furniture(report.speaker))


@lru_cache(maxsize=16)
def _bodies(context: ArticleContext) -> tuple[Body, ...]:
    spoken_of = {word for person in context.people for mention in person.mentions for word in mention.text.split()}
    return tuple(find_bodies(context.text, context.sentences, spoken_of))


def anchor(words: str) -> str:
    """The first words of a stretch, as a row gives them to be copied."""
    ends = [match.end() for match in re.finditer(r"\S+", words)][:ANCHOR_WORDS]
    fitting = [end for end in ends if end <= ANCHOR_CHARS] or [min(len(words), ANCHOR_CHARS)]
    return words[: fitting[-1]].strip().rstrip(",;:–—-")


def row_of(item: BaseModel, rows: Sequence[Row]) -> Row | None:
    """The row that an item answers: its words are copied, and its name is the row's; None if there is none."""
    copied = {value.value for value in walk(item) if isinstance(value.mark, Verbatim)}
    names = {value.value for value in walk(item) if isinstance(value.mark, Name)}
    return next((row for row in rows if row.words in copied and (row.name is None or row.name in names)), None)


def _speaker(quotation: Quotation) -> str | None:
    """The full name, or the article's words for a source that it does not name; None for nobody known."""
    if quotation.speaker_name:
        return quotation.speaker_name
    mention = quotation.speaker.text if quotation.speaker else ""
    return mention if _is_source(mention) else None


def _called(name: str, context: ArticleContext) -> str:
    """How newspapers call somebody whom they have named: a person by the last name, anybody else in full."""
    bearers = [person for person in context.people if person.name.split()[-1:] == name.split()[-1:]]
    if len(bearers) == 1 and bearers[0].name == name:
        return name.split()[-1]
    return name[:1].upper() + name[1:]


def _kind_of_source(description: str) -> str:
    """Of a source that is only described: one person, or several."""
    words = description.lower().split()
    one = len(words) > 1 and words[1] == "of" and words[0] == "one"
    return "group" if _head(description).endswith("s") and not one else "person"


def _is_source(mention: str) -> bool:
    """Whether words describe somebody who speaks: their head is one of newsrooms' sources, such as "officials"."""
    return _head(mention) in word_set("sources")


def _head(description: str) -> str:
    """The last word before a preposition or a clause, in lower case: "officials" of "two of the officials who left"."""
    words = re.findall(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", description.lower())
    if len(words) > 2 and words[1] == "of":
        words = words[2:]
    end = next((index for index, word in enumerate(words) if index and word in word_set("after_head")), len(words))
    return words[end - 1] if words else ""


def _shown(words: str, most: int = SHOWN_CHARS) -> str:
    """On one line and within bounds, as the worksheet shows it."""
    line = _unbroken(words)
    return line if len(line) <= most else line[: line.rfind(" ", 0, most)] + " …"


def _unbroken(words: str) -> str:
    return " ".join(words.split())


def _around(context: ArticleContext, spans: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The sentences that the spans touch, each once."""
    return tuple(dict.fromkeys(each for span in spans for each in context.sentences_at(span.start, span.end)))


def _strong(run: list[tuple[int, int]]) -> bool:
    """Whether a group of sentences after the best one hints strongly enough to be a matter of its own."""
    return max(score for _, score in run) > 2


def _same_paragraph(context: ArticleContext, index: int) -> bool:
    before, here = context.sentences[index - 1 : index + 1]
    return "\n" not in context.text[before.end : here.start]
