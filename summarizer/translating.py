"""Quotations of a brief that is in another language than its article: a translation beside the words, marked as one.

The words themselves stay the article's. One question to the model for all of them; a translation that has other
numbers or names than the words, or denies what they do not, is left out, and the audit says so.
"""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from . import prompting
from .errors import AnswerAwaited, SummarizerError
from .grounding.context import ArticleContext
from .grounding.languages import ENGLISH, Language
from .grounding.plain import denies, numbers_in_words
from .grounding.quantities import quantities
from .making import Making
from .schemas.brief import Brief
from .schemas.evidence import Finding

MOST = 24  # quotations that are translated; a brief holds twenty positions
_LONGEST = 900  # characters of a translation of 600
MOST_LONGER, SHORT = 2.5, 30  # times as long as the words, where it is longer than so many characters
_SIGNS = re.compile(r"[<>\[\]{}|\\]|https?:|www\.")  # of markup and addresses, which nobody speaks


class DraftTranslation(BaseModel):
    """The translation of one line, by its number."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    line: int
    text: Annotated[str, Field(min_length=1, max_length=_LONGEST)]


class DraftTranslations(BaseModel):
    """What the model fills in."""

    model_config = ConfigDict(extra="forbid")

    translations: Annotated[list[DraftTranslation], Field(max_length=MOST)]


async def with_translations(brief: Brief, making: Making) -> Brief:
    """The brief with `translations` beside the quotes of its positions; as it is if both languages are one."""
    context = making.context
    wanted = list(dict.fromkeys(quote.text for position in brief.positions for quote in position.quotes))[:MOST]
    if not context.is_translated or not wanted:
        return brief
    making.watcher.stage("translating the quotations")
    lines = [" ".join(words.split()) for words in wanted]
    messages = [prompting.translation_message(making.kind.name, lines, context.brief_in.name, context.article.id[:16])]
    try:
        draft = await making.ask_beside(messages, DraftTranslations, _one_for_each(lines))
    except AnswerAwaited:
        raise
    except SummarizerError as error:
        return making.told_anew(brief, [_left_out("translation", "", f"the quotations are not translated: {error}")])
    found: dict[str, str] = {}
    findings: list[Finding] = []
    for each in draft.translations:
        if not 1 <= each.line <= len(wanted) or wanted[each.line - 1] in found:
            continue
        words = wanted[each.line - 1]
        fault = _fault(words, each.text, context)
        if fault:
            findings.append(_left_out(fault[0], each.text, f"a translation of “{words[:100]}” {fault[1]}"))
        else:
            found[words] = each.text
    positions = tuple(
        position.model_copy(update={"translations": tuple(found.get(quote.text) for quote in position.quotes)})
        for position in brief.positions
    )
    return making.told_anew(brief.model_copy(update={"positions": positions}), findings)


def _one_for_each(lines: list[str]) -> dict[str, object]:
    """The schema with one translation for each line, for an engine that writes by a grammar."""
    shape = DraftTranslations.model_json_schema()
    item = shape["$defs"]["DraftTranslation"]
    items = [
        {**item, "properties": {**item["properties"], "line": {"const": number}}} for number in range(1, len(lines) + 1)
    ]
    bounds = {"minItems": len(items), "maxItems": len(items)}
    shape["properties"]["translations"] = {"type": "array", "prefixItems": items, **bounds}
    return shape


def _fault(words: str, translation: str, context: ArticleContext) -> tuple[str, str] | None:
    """The gate that has something against a translation, and what; None if none has."""
    told, made = _numbers(words, context.language), _numbers(translation, context.brief_in)
    if told != made:
        return "number", "has other numbers"
    both = context.language.negative and context.brief_in.negative
    if both and denies(words, context.language) != denies(translation, context.brief_in):
        return "negation", "puts in a “not” or leaves one out"
    if translation.casefold() == words.casefold() and len(words.split()) > 3:
        return "translation", "is none: it says the same words"
    shorter, longer = sorted((len(words), len(translation)))
    if longer > SHORT and longer > MOST_LONGER * shorter:
        return "translation", "is much longer or shorter than the words"
    if _SIGNS.search(translation) and not _SIGNS.search(words):
        return "translation", "has signs that the words have not"
    if not _same_names(words, translation):
        return "name", "has other names, or the same in another order"
    return None


def _numbers(words: str, known: Language) -> list[tuple[str, Decimal]]:
    """What is counted, with percents and money apart, in the order of size; in words as in digits."""
    found = [("number", Decimal(number)) for number in numbers_in_words(words, known) if number != 1]
    for each in quantities(words):
        is_grouped = bool(each.others) and known.code != ENGLISH
        kind = each.kind if each.kind in ("percent", "money") else "number"
        if each.kind != "vague" and each.value != 1:
            found.append((kind, (each.others[0] if is_grouped else each.value).normalize()))
    return sorted(found)


def _same_names(words: str, translation: str) -> bool:
    """Whether the capitalised words inside a translation stand in the words, in the same order, where both have one
    alphabet."""
    if not (words.isascii() or re.search("[a-zA-Z]", words)):
        return True
    capitals = re.findall(r"(?<=[^.!?…] )[^\W\d_a-zß-ÿ][\w’'-]{3,}", translation)
    places = [words.casefold().find(each.casefold()[:4]) for each in capitals]
    known = [place for place in places if place >= 0]
    return known == sorted(known)


def _left_out(gate: str, text: str, reason: str) -> Finding:
    return Finding(gate=gate, verdict="against", path="translations", action="cut", text=text, reason=reason)
