"""A text against its article: what `check_text` finds, and where in the text as it is given."""

import re

import pytest
from timing import is_within

from summarizer import Article, check_text
from summarizer.errors import InputError
from summarizer.grounding.checks import check_claim
from summarizer.grounding.context import ArticleContext
from summarizer.grounding.facts import check_speaker
from summarizer.passages import LONGEST_PASSAGE, ReadText
from summarizer.rendering.check import render_check
from summarizer.schemas.check import CheckedSentence

ARTICLE = Article(
    text=(
        "Norland is ready to let Sudland's boats back into the strait, prime minister Ada Berg said on Monday.\n\n"
        "“We will not stand in the way of honest trade,” Berg told reporters. “It has been a long spring.”\n\n"
        "Sudland would pay 40 million crowns a year. Its fisheries minister, Tomas Reyes, called that “far too "
        "high”. “We came to fish, and we came to talk,” Reyes said.\n\n"
        "Inspections cannot end before autumn, a harbour official said.\n"
    )
)
RIGHT = "Norland is ready to let Sudland's boats back into the strait."
WRONG = "Sudland would pay 90 million crowns a year."
UNDECIDED = "Bakers queued outside every lighthouse shop until midnight."
HOSTILE = "Mallory \x1b[31m<img src=x>\u202e [here](http://evil.example) `code` 90 million crowns\x07 \x9b2J."


def only(text: str) -> CheckedSentence:
    """The one sentence of a text."""
    (sentence,) = check_text(ARTICLE, text).sentences
    return sentence


def test_each_sentence_has_its_verdict_and_the_counts_add_up() -> None:
    """Right, wrong and undecided sentences are told apart, in the order of the text."""
    report = check_text(ARTICLE, f"{RIGHT} {WRONG} {UNDECIDED}")
    assert [sentence.verdict for sentence in report.sentences] == ["nothing_found", "against", "undecided"]
    assert report.counts.model_dump() == {"sentences": 3, "against": 1, "undecided": 1, "nothing_found": 1}
    assert [sentence.text for sentence in report.having("against")] == [WRONG]


def test_a_wrong_number_is_shown_with_what_the_article_says() -> None:
    """A finding has the words in the text, the place in the article, and the sentence of the article around it."""
    finding = next(finding for finding in only(WRONG).findings if finding.gate == "number")
    assert [place.text for place in finding.places] == [finding.text]
    assert finding.text.startswith("90 million")
    assert finding.span is not None
    assert finding.passage is not None
    assert finding.span.text.startswith("40 million")
    assert finding.passage.text == "Sudland would pay 40 million crowns a year."


@pytest.mark.parametrize(
    "text",
    [
        "“We came to fish, and we came to talk,” Berg said.",
        "Ada Berg wants peace. “We came to fish, and we came to talk,” she said.",
        "Ada Berg wants peace.\n\n“We came to fish, and we came to talk,” she said.",
    ],
)
def test_words_in_the_wrong_mouth_are_found(text: str) -> None:
    """Who speaks is compared with the article, also where only the sentence before says who “she” is."""
    last = check_text(ARTICLE, text).sentences[-1]
    (finding,) = [finding for finding in last.findings if finding.gate == "speaker"]
    assert finding.verdict == "against"
    assert "Reyes" in finding.reason
    assert finding.places[0].text == "We came to fish, and we came to talk,"


def test_a_pronoun_for_the_right_speaker_is_nothing() -> None:
    """The speaker whom the sentence before names is no finding where the article has the same one."""
    report = check_text(ARTICLE, "Tomas Reyes was there. “We came to fish, and we came to talk,” he said.")
    assert not [found for sentence in report.sentences for found in sentence.findings if found.gate == "speaker"]


