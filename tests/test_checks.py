"""The checks: what is found against a sentence or an item, and where items stand in the article."""

from typing import Annotated

import pytest
from pydantic import BaseModel
from timing import is_within

from summarizer.errors import InputError
from summarizer.grounding.checks import GATES, ArticleContext, Grounding, check_claim, ground_item
from summarizer.grounding.persons import same_person
from summarizer.grounding.review import POLICY
from summarizer.schemas.article import Article
from summarizer.schemas.evidence import Evidence, Finding
from summarizer.schemas.marks import Amount, Carried, Name, Spoken, Verbatim

TEXT = """Prime Minister Ada Berg of Norway said on Monday, Oct. 12, that nine boats of the European Union had left.

“We will not stand in the way of honest trade,” Berg told reporters in Halvik. “It is a pity,” she said.

Advertisement

Under the draft accord, the Sudland Fisheries Union (SFU) would pay 40 million crowns a year, or $4m.

The union’s leader, Tomas van Reyes, called the price “far too high”. A senior harbour official warned of “ice”.

Subscribe to our newsletter for 99 stories like this from Wendy Marlow, and get all 99 of them in your inbox.

“Nothing is agreed,” one of the two said. F-16 jets flew over the Varn Strait."""
ARTICLE = Article(text=TEXT, title="Norway waits for Sudland", published="2031-10-13")


class Statement(BaseModel):
    """An item with every mark; the checks know none of its field names."""

    words: Annotated[str, Verbatim(), Spoken(by="who")] = "Under the draft accord"
    who: str = "Ada Berg"
    party: Annotated[str, Name()] = "Ada Berg"
    price: Annotated[str, Amount()] | None = None
    gist: Annotated[str, Carried()] = ""


def ground(**values: str) -> Grounding:
    return ground_item(Statement(**values), ArticleContext.of(ARTICLE))


def found(findings: list[Finding] | tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    return [(finding.gate, finding.verdict, finding.text) for finding in findings]


# Sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "Berg says on 12 October that 9 boats have left.",
        "Norwegian Prime Minister Berg met officials of the EU in 2031.",
        "Norway’s Ada Berg would take 40m crowns from Sudland.",
        "The SFU, led by Tomas Reyes, would pay $4 million.",
        "Under the accord the union of Mr van Reyes would pay; Ms Berg told reporters of honest trade.",
        "Reyes calls the price “far too high”.",
        "Berg says: 'We will not stand in the way of honest trade'.",
        "Norway-Sudland accord is near",
        "Police are waiting.",
        "Will Norway leave?",
    ],
)
def test_a_faithful_sentence_passes(sentence: str) -> None:
    """Other forms of the article's own numbers, names and quotes are not held against a sentence."""
    assert check_claim(ARTICLE, sentence) == []


@pytest.mark.parametrize(
    ("sentence", "gate", "text"),
    [
        ("The union would pay 50 million crowns.", "number", "50 million crowns"),
        ("The union would pay 40 million dollars.", "number", "40 million dollars"),
        ("The union would pay 40 billion crowns.", "number", "40 billion crowns"),
        ("Ten boats left.", "number", "Ten"),
        ("Berg spoke on Tuesday.", "number", "Tuesday"),
        ("There are 99 of them.", "number", "99"),
        ("Jets of the type F-35 came.", "number", "F-35"),
        ("A speech by Olga Berg is awaited.", "name", "Olga Berg"),
        ("Ada Reyes spoke.", "name", "Ada Reyes"),
        ("Olsen says the price is too high.", "name", "Olsen"),
        ("Swedish boats have left.", "name", "Swedish"),
        ("The boats belong to NATO.", "name", "NATO"),
        ("The story is by Wendy Marlow.", "name", "Wendy Marlow"),
        ("Reyes calls it “far too low”.", "quoted words", "far too low"),
        ("Reyes fears “the draft accord”.", "quoted words", "the draft accord"),
        ("Berg says “We will not stand", "quoted words", "We will not stand"),
        ("Berg says she is ready”.", "quoted words", "Berg says she is ready”."),
        ("“Far too high,” Berg said.", "quoted words", "Far too high,"),
        ("“Nothing but honest trade,” Ada Berg said.", "quoted words", "Nothing but honest trade,"),
        ("The price is “far too high,” Ada Berg said.", "speaker", "far too high,"),
    ],
)
def test_what_the_article_does_not_carry_is_found(sentence: str, gate: str, text: str) -> None:
    """A changed number, unit, date, name, quote or speaker is found by its gate, with the words it is about."""
    assert (gate, "against", text) in found(check_claim(ARTICLE, sentence))


