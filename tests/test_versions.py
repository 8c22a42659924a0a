"""What a newer version of an article changes is told; one text in two outlets counts once; what is new of a deal."""

import random
from typing import Any

import digest_example as days
import golden
import notices_example as example
import pytest
from digest_example import Paper
from notices_example import bare, revised

from summarizer.digest import Stories, make_digest
from summarizer.rendering.digest import render_digest
from summarizer.schemas.brief import Brief
from summarizer.schemas.digest import Digest, DigestStory


def story(digest: Digest, words: str) -> DigestStory:
    return next(each for each in digest.stories if words in each.headline.text)


def revisions(*briefs: Brief) -> list[tuple[str, str, str, bool]]:
    """What the versions of one article change: kind, words now, words before, whether a notice says so."""
    return [
        (each.kind, each.now.words.text, each.before.words.text, each.has_notice)
        for made in make_digest(briefs).stories
        for each in made.revisions
    ]


def test_a_silent_change_is_told_and_marked() -> None:
    """Sixteen for fourteen, with both versions' words, below the contradictions."""
    made = story(golden.revised_day(), "Korvin")
    (change,) = made.revisions
    assert (change.now.words.text, change.before.words.text, change.has_notice) == ("Sixteen", "Fourteen", False)
    text = render_digest(golden.revised_day(), "text")
    told = "Norland Courier now: “Sixteen workers were injured on Tuesday in a fire at the Korvin fish plant in Esk.”"
    assert f"{told}; before: “Fourteen workers" in text
    assert "(without a notice)" in text
    assert text.index("Sources disagree", text.index("Korvin fish plant")) < text.index(told)


def test_a_change_with_a_correction_is_no_silent_one() -> None:
    """The notice gives the older sum, and the change is told all the same."""
    assert revisions(days.tram_courier(), example.tram_again()) == [
        ("amount", "330 million kronor", "300 million kronor", True)
    ]


def test_what_a_notice_says_of_the_older_version_hides_no_change() -> None:
    """Between two outlets who gives both numbers contradicts nobody; here the older one is what was corrected."""
    notice = "\nAn earlier version of this article said that 14 workers were injured.\n"
    newer = revised(days.fire_courier(), ("Fourteen", "Sixteen"), end=notice)
    assert revisions(days.fire_courier(), newer) == [("count", "Sixteen", "Fourteen", True)]


def test_the_older_version_is_no_source_and_its_words_stand_in_revisions_only() -> None:
    """It is listed as replaced, counts nowhere, and no other part of the story rests on it."""
    older = days.fire_courier().article.id
    made = story(golden.revised_day(), "Korvin")
    assert [article.replaced_by for article in made.articles if article.id == older] == [
        example.fire_again().article.id
    ]
    assert made.sources == 3
    rest = made.model_copy(update={"revisions": (), "articles": ()})
    assert older not in rest.model_dump_json()
    assert "Fourteen" not in rest.model_dump_json()
    assert "replaced by a newer version" in render_digest(golden.revised_day(), "md")


def _contract(told: str, status: str, terms: Any = ()) -> Brief:
    paper = Paper("Norland Courier", "2031-05-14T08:00:00+00:00", "Tram contract", f"{told}\n")
    deal = paper.deal("Tram contract", ["Esk", "Velm Rail"], status, [told], terms=[(*each, told) for each in terms])
    return paper.told("Tram contract", told, summary=[(told, told)], deals=[deal])


def test_status_and_terms_of_a_deal_are_told_where_an_outlet_changes_them() -> None:
    """Agreed to signed, which between two outlets is no contradiction, and another number of what a party gives."""
    told = "Esk and Velm Rail agreed on the tram contract, by which Velm Rail gives 40 trams."
    older = _contract(told, "agreed", [("Velm Rail", "40 trams")])
    newer = revised(
        older, ("agreed on", "signed"), ("agreed", "signed"), ("40 trams", "25 trams"), published="2031-05-14T12:00Z"
    )
    found = {(kind, now, before) for kind, now, before, _ in revisions(older, newer)}
    assert ("status", "signed", "agreed") in found
    assert ("terms", "25 trams", "40 trams") in found


def test_the_same_words_again_are_no_change() -> None:
    """A version with one more sentence, and one with a rounder number, have changed nothing."""
    assert revisions(days.fire_courier(), revised(days.fire_courier(), end="\nIt rained in the evening.\n")) == []
    assert revisions(days.fire_courier(), revised(days.fire_courier(), ("498 people", "About 500 people"))) == []


# The same text in two outlets


