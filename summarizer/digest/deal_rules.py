"""Rules for what two articles tell of one deal: what it is worth, how far it is, and who gives what."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from typing import Literal

from ..grounding.agreements import reserve, states_by_stem, states_told
from ..grounding.quantities import Quantity, quantities
from ..grounding.units import same_unit
from ..grounding.wording import Term, terms, wording
from ..schemas.brief import Term as DealTerm
from ..schemas.digest import Rate, Side
from ..schemas.evidence import Evidence
from .actors import Cast
from .figures import Figure, Rates, compared, figure_in
from .figures import told as figure_told
from .lines import matter
from .merging import Told
from .pairs import REASONS, Pair, side_at
from .reports import Report

_OPEN, _MADE, _ENDED = ("proposed", "negotiating"), ("agreed", "signed", "in_force"), ("rejected", "collapsed")
# What one deal cannot be at one time. What is agreed may be signed as well; what is rejected by one side may be talked
# about further.
_APART = frozenset(
    [frozenset((one, other)) for one in _OPEN for other in _MADE]
    + [frozenset((one, other)) for one in _MADE for other in _ENDED]
    + [frozenset(("negotiating", "collapsed"))]
)
_FARTHER = (*_OPEN, *_MADE, *_ENDED)
# Words of what is given that two terms have to share.
_FEWEST = 2


def deal_differences(deals: Sequence[Sequence[Told]], cast: Cast, rates: Rates) -> Iterator[Pair]:
    """What the articles tell otherwise of each deal."""
    for group in deals:
        for one, other in combinations(group, 2):
            yield from _values(one, other, rates)
            yield from _states(one, other)
            yield from _givers(one, other, cast)


# What it is worth


def _values(one: Told, other: Told, rates: Rates) -> Iterator[Pair]:
    mine, its = value_told(one), value_told(other)
    if mine is None or its is None:
        return
    (sentence, sum_), (other_sentence, other_sum) = mine, its
    if not same_unit(sum_.unit, other_sum.unit):
        yield from _exchanged(one, other, mine, its, rates)
        return
    if _is_given(one.report, other_sum) or _is_given(other.report, sum_):
        return
    verdict = compared(_figure(sentence, sum_), _figure(other_sentence, other_sum))
    if verdict in ("rounder", "limit", "contradiction"):
        yield _pair(one, other, mine, its, verdict)


def _figure(sentence: Evidence, sum_: Quantity) -> Figure:
    return figure_in(sentence.text, sum_, quantities(sentence.text))


def _exchanged(
    one: Told, other: Told, mine: tuple[Evidence, Quantity], its: tuple[Evidence, Quantity], rates: Rates
) -> Iterator[Pair]:
    """Sums in two currencies: compared where the rates of both are set, and else said not to be."""
    (sentence, sum_), (other_sentence, other_sum) = mine, its
    if not sum_.unit or not other_sum.unit or "vague" in (sum_.kind, other_sum.kind):
        return
    if _figure(sentence, sum_).period != _figure(other_sentence, other_sum).period:
        return
    used = [rate for rate in (rates.of(sum_.currency), rates.of(other_sum.currency)) if rate is not None]
    if len(used) < 2:
        yield _pair(one, other, mine, its, "not_compared")
        return
    verdict: Literal["converted", "contradiction"] = (
        "converted" if rates.are_alike(sum_, other_sum) else "contradiction"
    )
    yield _pair(one, other, mine, its, verdict, tuple(used))


def _pair(
    one: Told,
    other: Told,
    mine: tuple[Evidence, Quantity],
    its: tuple[Evidence, Quantity],
    verdict: Literal["rounder", "limit", "contradiction", "converted", "not_compared"],
    used: tuple[Rate, ...] = (),
) -> Pair:
    reason = REASONS[verdict]
    if used and verdict == "contradiction":
        reason = "at the rates that are set the sums are not worth the same"
    return Pair(
        "amount", verdict, "deal_value", one.deal.title, reason, value_side(one, *mine), value_side(other, *its), used
    )  # fmt: skip


def value_side(told: Told, sentence: Evidence, sum_: Quantity) -> Side:
    """The sum of a deal in its sentence."""
    start = sentence.start + sum_.start
    words = Evidence(start=start, end=start + len(sum_.text), text=sum_.text)
    return side_at(told.report.id, sentence, words, figure_told(sum_))


def value_told(told: Told) -> tuple[Evidence, Quantity] | None:
    """Where a deal's evidence gives its value, and the sum; None if the brief gives none, or its lines do not."""
    value = told.deal.value
    if value is None or value.amount is None:
        return None
    for span in told.evidence:
        at = span.text.find(value.text)
        inside = [q for q in quantities(span.text) if at >= 0 and at <= q.start < at + len(value.text)]
        sums = [q for q in inside if q.kind == "money"]
        if sums:
            return span, sums[0] if sums[0].currency or not value.currency else replace(sums[0], unit=value.currency)
    return None


