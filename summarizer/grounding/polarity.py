"""Whether a claim says yes where its sentence of the article says no. How surely it says it is `hedges`.

Each check is a function (comparison) -> changes. Only words that both sentences have are compared: what one denies
of them, the other has to deny as well.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import lru_cache

from .wording import Change, Comparison, Term, changed, in_place_of, is_may, next_content, partners, stems, wording

# Words after a "not" among which the one that it turns stands, and words before one that say how surely it is meant.
_REACH = 6
HELPING = frozenset(
    ("do", "does", "did", "has", "have", "had", "is", "are", "was", "were", "will", "would", "been", "be")
)
NEAR = 5
# Before "to" these say that it has not come to that yet: "has to be signed", "is yet to be signed".
_OWING = frozenset(("has", "have", "had", "yet", "still", "remains", "needs"))
# Words that begin with these are turned round by no "un".
_NO_REVERSAL = ("under", "union", "unit", "univers", "uniform", "uniqu", "until", "unanimous", "uncle")
# One of these before a verb, and no "to", says that it has come to that.
DONE = frozenset(("has", "have", "been", "was", "were"))
# What follows these is not said but asked.
_ASKED = frozenset(("when", "where", "how", "why", "what", "whether", "if"))
# "Not unless" and "only if" are one condition.
_NOT_UNLESS = frozenset(("unless", "until", "without", "except", "before"))
_ONLY_IF = frozenset(("only", "once", "when", "after"))
# "None above" and "up to" are one limit.
_AT_MOST, _MORE = frozenset(("up", "most", "under", "below", "less", "fewer")), frozenset(("above", "over", "more"))
_ALL = frozenset(("all", "every", "everyone", "everybody", "everything", "always", "both"))


# Negation


def negations(compared: Comparison) -> Iterator[Change]:
    """A "not" that the article has not, or one of the article's that is left out."""
    claim, carrier = compared.claim, compared.carrier
    for at in nots(claim):
        head = _head(claim, at, compared.there)
        if head is not None and _is_left_out(claim, at, head, carrier, compared.there):
            word = carrier[compared.there[head]].low
            yield changed(claim[at], f"the article says “{word}” without “{claim[at].low}”")
    for at in nots(carrier):
        head = _head(carrier, at, compared.back)
        if head is not None and _is_left_out(carrier, at, head, claim, compared.back):
            yield changed(claim[compared.back[head]], f"it leaves out the article’s “{carrier[at].low}”")


def _is_left_out(sentence: Sequence[Term], at: int, head: int, other: Sequence[Term], known: Mapping[int, int]) -> bool:
    """Whether the "not" at `at`, which turns the word at `head`, has nothing in the other sentence to answer it."""
    if _says_as_much(sentence, at, head, other, known):
        return False
    if not _is_doubtful(other, known[head], set(known.values())):
        return True
    return _is_all(sentence, at, other, known) and not _is_conditional(sentence, other)


def _says_as_much(
    sentence: Sequence[Term], at: int, head: int, other: Sequence[Term], known: Mapping[int, int]
) -> bool:
    """Whether the other sentence may say the same in one of the ways that need no "not" of their own there."""
    term = sentence[at]
    if term.stem in stems("failing") and any(each.stem == term.stem for each in other):  # "their refusal to sign"
        return True
    if sentence[at + 1].low in _ALL and at + 1 not in known:  # "not all" may be "most"
        return True
    if term.low == "no" and not _is_predicated(sentence, head, known):
        return True
    if any(is_believed(other, index) for index in range(known[head])):  # who is accused of it did not, he says
        return True
    # "Has not been signed" and "may be signed" go together.
    clause = other[known[head]].clause
    may_be = any(is_may(each) and each.clause == clause for each in other)
    if may_be and any(each.low in DONE for each in sentence[max(0, head - 3) : head + NEAR]):
        return True
    return _is_one_limit(sentence, other) or _is_answered(sentence, at, other, known) or _refuses(other)


