"""How surely a claim says what its sentence of the article says: that it is so, will be, or only may be.

See `polarity`, whose functions on "not" it reads with.
"""

from collections.abc import Iterator, Sequence

from .cues import cues
from .polarity import DONE, HELPING, NEAR, is_believed, is_denied, is_owing, nots
from .wording import Change, Comparison, Term, changed, in_place_of, is_may, next_content, stems, wording

# With a "not" these say that nobody knows what follows.
_SETTLED = frozenset(("certain", "clear", "sure", "known", "decided", "confirmed"))


def hedges(compared: Comparison) -> Iterator[Change]:
    """What may be told as what is or will be, or the other way round."""
    exchanged = list(_exchanged(compared))
    yield from exchanged
    if exchanged:
        return
    is_open, leaving_open = _is_open(compared.claim), _leaving_open(compared.claim)
    for claimed, given in compared.there.items():
        term = compared.claim[claimed]
        if not term.is_content or term.low in wording("hedges") or is_denied(compared.claim, claimed):
            continue
        if _is_left_open(compared.claim, claimed, leaving_open):
            continue
        if not is_denied(compared.carrier, given):
            yield from _made_sure(compared, claimed, given)
        known = [] if is_open else list(_made_known(compared, claimed, given))
        yield from known
        if known:
            return


def _made_sure(compared: Comparison, claimed: int, given: int) -> Iterator[Change]:
    """A shared word that one sentence has with "may" or "allegedly" and the other without."""
    claim, carrier = compared.claim, compared.carrier
    term = claim[claimed]
    one, its = _surety(claim, claimed)
    sureties = [_surety(carrier, i) for i, other in enumerate(carrier) if other.stem == term.stem]
    two, theirs = _surety(carrier, given)
    if one == "open" or any(surety in ("open", one) for surety, _ in sureties):
        return
    if two == "may" and theirs is not None:
        if not _has(claim, theirs) and not _is_hedged(claim, claimed):
            yield changed(term, f"the article says it only with “{theirs.low}”")
        return
    is_added = one == "may" and its is not None and is_may(its) and not _has(carrier, its)
    if is_added and its is not None and not _is_hedged(carrier, given):
        yield changed(its, f"the article says it without “{its.low}”")


def _is_hedged(sentence: Sequence[Term], at: int) -> bool:
    """Whether another word of its clause says that it may be, or is thought of."""
    clause = [term for index, term in enumerate(sentence) if term.clause == sentence[at].clause and index != at]
    return any(_is_doubting(term) or term.stem in stems("weighs") or term.stem in stems("beliefs") for term in clause)


def _made_known(compared: Comparison, claimed: int, given: int) -> Iterator[Change]:
    """What somebody only believes, what is still to be done, nearly was or is asked, told as what is."""
    claim, carrier = compared.claim, compared.carrier
    term, other = claim[claimed], carrier[given]
    before = carrier[given - 1].low if given else ""
    if is_owing(carrier, given) and _is_done(claim, claimed):
        yield changed(term, f"in the article it has still to be {other.low}")
    elif before in wording("nearly") and _is_past(term) and not any(each.low in wording("nearly") for each in claim):
        yield changed(term, f"the article says it only with “{before}”")
    elif not other.is_capital and (before in HELPING or before == "to") and _is_asked(carrier, given):
        yield changed(term, "the article leaves open whether it is so")
    elif not other.is_capital and not term.low.endswith("ly") and not _is_told(claim):
        believed = next((index for index in range(given) if is_believed(carrier, index)), None)
        if believed is not None:
            yield changed(term, f"the article says it only with “{carrier[believed].low}”")


def _is_open(claim: Sequence[Term]) -> bool:
    """Whether the claim itself doubts, denies or only believes something."""
    if any(map(_is_doubting, claim)) or next(nots(claim), None) is not None:
        return True
    return any(is_believed(claim, index) for index in range(len(claim)))


def _is_done(sentence: Sequence[Term], at: int) -> bool:
    """Whether what the verb at `at` says has been done."""
    before = {term.low for term in sentence[max(0, at - 3) : at]}
    return bool(before & DONE) and "to" not in before


def _is_past(term: Term) -> bool:
    return term.low.endswith("ed") or term.low in wording("irregular")


def _is_asked(sentence: Sequence[Term], at: int) -> bool:
    """Whether a "whether" stands before the word in its clause."""
    return any(term.low == "whether" and term.clause == sentence[at].clause for term in sentence[:at])


def _is_doubting(term: Term) -> bool:
    is_hedge = term.low in wording("hedges") or term.low in wording("leaving_open")
    return is_hedge or is_may(term) or term.stem in stems("intends")


def _is_told(sentence: Sequence[Term]) -> bool:
    """Whether it says who says so."""
    return any(term.low in cues().finite or term.low in ("according", "say") for term in sentence)


def _leaving_open(sentence: Sequence[Term]) -> list[int]:
    """Where it has a "whether" or "not yet clear", which leaves open whether what follows is so."""
    known = wording("leaving_open")
    return [
        index
        for index, term in enumerate(sentence)
        if term.low in known or (term.low in _SETTLED and is_denied(sentence, index))
    ]


def _is_left_open(sentence: Sequence[Term], at: int, leaving_open: Sequence[int]) -> bool:
    """Whether one of these words leaves open the one at `at`."""
    # "If it rains, the plant will close": "if" leaves only its own clause open.
    before = (sentence[index] for index in leaving_open if index < at)
    return any(term.low != "if" or term.clause == sentence[at].clause for term in before)


def _exchanged(compared: Comparison) -> Iterator[Change]:
    """A "may" in the place of a "will" before the same verb, or the other way round."""
    lost, leaving_open = dict(compared.lost()), _leaving_open(compared.claim)
    for index, term in compared.added():
        group = _group(term)
        head = next_content(compared.claim, index) if group else None
        if head is None or head not in compared.there or _is_left_open(compared.claim, index, leaving_open):
            continue
        low, high = compared.slot(index, index)
        for place in (place for place in range(low + 1, high) if place in lost):
            is_other = {group, _group(lost[place])} == {"will", "may"}
            if is_other and next_content(compared.carrier, place) == compared.there[head]:
                yield in_place_of(term, lost[place])


def _has(sentence: Sequence[Term], word: Term) -> bool:
    return any(term.low == word.low for term in sentence)


def _group(term: Term) -> str:
    return "will" if term.low in wording("will") else "may" if is_may(term) else ""


def _surety(sentence: Sequence[Term], at: int) -> tuple[str, Term | None]:
    """How surely the word at `at` is said: "may", "will", "open" or "plain", and the word that says so."""
    for index in range(at - 1, max(-1, at - 1 - NEAR), -1):
        term = sentence[index]
        if term.clause != sentence[at].clause:
            break
        if is_may(term) or term.low in wording("hedges"):
            return "may", term
        if term.low in wording("will"):
            return "will", term
        if term.low in wording("open"):
            return "open", term
        following = sentence[index + 1].low
        if following == "to" and (term.stem in stems("settled") or term.low in ("is", "are", "was", "were")):
            return "will", term
        if term.stem in stems("weighs"):
            return "may", term
        if (following == "to" or following.endswith("ing")) and term.stem in stems("intends"):
            return "may", term
        if term.is_content and not term.low.endswith("ly"):
            break
    if at and sentence[at - 1].low == "to":
        return "open", sentence[at - 1]
    return "plain", None
