"""Judges the items of a draft: which may stand, which the model is asked for again, which are dropped.

Pure: the whole of what happens to an item that fails is the table `POLICY` and the functions here.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from ..schemas.evidence import Evidence, Finding, Grounded, Who
from ..schemas.marks import Amount, Carried, Given, MaxWords, Name, walk
from .cast import resolve
from .checks import ground_item
from .compare import QuantityIndex
from .facts import ArticleContext, check_names, check_numbers
from .givers import find_exchanges, same_thing
from .marks import paragraphs
from .nameindex import NameIndex
from .quantities import quantities, read_sum
from .wordlists import word_set
from .worksheet import Worksheet, row_of

Action = Literal["ask", "drop"]

# What happens to an item against which a gate found something. "ask": the model writes it again, once, with the
# reason; what fails again is cut out where the schema can do without it, else the item is dropped. "drop": asking
# again cannot help. A gate that is undecided flags the item and lets it stand: its words are not shown as a quote.
POLICY: Mapping[str, Action] = MappingProxyType(
    {
        "quote": "ask",
        "furniture": "drop",
        "speaker": "ask",
        "number": "ask",
        "name": "ask",
        "quoted words": "ask",
        "in article": "ask",
        "amount": "ask",
        "elsewhere": "ask",
        "carried": "ask",
        "length": "ask",
        "unfinished": "ask",
        "script": "ask",
        "giver": "ask",
    }
)

# Of the words that carry meaning in a true sentence, at least 0.60 stood in its own evidence (117 sentences of the
# gold briefs of the dev set); against another item's evidence 96% of them stayed below 0.5. Words of the sentence before
# count too, as it may name what "it" is; but not alone: of 133 gold claims, questions and points, all had a share of 0.5
# in their own evidence. A sentence as short as "The movement denied it" says too little to be asked that.
CARRIED_SHARE = 0.5
OWN_SHARE = 0.4
SAYS_LITTLE = 5  # stems
STEM = 5  # letters by which two forms of a word are taken for the same
NO_SHEET: Worksheet = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One item and what the checks say of it. It may stand if `grounded` is given.

    A finding's path is where the words stand in the draft, such as `positions.2.claim`.
    """

    section: str
    index: int
    item: BaseModel
    findings: tuple[Finding, ...]
    grounded: Grounded[Any] | None

    @property
    def against(self) -> tuple[Finding, ...]:
        """What is held against it."""
        return tuple(finding for finding in self.findings if finding.verdict == "against")

    @property
    def may_be_asked_again(self) -> bool:
        """Whether it fails, and only in ways that the model can mend."""
        return self.grounded is None and all(POLICY[finding.gate] == "ask" for finding in self.against)

    @property
    def reason(self) -> str:
        """All that is held against it, in one line."""
        return "; ".join(dict.fromkeys(finding.reason for finding in self.against))


def items_of(draft: BaseModel) -> Iterator[tuple[str, int, BaseModel]]:
    """Every item of a draft as (section, index, item), in the draft's order."""
    for section in type(draft).model_fields:
        for index, item in enumerate(getattr(draft, section)):
            yield section, index, item


def review(section: str, index: int, item: BaseModel, context: ArticleContext, sheet: Worksheet = NO_SHEET) -> Reviewed:
    """Check one item of a draft against the article.

    An item that answers a row of the worksheet has all that the row holds for it: its sentences and its quotations.
    """
    place = f"{section}.{index}"
    grounding = ground_item(item, context)
    row = row_of(item, sheet.get(section, ()))
    evidence = _in_order(grounding.evidence, row.sentences if row else ())
    more = (check(item, evidence, context) for check in CHECKS)
    findings = tuple(
        finding.model_copy(update={"path": f"{place}.{finding.path}".rstrip(".")})
        for finding in (*grounding.findings, *chain.from_iterable(more))
    )
    if not grounding.evidence or any(finding.verdict == "against" for finding in findings):
        return Reviewed(section, index, item, findings, None)
    grounded = Grounded(
        section=section,
        item=item,
        evidence=evidence,
        quotes=_in_order(grounding.quotes, row.quotations if row else ()),
        who={name.path: _who(name.value, context) for name in walk(item) if isinstance(name.mark, Name)},
        sums={amount.path: read_sum(amount.value) for amount in walk(item) if isinstance(amount.mark, Amount)},
    )
    flagged = tuple(finding.model_copy(update={"action": "flagged"}) for finding in findings)
    return Reviewed(section, index, item, flagged, grounded)


def _in_order(one: Sequence[Evidence], other: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted({*one, *other}, key=lambda span: span.start))


