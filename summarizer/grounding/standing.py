"""What state a deal is in, what office somebody holds and which time or rank is meant, compared word by word.

Each check is a function (comparison) -> changes; see `polarity`.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache

from .agreements import reserve, states_by_stem
from .polarity import is_denied
from .tokens import name_words
from .wording import Change, Comparison, Term, changed, in_place_of, stems, wording

# Words after a qualifier among which its office or name stands.
_REACH = 3
# Words around one among which the agreement stands.
_BESIDE = 6
# What is in one of these states has gone through those after it.
_IMPLIED = {"signed": frozenset({"agreed"}), "in_force": frozenset({"agreed", "signed"})}
_SETTLED = frozenset({"agreed", "signed"})


def _told(stem: str) -> frozenset[str]:
    """The states that a word tells, and those that they imply."""
    own = states_by_stem().get(stem, frozenset())
    return own.union(*(_IMPLIED.get(state, frozenset()) for state in own))


def states(compared: Comparison) -> Iterator[Change]:
    """A word for one state of an agreement in the place of a word for another."""
    lost = {place: term for place, term in compared.lost() if term.stem in states_by_stem()}
    for index, term in compared.added():
        claimed = frozenset() if is_denied(compared.claim, index) else states_by_stem().get(term.stem, frozenset())
        low, high = compared.slot(index, index) if claimed else (0, 0)
        for place, other in ((place, lost[place]) for place in range(low + 1, high) if place in lost):
            if not claimed & _told(other.stem) and not is_denied(compared.carrier, place):
                yield in_place_of(term, other)


def unsettled(claim: Sequence[Term], lines: Iterable[Sequence[Term]]) -> Iterator[Change]:
    """An agreement that is called agreed or signed, where no word of the lines says so or more."""
    known = {
        term.stem
        for line in lines
        for index, term in enumerate(line)
        if (term.stem in states_by_stem() or term.stem in stems("settling")) and not reserve(line, index)
    }
    for index, term in enumerate(claim):
        claimed = states_by_stem().get(term.stem, frozenset()) & _SETTLED
        if not claimed or term.low in wording("agreements") or reserve(claim, index):
            continue
        if any(claimed & _told(stem) for stem in known) or ("agreed" in claimed and known & stems("settling")):
            continue
        near = claim[max(0, index - _BESIDE) : index + _BESIDE + 1]
        if any(each.low in wording("agreements") for each in near):
            yield changed(term, f"the article has no word that says “{term.low}”: say what it says of the agreement")


def offices(compared: Comparison) -> Iterator[Change]:
    """An office in the place of another, and one that is called a former, acting or deputy one, or no more so."""
    yield from _other_offices(compared)
    claim, carrier = compared.claim, compared.carrier
    for index, term in compared.added():
        is_qualifier = term.low in (*wording("office")["qualifiers"], *wording("office")["ranks"])
        if any(following.low == "of" for following in claim[index + 1 : index + 2]):
            continue  # "the head of the army" is an office, no rank
        if is_qualifier and not _has_alike(term, carrier) and _head(claim, index, compared.there) is not None:
            yield changed(term, f"the article does not say “{term.low}”")
    for index, term in compared.lost():
        head = _head(carrier, index, compared.back) if term.low in wording("office")["qualifiers"] else None
        if head is not None and not _has_alike(term, claim):
            yield changed(claim[compared.back[head]], f"it leaves out the article’s “{term.low}”")


def _other_offices(compared: Comparison) -> Iterator[Change]:
    lost = dict(compared.lost())
    for index, term in compared.added():
        low, high = compared.slot(index, index)
        for place in (place for place in range(low + 1, high) if place in lost):
            is_another = _is_office(term) and _is_office(lost[place])
            if is_another or (_is_portfolio(compared.claim, index) and _is_portfolio(compared.carrier, place)):
                yield in_place_of(term, lost[place])


def _has_alike(qualifier: Term, sentence: Sequence[Term]) -> bool:
    """Whether the sentence has the qualifier or one that says the same: "ex" for "former"."""
    alike = {word for group in wording("office")["alike"] if qualifier.low in group for word in group}
    return any(term.low == qualifier.low or term.low in alike for term in sentence)


def _is_office(term: Term) -> bool:
    known = name_words()
    return term.low in known.titles | set(wording("office")["more"]) and term.low not in wording("office")["addresses"]


@cache
def _heads() -> frozenset[str]:
    return frozenset(wording("office")["heads"])


def _is_portfolio(sentence: Sequence[Term], at: int) -> bool:
    """Whether the word says which minister or secretary is meant."""
    following = [term.low for term in sentence[at + 1 : at + 2]]
    before = [term.low for term in sentence[max(0, at - 2) : at]]
    is_near = (following and following[0] in _heads()) or (before[-1:] == ["of"] and len(before) == 2)
    return bool(is_near) and sentence[at].low in wording("office")["portfolios"]


def _head(sentence: Sequence[Term], at: int, known: Container[int]) -> int | None:
    """The index of the office or name that the word at `at` qualifies, if the other sentence has it."""
    for index in range(at + 1, min(at + 1 + _REACH, len(sentence))):
        if sentence[index].clause != sentence[at].clause:
            return None
        if _is_office(sentence[index]) or sentence[index].low in _heads() or sentence[index].is_capital:
            return index if index in known else None
    return None


def times(compared: Comparison) -> Iterator[Change]:
    """Last year in the place of next year, spring in that of autumn, tomorrow in that of yesterday."""
    table = wording("time")
    for index, term in compared.added():
        following = compared.claim[index + 1 : index + 2]
        if following and following[0].low in table["stretches"]:
            yield from _other_step(compared, index, table["which"])
        if term.low in table["days"]:
            yield from (in_place_of(term, other) for _, other in compared.lost() if other.low in table["days"])
        yield from _other_stretch(compared, index)


def ranks(compared: Comparison) -> Iterator[Change]:
    """The second in the place of the third, all in the place of some."""
    for index, _ in compared.added():
        for scale in wording("scales").values():
            yield from _other_step(compared, index, scale)


def _other_step(compared: Comparison, index: int, scale: Sequence[Sequence[str]]) -> Iterator[Change]:
    """A word of a scale, before a word that the article has after another step of that scale."""
    mine = _step(compared.claim[index], scale)
    there = compared.there.get(index + 1, 0)
    is_turned = index > 0 and compared.claim[index - 1].low in wording("not")
    if mine is None or not there or is_turned or (there > 1 and compared.carrier[there - 2].low in wording("not")):
        return
    other = compared.carrier[there - 1]
    its = _step(other, scale)
    if its is not None and its != mine:
        yield in_place_of(compared.claim[index], other)


def _step(term: Term, scale: Sequence[Sequence[str]]) -> int | None:
    return next((step for step, words in enumerate(scale) if term.low in words), None)


def _other_stretch(compared: Comparison, index: int) -> Iterator[Change]:
    """A stretch of time where the article has another of its kind after the same word: "next month" for "next week"."""
    before = compared.there.get(index - 1, len(compared.carrier))
    if before + 1 >= len(compared.carrier) or before + 1 in compared.back:
        return
    term, other = compared.claim[index], compared.carrier[before + 1]
    for kind in wording("time")["kinds"]:
        if term.low in kind and other.low in kind and term.low != other.low:
            yield in_place_of(term, other)
