"""Renders the templates of `prompts/<kind>/` into the messages that a model gets.

The article is a value that is put into a template, never a template itself, and the environment is sandboxed: a
template that an editor changes can print and loop and no more. Every message before the article is the same for every
article, so that a provider or the embedded engine can keep what it has read of it.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Protocol, get_args

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

from .schemas.marks import Amount, Carried, fixed_values, marks_of

Message = dict[str, str]
# In this order they are in a fingerprint; a kind has those that it needs.
_TEMPLATES = ("system.jinja", "article.jinja", "story.jinja", "repair.jinja", "translate.jinja")


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: an invented article and the ideal answer to it (as JSON)."""

    name: str
    article: str
    answer: dict[str, Any]


def system_message(kind: str) -> Message:
    """What the model is told before anything else."""
    return {"role": "system", "content": _render(kind, "system.jinja", {})}


def article_message(kind: str, facts: Mapping[str, Any]) -> Message:
    """The article and what code has found in it; `facts` are the values the template of the kind asks for."""
    return {"role": "user", "content": _render(kind, "article.jinja", facts)}


def story_message(kind: str, lines: Sequence[str], language: str, marker: str) -> Message:
    """Numbered sentences of a story, between markers that they cannot know; `language` is empty for English."""
    return {"role": "user", "content": _render(kind, "story.jinja", _lines(lines, language, marker))}


def repair_message(
    kind: str, failures: Sequence[Mapping[str, str]], missing: Sequence[Mapping[str, str]] = ()
) -> Message:
    """What did not hold and why, to be written again, and the lines of the article for which there is no item yet."""
    return {"role": "user", "content": _render(kind, "repair.jinja", {"failures": failures, "missing": missing})}


def translation_message(kind: str, lines: Sequence[str], language: str, marker: str) -> Message:
    """Lines to be translated into a language, named in English; they stand between markers that they cannot know."""
    return {"role": "user", "content": _render(kind, "translate.jinja", _lines(lines, language, marker))}


def _lines(lines: Sequence[str], language: str, marker: str) -> dict[str, Any]:
    """Of each its words alone: a line break would begin another one."""
    return {"lines": [" ".join(each.split()) for each in lines], "language": language, "marker": marker}


def answer_message(answer: str) -> Message:
    """What the model said before."""
    return {"role": "assistant", "content": _defused(answer)}