def cut_down(reviewed: Reviewed, context: ArticleContext, sheet: Worksheet = NO_SHEET) -> Reviewed:
    """The item without the values that failed, where its schema can do without them: an optional value, an entry of
    a list, a text that may be empty. Unchanged if it cannot, or if what is left does not stand either.
    """
    item: BaseModel | None = reviewed.item
    place = f"{reviewed.section}.{reviewed.index}."
    # From the last to the first, so that taking out an entry of a list does not move the others.
    paths = dict.fromkeys(finding.path.removeprefix(place) for finding in reviewed.against)
    for path in sorted(paths, key=_natural, reverse=True):
        item = _without(item, path.split(".")) if item is not None else None
    if item is None or item == reviewed.item:
        return reviewed
    rest = review(reviewed.section, reviewed.index, item, context, sheet)
    return rest if rest.grounded else reviewed


def mend(reviewed: Reviewed, context: ArticleContext, sheet: Worksheet = NO_SHEET) -> Reviewed:
    """The item after what needs no model: values that only say that there is nothing are left out, and an exchange the
    wrong way round is turned. Unchanged if it does not stand even so.
    """
    is_blank = [value.lower().strip(" .") in word_set("blank") for value in _failing(reviewed)]
    return (
        cut_down(reviewed, context, sheet) if any(is_blank) and all(is_blank) else turn_round(reviewed, context, sheet)
    )


def _failing(reviewed: Reviewed) -> list[str]:
    """The values against which something is held."""
    place = f"{reviewed.section}.{reviewed.index}."
    paths = {finding.path.removeprefix(place) for finding in reviewed.against}
    return [value.value for value in walk(reviewed.item) if value.path in paths]


def turn_round(reviewed: Reviewed, context: ArticleContext, sheet: Worksheet = NO_SHEET) -> Reviewed:
    """The item with what it gives to the wrong one of two sides given to the other one; unchanged if that is not all.

    A small model turns an exchange round, and turns it round again when it is asked again.
    """
    names = {value.value for value in walk(reviewed.item) if isinstance(value.mark, Name)}
    if len(names) != 2 or {finding.gate for finding in reviewed.against} != {"giver"}:
        return reviewed
    data = reviewed.item.model_dump()
    by = {value.path: value.mark.by for value in walk(reviewed.item) if isinstance(value.mark, Given)}
    for finding in reviewed.against:
        path = finding.path.removeprefix(f"{reviewed.section}.{reviewed.index}.")
        holder: Any = data
        for step in path.split(".")[:-1]:
            holder = holder[int(step)] if isinstance(holder, list) else holder[step]
        (holder[by[path]],) = names - {holder[by[path]]}
    turned = review(reviewed.section, reviewed.index, type(reviewed.item).model_validate(data), context, sheet)
    return turned if turned.grounded else reviewed


def _without(item: BaseModel, path: Sequence[str]) -> BaseModel | None:
    for depth in range(len(path), 0, -1):
        data = item.model_dump()
        *way, last = path[:depth]
        holder: Any = data
        for step in way:
            holder = holder[int(step)] if isinstance(holder, list) else holder[step]
        if isinstance(holder, list):
            del holder[int(last)]
            fillings: tuple[Any, ...] = (None,)
        else:
            fillings = (None, "")
        for filling in fillings:
            if isinstance(holder, dict):
                holder[last] = filling
            try:
                return type(item).model_validate(data)
            except ValidationError:
                continue
    return None


def _natural(path: str) -> list[tuple[int, str]]:
    return [(int(step), "") if step.isdigit() else (-1, step) for step in path.split(".")]


def _too_long(item: BaseModel, *_: object) -> Iterator[Finding]:
    for value in walk(item):
        if isinstance(value.mark, MaxWords) and len(value.value.split()) > value.mark.words:
            yield Finding(
                gate="length",
                verdict="against",
                path=value.path,
                text=value.value,
                reason=f"it has {len(value.value.split())} words, {value.mark.words} are allowed: say it shorter",
            )


def _unfinished(item: BaseModel, *_: object) -> Iterator[Finding]:
    """Sentences that end in a word or a sign after which more has to come: the model ran into the end of its field."""
    for value in walk(item):
        if isinstance(value.mark, Carried):
            words = re.findall(r"[^\W_]+", value.value.lower())
            if value.value.rstrip(" .?")[-1:] in tuple(",;:–—-") or (words and words[-1] in word_set("unending")):
                yield Finding(
                    gate="unfinished",
                    verdict="against",
                    path=value.path,
                    text=value.value,
                    reason="it breaks off: say it in fewer words",
                )


