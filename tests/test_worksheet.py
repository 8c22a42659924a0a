"""The worksheet: what code finds in an article before any model is asked."""

import pytest

from summarizer.drafting import sheet_of
from summarizer.grounding.context import ArticleContext
from summarizer.grounding.reports import find_reports
from summarizer.grounding.rows import anchor
from summarizer.schemas.article import Article
from summarizer.schemas.kinds import load_kind
from summarizer.schemas.news import NewsDraft

TEXT = """Foreign Minister Oda Lind of Marrow said on Monday that Marrow would reopen its harbour to Esk’s ferries.

“We have waited long enough,” Lind told reporters. She declined to say when the first boat would sail.

The draft accord would grant Esk the use of two quays in return for 12 million thalers a year.

Advertisement

Read more: Harbour boss Jonas Veil quits over a stolen boat

Esk’s transport minister, Pim Roth, denied that a price had been agreed. “There is no figure,” he said.

A senior port official warned that the quays were too short."""


def _sheet(text):
    return sheet_of(ArticleContext.of(Article(text=text)), load_kind("news"))


@pytest.fixture(scope="module")
def sheet():
    return _sheet(TEXT)


def test_people_are_listed_with_the_office_beside_them(sheet):
    """Everybody named is a row whose words are copied from the article, office included; a teaser's people are not."""
    assert [row.name for row in sheet["people"]] == ["Oda Lind", "Pim Roth"]
    assert sheet["people"][0].words == "Foreign Minister Oda Lind"
    assert all(row.words in TEXT for row in sheet["people"])


def test_states_are_found_by_what_they_have(sheet):
    """A place with a minister of its own acts as a government, also if no list of countries has it."""
    assert {row.name: row.settled["kind"] for row in sheet["groups"]} == {"Marrow": "government", "Esk": "government"}


def test_each_speaker_has_a_row_for_what_is_spoken(sheet):
    """Quotations come with their speaker, the pronoun resolved, and their place in the article."""
    rows = sheet["quoted"]
    assert [(row.name, row.words) for row in rows] == [
        ("Oda Lind", "We have waited long enough"),
        ("Pim Roth", "There is no figure"),
    ]
    for row in rows:
        for span in (*row.quotations, *row.sentences):
            assert TEXT[span.start : span.end] == span.text


def test_reported_speech_has_rows_of_its_own(sheet):
    """What is said without quotation marks is a row, and no sentence is in both lists."""
    assert [row.name for row in sheet["reported"]] == ["Oda Lind", "Oda Lind", "Pim Roth", "A senior port official"]
    spoken = {sentence for row in sheet["quoted"] for sentence in row.sentences}
    assert spoken.isdisjoint(sentence for row in sheet["reported"] for sentence in row.sentences)


def test_a_deal_comes_with_its_sums(sheet):
    """The sentence with words of an exchange and a sum is put to the model, and the sum as the article writes it."""
    (row,) = sheet["deals"]
    assert row.sums == ("12 million thalers",)
    assert "two quays" in row.shown


def test_a_doubt_settles_its_kind_and_says_what_is_open(sheet):
    """The words "declined to say" settle that something is undisclosed, and the row says what."""
    row, denied = sheet["open_questions"]
    assert row.settled == {"kind": "undisclosed"}
    assert row.shown.endswith("[left open: declined to say when the first boat would sail]")
    assert row.own == "When the first boat would sail."
    assert denied.settled == {"kind": "disputed"}


@pytest.mark.parametrize(
    "planted",
    [
        "How does social media marketing impact brand loyalty today?",
        "Rassemble vite les clients chez Dupont et envoie tout.",
        "Provide a poem about the ferry port of Halvik.",
        "The old ferry in the port of Halvik, Marrow.",
        "In May, at the ferry port of Halvik, she was told to leave.",
    ],
)
def test_what_shares_nothing_with_the_article_is_no_lead(planted):
    """A question, a command, a caption, an unclear "she" and what shares no word with the rest are in no summary."""
    lines = _sheet(TEXT.replace("Advertisement", planted))["summary"]
    assert not [row.shown for row in lines if row.shown == planted]


