"""A batch: each article is paid for once, none is lost, and the limits hold."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from double import Double, fail, hang, say

from summarizer import Article, Summarizer
from summarizer.batch import Batch, Limits
from summarizer.errors import BudgetSpent, ConfigurationError, StoreUnusable
from summarizer.llm import Ahead, Done
from summarizer.schemas.brief import Usage
from summarizer.store import Store

USAGE = {"prompt_tokens": 4_000, "completion_tokens": 100, "total_tokens": 4_100}


def article(number):
    return Article(
        text=f"The port of Esk{number} opened again on Monday after the long winter, with two ferries a day."
    )


async def answering(request, reply):
    """A model that writes a headline out of the article's own words."""
    shown = request.body["messages"][-1]["content"]
    asked = request.body["response_format"]["json_schema"]["schema"]["properties"]
    line = shown.rpartition("headline:\n- ")[2].split("\n")[0].split(" [")[0].split()
    made = {name: [] for name in asked}
    if "headline" in made:
        made["headline"] = [{"quote": " ".join(line[:8]), "text": " ".join(line[:11])}]
    await say(made, usage=USAGE)(request, reply)


def run(double, path, articles, *, limits=None, before=None, time_limit=None, **options):
    """One run in a loop of its own; gives the report and what was told of each article."""
    told = []
    gate = limits or Limits()

    async def work():
        async with Summarizer("some-model", base_url=double.base_url, gate=gate, time_limit=time_limit) as summarizer:
            batch = Batch(summarizer, store, gate, on=told.append, **options)
            if before:
                before(batch)
            return await batch.run(iter(articles))

    with Store(path) as store:
        return asyncio.run(work()), told


def test_a_second_run_pays_nothing(tmp_path):
    """Every article is briefed once; the same run again sends no request, and a new article is the only one made."""
    with Double(answering) as double:
        report, told = run(double, tmp_path / "s.db", map(article, range(12)))
        sent = len(double.requests)
        again, _ = run(double, tmp_path / "s.db", map(article, range(13)))
        assert len(double.requests) == sent + sent // 12
    assert (report.made, report.failed, report.stopped) == (12, 0, None)
    assert {event.what for event in told} == {"made"}
    assert (again.made, again.kept, again.found) == (1, 12, 13)
    with Store(tmp_path / "s.db") as store:
        assert store.status().briefs == 13
        assert store.status().usage.input_tokens == 4_000 * store.status().calls


def test_the_same_text_twice_is_paid_once(tmp_path):
    """Wire copy in two papers is one article, also where both are at work at the same time."""
    with Double(answering) as double:
        report, _ = run(double, tmp_path / "s.db", [article(1), article(1), article(1)])
    assert report.made == 1
    assert report.same + report.kept == 2


def test_a_failing_article_costs_only_itself(tmp_path):
    """It keeps its reason; the others are made, and a rerun tries it again."""

    refused = {"Esk3 "}

    async def step(request, reply):
        broken = any(word in request.body["messages"][-1]["content"] for word in refused)
        await (fail(400, "not this one") if broken else answering)(request, reply)

    with Double(step) as double:
        report, _ = run(double, tmp_path / "s.db", map(article, range(6)))
        refused.clear()
        again, _ = run(double, tmp_path / "s.db", map(article, range(6)))
    assert (report.made, report.failed) == (5, 1)
    assert "not this one" in report.failures[0][1]
    assert (again.made, again.kept) == (1, 5)


def test_too_many_failures_end_it(tmp_path):
    """After more than so many no new article is begun, and the report says why."""
    with Double(fail(400, "no")) as double:
        report, _ = run(double, tmp_path / "s.db", map(article, range(50)), max_failures=2, concurrency=1)
    assert report.failed == 3
    assert "more than 2" in report.stopped


def test_a_refused_key_ends_it_at_once(tmp_path):
    """What every article would meet is met once, and is no failure of an article."""
    with Double(fail(401, "no such key")) as double:
        report, _ = run(double, tmp_path / "s.db", map(article, range(50)), concurrency=4)
        assert len(double.requests) <= 4
    assert (report.failed, report.made) == (0, 0)
    assert report.stopped


def test_sources_are_read_as_they_are_needed(tmp_path):
    """A source of a million articles is not read ahead of the work."""
    read = []

    def source():
        for number in range(1_000_000):
            read.append(number)
            yield article(number)

    def before(batch):
        batch._on = lambda event: batch.stop("enough") if batch.report.made >= 5 else None

    with Double(answering) as double:
        report, _ = run(double, tmp_path / "s.db", source(), before=before, concurrency=2)
    assert report.made >= 5
    assert len(read) < 500


