"""What points into an article's text: evidence, quotations, and what a check found.

Offsets are `str` indices (code points), end exclusive, into the text of the article.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

ItemT = TypeVar("ItemT", bound=BaseModel)
Action = Literal["", "repaired", "cut", "dropped", "flagged"]
Offset = Annotated[int, Field(ge=0)]


class Frozen(BaseModel):
    """Data that callers get: it does not change after it was made, and has no field nobody declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(Frozen):
    """A stretch of the article: `article.text[start:end] == text` always holds."""

    start: Offset
    end: Offset
    text: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> "Evidence":
        """The stretch `text[start:end]`."""
        return cls(start=start, end=end, text=text[start:end])


class Quotation(Frozen):
    """A stretch that stands inside quotation marks, the marks left out.

    `speaker` is the mention that the text puts with it, pronoun or description included; `speaker_name` is the
    fullest name of the same one in the article. Both are None where the text does not say. `cue` is the word that
    attributes it ("said"). `is_speech` is False for titles, nicknames and scare quotes.
    """

    start: Offset
    end: Offset
    text: str
    speaker: Evidence | None = None
    speaker_name: str | None = None
    cue: Evidence | None = None
    is_speech: bool = True


class Finding(Frozen):
    """What one check (`gate`) says of one text.

    `verdict` is "against" (the article does not carry it) or "undecided" (the check could not tell). `span` is the
    place in the article that the reason speaks of. From `check_claim`, `path` and `action` are empty. In an audit,
    `path` is the place in the model's answer ("quoted.2.claim"; in its second one, "again.quoted.0.claim"), and
    `action` what was done: "repaired", it was mended, by code or by the model when it was asked again, and then it
    held; "cut", this value was left out of an item that stands; "dropped", the item is not in the brief; "flagged", it
    stands, and could not be decided.
    """

    gate: str
    verdict: Literal["against", "undecided"]
    path: str = ""
    action: Action = ""
    text: str
    reason: str
    span: Evidence | None = None


class Who(Frozen):
    """One whom the article speaks of, as code found him or her in the text.

    `name` is the fullest form without titles, `aliases` the other forms, `title` the words beside the name that say
    who it is ("prime minister of …"), None if there are none. `named` is False for a source that the article does
    not name. `kind` is None where the text alone does not tell. `evidence` is the sentence of the fullest form.
    """

    name: str
    named: bool = True
    aliases: tuple[str, ...] = ()
    kind: Literal["person", "government", "organisation", "group"] | None = None
    title: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Sum(Frozen):
    """An amount of money or a count as code read it: `currency` by ISO 4217, None if it is none or not known."""

    text: str
    amount: int | float | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Grounded(Generic[ItemT]):
    """An item of a draft that has passed its checks, with what code found for it in the article.

    `section` is the draft's field that holds it. `quotes` are the stretches in quotation marks among its evidence that
    its actor spoke. `who` and `sums` are keyed by the path of the value in the item, such as `terms.1.party`.
    """

    section: str
    item: ItemT
    evidence: tuple[Evidence, ...]
    quotes: tuple[Evidence, ...] = ()
    who: Mapping[str, Who] = field(default_factory=dict)
    sums: Mapping[str, Sum] = field(default_factory=dict)
