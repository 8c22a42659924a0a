"""Checks an item of a draft, or a sentence, against an article, and locates its evidence. Pure; no field names.

item ── by its marks ── Verbatim: located, not in an advert ── evidence ── inside marks: quotes
                        Spoken:   in the right mouth
                        Name, Amount: stand in the article
                        Carried:  numbers, names, quoted words and speakers of the sentence
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import BaseModel

from ..errors import InputError
from ..schemas.article import Article
from ..schemas.evidence import Evidence, Finding
from ..schemas.marks import Amount, Carried, Mark, Marked, Name, Spoken, Verbatim, marked_with, walk
from .carried import check_carried, check_wording
from .cast import is_named
from .context import ArticleContext
from .facts import (
    SentenceCheck,
    check_names,
    check_numbers,
    check_quoted_words,
    check_speakers,
    finding,
    is_said_by,
    judge_speaker,
    shortened,
)
from .leads import is_only_dateline
from .plain import check_plainly, untold
from .quantities import quantities
from .typography import fold
from .wordlists import word_set

__all__ = ["GATES", "ArticleContext", "Grounding", "check_claim", "ground_item"]

# Every gate and what it asks. `review.POLICY` says what becomes of an item that one finds something against.
GATES: Mapping[str, str] = MappingProxyType(
    {
        "quote": "the copied words stand in the article, exact up to typography",
        "furniture": "they stand in the article itself, not in an advert or teaser",
        "injection": "they do not stand in a passage that speaks to a machine",
        "speaker": "words in quotation marks are spoken by the one they are given to",
        "in article": "the name stands in the article",
        "amount": "the amount stands in the article, in the same unit",
        "number": "every number, date and amount of a sentence stands in the article, in the same unit",
        "name": "every name in a sentence stands in the article",
        "quoted words": "what a sentence puts in quotation marks the article says, in quotation marks",
        "negation": "a sentence denies what the article denies, and has no word in the place of its opposite",
        "act": "nobody denies, admits, threatens or apologises in a sentence who does not in the article",
        "hedge": "what the article says with “may” or “allegedly” is said so, and what it says without is",
        "status": "an agreement is proposed, agreed, signed or rejected as it is in the article",
        "office": "an office, and a former, acting or deputy one, is what the article calls it",
        "time": "last year is not next year",
        "giver": "two names have not changed places, so that who gives is who gets",
        "carried": "the lines that are cited, or else some of the article, are about what the sentence says",
    }
)
_SENTENCE_CHECKS: tuple[SentenceCheck, ...] = (check_numbers, check_names, check_quoted_words, check_speakers)

# A cut-off quote is worth keeping from so many whole words.
_FEWEST_WORDS = 4
# Other places looked at for words that stand several times, of which one may be in the right mouth.
_MOST_PLACES = 40
# Words beside a number that an amount may have which the article does not give as it is: "some … a year".
_BESIDE = 3
MAX_EVIDENCE = 600  # characters; the limit of the contract brief/1


@dataclass(frozen=True, slots=True)
class Grounding:
    """Where an item stands in the article, and what was found about it.

    `evidence`: the sentences that hold its copied words. `quotes`: the stretches in quotation marks among them that
    the item's actor spoke, marks left out. `findings`: with the path of the value in the item; the text is the value.
    """

    evidence: tuple[Evidence, ...]
    quotes: tuple[Evidence, ...]
    findings: tuple[Finding, ...]


def check_claim(
    article: Article, sentence: str, evidence: Evidence | Iterable[Evidence] | None = None
) -> list[Finding]:
    """What speaks against a sentence about an article: its numbers, names, quoted words and their speakers.

    A finding's text is the words of the sentence that it is about. Only "against" says that the article does not
    carry them; empty means that every check ran and found nothing. `evidence` are the stretches that are said to carry
    the sentence: they come first when a reason tells what the article says instead.
    Raises InputError if a piece of evidence is not a stretch of the article.
    """
    spans = (evidence,) if isinstance(evidence, Evidence) else tuple(evidence or ())
    for span in spans:
        if article.text[span.start : span.end] != span.text:
            raise InputError(f"evidence {span.start}:{span.end} is not in the article", "take offsets from its text")
    context = ArticleContext.of(article)
    if context.is_english:
        more = [*check_wording(sentence, context, spans), *check_carried(sentence, context, spans)]
    else:
        more = [*check_plainly(sentence, context, spans), *untold(context)]
    found = [*_check_sentence(sentence, context, spans), *more]
    return sorted(told_once(found), key=found.index)


def told_once(found: Iterable[Finding]) -> list[Finding]:
    """The findings, what is against the sentence first, and of one gate about the same words only the gravest."""
    told: dict[tuple[str, str], Finding] = {}
    for each in sorted(found, key=lambda each: each.verdict != "against"):
        told.setdefault((each.gate, each.text), each)
    return list(told.values())


def _check_sentence(sentence: str, context: ArticleContext, evidence: Sequence[Evidence]) -> list[Finding]:
    return [found for check in _SENTENCE_CHECKS for found in check(sentence, context, evidence)]


def ground_item(item: BaseModel, context: ArticleContext) -> Grounding:
    """Locate an item of a draft and check every value of it by its marks.

    A copied quote that stands in the article but for a word cut off at its end is taken without that word, which is
    no finding.
    """
    located = {marked.path: _locate(marked, item, context) for marked in marked_with(item, Verbatim)}
    spans = [span for place in located.values() for span in place]
    evidence = _evidence(spans, context)
    findings: list[Finding] = []
    quotes: list[Evidence] = []
    for marked in walk(item):
        place = located.get(marked.path, [])
        findings += [
            found.model_copy(update={"path": marked.path, "text": marked.value})
            for found in _check_value(marked, item, place, evidence, context)
        ]
        if isinstance(marked.mark, Spoken):
            quotes += quotes_of(place, _actor(item, marked), context)
    return Grounding(evidence, tuple(dict.fromkeys(quotes)), tuple(findings))


def _check_value(
    marked: Marked[Mark], item: BaseModel, place: list[Evidence], evidence: Sequence[Evidence], context: ArticleContext
) -> Iterator[Finding]:
    match marked.mark:
        case Verbatim():
            yield from _check_quote(marked.value, place, context)
        case Spoken():
            yield from _check_spoken(marked.value, place, _actor(item, marked), context)
        case Name():
            yield from _check_name(marked.value, context)
        case Amount():
            yield from _check_amount(marked.value, context)
        case Carried():
            yield from _check_sentence(marked.value, context, evidence)


# Copied words


def _locate(marked: Marked[Verbatim], item: BaseModel, context: ArticleContext) -> list[Evidence]:
    """Where copied words stand: best in the right mouth, else in the body, else in furniture; empty for nowhere."""
    words = marked.value
    if not context.prepared.locate(words):
        words = _without_cut_word(words, context)
    spoken = next((each for each in marked_with(item, Spoken) if each.path == marked.path), None)
    if spoken is not None and words:
        actor = _actor(item, spoken)
        own = [q for q in context.quotations if q.is_speech and is_said_by(q, actor, context) == "yes"]
        for quotation in own[:_MOST_PLACES]:
            place = context.body.locate(words, quotation.start)
            if place and quotation.start <= place[0].start < quotation.end:
                return _shown(place, context)
    return _shown(context.body.locate(words) or context.prepared.locate(words), context) if words else []


def _shown(place: Iterable[Evidence], context: ArticleContext) -> list[Evidence]:
    """The same stretches with the text's own words, where a copy was searched in which some are hidden."""
    return [Evidence.of(context.text, span.start, span.end) for span in place]


