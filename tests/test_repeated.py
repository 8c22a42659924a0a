"""What a copy has changed of the text that it copies contradicts it, and what it only writes otherwise does not."""

import digest_example as example
import pytest
from digest_example import Paper
from timing import is_within

from summarizer.digest import make_digest
from summarizer.rendering.digest import render_digest
from summarizer.schemas.brief import Brief
from summarizer.schemas.digest import Difference

WIRE = """\
The council of Esk has bought 14 trams from Velm Rail for $300m, to be paid over ten years.

Nine trams of the old fleet will be sold before the new ones come to the depot on 3 September.

“Nobody in this house has seen a cheaper offer in all these years,” Mayor Lena Moss said on Tuesday.

Fourteen workers of the depot were injured in the fire of last winter, 3.5 percent of all who work there.

Orrin Velm, who leads the company, confirmed that the works in Marl will be kept open until the last tram is built.
"""

NINE = WIRE.split("\n\n")[1]


def brief_of(outlet: str, text: str, published: str = "2031-05-14") -> Brief:
    """A brief of a report; it knows the two people of it."""
    lead = text.split("\n", 1)[0]
    people = [example.who("moss", "Lena Moss", "mayor"), example.who("velm", "Orrin Velm")]
    return Paper(outlet, published, "Esk buys trams", text).told("Esk buys trams", lead, actors=people)


def changed(*changes: tuple[str, str], published: str = "2031-05-14") -> list[Difference]:
    """What a digest tells of the wire's report and of a copy of it in which these words were changed."""
    text = WIRE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (story,) = make_digest([brief_of("Esk Wire", WIRE), brief_of("Tarn Post", text, published)]).stories
    assert story.sources == 1
    assert sum(article.copy_of is not None for article in story.articles) == 1
    return [*story.disagreements, *story.explained]


@pytest.mark.parametrize(
    ("old", "new", "kind", "values"),
    [
        ("$300m", "$330m", "amount", {"300000000 USD", "330000000 USD"}),
        ("$300m", "$300 billion", "amount", {"300000000 USD", "300000000000 USD"}),
        ("14 trams", "24 trams", "count", {"14", "24"}),
        ("3.5 percent", "5.3 percent", "count", {"3.5 percent", "5.3 percent"}),
        ("Fourteen", "Forty", "count", {"14", "40"}),
        ("3 September", "13 September", "date", {"2031-09-03", "2031-09-13"}),
        ("on Tuesday", "on Thursday", "date", {"Tuesday", "Thursday"}),
        ("will be sold", "will not be sold", "denial", {"will be", "will not be"}),
        ("will be kept", "won’t be kept", "denial", {"will be", "won’t be"}),
        ("Mayor Lena Moss", "Orrin Velm", "speaker", {"Lena Moss", "Orrin Velm"}),
    ],
)
def test_what_a_copy_has_changed_is_a_contradiction(old: str, new: str, kind: str, values: set[str]) -> None:
    """A figure, a day, a "not", a mouth: both sentences are shown, each with its paper, by the rule `repeated`."""
    (found,) = changed((old, new))
    assert (found.kind, found.rule, found.verdict) == (kind, "repeated", "contradiction")
    told = {side.value for side in found.sides}
    assert told == values
    assert len({side.article for side in found.sides}) == 2
    assert all(side.words.text in side.sentence.text for side in found.sides)


@pytest.mark.parametrize(
    "changes",
    [
        [("$300m", "300 million dollars"), ("14 trams", "fourteen trams"), ("Nine trams", "9 trams")],
        [("3.5 percent", "3.5%"), ("Tuesday", "Tuesday evening"), ("3 September", "September 3")],
        [("The council of Esk", "(Esk Wire) The council of Esk"), ("last tram is built", "last tram is ready")],
        [("has bought", "bought"), ("Mayor Lena Moss said", "Moss said"), ("Nobody in this", "No one in this")],
        [("will be kept open", "will not be shut")],
        [("“Nobody", f"{NINE.replace('will', 'will not')}\n\n“Nobody")],
        [("14 trams", "24 trams"), ("Nine trams", "It is 14 trams, not 24 trams, and nine trams")],
    ],
)
def test_what_a_copy_writes_in_its_own_way_is_none(changes: list[tuple[str, str]]) -> None:
    """Other forms of one figure or day, an agency line, a title left out, other words, a text that has both."""
    assert not changed(*changes, published="2031-05-15")


