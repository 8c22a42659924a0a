"""The rows of the worksheet for what somebody says, in quotation marks or without."""

import re
from collections.abc import Collection, Sequence

from ..schemas.evidence import Evidence, Quotation
from .cast import head_of, is_named
from .context import ArticleContext, once, reports_in
from .cues import cues
from .languages import sources
from .leads import SHORTEST_LEAD, is_first_person, without_dateline
from .own_words import quoted, told
from .reports import Report
from .rows import SHOWN_CHARS, Row, anchor, around, shown_line, unbroken
from .wordlists import word_set

LONGEST_TAG = 6  # words that say who speaks, at the end of a sentence
_SAYS_NOTHING = re.compile(r"(?: the following)?:")
_ENDINGS = (".", "!", "?", ";")
FEWEST_TOLD = 6  # words; with fewer, what is told stands before the speaker


def statements(context: ArticleContext, limit: int) -> tuple[Row, ...]:
    """What is spoken in quotation marks, by whom: one row for the stretches of one speaker in one paragraph."""
    groups: list[list[Quotation]] = []
    for quotation in context.quotations:
        if not quotation.is_speech or not speaker_of(quotation):
            continue
        last = groups[-1][-1] if groups else None
        if last and speaker_of(last) == speaker_of(quotation) and "\n" not in context.text[last.end : quotation.start]:
            groups[-1].append(quotation)
        else:
            groups.append([quotation])
    rows = []
    for group in groups:
        longest = max(group, key=lambda quotation: len(quotation.text))
        spans = tuple(Evidence(start=each.start, end=each.end, text=each.text) for each in group)
        carrying = around(context, spans)
        shown = " ".join(sentence.text for sentence in carrying)
        name = speaker_of(group[0]) or ""
        rows.append(
            Row(
                anchor(longest.text),
                shown_line(shown),
                name,
                called=called_form(name, context),
                own=quoted(called_form(name, context), spans),
                sentences=carrying,
                quotations=spans,
            )
        )
    return tuple(rows[:limit])


def reported(context: ArticleContext, limit: int) -> tuple[Row, ...]:
    """What somebody says without quotation marks, in sentences that no row of `statements` has."""
    spoken = {sentence for row in statements(context, len(context.quotations)) for sentence in row.sentences}
    rows = _own_words(context, spoken)
    handed = issued_sentences(context)
    for report in reports_of(context):
        name = report.speaker_name or report.speaker.text
        carrying = around(context, (Evidence.of(context.text, report.start, report.end),))
        taken = not spoken.isdisjoint(carrying) or not handed.isdisjoint(carrying)
        if name.lower() in word_set("pronouns") or not carrying or taken or _is_aside(report, context):
            continue
        called = called_form(name, context)
        issued = _issued(context, carrying[-1])
        if not issued and _SAYS_NOTHING.fullmatch(context.text[report.cue.end : carrying[-1].end]):
            continue
        for group in issued or [carrying]:
            words = " ".join(sentence.text for sentence in group) if group != carrying else _told_by(report, carrying)
            line = without_dateline(unbroken(group[0].text)) if len(group) == 1 else ""
            first, _, rest = line.partition(" ")
            line = f"{called} {rest}" if first.lower() in context.language.he | context.language.she else line
            is_whole = line and (_opens(report, carrying) or report.cue.end < report.speaker.start)
            says, is_english = (report.speaker.text, report.cue.text), context.reading is None
            own = told(line, called, says, is_english=is_english) if is_whole else ""
            rows.append(Row(anchor(words), shown_line(words), name, called=called, own=own, sentences=group))
    return tuple(sorted(rows, key=lambda row: row.sentences[0].start)[:limit])


def _own_words(context: ArticleContext, spoken: Collection[Evidence]) -> list[Row]:
    """What a body says of itself as "we", where the whole text is its statement: it alone speaks, and in its own name.

    Sentences in `spoken` and what "X said:" hands over to are left out: they are somebody's.
    """
    if context.reading is not None:
        return []
    reports = reports_of(context)
    names = {each.speaker_name for each in reports if each.speaker_name} | {
        each.speaker_name for each in context.quotations if each.speaker_name
    }
    people = {each.name for each in context.people}
    if issued_sentences(context) or len(names) != 1 or names & people or not all(map(is_named, names)):
        return []
    (name,) = names
    called = called_form(name, context)
    own = [each for each in context.sentences if is_first_person(each.text) and each not in spoken]
    lines = [without_dateline(unbroken(each.text)) for each in own]
    return [
        Row(
            anchor(line),
            shown_line(line),
            name,
            called=called,
            own=told(_as_it(line, called), called, ()),
            sentences=(each,),
        )
        for line, each in zip(lines, own, strict=True)
    ]