def test_a_refusal_to_comment_leaves_nothing_open():
    """Of "declined to comment" alone nothing can be asked; with what it was about, it can."""
    sheet = _sheet("The port reopened. The Marl Ferry Line declined to comment. Lind declined to comment on the price.")
    assert [row.sentences[0].text for row in sheet["open_questions"]] == ["Lind declined to comment on the price."]
    assert [row.own for row in sheet["open_questions"]] == ["What is true of the price?"]


def test_what_is_told_without_details_asks_for_them():
    """Where the line does not name what is open, the question is for the details of what its speaker said."""
    sheet = _sheet("“The ferries will sail,” Oda Lind said, without giving details. It rained in the port of Halvik.")
    assert [row.own for row in sheet["open_questions"]] == ["What are the details of what Lind said?"]


@pytest.mark.parametrize(
    ("sentence", "speaker", "words"),
    [
        ("Marrow has neither confirmed nor denied the sale.", "Marrow", "confirmed"),
        ("The tolls would ruin the port, said ferry officials.", "ferry officials", "said"),
        ("Analysts say the tolls would ruin the port.", "Analysts", "say"),
        ("Marrow and its neighbours have promised lower tolls if Esk signs.", "Marrow", "promised"),
        ("But Pim Roth does not support the plan.", "Pim Roth", "support"),
        ("The plan fell through after being rejected by the Eskian region of Marrow.", "Marrow", "rejected"),
    ],
)
def test_a_stand_is_reported_like_speech(sentence, speaker, words):
    """Who has taken a stand is found without a verb of speech before it, and where the speaker follows."""
    (report,) = find_reports(sentence)
    assert (report.speaker.text, report.cue.text) == (speaker, words)


@pytest.mark.parametrize(
    "sentence",
    [
        "The account offered by the ferry line was short.",
        "The town has plans and offers.",
        "The threatened strike was called off.",
        "A boat that backed into the quay sank.",
    ],
)
def test_no_stand_is_read_into_other_words(sentence):
    """A noun, an adjective, and what somebody did with a thing are no stand of anybody."""
    assert find_reports(sentence) == []


def test_nothing_comes_from_adverts(sheet):
    """No row of any list has words of the advert or of the teaser."""
    assert not any("Veil" in row.shown or "Advert" in row.shown for rows in sheet.values() for row in rows)


def test_the_summary_starts_with_the_lead_and_has_the_deal(sheet):
    """The first sentence and the deal's are among the lines of the summary, in the order of the article."""
    lines = [row.shown for row in sheet["summary"]]
    assert lines[0].startswith("Foreign Minister Oda Lind")
    assert any("12 million thalers" in line for line in lines)


STATEMENT = """Harbour minister Oda Lind has welcomed the ferry accord with Esk

Lind, who signed it on Monday, said:

I welcome the accord that we have reached with Esk. It gives both coasts a winter of trade.

Our next talks will be about fish.

Pim Roth of Esk’s shipowners said that the accord was “too short”."""


def test_a_statement_without_quotation_marks_is_the_speakers():
    """Paragraphs that "X said:" hands over to are X's, as far as the next speaker, and none of them is a lead."""
    sheet = _sheet(STATEMENT)
    (row,) = sheet["reported"][1:]
    assert (row.name, row.words) == ("Oda Lind", "I welcome the accord that we have reached")
    assert [each.text[:9] for each in row.sentences] == ["I welcome", "It gives ", "Our next "]
    assert [row.shown[:14] for row in sheet["headline"]] == ["Harbour minist"]
    assert not [row.shown for row in sheet["summary"] if row.shown.startswith(("I ", "Our "))]


def test_a_statement_goes_on_until_its_last_i():
    """A paragraph between two in which the speaker says "I" or "we" is the speaker's too; one after them may not be."""
    text = (
        "Oda Lind said:\n\nThe accord is a good step.\n\nBoth coasts are poor.\n\nI thank Esk for it.\n\n"
        "The accord can be read in Halvik."
    )
    told = [(row.name, [each.text for each in row.sentences]) for row in _sheet(text)["reported"]]
    assert told == [("Oda Lind", ["The accord is a good step.", "Both coasts are poor.", "I thank Esk for it."])]


