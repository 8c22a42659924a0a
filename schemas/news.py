"""The kind `news`: what the model fills in for a news article, and how its checked items become the brief.

Every item begins with words copied from the article, so that a small model looks before it writes; every list and
string is bounded, so that it cannot run on. The bounds leave room over the longest claim in the gold briefs of the dev
set (162 characters); a title is kept shorter than the longest of theirs (116).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .brief import (
    Actor,
    ActorKind,
    Deal,
    DealStatus,
    Doubt,
    Headline,
    OpenQuestion,
    Position,
    Stance,
    SummarySentence,
    Term,
    Value,
)
from .evidence import Evidence, Grounded, Who
from .kinds import Kind
from .marks import Amount, Carried, Given, MaxWords, Name, Otherwise, Rows, Spoken, State, Verbatim

Quote = Annotated[str, Verbatim(), Field(min_length=3, max_length=160)]
NameText = Annotated[str, Name(), Field(min_length=2, max_length=60)]
MAX_POSITIONS = 20
FEWEST_SENTENCES = 3  # of a summary, where the article gives so many
MAX_WORDS = 30  # of one of them
# For engines that write by a grammar: a sentence ends as one, and has no straight quotation mark, at which a small
# model takes its own string for finished.
SENTENCE = {"pattern": '^[^"\\\\\\n]{8,236}[.?]$'}


class Draft(BaseModel):
    """Base of what a model fills in."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class DraftActor(Draft):
    """Somebody who acts or speaks."""

    quote: Annotated[str, Verbatim(), Field(min_length=2, max_length=120)]
    name: Annotated[str, Name(here=True), Field(min_length=2, max_length=60)]
    kind: ActorKind
    role: Annotated[str, Carried(), Field(max_length=80)]


class DraftPosition(Draft):
    """What somebody says, wants, offers or denies."""

    quote: Annotated[Quote, Spoken(by="actor")]
    actor: NameText
    stance: Annotated[Stance, Otherwise("other")]
    claim: Annotated[
        str,
        Carried(near=True, opens_with="actor", own=True),
        Field(min_length=5, max_length=240, json_schema_extra=SENTENCE),
    ]


class DraftTerm(Draft):
    """What one party would give."""

    party: NameText
    gives: Annotated[str, Carried(near=True), Given(by="party"), Field(min_length=2, max_length=120)]


class DraftDeal(Draft):
    """An agreement that is proposed, negotiated or made."""

    quote: Quote
    title: Annotated[str, Carried(), Field(min_length=3, max_length=80)]
    parties: Annotated[list[NameText], Field(max_length=5)]
    terms: Annotated[list[DraftTerm], Field(max_length=5)]
    value: Annotated[str, Amount(), Field(max_length=60)] | None
    status: Annotated[DealStatus | Literal["none"], State(otherwise="unclear")]


class DraftQuestion(Draft):
    """What the article says is not known."""

    quote: Quote
    question: Annotated[
        str, Carried(near=True, own=True), Field(min_length=5, max_length=240, json_schema_extra=SENTENCE)
    ]
    kind: Doubt


class DraftSentence(Draft):
    """One sentence of the summary."""

    quote: Quote
    text: Annotated[
        str,
        Carried(near=True, own=True),
        MaxWords(MAX_WORDS, fewest=7),
        Field(min_length=10, max_length=240, json_schema_extra=SENTENCE),
    ]


class DraftHeadline(Draft):
    """The headline."""

    quote: Quote
    text: Annotated[str, Carried(near=True, own=True), MaxWords(15), Field(min_length=5, max_length=110)]


class NewsDraft(Draft):
    """The whole answer. Lists marked with Rows follow the worksheet; the others are the model's own finds."""

    people: Annotated[list[DraftActor], Rows("people"), Field(max_length=8)]
    groups: Annotated[list[DraftActor], Rows("bodies"), Field(max_length=5)]
    quoted: Annotated[list[DraftPosition], Rows("statements"), Field(max_length=12)]
    reported: Annotated[list[DraftPosition], Rows("reports"), Field(max_length=8)]
    deals: Annotated[list[DraftDeal], Rows("deal", grouped=True), Field(max_length=3)]
    open_questions: Annotated[list[DraftQuestion], Rows("doubt"), Field(max_length=6)]
    summary: Annotated[list[DraftSentence], Rows("leads", prefer="deal"), Field(max_length=5)]
    headline: Annotated[list[DraftHeadline], Rows("leads"), Field(max_length=1)]


def assemble(items: Sequence[Grounded[Any]]) -> dict[str, Any]:
    """Turn checked items into the sections of `brief/1`, in the draft's order.

    Pure and total: whatever is among the items, the sections are valid; with no headline among them, `headline` is
    missing and the caller falls back to the article's own words.
    """
    cast = Cast()
    by_section: dict[str, list[Grounded[Any]]] = {}
    for grounded in items:
        by_section.setdefault(grounded.section, []).append(grounded)
    for grounded in (*by_section.get("people", []), *by_section.get("groups", [])):
        cast.add(grounded.who["name"], grounded.item.kind, grounded.item.role, grounded.evidence)
    positions = [*by_section.get("quoted", []), *by_section.get("reported", [])]
    sections: dict[str, Any] = {
        "positions": _positions(sorted(positions, key=_place), cast),
        "deals": _deals(by_section.get("deals", []), cast),
        "open_questions": tuple(
            OpenQuestion(question=entry.item.question, kind=entry.item.kind, evidence=entry.evidence)
            for entry in _distinct(by_section.get("open_questions", []), "question")
        ),
    }
    sections["summary"] = _summary(by_section.get("summary", []), sections["positions"])
    for entry in by_section.get("headline", []):
        sections["headline"] = Headline(text=entry.item.text.rstrip("."), evidence=entry.evidence)
    return {"actors": cast.actors(), **sections}


