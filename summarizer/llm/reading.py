"""From the text of an answer to a draft: what validates is kept, what does not is dropped and said.

    text ── parse ──► object ── repeats collapsed ──► pydantic ──► draft
                                                        │ errors
                                     the items at fault dropped, lists too long cut, and validated again

Pure. An item is an entry of a list at the top of the answer; it is kept or dropped as a whole, because a part of it
(a deal without one of its terms) can say something else than the whole did.
"""

import contextlib
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError, create_model, model_validator
from pydantic_core import ErrorDetails, from_json

from .calls import plain

T = TypeVar("T", bound=BaseModel)

SHOWN = 300  # characters of a rejected text that are kept
MOST_REJECTED = 50
CUT_OFF = "the answer broke off here"
NO_ITEM = "it holds no item"
THOUGHT = "</think>"  # the end of a reasoning model's thoughts, which some servers leave in the answer
LONGEST_LIST = 1000  # entries that are looked at one by one where a list is too long
_BEGINNINGS = 8  # braces that are tried as the beginning of the answer; words before it rarely hold one
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
    """`draft` is None if nothing of the answer can be used."""

    draft: T | None
    rejected: tuple[Rejected, ...] = ()


def read_answer(text: str, schema: type[T], *, may_be_empty: bool = False) -> Reading[T]:
    """The draft that `text` holds, as far as it validates against `schema`.

    Words, code fences and thoughts around the JSON are passed over. JSON that breaks off keeps the items that are
    complete. The same object or string twice in a list is kept once. A list above its bound is cut there. A list that
    is missing is empty, another field that is missing is None if it may be. The draft is None if no object is found,
    if a field is missing that has to be there, if items were lost and none is left, or if all lists are empty, unless
    it `may_be_empty`.
    """
    try:
        work = _find(plain(text), schema.model_fields)
        if work is None:
            return Reading(None, (Rejected("", _shown(text), "there is no JSON object in it"),))
        work.collapse()
        draft = work.validate(schema)
    except RecursionError:
        return Reading(None, (Rejected("", _shown(text), "it is nested too deeply"),))
    empty = _is_empty(work.values)
    if draft is None or (work.lost and empty):
        return Reading(None, _first(work.rejected))
    if empty and not may_be_empty:
        return Reading(None, _first([Rejected("", _shown(text), NO_ITEM), *work.rejected]))
    return Reading(draft, _first(work.rejected))


def with_an_item(schema: type[T]) -> type[T]:
    """`schema`, which takes no answer of which all lists are empty."""

    def check(draft: T) -> T:
        if _is_empty(dict(draft)):
            raise ValueError(NO_ITEM)
        return draft

    validators: dict[str, Any] = {"holds_an_item": model_validator(mode="after")(check)}
    return create_model(schema.__name__, __base__=schema, __validators__=validators)


def _is_empty(values: dict[str, Any]) -> bool:
    """Whether there are lists and nothing is in them."""
    lists = [value for value in values.values() if isinstance(value, list)]
    return bool(lists) and not any(lists)


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


def _find(text: str, names: Collection[str]) -> _Work | None:
    """The answer in `text`: all of it, else the first object in it with a field of one of these `names`.

    An object that breaks off is taken only if none is whole, one with other fields only if it stands first.
    """
    with contextlib.suppress(ValueError):  # there are words around it, or it breaks off
        if (work := _work(from_json(text))) is not None:
            return work
    first: _Work | None = None
    for read in (_whole, _unfinished):
        for number, beginning in enumerate(_beginnings(text)):
            work = read(beginning)
            if work is not None and not work.values.keys().isdisjoint(names):
                return work
            first = first or (work if number == 0 else None)
    return first


def _beginnings(text: str) -> Iterator[str]:
    """`text` from each of its first braces on; from those after a model's thoughts first, which may hold some too."""
    _, mark, answer = text.partition(THOUGHT)
    for part in (answer, text) if mark else (text,):
        for brace in islice(re.finditer("{", part), _BEGINNINGS):
            yield part[brace.start() :]


def _whole(text: str) -> _Work | None:
    """The object that `text` begins with. Takes line breaks and lone surrogates inside strings."""
    try:
        return _work(json.JSONDecoder(strict=False).raw_decode(text)[0])
    except ValueError:
        return None


def _unfinished(text: str) -> _Work | None:
    """The object that `text` begins with, which breaks off: as far as it is complete."""
    end, in_list = _last_complete(text)
    try:
        work = _work(from_json(text[:end], allow_partial=True))
    except ValueError:
        return None
    if work is not None:
        name, entries = next(reversed(work.values.items()), ("", None))
        # Where a name comes twice, its list is not the last one.
        path = f"{name}.{len(entries)}" if in_list and isinstance(entries, list) else ""
        work.reject(path, text[end:].lstrip(", \r\n\t"), CUT_OFF)
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
    return plain(text[:SHOWN]).strip()
