"""What a draft's items have to keep beside the checks of `checks.ground_item`. Pure; no field names, only marks.

Each check is a function (item, evidence, context) -> findings, whose paths are those of the values in the item.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from annotated_types import MaxLen
from pydantic import BaseModel

from ..schemas.evidence import Evidence, Finding
from ..schemas.marks import Amount, Carried, Given, Mark, Marked, MaxWords, Name, State, marked_with, walk
from .agreements import one_state, states_told
from .carried import check_carried, check_wording
from .cast import who_is
from .context import ArticleContext, once
from .cues import cues
from .facts import against, check_names, check_numbers
from .givers import find_exchanges, same_thing
from .marks import paragraphs
from .mouths import MOUTHS, is_named_in, without_speaker
from .own_words import is_closed, is_side_clause
from .plain import PLAIN
from .quantities import quantities
from .role_words import verbs
from .tokens import name_words
from .wording import stems, terms, wording
from .wordlists import word_set

ItemCheck = Callable[[BaseModel, Sequence[Evidence], ArticleContext], Iterator[Finding]]
# Characters from which on a sentence may have been ended by the limit of its field and not by its writer.
LONG = 195
_LETTERS = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
# A sentence that ended, and a word or two of another: "The ferries sail on the 5th day. Marl".
_STUMP = re.compile(r"\b([^\W\d_]{3,})[.!?][”\"]? [^\W\d_][\w’'-]*(?: [\w’'-]+)?[.!?]?\Z")
_WHAT_WAS_SAID = re.compile(
    r"(?:What|Who) (?:did|does|do|has|have|is|was) .{2,60} "
    r"(?:say|said|claim|claimed|deny|denied|confirm|announce|tell|told|state|declin\w+ to comment on|opinion\b.*)\?"
    r"|(?:Will|Would|Are|Is|Were) there (?:be )?(?:any |some )?(?:concern|doubt|fear|speculation|question|worr).*\?"
)
# A name with a possessive, and the word after it.
_OWNED = re.compile(r"\b([A-Z][\w.-]*(?: [A-Z][\w.-]*)*)[’']s (?:own |new |draft |latest )?([a-z]{3,})")
_PAYS = re.compile(r"\b(?:offer(?:s|ed)?|pays?|paid|bids?|spends?|spent)\b")
# Signs that any sentence may have, whatever the article does.
_SIGNS = frozenset("'’‘“”,.;:?!()-–—%&/ ")


def _of_another_length(item: BaseModel, *_: object) -> Iterator[Finding]:
    for value in marked_with(item, MaxWords):
        words = len(value.value.split())
        if words > value.mark.words:
            yield against("length", value, f"it has {words} words, {value.mark.words} are allowed: say it shorter")
        elif words < value.mark.fewest:
            yield against("length", value, "it says too little of its line: say what the line tells")


def _unfinished(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    """Sentences that end in a word or a sign after which more has to come: the model ran into the end of its field."""
    for value in marked_with(item, Carried):
        words = _LETTERS.findall(value.value)
        if not is_closed(value.value):
            yield against("quoted words", value, "a quotation mark in it is left open")
        stump = _STUMP.search(value.value)
        ends_open = value.value.rstrip(" .?")[-1:] in tuple(",;:–—-")
        cut = len(value.value) >= _longest(item, value) - 1 or (len(value.value) >= LONG and _goes_on(words, context))
        # "When would the council vote?" begins as a side clause does, and is whole.
        is_asked = value.value.rstrip().endswith("?")
        cut = cut or (value.mark.own and not is_asked and is_side_clause(value.value))
        cut = cut or (value.mark.own and not value.mark.opens_with and _is_beginning(value.value, evidence))
        cut = cut or (stump is not None and stump[1].lower() not in name_words().abbreviations)
        if ends_open or cut or (words and (words[-1].lower() in word_set("unending") or _is_cut(words, context))):
            yield against("unfinished", value, "it breaks off: say it in fewer words")


def _is_beginning(sentence: str, evidence: Sequence[Evidence]) -> bool:
    """Whether it is a sentence of the article up to before its verb: "The end of talks between Norland and Esk."."""
    words = " ".join(sentence.split()).rstrip(" .…")
    rests = [
        line[len(words) :] for line in (" ".join(each.text.split()) for each in evidence) if line.startswith(words)
    ]
    following = [re.match(r",? ([a-z]+)\b", rest) for rest in rests]
    return any(match is not None and match[1] in verbs() for match in following)


def _longest(item: BaseModel, value: Marked[Mark]) -> int:
    """Characters that the field of an item's own value takes at most; a value of a part of it has no such end."""
    field = type(item).model_fields.get(value.path)
    bounds = [bound.max_length for bound in field.metadata if isinstance(bound, MaxLen)] if field else []
    return min(bounds, default=sys.maxsize)


