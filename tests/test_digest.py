"""The digest: what is merged, what contradicts what, what is new, and that every word of it leads to its sources.

The briefs are made by hand, since no model runs offline: see `digest_example`.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import digest_example as example
import golden
import pytest
from digest_example import Paper, who
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import summarizer
from summarizer.digest import WEIGHTS, Stories, make_digest
from summarizer.errors import ConfigurationError
from summarizer.rendering.digest import render_digest
from summarizer.rendering.document import web_address
from summarizer.schemas.article import Article
from summarizer.schemas.brief import Brief
from summarizer.schemas.digest import Difference, Digest, DigestStory
from summarizer.schemas.evidence import Evidence

ANY_SPEED = settings(deadline=None, max_examples=12)


def story(*briefs: Brief, **more: Any) -> DigestStory:
    """The one story that the briefs make."""
    (made,) = make_digest([], stories=[briefs], **more).stories
    return made


def brief_of(outlet: str, *sentences: str, published: str = "2031-05-14", **sections: Any) -> Brief:
    """A brief whose summary is the article's sentences."""
    paper = Paper(outlet, published, f"{outlet} tells", " ".join(sentences) + "\n")
    filled = {key: make(paper) for key, make in sections.items()}
    return paper.told(sentences[0], sentences[0], summary=[(each, each) for each in sentences], **filled)


def planted(difference: Difference) -> tuple[str, frozenset[str]]:
    """A difference as PLANTED has it: the kind, and what the sides say."""
    told = {side.value if difference.kind not in ("amount", "count") else _read(side) for side in difference.sides}
    return difference.kind, frozenset(told)


def _read(side: Any) -> str:
    after = side.sentence.text.partition(side.words.text)[2].split()
    words = {"Fourteen": "14"}.get(side.words.text, side.words.text)
    return words if " " in words else f"{words} {after[0].strip('.')}"


def outlets(made: DigestStory, articles: Any) -> list[str]:
    """The outlets of some sources."""
    return [found.outlet or "" for each in articles if (found := made.article(each.article))]


# Contradictions


def test_all_planted_contradictions_are_found_and_none_beside_them() -> None:
    """Value, count, date, status, giver, speaker and denial are told, and not one thing on which the outlets agree."""
    found = [planted(each) for made in golden.first_day().stories for each in made.disagreements]
    assert sorted((kind, sorted(said)) for kind, said in found) == sorted((k, sorted(v)) for k, v in example.PLANTED)


def test_each_side_of_a_difference_is_an_article_s_own_words() -> None:
    """Both sides name two articles, and the words that differ stand inside the sentence that is shown."""
    for made in golden.first_day().stories:
        for each in (*made.disagreements, *made.explained):
            assert len({side.article for side in each.sides}) >= 2
            for side in each.sides:
                assert side.sentence.start <= side.words.start < side.words.end <= side.sentence.end


