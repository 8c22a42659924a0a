"""The rows of the worksheet for what somebody says, in quotation marks or without."""

import re
from collections.abc import Sequence
from functools import lru_cache

from ..schemas.evidence import Evidence, Quotation
from .cast import head_of
from .context import ArticleContext
from .cues import cues
from .leads import is_first_person, without_dateline
from .reports import Report, find_reports
from .rows import Row, anchor, around, shown_line
from .wordlists import word_set

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
                sentences=carrying,
                quotations=spans,
            )
        )
    return tuple(rows[:limit])


def reported(context: ArticleContext, limit: int) -> tuple[Row, ...]:
    """What somebody says without quotation marks, in sentences that no row of `statements` has."""
    spoken = {sentence for row in statements(context, len(context.quotations)) for sentence in row.sentences}
    rows = []
    for report in reports_of(context):
        name = report.speaker_name or report.speaker.text
        carrying = around(context, (Evidence.of(context.text, report.start, report.end),))
        if name.lower() in word_set("pronouns") or not carrying or not spoken.isdisjoint(carrying):
            continue
        called = called_form(name, context)
        for group in _issued(context, carrying[-1]) or [carrying]:
            words = " ".join(sentence.text for sentence in group) if group != carrying else _told_by(report, carrying)
            rows.append(Row(anchor(words), shown_line(words), name, called=called, sentences=group))
    return tuple(rows[:limit])


def _told_by(report: Report, carrying: Sequence[Evidence]) -> str:
    """The sentence from after the speaker on, as a claim goes on after the name; whole where more is told before.

    What stands between commas after the name ("Berg, the minister, did not say") is left out with it.
    """
    whole = " ".join(sentence.text for sentence in carrying)
    offset, speaker = carrying[0].start, report.speaker
    before, after = whole[: speaker.start - offset], whole[speaker.end - offset :]
    if after.startswith(","):
        after = after[after.rfind(",", 0, max(0, report.cue.start - speaker.end)) + 1 :]
    verbs = word_set("acts") | word_set("auxiliaries") | cues().finite
    is_plain = (
        len(carrying) == 1
        and speaker.end < report.cue.start
        and verbs.isdisjoint(re.findall(r"[a-z]+", before.lower()))
        and len(after.split()) >= FEWEST_TOLD
        and after.split()[0].lower() not in cues().relative
    )
    return after.strip() if is_plain else without_dateline(whole)


def _issued(context: ArticleContext, sentence: Evidence) -> list[tuple[Evidence, ...]]:
    """The paragraphs of a statement that "X said:" hands over to, as press offices issue it: without quotation marks.

    As far as somebody speaks of himself in each; empty if the sentence does not hand over.
    """
    if not sentence.text.endswith(":"):
        return []
    others = {each.start for each in context.quotations}
    others |= {each.start for each in reports_of(context) if each.speaker.text.lower() not in word_set("pronouns")}
    groups: list[list[Evidence]] = []
    for each in context.sentences[context.sentences.index(sentence) + 1 :]:
        if groups and "\n" not in context.text[groups[-1][-1].end : each.start]:
            groups[-1].append(each)
        else:
            groups.append([each])
    issued: list[tuple[Evidence, ...]] = []
    for group in groups:
        own = any(is_first_person(each.text) for each in group)
        if not own or any(each.start <= start < each.end for each in group for start in others):
            break
        issued.append(tuple(group))
    return issued


@lru_cache(maxsize=16)
def reports_of(context: ArticleContext) -> tuple[Report, ...]:
    """What the article reports of somebody's words, outside of adverts."""
    return tuple(report for report in find_reports(context.text) if not context.is_furniture(report.speaker))


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
    return head_of(mention) in word_set("sources")
