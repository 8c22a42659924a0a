"""Names and numbers that the article has, in a place of the claim where the article has another one.

Each check is a function (comparison, sentence, text of the article) -> changes; see `polarity`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations

from .compare import is_same
from .cues import cues
from .mentions import Mention, Word, first_word, is_generic, mentions_in, mentions_of, read_words, without_openers
from .nameindex import countries
from .persons import same_person
from .quantities import Quantity, quantities
from .wording import Change, Comparison, Term, changed, next_content, partners, wording

_MOST_NAMES = 8
# Between two names these make that it does not matter which stands first.
_EVENLY = frozenset(("and", "or", "with", "between", "nor", "both", "vs", "versus", "meet", "met", "meets", "meeting"))
# From this share of its words in the order of the article, a sentence with two names exchanged is the article's own.
_TURNED = 0.7
# Words before and after a verb among which the one who does it and the one to whom it is done stand.
_ARGUMENT = 6
# Words after a name among which one stands that says whose or which it is.
_APPOSED = 4
_PASSIVE = frozenset(("is", "are", "was", "were", "been", "be", "being"))
# Verbs of speech that have somebody to whom it is said.
_ADDRESSING = frozenset(("told", "asked"))
_LED_BY = frozenset(("by", "from", "to"))
# Stretches of which the names and the numbers are kept: every check of one claim asks for those of the same few.
_KEPT = 256


def names_in_place(compared: Comparison, sentence: str, text: str) -> Iterator[Change]:
    """A name where the article has another name."""
    given = [_span(compared.carrier, *_bounds(words)) for words in _names(text, compared.start, compared.end)]
    for words in _names(sentence, 0, len(sentence), text):
        first, last = _span(compared.claim, *_bounds(words))
        if first < 0 or any(
            index in compared.there and index not in compared.moved for index in range(first, last + 1)
        ):
            continue
        low, high = compared.slot(first, last)
        stands_elsewhere = _stands(compared, (first, last))
        for begin, end in given:
            # A name that the article has in another place as well may only have moved, with what is said of it.
            if stands_elsewhere and not _is_filled(compared, (first, last), (begin, end)):
                continue
            if low < begin and end < high and not compared.is_known_there(begin, end):
                name, other = _said(sentence, compared.claim, first, last), _said(text, compared.carrier, begin, end)
                if not _is_same(name, other):
                    yield Change(*_bounds(words), f"the article says “{other}” where it says “{name}”")


def _is_filled(compared: Comparison, mine: tuple[int, int], its: tuple[int, int]) -> bool:
    """Whether the same words stand right before and right after the two names."""
    before, after = compared.there.get(mine[0] - 1), compared.there.get(mine[1] + 1)
    return (before == its[0] - 1 or mine[0] == its[0] == 0) and after == its[1] + 1


def led_otherwise(compared: Comparison, sentence: str, text: str) -> Iterator[Change]:
    """A number after the same two words after which the article has another of its kind: "a loss of 3 million"."""
    there: dict[int, Quantity] = {}
    for other in quantities(text[compared.start : compared.end]):
        there[_span(compared.carrier, compared.start + other.start, compared.start + other.end)[0]] = other
    for each in quantities(sentence):
        first, _ = _span(compared.claim, each.start, each.end)
        led = [there.get(at) for at in _led_in(compared, first)]
        others = [o for o in led if o is not None and _alike(each, o) and not is_same(each, o)]
        if others and len(others) == len(led):
            yield Change(each.start, each.end, f"the article says “{others[0].text}” where it says “{each.text}”")


def names_led_otherwise(compared: Comparison, sentence: str, text: str) -> Iterator[Change]:
    """A name of the carrier after the same two words after which it has another: "found in a barn in Halvik"."""
    given = [_span(compared.carrier, *_bounds(words)) for words in _names(text, compared.start, compared.end)]
    stems = [term.stem for term in compared.carrier]
    for words in _names(sentence, 0, len(sentence)):
        first, last = _span(compared.claim, *_bounds(words))
        own = [index for index, stem in enumerate(stems) if first >= 0 and stem == compared.claim[first].stem]
        led = [next((span for span in given if span[0] == at), None) for at in _led_in(compared, first)]
        others = [span for span in led if span is not None and not any(abs(i - span[1]) <= _APPOSED for i in own)]
        if not own or not others or len(others) != len(led) or _is_listed(compared.claim, last):
            continue
        name, other = _said(sentence, compared.claim, first, last), _said(text, compared.carrier, *others[0])
        if not _is_listed(compared.carrier, others[0][1]) and not _is_same(name, other):
            yield Change(*_bounds(words), f"the article says “{other}” where it says “{name}”")


def _is_listed(sentence: Sequence[Term], last: int) -> bool:
    """Whether the name that ends at `last` is one of several."""
    following = sentence[last + 1] if last + 1 < len(sentence) else None
    return following is not None and (
        following.low in _EVENLY or (following.is_capital and following.clause != sentence[last].clause)
    )


def _led_in(compared: Comparison, first: int) -> list[int]:
    """The places in the carrier after the two words that stand before the one at `first` in the claim."""
    if first < 2 or not any(term.is_content for term in compared.claim[first - 2 : first]):
        return []
    one, two = (term.stem for term in compared.claim[first - 2 : first])
    carrier = compared.carrier
    return [i + 2 for i in range(len(carrier) - 2) if carrier[i].stem == one and carrier[i + 1].stem == two]


def quantities_in_place(compared: Comparison, sentence: str, text: str) -> Iterator[Change]:
    """A number, amount or date where the article has another one of its kind."""
    there = quantities(text[compared.start : compared.end])
    for each in quantities(sentence):
        first, last = _span(compared.claim, each.start, each.end)
        has_moved = any(index in compared.moved for index in range(first, last + 1))
        if first < 0 or (not has_moved and any(is_same(each, other) for other in there)):
            continue
        low, high = compared.slot(first, last)
        for other in there:
            begin, end = _span(compared.carrier, compared.start + other.start, compared.start + other.end)
            if compared.is_known_there(begin, end) or is_same(each, other):
                continue
            if low < end and begin < high and (_alike(each, other) or each.value == other.value):
                reason = f"the article says “{other.text}” where it says “{each.text}”"
                yield Change(each.start, each.end, reason)


def swapped(compared: Comparison, sentence: str, text: str) -> Iterator[Change]:
    """Two names that have changed places, so that who gives is who gets."""
    spans = [_span(compared.claim, *_bounds(words)) for words in _names(sentence, 0, len(sentence))]
    known = [span for span in spans if span[0] >= 0 and _stands(compared, span)][:_MOST_NAMES]
    stems = [term.stem for term in compared.carrier]
    plain = _agreement([term.stem for term in compared.claim], stems)
    for one, other in combinations(known, 2):
        between = {term.low for term in compared.claim[one[1] + 1 : other[0]]}
        if other[0] <= one[1] or not between or between & _EVENLY:
            continue
        places = [_place_of(compared, span) for span in (one, other)]
        if places[1] > places[0] or not _are_led_alike(compared, (one, other), places):
            continue
        if ("by" in between) != any(term.low == "by" for term in compared.carrier[places[1] : places[0]]):
            continue
        turned = [
            *compared.claim[: one[0]],
            *compared.claim[other[0] : other[1] + 1],
            *compared.claim[one[1] + 1 : other[0]],
            *compared.claim[one[0] : one[1] + 1],
            *compared.claim[other[1] + 1 :],
        ]
        agreement = _agreement([term.stem for term in turned], stems)
        if agreement > plain and agreement >= _TURNED * len(turned):
            names = [_said(sentence, compared.claim, *span) for span in (one, other)]
            reason = f"in the article “{names[0]}” and “{names[1]}” stand the other way round: let them change places"
            yield Change(compared.claim[one[0]].start, compared.claim[other[1]].end, reason)


def _words(sentence: Sequence[Term], first: int, last: int) -> str:
    return " ".join(term.low for term in sentence[first : last + 1])


def _place_of(compared: Comparison, span: tuple[int, int]) -> int:
    """Where the first word of the name stands in the carrier."""
    return next(i for i, term in enumerate(compared.carrier) if term.stem == compared.claim[span[0]].stem)


def _agreement(one: Sequence[str], other: Sequence[str]) -> int:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def crossed(compared: Comparison) -> Iterator[Change]:
    """Who stands before a verb stands after it in the article, and the other way round, with the same small words."""
    claim, carrier = compared.claim, compared.carrier
    there = _alone(compared)
    for at, place in there.items():
        is_inverted = claim[at].low in cues().inverting and claim[at].low not in _ADDRESSING
        if claim[at].is_capital or _is_time(claim[at]) or is_inverted:
            continue
        near = [i for i in there if i != at and _is_beside(claim, i, at) and _is_beside(carrier, there[i], place)]
        left = [i for i in near if i < at and there[i] > place]
        right = [i for i in near if i > at and there[i] < place]
        if not left or not right or not (_opens(claim, left[0]) or _has_name(claim, (*left, *right))):
            continue
        first, last = left[0], right[-1]
        thing = next_content(claim, last)
        object_at = there.get(thing) if thing is not None and claim[thing].clause == claim[at].clause else None
        if object_at is not None and carrier[object_at].clause != carrier[place].clause:
            continue  # it is told of another act of theirs
        if _helpers(claim[first : last + 1]) == _helpers(carrier[there[last] : there[first] + 1]):
            words = _words(carrier, there[last], there[first])
            reason = f"the article says “{words}”: say who does it, and to whom, as it does"
            yield Change(claim[first].start, claim[last].end, reason)
            return


def conversed(compared: Comparison, _: str, text: str) -> Iterator[Change]:
    """Who gives in the article receives in the claim, or the other way round."""
    lost = [(index, term) for index, term in compared.lost() if term.stem in partners("converses")]
    for index, term in compared.added():
        thing = next_content(compared.claim, index)
        there = compared.there.get(thing) if thing is not None else None
        mine = _doer(compared.claim, index)
        for place, other in lost:
            is_same_act = there is None or compared.carrier[there].clause == other.clause
            its = _doer(compared.carrier, place)
            if (
                is_same_act
                and term.stem in partners("converses")[other.stem]
                and mine
                and its
                and mine.stem == its.stem
            ):
                name = text[its.start : its.end]
                yield changed(term, f"the article says “{other.low}” of “{name}” where it says “{term.low}”")


def _doer(sentence: Sequence[Term], verb: int) -> Term | None:
    """The last word of the name of who does what the verb says; None if no name beside it does."""
    before = [term.low for term in sentence[max(0, verb - 2) : verb]]
    if before and (before[-1] in _PASSIVE or (len(before) == 2 and before[0] in _PASSIVE and before[1].endswith("ly"))):
        by = next((i for i in range(verb, len(sentence)) if sentence[i].low == "by"), len(sentence))
        near = sentence[by + 1 : by + 3]
    else:
        near = [term for term in sentence[:verb] if term.clause == sentence[verb].clause][::-1]
    return next((term for term in near if term.is_capital and term.is_content and not _is_time(term)), None)


def _opens(sentence: Sequence[Term], at: int) -> bool:
    """Whether no other word of its clause that says something stands before it."""
    before = sentence[max(0, at - _ARGUMENT) : at]
    return not any(term.is_content and term.clause == sentence[at].clause for term in before)


def _has_name(sentence: Sequence[Term], indices: Sequence[int]) -> bool:
    return any(sentence[index].is_capital for index in indices)


def _alone(compared: Comparison) -> dict[int, int]:
    """Where each word of the claim stands in the carrier that both have once."""
    mine, its = Counter(t.stem for t in compared.claim), Counter(t.stem for t in compared.carrier)
    places = {term.stem: index for index, term in enumerate(compared.carrier)}
    return {
        index: places[term.stem]
        for index, term in enumerate(compared.claim)
        if term.is_content and mine[term.stem] == its[term.stem] == 1
    }


def _is_beside(sentence: Sequence[Term], index: int, verb: int) -> bool:
    """Whether a word may be who does what the verb says, or to whom it is done."""
    near = abs(index - verb) <= _ARGUMENT and sentence[index].clause == sentence[verb].clause
    return near and not _is_time(sentence[index])


def _is_time(term: Term) -> bool:
    return term.low[0].isdigit() or term.low in cues().times or term.low in wording("time")["stretches"]


def _helpers(words: Sequence[Term]) -> list[str]:
    """The words of a stretch that say who does it to whom, whatever their order."""
    return sorted(term.low for term in words if term.low in _LED_BY | _PASSIVE | {"of"})


def _are_led_alike(compared: Comparison, spans: Sequence[tuple[int, int]], places: Sequence[int]) -> bool:
    """Whether "by", "from" and "to" stand before the two names, whichever, in both sentences."""
    one = {_led(compared.claim, first) for first, _ in spans}
    return one == {_led(compared.carrier, place) for place in places}


def _led(sentence: Sequence[Term], at: int) -> str:
    before = [term.low for term in sentence[max(0, at - 2) : at] if term.low in _LED_BY]
    return before[-1] if before else ""


def _stands(compared: Comparison, span: tuple[int, int]) -> bool:
    stems = {term.stem for term in compared.carrier}
    return all(term.stem in stems for term in compared.claim[span[0] : span[1] + 1])


@lru_cache(maxsize=_KEPT)
def _names(text: str, start: int, end: int, article: str = "") -> tuple[tuple[Word, ...], ...]:
    """The names of a stretch without the titles before them; a body may have a name of common words only.

    A single word that opens a sentence is one if it looks so, or if `article` has it in the middle of a sentence.
    """
    found: list[tuple[Word, ...]] = []
    is_whole = start == 0 and end == len(text)
    for mention in mentions_in(text)[1] if is_whole else mentions_of(read_words(text, start, end)):
        words = without_openers(mention.words)
        first = next((index for index, word in enumerate(words) if not is_generic(word)), 0)
        name = words[first:] if len(words) > 1 else words
        if not name or all(word.folded in wording("time")["stretches"] for word in name):
            continue
        is_one = len(name) == 1
        if is_one and (is_generic(name[0]) or (name[0].opens and not _is_used_as_name(name[0], mention, article))):
            continue
        found.append(name)
    return tuple(found)


def _is_used_as_name(word: Word, mention: Mention, article: str) -> bool:
    if first_word(word, mention.following) != "other":
        return True
    return bool(article) and bool(re.search(rf"[a-z,] {re.escape(word.text)}\b", article))


def _bounds(words: Sequence[Word]) -> tuple[int, int]:
    return words[0].start, words[-1].end


def _span(sentence: Sequence[Term], start: int, end: int) -> tuple[int, int]:
    """Index of the first and last word that `start:end` touches; -1 if there is none."""
    inside = [index for index, term in enumerate(sentence) if term.start < end and start < term.end]
    return (inside[0], inside[-1]) if inside else (-1, -1)


def _said(text: str, sentence: Sequence[Term], first: int, last: int) -> str:
    return text[sentence[first].start : sentence[last].end]


def _is_same(name: str, other: str) -> bool:
    """Whether both may be names of one: by their words, as a country's forms, or as a word and its derivative."""
    forms = countries().forms | countries().seats
    shared = forms.get(name.lower(), frozenset()) & forms.get(other.lower(), frozenset())
    # Of a name whose small words part it, a piece is compared: TTIP, and “Investment Partnership” in the article.
    is_short = name.isupper() and "".join(word[0] for word in other.split() if word[0].isupper()) in name
    return same_person(name, other) or bool(shared) or is_short or name[:4].lower() == other[:4].lower()


def _alike(one: Quantity, other: Quantity) -> bool:
    return one.kind == other.kind and (one.unit == other.unit or one.kind in ("date", "money", "measure"))