def test_the_earliest_outlet_of_one_text_is_the_original_in_any_order() -> None:
    """Others are articles of the story with that same id, counted once; byte for byte the same however they come."""
    briefs = [
        days.school_courier(),
        example.school_elsewhere(),
        revised(days.school_courier(), source="Alm Echo", url="https://almecho.example/s", published="2031-05-14"),
        revised(days.school_courier(), source="Esk Ledger", url="https://eskledger.example/s", published=None),
    ]
    made = []
    for seed in range(6):
        random.Random(seed).shuffle(briefs)
        made += [make_digest(briefs).model_dump_json(), make_digest([], stories=[briefs]).model_dump_json()]
    assert len(set(made)) == 2
    (one,) = make_digest(briefs).stories
    first = days.school_courier().article.id
    assert [(article.outlet, article.copy_of) for article in one.articles] == [
        ("Alm Echo", None),
        ("Norland Courier", first),
        ("Tarn Post", first),
        ("Esk Ledger", first),
    ]
    assert one.sources == 1


# Since yesterday: terms and parties


def _deal(words: str, parties: list[str], terms: list[tuple[str, str]], day: str) -> Brief:
    paper = Paper("Norland Courier", day, f"Accord of {day}", f"{words}\n")
    deal = paper.deal("Fishing accord", parties, "negotiating", [words], terms=[(*each, words) for each in terms])
    return paper.told("The fishing accord", words, summary=[(words, words)], deals=[deal])


def changes(*briefs: Brief) -> list[tuple[str, str | None, str | None]]:
    """What the last brief has that the earlier ones, of the day before, had not."""
    *earlier, last = briefs
    before = make_digest([], stories={"accord": earlier})
    (made,) = make_digest([], previous=before, stories={"accord": [last]}).stories
    return [(each.kind, each.before, each.after) for each in made.changes]


BOTH = ["Norland", "Sudland"]
FORTY = _deal(
    "Sudland would give 40 boats under the accord with Norland.", BOTH, [("Sudland", "40 boats")], "2031-05-14"
)
SIXTY = _deal(
    "Sudland would give 60 boats under the accord with Norland.", BOTH, [("Sudland", "60 boats")], "2031-05-15"
)


def test_changed_terms_are_told_unless_an_article_of_the_day_before_had_them() -> None:
    """Sixty boats for forty; not if yesterday's other paper had sixty, and not if yesterday none had any."""
    assert changes(FORTY, SIXTY) == [("terms", "Sudland: 40 boats", "Sudland: 60 boats")]
    other = _deal(
        "Sudland would give 60 boats under the pact with Norland.", BOTH, [("Sudland", "60 boats")], "2031-05-14"
    )
    assert changes(FORTY, other, SIXTY) == []
    assert changes(_deal("Norland and Sudland talk of an accord.", BOTH, [], "2031-05-14"), SIXTY) == []


def test_another_party_that_gives_the_same_is_a_changed_term() -> None:
    """Norland gives the boats that Sudland was to give; both are parties on both days."""
    other = _deal(
        "Norland would give 40 boats under the accord with Sudland.", BOTH, [("Norland", "40 boats")], "2031-05-15"
    )
    assert changes(FORTY, other) == [("terms", "Sudland: 40 boats", "Norland: 40 boats")]


@pytest.mark.parametrize(
    ("words", "parties", "expected"),
    [
        ("Norland, Sudland and Kestavia talked of the accord.", [*BOTH, "Kestavia"], [("joined", None, "Kestavia")]),
        ("Norland and Orrin talked of the accord; Sudland left the accord.", ["Norland"], [("left", "Sudland", None)]),
        ("Norland talked of the accord.", ["Norland"], []),
        ("Norland talked of the accord; Sudland has not left the accord.", ["Norland"], []),
        ("Norland talked of the accord with Kestavia.", ["Norland", "Kestavia"], []),
    ],
)
def test_parties_that_join_or_leave_are_told_where_the_words_say_so(
    words: str, parties: list[str], expected: Any
) -> None:
    """A party that an article only does not name has not left; a deal of other parties is another."""
    assert changes(FORTY, _deal(words, parties, [], "2031-05-15")) == expected


def test_a_party_that_yesterday_s_words_had_has_not_joined() -> None:
    """The brief of yesterday had left it out."""
    named = _deal("Norland and Sudland talk with Kestavia of the accord.", BOTH, [], "2031-05-14")
    today = _deal("Norland, Sudland and Kestavia signed nothing.", [*BOTH, "Kestavia"], [], "2031-05-15")
    assert changes(named, today) == []


def test_stories_that_were_saved_tell_versions_of_the_next_day() -> None:
    """With yesterday's `Stories` and both briefs, today's version stands for yesterday's."""
    stories = Stories()
    make_digest(days.fire(), stories=stories)
    today = make_digest([*days.fire(), example.fire_again()], stories=Stories.load(stories.dump()))
    assert [each.now.words.text for each in today.stories[0].revisions] == ["Sixteen"]
    assert (
        not make_digest([bare("Esk Ledger", "Fair", "A fair opened in Esk.\n")], stories=stories).stories[0].revisions
    )