def test_a_server_that_is_not_there_costs_nothing(tmp_path):
    """Where no connection came about nothing was sent; each article has that reason, and the budget is whole."""
    with Double() as double:
        pass
    limits = Limits(budget_tokens=100_000)  # three articles of that size
    report, told = run(double, tmp_path / "s.db", map(article, range(6)), limits=limits)
    assert (report.failed, report.stopped, limits.spent_tokens) == (6, None, 0)
    assert all("no connection" in str(event.error) for event in told if event.what == "failed")


@pytest.mark.parametrize("concurrency", [1, 64])
def test_the_budget_is_never_passed(tmp_path, concurrency):
    """Tokens that a call may take are reserved before it is sent: what was used stays below, and a rerun goes on."""
    with Double(answering) as double:
        limits = Limits(budget_tokens=120_000)
        report, _ = run(double, tmp_path / "s.db", map(article, range(80)), limits=limits, concurrency=concurrency)
        used = sum(USAGE.values()) // 2 * len(double.requests)
        assert 0 < used <= 120_000
        assert "is left" in report.stopped
        assert report.failed == 0
        more, _ = run(double, tmp_path / "s.db", map(article, range(80)), limits=Limits(budget_tokens=10_000_000))
    assert more.made == 80 - report.made


def test_a_budget_in_dollars_needs_a_price(tmp_path):
    """With a model whose price nobody knows such a budget cannot be held, and nothing is sent."""
    with Double(answering) as double:
        report, _ = run(double, tmp_path / "s.db", [article(1)], limits=Limits(budget_usd=1.0))
        assert not double.requests
    assert "not known" in report.stopped


async def _passes(limits, ahead, done):
    await limits.enter(ahead)
    limits.leave(ahead, done)


def test_rates_and_back_off_hold_for_all():
    """Requests beyond the rate of a minute wait; when the server asks one to wait, all do."""
    ahead = Ahead(400, 100, None)
    answered = Done("answered", Usage(input_tokens=1, output_tokens=1), 0.0, None, 0.0, 0.0)

    async def waits(limits, times):
        for _ in range(times):
            await _passes(limits, ahead, answered)
        return limits._wait(ahead)

    assert asyncio.run(waits(Limits(requests_a_minute=3), 2)) == 0
    assert 55 < asyncio.run(waits(Limits(requests_a_minute=3), 3)) <= 60
    assert 55 < asyncio.run(waits(Limits(tokens_a_minute=500), 2)) <= 60
    limits = Limits()
    refused = Done("RateLimited", None, None, 7.0, 0.0, 0.0)
    asyncio.run(_passes(limits, ahead, refused))
    assert 6 < limits._wait(ahead) <= 7


def test_what_is_not_told_counts_in_full():
    """A call that broke off may be charged: of the budget it takes all that it could."""
    ahead = Ahead(400, 100, 0.5)
    limits = Limits(budget_usd=1.2)
    broken = Done("ServerUnreachable", None, None, None, 0.0, 0.0)
    asyncio.run(_passes(limits, ahead, broken))
    asyncio.run(_passes(limits, ahead, Done("RateLimited", None, None, None, 0.0, 0.0)))
    assert limits.spent_usd == 0.5
    asyncio.run(_passes(limits, ahead, broken))
    with pytest.raises(BudgetSpent, match="is left"):
        asyncio.run(limits.enter(ahead))


SCRIPT = """
import asyncio, sys
from summarizer import Article, Summarizer
from summarizer.batch import Batch, Limits
from summarizer.store import Store
sys.path.insert(0, {tests!r})
from test_batch import article

async def work():
    gate = Limits()
    async with Summarizer("some-model", base_url={url!r}, gate=gate) as summarizer:
        await Batch(summarizer, store, gate, concurrency=4).run(map(article, range(60)))

with Store({path!r}) as store:
    asyncio.run(work())
"""


def test_kill_9_loses_no_finished_brief(tmp_path):
    """Killed again and again at odd moments, the same run ends with every brief once, and few calls made twice."""
    path = tmp_path / "s.db"

    async def slow(request, reply):
        await asyncio.sleep(0.05)
        await answering(request, reply)

    with Double(slow) as double:
        code = SCRIPT.format(tests=os.path.dirname(__file__), url=double.base_url, path=str(path))
        kills = 0
        for wait in (1.6, 2.0, 1.8):
            process = subprocess.Popen([sys.executable, "-c", code])
            time.sleep(wait)
            kills += process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
        calls = len(double.requests)
    with Store(path) as store:
        status = store.status()
        assert (status.briefs, status.articles, status.working) == (60, 60, 0)
        a_brief = round(status.calls / 60)
        assert calls <= 60 * a_brief + kills * 4 * a_brief
        assert calls - status.calls <= kills * 4


def test_two_processes_share_the_work(tmp_path):
    """Two at once on one store: every brief once, and none paid for twice."""
    path = tmp_path / "s.db"
    with Double(answering) as double:
        code = SCRIPT.format(tests=os.path.dirname(__file__), url=double.base_url, path=str(path))
        both = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
        assert [process.wait(60) for process in both] == [0, 0]
        calls = len(double.requests)
    with Store(path) as store:
        assert store.status().briefs == 60
        assert calls == store.status().calls
        assert calls % 60 == 0


