"""From the text of an answer to a draft: what validates is kept, what does not is dropped and said.

    text ── parse ──► object ── repeats collapsed ──► pydantic ──► draft
                                                        │ errors
                                     the items at fault dropped, lists too long cut, and validated again

Pure. An item is an entry of a list at the top of the answer; it is kept or dropped as a whole, because a part of it
(a deal without one of its terms) can say something else than the whole did.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, from_json

T = TypeVar("T", bound=BaseModel)

SHOWN = 300  # characters of a rejected text that are kept
MOST_REJECTED = 50
CUT_OFF = "the answer broke off here"
LONGEST_LIST = 1000  # entries that are looked at one by one where a list is too long
_ROUNDS = 8  # of validating again; each mends or drops something, and two are usual

# The marks that JSON is built of; the last alternative is the opening of a string that never ends.
_MARKS = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],]|"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A part of the answer that was left out: where it stood (`deals.2`), how it began (300 characters), and why."""

    path: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """`draft` is None if nothing of the answer can be used. `kept` counts the items in it."""

    draft: T | None
    rejected: tuple[Rejected, ...] = ()
    kept: int = 0


def read_answer(text: str, schema: type[T]) -> Reading[T]:
    """The draft that `text` holds, as far as it validates against `schema`.

    Words and code fences around the JSON are passed over. JSON that breaks off keeps the items that are complete. The
    same object or string twice in a list is kept once. A list above its bound is cut there. A list that is missing is
    empty, another field that is missing is None if it may be. The draft is None if no object is found, if a field is
    missing that has to be there, or if items were lost and none is left.
    """
    answer = text.rpartition("</think>")[2]  # some servers leave a reasoning model's thoughts in the answer
    start = answer.find("{")
    try:
        work = _parse(answer[start:]) if start >= 0 else None
        if work is None:
            return Reading(None, (Rejected("", _shown(text), "there is no JSON object in it"),))
        work.collapse()
        draft = work.validate(schema)
    except RecursionError:
        return Reading(None, (Rejected("", _shown(text), "it is nested too deeply"),))
    kept = sum(len(value) for value in work.values.values() if isinstance(value, list))
    if draft is None or (work.lost and not kept):
        return Reading(None, _first(work.rejected))
    return Reading(draft, _first(work.rejected), kept)


@dataclass(slots=True)
class _Work:
    """The answer's object on its way to a draft.

    `places` holds, for each list, where its entries stood at first. `lost` is whether something that was asked for is
    gone.
    """

    values: dict[str, Any]
    rejected: list[Rejected] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)
    lost: bool = False

    def __post_init__(self) -> None:
        self.places = {name: list(range(len(value))) for name, value in self.values.items() if isinstance(value, list)}

    def reject(self, path: str, value: object, reason: str, *, lost: bool = True) -> None:
        self.rejected.append(Rejected(_shown(path), _shown(value), _shown(reason)))
        self.lost = self.lost or lost

    def collapse(self) -> None:
        """Keep one of objects or strings that are the same. Numbers may well repeat."""
        for name, entries in self.values.items():
            if not isinstance(entries, list):
                continue
            alike: dict[str, list[int]] = {}
            for index, entry in enumerate(entries):
                if isinstance(entry, dict | str):
                    alike.setdefault(json.dumps(entry, sort_keys=True), []).append(index)
            for same in (indices for indices in alike.values() if len(indices) > 1):
                again = f"the same {len(same)} times; one is kept"
                self.reject(f"{name}.{same[1]}", entries[same[0]], again, lost=False)
            surplus = {index for same in alike.values() for index in same[1:]}
            self.places[name] = [place for place in self.places[name] if place not in surplus]
            self.values[name] = [entry for index, entry in enumerate(entries) if index not in surplus]

    def validate(self, schema: type[T]) -> T | None:
        """The draft, after mending `values` where that is possible; else None."""
        for _ in range(_ROUNDS):
            try:
                return schema.model_validate(self.values)
            except ValidationError as error:
                if not self._mend(error.errors(include_url=False, include_input=False), schema):
                    return None
        return None

    def _mend(self, errors: list[ErrorDetails], schema: type[BaseModel]) -> bool:
        """Do something about each error; False if one is beyond mending."""
        bad: dict[tuple[str, int], str] = {}
        for error in (each for found in errors for each in self._bad_items(found, schema) or [found]):
            place = error["loc"]
            name = str(place[0]) if place else ""
            if error["type"] == "too_long" and self._cut(place, int(error["ctx"]["max_length"])):
                continue
            if len(place) > 1 and isinstance(place[1], int) and name in self.places:
                bad.setdefault((name, place[1]), _reason(error))
            elif not self._mend_field(name, error, schema):
                return False
        for (name, index), reason in sorted(bad.items(), reverse=True):
            self.reject(f"{name}.{self.places[name].pop(index)}", self.values[name].pop(index), reason)
        return True

    def _bad_items(self, error: ErrorDetails, schema: type[BaseModel]) -> list[ErrorDetails]:
        """If a list at the top is too long, what is wrong with its items: bad ones must not crowd out good ones."""
        if error["type"] != "too_long" or len(error["loc"]) != 1:
            return []
        name = str(error["loc"][0])
        try:
            items: Any = schema.model_fields[name].annotation  # the list without its bounds
            TypeAdapter(items).validate_python(self.values[name][:LONGEST_LIST])
        except ValidationError as inner:
            details = inner.errors(include_url=False, include_input=False)
            return [{**each, "loc": (name, *each["loc"])} for each in details]
        return []

    def _mend_field(self, name: str, error: ErrorDetails, schema: type[BaseModel]) -> bool:
        if error["type"] == "extra_forbidden":
            self.reject(name, self.values.pop(name), "no field of that name is asked for", lost=False)
            return True
        self.reject(name, self.values.get(name, ""), _reason(error))
        fillings: tuple[list[Any] | None, ...] = ([], None)
        filling = [empty for empty in fillings if _takes(schema, name, empty)]
        if not filling:
            return False
        self.values[name] = filling[0]
        self.places.pop(name, None)
        return True

    def _cut(self, place: tuple[int | str, ...], most: int) -> bool:
        """Cut the list at `place`, at the top or in an item, to `most` entries."""
        entries: Any = self.values
        try:
            for step in place:
                entries = entries[step]
        except (KeyError, IndexError, TypeError):
            return False  # a step that is no key of the answer, such as the name of a union's member
        if not isinstance(entries, list):
            return False
        surplus = entries[most:]
        del entries[most:]
        if len(place) == 1:
            del self.places[str(place[0])][most:]
        path = ".".join(str(step) for step in place)
        self.reject(f"{path}.{most}", surplus, f"{len(surplus)} above the {most} that may be", lost=False)
        return True