class Cast:
    """The actors of one brief: each once, under its fullest name, with an id made from that name."""

    def __init__(self) -> None:
        self._actors: dict[str, Actor] = {}

    def add(self, who: Who, kind: ActorKind | None, role: str | None, evidence: tuple[Evidence, ...]) -> str:
        """Put somebody on the list, if not there yet, and give the id. What the text itself tells wins."""
        reference = slug(who.name)
        if reference not in self._actors:
            self._actors[reference] = Actor(
                id=reference,
                name=who.name,
                named=who.named,
                aliases=who.aliases,
                kind=who.kind or kind or "organisation",
                role=_role(who, role),
                affiliation=None,
                evidence=who.evidence or evidence,
            )
        return reference

    def party(self, who: Who) -> str:
        """The id of an actor on the list, else the name as the article has it."""
        return slug(who.name) if slug(who.name) in self._actors else who.name

    def actors(self) -> tuple[Actor, ...]:
        """All of them, in the order they were added."""
        return tuple(self._actors.values())


def _role(who: Who, role: str | None) -> str | None:
    """The model's words if they say at least what the article puts beside the name, and more than the name again."""
    told = set((role or "").lower().split())
    is_more = told >= set((who.title or "").lower().split()) and who.name.lower() not in (role or "").lower()
    return role if role and is_more else who.title


def slug(name: str) -> str:
    """An id for a name: its letters and digits in lower case, joined by hyphens; accents are kept."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", name).lower())
    return "-".join(words) or "unknown"


def _positions(entries: Sequence[Grounded[DraftPosition]], cast: Cast) -> tuple[Position, ...]:
    """One position for an actor, a piece of evidence and a claim: said twice, it adds its quotes."""
    merged: dict[tuple[str, Evidence, str], Position] = {}
    for entry in entries:
        actor = cast.add(entry.who["actor"], None, None, entry.evidence)
        key = (actor, entry.evidence[0], slug(entry.item.claim))
        if key in merged:
            known = merged[key]
            more = tuple(quote for quote in entry.quotes if quote not in known.quotes)
            merged[key] = known.model_copy(update={"quotes": known.quotes + more})
        else:
            item = entry.item
            merged[key] = Position(
                actor=actor, stance=item.stance, claim=item.claim, quotes=entry.quotes, evidence=entry.evidence
            )
    return tuple(merged.values())[:MAX_POSITIONS]


def _deals(entries: Sequence[Grounded[DraftDeal]], cast: Cast) -> tuple[Deal, ...]:
    """One deal for a piece of evidence and a title; a party that only a term names is a party too."""
    deals: dict[tuple[Evidence, str], Deal] = {}
    for entry in entries:
        if entry.item.status == "none":  # the model judged that the line tells of no agreement
            continue
        item, value = entry.item, entry.sums.get("value")
        givers = [entry.who[f"terms.{index}.party"] for index in range(len(item.terms))]
        parties = [cast.party(entry.who[f"parties.{index}"]) for index in range(len(item.parties))]
        deals.setdefault(
            (entry.evidence[0], slug(item.title)),
            Deal(
                title=item.title[:1].upper() + item.title[1:],
                parties=tuple(dict.fromkeys([*parties, *(cast.party(who) for who in givers)])),
                terms=tuple(
                    Term(party=cast.party(who), gives=term.gives, evidence=entry.evidence)
                    for who, term in zip(givers, item.terms, strict=True)
                ),
                value=Value(text=value.text, amount=value.amount, currency=value.currency) if value else None,
                status=item.status,
                evidence=entry.evidence,
            ),
        )
    return tuple(deals.values())


def _summary(entries: Sequence[Grounded[DraftSentence]], positions: Sequence[Position]) -> tuple[SummarySentence, ...]:
    """The sentences; where an article is little but what somebody says, and gives few, what is said fills them up."""
    told = [SummarySentence(text=each.item.text, evidence=each.evidence) for each in _distinct(entries, "text")]
    cited = {span for each in told for span in each.evidence}
    for position in positions:
        if len(told) >= FEWEST_SENTENCES:
            break
        is_plain = not re.search(r"[“”\"]|^[^ ]+:", position.claim) and len(position.claim.split()) <= MAX_WORDS
        if is_plain and not cited.intersection(position.evidence):
            told.append(SummarySentence(text=position.claim, evidence=position.evidence))
    return tuple(told)


def _place(entry: Grounded[Any]) -> int:
    """Where in the article it stands."""
    return entry.evidence[0].start


def _distinct(entries: Iterable[Grounded[Any]], field: str) -> list[Grounded[Any]]:
    """The entries without those that say the same words again."""
    seen: dict[str, Grounded[Any]] = {}
    for entry in entries:
        seen.setdefault(slug(getattr(entry.item, field)), entry)
    return list(seen.values())


KIND = Kind(
    "news",
    NewsDraft,
    assemble,
    most=(
        (("people",), 16),
        (("groups",), 10),
        (("quoted", "reported"), MAX_POSITIONS),
        (("deals",), 6),
        (("open_questions",), 10),
        (("summary",), 5),
        (("headline",), 1),
    ),
)
