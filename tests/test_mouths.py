"""Nobody is put down as saying what the cited lines do not have him say."""

import pytest

from summarizer.grounding.context import ArticleContext
from summarizer.grounding.reports import find_reports
from summarizer.grounding.review import review
from summarizer.schemas.article import Article
from summarizer.schemas.news import DraftDeal, DraftPosition, DraftSentence

REST = " The Marl Wire said on Tuesday that it rained in Marl. Sweden offered Norway a truce."


def _gates(text, item):
    return {finding.gate for finding in review("any", 0, item, ArticleContext.of(Article(text=text))).against}


def _told(line, sentence):
    return _gates(line + REST, DraftSentence(quote=line[:60], text=sentence))


@pytest.mark.parametrize(
    ("line", "sentence", "gate"),
    [
        (
            "Norway fired at the ferry on Monday.",
            "The Marl Wire says Norway fired at the ferry on Monday.",
            "attribution",
        ),
        ("The toll is lower than the toll Norway had announced.", "Norway says the toll is lower.", "attribution"),
        ("Norway is among those calling for a truce.", "Norway calls for a truce.", None),
        ("Norway said on Monday that the ferry sails.", "Norway says the ferry sails.", None),
        ("“The ferry sails,” a man in Norway wrote.", "Norway says the ferry sails.", None),
        ("The ferry sails, according to a letter from Norway.", "Norway says the ferry sails.", None),
        ("In this light the announcement of a truce is welcome.", "Sweden announces a truce.", "speaker"),
        ("We will host a conference on ferries in the spring.", "Sweden will host a conference on ferries.", None),
        ("The truce with Norway began on Monday at noon.", "Norway sees a truce begin on Monday.", "attribution"),
    ],
)
def test_a_sentence_has_nobody_say_or_do_what_its_line_does_not(line, sentence, gate):
    """A summary's sentence is about whom its line names or means, and says “says” only where somebody speaks in it."""
    found = _told(line, sentence) & {"attribution", "speaker"}
    assert found == ({gate} if gate else set()) or (gate and gate in found)


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("The toll that Norway had announced is too high.", None),
        ("The toll is lower than the toll Norway had announced.", None),
        ("The ferries that Lind says leak will sail.", None),
        ("The town had support from groups like Greenmarl which charged that the toll was too high.", "Greenmarl"),
        ("The plan has the support of a man from Marl and comes from Oda Lind, who said that it rained.", "Oda Lind"),
        ("He quoted from a letter from Marrow which said that it rained.", None),
        ("Prime Minister Ada Berg of Marrow said on Monday that it rained.", "Ada Berg"),
        ("In a statement issued on Monday Lind said that it rained.", "Lind"),
        ("The port was shut when Lind said that it rained.", "Lind"),
        ("Harbour Watch, a group of fishermen that has vowed to stay, posted a film.", "Harbour Watch"),
        ("In Marl, a senior official who said that it rained left.", "a senior official"),
        ("Near Halvik, Marrow, a senior official who said that it rained left.", "a senior official"),
        ("However, a lawyer who said that it rained left.", "a lawyer"),
        ("Lind went to the university.", None),
        ("Sheriffs in towns bordering Marl said that it rained.", "Sheriffs in towns bordering Marl"),
        ("Fishermen in Halvik and Marl said that it rained.", None),
        ("The lawyers for both Oda Lind and Ada Berg said that it rained.", None),
        ("HALVIK — With the port shut, the union released a plan for it and urged the town to wait.", "the union"),
        ("Lind began to fish as she saw the ferry.", None),
        ("Lind went on to say that it rained.", "Lind"),
    ],
)
def test_a_clause_about_a_noun_reports_nothing(sentence, speaker):
    """Who announced the toll of a sentence does not say the sentence; a clause with "who" is its name's."""
    assert [each.speaker.text for each in find_reports(sentence) if each.says] == ([speaker] if speaker else [])


@pytest.mark.parametrize(
    ("line", "is_refused"),
    [
        ("Minister Lind welcomes the accord between Norway and Sweden on herring exports and quotas.", True),
        ("The accord lets Norway sell herring exports to Sweden.", False),
        ("Under the accord herring exports are paid for by Norway.", False),
    ],
)
def test_nobody_gives_what_no_line_says(line, is_refused):
    """A matter that two sides have agreed on is not what one of them gives."""
    deal = DraftDeal(
        quote=line[:70],
        title="Accord on herring",
        parties=["Norway", "Sweden"],
        terms=[{"party": "Norway", "gives": "herring exports"}],
        value=None,
        status="agreed",
    )
    assert ("not given" in _gates(line + REST, deal)) is is_refused


def test_a_sentence_that_ends_before_its_verb_is_unfinished():
    """The beginning of a line with nothing that tells is no sentence."""
    line = "The end of peace talks between Norway and Sweden is another blow for herring."
    assert "unfinished" in _told(line, "The end of peace talks between Norway and Sweden.")
    assert "unfinished" not in _told(line, "The end of peace talks between Norway and Sweden is another blow.")


@pytest.mark.parametrize(
    ("claim", "gate"),
    [
        ("Marrow confirms that Esk has neither confirmed nor denied its plan.", "negation"),
        ("Marrow has neither confirmed nor denied Esk’s plan.", None),
        ("Marrow neither confirms nor denies Esk’s plan.", None),
    ],
)
def test_who_has_not_confirmed_does_not_confirm(claim, gate):
    """A denial of the speaker's own verb is not told of somebody else."""
    text = "Marrow has neither confirmed nor denied Esk’s plan."
    item = DraftPosition(quote=text, actor="Marrow", stance="other", claim=claim)
    found = {finding.gate for finding in review("any", 0, item, ArticleContext.of(Article(text=text))).against}
    assert (gate in found) if gate else not found


@pytest.mark.parametrize(("who", "is_refused"), [("Wednesday", True), ("The mayor", True), ("Oda Lind", False)])
def test_quoted_words_of_a_summary_name_their_speaker(who, is_refused):
    """A sentence that stands alone and quotes somebody names him or her."""
    text = "“We have waited long enough for the ferries,” Oda Lind said on Wednesday in Esk."
    sentence = DraftSentence(quote=text[:40], text=f"{who} says “We have waited long enough for the ferries”.")
    reviewed = review("any", 0, sentence, ArticleContext.of(Article(text=text)))
    assert ("speaker" in {finding.gate for finding in reviewed.against}) is is_refused