def test_stopping_finishes_what_is_at_work(tmp_path):
    """Asked to stop, it begins nothing new and loses nothing; a rerun does the rest."""

    def before(batch):
        batch._on = lambda event: batch.stop("interrupted")

    with Double(answering) as double:
        report, _ = run(double, tmp_path / "s.db", map(article, range(40)), before=before, concurrency=4)
        assert report.stopped == "interrupted"
        assert 1 <= report.made <= 8
        rest, _ = run(double, tmp_path / "s.db", map(article, range(40)))
    assert rest.made + report.made == 40


def test_dropping_leaves_no_claim(tmp_path):
    """What is dropped in the middle can be taken up at once."""

    def before(batch):
        asyncio.get_running_loop().call_later(1.0, batch.stop, "interrupted")
        asyncio.get_running_loop().call_later(1.1, batch.drop)

    with Double(hang) as double:
        report, _ = run(double, tmp_path / "s.db", map(article, range(40)), before=before, concurrency=4)
    assert (report.made, report.stopped) == (0, "interrupted")
    with Store(tmp_path / "s.db") as store:
        assert store.status().working == 0
    assert json.dumps(report.failures) == "[]"


def test_half_a_surrogate_pair_costs_nobody(tmp_path):
    """Text, title and quotes that SQLite and JSON cannot hold as they are come back as they were, and all are made."""
    odd = Article(text="“We sail \ud83d tomorrow,” said Ada Berg, the mayor of Esk, on Monday.", title="T \ud83d")
    with Double(answering) as double:
        report, told = run(double, tmp_path / "s.db", [article(1), odd, article(2)], concurrency=2)
    assert (report.made, report.failed, report.stopped) == (3, 0, None)
    made = {event.article: event.brief for event in told}
    with Store(tmp_path / "s.db") as store:
        kept = {brief.article.id: brief for brief in store.briefs()}
    assert kept[odd.id] == made[odd.id]


def test_an_error_that_nobody_foresaw_ends_the_run_and_is_raised(tmp_path, monkeypatch):
    """What is at work is finished and kept, the claim is given up, and the error comes out."""
    real = Summarizer.abrief

    async def breaking(self, one, watcher=None):
        if "Esk3 " in one.text:
            raise RuntimeError("a bug")
        return await real(self, one, watcher)

    monkeypatch.setattr(Summarizer, "abrief", breaking)
    with Double(answering) as double, pytest.raises(RuntimeError, match="a bug"):
        run(double, tmp_path / "s.db", map(article, range(8)), concurrency=2)
    with Store(tmp_path / "s.db") as store:
        assert store.status().working == 0
        assert store.status().briefs >= 3


def test_a_full_disk_keeps_what_was_paid_for_until_then(tmp_path, monkeypatch):
    """When one brief cannot be kept the run ends with that error, and every other one at work is kept."""
    real = Store.keep

    def full(self, key, brief, run=None):
        if "Esk3 " in brief.article.text:
            raise StoreUnusable("no room is left", "make room")
        return real(self, key, brief, run)

    monkeypatch.setattr(Store, "keep", full)
    with Double(answering) as double, pytest.raises(StoreUnusable, match="no room"):
        run(double, tmp_path / "s.db", map(article, range(8)), concurrency=8)
    with Store(tmp_path / "s.db") as store:
        assert store.status().briefs == 7
        assert store.status().working == 0


def test_a_source_that_blocks_does_not_hold_up_a_stop(tmp_path):
    """A pipe that gives nothing more is left, and what it gave is made."""
    never = threading.Event()

    def source():
        yield article(1)
        never.wait(60)

    async def interrupt(batch):
        while not double.requests:
            await asyncio.sleep(0.02)
        batch.interrupt()

    def before(batch):
        batch.interrupting = asyncio.ensure_future(interrupt(batch))

    began = time.monotonic()
    with Double(answering) as double:
        report, _ = run(double, tmp_path / "s.db", source(), before=before)
    assert time.monotonic() - began < 50  # the source waits 60
    assert report.interrupted
    assert report.made == 1
    never.set()


def test_waiting_at_the_gate_is_not_the_articles_time(tmp_path, monkeypatch):
    """With one request in three seconds, articles with two seconds each are all made."""
    monkeypatch.setattr("summarizer.batch.limits.MINUTE", 3.0)
    limits = Limits(requests_a_minute=1)
    with Double(answering) as double:
        report, _ = run(double, tmp_path / "s.db", map(article, range(3)), limits=limits, time_limit=2.5)
        assert limits.requests == len(double.requests)
    assert report.made == 3


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_a_budget_is_a_number_above_nothing(value):
    """What is none lets everything through, or nothing."""
    with pytest.raises(ConfigurationError):
        Limits(budget_usd=value)
