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
from ..schemas.marks import (
    Amount,
    Carried,
    Given,
    Mark,
    Marked,
    MaxWords,
    Name,
    Spoken,
    State,
    Verbatim,
    marked_with,
    walk,
)
from .agreements import one_state
from .cast import who_is
from .checks import ground_item, quotes_of
from .context import ArticleContext
from .item_checks import checks_for
from .mouths import UNTIED
from .own_words import ended_earlier
from .plain import states_of
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
        "injection": "drop",
        "speaker": "ask",
        "number": "ask",
        "name": "ask",
        "quoted words": "ask",
        "in article": "ask",
        "amount": "ask",
        "elsewhere": "ask",
        "attribution": "ask",
        "carried": "ask",
        "length": "ask",
        "unfinished": "ask",
        "script": "ask",
        "person": "ask",
        "twice": "ask",
        "negation": "ask",
        "act": "ask",
        "giver": "ask",
        "not given": "ask",
        "hedge": "ask",
        "status": "ask",
        "office": "ask",
        "time": "ask",
    }
)

_INITIALS = re.compile(r"\b(?:[A-Z]\. )+[A-Z]\.")
_TO_WHOM = re.compile(
    r"^(?P<who>\w+(?: \w+){0,3}) (?:"
    r"(?:tells|told) [^,“”]{2,60}?(?: on [A-Z]\w+day(?:, [A-Z][a-z]{2,8}\.? \d{1,2},)?)?,? that"
    r"|(?:says|said) on [A-Z]\w+day(?:, [A-Z][a-z]{2,8}\.? \d{1,2},)?(?: that)?) "
)
_SAID_AFTER = re.compile(", .*(?:said|says)", re.IGNORECASE | re.DOTALL)
_BEFORE_STOP = re.compile(r"(?<=\w) +(?=[.,;?!](?:\s|$))")
# What these ask cannot be wrong of the article's own words in their own line.
OF_OTHER_WORDS = frozenset(
    ("unfinished", "number", "name", "negation", "act", "hedge", "status", "office", "time", "giver", "twice", "script")
)
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
    item = _tidied(item, context)
    grounding = ground_item(item, context)
    evidence = _in_order(grounding.evidence, row.sentences if row else ())
    more = (check(item, evidence, context) for check in (*checks_for(context), *(() if row else UNTIED)))
    own = {value.path for value in walk(item) if row.own == value.value} if row else set()
    findings = tuple(
        finding.model_copy(update={"path": f"{place}.{finding.path}".rstrip(".")})
        for finding in (*grounding.findings, *chain.from_iterable(more))
        if finding.path not in own or finding.gate not in OF_OTHER_WORDS
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
        who={name.path: _who(name.value, context) for name in marked_with(item, Name)},
        sums={amount.path: read_sum(amount.value, context.language.code) for amount in marked_with(item, Amount)},
    )
    flagged = tuple(finding.model_copy(update={"action": "flagged"}) for finding in findings)
    return Reviewed(section, index, item, flagged, grounded)


def _tidied(item: BaseModel, context: ArticleContext) -> BaseModel:
    """The item with its own sentences as they are printed: no space in “U.S.” or before a stop, and of what somebody
    says neither a second time who said it, nor to whom and on which day."""
    own = [each for each in marked_with(item, Carried) if "." not in each.path]
    tidy = {each.path: _tidy(each.value, context.text) for each in own}
    for each in own:
        if each.mark.opens_with:
            told = tidy[each.path]
            if _SAID_AFTER.search(told):
                name = re.escape(str(getattr(item, each.mark.opens_with)).split()[-1])
                said = rf", (?:(?:he|she|it|they|[^,]*{name}) (?:said|says)|said [^,]*{name})\.$"
                told = re.sub(said, ".", told, flags=re.IGNORECASE)
            told = re.sub(r", (?:he|she|it|they) said,", "", told)
            tidy[each.path] = _TO_WHOM.sub(r"\g<who> says that ", told)
    return item.model_copy(update=tidy) if any(tidy[each.path] != each.value for each in own) else item


def _tidy(words: str, text: str) -> str:
    for spaced in set(_INITIALS.findall(words)):
        joined = spaced.replace(" ", "")
        if joined in text and spaced not in text:
            words = words.replace(spaced, joined)
    return _BEFORE_STOP.sub("", words)


def _spoken(item: BaseModel, quotations: Sequence[Evidence], context: ArticleContext) -> tuple[Evidence, ...]:
    """Of a row's quotations those that are surely the actor's."""
    actors = [getattr(item, value.mark.by) for value in marked_with(item, Spoken)]
    return tuple(quote for actor in actors for quote in quotes_of(quotations, actor, context))


def _in_order(one: Sequence[Evidence], other: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted({*one, *other}, key=lambda span: span.start))


