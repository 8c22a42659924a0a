"""Two runs side by side: what the briefs of one say and those of the other do not."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from ..schemas.brief import ALIASED, Brief
from ..schemas.evidence import Frozen
from .figures import Evaluation

Section = Literal["headline", "summary", "actor", "position", "deal", "question"]


class Said(Frozen):
    """One item of a brief in a line."""

    section: Section
    text: str


class Change(Frozen):
    """What is gone from the brief of an article and what is new in it since an earlier run."""

    id: str
    gone: tuple[Said, ...]
    new: tuple[Said, ...]


class Report(Frozen):
    """`eval/1`: a run, the earlier one that it is set beside if any, and what has changed.

    `changes` has the articles of which both runs have a brief, and the two differ.
    """

    model_config = ALIASED

    contract: Annotated[Literal["eval/1"], Field(alias="schema")] = "eval/1"
    run: Evaluation
    against: Evaluation | None = None
    changes: tuple[Change, ...] = ()


def compare(before: Mapping[str, Brief], after: Mapping[str, Brief]) -> tuple[Change, ...]:
    """What has changed, in the order of the articles of `after`; both hold briefs by their articles' ids."""
    return tuple(_changes(before, after))


def _changes(before: Mapping[str, Brief], after: Mapping[str, Brief]) -> Iterator[Change]:
    for article, brief in after.items():
        if article not in before:
            continue
        old, new = said(before[article]), said(brief)
        change = Change(
            id=article,
            gone=tuple(each for each in old if each not in new),
            new=tuple(each for each in new if each not in old),
        )
        if change.gone or change.new:
            yield change


def said(brief: Brief) -> list[Said]:
    """All that a brief says, an entry for each item, in the order of the brief."""
    names = {actor.id: actor.name for actor in brief.actors}
    return [Said(section=section, text=text) for section, text in _lines(brief, names)]


def _lines(brief: Brief, names: Mapping[str, str]) -> Iterator[tuple[Section, str]]:
    yield "headline", brief.headline.text
    for sentence in brief.summary:
        yield "summary", sentence.text
    for actor in brief.actors:
        yield "actor", f"{actor.name}, {actor.role}" if actor.role else actor.name
    for position in brief.positions:
        quotes = "".join(f" “{quote.text}”" for quote in position.quotes)
        yield "position", f"{names.get(position.actor, position.actor)} {position.stance}: {position.claim}{quotes}"
    for deal in brief.deals:
        value = f"; value: {deal.value.text}" if deal.value else ""
        parties = ", ".join(names.get(party, party) for party in deal.parties) or "no parties"
        terms = "".join(
            f"; {names.get(term.party or '', term.party or 'somebody')}: {term.gives}" for term in deal.terms
        )
        yield "deal", f"{deal.title} ({deal.status}; {parties}{terms}{value})"
    for question in brief.open_questions:
        yield "question", f"{question.question} ({question.kind})"