@pytest.mark.parametrize(
    ("name", "words", "verdicts"),
    [
        ("Tomas Reyes", "We came to fish, and we came to talk,", []),
        ("Ada Berg", "We came to fish, and we came to talk,", ["against"]),
        ("Ada Berg", "We never came to fish,", []),
        ("Tomas Reyes", "back into the strait,", []),
        ("Tomas Reyes", "Honest Trade", []),
    ],
)
def test_who_speaks_is_one_question(name: str, words: str, verdicts: list[str]) -> None:
    """A name and quoted words get the findings of the sentence that puts the two together; unspoken words get none."""
    found = list(check_speaker(name, words, ArticleContext.of(ARTICLE)))
    assert [finding.verdict for finding in found] == verdicts
    assert found == [f for f in check_claim(ARTICLE, f"{name} said: “{words}”") if f.gate == "speaker"]


BOATS = [f"We waited for boat number {number} of them." for number in range(60)]
LONG = Article(text=f"“{' '.join(BOATS)}” Berg said.")
SPREAD = Article(text="Berg spoke. “We wait here. We hope for rain. We sing,” she told the crowd. It was late.")


@pytest.mark.parametrize(
    ("article", "text"),
    [
        (SPREAD, "Berg spoke. “We wait here. We hope for rain. We sing,” she told the crowd."),
        (SPREAD, "Berg said: “We wait here.\nWe hope for rain.\nWe sing,” and left."),
        (SPREAD, "At dusk Berg began: “We wait here. We hope for rain.\n\n“We sing,” Berg told the crowd."),
        (SPREAD, "- Berg: “We wait here.\n  We hope for rain.”\n- It was late."),
        (LONG, f"At dusk Berg began: “{' '.join(BOATS[:20])}”"),
        (LONG, f"At dusk Berg began: “{' '.join(BOATS)}” and so she went on."),
    ],
)
def test_a_quotation_over_sentences_leaves_no_mark_open(article: Article, text: str) -> None:
    """Sentences of one quotation are judged with its marks: over lines, over paragraphs, and beyond any length."""
    report = check_text(article, text)
    assert not [found for each in report.sentences for found in each.findings if found.gate == "quoted words"]
    assert all(passage.last - passage.first <= LONGEST_PASSAGE for passage in ReadText(text).passages)


def test_an_altered_word_deep_in_a_long_quotation_is_found_in_its_place() -> None:
    """Of a quotation too long to be judged as one each sentence is, and its place is that in the text."""
    text = f"At dusk Berg began: {LONG.text}".replace("boat number 50", "ship number 50")
    findings = [finding for sentence in check_text(LONG, text).sentences for finding in sentence.findings]
    found = [finding for finding in findings if finding.gate == "quoted words"]
    assert found
    assert all("ship number 50" in finding.text for finding in found)
    assert all(place.text == finding.text for finding in found for place in finding.places)


def test_words_of_a_finding_are_the_texts_own() -> None:
    """No mark that was put around a piece of a long quotation is shown as one of the text."""
    text = "“" + " ".join(f"{UNDECIDED[:-1]} of day {number}." for number in range(20)) + "” Berg said."
    report = check_text(ARTICLE, text)
    texts = [finding.text for sentence in report.sentences for finding in sentence.findings]
    assert len(report.sentences) > 2
    assert texts
    assert all(words in text for words in texts)


@pytest.mark.parametrize("text", ["Berg said “we will see. " + RIGHT, RIGHT + " Berg said: “No.\n\nIt rained."])
def test_a_mark_that_is_left_open_is_told(text: str) -> None:
    """A quotation that never closes is still something against the text."""
    report = check_text(ARTICLE, text)
    assert [
        f for each in report.sentences for f in each.findings if f.gate == "quoted words" and f.verdict == "against"
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("# Norland waits\n\nBerg spoke.", ["Norland waits", "Berg spoke."]),
        ("Norland waits\n\n- Berg spoke.\n2. Reyes left.", ["Norland waits", "Berg spoke.", "Reyes left."]),
        ("> Berg spoke.\n---\n| a | b |\n|---|---|", ["Berg spoke.", "| a | b |"]),
        ("Berg was ready to\nlet the boats in.", ["Berg was ready to\nlet the boats in."]),
        ("Advertisement\n\nRead more: Berg quits", ["Advertisement", "Read more: Berg quits"]),
    ],
)
def test_markdown_headlines_and_lines_are_sentences(text: str, sentences: list[str]) -> None:
    """Marks of Markdown are no part of a sentence, rules and borders none at all; what looks like an advert is text."""
    assert [sentence.text for sentence in check_text(ARTICLE, text).sentences] == sentences


