"""What a desk writes to editors is told and never briefed."""

import pytest

from summarizer.articles.furniture import body_sentences
from summarizer.articles.notices import find_notices
from summarizer.grounding.context import ArticleContext
from summarizer.schemas.article import Article


@pytest.mark.parametrize(
    ("paragraph", "name"),
    [
        ("EMBARGOED UNTIL 00:01 GMT TUESDAY 4 MAY", "embargo"),
        ("Strictly embargoed until Monday at noon", "embargo"),
        ("Not for publication before 6 pm", "embargo"),
        ("HOLD until further notice", "embargo"),
        ("Please hold this story until 6 p.m. on Monday", "embargo"),
        ("Sperrfrist: 4. Mai, 6 Uhr", "embargo"),
        ("BULLETIN KILL: please kill the story slugged FERRY", "kill"),
        ("This story has been withdrawn by the Esk Wire.", "kill"),
        ("WITHHOLD FERRY-PORT", "withhold"),
        ("MEDIA ADVISORY: Lind speaks at noon", "advisory"),
        ("Attention editors: a photograph follows", "advisory"),
        ("[Editor’s note: the board is owned by this paper’s owner.]", "editor"),
        ("Anm. d. Red.: Der Name wurde geändert.", "editor"),
        ("(Corrects spelling of Halvik in paragraph 3)", "correction"),
        ("CORRECTION: the toll is 12 thalers, not 12 million", "correction"),
        ("This article was amended on 3 May to correct the name of the port.", "correction"),
        ("An earlier version of this story misstated the toll.", "correction"),
    ],
)
def test_a_notice_is_known_by_its_head(paragraph, name):
    """Each kind of notice is told by how desks and agencies begin it, in brackets or without."""
    assert [notice.name for notice in find_notices(f"Boats sail.\n\n{paragraph}\n\nIt rains.")] == [name]


@pytest.mark.parametrize(
    "paragraph",
    [
        "An embargo on Norland’s oil until May hurt prices.",
        "The embargo was lifted on 3 May.",
        "Hold until it is golden, then let it cool.",
        "Advisory board members met on Monday.",
        "Editor’s notes from 1921 show that he knew.",
        "The correction of the market went on until noon.",
        "Corrections officers went on strike.",
        "Kill the toll, the crowd shouted.",
        "Do not use the lift, a sign said.",
        "This version of the accord was signed in Esk.",
    ],
)
def test_news_about_embargoes_and_corrections_is_no_notice(paragraph):
    """Sentences of articles that begin with such a word are the article's."""
    assert find_notices(paragraph) == ()


def test_a_notice_is_a_warning_and_no_content():
    """The reader is told its words; nothing is cited from it, and it completes no name."""
    notice = "EMBARGOED UNTIL 00:01 GMT: Duke Otto Halden resigns on Tuesday"
    text = f"{notice}\n\nThe ferry port of Halvik reopened on Monday. Halden said that it rained."
    assert [each.text[:9] for each in body_sentences(text)] == ["The ferry", "Halden sa"]
    context = ArticleContext.of(Article(text=text))
    assert context.told.warnings == (f"under embargo: “{notice}”",)
    assert not context.quotations