def _as_it(line: str, called: str) -> str:
    """A sentence in which a body speaks of itself as "we", told of that body."""
    line = re.sub(r"\A(?:But|And|So|In this respect,|In addition,)?\s*[Ww]e\b", called, line)
    for word, other in (("we", "it"), ("We", "it"), ("our", "its"), ("us", "it"), ("ours", "its")):
        line = re.sub(rf"\b{word}\b", other, line)
    return line


def told_first(sentence: Evidence, context: ArticleContext) -> str:
    """“Officials say: …” of a sentence that ends with ", officials say.", so that it can be ended earlier; or empty."""
    report = next((each for each in reports_of(context) if each.says and each.start == sentence.start), None)
    at = report.speaker.start - sentence.start if report else 0
    before, tag = sentence.text[:at].rstrip(), sentence.text[at:]
    if report is None or not before.endswith(",") or len(tag.split()) > LONGEST_TAG:
        return ""
    return f"{tag[0].upper()}{tag[1:].rstrip('. ')}: {unbroken(before.rstrip(','))}."


def said_of(sentence: Evidence, context: ArticleContext) -> str:
    """“Berg said …” of a sentence in which Berg said that …, as a headline begins; empty for any other sentence.

    Between the verb and "that" stands no more than when, where or to whom.
    """
    report = next((each for each in reports_of(context) if each.says and each.start == sentence.start), None)
    if report is None or report.speaker_name is None or report.cue.start < report.speaker.end:
        return ""
    told = re.match(r"(?: [\w.’'-]+){0,12} that (.+)", f" {unbroken(sentence.text[report.cue.end - sentence.start :])}")
    return f"{called_form(report.speaker_name, context)} {report.cue.text} {told[1]}" if told else ""


def _told_by(report: Report, carrying: Sequence[Evidence]) -> str:
    """The sentence from after the speaker on, as a claim goes on after the name; whole where more is told before.

    What stands between commas after the name ("Berg, the minister, did not say") is left out with it.
    """
    whole = " ".join(sentence.text for sentence in carrying)
    offset, speaker = carrying[0].start, report.speaker
    after = whole[speaker.end - offset :]
    # "Berg of Norland said": what she is of goes with the name.
    if re.match(r" of [^,]*\Z", whole[speaker.end - offset : max(0, report.cue.start - offset)]):
        after = whole[report.cue.start - offset :]
    if after.startswith(","):
        after = after[after.rfind(",", 0, max(0, report.cue.start - speaker.end)) + 1 :]
    is_plain = (
        _opens(report, carrying)
        and len(after.split()) >= FEWEST_TOLD
        and after.split()[0].lower() not in cues().relative
    )
    return after.strip() if is_plain else without_dateline(whole)


def _opens(report: Report, carrying: Sequence[Evidence]) -> bool:
    """Whether it is one sentence that begins with the one who speaks, or with no more than a phrase before."""
    verbs = word_set("acts") | word_set("auxiliaries") | cues().finite
    before = carrying[0].text[: report.speaker.start - carrying[0].start]
    is_first = len(carrying) == 1 and report.speaker.end < report.cue.start
    return is_first and verbs.isdisjoint(re.findall(r"[a-z]+", before.lower()))


def _is_aside(report: Report, context: ArticleContext) -> bool:
    """Whether the speaker is only spoken of in a clause about something else: "a plan, which Norland rejects, …"."""
    return bool(re.search(r", (?:which|whom)(?: the)? \Z", context.text[report.start : report.speaker.start]))