def _is_cut(words: Sequence[str], context: ArticleContext) -> bool:
    """Whether the last word is only the beginning of one that the article has, or a preposition it goes on after."""
    last = re.escape(words[-1])
    if words[-1].lower() in name_words().titles & name_words().abbreviations:  # "Gen.", after which a name has to come
        return True
    if words[-1] in cues().prepositions and len(words) > 1:
        return bool(re.search(rf"\b{re.escape(words[-2])} {last} \w", context.read, re.IGNORECASE))
    whole = re.search(rf"\b{last}\b", context.read, re.IGNORECASE)
    # "official" may stand for "officials"; of a name no letter is missing.
    more = r"\w" if words[-1][0].isupper() else r"\w{2}"
    return len(words[-1]) > 2 and not whole and bool(re.search(rf"\b{last}{more}", context.read))


def _goes_on(words: Sequence[str], context: ArticleContext) -> bool:
    """Whether the article goes on in the same clause, or word, after the last two words."""
    last = r"\W+".join(map(re.escape, words[-2:]))
    return bool(re.search(rf"\b{last}(?:[\w-]| \w)", context.read, re.IGNORECASE))


def _names_twice(item: BaseModel, *_: object) -> Iterator[Finding]:
    """Claims that begin with the speaker and then let the article name him in full: its sentence was copied whole."""
    for value in marked_with(item, Carried):
        if value.mark.opens_with:
            name, said = str(getattr(item, value.mark.opens_with)).lower(), value.value.lower()
            begins = said.startswith((name, name.rsplit(maxsplit=1)[-1]))
            if " " in name and begins and name in said[len(name) :]:
                yield against("twice", value, "it names the speaker twice: say only what was said")


def _in_other_script(item: BaseModel, _: object, context: ArticleContext) -> Iterator[Finding]:
    """Letters of a script, or signs, that the article has none of: a model falls into another language or into code."""
    known = _scripts(context.read)
    for value in marked_with(item, Carried):
        if not _scripts(value.value) <= known:
            yield against("script", value, "it is not in the language of the article")
        signs = {sign for sign in set(value.value) - _SIGNS if not sign.isalnum() and not sign.isspace()}
        if any(sign not in context.read for sign in signs):
            yield against("script", value, "it has signs that are none of the article's")


