"""Reads a draft while the model is still writing it."""

from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json


class DraftReader:
    """Takes the text of an answer piece by piece and gives each item as soon as it is whole.

    For drafts in which every field is a list of items. An item counts as whole once the next one, or the next field,
    has begun. One that does not validate is passed over here: the finished answer is judged as a whole.
    """

    def __init__(self, draft: type[BaseModel]) -> None:
        self._items: dict[str, type[BaseModel]] = {
            name: get_args(field.annotation)[0] for name, field in draft.model_fields.items()
        }
        self._text = ""
        self._given: dict[str, int] = {}
        self.section: str | None = None

    def feed(self, delta: str) -> Iterator[tuple[str, BaseModel]]:
        """Take the next piece of the text; give (field, item) for every item that is whole now."""
        self._text += delta
        if "}" not in delta and "]" not in delta:
            return
        try:
            data = from_json(self._text, allow_partial=True)
        except ValueError:
            return
        if not isinstance(data, dict) or not data:
            return
        *done, self.section = data
        for section in (*done, self.section):
            entries = data[section] if isinstance(data[section], list) else []
            whole = len(entries) if section in done else len(entries) - 1
            for index in range(self._given.get(section, 0), whole):
                self._given[section] = index + 1
                yield from self._item(section, entries[index])

    def _item(self, section: str, entry: object) -> Iterator[tuple[str, BaseModel]]:
        if section in self._items:
            try:
                item = self._items[section].model_validate(entry)
            except ValidationError:
                return
            yield section, item
