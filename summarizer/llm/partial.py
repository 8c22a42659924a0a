"""Reads a draft while the model is still writing it."""

import contextlib
import json
import re
from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel, ValidationError

# Characters of an unfinished item after which nothing is read any more: twice the longest one that a draft of ours may
# hold. Each new piece means reading the unfinished item again, so that without a bound a runaway one costs minutes.
LONGEST_ITEM = 8000
_FIELD = re.compile(r'\s*[{,]\s*"([^"\\]*)"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_JSON = json.JSONDecoder(strict=False)  # line breaks inside strings are taken, as `reading` takes them


class DraftReader:
    """Takes the text of an answer piece by piece and gives each item as soon as it is whole.

    For drafts in which every field is a list of items; of an answer in another form nothing is given. An item that
    does not validate is passed over here: the finished answer is judged as a whole. `section` is the field that is
    being written.
    """

    def __init__(self, draft: type[BaseModel]) -> None:
        self._items: dict[str, type[BaseModel]] = {
            name: get_args(field.annotation)[0] for name, field in draft.model_fields.items()
        }
        self._text = ""  # what has not been read
        self._in_list = False
        self.section: str | None = None

    def feed(self, delta: str) -> Iterator[tuple[str, BaseModel]]:
        """Take the next piece of the text; give (field, item) for every item that is whole now."""
        if len(self._text) > LONGEST_ITEM:
            return
        self._text += delta
        if not any(mark in delta for mark in "[]}"):  # nothing begins or ends in it
            return
        at = 0
        while (step := self._step(at)) is not None:
            entry, at = step
            yield from self._item(entry)
        self._text = self._text[at:]

    def _item(self, entry: object) -> Iterator[tuple[str, BaseModel]]:
        if entry is not None and self.section in self._items:
            with contextlib.suppress(ValidationError):
                yield self.section, self._items[self.section].model_validate(entry)

    def _step(self, at: int) -> tuple[object, int] | None:
        """The item that stands at `at`, None for where a list begins or ends, and its end; None if it is not whole."""
        if not self._in_list:
            field = _FIELD.match(self._text, at)
            if field is None:
                return None
            self.section, self._in_list = field[1], True
            return None, field.end()
        at = _BETWEEN.match(self._text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
        if self._text.startswith("]", at):
            self._in_list = False
            return None, at + 1
        try:
            return _JSON.raw_decode(self._text, at)
        except (ValueError, RecursionError):
            return None
