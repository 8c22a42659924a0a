"""The worksheet: what code can find in an article by itself, one row for each item that the model is to word.

A small model overlooks and invents; it words and judges well what is put before it. So code lists the people, what
they said, and the sentences that hint at a deal or a doubt, each with its words and its place.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from annotated_types import MaxLen
from pydantic import BaseModel

from ..schemas.evidence import Evidence, Quotation
from ..schemas.marks import Name, Rows, Verbatim, walk
from .bodies import Body, find_bodies
from .facts import ArticleContext
from .names import Name as Person
from .reports import Report, find_reports
from .wordlists import word_set

ANCHOR_WORDS = 8  # words of a sentence that a row gives to be copied: enough to be unique, few enough to be cheap
ANCHOR_CHARS = 70
SHOWN_CHARS = 420
MONEY = re.compile(
    r"(?:(?:US|A|C|NZ)?[$€£¥]\s?\d[\d.,]*\d|(?:US|A|C|NZ)?[$€£¥]\s?\d)(?:\s?(?:million|billion|trillion|bn|m)\b)?"
    r"|\b\d[\d.,]*\s(?:million|billion|trillion)\b(?:\s[a-z]+s\b)?"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One item to be worded. `words` are to be copied as its quote, `shown` is all that the model is shown of it.

    `name` is whom it is about, None where that is open; `settled` holds the values of other fields that the words
    settle, `starts` the words with which other fields begin, `sums` the amounts of money that stand in it.
    `sentences` carry the item and `quotations` belong to it, all of them spans of the article.
    """

    words: str
    shown: str
    name: str | None = None
    settled: Mapping[str, str] = field(default_factory=dict)
    starts: Mapping[str, str] = field(default_factory=dict)
    sums: tuple[str, ...] = ()
    sentences: tuple[Evidence, ...] = ()
    quotations: tuple[Evidence, ...] = ()


Worksheet = Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class Hints:
    """Words, in lower case, that hint at a section: one of `strong`, or one of `weak` beside another or a sum.

    `settles` gives, for a strong word, the (field, value) that it settles, `starts` the (field, words) with which the
    model's words begin.
    """

    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()
    settles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    starts: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Hints":
        """From a table of a kind's `hints.toml`."""
        settles, starts = (
            {
                word: (name, value)
                for name, values in table.get(part, {}).items()
                for value, words in values.items()
                for word in words
            }
            for part in ("settles", "starts")
        )
        return cls((*table["strong"], *settles), tuple(table["weak"]), settles, starts)

    def score(self, sentence: str) -> int:
        """How strongly a sentence hints: 0 is not at all."""
        low = sentence.lower()
        strong = sum(_has(word, low) for word in self.strong)
        weak = sum(_has(word, low) for word in self.weak)
        money = bool(MONEY.search(sentence))
        return 2 * (strong + money) + weak if strong or (weak and weak + money > 1) else 0

    def phrase(self, sentence: str) -> str:
        """The first strong words in the sentence and what follows them in their clause; empty if there are none."""
        places = [place for word in self.strong if (place := _place(word, sentence.lower())) is not None]
        if not places:
            return ""
        rest = sentence[min(places) :]
        stop = re.search(r"[,;.:“”]", rest[12:])
        return rest[: 12 + stop.start()] if stop else rest

    def settled(self, sentence: str) -> dict[str, str]:
        """The values of fields that the sentence's words settle."""
        return _told(self.settles, sentence)

    def started(self, sentence: str) -> dict[str, str]:
        """The words with which fields begin."""
        return _told(self.starts, sentence)


def _told(table: Mapping[str, tuple[str, str]], sentence: str) -> dict[str, str]:
    """What the words in the sentence tell; of two that tell different things, the one listed first."""
    low = sentence.lower()
    return dict(pair for word, pair in reversed(list(table.items())) if _has(word, low))


def make_worksheet(context: ArticleContext, draft: type[BaseModel], hints: Mapping[str, Hints]) -> Worksheet:
    """The rows for every list of the draft that is marked with Rows, as many as the list may hold."""
    sheet: dict[str, tuple[Row, ...]] = {}
    for section, info in draft.model_fields.items():
        for mark in info.metadata:
            if isinstance(mark, Rows):
                limit = next(bound.max_length for bound in info.metadata if isinstance(bound, MaxLen))
                sheet[section] = _rows(context, mark, limit, hints)
    return sheet


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
            return leads(context, limit, hinted(context, hints[mark.prefer], 1, True) if mark.prefer else ())
        case table:
            return hinted(context, hints[table], limit, mark.grouped)


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
        settled = {"kind": "person"} | ({"role": _unbroken(person.title.text)} if person.title else {})
        rows.append((start, Row(words, words, person.name, settled=settled)))
    for quotation in context.quotations:
        name, speaker = _speaker(quotation), quotation.speaker
        if quotation.is_speech and speaker and name and speaker.text.lower() not in word_set("pronouns"):
            rows.append((speaker.start, Row(speaker.text, speaker.text, name)))
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
        shown = _shown(carrying[0].text, 200) if carrying and body.acts else body.name
        settled = {"kind": body.kind} | ({} if body.acts else {"role": ""})
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
        rows.append(Row(anchor(longest.text), _shown(shown), _speaker(group[0]), sentences=carrying, quotations=spans))
    return tuple(rows[:limit])


