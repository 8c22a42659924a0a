"""What is compared of a sentence in a language other than English: its words, and whether it denies what its lines do.

A rough comparison that refuses too much rather than too little: what it refuses, the article's own words stand for.
What it cannot compare is told once in the audit of every such brief (`untold`).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from ..schemas.evidence import Evidence, Finding
from ..schemas.marks import Carried, State, marked_with
from .context import ArticleContext, once
from .facts import against, finding
from .languages import ENGLISH, Language

# Share of the words of a sentence that the lines it cites have, and how many letters of a word are compared: endings
# differ. A sentence that is told in other words than the article's is refused.
CARRIED = 0.6
_STEM = 5
_FEWEST_LETTERS = 4
_FEWEST_WORDS = 3
# Words of English that are none of the languages with a table, and words of theirs that English has, too.
_ENGLISH = frozenset(
    ("the", "of", "and", "for", "with", "that", "their", "from", "says", "said", "by", "they", "which", "would", "is")
)
_SHORT_ENGLISH = frozenset(("a", "an", "am", "as", "in", "so", "was", "die", "des", "but", "on", "me", "mars"))
_WORD = re.compile(r"[^\W\d_]+")
_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")


def untold(context: ArticleContext) -> tuple[Finding, ...]:
    """What the audit is told of the checks that a text in this language does not get; nothing for English."""
    if context.is_english:
        return ()
    name, brief_in = context.language.name, context.brief_in.name
    if context.is_translated:
        reason = (
            f"the article is in {name} and the brief in {brief_in}: of its sentences only numbers and quotations were "
            "compared with the article"
        )
    else:
        denials = "" if context.language.negative else "denials, "
        reason = (
            f"the article is in {name}: {denials}“may”, offices, times and who gives what are compared in English "
            "only; numbers in words only up to a hundred"
        )
    return (finding("language", "", reason, undecided=True),)


def check_plainly(sentence: str, context: ArticleContext, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    """Whether the lines that carry the sentence have its words, and deny what it denies. Silent on a translation."""
    if context.is_translated:
        return
    lines, known, says = evidence or context.sentences, context.language, _stems(sentence)
    shares = [(len(says & _stems(line.text)) / max(1, len(says)), line) for line in lines]
    share, carrier = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    share = max(share, len(says & _stems(" ".join(line.text for line in evidence))) / max(1, len(says)))
    given = {number for line in lines for number in (*numbers_in_words(line.text, known), *_counted(line.text))}
    added = set(numbers_in_words(sentence, known)) - given
    if added:
        words = (word for word, number in known.numbers if number in added and word in sentence.casefold())
        told = ", ".join(f"“{word}”" for word in words)
        yield finding("number", sentence, f"the lines do not give {told}", carrier)
    if len(says) >= _FEWEST_WORDS and share < CARRIED:
        where = "the lines that it cites say" if evidence else "any one sentence of the article says"
        yield finding("carried", sentence, f"it does not say what {where}", undecided=not evidence)
    elif carrier is not None and denies(sentence, known) != denies(carrier.text, known):
        told = "leaves out" if denies(carrier.text, known) else "puts in"
        yield finding("negation", sentence, f"it {told} a “not”: the article says “{carrier.text[:160]}”", carrier)


def numbers_in_words(sentence: str, known: Language) -> list[int]:
    """The numbers that stand in it as words, in their order, as far as the table of the language has them."""
    spelt = dict(known.numbers)
    return [spelt[word] for word in re.findall(r"[^\W\d_]+(?:[’'][^\W\d_]+)?", sentence.casefold()) if word in spelt]


def _counted(sentence: str) -> set[int]:
    """The whole numbers that stand in it in digits."""
    return {int(digits) for digits in re.findall(r"(?<!\d)\d{1,4}(?!\d)", sentence)}


def denies(sentence: str, known: Language) -> bool:
    """Whether a word of it denies something."""
    words = {word.casefold() for word in _WORD.findall(sentence)}
    return not words.isdisjoint(known.negative)


def _stems(sentence: str) -> frozenset[str]:
    """The beginnings of its longer words; in a script without spaces, its pairs of signs."""
    plain = unicodedata.normalize("NFC", sentence).casefold()
    if _WITHOUT_SPACES.search(plain):
        signs = re.sub(r"[\W_]", "", plain)
        return frozenset(signs[at : at + 2] for at in range(len(signs) - 1))
    return frozenset(word[:_STEM] for word in _WORD.findall(plain) if len(word) >= _FEWEST_LETTERS)


def states_of(lines: Sequence[str], known: Language) -> str | None:
    """The one state of a deal that the lines have words for; None for none or for several."""
    # What was not signed is not signed.
    said = [line for line in lines if not denies(line, known)]
    words = {word.casefold() for line in said for word in _WORD.findall(line)}
    told = [state for state, forms in known.states if not words.isdisjoint(forms)]
    return "negotiating" if set(told) == {"proposed", "negotiating"} else told[0] if len(told) == 1 else None


def _told_otherwise(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    for value in marked_with(item, Carried):
        if value.mark.near and evidence:
            for found in check_plainly(value.value, context, evidence):
                yield found.model_copy(update={"path": value.path})


def _misstated(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    for value in marked_with(item, State):
        one = states_of([span.text for span in evidence], context.language)
        if value.value not in (one, value.mark.otherwise, "none"):
            says = f"they say {one}" if one else "they say nothing of the kind, or several things"
            yield against("status", value, f"the lines that it cites do not say “{value.value}”; {says}")


def _in_other_language(item: BaseModel, _: object, context: ArticleContext) -> Iterator[Finding]:
    """What is not in the language of the brief: a small model answers in that of its instructions."""
    brief_in = context.brief_in
    if not brief_in.is_known:
        return
    small = context.language.small
    strange = _ENGLISH - _words(context) if brief_in.code != ENGLISH else small - _ENGLISH - _SHORT_ENGLISH
    fewest = 1 if brief_in.code != ENGLISH else 2
    for value in marked_with(item, Carried):
        words = {word.casefold() for word in _WORD.findall(value.value)}
        if len(words & strange) >= fewest:
            yield against("script", value, f"it is not in {brief_in.name}")


@once
def _words(context: ArticleContext) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(context.text))


PLAIN = (_told_otherwise, _misstated, _in_other_language)
