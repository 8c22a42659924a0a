"""Which state of an agreement some lines tell: that it is proposed, signed, rejected, and so on."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal

from .wording import Term, is_may, stem_of, stems, terms, wording

# Words before one among which a "not" denies it, or a "would" or "may" leaves open whether it comes to that.
_NEAR = 6
OPEN, TALKS = "proposed", "negotiating"
# The last one first: what is in force was signed before, what collapsed or was rejected comes to no more.
_ENDED, _MADE = ("collapsed", "rejected"), ("in_force", "signed", "agreed")


def states_told(lines: Iterable[str]) -> frozenset[str]:
    """The states, by the names of `wording.toml`, for which the lines have words.

    What would, may or is to be signed is proposed; what is not signed is neither.
    """
    told, named = _read(lines)
    return told or named


def one_state(lines: Iterable[str]) -> str | None:
    """The state that the lines tell; None if they tell none, or several of which none is surely the last.

    What was negotiated and then rejected is rejected, what was agreed and then signed is signed.
    """
    told = states_told(lines)
    if len(told) < 2:
        return next(iter(told), None)
    for last, before in (_ENDED, {OPEN, TALKS}), (_MADE, {TALKS}), ((TALKS,), {OPEN}):
        if told - before and told <= before.union(last):
            return next(state for state in last if state in told)
    return None


def _read(lines: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    told: set[str] = set()
    named: set[str] = set()
    for line in lines:
        sentence = terms(line)
        for index, term in enumerate(sentence):
            states = states_by_stem().get(term.stem)
            if term.low in wording("agreed_nouns"):
                named.add("agreed")
            elif states is None and term.stem in stems("reaching") and _is_of_a_deal(sentence, index):
                states = frozenset({"agreed"})
            if states and term.low not in wording("agreed_nouns") and not _is_beside_it(sentence, index, states):
                held = reserve(sentence, index)
                told |= {OPEN} if held == "open" else frozenset() if held == "denied" else states
    return frozenset(told), frozenset(named)


def _is_of_a_deal(sentence: Sequence[Term], at: int) -> bool:
    """Whether an agreement stands beside the word: "struck a deal", "a deal already struck"."""
    return any(term.low in wording("agreements") for term in sentence[max(0, at - _NEAR) : at + _NEAR])


def _is_beside_it(sentence: Sequence[Term], at: int, states: frozenset[str]) -> bool:
    """Whether the word tells of something else: a sign of something, a refusal to ratify, the last one that failed."""
    word, before, after = sentence[at], sentence[max(0, at - _NEAR) : at], sentence[at + 1 : at + 1 + _NEAR]
    if word.low in ("sign", "signs") and after and after[0].low in ("of", "that", "for", "from"):
        return True
    ratifying = stem_of("ratify")
    if "rejected" in states and any(term.stem == ratifying for term in sentence[at + 1 : at + 2 + _NEAR + 2]):
        return True
    if word.stem == ratifying and any("rejected" in states_by_stem().get(term.stem, ()) for term in sentence[:at]):
        return True
    return "collapsed" in states and any(term.low in wording("earlier") for term in before[-3:])


@cache
def states_by_stem() -> dict[str, frozenset[str]]:
    """The states that a word can tell, by its stem."""
    found: dict[str, set[str]] = {}
    for state, words in wording("status").items():
        for word in words:
            found.setdefault(stem_of(word), set()).add(state)
    return {stem: frozenset(states) for stem, states in found.items()}


def reserve(sentence: Sequence[Term], at: int) -> Literal["", "denied", "open"]:
    """Whether a word before denies that it has come to that, or leaves it open: "denied that it signed", "to sign"."""
    near = sentence[max(0, at - _NEAR) : at]
    if any(term.low in wording("not") or term.stem in stems("denying") for term in near):
        return "denied"
    is_open = any(is_may(term) or term.low in _opening() or term.stem in stems("intends") for term in near)
    return "open" if is_open else ""


@cache
def _opening() -> frozenset[str]:
    groups = ("will", "open", "hedges", "leaving_open")
    return frozenset({"to", "before", "until"}).union(*(wording(group) for group in groups))