def test_a_rounder_figure_and_a_later_count_of_a_copy_are_explained() -> None:
    """By the rules for figures, as between any two reports."""
    (rounder,) = changed(("14 trams", "about 15 trams"))
    assert rounder.verdict == "rounder"
    (older,) = changed(("Fourteen workers", "Sixteen workers"), published="2031-05-15")
    assert older.verdict == "older"
    (not_older,) = changed(("Fourteen workers", "Twelve workers"), published="2031-05-15")
    assert not_older.verdict == "contradiction"


def test_copies_of_one_error_stand_together_and_the_page_shows_it() -> None:
    """Three papers with the wrong sum are one contradiction with four sides, and the one source is not called alone."""
    wrong = WIRE.replace("$300m", "$330m")
    papers = [brief_of(f"Paper {n}", f"{wrong}\nMore in number {n}.\n", "2031-05-15") for n in range(3)]
    digest = make_digest([brief_of("Esk Wire", WIRE), *papers])
    (story,) = digest.stories
    (found,) = story.disagreements
    assert [side.value for side in found.sides] == ["300000000 USD"] + 3 * ["330000000 USD"]
    page = render_digest(digest, "md")
    assert "**$330m**" in page
    assert "nothing to compare" not in page


def test_a_copy_with_a_newer_count_of_what_the_brief_tells_is_a_story_as_any_other() -> None:
    """A wire's toll that its copy has higher a day later is told as the newer one, and the page is made."""
    text = f"A storm killed 14 people in Esk on Tuesday, the council said.\n\n{WIRE}"
    copy = brief_of("Tarn Post", text.replace("14 people", "19 people"), "2031-05-15")
    digest = make_digest([brief_of("Esk Wire", text), copy])
    (found,) = digest.stories[0].explained
    assert (found.verdict, {side.value for side in found.sides}) == ("older", {"14", "19"})
    assert "killed **19** people" in render_digest(digest, "md")


def test_the_days_of_the_example_have_no_altered_copies() -> None:
    """Reports that were written apart are no copies, and the rule has nothing to say of them."""
    every = [brief for story in (*example.day(), *example.day_after()) for brief in story]
    rules = {each.rule for story in make_digest(every).stories for each in (*story.disagreements, *story.explained)}
    assert "counted" in rules
    assert "repeated" not in rules


def test_long_copies_of_changed_sentences_take_little_time() -> None:
    """Two thousand sentences of which each has another number in the copy cost seconds, not minutes."""
    lines = [f"The {n}th lot of the sale in Esk went for {n} crowns to buyer {n}" for n in range(2000)]
    one = brief_of("Esk Wire", ".\n\n".join(lines) + ".\n")
    other = brief_of("Tarn Post", ".\n\n".join(line.replace(" crowns", "0 crowns") for line in lines) + ".\n")
    assert is_within(
        12, lambda: make_digest([one, other], stories=[[one, other]], copies={other.article.id: one.article.id})
    )


def told_of(one: str, other: str) -> list[Difference]:
    """What is told of two reports that are no copies, each with this sentence and much else."""
    more = [" ".join(f"{paper}{n}{letter}" for n in range(60)) for paper, letter in (("a", "x"), ("b", "y"))]
    made = [brief_of("Courier", f"{one}\n\n{more[0]}."), brief_of("Herald", f"{other}\n\n{more[1]}.")]
    (story,) = make_digest([], stories=[made]).stories
    assert story.sources == 2
    return [each for each in story.disagreements if each.rule in ("repeated", "tallied", "aged")]