# fmt: off
PAIRS = [
    # Two papers tell one thing: what is found, and the two sentences.
    ("contradiction", "The blast injured 14 workers at the mill.", "The blast at the mill injured 19 workers."),
    ("contradiction", "The blast killed 14 people at the mill.", "In the blast at the mill 19 people died."),
    ("contradiction", "The storm destroyed 340 homes in Esk.", "The storm destroyed 430 houses in Esk."),
    ("contradiction", "The council will open the bridge in Esk on 3 June.",
     "The council will open the bridge in Esk on 9 June."),
    ("contradiction", "The court fined Korvin Foods 5 million crowns over the fire.",
     "Korvin Foods was fined 9 million crowns by the court over the fire."),
    ("rounder", "498 people were evacuated in Esk.", "About 500 people were evacuated in Esk."),
    ("rounder", "498 people were evacuated in Esk.", "Nearly 500 people were evacuated in Esk."),
    ("rounder", "The court fined Korvin Foods 498 million crowns over the fire.",
     "Korvin Foods was fined 500 million crowns by the court over the fire."),
    ("rounder", "The rate of tax on ships was 7.6 percent.", "The rate of tax on ships was 8 percent."),
    ("limit", "At least 14 workers were injured in the blast.", "19 workers were injured in the blast."),
    ("limit", "Up to 20 workers were injured in the blast.", "15 workers were injured in the blast."),
    ("", "Fourteen workers were injured in the blast.", "The blast injured 14 workers."),
    # Something else is counted, or it happened elsewhere, or to some of them, or before.
    ("", "14 workers were injured in the blast in Esk.", "19 workers were injured in the blast in Marl."),
    ("", "14 workers were injured in the blast.", "19 workers were paid after the blast."),
    ("", "14 workers were injured in the blast.", "19 firemen were injured in the blast."),
    ("", "14 workers were injured in the blast.", "Another 19 workers were injured in the blast."),
    ("", "14 workers were injured in the blast.", "Workers were injured in the blast, including 3 workers of Korvin."),
    ("", "14 workers were injured in the blast.", "Two years ago 19 workers were injured in a blast."),
    ("", "The blast injured 14 workers.", "The blast injured 14 workers and closed 3 roads."),
    ("", "The union wants 300 million crowns for ports.", "The bank lent 500 million crowns to farms."),
    ("", "The fleet pays 40 million crowns a year for licences.",
     "The fleet pays 120 million crowns over three years for licences."),
    ("", "The council will open the bridge on 3 June.", "The council will close the school on 9 June."),
    ("", "The bridge, due on 3 June, will open later.", "The opening of the bridge was moved from 3 June to 9 June."),
    ("", "Ada Berg said on 3 June that the bridge is safe.", "Ada Berg said on 9 June that the bridge is safe."),
    ("", "The rule requires 12 votes to end the debate.", "Holt had the 7 votes for a longer debate."),
    ("", "The toll on boats was 4 percent of the catch.", "The toll on carts was 9 percent, that of Holt 2."),
    ("", "Sales rose 12 percent in spring.", "Costs fell 15 percent in autumn."),
    # One thing in other words: by the words beside the figure and the names.
    ("contradiction", "Prosecutors in Esk filed a 48-page indictment against Nuria Holt on Monday.",
     "Holt took the harbour money, says the 47-page indictment that the court in Esk published."),
    ("contradiction", "Holt spent $5,687.75 at the Quenby Sea Baths, $900 on boots and $40 on a hat, the court heard.",
     "Among what Holt paid for is a week at the Quenby Sea Baths, $5,587.75, the court was told."),
    ("contradiction", "Some 7,000 soldiers will leave the Marl valley by summer, a plan that Berg has drawn up.",
     "Berg wants 9,000 soldiers out of the Marl valley when summer comes, officials say."),
    ("", "Prosecutors in Esk filed a 48-page indictment against Nuria Holt on Monday.",
     "The indictment against Nuria Holt has 9 pages on boats, prosecutors in Esk say."),
    ("", "In 2029 Holt paid $5,687.75 for a week at the Quenby Sea Baths in May.",
     "In 2030 Holt paid $5,587.75 for a week at the Quenby Sea Baths in June."),
    ("", "Holt kept the No. 3 post in the Esk party, a whip who counts the votes.",
     "The Esk party gave its No. 2 post to Holt, a whip who counts the votes."),
    ("", "Some 7,000 soldiers will leave the Marl valley by summer, a plan that Berg has drawn up.",
     "Berg wants 9,000 soldiers out of the Esk valley when summer comes, officials say."),
    ("", "“We cut 882 million crowns from the harbour fund of Esk as nine cranes stand idle,” Ada Berg said on Monday.",
     "“He has cut 716 million crowns from the harbour fund of Esk,” Holt told the fishermen in a long speech."),
    ("", "Esk and Velm Rail hold 40 percent of the tram company, and the tram workers hold the rest of it.",
     "Esk and Orrin Rail hold 60 percent of the tram company, and the tram workers hold the rest of it."),
]
# fmt: on


@pytest.mark.parametrize(("verdict", "one", "other"), PAIRS)
def test_two_sentences_are_compared_only_if_they_tell_one_thing(verdict: str, one: str, other: str) -> None:
    """Other numbers of one thing contradict; a rounder one and a limit that is kept do not; all else is silence."""
    made = story(brief_of("Courier", one), brief_of("Herald", other))
    assert [each.verdict for each in (*made.disagreements, *made.explained)] == ([verdict] if verdict else [])


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        ("Some 9 trams of Velm went to the Marl depot by ship.",
         ["By ship 7 trams of Velm went to the Marl depot.", "In a yard in Marl 5 trams of Velm stayed."], {"9", "7"}),
        ("Holt paid $900, then $40 at the Quenby Sea Baths, the court heard.",
         ["The court was told that Holt paid $70 at the Quenby Sea Baths."], {"40 USD", "70 USD"}),
    ],
)  # fmt: skip
def test_of_several_figures_the_likest_are_compared(one: str, other: list[str], values: set[str]) -> None:
    """What stands beside a figure tells which of the other article's it is; the words of the next one do not."""
    (found,) = story(brief_of("Courier", one), brief_of("Herald", *other)).disagreements
    assert {side.value for side in found.sides} == values


