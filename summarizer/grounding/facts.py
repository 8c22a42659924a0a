"""Checks of one sentence against an article: its numbers, its names, its quotation marks and who it lets speak.

Each check is a function (sentence, context, evidence) -> findings; what it finds nothing against, it is silent about.
What stands inside quotation marks is left to the check of quoted words, which is the stricter one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from ..schemas.evidence import Evidence, Finding, Quotation
from ..schemas.marks import Mark, Marked
from .carriers import sentences_of
from .context import ArticleContext
from .marks import Stretch, stretches_of
from .mentions import Word, is_headline, mentions_in
from .nameindex import countries
from .persons import is_name, same_person
from .quantities import Quantity, quantities
from .quotations import find_quotations

# A number word after one of these may be counted from what the article tells: the two leaders.
_COUNTED_AFTER = re.compile(r"\b(?:the|these|those|both|all|his|her|its|their)\s+\Z", re.IGNORECASE)
_MOST_COUNTED = 10
_TIMES = ("year", "month", "week", "day", "hour")
# From this share of what a sentence says, one of the article is about the same matter.
_ABOUT = 0.4
_DOUBLE_MARKS = re.compile(r"[“”„«»]|(?<!\d)[\"″＂]")
_LEFT_OPEN = re.compile(r"(?<!\w)‘(?!(?:em|til|tis|twas|cause|bout|round|n|\d\ds?)\b)\w", re.IGNORECASE)
_REASON_CHARS = 160
_TOUCHING = tuple('"“”„«»″＂')


# The checks of a sentence


def check_numbers(sentence: str, context: ArticleContext, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    """Every number, date, amount and count occurs in the article with the same value and unit.

    A small one in words that may have been reckoned is "undecided", unless it is said which lines carry it.
    """
    quoted = stretches_of(sentence)
    for quantity in quantities(sentence):
        match = context.quantities.match(quantity)
        if match == "same" or _is_quoted(quantity.start, quoted):
            continue
        near = context.quantities.nearest(quantity, evidence)
        span = Evidence.of(context.text, near.start, near.end) if near else None
        reason = f"the article does not give “{quantity.text}”"
        if match == "unclear":
            reason = f"the article gives the number of “{quantity.text}”, but not what it counts"
        elif span is not None and span.text != quantity.text:
            reason += f"; it says “{span.text}”"
        undecided = match == "unclear" or _may_be_counted(sentence, quantity)
        if not undecided and not evidence and _may_be_reckoned(quantity):
            undecided = not context.quantities.has_alike(quantity, _about(sentence, context))
        yield finding("number", quantity.text, reason, span, undecided=undecided)


def _may_be_counted(sentence: str, quantity: Quantity) -> bool:
    is_small = quantity.kind == "number" and quantity.text[0].isalpha() and quantity.value <= _MOST_COUNTED
    return is_small and _COUNTED_AFTER.search(sentence, max(0, quantity.start - 20), quantity.start) is not None


def _may_be_reckoned(quantity: Quantity) -> bool:
    """Whether it may have been counted or reckoned: two of the mayors, five years from 2026 to 2031."""
    is_small = quantity.text[0].isalpha() and quantity.value <= _MOST_COUNTED
    return is_small and (quantity.kind == "number" or quantity.unit in _TIMES)


def _about(sentence: str, context: ArticleContext) -> list[Evidence]:
    """The sentences of the article that are about the same matter."""
    near = [each for each in sentences_of(context).comparisons(sentence) if each.share >= _ABOUT]
    return [Evidence.of(context.text, each.start, each.end) for each in near]


def check_names(sentence: str, context: ArticleContext, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    """Every name stands in the article: whole, in a fuller form, as a country's adjective or as a short form.

    In a headline in capitals, and for an article in a language that gives capitals to nouns, a word that is missing
    is only "undecided" unless it is a country or a short form.
    """
    words, mentions = mentions_in(sentence)
    quoted = stretches_of(sentence)
    for mention in mentions:
        if _is_quoted(mention.words[0].start, quoted):
            continue
        standing, part = context.names.look_up(mention)
        if standing == "stands":
            continue
        missing = sentence[part[0].start : part[-1].end]
        # A translation spells names in its own way.
        says_little = is_headline(words) or context.names.has_capital_nouns
        is_unsure = says_little and not _is_surely_name(part)
        undecided = standing == "unclear" or is_unsure or context.is_translated
        reason = f"the article may not name “{missing}”" if undecided else f"the article does not name “{missing}”"
        yield finding("name", missing, reason, undecided=undecided)


def _is_surely_name(part: tuple[Word, ...]) -> bool:
    phrase = " ".join(word.folded for word in part)
    return phrase in countries().forms or phrase in countries().seats or part[0].is_acronym


def check_quoted_words(sentence: str, context: ArticleContext, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    """What stands in quotation marks stands in the article inside quotation marks, character for character."""
    stretches = stretches_of(sentence)
    # The article's own sentence, out of a quotation that runs on.
    is_verbatim = bool(stretches or _DOUBLE_MARKS.search(sentence)) and bool(context.body.locate(sentence))
    for stretch in stretches:
        words = sentence[stretch.start : stretch.end]
        if not stretch.is_closed:
            if not is_verbatim:
                yield finding("quoted words", words, "a quotation mark is left open")
            continue
        places = _located_in_marks(words, context)
        if places is None:
            near = context.near_miss(words)
            says = f"; it says “{shortened(near.text, words)}”" if near else ""
            said = shortened(words, near.text if near else "")
            yield finding("quoted words", words, f"the article does not say “{said}”{says}", near)
        elif not places:
            reason = f"the article does not put “{shortened(words)}” in quotation marks"
            yield finding("quoted words", words, reason, context.body.locate(words)[0])
    if _has_lone_mark(sentence, stretches) and not is_verbatim:
        yield finding("quoted words", sentence, "a quotation mark is left open")


def _has_lone_mark(sentence: str, stretches: Sequence[Stretch]) -> bool:
    """Whether a quotation mark opens or closes nothing."""
    marks = [*_DOUBLE_MARKS.finditer(sentence), *_LEFT_OPEN.finditer(sentence)]
    if any(not stretch.is_closed for stretch in stretches):
        return False
    return any(not any(s.opened <= mark.start() < s.closed for s in stretches) for mark in marks)


def _located_in_marks(words: str, context: ArticleContext) -> list[Evidence] | None:
    """Where the words stand inside quotation marks; empty if they stand outside only, None if nowhere in the body."""
    inside = context.marked.locate(words)
    if inside:
        return inside
    places = context.body.locate(words)
    # A quote that the speaker's sentence interrupts has several places, each of them inside marks.
    is_inside = all(
        any(s.start <= p.start and p.end <= s.end for s in context.stretches) or _has_mark_beside(context.text, p)
        for p in places
    )
    return None if not places else places if is_inside else []


def _has_mark_beside(text: str, place: Evidence) -> bool:
    """Whether a quotation mark touches the words, where marks are so out of order that no stretch was found."""
    after = text[place.end : place.end + 2].lstrip(".,!?…")
    return text[max(0, place.start - 1) : place.start] in _TOUCHING or after[:1] in _TOUCHING


def check_speakers(sentence: str, context: ArticleContext, evidence: Sequence[Evidence]) -> Iterator[Finding]:
    """Who a sentence lets speak in quotation marks is the one who speaks these words in the article."""
    if not any(stretch.is_closed for stretch in stretches_of(sentence)):
        return
    for claimed in find_quotations(sentence, context.brief_in.code):
        if claimed.speaker is not None and claimed.speaker_name:
            yield from check_speaker(claimed.speaker_name, claimed.text, context)


def check_speaker(name: str, words: str, context: ArticleContext) -> Iterator[Finding]:
    """What speaks against `name` as the one who says `words` in quotation marks.

    Silent on words that the article lets nobody speak: where it has them at all is left to the check of quoted words.
    """
    # Words in capitals are mostly the title of a programme, which nobody speaks.
    spoken = None if words.istitle() else _quotation_of(words, context)
    if spoken is not None:
        yield from judge_speaker("speaker", words, name, [spoken], context)


def _quotation_of(words: str, context: ArticleContext) -> Quotation | None:
    places = _located_in_marks(words, context)
    if not places:
        return None
    return next((q for q in context.quotations if q.start <= places[0].start < q.end and q.is_speech), None)


def judge_speaker(
    gate: str, words: str, actor: str, spoken: Sequence[Quotation], context: ArticleContext
) -> Iterator[Finding]:
    """What speaks against `actor` as the one who says `words`, which stand inside these quotations.

    Against: the article has another say them. Undecided: it does not say who does, or more than one bears the name.
    """
    for quotation in spoken:
        said_by = is_said_by(quotation, actor, context)
        if said_by == "yes":
            continue
        speaker = quotation.speaker_name or (quotation.speaker.text if quotation.speaker else "")
        reason = f"the article does not say clearly who says “{shortened(words)}”"
        if said_by == "no":
            reason = f"in the article “{speaker}” says “{shortened(words)}”, not “{actor}”"
        yield finding(gate, words, reason, quotation.speaker, undecided=said_by == "unclear")
        return


def is_said_by(quotation: Quotation, actor: str, context: ArticleContext) -> str:
    """Whether a quotation is this actor's: "yes", "no", or "unclear" where the article does not tell."""
    mention = quotation.speaker.text if quotation.speaker else ""
    name = quotation.speaker_name
    if name is None:
        is_same_source = bool(mention) and not is_name(mention) and same_person(mention, actor)
        return "yes" if is_same_source else "unclear"
    if not same_person(name, actor) and not same_person(mention, actor):
        return "no"
    bearers = [person for person in context.people if same_person(person.name, actor)]
    return "yes" if len(bearers) < 2 else "unclear"