@pytest.mark.parametrize(
    ("one", "other", "is_told"),
    [
        ("The Esk Wire said nine of the trams will be sold before the spring.",
         "The Esk Wire said four of the trams will be sold before the spring.", True),
        ("“You take 18 of them, those from the old fleet, and sell them to Marl in spring,” Moss said.",
         "Asked on the quay about it, Moss put it so: “You take 22 of them, those from the old fleet, and sell them to "
         "Marl in spring.”", True),
        ("The mayor of Esk will not sell the old trams to anybody in spring.",
         "The mayor of Esk will sell the old trams to anybody in spring.", True),
        # Something else in them is another thing, too; some of them; the day on which somebody spoke.
        ("Nine of the trams of Esk will be sold before the spring comes.",
         "Four of the boats of Esk will be sold before the spring comes.", False),
        ("14 trams of the old fleet will be sold before the spring.",
         "Another 19 trams of the old fleet will be sold before the spring.", False),
        ("The mayor of Esk said on 3 June that the old bridge is safe.",
         "The mayor of Esk said on 9 June that the old bridge is safe.", False),
    ],
)  # fmt: skip
def test_a_sentence_that_two_reports_have_is_compared(one: str, other: str, is_told: bool) -> None:
    """An agency's line or a quotation, if nothing but the figure or the "not" is another one."""
    assert bool(told_of(one, other)) == is_told


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        ("The council passed the tram plan of Moss 396-9.",
         "The tram plan of Moss was approved in the council by 396 votes to 8.", ["396-9", "396 votes to 8"]),
        ("Moss won the vote for mayor of Esk, 134 to 63.",
         "In the vote for mayor of Esk Moss defeated Holt, 144 to 63.", ["134 to 63", "144 to 63"]),
        ("The council passed the tram plan of Moss 396-9.",
         "The tram plan of Moss was approved in the council, 396 to 9.", []),
        ("The council passed the tram plan of Moss, 396-9, after a vote of 396-8.",
         "The tram plan of Moss was approved in the council, 396 to 8.", []),
        # Another matter, another stage, another place, a count that goes on, a game, a range.
        ("The council rejected the plan 7-4.", "The council approved the budget 7-2.", []),
        ("The committee approved the tram plan of Moss 12-9.", "The council approved the tram plan of Moss 51-9.", []),
        ("With half of the vote for mayor counted, Moss has 120 to 80.",
         "With most of the vote for mayor counted, Moss has 320 to 80.", []),
        ("Esk beat Marl 2-1 to win the cup of the old tram league.",
         "Esk beat Holt 2-0 to win the cup of the old tram league.", []),
    ],
)  # fmt: skip
def test_votes_are_compared_where_one_figure_is_the_same(one: str, other: str, values: list[str]) -> None:
    """Two figures of a vote, in whatever form, on one matter at one stage; a game and another vote are none."""
    assert [side.value for each in told_of(one, other) for side in each.sides] == values


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        ("Lena Moss, 46, leads the council.", "Moss, 64, has led it since May. Lena Moss is from Esk.", ["46", "64"]),
        ("Mr. Moss, 46, leads the council.", "Moss, 64, has led it since May.", []),
        ("Lena Moss, 46, leads the council.", "Lena Moss, 47, has led it since May.", []),
        ("Lena Holt, 46, leads the council.", "Lena Holt, 64, has led it since May.", []),
        ("Lena Moss, 46, leads the council.", "Orrin Moss, 64, is her father.", []),
        ("Moss, 46, leads the council.", "Lena Moss has two sons. Ivo Moss, 12, is one. Karl Moss is the other.", []),
        ("Lena Moss, 46, leads it; Lena Moss, 64, does not.", "Lena Moss, 64, leads the council.", []),
    ],
)
def test_ages_are_compared_of_one_person(one: str, other: str, values: list[str]) -> None:
    """Of somebody whom the briefs know, by first and last name; a year is a birthday, a father another one."""
    assert [side.value for each in told_of(one, other) for side in each.sides] == values


def test_what_no_brief_has_is_compared_as_well() -> None:
    """Each brief rests on the first line alone; the figures further down are the articles' own, and are told."""
    made = [
        brief_of(
            "Courier", "The council met on Monday.\n\nFourteen clerks were hurt in the fire at the depot, Moss said."
        ),
        brief_of("Herald", "Rain fell on Esk.\n\nIn the depot the fire hurt forty clerks."),
    ]
    (story,) = make_digest([], stories=[made]).stories
    assert [[side.value for side in each.sides] for each in story.disagreements] == [["14", "40"]]