def _is_given(report: Report, sum_: Quantity) -> bool:
    """Whether an article itself gives that sum somewhere: then it knows both, and contradicts neither."""
    return any(
        same_unit(unit, sum_.unit) and value in sum_.values for unit, value in _sums(report.brief.article.text)
    )  # fmt: skip


@lru_cache(maxsize=256)
def _sums(text: str) -> frozenset[tuple[str, object]]:
    return frozenset((q.unit, value) for q in quantities(text) if q.kind == "money" for value in q.values)


# How far it is


def _states(one: Told, other: Told) -> Iterator[Pair]:
    if frozenset((one.deal.status, other.deal.status)) not in _APART:
        return
    mine, its = state_side(one), state_side(other)
    told = states_told(e.text for e in one.evidence), states_told(e.text for e in other.evidence)
    if mine is None or its is None or other.deal.status in told[0] or one.deal.status in told[1]:
        return
    order = one.report.order(other.report)
    is_farther = _FARTHER.index(other.deal.status) > _FARTHER.index(one.deal.status)
    moved_on = order == ("before" if is_farther else "after")
    verdict: Literal["older", "contradiction"] = "older" if moved_on else "contradiction"
    yield Pair("status", verdict, "deal_status", one.deal.title, REASONS[verdict], mine, its)


def state_side(told: Told) -> Side | None:
    """The sentence, and in it the word, by which an article says how far a deal is."""
    status = told.deal.status
    for span in told.evidence:
        if status not in states_told([span.text]):
            continue
        words = terms(span.text)
        term = next((t for at, t in enumerate(words) if _tells(words, at, status)), None)
        start, end = (term.start, term.end) if term else (0, len(span.text))
        place = Evidence(start=span.start + start, end=span.start + end, text=span.text[start:end])
        return side_at(told.report.id, span, place, status)
    return None


def _tells(words: Sequence[Term], at: int, status: str) -> bool:
    if status == "proposed" and reserve(words, at) == "open" and words[at].stem in states_by_stem():
        return True
    is_noun = status == "agreed" and words[at].low in wording("agreed_nouns")
    return status in states_by_stem().get(words[at].stem, ()) or is_noun


# Who gives what


def _givers(one: Told, other: Told, cast: Cast) -> Iterator[Pair]:
    """The same thing, given by one party here and by the other there; both have to be parties in both articles."""
    for mine in one.deal.terms:
        for its in other.deal.terms:
            pair = _given_otherwise(one, other, mine, its, cast)
            if pair is not None:
                yield pair


def _given_otherwise(one: Told, other: Told, mine: DealTerm, its: DealTerm, cast: Cast) -> Pair | None:
    if mine.party is None or its.party is None or not mine.evidence or not its.evidence or not _is_same(mine, its):
        return None
    giver, other_giver = cast.of(one.report, mine.party), cast.of(other.report, its.party)
    named = cast.is_named(giver) and cast.is_named(other_giver)
    if not named or cast.are_one_side(giver, other_giver):
        return None
    known = all(_is_party(cast, giver, each) and _is_party(cast, other_giver, each) for each in (one, other))
    if not known or _gives(one, other_giver, mine, cast) or _gives(other, giver, its, cast):
        return None
    return Pair(
        "giver",
        "contradiction",
        "deal_giver",
        mine.gives,
        REASONS["contradiction"],
        given_side(one, mine, giver, cast),
        given_side(other, its, other_giver, cast),
    )


def _is_same(one: DealTerm, other: DealTerm) -> bool:
    """Whether two terms give the same thing: most of its words, or the same sum."""
    mine, its = matter(one.gives), matter(other.gives)
    shared = mine & its
    if len(shared) >= _FEWEST and len(shared) >= 0.6 * min(len(mine), len(its)):
        return True
    sums = [{(q.unit, q.value) for q in quantities(each.gives) if q.kind == "money"} for each in (one, other)]
    return bool(sums[0] & sums[1])


def _is_party(cast: Cast, party: str, told: Told) -> bool:
    return any(cast.are_one_side(party, each) for each in told.parties)


def _gives(told: Told, giver: str, term: DealTerm, cast: Cast) -> bool:
    """Whether the article lets that party give the same, too."""
    return any(
        each.party is not None and cast.are_one_side(cast.of(told.report, each.party), giver) and _is_same(each, term)
        for each in told.deal.terms
    )


def given_side(told: Told, term: DealTerm, giver: str, cast: Cast) -> Side:
    """The sentence that gives a term, which has evidence, and in it what is given; its value is who gives."""
    span = term.evidence[0]
    at = span.text.find(term.gives)
    start, end = (at, at + len(term.gives)) if at >= 0 else (0, len(span.text))
    place = Evidence(start=span.start + start, end=span.start + end, text=span.text[start:end])
    return side_at(told.report.id, span, place, cast.name(giver))