@pytest.mark.parametrize(
    ("one", "other", "tellers", "are_two"),
    [
        ("Police said 40,000 people marched.", "Some 90,000 people marched, organisers said.",
         ["Police", "organisers"], True),
        ("According to police, 40,000 people marched.", "The union of fishermen says 90,000 people marched.",
         ["police", "The union of fishermen"], True),
        ("Police said 40 people were injured in protests and strikes.",
         "The organisers said that 90 people were injured in protests and strikes.",
         ["Police", "The organisers"], True),
        # One source in both, or none in one: a paper has it wrong.
        ("Police said 40,000 people marched.", "Some 90,000 people marched, according to the police.",
         ["Police", "the police"], False),
        ("Police said 40,000 people marched.", "Some 90,000 people marched.", ["Police", ""], False),
        # Words that only say who speaks, a pronoun, two who speak: told by nobody.
        ("Berg, whose club has 40 boats, said it is well.", "Moss said that Berg’s club has 60 boats.",
         ["", "Moss"], False),
        # Who denies it, or says something else of it.
        ("Police denied that 40,000 people marched.", "Police said 90,000 people marched.", ["", "Police"], False),
        ("Holt told the press that 40,000 people marched.", "It is not true that 90,000 people marched, police said.",
         ["", ""], False),
        ("Some 40,000 people marched, although Berg said it rained.",
         "Police said it rained, and 90,000 people marched.", ["", ""], False),
        ("The march that police said was calm drew 40,000 people.", "The march drew 90,000 people, and Berg said no.",
         ["", ""], False),
        ("She said 40,000 people marched.", "Police said 90,000 people marched.", ["", "Police"], False),
        ("Police said that, as Moss claims, 40,000 people marched.", "Holt said 90,000 people marched.",
         ["", "Holt"], False),
    ],
)  # fmt: skip
def test_what_two_sources_count_otherwise_is_told_as_theirs(
    one: str, other: str, tellers: list[str], are_two: bool
) -> None:
    """Each side has the one who gives the figure; where that is another one in each paper, the page says so."""
    briefs = brief_of("Courier", one), brief_of("Herald", other)
    made = make_digest([], stories=[briefs])
    (found,) = made.stories[0].disagreements
    assert [side.teller.text if side.teller else "" for side in found.sides] == tellers
    assert (found.reason == "each as its source gives it") is are_two
    assert ("(each as its source gives it)" in render_digest(made, "md")) is are_two


def test_an_older_count_is_no_contradiction_but_a_lower_later_one_is() -> None:
    """What a later article counts higher is told as the newer number; one that counts lower contradicts."""
    low, high = "The blast injured 14 workers.", "The blast injured 19 workers."
    for published, verdict in (
        ("2031-05-15", "older"),
        ("2031-05-13", "contradiction"),
        ("2031-05-14", "contradiction"),
    ):
        made = story(brief_of("Courier", low), brief_of("Herald", high, published=published))
        (found,) = (*made.disagreements, *made.explained)
        assert found.verdict == verdict


def test_the_hour_of_publication_tells_which_count_is_older_on_one_day() -> None:
    """Of two articles of one day that give their hour the later one counts on."""
    one = brief_of("Courier", "The blast injured 14 workers.", published="2031-05-14T08:00:00+02:00")
    other = brief_of("Herald", "The blast injured 19 workers.", published="2031-05-14T09:30:00+00:00")
    assert [each.verdict for each in story(one, other).explained] == ["older"]


def test_an_article_that_gives_both_numbers_contradicts_neither() -> None:
    """Who reports the other number too knows of it."""
    one = brief_of("Courier", "The blast injured 14 workers.")
    other = brief_of("Herald", "The blast injured 19 workers.", "Police had spoken of 14 workers before.")
    assert not story(one, other).disagreements


def _contract(status: str, told: str, value: tuple[str, int, str | None] | None = None) -> Any:
    def make(paper: Paper) -> list[dict[str, Any]]:
        return [
            paper.deal("Tram contract", ["Esk", "Velm Rail"], status, [told], **({"value": value} if value else {}))
        ]

    return make