def _is_all(sentence: Sequence[Term], at: int, other: Sequence[Term], known: Mapping[int, int]) -> bool:
    """Whether the "not" at `at`, with its "do" or "did", is all that parts two words which the other sentence has side
    by side, so that nothing else there can deny."""
    if at in known:
        return False
    before = at - 1
    while before >= 0 and before not in known and sentence[before].low in HELPING:
        before -= 1
    if not (before in known and at + 1 in known) or known[at + 1] != known[before] + 1:
        return False
    denied = set(nots(other))
    place = known[before]
    window = range(max(0, place - NEAR), min(len(other), place + NEAR))
    # "Unless" denies only what comes after it.
    denying = {i for i in window if other[i].stem in stems("denying") and (other[i].low != "unless" or i < place)}
    return not denying and not any(i in denied or is_owing(other, i) for i in window)


def _is_answered(sentence: Sequence[Term], at: int, other: Sequence[Term], known: Mapping[int, int]) -> bool:
    """Whether the other sentence denies a word of the clause behind the "not" at `at`: "the sea but not the wind"."""
    denied = {next_content(other, index) for index in nots(other)}
    behind = range(at + 1, len(sentence))
    return any(known.get(i, -1) in denied for i in behind if sentence[i].clause == sentence[at].clause)


def _refuses(sentence: Sequence[Term]) -> bool:
    """Whether it denies the whole of what it says before: "They asked it to close, but it refused"."""
    answers = (i for i, t in enumerate(sentence) if t.stem in stems("failing") or t.stem in stems("answers"))
    return any(_is_last(sentence, i) and not (i and sentence[i - 1].low in HELPING) for i in answers)


def _is_last(sentence: Sequence[Term], at: int) -> bool:
    following = next_content(sentence, at)
    return following is None or sentence[following].clause != sentence[at].clause


def _is_predicated(sentence: Sequence[Term], noun: int, known: Container[int]) -> bool:
    """Whether the other sentence has also the word next to the noun in its clause, which tells what is said of it."""
    clause = [i for i, t in enumerate(sentence) if t.is_content and t.clause == sentence[noun].clause]
    place = clause.index(noun)
    return any(index in known for index in (*clause[max(0, place - 1) : place], *clause[place + 1 : place + 2]))


def _is_one_limit(one: Sequence[Term], other: Sequence[Term]) -> bool:
    """Whether one says "none above" where the other may say "up to"."""
    mine, its = _before_numbers(one), _before_numbers(other)
    return bool((mine & _AT_MOST and its & _MORE) or (mine & _MORE and its & _AT_MOST))


def _before_numbers(sentence: Sequence[Term]) -> set[str]:
    """The words that stand one or two before a number."""
    numbers = [index for index, term in enumerate(sentence) if term.low[0].isdigit()]
    return {term.low for index in numbers for term in sentence[max(0, index - 2) : index]}


def _is_conditional(one: Sequence[Term], other: Sequence[Term]) -> bool:
    """Whether one says "not unless" where the other may say "only if"."""
    mine, its = {term.low for term in one}, {term.low for term in other}
    return bool((mine & _NOT_UNLESS and its & _ONLY_IF) or (mine & _ONLY_IF and its & _NOT_UNLESS))


def nots(sentence: Sequence[Term]) -> Iterator[int]:
    """The words that deny what follows, "failed to" among them; "not only" and "no fewer than" do not."""
    for index, term in enumerate(sentence):
        if term.stem in stems("failing") and index + 1 < len(sentence) and sentence[index + 1].low == "to":
            yield index
        if term.low not in wording("not"):
            continue
        following = [other.low for other in sentence[index + 1 : index + 3]]
        next_word = following[0] if following else ""
        is_turned = next_word in wording("not_only") or next_word[:1].isdigit() or following[1:] == ["than"]
        after_or = index and sentence[index - 1].low in ("or", "if", "why")
        if not is_turned and not after_or:
            yield index


def _head(sentence: Sequence[Term], at: int, known: Container[int]) -> int | None:
    """The index of the word that the "not" at `at` turns, if the other sentence has it."""
    for index in range(at + 1, min(at + 1 + _REACH, len(sentence))):
        term = sentence[index]
        if term.clause != sentence[at].clause:
            return None
        if term.low in _ASKED:  # "has not said when the bridge will open" denies the saying
            return index - 1 if index - 1 > at and index - 1 in known else None
        if term.is_content and not term.low.endswith("ly") and term.low != "longer":
            return index if index in known else None
    return None