def _issued(context: ArticleContext, sentence: Evidence) -> list[tuple[Evidence, ...]]:
    """The paragraphs of a statement that "X said:" hands over to, as press offices issue it: without quotation marks.

    Short ones together, as far as the last in which somebody speaks of himself, another speaker or a heading; empty if
    the sentence does not hand over. What stands after the first of them and the last "I" or "we" may be the article's.
    """
    if not sentence.text.endswith(":"):
        return []
    quoted_at = {each.start for each in context.quotations}
    told_at = {
        each.start
        for each in reports_of(context)
        if each.says and each.speaker.text.lower() not in word_set("pronouns")
    }
    groups: list[list[Evidence]] = []
    for each in context.sentences[context.sentences.index(sentence) + 1 :]:
        if groups and "\n" not in context.text[groups[-1][-1].end : each.start]:
            groups[-1].append(each)
        else:
            groups.append([each])

    def is_another(group: Sequence[Evidence]) -> bool:
        # What a speaker tells of others beside "I" is still his to tell.
        starts = quoted_at if any(is_first_person(each.text) for each in group) else quoted_at | told_at
        return any(each.start <= start < each.end for each in group for start in starts)

    ends = next(
        (place for place, group in enumerate(groups) if not group[-1].text.endswith(_ENDINGS) or is_another(group)),
        len(groups),
    )
    while ends > 1 and not any(is_first_person(each.text) for each in groups[ends - 1]):
        ends -= 1
    issued: list[tuple[Evidence, ...]] = []
    for group in groups[:ends]:
        # Short paragraphs are worded together: the model runs them into one anyway.
        fits = issued and sum(len(each.text) + 1 for each in (*issued[-1], *group)) <= SHOWN_CHARS
        issued[-1:] = [(*issued[-1], *group)] if fits else [*issued[-1:], tuple(group)]
    return issued


@once
def issued_sentences(context: ArticleContext) -> frozenset[Evidence]:
    """The sentences of statements that "X said:" hands over to: what they tell is X's."""
    lines = [line for report in reports_of(context) for line in around(context, (report.speaker,))]
    return frozenset(each for line in lines for group in _issued(context, line) for each in group)


def spoken_sentences(context: ArticleContext, words: int) -> dict[Evidence, str]:
    """Whole sentences that somebody speaks, in marks or as a statement, that stand alone; and “Ada Berg: “…”” of each.

    Those of which that has at most so many words.
    """
    speakers = {
        each: report.speaker_name or report.speaker.text
        for report in reports_of(context)
        for line in around(context, (report.speaker,))
        for group in _issued(context, line)
        for each in group
    }
    for quotation in context.quotations:
        name = speaker_of(quotation) if quotation.is_speech else None
        for each in context.sentences_at(quotation.start, quotation.end) if name else ():
            if each.start + 1 >= quotation.start and each.end <= quotation.end + 1:
                speakers.setdefault(each, name or "")
    leaning = (word_set("pronouns") | word_set("leaning")) - word_set("first_person")
    found = {}
    for each, name in speakers.items():
        line = unbroken(each.text).strip('“”" ')
        is_whole = line[-1:] in _ENDINGS and not any(mark in line for mark in '“”"')
        said = quoted(name[:1].upper() + name[1:], (each.model_copy(update={"text": line}),))
        if is_whole and line.partition(" ")[0].lower() not in leaning and SHORTEST_LEAD <= len(said.split()) <= words:
            found[each] = said
    return found


@once
def reports_of(context: ArticleContext) -> tuple[Report, ...]:
    """What the article reports of somebody's words, outside of adverts."""
    return tuple(report for report in reports_in(context) if not context.is_furniture(report.speaker))


def called_form(name: str, context: ArticleContext) -> str:
    """How newspapers call somebody whom they have named: a person by the last name, anybody else in full."""
    bearers = [person for person in context.people if person.name.split()[-1:] == name.split()[-1:]]
    if len(bearers) == 1 and bearers[0].name == name:
        return name.rsplit(maxsplit=1)[-1]
    return name[:1].upper() + name[1:]


def speaker_of(quotation: Quotation) -> str | None:
    """The full name, or the article's words for a source that it does not name; None for nobody known."""
    if quotation.speaker_name:
        return quotation.speaker_name
    mention = quotation.speaker.text if quotation.speaker else ""
    return mention if _is_source(mention) else None


def _is_source(mention: str) -> bool:
    """Whether words describe somebody who speaks: their head is one of newsrooms' sources, such as "officials"."""
    return head_of(mention) in word_set("sources") or mention.lower().rpartition(" ")[2] in sources()