def _sold(outlet: str, told: str, value: tuple[str, int, str | None], status: str = "signed", **more: Any) -> Brief:
    return brief_of(outlet, told, deals=_contract(status, told, value), **more)


EUROS = ("Esk and Velm Rail signed the tram contract for 28 million euros.", ("28 million euros", 28_000_000, "EUR"))
DOLLARS = ("Esk and Velm Rail signed the tram contract for $30 million.", ("$30 million", 30_000_000, "USD"))


@pytest.mark.parametrize(
    ("rates", "verdict"),
    [(None, "not_compared"), ({"USD": 1}, "not_compared"), ({"USD": 1, "EUR": 1.08}, "converted"),
     ({"USD": 1, "EUR": 2.0}, "contradiction")],
)  # fmt: skip
def test_two_currencies_are_compared_only_at_rates_that_are_set(rates: Any, verdict: str) -> None:
    """Without both rates the item says that it was not compared; with them it shows the rates and what came of it."""
    made = story(_sold("Courier", *EUROS), _sold("Herald", *DOLLARS), rates=rates)
    (found,) = (*made.disagreements, *made.explained)
    assert found.verdict == verdict
    assert bool(found.rates) == (verdict != "not_compared")
    text = render_digest(
        make_digest([], stories=[[_sold("Courier", *EUROS), _sold("Herald", *DOLLARS)]], rates=rates), "text"
    )
    assert ("not compared" in text) == (verdict == "not_compared")
    assert ("1 EUR = " in text) == (verdict != "not_compared")


@pytest.mark.parametrize("rates", [{"USD": 0}, {"XXQ": 1}, {"EUR": 1.1}, {"USD": float("nan")}, {"USD": "1"}])
def test_a_rate_that_is_none_is_told_at_once(rates: Any) -> None:
    """A rate of nothing, of no currency or without a base is an error that says so."""
    with pytest.raises(ConfigurationError):
        make_digest([], stories=[], rates=rates)


def test_a_deal_that_has_moved_on_by_the_later_article_is_no_contradiction() -> None:
    """Talks of yesterday and a signature of today are an older state; the other way round they contradict."""
    talks = "Esk and Velm Rail are still negotiating the tram contract."
    signed = "Esk and Velm Rail signed the tram contract."
    for day, verdict in (("2031-05-15", "older"), ("2031-05-14", "contradiction"), ("2031-05-13", "contradiction")):
        one = brief_of("Courier", talks, deals=_contract("negotiating", talks))
        other = brief_of("Herald", signed, published=day, deals=_contract("signed", signed))
        made = story(one, other)
        assert [each.verdict for each in (*made.disagreements, *made.explained)] == [verdict]


def test_a_deal_of_other_parties_is_another_deal() -> None:
    """The same title with another party is not compared."""
    told = "Esk and Velm Rail signed the tram contract for 28 million euros."
    other = "Esk and Orrin Rail signed the tram contract for 31 million euros."
    value = ("31 million euros", 31_000_000, "EUR")
    two = brief_of(
        "Herald",
        other,
        deals=lambda p: [p.deal("Tram contract", ["Esk", "Orrin Rail"], "signed", [other], value=value)],
    )
    made = story(_sold("Courier", told, EUROS[1]), two)
    assert len(made.deals) == 2
    assert not made.disagreements


QUOTE = "we shall carry the stones ourselves"


def _speech(outlet: str, id_: str, name: str, role: str | None = None, named: bool = True) -> Brief:
    told = f"“{QUOTE},” {name} said."
    return brief_of(
        outlet,
        told,
        actors=lambda p: [who(id_, name, role, named=named)],
        positions=lambda p: [p.says(id_, "claims", f"{name} will carry stones.", told, QUOTE)],
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("berg", "Ada Berg"), ("holt", "Nuria Holt"), 1),
        (("berg", "Ada Berg"), ("berg", "Berg"), 0),
        (("berg", "Ada Berg"), ("berg", "Prime Minister Berg"), 0),
        (("official", "a senior official", None, False), ("holt", "Nuria Holt"), 0),
        (("official", "a senior official", None, False), ("aide", "an aide", None, False), 0),
    ],
)
def test_one_quote_in_two_mouths_contradicts_only_between_two_names(one: Any, other: Any, expected: int) -> None:
    """Who is not named may be the one whom the other paper names."""
    assert len(story(_speech("Courier", *one), _speech("Herald", *other)).disagreements) == expected


