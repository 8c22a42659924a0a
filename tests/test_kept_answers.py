"""Answers that are kept before their brief is: whatever ends a run, what was answered is not asked a second time."""

import asyncio
import contextlib
import dataclasses
import json
import signal
import subprocess
import sys
import threading

import pytest
from batch_double import USAGE
from double import Double, hang, say
from provider_runs import PRICE, QUOTE, article, briefs, live, posing, rows, written
from test_llm_embedded import Engine
from timing import until

from summarizer import Summarizer
from summarizer.batch import Batch, Limits
from summarizer.cli import main
from summarizer.errors import StoreUnusable
from summarizer.llm import ChatModel, Posted
from summarizer.llm.calls import Completion, Patience
from summarizer.llm.endpoints import find_endpoint
from summarizer.making import Making
from summarizer.schemas.news import NewsDraft
from summarizer.store import Store

ARTICLES = [article(number, QUOTE) for number in range(3)]


def is_second(request):
    """Whether it is the question for what the first answer has passed over."""
    return "no item yet" in str(request.body["messages"][-1])


async def hanging_at_the_second(request, reply):
    await (hang if is_second(request) else live)(request, reply)


@pytest.fixture
def provider(monkeypatch):
    with posing(monkeypatch) as double:
        double.steps = (live,)
        yield double


@pytest.fixture
def path(tmp_path):
    return tmp_path / "s.db"


def run(path, articles=ARTICLES, *, limits=None, before=None):
    """One run of the ordinary engine, in a loop and a store of its own."""
    gate = limits or Limits()

    async def work():
        async with Summarizer("openai/gpt-5-mini", gate=gate) as summarizer:
            batch = Batch(summarizer, store, gate)
            beside = asyncio.ensure_future(before(batch)) if before else None
            report = await batch.run(iter(articles))
            if beside:
                await beside
            return report

    with Store(path) as store:
        return asyncio.run(work())


def dropping(provider, seconds=3):
    """Drop what is at work once so many second questions are there."""

    async def drop(batch):
        while sum(map(is_second, provider.requests)) < seconds:
            await asyncio.sleep(0.02)
        batch.interrupt()
        batch.interrupt()

    return drop


# --- kill -9


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder of the articles, and a double of a server that has any model."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    folder = tmp_path / "desk"
    folder.mkdir()
    for number, each in enumerate(ARTICLES):
        (folder / f"{number}.txt").write_text(each.text)
    return folder


def commands(name, desk, double, path):
    """The command of that name, over all articles or the first one, and how many those are."""
    common = ["--model", "some-model", "--base-url", double.base_url, "--store", str(path), "-q"]
    if name == "brief":
        return ["brief", str(desk / "0.txt"), *common], 1
    return ["batch", str(desk), *common, *(["--workers", "2"] if name == "workers" else [])], 3


@pytest.mark.parametrize("name", ["batch", "workers", "brief"])
def test_killed_between_two_answers_a_rerun_asks_the_second_question_only(name, desk, path, tmp_path):
    """And its briefs, with what their audits count, are those of a run that nobody has killed."""
    with Double(hanging_at_the_second) as double:
        command, number = commands(name, desk, double, path)
        killed = subprocess.Popen([sys.executable, "-m", "summarizer", *command])
        until(lambda: sum(map(is_second, double.requests)) == number)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert (len(double.requests), killed.returncode) == (2 * number, -signal.SIGKILL)
        assert rows(path, "SELECT state, count(*) FROM requests GROUP BY 1") == [("answered", number)]
        double.steps = (live,)
        assert main(command) == 0
        assert len(double.requests) == 3 * number
        assert all(map(is_second, double.requests[2 * number :]))
        command, _ = commands("brief" if name == "brief" else "batch", desk, double, tmp_path / "whole.db")
        assert main(command) == 0
    made, whole = ({each.article.id: each for each in _briefs(each)} for each in (path, tmp_path / "whole.db"))
    for one, brief in made.items():
        seconds = {"seconds": whole[one].audit.seconds}
        assert brief.model_copy(update={"audit": brief.audit.model_copy(update=seconds)}) == whole[one]
    assert rows(path, "SELECT count(*) FROM requests") == [(0,)]
    assert rows(path, "SELECT count(*) FROM calls WHERE outcome = 'answered'") == [(2 * number,)]


def _briefs(path):
    with Store(path) as store:
        return list(store.briefs())


# --- what is counted


def test_what_an_earlier_run_has_paid_is_in_the_audit_and_counted_once(provider, path):
    """The report and the budget of the rerun have its own requests, the calls each answer once, an audit all of its."""
    provider.steps = (hanging_at_the_second,)
    assert run(path, before=dropping(provider)).interrupted
    provider.steps = (live,)
    limits = Limits()
    assert run(path, limits=limits).made == 3
    assert (limits.requests, limits.spent_usd) == (3, pytest.approx(3 * PRICE))
    for brief in briefs(path).values():
        assert (brief.audit.attempts, brief.audit.cost_usd) == (2, pytest.approx(2 * PRICE))
    with Store(path) as store:
        assert store.status().cost_usd == pytest.approx(6 * PRICE)


