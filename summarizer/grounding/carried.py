"""A claim beside the sentences of the article that say most of it: does it say the same?

    claim ─ the sentences that share its words ─ word by word ─ negation, opposite, hedge, status, office, time, rank,
                                                                another name or number in its place, names swapped
          └ the sentences around them ─ a word of signing for what is called signed

Against a claim speaks what every one of these sentences has against it: a fact that the article gives twice may be
true as it gives it once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from ..schemas.evidence import Evidence, Finding
from .acts import acts_in, unspoken
from .carriers import sentences_of
from .context import ArticleContext
from .facts import finding
from .hedges import hedges
from .places import (
    conversed,
    crossed,
    led_otherwise,
    names_in_place,
    names_led_otherwise,
    quantities_in_place,
    swapped,
)
from .polarity import negations, opposites
from .standing import offices, ranks, states, times, unsettled
from .wording import Change, Comparison, stem_of, wording

# Shares of what a claim says, by the weight of its words in the article. All 133 claims, questions and points of the
# gold briefs of the dev set find at least 0.34 of their words in one sentence of their own evidence; against another
# item's evidence 93% stay below 0.30. From 0.60 on, two sentences are close enough to be compared word by word.
CARRIED, CLOSE = 0.3, 0.6
SPOKEN = 0.45  # of a claim whose verb of speech, which may be the article's in no form, counts as not found
LONGEST = 1000  # characters of a sentence that is compared; of a longer one it is told that it was not
_FEWEST_STEMS = 3  # with fewer, a sentence says too little to be looked for

# A question for yes or no says neither, and no question says how sure something is.
_NOT_IN_YES_OR_NO, _NOT_IN_QUESTIONS = frozenset(("negation", "act", "hedge", "status")), frozenset(("hedge",))

Check = Callable[[Comparison], Iterable[Change]]
PlaceCheck = Callable[[Comparison, str, str], Iterable[Change]]

_BY_WORDS: Sequence[tuple[str, Check]] = (
    ("negation", negations),
    ("negation", opposites),
    ("hedge", hedges),
    ("status", states),
    ("office", offices),
    ("time", times),
    ("number", ranks),
    ("giver", crossed),
)
_BY_PLACE: Sequence[tuple[str, PlaceCheck]] = (
    ("number", quantities_in_place),
    ("number", led_otherwise),
    ("name", names_in_place),
    ("name", names_led_otherwise),
    ("giver", swapped),
    ("giver", conversed),
)


def check_carried(sentence: str, context: ArticleContext, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    """The lines that are said to carry the sentence are about what it says; without any, some of the article are."""
    if len(sentence) > LONGEST:
        yield _too_long(sentence)
        return
    beside = sentences_of(context).beside(sentence, evidence)
    says = {term.stem for term in beside.words if term.is_content}
    if len(says) >= _FEWEST_STEMS and max((each.share for each in beside.comparisons), default=0.0) < CARRIED:
        where = "the lines that it cites say" if evidence else "any one sentence of the article says"
        yield finding("carried", sentence, f"it does not say what {where}", undecided=not evidence)


def check_wording(sentence: str, context: ArticleContext, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    """What the sentence says otherwise than the sentences of the article that are about the same."""
    if len(sentence) > LONGEST:
        yield _too_long(sentence)
        return
    compared = [each for each in sentences_of(context).comparisons(sentence, evidence) if each.share >= CLOSE]
    not_said = _not_said(sentence)
    for gate, check in _BY_WORDS:
        if gate not in not_said:
            yield from _held(gate, [list(check(each)) for each in compared], compared, sentence, context)
    for gate, by_place in _BY_PLACE:
        changes = [list(by_place(each, sentence, context.text)) for each in compared]
        yield from _held(gate, changes, compared, sentence, context)
    if "status" not in not_said:
        yield from _unsettled(sentence, context, evidence, is_close=bool(compared))
    if "act" not in not_said:
        yield from _unspoken(sentence, context, evidence)


def _too_long(sentence: str) -> Finding:
    return finding("carried", sentence[:LONGEST], "it is too long to be compared: give one sentence", undecided=True)


def _not_said(sentence: str) -> frozenset[str]:
    """The gates that have nothing to ask of the sentence, because it is a question."""
    if not sentence.rstrip().endswith("?"):
        return frozenset()
    first, _, _ = sentence.lower().partition(" ")
    return _NOT_IN_YES_OR_NO if first in wording("asking") else _NOT_IN_QUESTIONS


def _unsettled(
    sentence: str, context: ArticleContext, evidence: Sequence[Evidence], *, is_close: bool
) -> Iterator[Finding]:
    """Agreements that are called signed or agreed, where the lines about them have no such word."""
    sentences = sentences_of(context)
    lines = sentences.around(sentence, CARRIED, evidence)
    for change in unsettled(sentences.beside(sentence, evidence).words, lines):
        word = sentence[change.start : change.end]
        # Words that the lines deny or only promise are there; with none, and nothing close, other words may say it.
        is_there = any(term.stem == stem_of(word) for line in lines for term in line)
        yield finding("status", word, change.reason, undecided=not (evidence or is_close or is_there))


def _unspoken(sentence: str, context: ArticleContext, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    """What somebody is told to do by speaking, where no sentence about it has a word for it."""
    sentences = sentences_of(context)
    beside = sentences.beside(sentence, evidence)
    outright = frozenset().union(*(act.outright for _, act in acts_in(beside.words)))
    close = [each for each in beside.comparisons if each.share >= SPOKEN]
    if outright and close:
        others = [*sentences.around(sentence, CARRIED, evidence), *sentences.touching(beside.words, outright)]
        for change in unspoken(beside.words, close, others):
            yield finding("act", sentence[change.start : change.end], change.reason)


def _held(
    gate: str, changes: list[list[Change]], compared: list[Comparison], sentence: str, context: ArticleContext
) -> Iterator[Finding]:
    """Findings, if every comparison has found something."""
    if not changes or not all(changes):
        return
    carrier = Evidence.of(context.text, compared[0].start, compared[0].end)
    for change in changes[0]:
        yield finding(gate, sentence[change.start : change.end], change.reason, carrier)