def test_a_number_that_begins_a_line_is_no_number_of_a_list() -> None:
    """A number and a full stop at the beginning of a line of running text are words of it, and are checked."""
    sentences = check_text(
        ARTICLE, "Norland says that the crowns that Sudland would pay are\n90. Reyes left."
    ).sentences
    assert any(found.text.startswith("90") for each in sentences for found in each.findings if found.gate == "number")


@pytest.mark.parametrize(
    "text",
    [
        "Sudland would pay **90** million crowns.",
        "Sudland would pay 9\u200b0 million crowns.",
        "- **Sudland** pays 90 *million* crowns.",
    ],
)
def test_markup_hides_nothing_and_offsets_are_those_of_the_given_text(text: str) -> None:
    """A number is read as a reader sees it, emphasised or with hidden signs in it, and its place takes those in."""
    finding = next(finding for finding in only(text).findings if finding.gate == "number")
    (place,) = finding.places
    assert place.text == text[place.start : place.end]
    assert re.sub(r"[^\w ]", "", place.text).startswith("90 million")


def test_every_offset_holds_in_hostile_text() -> None:
    """Sentences, places, spans and passages are stretches of their texts whatever these hold, in order and apart."""
    text = f"\ufeff{HOSTILE}\r\n\r\n* “A\x00 **b**. C” \ud800 said `Berg`. {WRONG}\u2028{WRONG}\n"
    text += "# “Berg\x85x” #\n[a](b) ﬁne _x_"
    report = check_text(ARTICLE, text)
    at = 0
    for sentence in report.sentences:
        assert sentence.start >= at
        at = sentence.end
        for part in (sentence, *(place for finding in sentence.findings for place in finding.places)):
            assert text[part.start : part.end] == part.text
            assert sentence.start <= part.start < part.end <= sentence.end
        for finding in sentence.findings:
            for span in filter(None, (finding.span, finding.passage)):
                assert ARTICLE.text[span.start : span.end] == span.text
    assert report.counts.sentences == len(report.sentences)
    for form in ("md", "text", "json"):
        render_check(report, form).encode()


@pytest.mark.parametrize(("article", "text"), [(ARTICLE, ""), (ARTICLE, " \n—\n***\n"), (Article(text=" "), RIGHT)])
def test_nothing_to_check_is_an_error(article: Article, text: str) -> None:
    """A text, or an article, without words raises InputError."""
    with pytest.raises(InputError, match="no words"):
        check_text(article, text)


@pytest.mark.parametrize(
    "text",
    [
        "“" * 50_000 + "a",
        "“«" * 25_000 + "a",
        "a " * 50_000,
        "“a. b.\n\n" * 6_000,
        "[a](" * 25_000,
        "“" + "we wait " * 12_000 + "”",
    ],
)
def test_hostile_text_takes_seconds(text: str) -> None:
    """100 KB of marks, of words without an end, or of quotations that never close are no trap."""
    assert is_within(20, lambda: check_text(ARTICLE, text))


def test_a_sign_in_running_text_makes_no_heading() -> None:
    """A line with a # in it goes on in the next one, whatever markup stands behind the #."""
    for text in (
        "Berg praised pier #1 and **the port** that\nlies in Esk.",
        "Berg praised pier #1 and the port that\nlies in Esk.",
    ):
        assert len(ReadText(text).passages) == 1