SentenceCheck = Callable[[str, ArticleContext, Sequence[Evidence]], Iterator[Finding]]


def _is_quoted(at: int, quoted: Sequence[Stretch]) -> bool:
    return any(stretch.is_closed and stretch.start <= at < stretch.end for stretch in quoted)


def shortened(words: str, beside: str = "") -> str:
    """Words as a reason repeats them: on one line, and not too many; of a long text from where it begins to differ from
    the one `beside` it."""
    line, other = " ".join(words.split()), " ".join(beside.split())
    if len(line) <= _REASON_CHARS:
        return line
    same = next((i for i, (one, two) in enumerate(zip(line, other, strict=False)) if one.lower() != two.lower()), 0)
    first = line.rfind(" ", 0, same - _REASON_CHARS // 3) + 1 if same > _REASON_CHARS // 2 else 0
    cut = line[first : first + _REASON_CHARS]
    end = cut if first + _REASON_CHARS >= len(line) else cut.rsplit(" ", 1)[0] + " …"
    return f"… {end}" if first else end


def against(gate: str, value: Marked[Mark], reason: str) -> Finding:
    """A finding against a value of an item, with its path."""
    return finding(gate, value.value, reason).model_copy(update={"path": value.path})


def finding(gate: str, text: str, reason: str, span: Evidence | None = None, *, undecided: bool = False) -> Finding:
    """A finding without a path; its reason is made one line."""
    verdict: Literal["against", "undecided"] = "undecided" if undecided else "against"
    return Finding(gate=gate, verdict=verdict, text=text, reason=" ".join(reason.split()), span=span)