def _in_other_script(item: BaseModel, _: object, context: ArticleContext) -> Iterator[Finding]:
    """Letters of a script that the article has none of: a model that was taught in two languages falls into the other."""
    known = _scripts(context.text)
    for value in walk(item):
        if isinstance(value.mark, Carried) and not _scripts(value.value) <= known:
            yield Finding(
                gate="script",
                verdict="against",
                path=value.path,
                text=value.value,
                reason="it is not in the language of the article",
            )


@lru_cache(maxsize=64)
def _scripts(text: str) -> frozenset[str]:
    """The scripts of its letters, by the first word of their names in Unicode: LATIN, CYRILLIC, CJK."""
    return frozenset(unicodedata.name(letter, "").partition(" ")[0] for letter in set(text) if letter.isalpha())


def _astray(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    """Numbers and names that the article has, but not where the item's evidence stands.

    Names that the item itself is about are left out: the article may call them "he" there.
    """
    if not evidence:
        return
    near = _neighbourhood(evidence, context)
    # What the article does not have at all, the checks of the whole article have told already.
    near_checks = (check_numbers, check_names)
    about = [value.value for value in walk(item) if isinstance(value.mark, Name)]
    for value in walk(item):
        if isinstance(value.mark, Carried) and value.mark.near:
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


def _uncarried(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    """Sentences most of whose words stand nowhere in their evidence and the sentence before it, or only before it."""
    if not evidence:
        return
    about = {stem for value in walk(item) if isinstance(value.mark, Name) for stem in _stems(value.value)}
    before = [sentence for sentence in context.sentences if sentence.end <= evidence[0].start][-1:]
    own = {stem for span in evidence for stem in _stems(span.text)}
    told = own.union(*(_stems(span.text) for span in before))
    for value in walk(item):
        if isinstance(value.mark, Carried) and value.mark.near:
            said = _stems(value.value) - about
            is_others = len(own) >= SAYS_LITTLE and len(said & own) < OWN_SHARE * len(said)
            if said and (is_others or len(said & told) < CARRIED_SHARE * len(said)):
                yield Finding(
                    gate="carried",
                    verdict="against",
                    path=value.path,
                    text=value.value,
                    reason="it does not say what the lines that it cites say",
                )


def _stems(text: str) -> set[str]:
    """The first letters of the words that carry meaning, and the numbers."""
    words = re.findall(r"[^\W\d_]{4,}|\d[\d.,]*", text.lower())
    return {word[:STEM] for word in words if word not in word_set("grammar")}


def _neighbourhood(evidence: Sequence[Evidence], context: ArticleContext) -> ArticleContext:
    """The context as if the article had only the paragraphs of the evidence and the one before each."""
    bounds = paragraphs(context.text)
    pieces = []
    for span in evidence:
        index = next((i for i, (start, end) in enumerate(bounds) if start <= span.start < end), 0)
        pieces.append((bounds[max(0, index - 1)][0], max(bounds[index][1], span.end)))
    inside = [
        quantity
        for quantity in quantities(context.text)
        if any(start <= quantity.start and quantity.end <= end for start, end in pieces)
    ]
    names = NameIndex(context.text, sorted(pieces), "")
    return replace(context, quantities=QuantityIndex(inside, (), ()), names=names)


def _misgiven(item: BaseModel, evidence: Sequence[Evidence], _: object) -> Iterator[Finding]:
    """Terms of a deal that are given to the wrong side."""
    values = {value.path: value.value for value in walk(item)}
    told = " ".join(span.text for span in evidence)
    for term in walk(item):
        if isinstance(term.mark, Given):
            giver = values.get(f"{term.path.rpartition('.')[0]}.{term.mark.by}", "")
            for exchange in find_exchanges(told, set(values.values())):
                gets = exchange.receiver == giver and same_thing(term.value, exchange.thing)
                is_price = exchange.receiver != giver and exchange.price and same_thing(term.value, exchange.price)
                if gets or is_price:
                    side = f"{giver} gets it" if gets else f"{exchange.receiver} gives it"
                    yield Finding(
                        gate="giver",
                        verdict="against",
                        path=term.path,
                        text=f"{giver}: {term.value}",
                        reason=f"{giver} does not give “{term.value}”: in the article {side}",
                    )
                    break


def _who(name: str, context: ArticleContext) -> Who:
    """The one meant; a description is the same wherever it stands in a sentence: "a senior official", "the group"."""
    who = resolve(name, context.people, context.sentences)
    if who.named or name.partition(" ")[0].lower() not in word_set("determiners") | word_set("sources"):
        return who
    return who.model_copy(update={"name": name[0].lower() + name[1:]})


# What a draft has to keep beside the checks of `ground_item`, which need no worksheet.
CHECKS = (_too_long, _unfinished, _in_other_script, _misgiven, _astray, _uncarried)
