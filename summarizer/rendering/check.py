"""Lays the report of a check out for an editor: what is wrong first, and what no check can see said with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .document import Block, Bullets, Document, Heading, Line, Paragraph, Span, line
from .markdown import write_markdown
from .plain import write_plain
from .quotes import shortened
from .structured import write_json

if TYPE_CHECKING:
    from ..schemas.check import CheckedSentence, CheckReport, SentenceVerdict, TextFinding
    from ..schemas.evidence import Evidence
    from . import Format

__all__ = ["Toned", "document_of_check", "render_check"]

CAUTION = "checked by a machine: no finding is no proof"
# What a finding can be about, for whoever reads one; `cli.check` says it before, a report after.
SEEN = (
    "The checks see numbers, dates and amounts, names, quotations and who says them, negation, hedges, "
    "who denies, admits or threatens, the status of agreements, offices, and who gives to whom. What else a sentence "
    "says they do not see: one against which nothing was found may still be wrong."
)
LIMITS = (
    "A machine checked this, without a language model, and it can be wrong both ways: look before you correct. " + SEEN
)
HEADINGS: "tuple[tuple[SentenceVerdict, str], ...]" = (
    ("against", "Against the text"),
    ("undecided", "Undecided: look for yourself"),
    ("nothing_found", "Nothing found"),
)


@dataclass(frozen=True, slots=True)
class Toned(Span):
    """Words that a terminal shows in a colour: that of a verdict, or none for an empty `tone`."""

    tone: str = ""


def render_check(report: "CheckReport", format: "Format") -> str:
    """The report in one form, with a line end after the last line: "md", "text", or "json" (the contract `check/1`).

    A lone surrogate, which no encoding can write, is an escape in JSON and U+FFFD elsewhere.
    """
    match format:
        case "md":
            return write_markdown(document_of_check(report))
        case "text":
            return write_plain(document_of_check(report))
        case "json":
            return write_json(report)


def document_of_check(report: "CheckReport") -> Document:
    """The report as a document: how many of what, the sentences by verdict, and what the checks do not see."""
    return tuple(_blocks(report))


def _blocks(report: "CheckReport") -> Iterator[Block]:
    counts = report.counts
    yield Heading(1, line(_title(report)))
    told = [
        f"{counts.sentences} {_sentences(counts.sentences)} checked",
        f"{counts.against or 'none'} with something against {'it' if counts.against == 1 else 'them'}",
        f"{counts.undecided or 'none'} undecided",
        f"{counts.nothing_found or 'none'} with nothing found",
        CAUTION,
    ]
    about = report.article.title or report.article.source or report.article.url
    yield Paragraph(line(" · ".join([f"against {about}", *told] if about else told)))
    numbers = {sentence: number for number, sentence in enumerate(report.sentences, start=1)}
    for verdict, heading in HEADINGS:
        having = report.having(verdict)
        if having:
            yield Heading(2, line(Toned(heading, tone=verdict)))
        if verdict == "nothing_found" and having:
            yield Bullets(tuple(_sentence(sentence, numbers[sentence]) for sentence in having))
            continue
        for sentence in having:
            yield Paragraph(_sentence(sentence, numbers[sentence]))
            yield Bullets(tuple(_reasons(sentence)))
    yield Paragraph(line(LIMITS))


def _title(report: "CheckReport") -> str:
    counts = report.counts
    of_all = f"of {counts.sentences} {_sentences(counts.sentences)}"
    if counts.against:
        held = "has something against it" if counts.against == 1 else "have something against them"
        return f"{counts.against} {of_all} {held}"
    if counts.undecided:
        return f"Nothing against the text; {counts.undecided} {of_all} undecided"
    return f"Nothing found against the text, {counts.sentences} {_sentences(counts.sentences)}"


def _sentences(number: int) -> str:
    return "sentence" if number == 1 else "sentences"


def _sentence(sentence: "CheckedSentence", number: int) -> Line:
    """The sentence with its number in the text, and the words in question marked."""
    marked: list[tuple[int, int, str]] = [
        (place.start - sentence.start, place.end - sentence.start, finding.verdict)
        for finding in sentence.findings
        for place in finding.places
        if (place.start, place.end) != (sentence.start, sentence.end)
    ]
    return line(f"({number}) ", *_marked(sentence.text, marked))


def _marked(text: str, stretches: list[tuple[int, int, str]]) -> Iterator[Span]:
    """The text with stretches of it in bold and in the tone of a verdict; where two overlap, the first has the rest."""
    at = 0
    for start, end, tone in sorted(stretches):
        if end <= at:
            continue
        yield Span(text[at : max(at, start)])
        yield Toned(text[max(at, start) : end], bold=True, tone=tone)
        at = end
    yield Span(text[at:])


def _reasons(sentence: "CheckedSentence") -> Iterator[Line]:
    """One line a finding, and after those of one sentence of the article that sentence, once."""
    passages: dict[Evidence, list[TextFinding]] = {}
    for finding in sentence.findings:
        label = "undecided, " if finding.verdict == "undecided" and sentence.verdict == "against" else ""
        yield line(Toned(f"{label}{finding.gate}", tone=finding.verdict), _about(finding, sentence), finding.reason)
        if finding.passage is not None:
            passages.setdefault(finding.passage, []).append(finding)
    for passage, found in passages.items():
        spans = [each.span for each in found if each.span is not None and each.span != passage]
        marked = [(s.start - passage.start, min(s.end, passage.end) - passage.start, "") for s in dict.fromkeys(spans)]
        yield line("the article: ", *_marked(passage.text, marked))


def _about(finding: "TextFinding", sentence: "CheckedSentence") -> str:
    """The words that a finding is about, where its reason does not repeat them and they are not the whole sentence."""
    is_whole = any((place.start, place.end) == (sentence.start, sentence.end) for place in finding.places)
    if is_whole or finding.text in finding.reason or len(finding.text) >= len(sentence.text):
        return ": "
    words, has_all = shortened(finding.text)
    return f" (“{words}”): " if has_all else f" (“{words}” […]): "
