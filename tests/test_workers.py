"""Workers: briefs made in several processes, with one gate and one store, against a double of the API."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from functools import partial

from double import Double, fail, hang, together
from test_batch import answering, article
from timing import until

from summarizer import Limits, Store, Summarizer
from summarizer.batch import Batch, Workers
from summarizer.errors import KeyRefused


def run(double, path, articles, limits=None, *, before=None, workers=2, **options):
    """One run with workers; gives the report and the events."""
    told, gate = [], limits or Limits()
    make = partial(Summarizer, "some-model", base_url=double.base_url)

    async def work():
        async with make() as summarizer, Workers(make, summarizer.recipe, gate, workers) as helpers:
            batch = Batch(helpers, store, gate, on=told.append, **options)
            beside = asyncio.ensure_future(before(batch, helpers)) if before else None
            try:
                return await batch.run(iter(articles))
            finally:
                if beside:
                    beside.cancel()

    with Store(path) as store:
        return asyncio.run(work()), told


def test_they_share_the_work_and_one_process_keeps_it(tmp_path):
    """Two processes make what one would have made, every call is kept once, and a second run asks nothing."""
    with Double(together(2, answering)) as double:
        report, _ = run(double, tmp_path / "two.db", map(article, range(8)), concurrency=6)
        sent = len(double.requests)
        assert double.most_at_once > 1
        double.steps = (answering,)
        again, _ = run(double, tmp_path / "two.db", map(article, range(8)), concurrency=6)
        assert len(double.requests) == sent
        one, _ = run(double, tmp_path / "one.db", map(article, range(8)), workers=1)
    assert (report.made, report.failed, again.kept, one.made) == (8, 0, 8, 8)
    with Store(tmp_path / "two.db") as store, Store(tmp_path / "one.db") as other:
        assert store.status().calls == sent
        assert store.status().usage == other.status().usage
        made = [
            [brief.model_dump(exclude={"audit": {"seconds"}}) for brief in each.briefs()] for each in (store, other)
        ]
    assert sorted(made[0], key=str) == sorted(made[1], key=str)


def test_one_budget_holds_for_all(tmp_path):
    """What all processes together spend stays within the budget, by the count of the server."""
    budget = 60_000
    with Double(answering) as double:
        report, _ = run(
            double, tmp_path / "s.db", map(article, range(40)), Limits(budget_tokens=budget), concurrency=16
        )
        assert 4_100 * len(double.requests) <= budget
    assert "is left" in report.stopped
    assert report.failed == 0


def test_what_ends_a_run_ends_it_from_a_worker_too(tmp_path):
    """A refused key is an error of the run, not of an article, whichever process met it."""
    with Double(fail(401, "no such key")) as double:
        report, _ = run(double, tmp_path / "s.db", map(article, range(20)), concurrency=4)
        assert len(double.requests) <= 4
    assert isinstance(report.error, KeyRefused)
    assert (report.made, report.failed) == (0, 0)


def test_a_worker_that_is_killed_costs_what_it_had(tmp_path):
    """Its articles fail with the reason, another process takes its place, and the rest is made."""

    killed = threading.Event()

    async def until_killed(request, reply):
        if len(double.requests) > 2:
            await asyncio.to_thread(killed.wait, 60)
        await answering(request, reply)

    async def kill(batch, helpers):
        while batch.report.made < 2 or double.at_once < 4:
            await asyncio.sleep(0.02)
        os.kill(helpers._workers[0]._process.pid, signal.SIGKILL)
        killed.set()

    with Double(until_killed) as double:
        report, told = run(double, tmp_path / "s.db", map(article, range(16)), before=kill, concurrency=4)
        rest, _ = run(double, tmp_path / "s.db", map(article, range(16)), concurrency=4)
    assert report.made + report.failed == 16
    assert 1 <= report.failed <= 4
    assert all("ended by itself" in str(event.error) for event in told if event.what == "failed")
    assert (rest.made, rest.kept) == (report.failed, report.made)


def test_what_is_dropped_is_dropped_there(tmp_path):
    """The second Ctrl-C closes the connections of the workers, leaves no claim, and is soon over."""

    async def drop(batch, helpers):
        while len(double.requests) < 4:
            await asyncio.sleep(0.02)
        batch.interrupt()
        batch.interrupt()

    with Double(hang) as double:
        report, _ = run(double, tmp_path / "s.db", map(article, range(8)), before=drop, concurrency=4)
        until(lambda: double.left == 4)
    assert report.interrupted
    assert report.seconds < 60  # the double hangs for 600
    claims = sqlite3.connect(tmp_path / "s.db").execute("SELECT count(*) FROM claims").fetchone()
    assert claims == (0,)


def test_they_end_with_the_process_that_started_them(tmp_path):
    """Also if that is killed: no process is left behind."""
    code = (
        "import asyncio, sys\nfrom functools import partial\nfrom summarizer import Limits, Summarizer\n"
        "from summarizer.batch import Workers\n"
        "async def main():\n"
        "    make = partial(Summarizer, 'some-model', base_url='http://127.0.0.1:9/v1')\n"
        "    async with Workers(make, make().recipe, Limits(), 2) as workers:\n"
        "        print(*(each._process.pid for each in workers._workers), flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "if __name__ == '__main__':\n    asyncio.run(main())\n"
    )
    script = tmp_path / "main.py"
    script.write_text(code)
    started = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    pids = [int(pid) for pid in started.stdout.readline().split()]
    time.sleep(1)
    started.kill()
    started.wait()
    until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids))
    started.stdout.close()


def test_a_script_without_a_main_guard_is_told(tmp_path):
    """Workers that end at once are no failure of the articles, and the line says what a script needs."""
    script = tmp_path / "main.py"
    script.write_text(
        "import asyncio, os\nfrom functools import partial\nfrom summarizer import Article, Limits, Summarizer\n"
        "from summarizer.batch import Workers\nfrom summarizer.errors import ConfigurationError\n"
        "if __name__ == '__mp_main__':\n    os._exit(7)\n"
        "async def main():\n"
        "    make = partial(Summarizer, 'some-model', base_url='http://127.0.0.1:9/v1')\n"
        "    async with Workers(make, make().recipe, Limits(), 1) as workers:\n"
        "        await workers.abrief(Article(text='The board met.'))\n"
        "try:\n    asyncio.run(main())\nexcept ConfigurationError as error:\n    print(error)\n"
    )
    said = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False)
    assert "exit code 7" in said.stdout
    assert "__main__" in said.stdout