def _without_cut_word(words: str, context: ArticleContext) -> str:
    """The words without the last, if the article has them and goes on with what the last begins like; else empty.

    A model whose answer reaches the length allowed stops in the middle of a word.
    """
    kept, _, cut = words.rstrip().rpartition(" ")
    if not cut or len(kept.split()) < _FEWEST_WORDS:
        return ""
    for place in context.prepared.locate(kept)[-1:]:
        begun = fold(cut).text.strip(" '")
        goes_on = fold(context.text[place.end : place.end + 2 * len(cut) + 8]).text.lstrip(" ,.;:'-")
        if begun and goes_on.startswith(begun):
            return kept
    return ""


def _check_quote(words: str, place: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    if not place:
        near = context.near_miss(words)
        says = f"the article says “{shortened(near.text, words)}”" if near else "nothing like it stands in the article"
        yield finding("quote", words, f"not in the article word for word; {says}", near)
    elif any(map(context.is_injection, place)):
        reason = "these words stand in a passage that speaks to a machine, which is left out"
        yield finding("injection", words, reason, place[0])
    elif any(map(context.is_furniture, place)):
        yield finding("furniture", words, "these words stand in an advert or teaser, not in the article", place[0])


def _evidence(place: Iterable[Evidence], context: ArticleContext) -> tuple[Evidence, ...]:
    """The sentences that hold the located words; the words themselves where a sentence holds furniture."""
    found: list[Evidence] = []
    for span in place:
        if context.is_furniture(span):
            continue
        end = min(span.end, span.start + MAX_EVIDENCE)
        found += context.sentences_at(span.start, span.end) or (Evidence.of(context.text, span.start, end),)
    return tuple(dict.fromkeys(found))


# Who speaks


def _actor(item: BaseModel, marked: Marked[Mark]) -> str:
    """The value of the field that a Spoken mark names, which stands beside the marked one."""
    assert isinstance(marked.mark, Spoken)
    holder: object = item
    for step in marked.path.split(".")[:-1]:
        holder = holder[int(step)] if isinstance(holder, list | tuple) else getattr(holder, step)
    name = getattr(holder, marked.mark.by, None)
    if name is None and "." in marked.path:
        name = getattr(item, marked.mark.by, None)
    return str(name or "")


def _check_spoken(words: str, place: Sequence[Evidence], actor: str, context: ArticleContext) -> Iterator[Finding]:
    """Words that stand inside marks as speech are the actor's; of words that only hold a quotation, no one is."""
    spoken = [quotation for quotation in context.quotations if quotation.is_speech]
    around = [q for q in spoken if any(q.start <= span.start and span.end <= q.end for span in place)]
    yield from judge_speaker("speaker", words, actor, around, context)


def quotes_of(place: Sequence[Evidence], actor: str, context: ArticleContext) -> Iterator[Evidence]:
    """The stretches in marks that the words touch and the actor speaks; of a long one, the sentences touched."""
    for quotation in context.quotations:
        touched = [span for span in place if span.start < quotation.end and quotation.start < span.end]
        if not touched or not quotation.is_speech or is_said_by(quotation, actor, context) != "yes":
            continue
        if quotation.end - quotation.start <= MAX_EVIDENCE:
            yield Evidence.of(context.text, quotation.start, quotation.end)
            continue
        for sentence in context.sentences_at(touched[0].start, touched[-1].end):
            start, end = max(sentence.start, quotation.start), min(sentence.end, quotation.end)
            if start < end:
                yield Evidence.of(context.text, start, end)


# Names and amounts


def _check_name(name: str, context: ArticleContext) -> Iterator[Finding]:
    """The name stands in the body as it is; its first letter may be a capital or not."""
    other = name[:1].swapcase() + name[1:]
    places = [*context.body.locate(name), *context.body.locate(other)]
    if not places:
        yield finding("in article", name, f"the article does not name “{name}”")
    elif all(is_only_dateline(place.text, context.text) for place in places):
        yield finding("in article", name, f"“{name}” is where the article was written, and nobody who acts")
    elif _is_no_name(name):
        yield finding("in article", name, f"“{name}” is no name, and does not say which one is meant")


def _is_no_name(name: str) -> bool:
    """Whether words that stand in the article name nobody: a pronoun, a bare noun, a piece of a sentence."""
    words = re.findall(r"[^\W\d_]+", name.lower())
    if len(words) == 1:
        is_bare = name.islower() and not name.endswith("s") and name not in word_set("collectives")
        return is_bare or words[0] in word_set("pronouns")
    if re.search(r"[“”\";:!?]|[a-z]{3}\.$", name) or (words and words[-1] in word_set("unending")):
        return True
    has_verb = not (word_set("pronouns") | word_set("auxiliaries")).isdisjoint(words)
    return has_verb and "who" not in words and not is_named(name)


def _check_amount(words: str, context: ArticleContext) -> Iterator[Finding]:
    """Every quantity of the amount stands in the body with its unit; without any, the words themselves do."""
    found = quantities(words)
    beside = len(words.split()) - sum(len(each.text.split()) for each in found)
    if found and beside > _BESIDE and not context.body.locate(words):
        yield finding("amount", words, f"“{words}” is no amount: give the amount alone")
    if not found and not context.body.locate(words):
        yield finding("amount", words, f"the article does not give “{words}”")
    for quantity in found:
        if context.quantities.match(quantity) != "same":
            near = context.quantities.nearest(quantity)
            span = Evidence.of(context.text, near.start, near.end) if near else None
            says = f"; it says “{span.text}”" if span and span.text != quantity.text else ""
            yield finding("amount", words, f"the article does not give “{quantity.text}”{says}", span)