# Merging


def _cast(*briefs: tuple[str, list[dict[str, Any]]]) -> list[tuple[str, int]]:
    made = story(
        *(brief_of(outlet, f"{outlet} tells of it.", actors=lambda p, a=actors: a) for outlet, actors in briefs)
    )
    return sorted((actor.name, len(actor.articles)) for actor in made.actors)


def test_aliases_titles_and_spellings_are_one_actor() -> None:
    """A surname with its title, an accent, and two spellings of one minister's name are one."""
    assert _cast(
        ("Courier", [who("a", "Ada Berg"), who("b", "Olexa Marrin", "minister of ports")]),
        ("Herald", [who("a", "Prime Minister Berg"), who("b", "Oleksa Marrin", "minister of ports")]),
        ("Ledger", [who("a", "Àda Berg")]),
    ) == [("Ada Berg", 3), ("Olexa Marrin", 2)]


def test_two_people_of_one_surname_stay_two_and_the_surname_alone_is_neither() -> None:
    """A paper that says only “Berg” may mean either; with his office it is the one who holds it."""
    two = [who("a", "Ada Berg", "mayor of Esk"), who("n", "Nils Berg", "harbour master")]
    assert _cast(("Courier", two), ("Herald", [who("b", "Berg")])) == [("Ada Berg", 1), ("Berg", 1), ("Nils Berg", 1)]
    alone = [who("b", "Berg", "harbour master")]
    assert _cast(("Courier", two), ("Herald", alone)) == [("Ada Berg", 1), ("Nils Berg", 2)]


def test_a_source_without_a_name_is_nobody_else() -> None:
    """Two anonymous sources in the same words stay two, and none is one with a name."""
    source = who("s", "a senior official", named=False)
    assert _cast(("Courier", [source]), ("Herald", [source])) == [("a senior official", 1), ("a senior official", 1)]


def test_a_body_and_a_longer_name_that_ends_like_it_stay_two() -> None:
    """“Norland” is not “South Norland”, and a person is no body."""
    bodies = [who("n", "Norland", kind="government")]
    others = [who("s", "South Norland", kind="government"), who("p", "Ada Norland")]
    assert _cast(("Courier", bodies), ("Herald", others)) == [("Ada Norland", 1), ("Norland", 1), ("South Norland", 1)]


def test_the_same_position_in_two_papers_is_one_with_two_sources() -> None:
    """Berg's offer stands once, with each paper's quote beside it."""
    made = next(each for each in golden.first_day().stories if each.deals and "ada-berg" in {a.id for a in each.actors})
    (offer,) = [position for position in made.positions if position.actor == "ada-berg"]
    assert sorted(outlets(made, offer.said)) == ["Marl Herald", "Norland Courier"]
    assert all(said.quotes for said in offer.said)


def test_a_question_is_answered_by_another_article_in_its_own_words() -> None:
    """When the strait opens the Courier does not know; the Ledger does."""
    made = next(each for each in golden.first_day().stories if each.open_questions and each.deals)
    answered = next(each for each in made.open_questions if each.question.startswith("When"))
    assert [answer.evidence[0].text for answer in answered.answers] == [
        "The strait will open on 1 July, the harbour master said."
    ]


def test_copies_count_once() -> None:
    """Wire copy under another headline, cut, is told as a copy and makes no further source."""
    original, twin = example.fire_ledger(), example.fire_ledger()
    text = "By our wire service. " + twin.article.text.rpartition("\n\n")[0]
    copy = Brief.model_validate(
        {**original.model_dump(), "article": {"text": text, "source": "Tarn Post", "published": "2031-05-14"}}
    )
    made = story(original, copy)
    assert [(each.outlet, each.copy_of) for each in made.articles] == [
        ("Esk Ledger", None),
        ("Tarn Post", original.article.id),
    ]
    assert made.sources == 1


# Since the digest before


def test_what_is_new_since_the_digest_before_is_told() -> None:
    """The accord's value, a new position and an answered question; the story goes on under its id in new articles."""
    first, second = golden.first_day(), golden.second_day()
    made = next(each for each in second.stories if each.deals)
    assert made.id in {each.id for each in first.stories}
    told = {(change.kind, change.before, change.after) for change in made.changes}
    assert ("value", "40 million crowns a year", "45 million crowns a year") in told
    assert ("answered", None, "Sudland will get 120 licences.") in told
    assert "position" in {kind for kind, _, _ in told}


