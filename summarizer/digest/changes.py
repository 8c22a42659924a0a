"""What is new since the digest before: stories, states, values, terms and parties of deals, positions, answers."""

import re
from collections.abc import Iterator, Mapping, Sequence

from ..grounding.persons import is_name, same_person
from ..grounding.polarity import nots
from ..grounding.quantities import quantities
from ..grounding.units import same_unit
from ..grounding.wording import terms
from ..schemas.digest import (
    Change,
    DealTold,
    Digest,
    DigestActor,
    DigestDeal,
    DigestPosition,
    DigestQuestion,
    DigestSentence,
    DigestStory,
    Source,
)
from ..schemas.evidence import Evidence
from .deal_terms import is_changed, is_of_one_thing
from .figures import compared, figure_in
from .lines import covered, matter, near
from .merging import same_words
from .questions import asked

# Two deals of two days are one from this likeness of their titles, two positions from this one of their claims.
_ONE_DEAL, _ONE_POSITION, _INSIDE = 0.5, 0.4, 0.8
_ACTORS = 2
_LEFT = re.compile(
    r"\b(?:left|quit|withdrew|withdrawn|pulled out|dropped out|walked (?:out|away)|no longer (?:a )?part)\b"
)


def story_before(
    previous: Digest | None,
    id_: str | None,
    articles: Sequence[str],
    actors: Sequence[DigestActor],
    deals: Sequence[DigestDeal],
) -> DigestStory | None:
    """The story of the digest before that goes on: that of the id, or with an article of this one, or of one deal.

    Without the ids of a clustering a story goes on in articles that are all new only where it has a deal: by the deal
    and two named actors.
    """
    stories = previous.stories if previous else ()
    by_id = next((story for story in stories if story.id == id_), None)
    if by_id is not None:
        return by_id
    by_article = [story for story in stories if {each.id for each in story.articles} & set(articles)]
    if by_article or id_ is not None:
        return by_article[0] if by_article else None
    return next((story for story in stories if _goes_on(story, actors, deals)), None)


def _goes_on(story: DigestStory, actors: Sequence[DigestActor], deals: Sequence[DigestDeal]) -> bool:
    named = [actor for actor in actors if actor.named]
    met = sum(any(_is_one(actor, other) for other in named) for actor in story.actors if actor.named)
    return met >= _ACTORS and any(_is_deal(one, other) for one in story.deals for other in deals)


def _is_one(one: DigestActor, other: DigestActor) -> bool:
    return one.named and other.named and one.kind == other.kind and same_person(one.name, other.name)


def _is_deal(one: DigestDeal, other: DigestDeal) -> bool:
    return near(matter(one.title), matter(other.title)) >= _ONE_DEAL


def changes_of(
    before: DigestStory | None,
    headline: DigestSentence,
    actors: Sequence[DigestActor],
    positions: Sequence[DigestPosition],
    deals: Sequence[DigestDeal],
    questions: Sequence[DigestQuestion],
) -> tuple[Change, ...]:
    """What a story has that the digest before had not; the story itself if that had none of it."""
    if before is None:
        return (Change(kind="story", text=headline.text, before=None, after=None, sources=headline.sources),)
    old = {article.id for article in before.articles}
    found = [
        *(change for deal in deals for change in _of_deal(before, deal, actors, old)),
        *_answered(before, questions, old),
        *_positions(before, actors, positions, old),
    ]
    return tuple(found)


def _of_deal(before: DigestStory, deal: DigestDeal, actors: Sequence[DigestActor], old: set[str]) -> Iterator[Change]:
    known = next((each for each in before.deals if _is_deal(each, deal)), None)
    new = [told for told in deal.told if told.article not in old]
    if known is None or not new:
        return
    last, now = known.told[-1], new[-1]
    statuses = {told.status for told in known.told}
    if now.status not in statuses and now.status != "unclear":
        yield _change("status", deal, now, last.status.replace("_", " "), now.status.replace("_", " "))
    is_new_value = bool(now.value and all(_is_other(told, now) for told in known.told if told.value))
    if is_new_value and now.value and now.value.text:
        value = next((told.value.text for told in reversed(known.told) if told.value), None)
        yield _change("value", deal, now, value, now.value.text)
    names = {"before": before.actors, "now": actors}
    told_value = now.value.text if is_new_value and now.value else ""
    yield from _terms(known, deal, new, names, told_value)
    yield from _parties(known, deal, new, names)


_Names = Mapping[str, Sequence[DigestActor]]


def _terms(
    known: DigestDeal, deal: DigestDeal, new: Sequence[DealTold], names: _Names, told_value: str
) -> Iterator[Change]:
    """What a party gives more or less of than in every article of the day before, and what another party gives than in
    all of these; the deal's value is told already.
    """
    former = [
        (_name(term.party, names["before"]), term.gives) for told in known.told for term in told.terms if term.party
    ]
    both = _staying(known.told, new, names)
    seen: list[str] = []
    for told in reversed(new):
        for term in told.terms:
            party = _name(term.party, names["now"]) if term.party else ""
            alike = [(who, gives) for who, gives in former if is_of_one_thing(gives, term.gives)]
            theirs = [(who, gives) for who, gives in alike if _is_party(who, party)]
            if not party or not alike or any(is_of_one_thing(term.gives, gives) for gives in seen):
                continue
            is_more = bool(theirs) and all(is_changed(gives, term.gives) for _, gives in theirs)
            is_of_another = not theirs and all(
                _is_among(each, both) and not is_changed(gives, term.gives)
                for who, gives in alike
                for each in (who, party)
            )
            if is_of_another or (is_more and not (told_value and told_value in term.gives)):
                seen.append(term.gives)
                who, gives = (theirs or alike)[-1]
                evidence = term.evidence or told.evidence
                yield _change("terms", deal, told, f"{who}: {gives}", f"{party}: {term.gives}", evidence)