@pytest.mark.parametrize(
    ("sentence", "gate"),
    [
        ("Oslo denies it.", "name"),
        ("The three leaders met.", "number"),
        ("“Nothing is agreed,” Ada Berg said.", "speaker"),
    ],
)
def test_what_the_checks_cannot_tell_is_undecided(sentence: str, gate: str) -> None:
    """A capital for its country, a number that may be counted, a quote without a known speaker are only flagged."""
    findings = check_claim(ARTICLE, sentence)
    assert gate in {finding.gate for finding in findings}
    assert {finding.verdict for finding in findings} == {"undecided"}


def test_the_reason_tells_what_the_article_says() -> None:
    """A reason names the article's own words, and the span holds them."""
    (finding,) = check_claim(ARTICLE, "The union would pay 50 million crowns.")
    assert "it says “40 million crowns”" in finding.reason
    assert finding.span is not None
    assert TEXT[finding.span.start : finding.span.end] == "40 million crowns"


def test_evidence_comes_first_in_a_reason() -> None:
    """Of two amounts in the article the one in the evidence is named; evidence that is no stretch of it is an error."""
    article = Article(text="Norway paid 30 million crowns. Sudland paid 40 million crowns.")
    start = article.text.index("Sudland")
    sentence = Evidence.of(article.text, start, len(article.text))
    (finding,) = check_claim(article, "Sudland paid 50 million crowns.", sentence)
    assert finding.span is not None
    assert finding.span.text == "40 million crowns"
    with pytest.raises(InputError):
        check_claim(article, "Sudland paid.", [Evidence(start=0, end=3, text="Sud")])


def test_a_short_form_is_no_ordinary_word() -> None:
    """The US is not named by a text that says "us"."""
    findings = check_claim(Article(text="Ada Berg told us to wait in Norway."), "Officials of the US waited.")
    assert found(findings) == [("name", "against", "US")]


def test_german_capitals_tell_no_names() -> None:
    """In a German article a missing noun is only undecided, a missing country is still against."""
    text = "Die Ministerin und der Leiter der Behörde haben mit dem Verband über die Preise für das Öl geredet. " * 3
    findings = check_claim(Article(text=text), "Ein Vertrag mit der Firma aus Schweden oder Sweden ist fertig.")
    verdicts = {finding.text: finding.verdict for finding in findings}
    assert (verdicts["Firma"], verdicts["Sweden"]) == ("undecided", "against")


# Items


def test_an_item_stands_in_its_sentence() -> None:
    """The evidence of copied words is their sentence, and offsets hold."""
    grounding = ground(words="would pay 40 million crowns")
    (sentence,) = grounding.evidence
    assert sentence.text.startswith("Under the draft accord")
    assert sentence.text.endswith("$4m.")
    assert TEXT[sentence.start : sentence.end] == sentence.text
    assert (grounding.quotes, grounding.findings) == ((), ())


def test_quotes_are_the_whole_stretch_that_the_actor_spoke() -> None:
    """A part of what an actor says in quotation marks shows the whole stretch, without the marks."""
    grounding = ground(words="stand in the way of honest trade", who="Berg")
    assert [quote.text for quote in grounding.quotes] == ["We will not stand in the way of honest trade,"]
    assert grounding.findings == ()


def test_words_around_a_quote_show_only_the_quote() -> None:
    """Copied words that hold an attribution and a quote give the quote alone, and only to the one who spoke it."""
    words = "called the price “far too high”"
    assert [quote.text for quote in ground(words=words, who="Tomas van Reyes").quotes] == ["far too high"]
    assert ground(words=words, who="Ada Berg").quotes == ()


@pytest.mark.parametrize(
    ("values", "gate", "path", "verdict"),
    [
        ({"words": "We will always stand in the way"}, "quote", "words", "against"),
        ({"words": "newsletter for 99 stories"}, "furniture", "words", "against"),
        ({"words": "stand in the way of honest trade", "who": "Tomas Reyes"}, "speaker", "words", "against"),
        ({"words": "Nothing is agreed"}, "speaker", "words", "undecided"),
        ({"party": "Olga Berg"}, "in article", "party", "against"),
        ({"party": "Wendy Marlow"}, "in article", "party", "against"),
        ({"price": "50 million crowns"}, "amount", "price", "against"),
        ({"price": "40 million dollars"}, "amount", "price", "against"),
        ({"price": "a king’s ransom"}, "amount", "price", "against"),
        ({"gist": "Berg pays 41 boats."}, "number", "gist", "against"),
    ],
)
def test_each_mark_has_its_gate(values: dict[str, str], gate: str, path: str, verdict: str) -> None:
    """What fails is named with its gate, the path of its value and the whole value."""
    (finding,) = ground(**values).findings
    assert (finding.gate, finding.path, finding.verdict, finding.text) == (gate, path, verdict, values[path])


