"""Who says what an item tells: nobody's words in another mouth, none told as a fact, none put into a mouth.

Each check is a function (item, evidence, context) -> findings, whose paths are those of the values in the item.
"""

import re
from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from ..schemas.evidence import Evidence, Finding
from ..schemas.marks import Carried, Mark, Marked, MaxWords, Spoken, marked_with, walk
from .cast import who_is
from .checks import quotes_of
from .context import ArticleContext
from .cues import cues
from .facts import against
from .persons import same_person
from .reports import Report, find_reports, is_attributed
from .speech_rows import issued_sentences, reports_of
from .tokens import name_words
from .wording import stem_of, terms
from .wordlists import word_set

_NOT = frozenset(("not", "never", "neither", "nor"))
# Words by which a line hands on somebody's, also where code does not see whose.
_HANDING_ON = frozenset(("according", "interview", "letter", "say", "said", "says", "speech", "statement", "told"))
_OWNING = frozenset(("his", "her", "their", "its", "him", "them", "us"))
# The name that a sentence begins with.
_SUBJECT = re.compile(r"((?:The )?(?:[A-Z][\w.’'-]*(?: of| for| the)? ){1,6})(?=[a-z])")
_QUOTED = re.compile(r"[“\"]([^“”\"]+)[”\"]")


def _in_another_mouth(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    """What is given to somebody whom the article does not let say it, in quotation marks or without."""
    for value in marked_with(item, Spoken) if evidence else ():
        actor = getattr(item, value.mark.by)
        speakers = [each.speaker_name or each.speaker.text for each in _reports_in(evidence, context)]
        if any(quotes_of(evidence, actor, context)) or any(same_person(name, actor) for name in speakers):
            continue
        if speakers:
            yield against("speaker", value, f"in the article “{speakers[0]}” says this, not “{actor}”")
        elif not is_named_in(actor, evidence):
            yield against("speaker", value, f"the lines that it cites do not name “{actor}”")


def _unattributed(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    """What somebody says in every line that the item cites, told as a fact."""
    reports = [each for each in reports_of(context) if each.says and each.speaker.text.lower() not in cues().pronouns]
    told = [next((each for each in reports if each.start < s.end and s.start < each.end), None) for s in evidence]
    first = told[0] if told and all(told) else None
    if first is None:
        return
    for value in walk(item):
        if _tells_as_fact(value, item):
            yield against("attribution", value, f"it tells as a fact what “{first.speaker.text}” says: say so")


def _tells_as_fact(value: Marked[Mark], item: BaseModel) -> bool:
    """Whether no word of it says that somebody says it; of a claim, where its speaker only is or does something."""
    if isinstance(value.mark, MaxWords):
        return not is_attributed(value.value)
    if not isinstance(value.mark, Carried) or not value.mark.opens_with:
        return False
    words = without_speaker(value.value, value.mark.opens_with, item).split()
    return bool(words) and words[0] in word_set("auxiliaries") and not is_attributed(" ".join(words))


def _denied_of_speaker(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    """Claims whose speaker does what the line says he does not: "Norland confirms it" of "has not confirmed it"."""
    denied = {
        stem_of(each.cue.text)
        for each in _reports_in(evidence, context)
        if not _NOT.isdisjoint(context.text[each.speaker.end : each.cue.end].lower().split())
    }
    for value in marked_with(item, Carried) if denied else ():
        said = terms(without_speaker(value.value, value.mark.opens_with, item))
        if value.mark.opens_with and any(each.stem in denied for each in said[:1]):
            yield against("negation", value, "it leaves out the article’s “not”")


def _quotes_without_speaker(item: BaseModel, _: object, context: ArticleContext) -> Iterator[Finding]:
    """Sentences that stand alone, with words in quotation marks whose speaker they do not name."""
    for value in marked_with(item, MaxWords):
        for words in _QUOTED.findall(value.value):
            speakers = [q.speaker_name for q in context.quotations if q.speaker_name and words.strip(" ,.") in q.text]
            if speakers and not any(name.split()[-1] in value.value for name in speakers):
                yield against("speaker", value, f"in the article “{speakers[0]}” says “{words}”: name him or her")


def _said_by_nobody(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    """“Norland says …” of lines in which nobody says anything."""
    quoted = any(q.start < each.end and each.start < q.end for q in context.quotations for each in evidence)
    told = re.findall(r"[a-z]+", " ".join(each.text for each in evidence).lower())
    hands_on = not _HANDING_ON.isdisjoint(told)
    heard = quoted or hands_on or _reports_in(evidence, context) or _is_issued(evidence, context)
    for value in marked_with(item, MaxWords) if evidence and not heard else ():
        said = find_reports(value.value)
        # "Norland calls for it" of a line that has Norland among those calling for it.
        if said and said[0].says and stem_of(said[0].cue.text) not in map(stem_of, told):
            speaker = said[0].speaker.text
            yield against("attribution", value, f"nobody says it in its line: tell it without “{speaker}”")


def _brought_in(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> Iterator[Finding]:
    """Sentences about somebody whom their lines neither name nor mean by "he", "we" or "the group"."""
    if not evidence or _is_issued(evidence, context):
        return
    told = " ".join(each.text for each in evidence)
    low = set(re.findall(r"[a-z]+", told.lower()))
    if not low.isdisjoint(cues().pronouns | word_set("first_person") | _OWNING | word_set("sources")):
        return
    for value in marked_with(item, MaxWords):
        subject = _SUBJECT.match(value.value)
        named = subject is not None and not all(
            word.lower() in name_words().sentence_words for word in subject[1].split()
        )
        who = who_is(subject[1].strip(), context) if subject and named else None
        if who is None or who.kind is None or not who.named:
            continue
        forms = {who.name, *who.aliases, who.name.split()[-1]} if who.kind == "person" else {who.name, *who.aliases}
        if not any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", told, re.IGNORECASE) for form in forms):
            yield against("speaker", value, f"its line does not tell it of “{who.name}”: tell what it tells")


def _is_issued(evidence: Sequence[Evidence], context: ArticleContext) -> bool:
    return not issued_sentences(context).isdisjoint(evidence)


def _reports_in(evidence: Sequence[Evidence], context: ArticleContext) -> list[Report]:
    return [each for each in reports_of(context) if any(each.start < s.end and s.start < each.end for s in evidence)]


def is_named_in(name: str, evidence: Sequence[Evidence]) -> bool:
    """Whether its last word stands in the evidence."""
    last = re.compile(rf"(?<!\w){re.escape(name.rsplit(maxsplit=1)[-1])}(?!\w)", re.IGNORECASE)
    return any(last.search(span.text) for span in evidence)


def without_speaker(claim: str, opens_with: str | None, item: BaseModel) -> str:
    """A claim from after the name that it opens with: the name is carried by any line of that speaker."""
    name = str(getattr(item, opens_with)) if opens_with else ""
    before, called, after = claim.partition(name.split()[-1]) if name else ("", "", "")
    return after if called and len(before) <= len(name) else claim


# Of every item.
MOUTHS = (_unattributed, _denied_of_speaker, _quotes_without_speaker, _said_by_nobody, _brought_in)
# Of an item that is not one of the worksheet's, whose speakers code has found.
UNTIED = (_in_another_mouth,)
