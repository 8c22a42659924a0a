"""Who acts in an article, and as what: the rows for people and bodies, and whom a name or a description means."""

import re

import pytest
from timing import is_within

from summarizer.grounding.bodies import bodies_of
from summarizer.grounding.cast import who_is
from summarizer.grounding.cast_rows import bodies, people
from summarizer.grounding.context import ArticleContext
from summarizer.schemas.article import Article


def _context(text):
    return ArticleContext.of(Article(text=text))


def _role(text, name):
    return next(row.settled["role"] for row in bodies(_context(text), 9) if row.name == name)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("The Marl Herring Board set a tariff on herring, its second.", "set a tariff on herring"),
        ("The Marl Herring Board set a tariff on “foreign” herring.", "set a tariff"),
        ("The Marl Herring Board, a trade group, met on Monday.", "a trade group"),
        ("On Monday the trade group Marl Herring Board met in Esk.", "trade group"),
        ("The Marl Herring Board (MHB) met. The MHB is the biggest buyer.", "is the biggest buyer"),
        ("The Marl Herring Board on Monday has not confirmed it.", "has not confirmed it"),
        ("The Marl Herring Board and the Esk Fish Council have closed the harbour.", "closed the harbour"),
        ("An accord between the Marl Herring Board and the Esk Council on quotas.", "party to the accord on quotas"),
        ("He rued the refusal of the Marl Herring Board to talk about quotas.", "refusal to talk about quotas"),
        ("The group, Marl Herring Board, met. First a group of old boats had met.", "a group of old boats"),
        ("Over the last year the Marl Herring Board has sold its boats.", "has sold its boats"),
        ("The Marl Herring Board have begun the second round of talks.", "have begun the second round of talks"),
        ("Boats wait for the end of the budget crisis in the Marl Herring Board.", "in the budget crisis"),
        (
            "An accord of May between the Esk Council, led by Mayor Ada Berg, and the Marl Herring Board.",
            "party to the accord of May",
        ),
    ],
)
def test_a_role_is_in_the_articles_words(text, role):
    """What a body is or does is found before the name, after it, in its predicate or in what it shares with others."""
    assert _role(text, "Marl Herring Board") == role


@pytest.mark.parametrize(
    "text",
    [
        "The Marl Herring Board has promised a quota if all boats of the northern harbours of the strait stay in "
        "until May.",
        "Boats carry the words “The Marl Herring Board is a gang of thieves”.",
        "Ada Berg said that the Marl Herring Board has stolen the quota.",
        "The Marl Herring Board has stolen the quota, Ada Berg said.",
        "If the Marl Herring Board has closed the harbour, boats will wait.",
        "Boats wait near the Marl Herring Board.",
        "The Marl Herring Board said it would decide by May where boats of all the harbours of the strait may land "
        "their herring.",
        "The Marl Herring Board is one of our oldest friends.",
    ],
)
def test_no_role_says_more_than_the_article(text):
    """What is conditional, somebody else's word, told of somebody else or unfinished is not put beside a name."""
    assert _role(text, "Marl Herring Board") == ""


def test_every_word_of_a_role_is_the_articles_and_it_is_short():
    """A long predicate is cut where it can end, to what the schema takes, and not after a small word."""
    text = (
        "The Marl Herring Board has sent forty of its oldest wooden boats to the northern harbours of the strait "
        "during the winter storms of the second week of March."
    )
    role = _role(text, "Marl Herring Board")
    assert role in text
    assert len(role) <= 80
    assert role.endswith(("boats", "strait", "harbours"))


def test_what_is_copied_names_the_body():
    """The words of a row stand in the article and hold the name, whichever form of it the role belongs to."""
    text = "Norway-Sweden talks on herring began. Oslo has closed the strait. Boats sailed to Sweden."
    for row in bodies(_context(text), 5):
        assert re.search(rf"(?<![\w-]){re.escape(row.words)}", text)
        assert row.name.split()[-1] in row.words


def test_a_state_that_only_gives_a_place_is_no_actor():
    """A country or a continent that does nothing and has no say is not listed; one with an office is."""
    text = "Boats sailed to Norway. Herring from Norway is cheap in Asia. Sweden’s minister met Sweden’s fleet."
    assert [row.name for row in bodies(_context(text), 5)] == ["Sweden"]


