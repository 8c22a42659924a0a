"""Checks a text that somebody else wrote, sentence by sentence, against the article it is about. No model.

    text ── passages ── the checks of a sentence ──┬── report
                     └─ who speaks, by the text ───┘

What the checks cannot see is not found: a sentence without findings may still be wrong.
"""

from collections import Counter
from collections.abc import Iterable

from .errors import InputError
from .grounding.checks import MAX_EVIDENCE, check_claim, told_once
from .grounding.context import ArticleContext
from .grounding.facts import check_speaker
from .passages import Passage, ReadText
from .schemas.article import Article
from .schemas.check import CheckCounts, CheckedSentence, CheckReport, SentenceVerdict, TextFinding
from .schemas.evidence import Evidence, Finding


def check_text(article: Article, text: str) -> CheckReport:
    """What the article says against each sentence of a text about it, be it by a person or another tool.

    The text may be Markdown; it is kept exactly as given, and no offset counts in another. A quotation of several
    sentences is judged as one with them. No finding is no proof. Linear in the length of the text.
    Raises InputError if the text or the article holds no words.
    """
    if not _has_words(article.text):
        raise InputError("the article holds no words", "give the article that the text is about")
    read = ReadText(text)
    if not read.passages:
        raise InputError("the text holds no words", "give the text that is to be checked")
    context = ArticleContext.of(article)
    spoken: dict[Passage, list[Finding]] = {}
    for passage, words, name in read.spoken():
        spoken.setdefault(passage, []).extend(check_speaker(name, words, context))
    # What stands twice in a text is not judged twice.
    judged: dict[str, list[Finding]] = {}
    sentences = []
    for passage in read.passages:
        if passage.words not in judged:
            judged[passage.words] = check_claim(article, passage.words)
        found = told_once([*judged[passage.words], *spoken.get(passage, [])])
        findings = tuple(_finding(each, read, passage, context) for each in found)
        sentences.append(CheckedSentence(**passage.given.model_dump(), verdict=_verdict(findings), findings=findings))
    return CheckReport(article=article, text=text, counts=_counts(sentences), sentences=tuple(sentences))


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _finding(found: Finding, read: ReadText, passage: Passage, context: ArticleContext) -> TextFinding:
    added = passage.words[: passage.before], passage.words[passage.before + passage.last - passage.first :]
    return TextFinding(
        gate=found.gate,
        verdict=found.verdict,
        text=found.text.removeprefix(added[0]).removesuffix(added[1]),
        reason=found.reason,
        places=read.places(passage, found.text),
        span=found.span,
        passage=_around(found.span, context),
    )


def _around(span: Evidence | None, context: ArticleContext) -> Evidence | None:
    """The sentences of the article that hold a span, or the span itself where they would be too long."""
    if span is None:
        return None
    sentences = context.sentences_at(span.start, span.end)
    start, end = min([span.start, *(each.start for each in sentences)]), max([span.end, *(s.end for s in sentences)])
    if end - start > MAX_EVIDENCE:
        start, end = span.start, min(span.end, span.start + MAX_EVIDENCE)
    return Evidence.of(context.text, start, end)


def _verdict(findings: Iterable[TextFinding]) -> SentenceVerdict:
    found = {finding.verdict for finding in findings}
    return "against" if "against" in found else "undecided" if found else "nothing_found"


def _counts(sentences: Iterable[CheckedSentence]) -> CheckCounts:
    counts = Counter(sentence.verdict for sentence in sentences)
    return CheckCounts(
        sentences=counts.total(),
        against=counts["against"],
        undecided=counts["undecided"],
        nothing_found=counts["nothing_found"],
    )