def stand_in(failed: Reviewed, others: Sequence[Reviewed]) -> Reviewed | None:
    """The first of the others that stands for an item that failed: one section, and the same words copied, else the
    same name."""
    for mark in (Verbatim, Name):
        wanted = _values(failed.item, mark)
        found = next(
            (each for each in others if each.section == failed.section and wanted & _values(each.item, mark)), None
        )
        if found is not None:
            return found
    return None


def _values(item: BaseModel, mark: type[Mark]) -> set[tuple[str, str]]:
    return {(value.path, value.value) for value in marked_with(item, mark)}


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

    Values that only say that there is nothing, and terms that their party asks or pays for, are left out, an agreement
    is in the state that its lines tell, a sentence a few words too long is ended earlier, an exchange the wrong way
    round is turned.
    """
    reviewed = _restated(reviewed, context, sheet)
    blank = {each.path for each in walk(reviewed.item) if _is_blank(each)}
    blank |= {each.path for each in _failing(reviewed, "not given")}
    if blank:
        reviewed = _cut_out(reviewed, blank, context, sheet)
    if reviewed.grounded:
        return reviewed
    if {each.gate for each in reviewed.against} == {"length"} and context.is_english:
        reviewed = shortened_item(reviewed, context, sheet)
    return reviewed if reviewed.grounded else turn_round(reviewed, context, sheet)


def _restated(reviewed: Reviewed, context: ArticleContext, sheet: Worksheet) -> Reviewed:
    """The item with the one state that its evidence tells, if it was given another; with none, if it tells several."""
    wrong = {each.path: each.mark.otherwise for each in _failing(reviewed) if isinstance(each.mark, State)}
    if not wrong:
        return reviewed
    row = row_of(reviewed.item, sheet.get(reviewed.section, ()))
    spans = (*ground_item(reviewed.item, context).evidence, *(row.sentences if row else ()))
    lines = [span.text for span in dict.fromkeys(spans)]
    told = one_state(lines) if context.is_english else states_of(lines, context.language)
    update = {path: told or otherwise for path, otherwise in wrong.items()}
    item = reviewed.item.model_copy(update=update)
    return review(reviewed.section, reviewed.index, item, context, sheet)


def shortened_item(reviewed: Reviewed, context: ArticleContext, sheet: Worksheet = NO_SHEET) -> Reviewed:
    """The item with sentences that are too long ended before a last phrase that they can do without.

    Unchanged if there is none: one with a condition or a denial in it stays, as the rest would say more than the whole.
    """
    limits = {each.path: each.mark.words for each in marked_with(reviewed.item, MaxWords)}
    update = {path: ended_earlier(getattr(reviewed.item, path), words) for path, words in limits.items()}
    shorter = review(reviewed.section, reviewed.index, reviewed.item.model_copy(update=update), context, sheet)
    return shorter if shorter.grounded else reviewed


def in_own_words(reviewed: Reviewed, context: ArticleContext, sheet: Worksheet = NO_SHEET) -> Reviewed:
    """The item with the article's own words in the place of sentences that failed, where its row has such words.

    Of an item that holds, all its sentences are. Unchanged if the row has none, if more than such sentences failed, or
    if the article's words do not pass either.
    """
    row = row_of(reviewed.item, sheet.get(reviewed.section, ()))
    place = f"{reviewed.section}.{reviewed.index}."
    sentences = {value.path for value in marked_with(reviewed.item, Carried) if value.mark.own}
    changed = {finding.path.removeprefix(place) for finding in reviewed.against} or sentences
    if row is None or not row.own or not changed or not changed <= sentences:
        return reviewed
    item = reviewed.item.model_copy(update=dict.fromkeys(changed, row.own))
    standing = review(reviewed.section, reviewed.index, item, context, sheet)
    return standing if standing.grounded else reviewed


def _is_blank(value: Marked[Mark]) -> bool:
    return value.value.lower().strip(" .") in word_set("blank")


def _failing(reviewed: Reviewed, gate: str | None = None) -> list[Marked[Mark]]:
    """The values against which something is held, be it by one gate alone."""
    place = f"{reviewed.section}.{reviewed.index}."
    paths = {finding.path.removeprefix(place) for finding in reviewed.against if gate in (None, finding.gate)}
    return [value for value in walk(reviewed.item) if value.path in paths]


def turn_round(reviewed: Reviewed, context: ArticleContext, sheet: Worksheet = NO_SHEET) -> Reviewed:
    """The item with what it gives to the wrong one of two sides given to the other one; unchanged if that is not all.

    A small model turns an exchange round, and turns it round again when it is asked again.
    """
    names = {value.value for value in marked_with(reviewed.item, Name)}
    by = {value.path: value.mark.by for value in marked_with(reviewed.item, Given)}
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
    who = who_is(name, context)
    if who.named or name.partition(" ")[0].lower() not in word_set("determiners") | word_set("sources"):
        return who
    return who.model_copy(update={"name": name[0].lower() + name[1:]})