def test_forms_of_one_body_are_one():
    """A short form in brackets, the end of a long name and the government of a country are no bodies of their own."""
    text = (
        "The Royal Marl Herring Board (RMHB) met the Government of Norway. The Herring Board voted, RMHB staff said. "
        "Norway voted."
    )
    found = {body.name: body.aliases for body in bodies_of(_context(text))}
    assert found == {"Royal Marl Herring Board": ("RMHB", "Herring Board"), "Norway": ()}


def test_a_short_form_means_the_only_body_that_has_it():
    """“The Board” is the one board that the article names, nobody's where there are two; and a seat is its state's."""
    one = _context("The Marl Herring Board met Norway’s minister. The Board voted. Oslo did not, said the board.")
    assert (who_is("The Board", one).name, who_is("Oslo", one).name) == ("Marl Herring Board", "Norway")
    church = _context("The roof of the Church of Marl leaks. The Church denied the claims.")
    assert [(row.name, row.settled["role"]) for row in bodies(church, 3)] == [("Church of Marl", "denied the claims")]
    two = _context("The Marl Herring Board met the Esk Cod Board. The Board voted.")
    assert who_is("The Board", two).name == "The Board"


SOURCES = (
    "Two senior harbour officials briefed reporters. “It leaks,” one official said. “It does not,” said the second "
    "official. “It may,” the officials said."
)


def test_sources_of_one_group_are_one_actor():
    """Mentions of unnamed sources of one group go under its fullest description, as one row."""
    context = _context(SOURCES)
    for mention in ("one official", "the second official", "the officials"):
        who = who_is(mention, context)
        assert (who.name, who.named, who.kind) == ("senior harbour officials", False, "group")
    assert len(people(context, 8)) == 1


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("Port officials said no. Union officials said yes. “It leaks,” one official said.", "one official"),
        ("A senior official said no. “It leaks,” another official said.", "another official"),
        ("A senior official said no. “It leaks,” the officials said.", "the officials"),
    ],
)
def test_sources_that_may_be_others_stay_apart(text, mention):
    """Where two groups speak, or one more person does, a bare description is nobody's but its own."""
    assert who_is(mention, _context(text)).name == mention


def test_an_office_without_a_name_is_an_actor():
    """The holder of an office in capitals who acts is listed; where a name has the office, it is that person."""
    assert [row.name for row in people(_context("The Prime Minister met fishermen."), 8)] == ["The Prime Minister"]
    named = _context("Prime Minister Ada Berg met fishermen. The Prime Minister spoke.")
    assert [row.name for row in people(named, 8)] == ["Ada Berg"]
    assert who_is("The Prime Minister", named).name == "Ada Berg"
    two = _context("Trade minister Ada Berg met fishery minister Tomas Reyes.")
    assert who_is("the minister", two).name == "the minister"
    assert who_is("the trade minister", two).name == "Ada Berg"


def test_a_short_title_is_the_office_that_is_spoken_of():
    """ "Rep. Berg" is "the representative", unless the article also has a representative of somebody."""
    text = "Rep. Ada Berg met Sen. Tomas Reyes in Esk."
    assert who_is("The representative", _context(f"{text} The representative posted a statement.")).name == "Ada Berg"
    other = _context(f"{text} She saw a union representative. The representative posted a statement.")
    assert who_is("The representative", other).name == "The representative"


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Both, Democrat Nuria Vell and Republican Ada Berg, said no.", "Nuria Vell", "Democrat"),
        ("Nuria Vell of the Harbour Council in Esk said no.", "Nuria Vell", "Harbour Council in Esk"),
        ("The head of the Harbour Council Nuria Vell told reporters no.", "Nuria Vell", "head of the Harbour Council"),
        ("President Vell met fishermen. Vell said no.", "Vell", "President"),
        ("Ada Berg said no. Berg, the mayor of Esk, left.", "Ada Berg", "the mayor of Esk"),
        ("Ada Berg was a pilot in the navy.", "Ada Berg", "was a pilot in the navy"),
        ("Foreign Secretary Ada Berg MP said no.", "Ada Berg", "Foreign Secretary"),
        ("Lt. Gen. Ada Berg said no.", "Ada Berg", "lieutenant general"),
        ("Nuria Vell, the press chief for Rep. Ada Berg, said no.", "Nuria Vell", "the press chief"),
        ("Navy Capt. Ada Berg said no.", "Ada Berg", "Navy captain"),
        ("Esk signs, says its leader, Gen. Ada Berg: it wants quotas.", "Ada Berg", "leader"),
        ("Dr. Ada Berg, the head of the U.S. Navy lab, said no.", "Ada Berg", "the head of the U.S. Navy lab"),
        ("Undersecretary for Education Mr. Ada Berg said no.", "Ada Berg", "Undersecretary for Education"),
    ],
)
def test_a_person_has_the_words_that_say_who_it_is(text, name, role):
    """A side of politics, a body after "of", a title of a surname and a later description are found."""
    (row,) = [row for row in people(_context(text), 8) if row.name == name]
    assert row.settled["role"] == role