def _is_doubtful(sentence: Sequence[Term], at: int, shared: Container[int]) -> bool:
    """Whether a word of the clause of the one at `at` denies it as well, or may; `shared` ones do so in both."""
    clause = [index for index, term in enumerate(sentence) if term.clause == sentence[at].clause]
    if any(index not in shared and _may_deny(sentence, index) for index in clause):
        return True
    if not set(clause).isdisjoint(nots(sentence)):
        return True
    # "Denies that he took part": the verb stands at the end of the clause before.
    before = sentence[max(0, clause[0] - 2) : clause[0]]
    return any(term.stem in stems("denying") for term in before) or is_owing(sentence, at)


def _may_deny(sentence: Sequence[Term], at: int) -> bool:
    term = sentence[at]
    if at and sentence[at - 1].low in wording("not") and term.low in wording("not_only"):
        return False
    is_reversed = term.low.startswith("un") and not term.low.startswith(_NO_REVERSAL)
    is_ruled_out = term.stem == "rule" and any(other.low == "out" for other in sentence[at + 1 : at + 2])
    return is_reversed or is_ruled_out or term.stem in stems("doubtful") or term.stem in stems("denying")


def is_owing(sentence: Sequence[Term], at: int) -> bool:
    """Whether the word at `at` has still to be done: "has to be signed", "is yet to sign"."""
    before = [term.low for term in sentence[max(0, at - 3) : at]]
    return any(word == "to" and index and before[index - 1] in _OWING for index, word in enumerate(before))


def is_denied(sentence: Sequence[Term], at: int) -> bool:
    """Whether a "not" stands before it in its clause."""
    near, denying = sentence[max(0, at - NEAR) : at], wording("not")
    return any(t.low in denying for t in near if t.clause == sentence[at].clause)


def is_believed(sentence: Sequence[Term], at: int) -> bool:
    """Whether the word at `at` says that what follows is believed, or that somebody is accused of it."""
    is_charge = sentence[at].stem == "charg" and any(term.low == "with" for term in sentence[at + 1 : at + NEAR])
    return is_charge or sentence[at].stem in stems("beliefs")


# Opposites


@lru_cache(maxsize=32_768)
def opposites_of(stem: str) -> frozenset[str]:
    """The stems of the words that say the opposite, "un" before a word included."""
    return (partners("opposites").get(stem, frozenset()) | {f"un{stem}", stem.removeprefix("un")}) - {stem}


def opposites(compared: Comparison) -> Iterator[Change]:
    """A word in the place of its opposite."""
    lost: dict[str, list[int]] = {}
    for index, term in compared.lost():
        lost.setdefault(term.stem, []).append(index)
    for index, term in compared.added():
        for there in (there for stem in sorted(opposites_of(term.stem)) for there in lost.get(stem, ())):
            is_alike = _is_turned(compared.claim, index) == _is_turned(compared.carrier, there)
            if is_alike and _is_comparable(compared, index, there):
                yield in_place_of(term, compared.carrier[there])


def _is_comparable(compared: Comparison, claimed: int, given: int) -> bool:
    """Small words such as "before" are opposites only before the same word."""
    if compared.claim[claimed].is_content and compared.carrier[given].is_content:
        return True
    mine, its = next_content(compared.claim, claimed), next_content(compared.carrier, given)
    return mine is not None and its is not None and compared.claim[mine].stem == compared.carrier[its].stem


def _is_turned(sentence: Sequence[Term], at: int) -> bool:
    """Whether a "not" goes with the word: before it, or anywhere in the clause of one such as "few"."""
    near: Sequence[Term] = sentence[max(0, at - 3) : at]
    if sentence[at].low in wording("amounts"):
        near = [term for term in sentence if term.clause == sentence[at].clause and term is not sentence[at]]
    return any(term.low in wording("not") or term.low in ("less", "least") for term in near)
