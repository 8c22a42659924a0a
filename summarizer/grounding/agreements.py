"""Which state of an agreement some lines tell: that it is proposed, signed, rejected, and so on."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal

from .wording import Term, is_may, stem_of, stems, terms, wording

# Words before one among which a "not" denies it, or a "would" or "may" leaves open whether it comes to that.
_NEAR = 6
# Nouns that a text also uses for what is only proposed: they tell a state only where no other word does.
_NOUNS = ("agreement", "agreements")
OPEN = "proposed"


def states_told(lines: Iterable[str]) -> frozenset[str]:
    """The states, by the names of `wording.toml`, for which the lines have words.

    What would, may or is to be signed is proposed; what is not signed is neither.
    """
    told, named = _read(lines)
    return told or named


def one_state(lines: Iterable[str]) -> str | None:
    """The state that the lines tell, if it is but one, a noun such as "agreement" counted."""
    told, named = _read(lines)
    return next(iter(told | named)) if len(told | named) == 1 else None


def _read(lines: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    told: set[str] = set()
    named: set[str] = set()
    for line in lines:
        sentence = terms(line)
        for index, term in enumerate(sentence):
            states = states_by_stem().get(term.stem)
            if term.low in _NOUNS:
                named.add("agreed")
            elif states:
                held = reserve(sentence, index)
                told |= {OPEN} if held == "open" else frozenset() if held == "denied" else states
    return frozenset(told), frozenset(named)


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
