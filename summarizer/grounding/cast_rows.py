"""The rows of the worksheet for who acts: people and unnamed sources, governments and organisations."""

import re
from collections.abc import Iterator

from ..schemas.evidence import Quotation
from .bodies import Body, bodies_of
from .cast import office_of, who_is
from .context import ArticleContext, once
from .cues import cues
from .names import Name as Person
from .role_words import LONGEST_ROLE
from .roles import TELLS_WHO, role_of
from .rows import ANCHOR_CHARS, Row, anchor, around, unbroken
from .speech_rows import speaker_of
from .tokens import name_words
from .wordlists import word_set

# "Norland-" before "Esk talks": what is copied does not begin inside a word.
_PAIRED = re.compile(r"[\w-]+-\Z")
# "The Prime Minister" and nothing after it that would make it somebody's or somebody else's.
_OFFICE_HOLDER = re.compile(r"(?<![\w’'-])(?:The|the) ((?:[A-Z][a-z]+ ){1,3}[A-Z][a-z]+)(?= ([a-z]+))")


def people(context: ArticleContext, limit: int) -> tuple[Row, ...]:
    """Everybody whom the article names as a person or by a high office, and every unnamed source that it quotes."""
    found: list[tuple[int, Row | Quotation]] = [*_persons(context), *_office_holders(context)]
    found += [
        (quotation.speaker.start, quotation)
        for quotation in context.quotations
        if quotation.is_speech and quotation.speaker and quotation.speaker.text.lower() not in word_set("pronouns")
    ]
    known: dict[str, Row] = {}
    for _, each in sorted(found, key=lambda entry: entry[0]):
        row = each if isinstance(each, Row) else _source_row(context, each)
        if row is not None and row.name is not None:
            # "One official" and "the second official" are one entry, under the first mention.
            known.setdefault(who_is(row.name, context).name, row)
        if len(known) == limit:
            break
    return tuple(known.values())


def _source_row(context: ArticleContext, quotation: Quotation) -> Row | None:
    """The row of somebody who is quoted; None for nobody known, and for a body, which has a row of its own."""
    name, speaker = speaker_of(quotation), quotation.speaker
    if name is None or speaker is None:
        return None
    who = who_is(name, context)
    if who.named and who.kind in ("government", "organisation"):
        return None
    settled: dict[str, str] = {"kind": who.kind} if who.kind else {}
    if who.kind or not quotation.speaker_name:
        settled["role"] = who.title or ""
    return Row(speaker.text, speaker.text, name, settled=settled)


def _persons(context: ArticleContext) -> Iterator[tuple[int, Row]]:
    for person in context.people:
        if _is_body_or_place(person, context):
            continue
        first = person.mentions[0]
        spans = (
            [first, person.title] if person.title and abs(person.title.start - first.start) < ANCHOR_CHARS else [first]
        )
        start, end = min(span.start for span in spans), max(span.end for span in spans)
        words = unbroken(context.text[start:end])
        office = office_of(person) or _told_elsewhere(person, context)
        # What ends in a short form ("Staff Sgt.") reads like a sentence that breaks off.
        is_whole = 0 < len(office) <= LONGEST_ROLE and not office.endswith(".")
        settled = {"kind": "person"} | ({"role": office} if is_whole else {})
        yield start, Row(words, words, person.name, settled=settled)


def _told_elsewhere(person: Person, context: ArticleContext) -> str:
    """What a sentence tells of somebody without a title, if it is what he or she is and not only does."""
    if context.reading is not None:
        return ""
    role = role_of(context, person.mentions, [mention.text for mention in person.mentions])
    return role.words if role and role.weight >= TELLS_WHO else ""


def _office_holders(context: ArticleContext) -> list[tuple[int, Row]]:
    """Those whom the article calls by an office in capitals only, and who do something: "The Prime Minister met"."""
    if context.reading is not None:
        return []
    titles = {word.lower() for person in context.people for word in office_of(person).split()}
    found = []
    for sentence in context.sentences:
        for match in _OFFICE_HOLDER.finditer(sentence.text):
            office, following = match.group(1).split(), match.group(2)
            known = name_words()
            is_office = office[-1].lower() in known.titles and all(
                word.lower() in known.titles | known.office | {"foreign", "home", "trade"} for word in office
            )
            acts = following == "and" or following in cues().finite | word_set("acts") | word_set("deeds")
            if is_office and acts and not {word.lower() for word in office} <= titles:
                words = match.group()
                settled = {"kind": "person", "role": match.group(1)}
                found.append((sentence.start + match.start(), Row(words, words, words, settled=settled)))
    return found


def _is_body_or_place(person: Person, context: ArticleContext) -> bool:
    """Whether a name with no office beside it is rather a body's, or stands only where places do."""
    if person.title is None and person.name.split()[-1] in _words_of_bodies(context):
        return True
    before = [context.text[max(0, mention.start - 9) : mention.start].split() for mention in person.mentions]
    return person.title is None and all(words and words[-1].lower() in word_set("at_a_place") for words in before)


@once
def _words_of_bodies(context: ArticleContext) -> frozenset[str]:
    return frozenset(
        word for body in bodies_of(context) for form in (body.name, *body.aliases) for word in form.split()
    )


def bodies(context: ArticleContext, limit: int) -> tuple[Row, ...]:
    """The governments and organisations that the article names most, with what it says they are or do.

    A state of which it tells nothing, which neither acts nor has an office, and which only gives a place is left out.
    """
    rows = [
        _body_row(context, body)
        for body in bodies_of(context)
        if (body.role and body.role.weight)
        or body.kind != "government"
        or body.acts
        or body.governs
        or not _is_place(body, context)
    ]
    return tuple(rows[:limit])


def _is_place(body: Body, context: ArticleContext) -> bool:
    """Whether every mention stands where places do: "in Norland", "Marl, Norland", "Norlandic fish"."""
    for mention in body.mentions:
        before = context.text[max(0, mention.start - 24) : mention.start]
        words = [word for word in re.findall(r"[\w’'-]+|,", before) if word.lower() != "the"]
        is_governed = bool(words) and words[-1].lower() in word_set("at_a_place")
        is_adjective = mention.text != body.name and context.text[mention.end + 1 : mention.end + 2].islower()
        if not (is_governed or is_adjective or (words[-1:] == [","] and words[-2:-1] and words[-2][0].isupper())):
            return False
    return True


def _body_row(context: ArticleContext, body: Body) -> Row:
    # The words to be copied have the name in them, so that a reader sees who it is; a role may stand elsewhere.
    role, last = body.role, body.name.split()[-1]
    named = [each for each in body.mentions if last in each.text.split()]
    at = role.span if role and role.span in named else body.first if body.first in named else named[0]
    carrying = around(context, (at,))
    paired = _PAIRED.search(context.text, max(0, at.start - ANCHOR_CHARS), at.start)
    start = paired.start() if paired else at.start
    words = anchor(context.text[start : carrying[0].end]) if carrying else body.name
    settled = {"kind": body.kind, "role": role.words if role else ""}
    return Row(words, body.name, body.name, settled=settled, sentences=carrying)
