"""The embedded model for real: `make test-live`. Needs its file, some minutes, and no network once it is here."""

import json
import re
import sys
import time
from pathlib import Path

import pytest
from recorded import SEEDS

from summarizer import Summarizer, load_article
from summarizer.errors import ModelUnavailable
from summarizer.llm import sending
from summarizer.llm.sending import Gathered, whole_answer  # here, so that `make test` tells if they go
from summarizer.rendering import render

pytestmark = pytest.mark.live

GIGABYTE = 10**9
ADD = Gathered.add


@pytest.fixture(scope="module")
def machine():
    with Summarizer("local") as summarizer:
        yield summarizer


@pytest.fixture(scope="module")
def seed(machine):
    """The brief of the first seed, and what the engine says that it took for it, in seconds."""
    reported = []

    def note(timings):
        if timings:
            reported.append((timings["prompt_ms"] + timings["predicted_ms"]) / 1000)

    def added(self, chunk):
        note((chunk.model_extra or {}).get("timings"))
        return ADD(self, chunk)

    def whole(data, endpoint):
        note(json.loads(data).get("timings"))
        return whole_answer(data, endpoint)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Gathered, "add", added)
        patch.setattr(sending, "whole_answer", whole)
        brief = machine.brief(load_article(SEEDS / "000_f562134c171a77a1.txt"))
    return brief, sum(reported)


def test_the_seed_is_briefed_for_real(seed):
    """The model, the engine and the checks together make a brief of the seed that holds what matters."""
    brief, _ = seed
    assert {"Donald Trump", "Vladimir Putin", "Volodymyr Zelensky", "Mike Waltz", "Dmitry Peskov"} <= {
        actor.name for actor in brief.actors
    }
    (deal,) = brief.deals
    assert deal.value.amount == 500_000_000
    assert len(brief.open_questions) >= 2
    assert not re.search(r"NATO|glide|telegram", render(brief, "text"), re.IGNORECASE)


def test_hardly_any_time_is_not_the_engines(seed):
    """A brief takes at most 1.3 times what the engine reports for its prompt and answer tokens, all calls together."""
    brief, engine_seconds = seed
    print(f"{brief.audit.seconds} s, of which the engine reports {engine_seconds:.1f} s; {brief.audit.usage}")
    assert brief.audit.seconds <= 1.3 * engine_seconds


def test_a_second_article_reuses_the_prefix(machine, seed):
    """What is the same for every article is read once: the second brief has cached tokens and takes less reading."""
    brief = machine.brief(load_article(SEEDS / "short-no-deal.txt"))
    print(brief.audit.usage)
    assert brief.audit.usage.cached_tokens > 1000


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_stays_within_the_models_size_and_a_half_more(machine, seed):
    """The program and the engine's process together stay under the size of the model's file and 1.5 GB."""
    engine = machine._model._line.engine
    used = sum(_resident(pid) for pid in ("self", engine._process.pid))
    print(f"{used / GIGABYTE:.2f} GB at most")
    assert used < engine.path.stat().st_size + 1.5 * GIGABYTE


def _resident(pid):
    """The most memory that a process has held, in bytes."""
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[1]) * 1024


def test_closing_ends_the_engine_at_once(machine):
    """A Summarizer that is closed asks nothing more, and closing does not wait for anything."""
    other = Summarizer("local")
    began = time.monotonic()
    other.close()
    assert time.monotonic() - began < 2
    with pytest.raises(ModelUnavailable, match="closed"):
        other.brief(load_article(SEEDS / "short-no-deal.txt"))
