"""Marks on the fields of a draft: each says what has to hold of the words that the model puts there.

The checks walk a draft by these marks and know no field names, so another kind of brief is another schema and no
code. A mark is put on a field with `Annotated[str, Verbatim()]`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Generic, NamedTuple, TypeVar, get_args, get_origin

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Mark:
    """Base of all marks."""


@dataclass(frozen=True, slots=True)
class Verbatim(Mark):
    """The words stand in the article, and are the evidence of the item that holds them."""


@dataclass(frozen=True, slots=True)
class Spoken(Mark):
    """Words that, where the article puts them in quotation marks, the one named in the field `by` has spoken."""

    by: str


@dataclass(frozen=True, slots=True)
class Name(Mark):
    """A name that stands in the article; with `here`, in the item's own evidence."""

    here: bool = False


@dataclass(frozen=True, slots=True)
class Amount(Mark):
    """A sum, count or share that stands in the article."""


@dataclass(frozen=True, slots=True)
class Carried(Mark):
    """Words of the model's own: every number, date, amount and name in them stands in the article.

    With `near`, they stand where the item's evidence does: in its paragraph or the one before. With `opens_with`, an
    engine that writes by a grammar begins with the one named in that field of the same item. With `own`, the words of
    the article in the item's row may stand for a sentence that fails.
    """

    near: bool = False
    opens_with: str | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Given(Mark):
    """What the one named in the field `by` of the same item gives to another, and does not get."""

    by: str


@dataclass(frozen=True, slots=True)
class State(Mark):
    """What state an agreement is in, as the item's own evidence tells it; `otherwise` where that cannot be told."""

    otherwise: str


@dataclass(frozen=True, slots=True)
class Otherwise(Mark):
    """What stands there in an item that code makes by itself, where nobody has judged."""

    value: str


@dataclass(frozen=True, slots=True)
class MaxWords(Mark):
    """At most so many words, and at least the fewest."""

    words: int
    fewest: int = 0


@dataclass(frozen=True, slots=True)
class Rows(Mark):
    """On a list: its items are those that code has found in the article, one for each row of this worksheet.

    `source` names what code looks for: "people", "statements", "leads" (sentences that tell what the article is
    about, with the best of the table `prefer` among them), or the name of a table of hint words; `grouped` makes
    neighbouring sentences with such words one row.
    """

    source: str
    grouped: bool = False
    prefer: str | None = None


MarkT = TypeVar("MarkT", bound=Mark)
MarkT_co = TypeVar("MarkT_co", bound=Mark, covariant=True)


class Marked(NamedTuple, Generic[MarkT_co]):
    """One marked value of an item. `path` is where it stands in the item, such as `terms.1.gives`."""

    path: str
    value: str
    mark: MarkT_co


def walk(item: BaseModel) -> Iterator[Marked[Mark]]:
    """Every marked, non-blank value of an item and of the items in it, in the order of the schema."""
    return marked_with(item, Mark)


def marked_with(item: BaseModel, kind: type[MarkT], prefix: str = "") -> Iterator[Marked[MarkT]]:
    """Those of `walk` that have a mark of this kind."""
    asked: Any = kind  # a type is hashable, whatever its instances are
    for name, marks in _fields(type(item), asked):
        value = getattr(item, name)
        if isinstance(value, str):  # most are, and are told without going deeper
            if marks and value.strip():
                path = prefix + name
                for mark in marks:
                    yield Marked(path, value, mark)
        elif value is not None:
            yield from _values(value, prefix + name, kind, marks)


@lru_cache(maxsize=256)
def _fields(item: type[BaseModel], kind: Any) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """The fields that have such marks, or items in which they may be."""
    fields = item.model_fields
    marks = ((name, tuple(mark for mark in marks_of(item, name) if isinstance(mark, kind))) for name in fields)
    return tuple((name, found) for name, found in marks if found or _has_items(fields[name].annotation))


def _has_items(annotation: object) -> bool:
    is_item = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return is_item or any(map(_has_items, get_args(annotation)))


@lru_cache(maxsize=256)
def marks_of(item: type[BaseModel], name: str) -> tuple[Mark, ...]:
    """The marks on a field, those on the entries of a list and on the members of a union included."""
    field = item.model_fields[name]
    return (*_marks(field.metadata), *_inner_marks(field.annotation))


def fixed_values(item: type[BaseModel], words: str, name: str | None, settled: Mapping[str, str]) -> dict[str, str]:
    """What is known of an item before anybody words it: the words to copy, the name, settled values; by field."""
    known = dict(settled)
    for field in item.model_fields:
        for mark in marks_of(item, field):
            if isinstance(mark, Verbatim):
                known[field] = words
            elif isinstance(mark, Name) and name and item.model_fields[field].annotation is str:
                known[field] = name
    return known


def _marks(metadata: Iterable[object]) -> list[Mark]:
    return [mark for mark in metadata if isinstance(mark, Mark)]


def _inner_marks(annotation: object) -> list[Mark]:
    found = _marks(getattr(annotation, "__metadata__", ()))
    for inner in get_args(annotation):
        found += _inner_marks(inner) if get_origin(annotation) is not Annotated else []
    return found


def _values(value: object, path: str, kind: type[MarkT], marks: Sequence[MarkT]) -> Iterator[Marked[MarkT]]:
    if isinstance(value, BaseModel):
        yield from marked_with(value, kind, f"{path}.")
    elif isinstance(value, list | tuple):
        for index, entry in enumerate(value):
            yield from _values(entry, f"{path}.{index}", kind, marks)
    elif isinstance(value, str) and value.strip():
        for mark in marks:
            yield Marked(path, value, mark)