def test_an_answer_that_broke_off_before_stays_a_cost_that_nobody_knows(provider, path):
    """A rerun counts the requests of the question, and does not tell a price that it cannot know."""
    tries = []

    async def breaking_once(request, reply):
        tries.append(1)
        await (say("{", finish=None) if len(tries) == 1 else hanging_at_the_second)(request, reply)

    provider.steps = (breaking_once,)
    run(path, ARTICLES[:1], before=dropping(provider, 1))
    provider.steps = (live,)
    run(path, ARTICLES[:1])
    (brief,) = briefs(path).values()
    assert (brief.audit.attempts, brief.audit.cost_usd) == (3, None)


# --- when it is kept, and when it goes


def test_nothing_more_is_asked_before_an_answer_is_on_the_disk(provider, path, monkeypatch):
    """Where the disk is slow the second question waits, so that a kill cannot cost both."""
    real, slow = Store.keep_calls, threading.Event()
    seen = []

    def keep_calls(self, *given):
        assert slow.wait(30)
        return real(self, *given)

    async def look(batch):
        while not provider.requests:
            await asyncio.sleep(0.02)
        await asyncio.sleep(1.0)
        seen.append(len(provider.requests))
        slow.set()

    monkeypatch.setattr(Store, "keep_calls", keep_calls)
    assert run(path, ARTICLES[:1], before=look).made == 1
    assert (seen, len(provider.requests)) == ([1], 2)


def test_answers_of_no_use_are_not_kept(provider, path):
    """Twice nothing of use is a failure; the next run asks anew."""
    provider.steps = (say("Sorry, no.", usage=USAGE),)
    assert run(path).failed == 3
    assert rows(path, "SELECT count(*) FROM requests") == [(0,)]
    provider.steps = (live,)
    assert run(path).made == 3


def test_an_answer_that_nobody_could_foresee_stops_one_run_only(provider, path, monkeypatch):
    """What an unknown error has come of is asked anew; else every later run would end over it."""

    async def breaking(self, *given):
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(Making, "_ask_again", breaking)
        with pytest.raises(RuntimeError, match="a bug"):
            run(path, ARTICLES[:1])
    assert rows(path, "SELECT (SELECT count(*) FROM requests), (SELECT count(*) FROM claims)") == [(0, 0)]
    assert run(path, ARTICLES[:1]).made == 1


def test_a_brief_that_could_not_be_kept_is_made_again_without_a_request(provider, path, monkeypatch):
    """The disk was full when it was made: its answers are there still."""

    def full(self, key, brief, run=None):
        raise StoreUnusable("no room is left", "make room")

    with monkeypatch.context() as patched:
        patched.setattr(Store, "keep", full)
        with pytest.raises(StoreUnusable, match="no room"):
            run(path, ARTICLES[:1])
    sent = len(provider.requests)
    assert run(path, ARTICLES[:1]).made == 1
    assert len(provider.requests) == sent == 2


def test_what_is_forgotten_has_no_answers_left(provider, path):
    """No byte of an answer is in the file after `forget`."""
    provider.steps = (hanging_at_the_second,)
    run(path, ARTICLES[:1], before=dropping(provider, 1))
    assert b"port of Esk0" in b"".join(each.read_bytes() for each in path.parent.glob("s.db*"))
    with Store(path) as store:
        assert store.forget(ARTICLES[0].id)
    assert b"Esk0" not in b"".join(each.read_bytes() for each in path.parent.glob("s.db*"))


def test_summarizer_batch_takes_them_up_too(provider, path):
    """Left after its first answers, `Summarizer.batch(store=…)` goes on from there."""
    provider.steps = (hanging_at_the_second,)
    run(path, before=dropping(provider))
    provider.steps, sent = (live,), len(provider.requests)
    with Summarizer("openai/gpt-5-mini") as summarizer:
        assert all(result.brief for result in summarizer.batch(ARTICLES, store=path))
    assert len(provider.requests) == sent + 3


def test_a_slot_of_the_embedded_engine_makes_no_other_question():
    """What one slot was asked is found again from another, and from an engine without slots."""
    asked = []

    class Post:
        async def answer(self, key, body, ahead):
            asked.append(key)
            return Posted(Completion(json.dumps(written(body))))

    async def ask(model, slots):
        with contextlib.ExitStack() as stack:
            for _ in range(slots):  # the slots before the last are taken
                stack.enter_context(model.one_slot())
            message = {"role": "user", "content": "headline:\n- The port of Esk opened again"}
            await model.ask([message], NewsDraft)
        await model.aclose()

    with Double(hang) as double:
        for parallel, slots in ((1, 1), (3, 1), (3, 3)):
            endpoint = dataclasses.replace(find_endpoint("local/some", environ={}), parallel=parallel)
            model = ChatModel(endpoint, patience=Patience(), start=lambda stop: Engine(double), post=Post())
            asyncio.run(ask(model, slots))
        assert not double.requests
    assert len(asked) == 3
    assert len(set(asked)) == 1