def test_a_status_that_no_article_had_is_new_and_the_same_digest_again_has_nothing_new() -> None:
    """Talks that end in a signature are a change; a digest beside itself has none."""
    talks = "Esk and Velm Rail are still negotiating the tram contract."
    signed = "Esk and Velm Rail signed the tram contract."
    one = brief_of("Courier", talks, deals=_contract("negotiating", talks))
    other = brief_of("Courier", signed, published="2031-05-15", deals=_contract("signed", signed))
    before = make_digest([], stories={"tram": [one]})
    (made,) = make_digest([], previous=before, stories={"tram": [one, other]}).stories
    assert [(change.kind, change.before, change.after) for change in made.changes] == [
        ("status", "negotiating", "signed")
    ]
    assert not make_digest([], previous=before, stories={"tram": [one]}).stories[0].changes
    assert make_digest([], previous=before, stories={"other": [other]}).stories[0].changes[0].kind == "story"


# Order and settings


def test_stories_are_ordered_by_the_table_and_a_weight_can_be_set() -> None:
    """Three sources go before one; with no weight on sources the newest goes first."""
    scores = [each.score for each in golden.first_day().stories]
    assert scores == sorted(scores, reverse=True)
    flat = dict.fromkeys(WEIGHTS, 0.0) | {"recency": 1.0}
    last = make_digest([], stories=example.day(), weights=flat).stories[-1]
    assert last.headline.text == "Museum guards strike in Esk"


@pytest.mark.parametrize("weights", [{"colour": 1.0}, {"source": float("inf")}, {"deal": True}])
def test_a_weight_that_is_none_is_told_at_once(weights: Any) -> None:
    """An unknown name or no number is an error that names it."""
    with pytest.raises(ConfigurationError):
        make_digest([], stories=[], weights=weights)


def test_a_stance_alone_makes_no_denial() -> None:
    """One quotation that a model takes for a warning here and for opposition there is told alike; only an article's own
    word that somebody denies, refuses or rejects sets him against it."""
    said = "“The new harbour wall will hold for years,” Mayor Lena Moss said."

    def told(outlet: str, stance: str, sentence: str) -> Brief:
        paper = Paper(
            outlet, "2031-05-14", f"Harbour wall of {outlet}", f"{sentence} The {outlet} was there and saw the wall.\n"
        )
        claim = "Moss says the new harbour wall will hold for years."
        says = paper.says("lena-moss", stance, claim, sentence)
        return paper.told("Moss on the wall", sentence, actors=[who("lena-moss", "Lena Moss")], positions=[says])

    def found(*briefs: Brief) -> list[str]:
        (made,) = make_digest([], stories=[list(briefs)]).stories
        return [each.rule for each in made.disagreements]

    against = "Mayor Lena Moss denied that the new harbour wall will hold for years."
    doubted = "“The new harbour wall will not hold for years,” Mayor Lena Moss said."
    assert found(told("Courier", "claims", said), told("Herald", "opposes", said)) == []
    assert found(told("Courier", "claims", doubted), told("Herald", "opposes", doubted)) == []  # a claim lost its "not"
    assert found(told("Courier", "claims", said), told("Herald", "denies", against)) == ["denied"]


def test_copies_of_what_is_not_here_are_one_source() -> None:
    """Two reprints of yesterday's wire report confirm nothing of each other: the earlier one stands for both."""
    text = example.fire()[0].article.text
    papers = [Paper(f"Paper {n}", f"2031-05-14T0{n}:00Z", "Fire", f"{text}{n}{n}.\n") for n in (1, 2)]
    briefs = [paper.told("Fire at a plant", text[:20]) for paper in papers]
    (made,) = make_digest([], stories=[briefs], copies={each.article.id: "0" * 64 for each in briefs}).stories
    assert made.sources == 1
    assert [article.copy_of for article in made.articles] == [None, papers[0].article.id]


def test_left_out_the_stories_are_told_by_the_articles_themselves() -> None:
    """The five events of the day, two of which share people and places with others, are told apart."""
    days = example.day()
    made = make_digest([brief for story in days for brief in story])
    assert {frozenset(article.id for article in story.articles) for story in made.stories} == {
        frozenset(brief.article.id for brief in story) for story in days
    }


