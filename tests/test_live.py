"""The embedded model for real: `make test-live`. Needs its file, some minutes, and no network once it is here."""

import time

import pytest
from recorded import SEEDS

from summarizer import Summarizer, load_article
from summarizer.errors import ModelUnavailable

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def machine():
    with Summarizer("local") as summarizer:
        yield summarizer


def test_the_seed_is_briefed_for_real(machine):
    """The model, the engine and the checks together make a brief of the seed that holds what matters."""
    brief = machine.brief(load_article(SEEDS / "kyivpost-trump-putin-call.txt"))
    assert {"Donald Trump", "Dmitry Peskov"} <= {actor.name for actor in brief.actors}
    assert len(brief.deals) == 1
    assert brief.open_questions


def test_a_second_article_reuses_the_prefix(machine):
    """What is the same for every article is read once: the second brief has cached tokens and takes less reading."""
    brief = machine.brief(load_article(SEEDS / "short-no-deal.txt"))
    assert brief.audit.usage.cached_tokens > 1000


def test_closing_ends_the_engine_at_once(machine):
    """A Summarizer that is closed asks nothing more, and closing does not wait for anything."""
    other = Summarizer("local")
    began = time.monotonic()
    other.close()
    assert time.monotonic() - began < 2
    with pytest.raises(ModelUnavailable, match="closed"):
        other.brief(load_article(SEEDS / "short-no-deal.txt"))
