"""What somebody does by speaking: nobody denies, admits, threatens or apologises where the article only lets him speak.

Each such verb of a sentence has to have a word of its own kind among the lines that are about the same: itself in any
form, or another by which it may be said. Which they are, and what has to follow the verb for it to be one of speech
("admitted that", but "admitted to hospital"), is data, in `wording.toml`. Precision goes before recall.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from .polarity import HELPING
from .wording import Change, Comparison, Term, changed, stem_of, wording

# Before the verb these make its subject the one to whom it is done: "was not denied entry".
_PASSIVE = HELPING - {"do", "does", "did", "has", "have", "had", "will", "would"}
_BETWEEN = frozenset(("not", "never", "also", "still", "since", "just", "now", "later", "then"))
_OBJECT = 4  # words after the verb among which stands what it does to somebody


@dataclass(frozen=True, slots=True)
class Act:
    """What a verb does: its name, and the stems of what says it `outright`, of what may say it (`by`), and of what may
    where the claim has not that word itself (`weakly`). `follows`: one of them has to come next, if any are given;
    `never`: they make it no speech.
    """

    name: str
    outright: frozenset[str]
    by: frozenset[str]
    weakly: frozenset[str]
    follows: frozenset[str]
    never: frozenset[str]


def acts_in(claim: Sequence[Term]) -> Iterator[tuple[Term, Act]]:
    """The verbs of a sentence by which somebody denies, admits, threatens or apologises."""
    for index, term in enumerate(claim):
        act = _forms().get(term.low)
        if act is None or (term.is_capital and index) or _is_passive(claim, index):
            continue
        after = [each.low for each in claim[index + 1 : index + 1 + _OBJECT]]
        first = after[1] if after[:1] == ["to"] and "to -ing" in act.follows and len(after) > 1 else "".join(after[:1])
        is_speech = not act.follows or first in act.follows or ("-ing" in act.follows and first.endswith("ing"))
        if is_speech and not act.never & set(after):
            yield term, act


def unspoken(claim: Sequence[Term], close: Iterable[Comparison], others: Iterable[Sequence[Term]]) -> Iterator[Change]:
    """A verb by which somebody denies, admits, threatens or apologises, and nothing like it in the lines.

    In those that are `close` any word will do by which it may be said; in the `others` only one that says it outright.
    """
    near = tuple(close)
    lost = {form for each in near for _, term in each.lost() for form in (term.stem, term.low)}
    there = {form for each in near for term in each.carrier for form in (term.stem, term.low)}
    said = there | {term.stem for line in others for term in line}
    for term, act in acts_in(claim):
        if not (said & act.outright or there & act.by or lost & act.weakly):
            yield changed(term, f"the article does not say that anybody {act.name} this: “{term.low}”")


def _is_passive(claim: Sequence[Term], index: int) -> bool:
    """Whether a form of "be" stands before the verb, adverbs between them."""
    before = index - 1
    while before >= 0 and (claim[before].low in _BETWEEN or claim[before].low.endswith("ly")):
        before -= 1
    return before >= 0 and claim[before].low in _PASSIVE


@cache
def _forms() -> Mapping[str, Act]:
    """What each form of the verbs does."""
    found: dict[str, Act] = {}
    for name, told in wording("acts").items():
        outright, by, weakly = (_stems(told[key]) for key in ("outright", "by", "weakly"))
        outright |= frozenset(stem_of(form) for form in told["forms"])
        act = Act(name, outright, by, weakly, frozenset(told["follows"]), frozenset(told["never"]))
        found |= dict.fromkeys(told["forms"], act)
    return found


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(form for word in words for form in (word, stem_of(word)))
