"""A draft that is read while it is being written."""

import json

import pytest
from pydantic import BaseModel, ConfigDict
from test_llm import Item
from timing import is_within

from summarizer.llm import DraftReader


class Draft(BaseModel):
    """Two lists of items."""

    model_config = ConfigDict(extra="forbid")
    people: list[Item]
    others: list[Item]


def item(number: int) -> dict[str, str]:
    return {"quote": f'Ines "Falk" }}] {number}', "title": "chair, {[", "kind": "person"}


def given(text: str, size: int) -> list[tuple[str, str]]:
    """What a reader gives that is fed `size` characters at a time."""
    reader = DraftReader(Draft)
    return [
        (section, found.quote)  # type: ignore[attr-defined]
        for start in range(0, len(text), size)
        for section, found in reader.feed(text[start : start + size])
    ]


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("indent", [None, 2])
def test_items_are_given_once_and_in_order(size: int, indent: int | None) -> None:
    """However the text is cut and spaced, each item that validates is given once, in its field, as soon as it ends."""
    answer = {"people": [item(1), {**item(2), "kind": "cat"}, item(3)], "unknown": [item(4)], "others": [item(5)]}
    text = "\n" + json.dumps(answer, indent=indent)
    whole = [("people", item(1)["quote"]), ("people", item(3)["quote"]), ("others", item(5)["quote"])]
    assert given(text, size) == whole
    assert given(text[: text.rindex("}", 0, -1) + 1], size) == whole
    assert given(text[: text.rindex("}", 0, -1)], size) == whole[:2]


def test_the_field_that_is_written_is_told() -> None:
    """`section` follows the text: nothing at first, then each field as its list begins."""
    reader = DraftReader(Draft)
    assert reader.section is None
    list(reader.feed('{"people": ['))
    assert reader.section == "people"
    list(reader.feed('], "others": ['))
    assert reader.section == "others"


@pytest.mark.parametrize("text", ["Sorry, no.", "[]", '{"people": 5, "others": []}', '{"people": [' + "[" * 500, "]}"])
def test_an_answer_of_another_form_gives_nothing(text: str) -> None:
    """What is no object of lists is left to the judgement of the whole."""
    assert given(text, 1) == []


@pytest.mark.parametrize(
    "text",
    [
        '{"people": [' + '{"quote": "no title"}, ' * 10_000,
        '{"people": [{"quote": "' + "}" * 200_000,
        '{"people": [{"quote": ' + '[{"a": "b"}, ' * 20_000,
    ],
)
def test_a_runaway_answer_costs_little(text: str) -> None:
    """Hundreds of thousands of characters of bad items, or of one that never ends, are read in a moment."""
    assert given(text, 8) == []
    assert is_within(3, lambda: given(text, 8))
