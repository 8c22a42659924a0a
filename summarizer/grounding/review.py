"""Judges the items of a draft: which may stand, which the model is asked for again, which are dropped.

Pure: the whole of what happens to an item that fails is the table `POLICY` and the functions here.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from ..schemas.evidence import Evidence, Finding, Grounded, Who
from ..schemas.marks import Amount, Carried, Given, Marked, MaxWords, Name, Spoken, State, walk
from .agreements import one_state
from .cast import resolve
from .checks import ground_item, quotes_of
from .context import ArticleContext
from .item_checks import CHECKS, UNTIED
from .quantities import read_sum
from .rows import Worksheet
from .wordlists import word_set
from .worksheet import row_of

Consequence = Literal["ask", "drop"]

# What happens to an item against which a gate found something. "ask": the model writes it again, once, with the
# reason; what fails again is cut out where the schema can do without it, else the item is dropped. "drop": asking
# again cannot help. A gate that is undecided flags the item and lets it stand: its words are not shown as a quote.
POLICY: Mapping[str, Consequence] = MappingProxyType(
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
        "person": "ask",
        "twice": "ask",
        "negation": "ask",
        "giver": "ask",
        "hedge": "ask",
        "status": "ask",
        "office": "ask",
        "time": "ask",
    }
)

FEWEST_LEFT = 6  # words of a sentence that is ended earlier
LONGEST_QUOTE = 200  # characters, as a claim's own words are bounded
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
    row = row_of(item, sheet.get(section, ()))
    if row is not None:
        item = item.model_copy(update={name: value for name, value in row.settled.items() if hasattr(item, name)})
    grounding = ground_item(item, context)
    evidence = _in_order(grounding.evidence, row.sentences if row else ())
    more = (check(item, evidence, context) for check in (*CHECKS, *(() if row else UNTIED)))
    findings = tuple(
        finding.model_copy(update={"path": f"{place}.{finding.path}".rstrip(".")})
        for finding in (*grounding.findings, *chain.from_iterable(more))
    )
    if not findings and not grounding.evidence:
        findings = (Finding(gate="quote", verdict="against", path=place, text="", reason="it cites nothing"),)
    if not grounding.evidence or any(finding.verdict == "against" for finding in findings):
        return Reviewed(section, index, item, findings, None)
    grounded = Grounded(
        section=section,
        item=item,
        evidence=evidence,
        quotes=_in_order(grounding.quotes, _spoken(item, row.quotations, context) if row else ()),
        who={name.path: _who(name.value, context) for name in walk(item) if isinstance(name.mark, Name)},
        sums={amount.path: read_sum(amount.value) for amount in walk(item) if isinstance(amount.mark, Amount)},
    )
    flagged = tuple(finding.model_copy(update={"action": "flagged"}) for finding in findings)
    return Reviewed(section, index, item, flagged, grounded)


def _spoken(item: BaseModel, quotations: Sequence[Evidence], context: ArticleContext) -> tuple[Evidence, ...]:
    """Of a row's quotations those that are surely the actor's."""
    actors = [getattr(item, value.mark.by) for value in walk(item) if isinstance(value.mark, Spoken)]
    return tuple(quote for actor in actors for quote in quotes_of(quotations, actor, context))


def _in_order(one: Sequence[Evidence], other: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted({*one, *other}, key=lambda span: span.start))


def cut_down(reviewed: Reviewed, context: ArticleContext, sheet: Worksheet = NO_SHEET) -> Reviewed:
    """The item without the values that failed, where its schema can do without them: an optional value, an entry of
    a list, a text that may be empty. Unchanged if it cannot, or if what is left does not stand either.
    """
    place = f"{reviewed.section}.{reviewed.index}."
    rest = _cut_out(reviewed, {each.path.removeprefix(place) for each in reviewed.against}, context, sheet)
    return rest if rest.grounded else reviewed


def _cut_out(reviewed: Reviewed, paths: Collection[str], context: ArticleContext, sheet: Worksheet) -> Reviewed:
    """The item without the values at these paths; unchanged if its schema cannot do without one of them."""
    item: BaseModel | None = reviewed.item
    gone = ""
    # From the last to the first, so that taking out an entry of a list does not move the others. With an entry all
    # that failed in it is gone; what moved up into its place has not failed.
    for path in sorted(paths, key=_natural, reverse=True):
        if item is not None and not (gone and path.startswith(f"{gone}.")):
            item, gone = _without(item, path)
    if item is None or item == reviewed.item:
        return reviewed
    return review(reviewed.section, reviewed.index, item, context, sheet)


def mend(reviewed: Reviewed, context: ArticleContext, sheet: Worksheet = NO_SHEET) -> Reviewed:
    """The item after what needs no model. Unchanged if it does not stand even so.

    Values that only say that there is nothing are left out, an agreement is in the state that its lines tell, the
    speaker's own words stand for a claim in which "we" is left, a sentence a few words too long is ended earlier, an
    exchange the wrong way round is turned.
    """
    reviewed = _restated(reviewed, context, sheet)
    if any(_is_blank(each) for each in _failing(reviewed)):
        blank = {each.path for each in _failing(reviewed) if _is_blank(each)}
        reviewed = _cut_out(reviewed, blank, context, sheet)
    if reviewed.grounded:
        return reviewed
    if any(each.gate == "person" for each in reviewed.against):
        return quoted_instead(reviewed, context, sheet)
    if {each.gate for each in reviewed.against} == {"length"}:
        return shortened_item(reviewed, context, sheet)
    return turn_round(reviewed, context, sheet)


def _restated(reviewed: Reviewed, context: ArticleContext, sheet: Worksheet) -> Reviewed:
    """The item with the one state that its evidence tells, if it was given another; with none, if it tells several."""
    wrong = {each.path: each.mark.otherwise for each in _failing(reviewed) if isinstance(each.mark, State)}
    if not wrong:
        return reviewed
    row = row_of(reviewed.item, sheet.get(reviewed.section, ()))
    spans = (*ground_item(reviewed.item, context).evidence, *(row.sentences if row else ()))
    told = one_state(span.text for span in dict.fromkeys(spans))
    update = {path: told or otherwise for path, otherwise in wrong.items()}
    item = reviewed.item.model_copy(update=update)
    return review(reviewed.section, reviewed.index, item, context, sheet)


def shortened_item(reviewed: Reviewed, context: ArticleContext, sheet: Worksheet = NO_SHEET) -> Reviewed:
    """The item with sentences that are too long ended before a last phrase that they can do without.

    Unchanged if there is none: one with a condition or a denial in it stays, as the rest would say more than the whole.
    """
    limits = {each.path: each.mark.words for each in walk(reviewed.item) if isinstance(each.mark, MaxWords)}
    update = {path: _shorter(getattr(reviewed.item, path), words) for path, words in limits.items()}
    shorter = review(reviewed.section, reviewed.index, reviewed.item.model_copy(update=update), context, sheet)
    return shorter if shorter.grounded else reviewed


def _shorter(text: str, words: int) -> str:
    """The text up to the last phrase that begins within so many words; itself if that may not be left out."""
    if len(text.split()) <= words:
        return text
    phrase = re.compile(rf",? (?:{'|'.join(sorted(word_set('phrase_openers')))}) ")
    ends = [
        match.start() for match in phrase.finditer(text) if FEWEST_LEFT <= len(text[: match.start()].split()) <= words
    ]
    kept = text[: ends[-1]] if ends else text
    rest = set(re.findall(r"[a-z]+", text[len(kept) :].lower()))
    if word_set("conditions") & rest or word_set("not") & rest or word_set("negative") & rest:
        return text
    return kept + ("." if text.endswith(".") else "")


def quoted_instead(reviewed: Reviewed, context: ArticleContext, sheet: Worksheet = NO_SHEET) -> Reviewed:
    """The item with the speaker's own words in the place of a sentence that failed, if it is about words in marks.

    Unchanged if it is not, if more than such sentences failed, or if nothing in the quotations is short enough.
    """
    row = row_of(reviewed.item, sheet.get(reviewed.section, ()))
    place = f"{reviewed.section}.{reviewed.index}."
    opening = [value.path for value in walk(reviewed.item) if isinstance(value.mark, Carried) and value.mark.opens_with]
    failed = {finding.path.removeprefix(place) for finding in reviewed.against}
    words = _best_words(row.quotations if row else ())
    if row is None or row.called is None or not words or not failed <= set(opening):
        return reviewed
    update = dict.fromkeys(failed, f"{row.called}: “{words}”")
    quoted = review(reviewed.section, reviewed.index, reviewed.item.model_copy(update=update), context, sheet)
    return quoted if quoted.grounded else reviewed


def _best_words(quotations: Sequence[Evidence]) -> str:
    """The longest of some quotations on one line, cut after a sentence where it is too long; empty if it cannot be."""
    longest = " ".join(max((each.text for each in quotations), key=len, default="").split())
    ends = [match.end() for match in re.finditer(r"[a-z]{3}[.!?](?= )", longest) if match.end() <= LONGEST_QUOTE]
    whole = longest.rstrip(", ")
    return whole if len(whole) <= LONGEST_QUOTE else longest[: ends[-1]] if ends else ""


def _is_blank(value: Marked) -> bool:
    return value.value.lower().strip(" .") in word_set("blank")


def _failing(reviewed: Reviewed) -> list[Marked]:
    """The values against which something is held."""
    place = f"{reviewed.section}.{reviewed.index}."
    paths = {finding.path.removeprefix(place) for finding in reviewed.against}
    return [value for value in walk(reviewed.item) if value.path in paths]


def turn_round(reviewed: Reviewed, context: ArticleContext, sheet: Worksheet = NO_SHEET) -> Reviewed:
    """The item with what it gives to the wrong one of two sides given to the other one; unchanged if that is not all.

    A small model turns an exchange round, and turns it round again when it is asked again.
    """
    names = {value.value for value in walk(reviewed.item) if isinstance(value.mark, Name)}
    by = {value.path: value.mark.by for value in walk(reviewed.item) if isinstance(value.mark, Given)}
    is_whole = len(reviewed.against) == len(by) and {finding.gate for finding in reviewed.against} == {"giver"}
    if len(names) != 2 or not is_whole:
        return reviewed
    data = reviewed.item.model_dump()
    for each in reviewed.against:
        path = each.path.removeprefix(f"{reviewed.section}.{reviewed.index}.")
        holder: Any = data
        for step in path.split(".")[:-1]:
            holder = holder[int(step)] if isinstance(holder, list) else holder[step]
        (holder[by[path]],) = names - {holder[by[path]]}
    turned = review(reviewed.section, reviewed.index, type(reviewed.item).model_validate(data), context, sheet)
    return turned if turned.grounded else reviewed


def _without(item: BaseModel, path: str) -> tuple[BaseModel | None, str]:
    """The item without the value at a path, or without the smallest part around it that its schema can do without.

    With the path of what was taken out. The item is None if the schema can do without no such part.
    """
    steps = path.split(".")
    for depth in range(len(steps), 0, -1):
        data = item.model_dump()
        *way, last = steps[:depth]
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
                return type(item).model_validate(data), ".".join(steps[:depth])
            except ValidationError:
                continue
    return None, ""


def _natural(path: str) -> list[tuple[int, str]]:
    return [(int(step), "") if step.isdigit() else (-1, step) for step in path.split(".")]


def _who(name: str, context: ArticleContext) -> Who:
    """The one meant; a description is the same wherever it stands in a sentence: "a senior official", "the group"."""
    who = resolve(name, context.people, context.sentences)
    if who.named or name.partition(" ")[0].lower() not in word_set("determiners") | word_set("sources"):
        return who
    return who.model_copy(update={"name": name[0].lower() + name[1:]})