@pytest.mark.parametrize(
    ("before", "role"),
    [
        ("Deputy Secretary of State", "Deputy Secretary of State"),
        ("On Monday Deputy Secretary of State", "Deputy Secretary of State"),
        ("Assistant Secretary of State for Trade", "Assistant Secretary of State for Trade"),
        ("Under Secretary of State", "Under Secretary of State"),
        ("The former Prime Minister", "former Prime Minister"),
        ("The then-Prime Minister", "then-Prime Minister"),
        ("Its outgoing Governor", "outgoing Governor"),
        ("Ex-president", "Ex-president"),
        ("Then Prime Minister", "Prime Minister"),
        ("He served under Prime Minister", "Prime Minister"),
    ],
)
def test_an_office_keeps_what_makes_it_less(before, role):
    """Nobody is put into an office that he no longer holds, or holds for somebody else."""
    (row,) = people(_context(f"{before} Ada Berg said that the boats sail."), 8)
    assert (row.name, row.settled["role"]) == ("Ada Berg", role)


def test_an_office_is_nobodys_of_the_family():
    """The daughters of a president are none, and where only they have a full name he goes by his surname."""
    text = "Lena and Nuria Berg sailed. President Berg waved to Lena. “Come back,” Mr. Berg said."
    offices = {row.name: row.settled.get("role", "") for row in people(_context(text), 8)}
    assert offices.get("Nuria Berg", "") == ""
    assert offices["Berg"] == "President"
    known = "Ada Berg sailed. President Berg waved to Lena. “Come back,” President Berg said."
    assert [row.name for row in people(_context(known), 8)] == ["Ada Berg"]


def test_a_surname_that_is_a_seat_is_a_persons():
    """Whose father somebody is, is nobody's government; a person with a description is no body of that name."""
    context = _context("Ada Oslo, a pilot, left Norway. Oslo’s father, Tom Berg, met Oslo.")
    assert [row.name for row in people(context, 8)] == ["Ada Oslo", "Tom Berg"]
    assert not [row.name for row in bodies(context, 8) if row.name != "Norway"]
    owner = _context("Mayor Ada Berg’s spokesman left. Berg’s minister met Berg, and Berg made headlines.")
    assert not bodies(owner, 8)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Esk Herring Board Resolution 12 was passed.", "Esk Herring Board"),
        ("Marl Press Secretary Ada Berg said no.", None),
        ("His Chief of Staff is Ada Berg.", None),
        ("Muslims are called to the mosque of Esk.", None),
        ("Berg won the Esk Senate primary in June.", None),
        ("Berg won the Esk Senate primary in June, and the Esk Senate met.", "Esk Senate"),
    ],
)
def test_a_thing_an_office_and_a_faith_are_no_bodies(text, name):
    """Of a resolution its council is listed, of an office, a faith and what somebody runs for nobody."""
    assert [row.name for row in bodies(_context(text), 8)] == ([name] if name else [])


@pytest.mark.parametrize(
    "unit",
    [
        "The group, Norland Bank, ",
        "“It leaks,” said one official. ",
        "talks between Norland and ",
        "The Prime Minister ",
    ],
)
def test_hostile_text_is_read_in_time(unit):
    """Who acts in 40 KB of one thing again and again is told in seconds."""
    context = _context((unit * (40_000 // len(unit) + 1))[:40_000])
    assert is_within(5, lambda: (people(context, 8), bodies(context, 5)))