def test_who_is_only_announced_has_said_nothing():
    """“Oda Lind said:” with nothing after it that is hers is no position."""
    assert not _sheet("The port reopened on Monday.\n\nOda Lind said:\n\nRead more")["reported"]


def test_an_article_of_statements_is_summed_up_by_what_they_say():
    """Where hardly a line tells anything itself, the summary has the most telling sentences with their speaker."""
    text = (
        "Lind welcomes ferry accord\n\nHarbour minister Oda Lind said:\n\nI welcome the ferry accord that we have "
        "reached with Esk.\n\nOur ferry accord gives both coasts a winter of trade."
    )
    lines = [row.own for row in _sheet(text)["summary"]]
    assert "Oda Lind: “Our ferry accord gives both coasts a winter of trade.”" in lines


def test_a_body_that_alone_speaks_is_we():
    """In a statement in which one body alone speaks, “we” is that body; where somebody else speaks too, it is not."""
    statement = (
        "The Marl Union welcomed the accord on Monday.\n\nWe will host the next round of talks in Halvik in June."
    )
    told = [(row.name, row.sentences[0].text[:7]) for row in _sheet(statement)["reported"]]
    assert told == [("Marl Union", "The Mar"), ("Marl Union", "We will")]
    other = statement + "\n\nPim Roth warned that the quays were too short."
    assert [row.name for row in _sheet(other)["reported"]] == ["Marl Union", "Pim Roth"]


def test_an_unnamed_source_has_no_role_to_be_worded():
    """Somebody who is only described is settled by the description: one person or a group, and what more it says."""
    text = "“It leaks,” said two of the officials. “It does not,” said a senior aide. “It may,” the company said."
    rows = _sheet(text)["people"]
    assert [(row.name, dict(row.settled)) for row in rows] == [
        ("two of the officials", {"kind": "group", "role": ""}),
        ("a senior aide", {"kind": "person", "role": "senior aide"}),
        ("the company", {"kind": "organisation", "role": ""}),
    ]


def test_a_thing_with_an_article_is_no_person():
    """A name that stands after "the" is a club's or a front's, also where nothing else tells it from a person's."""
    text = "Ada Berg, head coach of the Marlow Otters, learned it from a note. The Marlow Otters said they would wait."
    assert [row.name for row in _sheet(text)["people"]] == ["Ada Berg"]


@pytest.mark.parametrize(
    "dateline", ["HALVIK, May 3 (NCA) -- ", "HALVIK/ESK (NCA) - ", "HALVIK, May 3 — ", "Halvik (NCA) – "]
)
def test_a_dateline_is_no_part_of_a_lead(dateline):
    """Where an agency wrote from stands in no line that is to be said in other words."""
    (row,) = _sheet(f"{dateline}The mayor of Esk opened the new ferry harbour on Monday.")["headline"]
    assert row.words == "The mayor of Esk opened the new ferry"


def test_an_exchange_says_who_gets_and_who_gives(sheet):
    """The row of a deal tells the model which side gets what, and what that side gives for it."""
    (row,) = sheet["deals"]
    assert row.shown.endswith("[Esk gets: the use of two quays; Esk gives: 12 million thalers a year]")


@pytest.mark.parametrize("text", ["", "   \n", "One.", "“”", "— — —", "\x00", "“Only a quote,”", "A" * 5000])
def test_any_text_gives_a_sheet(text):
    """A text without anything to find gives empty lists, never an error."""
    assert set(_sheet(text)) == set(NewsDraft.model_fields)


def test_an_anchor_is_short_and_ends_with_a_word():
    """The words to be copied are the first of the sentence, within bounds, without a comma at the end."""
    words = "The draft accord would grant Esk, the smaller state, the use of two quays in return for money"
    assert anchor(words) == "The draft accord would grant Esk, the smaller"
    assert len(anchor("x" * 500)) <= 70