def compact(answer: Mapping[str, Any]) -> str:
    """An answer as the model is to write it: JSON with as few tokens as there can be."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


class SheetRow(Protocol):
    """A row of the worksheet, as far as it is put to the model: see `grounding.worksheet.Row`."""

    @property
    def words(self) -> str:
        """What is to be copied."""

    @property
    def shown(self) -> str:
        """What the model is shown."""

    @property
    def name(self) -> str | None:
        """Whom it is about."""

    @property
    def called(self) -> str | None:
        """How a sentence that begins with them calls them."""

    @property
    def settled(self) -> Mapping[str, str]:
        """Values of other fields that the words settle."""

    @property
    def starts(self) -> Mapping[str, str]:
        """The words with which other fields begin."""

    @property
    def sums(self) -> tuple[str, ...]:
        """The amounts of money in it."""


def narrowed_schema(draft: type[BaseModel], sheet: Mapping[str, Sequence[SheetRow]]) -> dict[str, Any]:
    """The draft's JSON Schema for one article, for engines that write by a grammar.

    A list of the worksheet has one item for each row, in order; what code knows of it (the words to copy, the name,
    a value that the words settle) stands fixed, and a sum is one of those in the row or null. The model is left with
    what it is good at: wording and judging.
    """
    schema = _schema(draft)
    properties = dict(schema["properties"])
    for section, rows in sheet.items():
        listed = properties[section]
        kind: type[BaseModel] = get_args(draft.model_fields[section].annotation)[0]
        item = schema["$defs"][kind.__name__]
        fixed = [{**item, "properties": {**item["properties"], **_fixed(kind, row)}} for row in rows]
        bounds = {"minItems": len(fixed), "maxItems": len(fixed)}
        properties[section] = {"type": "array", **bounds} | (
            {"prefixItems": fixed} if fixed else {"items": listed["items"]}
        )
    return {**schema, "properties": properties}


@lru_cache(maxsize=256)
def _schema(draft: type[BaseModel]) -> dict[str, Any]:
    return draft.model_json_schema()


def _fixed(item: type[BaseModel], row: SheetRow) -> dict[str, Any]:
    known = fixed_values(item, row.words, row.name, row.settled)
    fixed: dict[str, Any] = {name: {"const": value} for name, value in known.items()}
    fixed |= {name: _beginning(words, "?") for name, words in row.starts.items()}
    for name in item.model_fields:
        for mark in marks_of(item, name):
            if isinstance(mark, Amount):
                fixed[name] = {"enum": [*row.sums, None]}
            elif isinstance(mark, Carried) and mark.opens_with and row.called:
                fixed[name] = _beginning(row.called, ".")
    return fixed


def _beginning(words: str, end: str) -> dict[str, Any]:
    """A sentence that begins with these words and ends with this sign, as a grammar takes it."""
    # llama.cpp leaves a pattern aside that has an escaped space in it.
    begin = re.escape(words).replace("\\ ", " ")
    return {"type": "string", "pattern": f'^{begin} [^"?\\\\\\n]{{8,200}}[{end}]$'}


@cache
def examples(kind: str) -> tuple[Example, ...]:
    """The worked examples of a kind, by name: `examples/<name>.txt` and `examples/<name>.json`."""
    folder = files("summarizer.prompts").joinpath(kind, "examples")
    names = sorted(entry.name.removesuffix(".txt") for entry in folder.iterdir() if entry.name.endswith(".txt"))
    return tuple(
        Example(
            name=name,
            article=folder.joinpath(f"{name}.txt").read_text(encoding="utf-8").strip(),
            answer=json.loads(folder.joinpath(f"{name}.json").read_text(encoding="utf-8")),
        )
        for name in names
    )


@cache
def hints(kind: str, language: str = "en") -> dict[str, Any]:
    """The tables of hint words of a kind, `hints.toml`, or `hints.<language>.toml`; empty ones where there is none."""
    english = tomllib.loads(_source(kind, "hints.toml"))
    if language == "en":
        return english
    name = f"hints.{language}.toml"
    if name not in _hint_files(kind):
        return {table: {"strong": [], "weak": []} for table in english}
    return tomllib.loads(_source(kind, name))


def _hint_files(kind: str) -> list[str]:
    entries = (entry.name for entry in files("summarizer.prompts").joinpath(kind).iterdir())
    return sorted(name for name in entries if name.startswith("hints.") and name.endswith(".toml"))


def fingerprint(kind: str) -> str:
    """Twelve hexadecimal digits that change when a template or an example of the kind changes (SHA-256)."""
    digest = hashlib.sha256()
    for content in _contents(kind):
        digest.update(content.encode() + b"\0")
    return digest.hexdigest()[:12]


def _contents(kind: str) -> Iterator[str]:
    held = {entry.name for entry in files("summarizer.prompts").joinpath(kind).iterdir()}
    for name in (*filter(held.__contains__, _TEMPLATES), *_hint_files(kind)):
        yield _source(kind, name)
    for example in examples(kind):
        yield example.article
        yield compact(example.answer)


class _Packaged(BaseLoader):
    """Templates by `<kind>/<name>` out of the package `summarizer.prompts`, from a folder or a zipped wheel."""

    def get_source(self, environment: Any, template: str) -> tuple[str, str, None]:
        kind, _, name = template.partition("/")
        try:
            return _source(kind, name), template, None
        except (FileNotFoundError, NotADirectoryError) as error:
            raise TemplateNotFound(template) from error


@cache
def _source(kind: str, name: str) -> str:
    return files("summarizer.prompts").joinpath(kind, name).read_text(encoding="utf-8")


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # No HTML is made here, so nothing is escaped: the model reads the article's own characters.
    return ImmutableSandboxedEnvironment(
        loader=_Packaged(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )


def _render(kind: str, name: str, values: Mapping[str, Any]) -> str:
    return _defused(_environment().get_template(f"{kind}/{name}").render(values).strip())


def _defused(text: str) -> str:
    """The text without what models take for marks of their chat template: `<|im_end|>` would end the message."""
    return text.replace("<|", "< |").replace("|>", "| >")
