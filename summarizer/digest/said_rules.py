"""Rules for what two articles let somebody say: the same words in two mouths, what is said here and denied there."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from ..grounding.polarity import nots
from ..grounding.wording import stem_of, stems, terms
from ..schemas.digest import Side
from ..schemas.evidence import Evidence
from .actors import Cast
from .lines import matter, near
from .merging import AGAINST, FOR, Stated, same_words
from .pairs import REASONS, Pair, side_at

# How much of what they say a position and its denial share, at least.
_ONE_MATTER = 0.5
_ONE_SENTENCE = 0.5  # from this likeness two papers have one sentence, a little changed
_FEWEST = 2
# Who does so is against it, in an article's own words.
_OPPOSING = frozenset(stem_of(word) for word in ("oppose", "reject", "decline", "refuse", "disown"))


def said_differences(positions: Sequence[Stated], cast: Cast) -> Iterator[Pair]:
    """The same words in two mouths, and one actor on both sides of a matter."""
    for one, other in combinations(positions, 2):
        if one.report.id == other.report.id or not (cast.is_named(one.actor) and cast.is_named(other.actor)):
            continue  # who is not named may be anybody, the one whom the other paper names among them
        if one.actor == other.actor:
            yield from _denied(one, other, positions)
        else:
            yield from _spoken(one, other, positions, cast)


def _spoken(one: Stated, other: Stated, positions: Sequence[Stated], cast: Cast) -> Iterator[Pair]:
    if not _are_two(one.actor, other.actor, cast):
        return
    for quote in one.position.quotes:
        for same in other.position.quotes:
            if not same_words(quote.text, same.text):
                continue
            # Who has both say it, a chant or a phrase of the day, contradicts nobody.
            if _says(positions, one.report.id, other.actor, same.text):
                continue
            if _says(positions, other.report.id, one.actor, quote.text):
                continue
            mine = side_at(one.report.id, _around(one, quote.start) or quote, quote, cast.name(one.actor))
            its = side_at(other.report.id, _around(other, same.start) or same, same, cast.name(other.actor))
            yield Pair(
                "speaker", "contradiction", "quoted", quote.text.strip(" ,.;"), REASONS["contradiction"], mine, its
            )
            return


def _are_two(one: str, other: str, cast: Cast) -> bool:
    """Whether two are surely not one: two people, or two bodies; a body's words are those of one who speaks for it."""
    mine, its = cast.get(one), cast.get(other)
    if mine is None or its is None:
        return False
    if mine.kind == its.kind == "person":
        return mine.name.split()[-1] != its.name.split()[-1]
    if "person" in (mine.kind, its.kind):
        return False  # who speaks may be one of theirs
    return not cast.are_one_side(one, other)


def _says(positions: Sequence[Stated], article: str, actor: str, words: str) -> bool:
    return any(
        each.report.id == article
        and each.actor == actor
        and any(same_words(words, q.text) for q in each.position.quotes)
        for each in positions
    )


def _around(stated: Stated, at: int) -> Evidence | None:
    return next((span for span in stated.position.evidence if span.start <= at < span.end), None)


def _denied(one: Stated, other: Stated, positions: Sequence[Stated]) -> Iterator[Pair]:
    """One says that the actor is for it, or says it, the other that he is against it or denies it."""
    mine, its = _sign(one), _sign(other)
    if mine == its or not one.position.evidence or not other.position.evidence:
        return
    if not (one.position.stance in AGAINST | FOR or other.position.stance in AGAINST | FOR):
        return
    if not _are_carried(one, other):
        return
    shared = _matter(one) & _matter(other)
    if len(shared) < _FEWEST or near(_matter(one), _matter(other)) < _ONE_MATTER:
        return
    for stated, article in ((one, other.report.id), (other, one.report.id)):
        # The other paper has this, too: he has said both, or has changed his mind.
        if any(
            each.report.id == article
            and each.actor == stated.actor
            and _sign(each) == _sign(stated)
            and near(_matter(each), _matter(stated)) >= _ONE_MATTER
            for each in positions
        ):
            return
    if one.report.order(other.report) in ("before", "after") and one.report.day != other.report.day:
        return  # a day later he may say something else
    yield Pair(
        "denial", "contradiction", "denied", one.position.claim, REASONS["contradiction"], _side(one), _side(other)
    )


def _matter(stated: Stated) -> frozenset[str]:
    """What it is about, without the words that say yes or no."""
    return frozenset(
        stem
        for stem in stated.stems
        if stem not in stems("denying") | stems("failing") | stems("answers") and stem not in _yes_and_no()
    )


def _yes_and_no() -> frozenset[str]:
    return frozenset(
        (
            "confirm",
            "deni",
            "reject",
            "support",
            "oppos",
            "offer",
            "declin",
            "accept",
            "refus",
            "back",
            "agre",
            "claim",
            "readi",
        )
    )


def _sign(stated: Stated) -> bool:
    """Whether the actor is for it, or says that it is so."""
    words = terms(stated.position.claim)
    if stated.position.stance in AGAINST:
        return False
    denying = any(term.stem in stems("denying") for term in words) or next(nots(words), None) is not None
    return not denying


def _are_carried(one: Stated, other: Stated) -> bool:
    """Whether the articles' own words are for it here and against it there: stance and claim are a model's words.

    A model that takes one quotation for a warning here and for opposition there, or loses a "not", makes no
    contradiction of it.
    """
    yes, no = (one, other) if _sign(one) else (other, one)
    if _denies(yes) or _says_not(yes):
        return False
    if _denies(no):
        return True
    # By a "not" alone: it is in claim and article, and the sentences are not one that both papers have.
    is_told = next(nots(terms(no.position.claim)), None) is not None and _says_not(no)
    return is_told and near(_told(yes), _told(no)) < _ONE_SENTENCE


def _denies(stated: Stated) -> bool:
    against = stems("denying") | _OPPOSING
    return any(term.stem in against for span in stated.position.evidence for term in terms(span.text))


def _says_not(stated: Stated) -> bool:
    return any(next(nots(terms(span.text)), None) is not None for span in stated.position.evidence)


def _told(stated: Stated) -> frozenset[str]:
    """What the article's sentences speak of."""
    return frozenset().union(*(matter(span.text) for span in stated.position.evidence))


def _side(stated: Stated) -> Side:
    span = stated.position.evidence[0]
    return side_at(stated.report.id, span, span, stated.position.stance)