def test_a_failed_quote_has_no_evidence() -> None:
    """Words that stand nowhere, or in an advert only, carry nothing; the reason shows what the article says."""
    grounding = ground(words="We will not stand in the way of dishonest trade")
    assert grounding.evidence == ()
    assert "the article says “We will not stand in the way of honest trade" in grounding.findings[0].reason
    assert ground(words="newsletter for 99 stories").evidence == ()


@pytest.mark.parametrize("price", ["40 million crowns a year", "40m crowns", "40 million", "$4 million"])
def test_amounts_in_other_forms_stand(price: str) -> None:
    """An amount stands if its value and unit do."""
    assert ground(price=price).findings == ()


@pytest.mark.parametrize("party", ["ada Berg", "a senior harbour official", "the Sudland Fisheries Union", "SFU"])
def test_a_name_may_begin_with_another_case(party: str) -> None:
    """Only the first letter of a name or description may be a capital or not."""
    assert ground(party=party).findings == ()


def test_a_quote_cut_off_in_a_word_is_kept() -> None:
    """Words cut off in the middle of the last one are shortened without a finding; with another ending they fail."""
    kept = ground(words="We will not stand in the way of hon", who="Berg")
    assert kept.findings == ()
    assert kept.evidence
    assert [finding.gate for finding in ground(words="We will not stand in the way of hox").findings] == ["quote"]
    assert [finding.gate for finding in ground(words="We will no").findings] == ["quote"]


def test_words_said_twice_are_taken_from_the_right_mouth() -> None:
    """Of words that two people say, those of the item's actor are located."""
    text = "“It is a pity,” said Ada Berg. “It is a pity,” said Tomas Reyes."
    item = Statement(words="It is a pity", who="Tomas Reyes", party="Tomas Reyes")
    grounding = ground_item(item, ArticleContext.of(Article(text=text)))
    assert grounding.findings == ()
    assert grounding.quotes[0].start > text.index("Ada Berg")


def test_a_surname_of_two_people_is_undecided() -> None:
    """Where two people bear the surname, a quote is not shown as the actor's."""
    text = "“It is a pity,” said Ada Berg, the minister. Minister Olof Berg left. “No,” said Olof Berg."
    grounding = ground_item(Statement(words="It is a pity", who="Berg"), ArticleContext.of(Article(text=text)))
    assert [(finding.gate, finding.verdict) for finding in grounding.findings] == [("speaker", "undecided")]
    assert grounding.quotes == ()


def test_every_gate_has_a_policy() -> None:
    """What becomes of an item is decided for every gate that can fail it."""
    assert set(GATES) <= set(POLICY)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ada Berg", "Berg", True),
        ("Prime Minister Ada Berg", "Berg", True),
        ("Mr Reyes", "Tomas van Reyes", True),
        ("van Reyes", "Tomas van Reyes", True),
        ("A. Berg", "Ada Berg", True),
        ("Secretary of State Ada Berg", "Ada Berg", True),
        ("Ada Berg, prime minister of Norland", "Ada Berg", True),
        ("EU", "European Union", True),
        ("the Harbour Watch", "Harbour Watch", True),
        ("A senior official", "a senior official", True),
        ("Olga Berg", "Ada Berg", False),
        ("Ada Berg", "Ada Reyes", False),
        ("Norland", "Norland Courier", False),
        ("president of Norland", "Norland", False),
        ("a harbour official", "a senior official", False),
        ("the prime minister", "Ada Berg", False),
    ],
)
def test_same_person(one: str, other: str, same: bool) -> None:
    """Titles and given names may be left out; other given names, and descriptions, are others."""
    assert same_person(one, other) is same
    assert same_person(other, one) is same


@pytest.mark.parametrize("word", ["Berg ", "“", "1 ", "May 5-6 ", "U.S.", "half a "])
def test_hostile_text_costs_linear_time(word: str) -> None:
    """A text and a sentence of the same thing over and over are checked in well under a second."""
    assert is_within(2, lambda: check_claim(Article(text=word * 2000), word * 2000))


def test_a_dateline_is_no_actor() -> None:
    """Where an article was written does nothing in it; a place that its text names as well may."""
    text = "HALVIK, May 3 (NCA) — Under the draft accord, Ada Berg said, the fleet sails."
    for more, gates_found in (("", {"in article"}), (" HALVIK paid.", set()), ("\n\nHALVIK - the port - paid.", set())):
        context = ArticleContext.of(Article(text=f"{text}{more}\n"))
        found = ground_item(Statement(party="HALVIK"), context).findings
        assert {each.gate for each in found if each.path == "party" and each.verdict == "against"} == gates_found
