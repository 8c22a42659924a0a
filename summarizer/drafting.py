"""What is put to a model for an article: the messages, the worksheet in them, and the draft to be filled in. Pure."""

import hashlib
import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from . import prompting
from .grounding.context import ArticleContext
from .grounding.days import published_day
from .grounding.hints import Hints
from .grounding.rows import Worksheet
from .grounding.worksheet import make_worksheet, spare_rows, split_sheet
from .parts import Part
from .schemas.article import Article
from .schemas.kinds import Kind

_LOADING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is known before a model is asked.

    `sheet` is the whole worksheet, with the rows last that are beyond the limits of the lists. `known` are the items
    that code has written itself, as (section, index, item), `left` the rows that the model is to word, `messages` what
    it is sent.
    """

    context: ArticleContext
    sheet: Worksheet
    known: tuple[tuple[str, int, BaseModel], ...]
    left: Worksheet
    messages: tuple[prompting.Message, ...]


def prepare(article: Article, kind: Kind, part: Part | None = None, language: str | None = None) -> Prepared:
    """Read an article, or a part of it, and lay out what is to be asked. Takes a second for 50,000 characters.

    What a part gives is checked against the whole article, and has its offsets. `language` is that of the brief, by
    its ISO 639 code; left out, it is the article's.
    """
    context = ArticleContext.of(article, language)
    shown = context.part(part.shown, part.start, part.end) if part else context
    sheet = sheet_of(shown, kind)
    known, left = split_sheet(sheet, kind.draft)
    spare = spare_rows(shown, kind.draft, _hints(kind, context), sheet)
    whole = {section: (*rows, *spare.get(section, ())) for section, rows in sheet.items()}
    return Prepared(context, whole, tuple(known), left, tuple(conversation(kind, shown, left)))


def sheet_of(context: ArticleContext, kind: Kind) -> Worksheet:
    """The worksheet of an article for a kind of brief."""
    return make_worksheet(context, kind.draft, _hints(kind, context))


def _hints(kind: Kind, context: ArticleContext) -> dict[str, Hints]:
    tables = prompting.hints(kind.name, context.language.code)
    return {name: Hints.of(table) for name, table in tables.items()}


def conversation(kind: Kind, context: ArticleContext, left: Worksheet) -> list[prompting.Message]:
    """The messages for an article: what is the same for every article first, so that it can be kept as read.

    `left` are the rows of its worksheet that the model is to word.
    """
    return [*beginning(kind), prompting.article_message(kind.name, article_facts(context, left))]


def beginning(kind: Kind) -> tuple[prompting.Message, ...]:
    """What stands before every article: the rules and the worked examples.

    The first time takes a second or two, as all word lists are loaded with it.
    """
    with _LOADING:  # else the first articles of a batch would each do that
        return _beginning(kind)


@cache
def _beginning(kind: Kind) -> tuple[prompting.Message, ...]:
    messages = [prompting.system_message(kind.name)]
    for example in prompting.examples(kind.name):
        shown = ArticleContext.of(Article(text=example.article))
        _, rows = split_sheet(sheet_of(shown, kind), kind.draft)
        messages += [
            prompting.article_message(kind.name, article_facts(shown, rows)),
            prompting.answer_message(prompting.compact(example.answer)),
        ]
    return tuple(messages)


def article_facts(context: ArticleContext, sheet: Worksheet) -> dict[str, Any]:
    """What the template of the article is given: its body, a marker it cannot know, the worksheet.

    Adverts and what speaks to a machine are cut out of the text. `language` is empty where all is in English.
    """
    (start, end), pieces = context.shown, []
    for stretch in context.left_out:
        pieces.append(context.text[start : min(stretch.start, end)])
        start = max(start, stretch.end)
    body = re.sub(r"\s*\n\s*\n\s*", "\n\n", "".join([*pieces, context.text[start:end]]))
    day = published_day(context.article.published)
    return {
        "article": body.strip(),
        "marker": context.article.id[:16],
        "worksheet": sheet,
        "published": day.isoformat() if day else "",
        "source": context.source,
        "language": "" if context.is_english else context.brief_in.name,
    }


def only(draft: type[BaseModel], sections: Mapping[str, int]) -> type[BaseModel]:
    """The draft with these sections and no others, each of at most so many items."""
    return _only(draft, tuple(sections.items()))


@lru_cache(maxsize=256)
def _only(draft: type[BaseModel], sections: tuple[tuple[str, int], ...]) -> type[BaseModel]:
    fields: dict[str, Any] = {
        section: (Annotated[draft.model_fields[section].annotation, Field(max_length=limit)], ...)
        for section, limit in sections
    }
    return create_model(f"{draft.__name__}Again", __config__=ConfigDict(extra="forbid"), **fields)


@cache
def fingerprint(draft: type[BaseModel]) -> str:
    """Twelve hexadecimal digits that change when the JSON Schema of the draft changes (SHA-256)."""
    return hashlib.sha256(json.dumps(draft.model_json_schema(), sort_keys=True).encode()).hexdigest()[:12]