def reported(context: ArticleContext, limit: int) -> tuple[Row, ...]:
    """What somebody says without quotation marks, in sentences that no row of `statements` has."""
    spoken = {sentence for row in statements(context, len(context.quotations)) for sentence in row.sentences}
    rows = []
    for report in _reports(context):
        name = report.speaker_name or report.speaker.text
        carrying = _around(context, (Evidence.of(context.text, report.start, report.end),))
        if name.lower() not in word_set("pronouns") and carrying and spoken.isdisjoint(carrying):
            shown = " ".join(sentence.text for sentence in carrying)
            rows.append(Row(anchor(carrying[0].text), _shown(shown), name, sentences=carrying))
    return tuple(rows[:limit])


def hinted(context: ArticleContext, hints: Hints, limit: int, group: bool = False) -> tuple[Row, ...]:
    """Sentences that hint at a section, the strongest first kept, in the order of the article.

    With `group`, neighbouring sentences that hint are one row, under the words of the strongest.
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
    runs = sorted(run for place, run in enumerate(ranked[:limit]) if not place or not group or _strong(run))
    rows = []
    for run in runs:
        best = context.sentences[max(run, key=lambda entry: entry[1])[0]].text
        carrying = tuple(context.sentences[index] for index, _ in run)
        shown = " ".join(sentence.text for sentence in carrying)
        sums = tuple(dict.fromkeys(MONEY.findall(shown)))
        if not group:
            shown += f" [left open: {hints.phrase(best)}]"
        rows.append(
            Row(
                anchor(best),
                _shown(shown),
                settled=hints.settled(best),
                starts=hints.started(best),
                sums=sums,
                sentences=carrying,
            )
        )
    return tuple(rows)


def leads(context: ArticleContext, limit: int, prefer: Sequence[Row] = ()) -> tuple[Row, ...]:
    """Sentences that together say what the article is about, in its order.

    The first one, the strongest of `prefer` (the rows of a deal), then those that hold most of the words that the
    article uses most. Sentences that are mostly quotation or lean on the one before are passed over.
    """
    told = [index for index, sentence in enumerate(context.sentences) if _stands_alone(sentence, context)]
    counts = Counter(word for sentence in context.sentences for word in set(_content(sentence.text)))
    weights = {
        index: sum(counts[word] for word in set(_content(context.sentences[index].text)) if counts[word] > 1)
        / (8 + len(context.sentences[index].text.split()))
        for index in told
    }
    wanted = [index for index, each in enumerate(context.sentences) if prefer and each in prefer[0].sentences[:1]]
    ranked = dict.fromkeys([*told[:1], *wanted, *sorted(told, key=lambda index: -weights[index])])
    best = sorted(list(ranked)[:limit])
    chosen = [context.sentences[index] for index in best]
    return tuple(Row(anchor(each.text), _shown(each.text), sentences=(each,)) for each in chosen)


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
    return mention if mention and mention.lower() not in word_set("pronouns") else None


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


def _content(sentence: str) -> list[str]:
    """Words of five letters and more, which are mostly not grammar, without case."""
    return re.findall(r"[^\W\d_]{5,}", sentence.lower())


def _has(phrase: str, low: str) -> bool:
    return _place(phrase, low) is not None


def _place(phrase: str, low: str) -> int | None:
    found = re.search(rf"\b{re.escape(phrase)}\b", low)
    return found.start() if found else None


def _stands_alone(sentence: Evidence, context: ArticleContext) -> bool:
    words = sentence.text.split()
    spoken = sum(
        min(sentence.end, quotation.end) - max(sentence.start, quotation.start)
        for quotation in context.quotations
        if quotation.start < sentence.end and sentence.start < quotation.end
    )
    return (
        len(words) >= 8
        and 2 * spoken < len(sentence.text)
        and words[0][0].isalnum()
        and words[-1][-1] in ".!?”’\"'"  # a title or a heading has no full stop
        and words[0].lower() not in word_set("pronouns") | word_set("leaning")
    )
