"""`brief/1`: what callers get.

A field may be added within `brief/1`; one is renamed or removed only in `brief/2`. Unknown is None, never an invented
value. Every Evidence is a clause or a sentence of at most 600 characters.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from .article import Article
from .evidence import Evidence, Finding, Frozen

# A field named `schema` would hide pydantic's own method, so two fields answer to that name by alias.
ALIASED = ConfigDict(
    frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True, validate_by_alias=True
)
Spans = tuple[Evidence, ...]
ActorKind = Literal["person", "government", "organisation", "group"]
Stance = Literal[
    "supports", "opposes", "demands", "offers", "claims", "confirms", "denies", "declines", "warns", "other"
]
DealStatus = Literal["proposed", "negotiating", "agreed", "signed", "in_force", "rejected", "collapsed", "unclear"]
Doubt = Literal["undisclosed", "unconfirmed", "disputed", "undecided"]


class Headline(Frozen):
    """At most 15 words."""

    text: str
    evidence: Spans


class SummarySentence(Frozen):
    """One sentence of the summary, at most 30 words."""

    text: str
    evidence: Spans


class Actor(Frozen):
    """Somebody who acts or speaks. `named` is False for a source that the article does not name."""

    id: str
    name: str
    named: bool
    aliases: tuple[str, ...] = ()
    kind: ActorKind
    role: str | None
    affiliation: str | None
    evidence: Spans


class Position(Frozen):
    """What an actor (by id) says, wants, offers or denies.

    `quotes` are stretches that stand inside quotation marks in the article and that this actor spoke. In a brief in
    another language, `translations` has a machine's translation of each, None where there is none.
    """

    actor: str
    stance: Stance
    claim: str
    quotes: Spans
    evidence: Spans
    translations: tuple[str | None, ...] = ()


class Term(Frozen):
    """What one party of a deal (an actor's id, or a name in the article) gives; None: the article does not say who."""

    party: str | None
    gives: str
    evidence: Spans


class Value(Frozen):
    """What a deal is worth: the article's words, the number, and the currency by ISO 4217."""

    text: str
    amount: int | float | None
    currency: str | None


class Deal(Frozen):
    """An agreement that is proposed, negotiated, made or broken. A party is an actor's id or a name in the article."""

    title: str
    parties: tuple[str, ...]
    terms: tuple[Term, ...]
    value: Value | None
    status: DealStatus
    evidence: Spans


class OpenQuestion(Frozen):
    """What the article says is not known."""

    question: str
    kind: Doubt
    evidence: Spans


class DayMeant(Evidence):
    """A word of the article that tells a day by that of its publication (“Tuesday”), and the day: ISO 8601."""

    date: str


class Usage(Frozen):
    """Tokens of all calls together; the cached ones are among the input."""

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0


class Audit(Frozen):
    """How the brief came about: what was refused and why, and what it cost.

    `attempts` counts every request that was sent, failed ones too. `prompt` and `schema` are the first twelve
    hexadecimal digits of a SHA-256 over the templates and over the JSON Schema of the draft. `cost_usd` is None where
    the price is not known and 0 for a local model.
    """

    model_config = ALIASED

    findings: tuple[Finding, ...]
    attempts: int
    model: str
    prompt: str
    draft_schema: Annotated[str, Field(alias="schema")]
    usage: Usage
    cost_usd: float | None
    seconds: float


class Brief(Frozen):
    """The whole brief of one article.

    `dates` are the days that words in its evidence mean, as far as the day of publication tells them.
    """

    model_config = ALIASED

    contract: Annotated[Literal["brief/1"], Field(alias="schema")] = "brief/1"
    article: Article
    headline: Headline
    summary: tuple[SummarySentence, ...]
    actors: tuple[Actor, ...]
    positions: tuple[Position, ...]
    deals: tuple[Deal, ...]
    open_questions: tuple[OpenQuestion, ...]
    dates: tuple[DayMeant, ...] = ()
    audit: Audit

    def actor(self, reference: str) -> Actor | None:
        """The actor with that id; None if `reference` is a name in the article and no id."""
        return next((actor for actor in self.actors if actor.id == reference), None)
