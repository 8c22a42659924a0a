"""Quotations of a brief that is in another language than its article: a translation beside the words, marked as one.

The words themselves stay the article's. One question to the model for all of them; a translation that has other
numbers than the words, or denies what they do not, is left out, and the audit says so.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from . import prompting
from .errors import SummarizerError
from .grounding.context import ArticleContext
from .grounding.plain import denies
from .grounding.quantities import Quantity, quantities
from .making import Making
from .schemas.brief import Brief
from .schemas.evidence import Finding

MOST = 24  # quotations that are translated; a brief holds twenty positions
_LONGEST = 900  # characters of a translation of 600


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
    messages = [prompting.translation_message(making.kind.name, lines, context.brief_in.name)]
    try:
        draft = await making.ask_beside(messages, DraftTranslations, _one_for_each(lines))
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
    if not _same_numbers(quantities(words), quantities(translation)):
        return "number", "has other numbers"
    both = context.language.negative and context.brief_in.negative
    if both and denies(words, context.language) != denies(translation, context.brief_in):
        return "negation", "puts in a “not” or leaves one out"
    if translation.casefold() == words.casefold() and len(words.split()) > 3:
        return "translation", "is none: it says the same words"
    return None


def _same_numbers(one: Sequence[Quantity], other: Sequence[Quantity]) -> bool:
    def values(found: Sequence[Quantity]) -> list[set[object]]:
        return [{each.value, *each.others} for each in found if each.text[0].isdigit() or each.kind == "money"]

    mine, theirs = values(one), values(other)
    return all(any(a & b for b in theirs) for a in mine) and all(any(a & b for b in mine) for a in theirs)


def _left_out(gate: str, text: str, reason: str) -> Finding:
    return Finding(gate=gate, verdict="against", path="translations", action="cut", text=text, reason=reason)
