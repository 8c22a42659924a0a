"""A brief against its label: counts of what was right, and the list of what was not."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pydantic import Field

from ..schemas.brief import Actor, Brief, Deal, OpenQuestion, Position, SummarySentence, Usage
from ..schemas.evidence import Evidence, Frozen
from .gold import Gold, GoldDeal
from .matching import folded, has_keywords, name_words, overlap, same_name, spans_of, strictly_same_name, touch
from .running import MadeWith

READ = 150  # words of headline and summary that are read for the points of a summary
Counts = Counter[str]


class Missed(Frozen):
    """Something that a brief has not as the label has it: `kind` is the count that it is missing from, or is in."""

    kind: str
    text: str


class Scored(Frozen):
    """One brief with its counts; `error` says why there is none, and then everything counts as missing.

    `findings` are those of its audit by gate and action ("number: dropped"), `attempts` the calls of the model.
    """

    id: str
    counts: dict[str, int]
    missed: tuple[Missed, ...]
    made_with: MadeWith | None = None
    usage: Usage | None = None
    seconds: float | None = None
    attempts: int = 0
    findings: dict[str, int] = Field(default_factory=dict)
    error: str | None = None


def score(gold: Gold, brief: Brief | None, error: str | None = None) -> Scored:
    """Count what of one label the brief has; without a brief, nothing of it."""
    counts: Counts = Counter(articles=1, failed=brief is None)
    missed: list[Missed] = []
    for part in (_grounding, _actors, _quotes, _positions, _deals, _questions, _summary, _traps):
        for name, number, words in part(gold, brief):
            counts[name] += number
            if words:
                missed.append(Missed(kind=name, text=words))
    audit = brief.audit if brief else None
    return Scored(
        id=gold.id,
        counts=dict(counts),
        missed=tuple(missed),
        made_with=MadeWith.of(brief) if brief else None,
        usage=audit.usage if audit else None,
        seconds=audit.seconds if audit else None,
        attempts=audit.attempts if audit else 0,
        findings=dict(Counter(f"{each.gate}: {each.action}" for each in audit.findings)) if audit else {},
        error=error,
    )


Found = Iterator[tuple[str, int, str]]
"""A count's name, by how much it grows, and what was missed (empty if nothing)."""


def _grounding(gold: Gold, brief: Brief | None) -> Found:
    for span in _evidence_of(brief):
        yield "evidence", 1, ""
        exact = gold.text[span.start : span.end] == span.text
        yield "evidence_ok", exact, "" if exact else f"{span.start}:{span.end} “{span.text}”"


def _evidence_of(brief: Brief | None) -> Iterator[Evidence]:
    if brief is None:
        return
    yield from brief.headline.evidence
    for item in _items(brief):
        yield from item.evidence
    for deal in brief.deals:
        for term in deal.terms:
            yield from term.evidence
    for position in brief.positions:
        yield from position.quotes
    yield from (finding.span for finding in brief.audit.findings if finding.span)


def _items(brief: Brief) -> "Sequence[SummarySentence | Actor | Position | Deal | OpenQuestion]":
    return (*brief.summary, *brief.actors, *brief.positions, *brief.deals, *brief.open_questions)


def _names(gold: Gold, name: str | None) -> Sequence[str]:
    """All names under which the label has somebody."""
    known = next((actor for actor in gold.actors if actor.name == name), None)
    return (known.name, *known.aliases) if known else (name,) if name else ()


