"""What somebody does by speaking: nobody denies, admits or threatens where the article only lets him say something.

Each such verb of a sentence has to have a word of its own kind among the lines that are about the same: itself in any
form, or another by which it may be said. Which they are is data, in `wording.toml`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from .polarity import HELPING
from .wording import Change, Comparison, Term, changed, stem_of, wording

# Before the verb these make its subject the one to whom it is done: "was denied entry", "was admitted to hospital".
_PASSIVE = HELPING - {"do", "does", "did", "has", "have", "had", "will", "would"}


@dataclass(frozen=True, slots=True)
class Act:
    """What a verb does: its name, the stems of what says it `outright`, and of all else by which it may be said."""

    name: str
    outright: frozenset[str]
    by: frozenset[str]


def unspoken(claim: Sequence[Term], close: Iterable[Comparison], others: Iterable[Sequence[Term]]) -> Iterator[Change]:
    """A verb by which somebody denies, rejects, admits, threatens or apologises, and nothing like it in the lines.

    In those that are `close` any word will do by which it may be said and which the claim has not; in the `others`
    only one that says it outright.
    """
    by = {form for each in close for _, term in each.lost() for form in (term.stem, term.low)}
    said = {term.stem for line in (*others, *(each.carrier for each in close)) for term in line}
    for index, term in enumerate(claim):
        act = acts().get(term.stem)
        is_passive = index > 0 and claim[index - 1].low in _PASSIVE
        if act is not None and not is_passive and not (said & act.outright or by & act.by):
            yield changed(term, f"the article does not say that anybody {act.name} this: “{term.low}”")


@cache
def acts() -> Mapping[str, Act]:
    """What each of the verbs does, by its stem."""
    found: dict[str, Act] = {}
    for name, told in wording("acts").items():
        verbs, outright = frozenset(map(stem_of, told["verbs"])), frozenset(map(stem_of, told["outright"]))
        by = frozenset(map(stem_of, told["by"])) | frozenset(told["by"])
        found |= dict.fromkeys(verbs, Act(name, verbs | outright, by))
    return found
