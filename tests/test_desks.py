"""Sections by desk, and what settings may say of a digest."""

from pathlib import Path
from typing import Any

import digest_example as days
import golden
import notices_example as example
import pytest
from notices_example import bare

from summarizer.digest import make_digest
from summarizer.errors import ConfigurationError
from summarizer.rendering.digest import render_digest
from summarizer.schemas.brief import Brief
from summarizer.settings import FILE, Desk, load_settings

FAIR = bare("Esk Ledger", "Fair", "A fair opened at the harbour of Esk.\n", url="https://eskledger.example/town/fair")


def desk(brief: Brief, **rules: Any) -> str | None:
    """The section of one brief's story, with one desk of these rules."""
    (made,) = make_digest([], stories=[[brief]], desks={"Mine": rules}).stories
    return made.desk


@pytest.mark.parametrize(
    ("rules", "section"),
    [
        ({"words": ["fair"]}, "Mine"),  # in the headline
        ({"words": ["air"]}, "Other"),  # no whole word
        ({"words": ["fai*"]}, "Mine"),
        ({"words": ["harbour", "boats"]}, "Other"),  # one of two, in no headline
        ({"words": ["harbour", "opened"]}, "Mine"),
        ({"words": ["harbour"]}, "Mine"),  # the only one
        ({"words": ["HARBOUR of Esk", "opened"]}, "Mine"),
        ({"sources": ["esk ledger"]}, "Mine"),
        ({"sources": ["Esk"]}, "Other"),
        ({"addresses": ["*/town/*"]}, "Mine"),
        ({"addresses": ["*/world/*"], "words": ["boats"]}, "Other"),
        ({"kinds": ["government"], "words": ["fair"]}, "Other"),
    ],
)
def test_a_story_fits_a_desk_by_words_sources_or_addresses(rules: dict[str, Any], section: str) -> None:
    """One word in a headline or two elsewhere, whole words only; kinds of actors narrow it."""
    assert desk(FAIR, **rules) == section


def test_kinds_of_actors_alone_are_a_rule() -> None:
    """A story with a named government is for the desk that wants one."""
    assert desk(days.strait_courier(), kinds=["government"]) == "Mine"


def test_the_first_desk_that_fits_has_the_story_and_sections_are_in_the_order_of_the_settings() -> None:
    """World before Esk before Other, by weight within, however heavy a story of a later desk is."""
    digest = golden.revised_day()
    assert digest.desks == ("World", "Esk", "Other")
    text = render_digest(digest, "md")
    heads = [line for line in text.splitlines() if line.startswith("## ") and "·" not in line]
    assert heads[2:] == ["## Stories", "## World", "## Esk", "## Other", "## Left out"]
    scores = [story.score for story in digest.stories if story.desk == "Esk"]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)
    light = make_digest(example.day(), desks={"Trams": {"words": ["tram"]}, "World": {"words": ["strait"]}})
    assert [story.desk for story in light.stories[:2]] == ["Trams", "World"]
    text = render_digest(light, "md")
    assert text.index("## Trams") < text.index("## 1 · Council of Esk votes") < text.index("## World")


def test_without_desks_there_are_no_sections() -> None:
    """No desk, no heading of one."""
    assert {story.desk for story in golden.first_day().stories} == {None}
    assert "Other" not in render_digest(golden.first_day(), "md")


# Settings


def write(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def test_settings_give_desks_in_their_order_weights_and_rates(tmp_path: Path) -> None:
    """What the file says is what `make_digest` takes."""
    text = """
[digest.desks.World]
words = ["accord"]
addresses = ["*/world/*"]
[digest.desks.Esk]
sources = ["Esk Ledger"]
[digest.weights]
source = 2
[digest.rates]
USD = 1
EUR = 1.08
"""
    found = load_settings({}, write(tmp_path, text)).digest
    assert list(found.desks) == ["World", "Esk"]
    assert found.desks["World"] == Desk(words=("accord",), addresses=("*/world/*",))
    made = make_digest([], stories=[[FAIR]], desks=found.desks, weights=found.weights, rates=found.rates)
    assert made.stories[0].desk == "Esk"
    assert load_settings({}, write(tmp_path, "")).digest.desks == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("digest = 3", "'digest' is not of the right type"),
        ("[digest]\ncolour = 1", "no setting is named 'digest.colour'"),
        ("[digest]\ndesks = 1", "digest.desks is no table"),
        ("[digest.desks]\nWorld = 1", "digest.desks.World is no table"),
        ("[digest.desks.World]\ncolours = ['red']", "digest.desks.World.colours is no rule of a desk"),
        ("[digest.desks.World]\nwords = 'accord'", "digest.desks.World.words is no list of words"),
        ("[digest.desks.World]\nwords = ['']", "digest.desks.World.words is no list of words"),
        ("[digest.desks.World]\nkinds = ['cats']", "digest.desks.World.kinds has a kind"),
        ("[digest.desks.World]", "digest.desks.World has no rule"),
        ("[digest.weights]\nsource = 'much'", "digest.weights.source cannot be 'much'"),
        ("[digest.weights]\nsource = nan", "digest.weights.source cannot be nan"),
        ("[digest.rates]\nEUR = 0", "digest.rates.EUR cannot be 0"),
    ],
)
def test_what_is_wrong_in_the_settings_is_told_in_one_line(text: str, told: str, tmp_path: Path) -> None:
    """Which key, and what is expected, when the file is read."""
    with pytest.raises(ConfigurationError) as error:
        load_settings({}, write(tmp_path, text))
    assert told in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("table", [{"weights": {"colour": 1.0}}, {"rates": {"XXQ": 1}}, {"desks": {"World": 3}}])
def test_names_that_there_are_none_of_are_told_when_a_digest_is_made(table: Any) -> None:
    """A weight or a currency that nobody knows, and a desk that is no table."""
    with pytest.raises(ConfigurationError):
        make_digest([], stories=[], **table)
