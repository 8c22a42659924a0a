"""Articles for the speed benchmarks, as many as are wanted, and the answer that a model gives to each.

One news article of 4,000 characters among invented people and places, varied by a seed: names, numbers and the order
of its paragraphs differ, so no two articles have one text. The answer is written for the same article with the same
variation, so that its items stand up to the checks; of it a question gets what its worksheet asks for. Standard library
only: the double has no other.
"""

import hashlib
import random
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .template import ANSWER, BEGINNING, CHOICES, ENDING, MIDDLE, NUMBERS, PUBLISHED, SOURCE, TITLE

_SECTION = re.compile(r"^([a-z_]+):(?: none)?$")
_FILE = re.compile(r"number (\d+) in the register of the river")
_FIRST_FILE = 1000
SHORT_FROM = 1_000_000  # the number of the first short article
_NOTE = re.compile(r" \[[^\]]*\]$")
_ANCHOR_WORDS, _ANCHOR_CHARS = 8, 70  # of a line that an item copies, as the worked example does
SHEET = "ARTICLE {marker}>>>\n\nWorksheet\n"


@dataclass(frozen=True, slots=True)
class Made:
    """One article of the benchmark: its number, its text and what a list of articles tells beside it."""

    number: int
    values: Mapping[str, str]
    text: str

    @property
    def marker(self) -> str:
        """What stands beside the article in a prompt: the beginning of the SHA-256 of its text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def row(self) -> dict[str, str]:
        """The article as a line of a JSONL list has it."""
        return {"text": self.text, "title": TITLE.format_map(self.values), "date": PUBLISHED, "source": SOURCE}

    def answer(self, question: str, sections: Collection[str] = ()) -> dict[str, list[dict[str, Any]]]:
        """The answer to a question about this article: one item for each line of the worksheet in it.

        `sections` are the lists that are asked for; none means all.
        """
        sheet = rows_of(question, self.marker)
        answer: dict[str, list[dict[str, Any]]] = {}
        for section, items in ANSWER.items():
            if sections and section not in sections:
                continue
            filled = [_filled(item, self.values) for item in items]
            answer[section] = [item for line in sheet.get(section, ()) if (item := _item(section, line, filled))]
        return answer

    def extractions(self) -> list[dict[str, Any]]:
        """The same items for an extractor: a class, words of the article, and the other fields as attributes."""
        items = [(section, _filled(item, self.values)) for section, items in ANSWER.items() for item in items]
        return [
            {section: item["quote"], f"{section}_attributes": {name: str(value) for name, value in item.items()}}
            for section, item in items
        ]


def make(number: int, seed: int = 1) -> Made:
    """The article of that number; the same numbers and seed give the same text, other ones another.

    From SHORT_FROM on they are short, of a quarter of the length.
    """
    drawn = random.Random(f"{seed}:{number}")
    values: dict[str, str] = {name: f"{drawn.randint(low, high):,}" for name, (low, high) in NUMBERS.items()}
    for names, choices in CHOICES.items():
        values |= dict(zip(names, drawn.sample(choices, len(names)), strict=True))
    values["file"] = str(_FIRST_FILE + number)  # each article's own: no two have one text, and a question tells which
    middle = list(MIDDLE)
    drawn.shuffle(middle)
    is_short = number >= SHORT_FROM
    text = "\n\n".join((*BEGINNING, *([] if is_short else middle), *ENDING[-1 if is_short else 0 :])).format_map(values)
    return Made(number, values, text)


def many(count: int, seed: int = 1, first: int = 0) -> Iterator[Made]:
    """So many articles, from the one with the number `first` on."""
    return (make(number, seed) for number in range(first, first + count))


def number_of(question: str) -> int | None:
    """The number of the article that a question is about; None if there is none in it."""
    found = _FILE.findall(question)
    return int(found[-1]) - _FIRST_FILE if found else None


def rows_of(question: str, marker: str) -> dict[str, list[str]]:
    """The worksheet in a question: the lines of each section."""
    _, _, sheet = question.partition(SHEET.format(marker=marker))
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in sheet.split("\n"):
        if named := _SECTION.match(line):
            lines = sections.setdefault(named[1], [])
        elif line.startswith("- "):
            lines.append(line[2:])
    return sections


def _filled(item: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    return {name: _value(value, values) for name, value in item.items()}


def _value(value: Any, values: Mapping[str, str]) -> Any:
    match value:
        case str():
            return value.format_map(values)
        case list():
            return [_value(each, values) for each in value]
        case dict():
            return _filled(value, values)
        case _:
            return value


def _item(section: str, line: str, items: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The item for a line. For one of the summary none need be written: its own words will do, if they are few."""
    for item in items:
        named = item.get("actor", "")
        if item["quote"] in line and line.startswith(named):
            return {**item, "quote": _anchor(item["quote"])}
    words = _NOTE.sub("", line)
    if section == "summary" and len(words.split()) <= 30:
        return {"quote": _anchor(words), "text": words}
    return None


def _anchor(words: str) -> str:
    """The first words, as the worksheet gives them to be copied."""
    kept = " ".join(words.split()[:_ANCHOR_WORDS])
    kept = kept if len(kept) <= _ANCHOR_CHARS else kept[: kept.rindex(" ", 0, _ANCHOR_CHARS + 1)]
    return kept.rstrip(",;:–—-")