def _parse(text: str) -> _Work | None:
    """The object that `text` begins with; without the unfinished end if it breaks off."""
    try:
        return _work(from_json(text))
    except ValueError:
        pass  # the two ways below are tried in turn
    try:
        # Takes words after the object, and line breaks and lone surrogates inside strings.
        return _work(json.JSONDecoder(strict=False).raw_decode(text)[0])
    except ValueError:
        pass
    end, in_list = _last_complete(text)
    try:
        work = _work(from_json(text[:end], allow_partial=True))
    except ValueError:
        return None
    if work is not None:
        name = next(reversed(work.values), "")
        work.reject(f"{name}.{len(work.values[name])}" if in_list else "", text[end:].lstrip(", \r\n\t"), CUT_OFF)
    return work


def _work(found: object) -> _Work | None:
    return _Work(found) if isinstance(found, dict) else None


def _last_complete(text: str) -> tuple[int, bool]:
    """Where the last complete field or item of an object that breaks off ends, and whether that is in a list."""
    opened, end, in_list = "", 0, False
    for mark in _MARKS.finditer(text):
        sign = mark.group()
        if sign == '"':
            break
        if sign in "{[":
            opened += sign
        elif sign in "}]":
            opened = opened[:-1]
        if len(opened) > 200:  # deeper than the parser goes
            break
        if sign in "}]," and opened in ("{", "{["):
            end, in_list = mark.start() if sign == "," else mark.end(), opened == "{["
    return end, in_list


def _takes(schema: type[BaseModel], name: str, value: object) -> bool:
    """Whether the field `name` takes `value`, by its type and its bounds."""
    if name not in schema.model_fields:
        return False
    try:
        TypeAdapter(schema.model_fields[name].rebuild_annotation()).validate_python(value)
    except ValidationError:
        return False
    return True


def _reason(error: ErrorDetails) -> str:
    inside = ".".join(str(step) for step in error["loc"][2:])
    return f"{inside}: {error['msg']}" if inside else error["msg"]


def _first(rejected: list[Rejected]) -> tuple[Rejected, ...]:
    """As many as somebody may want to read, and how many more there were."""
    more = len(rejected) - MOST_REJECTED
    rest = [Rejected("", "", f"and {more} more were left out")] if more > 0 else []
    return (*rejected[:MOST_REJECTED], *rest)


def _shown(value: object) -> str:
    """The first characters, without the halves of characters that no file could hold."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text[:SHOWN].encode(errors="replace").decode().strip()