def _actors(gold: Gold, brief: Brief | None) -> Found:
    used: set[str] = set()
    for actor in brief.actors if brief else ():
        fits = [each for each in gold.actors if same_name(actor.name, (each.name, *each.aliases))]
        # Of several that fit, the one of exactly that name, and one that no other actor has been taken for.
        exact = [each for each in fits if folded(actor.name) in map(folded, (each.name, *each.aliases))]
        ranked = sorted(fits, key=lambda each: (each not in exact, each.name in used))
        yield "actors_shown", 1, ""
        if not ranked:
            yield "actors_wrong", 1, actor.name
            continue
        known = ranked[0]
        used.add(known.name)
        if known.role_keywords:
            right = any(word in " ".join(folded(actor.role or "")) for word in known.role_keywords)
            yield "roles", 1, ""
            yield "roles_right", right, "" if right else f"{actor.name}: {actor.role or 'no role'}"
    for each in gold.actors:
        if each.salient:
            yield "actors_wanted", 1, ""
            yield "actors_found", each.name in used, "" if each.name in used else each.name


def _quotes(gold: Gold, brief: Brief | None) -> Found:
    spoken = [quote for quote in gold.quotes if quote.speech and quote.speaker]
    covered: dict[int, set[int]] = {}
    for position in brief.positions if brief else ():
        name = _party(brief, position.actor)
        for span in spans_of(position.quotes):
            yield "quotes_shown", 1, ""
            best = max(spoken, key=lambda quote: overlap(span, (quote.start, quote.end)), default=None)
            if best is None or 2 * overlap(span, (best.start, best.end)) < span[1] - span[0]:
                continue
            shown = range(max(span[0], best.start), min(span[1], best.end))
            covered.setdefault(best.start, set()).update(shown)
            names = _names(gold, best.speaker)
            right = same_name(name, names)
            yield "speakers", 1, ""
            yield "speakers_right", right, "" if right else f"{name} for {best.speaker}: “{best.text}”"
            yield "speakers_right_strictly", strictly_same_name(name, names), ""
    for quote in spoken:
        is_there = quote.start in covered
        yield "quotes_wanted", 1, ""
        yield "quotes_found", is_there, "" if is_there else f"{quote.speaker}: “{quote.text}”"
        yield "quote_characters_wanted", quote.end - quote.start, ""
        yield "quote_characters_found", len(covered.get(quote.start, ())), ""


def _positions(gold: Gold, brief: Brief | None) -> Found:
    positions = brief.positions if brief else ()
    for wanted in gold.positions:
        is_there = any(
            same_name(_party(brief, each.actor), _names(gold, wanted.actor))
            and (
                touch(spans_of((*each.evidence, *each.quotes)), wanted.evidence)
                or has_keywords(wanted.keywords, each.claim)
            )
            for each in positions
        )
        yield "positions_wanted", 1, ""
        yield "positions_found", is_there, "" if is_there else f"{wanted.actor}: {wanted.gist}"
    yield "positions_shown", len(positions), ""


def _deals(gold: Gold, brief: Brief | None) -> Found:
    matched: set[int] = set()
    for deal in brief.deals if brief else ():
        yield "deals_shown", 1, ""
        parties = [_party(brief, party) for party in deal.parties]
        ranked = sorted(_fitting(gold, deal, parties, matched), reverse=True)
        if not ranked:
            yield "deals_wrong", 1, deal.title
            continue
        index = -ranked[0][-1]
        if index in matched:
            yield "deals_twice", 1, deal.title
            continue
        matched.add(index)
        yield from _details(gold, gold.deals[index], deal, parties, brief)
    for index, wanted in enumerate(gold.deals):
        if wanted.core:
            yield "deals_wanted", 1, ""
            yield "deals_found", index in matched, "" if index in matched else wanted.title


def _party(brief: Brief | None, party: str) -> str:
    known = next((actor for actor in brief.actors if actor.id == party), None) if brief else None
    return known.name if known else party


def _fitting(gold: Gold, deal: Deal, parties: Sequence[str], matched: set[int]) -> Iterator[tuple[bool, int, int, int]]:
    """The labelled deals that this one may be, each with what speaks for it; the last number is minus its index."""
    spans = spans_of(deal.evidence)
    for index, wanted in enumerate(gold.deals):
        shared = sum(any(same_name(party, _names(gold, name)) for party in parties) for name in wanted.parties)
        by_evidence = touch(spans, wanted.evidence) and (shared or not wanted.parties)
        by_name = shared > 1 and has_keywords(name_words(wanted.title)[:4], deal.title)
        if by_evidence or by_name:
            characters = sum(overlap(span, each) for span in spans for each in wanted.evidence)
            yield index not in matched, characters, shared, -index