def _parties(known: DigestDeal, deal: DigestDeal, new: Sequence[DealTold], names: _Names) -> Iterator[Change]:
    """Who has joined a deal or left it. That an article does not name a party says nothing: who has joined stands in no
    word of the day before, and that somebody has left a sentence has to say.
    """
    former, now = _party_names(known.told, names["before"]), _party_names(new, names["now"])
    words = " ".join(span.text for told in known.told for span in _spans(told)).casefold()
    staying = _staying(known.told, new, names)
    for party in now if len(staying) >= _ACTORS else ():
        if is_name(party) and not _is_among(party, former) and party.casefold() not in words:
            told = next(told for told in new if party in _party_names([told], names["now"]))
            yield _change("joined", deal, told, None, party)
    for party in former if staying and len(former) >= _ACTORS else ():
        leaving = ((told, _leaving(told, party)) for told in new)
        found = next(((told, spans) for told, spans in leaving if spans), None)
        if is_name(party) and not _is_among(party, now) and found is not None:
            yield _change("left", deal, found[0], party, None, found[1])


def _leaving(told: DealTold, party: str) -> tuple[Evidence, ...]:
    """The sentences by which an article says that a party has left."""
    return tuple(
        span
        for span in _spans(told)
        if _LEFT.search(span.text.partition(party)[2]) and next(nots(terms(span.text)), None) is None
    )


def _staying(before: Sequence[DealTold], new: Sequence[DealTold], names: _Names) -> list[str]:
    """The parties that both days have."""
    now = _party_names(new, names["now"])
    return [party for party in _party_names(before, names["before"]) if _is_among(party, now)]


def _party_names(tellings: Sequence[DealTold], actors: Sequence[DigestActor]) -> list[str]:
    return list(dict.fromkeys(_name(party, actors) for told in tellings for party in told.parties))


def _is_among(party: str, parties: Sequence[str]) -> bool:
    return any(_is_party(party, each) for each in parties)


def _spans(told: DealTold) -> tuple[Evidence, ...]:
    return (*told.evidence, *(span for term in told.terms for span in term.evidence))


def _name(reference: str, actors: Sequence[DigestActor]) -> str:
    return next((actor.name for actor in actors if actor.id == reference), reference)


def _is_party(one: str, other: str) -> bool:
    return one.casefold() == other.casefold() or same_person(one, other)


def _is_other(one: DealTold, other: DealTold) -> bool:
    """Whether two values are surely two: in one currency, for one time, and neither rounder than the other."""
    mine, its = (
        next((q for q in quantities(told.value.text) if q.kind == "money"), None) if told.value else None
        for told in (one, other)
    )
    if mine is None or its is None or one.value is None or other.value is None or not same_unit(mine.unit, its.unit):
        return False
    return compared(figure_in(one.value.text, mine), figure_in(other.value.text, its)) == "contradiction"


def _change(
    kind: str,
    deal: DigestDeal,
    told: DealTold,
    before: str | None,
    after: str | None,
    evidence: tuple[Evidence, ...] = (),
) -> Change:
    source = Source(article=told.article, evidence=evidence or told.evidence)
    return Change.model_validate(
        {"kind": kind, "text": deal.title, "before": before, "after": after, "sources": (source,)}
    )  # fmt: skip


def _answered(before: DigestStory, questions: Sequence[DigestQuestion], old: set[str]) -> Iterator[Change]:
    for question in questions:
        asked_before = [
            each for each in before.open_questions if near(asked(each.question), asked(question.question)) >= 0.6
        ]
        answers = tuple(answer for answer in question.answers if answer.article not in old)
        if asked_before and answers and not any(each.answers for each in asked_before):
            yield Change(
                kind="answered",
                text=question.question,
                before=None,
                after=answers[0].evidence[0].text,
                sources=answers,
            )


def _positions(
    before: DigestStory, actors: Sequence[DigestActor], positions: Sequence[DigestPosition], old: set[str]
) -> Iterator[Change]:
    names = {actor.id: actor for actor in actors}
    former = {actor.id: actor for actor in before.actors}
    for position in positions:
        new = [said for said in position.said if said.article not in old]
        actor = names.get(position.actor)
        if not new or len(new) < len(position.said) or actor is None or not actor.named:
            continue
        theirs = [
            each
            for each in before.positions
            if each.actor in former and _is_one(former[each.actor], actor)
        ]  # fmt: skip
        if any(_is_said(each, position) for each in theirs):
            continue
        sources = tuple(Source(article=said.article, evidence=said.evidence) for said in new)
        yield Change(kind="position", text=position.claim, before=None, after=position.stance, sources=sources)


def _is_said(one: DigestPosition, other: DigestPosition) -> bool:
    if any(same_words(a.text, b.text) for x in one.said for a in x.quotes for y in other.said for b in y.quotes):
        return True
    mine, its = matter(one.claim), matter(other.claim)
    return near(mine, its) >= _ONE_POSITION or covered(its, mine) >= _INSIDE