def test_stories_that_go_on_keep_their_ids_and_a_newer_version_stands_for_the_older() -> None:
    """Ids stay with the `Stories` of yesterday; a new text at an old address takes the place of the older."""
    stories = Stories()
    first = make_digest(example.fire(), stories=stories)
    older = example.fire()[0]
    text = older.article.text.replace("Fourteen", "Sixteen")
    article = Article(text=text, **older.article.model_dump(include={"title", "url", "source", "published"}))
    newer = older.model_copy(update={"article": article})
    second = make_digest([*example.fire(), newer], stories=Stories.load(stories.dump()))
    assert [each.id for each in second.stories] == [each.id for each in first.stories]
    ids = {article.id for article in second.stories[0].articles if article.replaced_by is None}
    assert newer.article.id in ids
    assert older.article.id not in ids


# Every word leads to its sources


def _evidence(data: Any, article: str | None = None) -> Iterator[tuple[str | None, Evidence]]:
    """Every Evidence of some plain data, with the article of the object that holds it."""
    if isinstance(data, dict):
        if data.keys() == {"start", "end", "text"}:
            yield article, Evidence.model_validate(data)
        own = data["article"] if isinstance(data.get("article"), str) else article
        for value in data.values():
            yield from _evidence(value, own)
    elif isinstance(data, list):
        for value in data:
            yield from _evidence(value, article)


EVERY = [brief for made in example.day() for brief in made] + [example.strait_next_day(), example.fire_next_day()]


@ANY_SPEED
@given(st.lists(st.integers(0, 3), min_size=len(EVERY), max_size=len(EVERY)))
def test_no_sentence_is_without_a_source_and_every_evidence_stands(groups: list[int]) -> None:
    """However the briefs are put into stories, every stretch stands at its offsets in the article that it names."""
    texts = {brief.article.id: brief.article.text for brief in EVERY}
    stories = [[b for b, g in zip(EVERY, groups, strict=True) if g == number] for number in range(4)]
    made = make_digest([], previous=golden.first_day(), stories=[each for each in stories if each])
    for each in made.stories:
        sentences = [each.headline, *each.summary]
        assert all(sentence.sources and sentence.sources[0].evidence for sentence in sentences)
        assert len(each.summary) <= 4
    found = list(_evidence(json.loads(made.model_dump_json())))
    assert found
    for article, evidence in found:
        assert article is not None
        assert texts[article][evidence.start : evidence.end] == evidence.text


@ANY_SPEED
@given(st.integers())
def test_the_same_briefs_make_the_same_digest_in_any_order(seed: int) -> None:
    """Shuffled stories and briefs give the digest byte for byte."""
    stories = [list(each) for each in example.day()]
    shuffled = random.Random(seed)
    shuffled.shuffle(stories)
    for each in stories:
        shuffled.shuffle(each)
    assert make_digest([], stories=stories).model_dump_json() == golden.first_day().model_dump_json()


def test_golden_files_are_what_the_digest_says_under_any_hash_seed() -> None:
    """The files in tests/golden are the digests of both days, and sets of words are never walked in their own order."""
    script = "import golden, json; print(json.dumps(golden.golden()))"
    for seed in ("1", "2"):
        env = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join([str(golden.FOLDER.parent), *sys.path]),
        }
        run = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, check=True)
        for name, text in json.loads(run.stdout).items():
            assert text == (golden.FOLDER / name).read_text(encoding="utf-8"), f"{name}: python tests/golden.py"


def test_json_is_the_contract_and_reads_back() -> None:
    """The JSON names its schema and is the same digest when it is read."""
    made = golden.first_day()
    text = render_digest(made, "json")
    assert json.loads(text)["schema"] == "digest/1"
    assert Digest.model_validate_json(text) == made


def test_evidence_that_does_not_stand_is_left_out_and_told() -> None:
    """A brief from elsewhere with wrong offsets loses those places, and the digest says so."""
    brief = example.fire_courier()
    wrong = brief.summary[0].model_copy(update={"evidence": (Evidence(start=3, end=9, text="never there"),)})
    made = make_digest([], stories=[[brief.model_copy(update={"summary": (wrong, *brief.summary[1:])})]])
    assert made.notes == ("of the brief of Norland Courier 1 place was left out: not in the article",)
    assert wrong.text not in [each.text for each in made.stories[0].summary]
    assert "Left out" in render_digest(made, "text")