def _details(gold: Gold, wanted: GoldDeal, deal: Deal, parties: Sequence[str], brief: Brief | None) -> Found:
    for name in wanted.parties:
        right = any(same_name(party, _names(gold, name)) for party in parties)
        yield "parties_wanted", 1, ""
        yield "parties_found", right, "" if right else f"{wanted.title}: {name}"
    status = deal.status.replace("_", " ")
    right = status in {each.replace("_", " ") for each in (wanted.status, *wanted.status_ok)}
    yield "statuses", 1, ""
    yield "statuses_right", right, "" if right else f"{wanted.title}: {status} for {wanted.status}"
    if wanted.value:
        said = " ".join(folded(deal.value.text)) if deal.value else ""
        fair = [" ".join(folded(each)) for each in (wanted.value, *wanted.value_ok)]
        right = bool(said) and any(each in said or said in each for each in fair)
        yield "values", 1, ""
        yield "values_right", right, "" if right else f"{wanted.title}: {said or 'no value'} for {wanted.value}"
    for term in wanted.terms:
        right = any(
            (term.party is None or same_name(_party(brief, each.party or ""), _names(gold, term.party)))
            and has_keywords(term.keywords, each.gives)
            for each in deal.terms
        )
        yield "terms_wanted", 1, ""
        yield "terms_found", right, "" if right else f"{wanted.title}: {term.gives}"


def _questions(gold: Gold, brief: Brief | None) -> Found:
    hit: set[int] = set()
    for question in brief.open_questions if brief else ():
        fits = [
            index
            for index, wanted in enumerate(gold.open_questions)
            if touch(spans_of(question.evidence), wanted.evidence) or has_keywords(wanted.keywords, question.question)
        ]
        hit.update(fits)
        yield "questions_shown", 1, ""
        yield "questions_right", bool(fits), "" if fits else question.question
    for index, wanted in enumerate(gold.open_questions):
        yield "questions_wanted", 1, ""
        yield "questions_found", index in hit, "" if index in hit else wanted.gist


def _summary(gold: Gold, brief: Brief | None) -> Found:
    words = _summary_of(brief).split()
    yield "summary_words", len(words), ""
    for point in gold.summary_points:
        is_there = has_keywords(point.keywords, " ".join(words[:READ]))
        yield "points_wanted", 1, ""
        yield "points_found", is_there, "" if is_there else point.gist


def _summary_of(brief: Brief | None) -> str:
    return " ".join([brief.headline.text, *(each.text for each in brief.summary)]) if brief else ""


def _traps(gold: Gold, brief: Brief | None) -> Found:
    told = "\n".join(_generated(brief)) if brief else ""
    for trap in gold.must_not:
        found = re.search(trap.pattern, told, re.IGNORECASE)
        why = f" ({trap.why})" if trap.why else ""
        yield "traps", 1, ""
        yield "traps_hit", found is not None, f"{trap.pattern}{why}: “{found[0]}”" if found else ""
    spans = [span for item in (_items(brief) if brief else ()) for span in spans_of(item.evidence)]
    for piece in gold.boilerplate:
        hit = any(overlap(span, piece) for span in spans)
        yield "boilerplate", 1, ""
        yield "boilerplate_cited", hit, gold.text[piece[0] : piece[1]] if hit else ""


def _generated(brief: Brief) -> Iterator[str]:
    """The words of a brief that are not the article's own: what a trap is looked for in."""
    yield _summary_of(brief)
    yield from (position.claim for position in brief.positions)
    for deal in brief.deals:
        yield " ".join([deal.title, *(term.gives for term in deal.terms)])
    yield from (f"{actor.name}, {actor.role or ''}" for actor in brief.actors)
