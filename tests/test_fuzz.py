"""Hostile texts: whatever the characters, no error that is not documented, and every offset holds.

SUMMARIZER_FUZZ=50 runs fifty times as many cases as the plain run, other ones each time.
"""

import os
from itertools import pairwise

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from summarizer.grounding import quantities
from summarizer.grounding.checks import check_claim
from summarizer.grounding.locate import locate_quote
from summarizer.grounding.mentions import read_words, words_of, words_within
from summarizer.grounding.numerals import lex
from summarizer.grounding.quotations import find_quotations
from summarizer.grounding.typography import APOSTROPHES, DASHES, HYPHENS, INVISIBLE, QUOTE_MARKS, fold
from summarizer.schemas.article import Article
from summarizer.schemas.evidence import Evidence, Quotation

TIMES = int(os.environ.get("SUMMARIZER_FUZZ", "1"))

# fmt: off
SIGNS = [
    *QUOTE_MARKS, *APOSTROPHES, *HYPHENS, *DASHES, *INVISIBLE[:12], "``", "''", "--", "...", " . . . ",
    "…", "[…]",
    *".,:;!?()[]{}<>/\\|@#&*_=+%‰°§№$€£¥", "\r", "\n", "\r\n", "\n\n", "\t", "\0", "\x85", "\u2028",
    "\u2029", "\ud800",
    "\udfff", "\u0301", "\u0323", "\u20e3", "\u064e", "\u05b8", "\u0e34", "\ue000", "\uffff", "👍🏽",
    "👨‍👩‍👧", "🇩🇪", "❤️",
    "\u00a0", "\u202f", "\u3000", "\u202e",
]
NUMBERS = [
    "5", "-0.3", "–0.3", "1,500", "1.500", "1 500", "10:30", "3/4", "½", "10²", "5%", "$5", "5 million",
    "€2bn", "٣٫٥",
    "１５", "१५", "Ⅷ", "①", "一百", "40", "2031", "14 May 2031", "May 14", "two", "dozens", "half", "1e9",
    "9" * 60, "0",
]
WORDS = [
    "Ada Berg", "Tomas Reyes", "Berg", "Mr. Reyes", "President", "Norland", "the Harbour Board", "U.S.",
    "O’Neill", "a", "I",
    "harbour official", "said", "told", "says", "according to", "warned", "she", "he", "who", "that",
    "not", "won’t", "boats",
    "co-op", "café", "cafe\u0301", "ﬁsh", "Straße", "İ", "ı", "ς", "שָׁלוֹם", "محمد", "हिन्दी", "中文", "ไทย",
    "한국", "ǅ", "ŉ", "Mr", "Jr.",
]
LONG = [
    "a" * 3000, "“" * 2000, "1" * 5000, "\u0301" * 2000, "\u200b" * 2000, " " * 3000, "-" * 2000,
    ". " * 1000, "A. " * 700,
    "‘" * 2000, "“a” " * 500, "1," * 1000, "$" * 2000, "Ada Berg " * 200, "said " * 300, "million " * 300,
    "\n" * 2000,
]
# fmt: on
PIECE = st.one_of(
    st.sampled_from(SIGNS),
    st.sampled_from(NUMBERS),
    st.sampled_from(WORDS),
    st.just(" "),
    st.just(" "),
    st.characters(),
)
HOSTILE = st.lists(PIECE, max_size=30).map("".join)
SPOKEN = st.lists(
    st.one_of(PIECE, st.sampled_from([" “", "” ", ",” said Ada Berg. ", " she said, “", "\n\n“"])), max_size=30
).map("".join)
SOME = {"deadline": None, "derandomize": TIMES == 1, "suppress_health_check": list(HealthCheck)}


def holds(text: str, span: Evidence | Quotation) -> bool:
    return 0 <= span.start < span.end <= len(text) and text[span.start : span.end] == span.text


def letters(words: str) -> str:
    return "".join(char for char in fold(words).text if char.isalnum())


