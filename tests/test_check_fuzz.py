"""Hostile texts to be checked: whatever the characters, every offset holds and the report agrees with itself.

SUMMARIZER_FUZZ=50 runs fifty times as many cases as the plain run, other ones each time.
"""

from hypothesis import given, settings
from hypothesis import strategies as st
from test_fuzz import PIECE, SOME, TIMES, holds

from summarizer.checking import check_text
from summarizer.errors import InputError
from summarizer.passages import ReadText
from summarizer.schemas.article import Article
from summarizer.schemas.check import CheckedSentence, CheckReport

ARTICLE = (
    "Norland is ready to let 40 boats of Sudland back into the strait, Ada Berg said on 14 May.\n\n"
    "“We wait. We hope for rain,” Berg told the Harbour Board. “Not now,” Tomas Reyes warned."
)
# fmt: off
MARKUP = [
    "# ", "\n## ", "\n- ", "\n2. ", "\n> ", "**", "*", "_", "~~", "`", "[", "](b)", "[a](http://b.example/c)", "\\*",
    "\x1b[31m", "\x9b2J", "\n| a | b |\n|---|---|\n", "\n---\n",
]
SENTENCES = [
    "“We wait. We hope for rain,” Berg said. ", "“Not now,” she said. ", "Ada Berg left. ", "He said “we wait",
    "40 boats ", "90 boats of Norland ", "“We hope for rain.\n\n“We wait.” ", "Advertisement\n\n",
    "Read more: Berg quits\n", ". ",
]
# fmt: on
TEXT = st.lists(st.one_of(PIECE, st.sampled_from(MARKUP), st.sampled_from(SENTENCES)), max_size=30).map("".join)


def check_report(article: str, text: str) -> None:
    try:
        report = check_text(Article(text=article), text)
    except InputError:
        assert not any(char.isalnum() for char in article) or not ReadText(text).passages
        return
    assert report.text == text
    check_cover(text, report)
    for sentence in report.sentences:
        check_sentence(article, text, sentence)
    counts = report.counts
    verdicts = [sentence.verdict for sentence in report.sentences]
    assert counts.sentences == len(verdicts) == counts.against + counts.undecided + counts.nothing_found
    assert counts.against == verdicts.count("against")
    assert counts.undecided == verdicts.count("undecided")


def check_cover(text: str, report: CheckReport) -> None:
    """Sentences are in order and apart, and what stands between them is nothing that a reader would read."""
    at = 0
    for start, end in [*((each.start, each.end) for each in report.sentences), (len(text), len(text))]:
        assert at <= start
        assert not ReadText(text[at:start]).passages
        at = end


def check_sentence(article: str, text: str, sentence: CheckedSentence) -> None:
    assert holds(text, sentence)
    found = {finding.verdict for finding in sentence.findings}
    assert (sentence.verdict == "against") == ("against" in found)
    assert (sentence.verdict == "nothing_found") == (not found)
    for finding in sentence.findings:
        assert finding.reason
        for place in finding.places:
            assert holds(text, place)
            assert sentence.start <= place.start < place.end <= sentence.end
        for span in filter(None, (finding.span, finding.passage)):
            assert holds(article, span)


@given(TEXT)
@settings(max_examples=80 * TIMES, **SOME)
def test_a_report_holds_for_any_text(text: str) -> None:
    """Any text is covered by sentences in its order, their places are its own, and verdicts and counts agree."""
    check_report(ARTICLE, text)


@given(TEXT, TEXT)
@settings(max_examples=30 * TIMES, **SOME)
def test_a_report_holds_for_any_article(article: str, text: str) -> None:
    """The same against an article that is as hostile as the text."""
    check_report(article, text)
