"""Which sentences of an article a claim rests on, told by the words that they share."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..schemas.evidence import Evidence
from .context import ArticleContext, once
from .polarity import opposites_of
from .wording import Comparison, Term, matched, terms

# Sentences that share nearly as much with the claim as the best one may be meant as well; so many at most are kept.
_NEARLY = 0.85
_MOST = 3
# Sentences before and after one that may say more of the same matter: "They met in the harbour. They signed it there."
_AROUND = 2
# Claims of one article for which this is kept: the checks of one claim ask for it one after another.
_KEPT = 16


@dataclass(frozen=True, slots=True)
class Beside:
    """A claim beside an article: its `words`, which part of it each sentence says (`shares`, by index), `comparisons`.

    The comparisons are those with the sentences that say most of it, the best first.
    """

    words: tuple[Term, ...]
    shares: Mapping[int, float]
    comparisons: tuple[Comparison, ...]


class Sentences:
    """The sentences of an article, to find those that say what a claim says. Evidence, if given, tells which may."""

    def __init__(self, context: ArticleContext) -> None:
        self._text = context.text
        self._sentences = context.sentences
        self._terms = [terms(context.text, each.start, each.end) for each in context.sentences]
        self._stems = [frozenset(t.stem for t in each if t.is_content) for each in self._terms]
        # A claim that says the opposite of a sentence is about the same.
        self._about = [
            stems.union(*(opposites_of(term.stem) for term in sentence))
            for stems, sentence in zip(self._stems, self._terms, strict=True)
        ]
        self._known = Counter(stem for each in self._stems for stem in each)
        self._beside = lru_cache(maxsize=_KEPT)(self._read)

    def _weight(self, stem: str) -> float:
        """What a word tells of the sentence that has it: the rarer in the article, the more."""
        return math.log(1 + (1 + len(self._stems)) / (1 + self._known[stem]))

    def beside(self, claim: str, evidence: Sequence[Evidence] = ()) -> Beside:
        """The claim beside the sentences, or only those of the evidence; worked out once for the last few claims."""
        return self._beside(claim, tuple(evidence))

    def comparisons(self, claim: str, evidence: Sequence[Evidence] = ()) -> tuple[Comparison, ...]:
        """The claim beside the sentences that say most of it, the best first; only those of the evidence, if given."""
        return self.beside(claim, evidence).comparisons

    def _read(self, claim: str, evidence: tuple[Evidence, ...]) -> Beside:
        words = terms(claim)
        shares = self._shares(words, evidence)
        best = max(shares.values(), default=0.0)
        chosen = sorted((i for i in shares if best and shares[i] >= _NEARLY * best), key=lambda i: -shares[i])[:_MOST]
        return Beside(words, shares, tuple(self._compared(words, index, shares[index]) for index in chosen))

    def around(self, claim: str, share: float, evidence: Sequence[Evidence] = ()) -> list[tuple[Term, ...]]:
        """The sentences that have so much of the claim, or belong to the evidence, and of those beside."""
        shares = self.beside(claim, evidence).shares
        about = shares if evidence else [index for index in shares if shares[index] >= share]
        around = {near for index in about for near in range(index - _AROUND, index + _AROUND + 1)}
        return [self._terms[index] for index in sorted(around) if 0 <= index < len(self._terms)]

    def touching(self, claim: Sequence[Term], stems: frozenset[str]) -> list[tuple[Term, ...]]:
        """The sentences that have one of the stems, and something else of which the claim speaks."""
        about = {term.stem for term in claim if term.is_content} - stems
        return [self._terms[at] for at, known in enumerate(self._stems) if stems & known and about & known]

    def _shares(self, claim: Sequence[Term], evidence: Sequence[Evidence]) -> dict[int, float]:
        """How much of the claim each sentence says; only those of the evidence, if given."""
        wanted = {term.stem for term in claim if term.is_content}
        total = sum(map(self._weight, wanted))
        within: Sequence[int] = self._touched(evidence) if evidence else range(len(self._sentences))
        return {index: sum(map(self._weight, wanted & self._about[index])) / total for index in within} if total else {}

    def _touched(self, spans: Sequence[Evidence]) -> list[int]:
        """The indices of the sentences that one of the spans touches."""
        found: set[int] = set()
        for span in spans:
            first = bisect_right(self._sentences, span.start, key=lambda each: each.end)
            found.update(range(first, bisect_left(self._sentences, span.end, key=lambda each: each.start)))
        return sorted(found)

    def _compared(self, claim: tuple[Term, ...], index: int, share: float) -> Comparison:
        there, moved = matched(claim, self._terms[index])
        back = {other: one for one, other in there.items()}
        sentence = self._sentences[index]
        return Comparison(claim, self._terms[index], there, back, moved, share, sentence.start, sentence.end)


@once
def _sentences(context: ArticleContext) -> Sentences:
    return Sentences(context)


def sentences_of(context: ArticleContext) -> Sentences:
    """Those of the whole article."""
    return _sentences(context.whole)