def check_located(text: str, quote: str, near: int | None = None) -> None:
    spans = locate_quote(text, quote, near)
    assert all(holds(text, span) for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert not spans or "".join(letters(span.text) for span in spans) == letters(quote)
    if len(spans) == 1:
        assert fold(spans[0].text).text.strip(" '.,") == fold(quote).text.strip(" '.,")


def check_quotations(text: str) -> None:
    found = find_quotations(text)
    assert [quotation.start for quotation in found] == sorted(quotation.start for quotation in found)
    for quotation in found:
        parts = [part for part in (quotation, quotation.speaker, quotation.cue) if part]
        assert all(holds(text, part) for part in parts)
        assert quotation.speaker_name is None or quotation.speaker_name.strip()


def check_findings(text: str, sentence: str) -> None:
    for finding in check_claim(Article(text=text), sentence):
        assert finding.text in sentence
        assert finding.reason
        assert finding.span is None or holds(text, finding.span)


@given(HOSTILE, st.data())
@settings(max_examples=150 * TIMES, **SOME)
def test_locating_holds_for_any_text(text: str, data: st.DataObject) -> None:
    """A quote cut out of any text or made of anything is located with its own words in order, or not at all."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    check_located(text, text[start:end])
    check_located(text, text[start:end], near=start)
    check_located(text, data.draw(HOSTILE))


@given(HOSTILE, st.data())
@settings(max_examples=150 * TIMES, **SOME)
def test_words_of_a_stretch_are_those_of_the_whole_text(text: str, data: st.DataObject) -> None:
    """A stretch of any text has the same words, whether it is read by itself or they are taken from the whole text."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert words_within(words_of(text), text, start, end) == read_words(text, start, end)


@given(HOSTILE)
@example("a sum ($5) or € 2bn, -3 more")
@settings(max_examples=150 * TIMES, **SOME)
def test_no_quantity_begins_where_none_is_looked_for(text: str) -> None:
    """The words and signs of any text that are passed over would have given no quantity."""
    lexemes = lex(text)
    passed_over = (index for index in range(len(lexemes)) if not quantities._may_begin(lexemes, index))
    assert all(quantities._read(text, lexemes, index) == ([], index + 1) for index in passed_over)


@given(SPOKEN)
@settings(max_examples=100 * TIMES, **SOME)
def test_quotations_hold_for_any_text(text: str) -> None:
    """Of any text every quotation, speaker and cue is a stretch of it, and they come in its order."""
    check_quotations(text)


@given(SPOKEN, SPOKEN)
@settings(max_examples=60 * TIMES, **SOME)
def test_findings_hold_for_any_text(text: str, sentence: str) -> None:
    """Whatever is claimed of any text, a finding repeats words of the claim and points at words of the text."""
    check_findings(text, sentence)


@given(
    st.sampled_from(LONG), st.sampled_from([*LONG, *WORDS, *NUMBERS]), st.sampled_from([" ", "", "“", ",” she said. "])
)
@settings(max_examples=12 * TIMES, **SOME)
def test_long_runs_change_nothing(text: str, other: str, joint: str) -> None:
    """Thousands of one thing in a row, in the text or in a claim, are as good as any text."""
    text = text + joint + other
    check_located(text, other)
    check_quotations(text)
    check_findings(text, joint + other)
    check_findings(other, text)


# Words between which a quote may be cut, and what may stand between them.
# fmt: off
WHOLE = [
    "we", "Berg", "co-op", "won’t", "café", "cafe\u0301", "O'Neill", "un\u00adfair", "5", "1,500", "-0.3",
    "10%", "$7", "U.S.", "“so”", "(so)",
    "‘go,’", "go…", "go!", "👍🏽", "שָׁלוֹם", "ไม่", "हिन्दी", "ﬁsh", "Ⅷ", "10²", "5°", "dogs’",
]
BETWEEN = [" ", "  ", "\n", "\r\n", "\u00a0", "\t", " – ", " — ", " -- ", ", ", "; ", "\u200b ", "\u2028", " \ufeff"]
# fmt: on


@given(st.lists(st.tuples(st.sampled_from(WHOLE), st.sampled_from(BETWEEN)), min_size=2, max_size=14), st.data())
@settings(max_examples=200 * TIMES, **SOME)
def test_whole_words_are_located_and_a_changed_letter_is_not(parts: list[tuple[str, str]], data: st.DataObject) -> None:
    """Whole words cut from a text are found where they stand; with one letter changed they are not found there."""
    first = data.draw(st.integers(0, len(parts) - 1))
    last = data.draw(st.integers(first, len(parts) - 1))
    pieces = [word + between for word, between in parts]
    start = len("".join(pieces[:first]))
    quote = "".join(pieces[first:last]) + parts[last][0]
    text = "".join(pieces)
    (span,) = locate_quote(text, quote, near=start)
    assert start <= span.start < span.end <= start + len(quote)
    assert span.text in quote
    places = [index for index, char in enumerate(quote) if char.isalnum()]
    if places:
        at = data.draw(st.sampled_from(places))
        changed = quote[:at] + data.draw(st.sampled_from("qQ9ø")) + quote[at + 1 :]
        assert all(found.start != span.start for found in locate_quote(text, changed, near=start))