def test_a_brief_whose_headline_rests_on_nothing_has_the_article_s_first_words() -> None:
    """No sentence is shown without a source, so the article's own words stand for such a headline."""
    brief = example.school_courier()
    bare = brief.model_copy(update={"headline": brief.headline.model_copy(update={"evidence": ()})})
    made = story(bare)
    assert brief.article.text.startswith(made.headline.text)


# What a reader sees


def test_an_empty_day_one_article_and_one_source_are_pages_that_say_so() -> None:
    """Nothing to report, nothing to compare: said in words."""
    empty = make_digest([], stories=[])
    assert "Nothing to report" in render_digest(empty, "md")
    one = make_digest([], stories=[[example.school_courier()]])
    assert "One article from one source" in render_digest(one, "text")
    assert "one source: nothing to compare" in render_digest(one, "md")


def test_contradictions_stand_at_the_top_of_their_story_with_both_papers_words() -> None:
    """Before any sentence, a line a paper behind a bar, those that say the same together."""
    text = render_digest(golden.first_day(), "text")
    body = text[text.index("Norland offers to reopen") :]
    assert body.index("| Sources disagree") < body.index("Norland is ready to let")
    assert (
        "| - Norland Courier: “Under the draft, Sudland would pay 40 million crowns a year.”\n"
        "| - Marl Herald: “Sudland will pay 60 million crowns a year under the fishing pact.”\n"
    ) in body


HOSTILE = [
    "](javascript:x)",
    "<script>",
    "**a**",
    "| x |",
    "[a](http://b.example)",
    "\x1b[31m",
    "\u202e",
    "&lt;",
    "# x",
]


@ANY_SPEED
@given(st.lists(st.sampled_from([*HOSTILE, "word", "\n", "\\", "“", "”", "`", "]", "["]), min_size=1, max_size=6))
def test_hostile_titles_names_and_texts_stay_words(parts: list[str]) -> None:
    """Whatever an article is called and says, the Markdown has only the links of its addresses, no HTML and no code."""
    words = " ".join(parts)
    paper = Paper(f"Out {words}", "2031-05-14", f"T {words}", f"Begin {words} end", url="https://a.example/p?q=1&r=<b>")
    told = paper.told(words or "x", "Begin", summary=[(f"So {words}", paper.article.text)])
    brief = told.model_copy(update={"actors": (), "positions": ()})
    parsed = MarkdownIt("commonmark").enable(["table"]).parse(render_digest(make_digest([], stories=[[brief]]), "md"))
    inner = [token for block in parsed for token in (block, *(block.children or ()))]
    assert {t.attrs["href"] for t in inner if t.type == "link_open"} <= {"https://a.example/p?q=1&r=%3Cb%3E"}
    assert not {"html_inline", "html_block", "code_inline", "fence", "code_block", "image"} & {t.type for t in inner}


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://a.example/x y?z=<q>&r=1", "https://a.example/x%20y?z=%3Cq%3E&r=1"),
        ("HTTP://A.example:8080/", "http://a.example:8080/"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://courier.example@evil.example/", ""),
        ("https://[bad/", ""),
        ("https:///x", ""),
        ("//a.example/x", ""),
        ("https://a.example/)>\n[x]", "https://a.example/%29%3E%5Bx%5D"),
        (None, ""),
    ],
)
def test_only_whole_web_addresses_become_links(url: str | None, address: str) -> None:
    """What is no address of the web leads nowhere; what markup could read is escaped."""
    assert web_address(url) == address


def test_the_package_gives_digest_and_make_digest() -> None:
    """Both are public names."""
    assert summarizer.make_digest is make_digest
    assert summarizer.Digest is Digest


def test_a_story_that_is_two_today_leaves_its_id_to_one_of_them() -> None:
    """What an editor told apart since yesterday: no two stories have one id, and one of them says what is new."""
    one, other = example.fire()[0], example.school_courier()
    before = make_digest([], stories=[[one, other]])
    today = make_digest([], before, stories=[[one], [other]])
    assert len({story.id for story in today.stories}) == 2
    assert sum(story.id == before.stories[0].id for story in today.stories) == 1
    assert sorted(len([each for each in story.changes if each.kind == "story"]) for story in today.stories) == [0, 1]