@lru_cache(maxsize=64)
def _scripts(text: str) -> frozenset[str]:
    """The scripts of its letters, by the first word of their names in Unicode: LATIN, CYRILLIC, CJK."""
    return frozenset(_script(letter) for letter in set(text) if letter.isalpha())


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _misgiven(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    """Terms of a deal that are given to the wrong side, or that its lines let nobody give."""
    terms_given = list(marked_with(item, Given))
    if not terms_given:
        return
    values = {value.path: value.value for value in walk(item)}
    told = " ".join(span.text for span in evidence)
    exchanges = list(find_exchanges(told, dict.fromkeys(values.values())))
    for term in terms_given:
        giver = values.get(f"{term.path.rpartition('.')[0]}.{term.mark.by}", "")
        is_blank = term.value.lower().strip(" .") in word_set("blank")
        for exchange in exchanges:
            gets = exchange.receiver == giver and same_thing(term.value, exchange.thing)
            is_price = exchange.receiver != giver and exchange.price and same_thing(term.value, exchange.price)
            if gets or is_price:
                side = f"{giver} gets it" if gets else f"{exchange.receiver} gives it"
                yield against("giver", term, f"{giver} does not give “{term.value}”: in the article {side}")
                break
        else:
            wants = "asks" if _only_wants(giver, term.value, told) else "pays"
            if wants == "asks" or _pays_for(giver, term.value, told):
                says = f"in the article it {wants} for it"
                yield against("not given", term, f"{giver} does not give “{term.value}”: {says}")
            elif giver and not exchanges and not is_blank and not _gives(giver, told, context):
                yield against("not given", term, f"the lines do not say that {giver} gives “{term.value}”")


def _gives(giver: str, told: str, context: ArticleContext) -> bool:
    """Whether the lines have the giver as the subject of some verb, or something done by it."""
    who = who_is(giver, context)
    for form in {giver, who.name, *who.aliases}:
        name = re.escape(form)
        after = re.search(rf"\b{name}\b(?![-’'])([^.;:“”]*)", told, re.IGNORECASE)
        first = re.match(r" ([a-z]+)", after[1]) if after else None
        joins = cues().prepositions | cues().relative | {"and", "or", "government", "governments"}
        acts = after is not None and not verbs().isdisjoint(re.findall(r"[a-z]+", after[1].lower()))
        acts = acts or (first is not None and first[1] not in joins)
        if acts or re.search(rf"\b(?:by|from) (?:the )?{name}\b", told, re.IGNORECASE):
            return True
    return False


def _only_wants(giver: str, thing: str, told: str) -> bool:
    """Whether the lines have a word of wanting between the one and the thing: "Norland has called for a truce"."""
    between = re.search(rf"\b{re.escape(giver or '-')}\b([^.;“”]{{0,80}}?)\b{_beginning(thing)}\b", told, re.IGNORECASE)
    return between is not None and not stems("wanting").isdisjoint(term.stem for term in terms(between[1]))


def _pays_for(giver: str, thing: str, told: str) -> bool:
    """Whether the one offers or pays something for it: "Norland offers 40 million crowns a year for herring"."""
    if not _PAYS.search(told):
        return False
    before = rf"\b{re.escape(giver or '-')}\b[^.;“”]{{0,40}}{_PAYS.pattern}[^;“”]{{0,80}} for [^.;“”]{{0,20}}"
    return bool(re.search(rf"{before}\b{_beginning(thing)}\b", told))


def _beginning(thing: str) -> str:
    """A pattern for its first three words."""
    return r"\W+".join(map(re.escape, re.findall(r"\w+", thing)[:3]))


def _owned_by_another(item: BaseModel, evidence: Sequence[Evidence], _: object) -> Iterator[Finding]:
    """Somebody's claims, plan or price that the lines call somebody else's: "Norland’s offer" for "Sudland’s offer"."""
    owners: dict[str, set[str]] = {}
    for owner, thing in _OWNED.findall(" ".join(span.text for span in evidence)):
        owners.setdefault(thing.lower(), set()).add(owner)
    for value in marked_with(item, Carried) if owners else ():
        if value.mark.near:
            for owner, thing in _OWNED.findall(value.value):
                others = owners.get(thing.lower(), set())
                if others and not any(owner.endswith(other) or other.endswith(owner) for other in others):
                    says = f"the article says “{sorted(others)[0]}’s {thing}” where it says “{owner}’s {thing}”"
                    yield against("name", value, says)


def _misplaced(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    """Amounts and names that have to stand where the item's evidence does, and do not."""
    if not evidence:
        return
    for value in walk(item):
        match value.mark:
            case Amount():
                near = _neighbourhood(evidence, context).quantities
                sums = [each for each in quantities(value.value) if each.kind != "date"]
                if not sums or any(near.match(each) != "same" for each in sums):
                    yield against("elsewhere", value, f"“{value.value}” is no amount in the lines that it cites")
            case Name(here=True) if not is_named_in(value.value, evidence):
                yield against("elsewhere", value, f"the lines that it cites do not name “{value.value}”")


def _astray(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    """Numbers and names that the article has, but not where the item's evidence stands.

    Names that the item itself is about are left out: the article may call them "he" there. Who is meant by "we" or
    "they" a model guesses: what is somebody's claim has only names and numbers of its own lines.
    """
    if not evidence:
        return
    # What the article does not have at all, the checks of the whole article have told already.
    near_checks = (check_numbers, check_names)
    about = [value.value for value in marked_with(item, Name)]
    for value in marked_with(item, Carried):
        if value.mark.near:
            near = _neighbourhood(evidence, context, paragraphs_before=None if value.mark.opens_with else 1)
            told = {finding.text for check in near_checks for finding in check(value.value, context, evidence)}
            for finding in chain.from_iterable(check(value.value, near, evidence) for check in near_checks):
                named = finding.text in told or any(finding.text in name for name in about)
                if finding.verdict == "against" and not named:
                    yield finding.model_copy(
                        update={
                            "gate": "elsewhere",
                            "path": value.path,
                            "reason": f"“{finding.text}” is not in the lines that it cites: leave it out",
                        }
                    )


def _from_elsewhere(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    """Runs of words that the article has in another place than the item's evidence: two of its lines run together.

    Three words, of which the evidence, its paragraph and the one before have two not at all. In none of 289 claims,
    questions and points of labelled articles is there such a run.
    """
    if not evidence:
        return
    lines = [each for start, end in _near(evidence, context, 1) for each in context.sentences_at(start, end)]
    known = frozenset[str]().union(*(_stems(context, each.start, each.end) for each in (*lines, *evidence)))
    whole = _running(context)
    for value in marked_with(item, Carried):
        if value.mark.near:
            words = _WORD.findall(value.value)
            for run in zip(words, words[1:], words[2:], strict=False):
                said = " ".join(run)
                if said != said.lower() or f" {said} " not in whole:
                    continue
                new = [t for t in terms(said) if t.is_content and t.low.isalpha() and t.stem not in known]
                if len(new) > 1:
                    yield against("elsewhere", value, f"“{said}” is not in the lines that it cites: leave it out")
                    break


@once
def _stems(context: ArticleContext, start: int, end: int) -> frozenset[str]:
    return frozenset(term.stem for term in terms(context.text, start, end))


@once
def _running(context: ArticleContext) -> str:
    """The words of the article in lower case, a space before and after each."""
    return f" {' '.join(_WORD.findall(context.read.lower()))} "


def _near(evidence: Sequence[Evidence], context: ArticleContext, paragraphs_before: int) -> list[tuple[int, int]]:
    """The paragraphs of the evidence and so many before each."""
    bounds = _paragraphs(context.whole)
    places = [next((i for i, (start, end) in enumerate(bounds) if start <= at.start < end), 0) for at in evidence]
    return [
        (bounds[max(0, place - paragraphs_before)][0], max(bounds[place][1], span.end))
        for place, span in zip(places, evidence, strict=True)
    ]


@once
def _paragraphs(context: ArticleContext) -> list[tuple[int, int]]:
    return paragraphs(context.text)


def _neighbourhood(
    evidence: Sequence[Evidence], context: ArticleContext, paragraphs_before: int | None = 1
) -> ArticleContext:
    """The context as if the article had only the paragraphs of the evidence and so many before each; None: only it."""
    pieces = [(span.start, span.end) for span in evidence]
    if paragraphs_before is not None:
        pieces = _near(evidence, context, paragraphs_before)
    return _only_near(context, tuple(sorted(pieces)))


@once
def _only_near(context: ArticleContext, pieces: tuple[tuple[int, int], ...]) -> ArticleContext:
    return context.near(pieces)


def _asks_for_what_is_told(item: BaseModel, *_: object) -> Iterator[Finding]:
    """Questions for what somebody says or denies: the line tells that."""
    for value in marked_with(item, Carried):
        if _WHAT_WAS_SAID.fullmatch(value.value):
            yield against("carried", value, "it asks for what the line tells: ask for what it leaves open")


def _in_own_person(item: BaseModel, *_: object) -> Iterator[Finding]:
    """Claims in which "we" or "you" is left from the speaker's words, so that somebody else is meant."""
    for value in marked_with(item, Carried):
        if value.mark.opens_with:
            words = re.findall(r"[a-z]+", re.sub("“[^”]*”", "", value.value).lower())
            if not (word_set("first_person").isdisjoint(words) and word_set("second_person").isdisjoint(words)):
                yield against("person", value, "it leaves “we” or “you” of the speaker's words: say he, she or they")


def _misstated(item: BaseModel, evidence: Sequence[Evidence], _: object) -> Iterator[Finding]:
    """Agreements in another state than the one that their evidence tells, or in one for which it has no words."""
    for value in marked_with(item, State):
        lines = [span.text for span in evidence]
        one, told = one_state(lines), states_told(lines)
        if value.value in wording("status") and value.value not in ({one} if one else told):
            says = f"they say {one or ' or '.join(sorted(told))}" if told else "they say nothing of the kind"
            yield against("status", value, f"the lines that it cites do not say “{value.value}”; {says}")


def _told_otherwise(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    """Sentences that deny, hedge, date or turn round what their evidence says, or say something else."""
    for value in marked_with(item, Carried):
        if value.mark.near and evidence:
            said = without_speaker(value.value, value.mark.opens_with, item)
            for found in (*check_carried(said, context, evidence), *check_wording(value.value, context, evidence)):
                yield found.model_copy(update={"path": value.path})


# Of every item of an English article.
CHECKS = (
    _of_another_length,
    _unfinished,
    _names_twice,
    _in_other_script,
    _misgiven,
    _owned_by_another,
    _misplaced,
    _astray,
    _from_elsewhere,
    _misstated,
    _told_otherwise,
    _in_own_person,
    _asks_for_what_is_told,
    *MOUTHS,
)
# Of an item in another language: what knows no English words, and `plain`.
CHECKS_ELSEWHERE = (_of_another_length, _unfinished, _names_twice, _misplaced, _astray, *PLAIN)


def checks_for(context: ArticleContext) -> tuple[ItemCheck, ...]:
    """The checks that an item gets, by the language of the article and its brief."""
    if context.is_english:
        return CHECKS
    return CHECKS_ELSEWHERE if context.is_translated else (*CHECKS_ELSEWHERE, _in_other_script)
