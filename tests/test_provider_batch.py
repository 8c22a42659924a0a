"""A batch by the provider's endpoint: the same briefs for half the price, in rounds, and nothing paid for twice."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from batch_double import answer
from double import hang
from provider_runs import KEY, PRICE, QUOTE, article, briefs, ordinary, posing, rows, run, written

from summarizer import Article
from summarizer.batch import Limits
from summarizer.cli import main
from summarizer.llm.post import key_of
from summarizer.store import Store


@pytest.fixture
def provider(monkeypatch):
    with posing(monkeypatch) as double:
        yield double


@pytest.fixture
def path(tmp_path):
    return tmp_path / "s.db"


# --- the whole way


def test_the_briefs_are_the_ordinary_ones_for_half_the_price(provider, path, tmp_path):
    """With a question asked again in a second round: the same requests, the same briefs, half the cost, to the cent."""
    articles = [article(number, QUOTE) for number in range(4)]
    report = run(path, articles)
    assert (report.made, report.waiting, report.failed, report.stopped) == (4, 0, 0, None)
    assert [batch["request_counts"]["total"] for batch in provider.batches.values()] == [4, 4]
    assert not [each for each in provider.requests if "chat" in each.path]
    ordinary(tmp_path / "o.db", articles)
    sent = [key_of({n: v for n, v in each.body.items() if "stream" not in n}) for each in provider.requests]
    assert sorted(sent) == sorted(key_of(line["body"]) for line in provider.lines)
    by_batch, as_ever = briefs(path), briefs(tmp_path / "o.db")
    for title, brief in by_batch.items():
        audit = as_ever[title].audit
        assert audit.cost_usd == pytest.approx(2 * PRICE)
        assert brief.audit.cost_usd == pytest.approx(PRICE)
        same = {"cost_usd": audit.cost_usd, "seconds": audit.seconds}
        assert brief.model_copy(update={"audit": brief.audit.model_copy(update=same)}) == as_ever[title]


def test_every_request_is_one_call_at_half_the_price(provider, path):
    """The store has a row for each, with its usage, and the report the sum."""
    limits = Limits()
    run(path, [article(1), article(2, QUOTE)], limits=limits)
    with Store(path) as store:
        status = store.status()
    assert (status.calls, status.unpriced) == (3, 0)
    assert status.usage.cached_tokens == 3_000
    assert status.cost_usd == pytest.approx(3 * PRICE / 2) == pytest.approx(limits.spent_usd)
    assert rows(path, "SELECT DISTINCT outcome, seconds FROM calls") == [("answered", 90.0)]
    assert limits.requests == 3


def test_a_brief_is_made_over_days_from_any_process(provider, path):
    """Each round from another process, with no source but the first time; answers are collected once."""
    run_once = {"no_wait": True}
    first = run(path, [article(1, QUOTE), article(2)], **run_once)
    assert (first.made, first.waiting, first.stopped) == (0, 2, None)
    again = run(path, [article(1, QUOTE), article(3)], **run_once)
    assert (again.made, again.waiting) == (1, 2)
    last = run(path, **run_once)
    assert (last.made, last.waiting) == (2, 0)
    assert run(path, [article(1, QUOTE), article(2), article(3)], **run_once).kept == 3
    assert len(provider.lines) == 4
    assert rows(path, "SELECT count(*) FROM requests") == rows(path, "SELECT count(*) FROM waiting") == [(0,)]


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
import os
from dataclasses import replace
from provider_runs import *
from summarizer.store import Outbox
PROVIDERS["openai"] = replace(OPENAI, base_url={url!r})
{more}
run({path!r}, [article(number, QUOTE) for number in range(3)], no_wait=True)
"""


def script(provider, path, more=""):
    """A run in another process, whose sets have another order than here."""
    code = SCRIPT.format(tests=os.path.dirname(__file__), url=provider.base_url, path=str(path), more=more)
    env = {**os.environ, "PYTHONHASHSEED": "1"}
    return subprocess.run([sys.executable, "-c", code], check=False, env=env).returncode


def test_a_request_is_the_same_in_every_process(provider, path):
    """Whatever the order of sets in a process, the next finds the answers of the one before."""
    run(path, [article(number, QUOTE) for number in range(3)], no_wait=True)
    assert script(provider, path) == 0
    assert run(path).made == 3
    assert len(provider.lines) == 6


# --- kills


@pytest.mark.parametrize(
    "killed",
    [
        "Outbox.submitted = lambda *_: os._exit(9)",
        "from summarizer.llm.batching import Batches; Batches.submit = lambda *_: os._exit(9)",
        "Outbox.settle = lambda *_, **__: os._exit(9)",
    ],
    ids=["between submit and note", "between intent and submit", "between answers and the end of a batch"],
)
def test_killed_at_any_moment_nothing_is_submitted_twice(provider, path, killed):
    """A rerun finds the batch by its token, or submits it where there is none, and collects what was collected."""
    if "settle" in killed:
        run(path, [article(number, QUOTE) for number in range(3)], no_wait=True)
    for _ in range(2):  # a batch of others that came since is passed over
        provider._create({**_any_batch(provider), "metadata": {"summarizer": "another"}})
    assert script(provider, path, killed) == 9
    report = run(path)
    assert (report.made, report.waiting) == (3, 0)
    asked = [key_of(line["body"]) for line in provider.lines if "other" not in line["custom_id"]]
    assert len(asked) == len(set(asked)) == 6
    assert rows(path, "SELECT count(*), count(DISTINCT provider_id) FROM batches") == [(2, 2)]
    with Store(path) as store:
        assert store.status().calls == 6


def _any_batch(provider):
    line = {"custom_id": "other", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "x"}}
    provider.files["other"] = json.dumps(line) + "\n"
    return {"endpoint": "/v1/chat/completions", "completion_window": "24h", "input_file_id": "other"}


def test_a_batch_whose_making_nobody_confirmed_is_looked_for(provider, path):
    """Where the connection breaks over it, the batch is found by its token, and not made a second time."""
    provider.loses = 1
    assert run(path, [article(1), article(2)]).made == 2
    assert len(provider.batches) == 1


def test_two_processes_submit_and_collect_once(provider, path):
    """A batch that another process is at work on is left to it."""
    with Store(path) as other:
        other.owner += "1"  # another process, which lives
        seen = []

        def before(batch):
            real = batch._batches.submit

            async def submit(file, token):
                seen.append(other.claim(token))
                return await real(file, token)

            batch._batches.submit = submit

        run(path, [article(1)], before=before)
    assert seen == ["busy"]


# --- limits


def test_the_budget_holds_for_what_is_submitted(provider, path):
    """What a request may take at most, at half the price, is reserved until its batch ends; the rest is not sent."""
    run(path, [article(0)], no_wait=True)
    (most,) = rows(path, "SELECT most_usd FROM requests")[0]
    assert 0.016 < most < 0.018  # 16,000 tokens to write at half of 2 dollars a million, and what is read
    report = run(path, map(article, range(1, 6)), limits=Limits(budget_usd=2.5 * most), no_wait=True)
    assert [batch["request_counts"]["total"] for batch in provider.batches.values()] == [1, 2]
    assert "3 requests are not submitted: the next call may take up to $0.01" in report.stopped
    rest = run(path, limits=Limits(budget_usd=1.0))
    assert (rest.made + report.made, rest.waiting) == (6, 0)


def test_what_a_batch_did_not_take_is_there_for_the_next(provider, path):
    """Rounds go on until nothing fits any more: a batch takes less than was reserved for it."""
    limits = Limits(budget_usd=0.0195)  # one request may take 0.0175, and takes 0.0005
    report = run(path, map(article, range(3)), limits=limits)
    assert [batch["request_counts"]["total"] for batch in provider.batches.values()] == [1, 1, 1]
    assert (report.made, report.stopped) == (3, None)


def test_what_an_earlier_run_has_reserved_is_not_reserved_again(provider, path):
    """Collected later, it is in the report, and the budget is for what this run submits."""
    run(path, [article(1)], no_wait=True)
    limits = Limits(budget_usd=0.0177)
    assert run(path, [article(2)], limits=limits).made == 2
    assert limits.spent_usd == pytest.approx(PRICE)


# --- stopping, forgetting, the command


def interrupting(batch, begun, times=1):
    """Interrupt a batch soon after something has begun."""

    async def work():
        while not begun():
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        for _ in range(times):
            batch.interrupt()

    batch.interrupting = asyncio.create_task(work())


def test_interrupted_twice_it_drops_what_is_at_work(provider, path):
    """An upload that hangs is left; the next run finds out that nothing came of it, and submits."""
    real, begun = provider._serve_batches, []

    async def hanging(request, reply, path):
        begun.append(path)
        await hang(request, reply)

    provider._serve_batches = hanging
    report = run(path, [article(1)], before=lambda batch: interrupting(batch, lambda: begun, 2))
    assert (report.interrupted, report.waiting, report.error) == (True, 1, None)
    provider._serve_batches = real
    assert run(path).made == 1
    assert len(provider.lines) == 1


def test_interrupted_it_stops_waiting_and_the_next_run_goes_on(provider, path):
    """What is submitted stays submitted."""
    provider.looks = 10**9
    began = time.monotonic()

    report = run(path, [article(1)], before=lambda batch: interrupting(batch, lambda: provider.batches), poll=600)
    assert time.monotonic() - began < 60
    assert (report.interrupted, report.waiting, report.stopped) == (True, 1, "interrupted")
    provider.looks = 1
    assert run(path).made == 1
    assert len(provider.lines) == 1


def test_what_is_forgotten_waits_for_nothing(provider, path):
    """No byte of its requests is left, nor of its answer, which is ignored and told when it comes."""
    secret = Article(text="Everything about the Vellamund-Absprache was agreed on Monday in the port of Esk.")
    run(path, [secret, article(1)], no_wait=True)
    with Store(path) as store:
        assert b"Vellamund" in b"".join(each.read_bytes() for each in path.parent.glob("s.db*"))
        assert store.forget(secret.id)
    assert b"Vellamund" not in b"".join(each.read_bytes() for each in path.parent.glob("s.db*"))
    report = run(path)
    assert (report.made, report.waiting, report.unknown) == (1, 0, 1)
    with Store(path) as store:
        store.prune(time.time() + 1)
    assert rows(path, "SELECT (SELECT count(*) FROM requests), (SELECT count(*) FROM waiting)") == [(0, 0)]


def test_no_key_is_kept(provider, path):
    """Neither in the store nor in what is uploaded."""
    run(path, [article(1)], no_wait=True)
    assert KEY.encode() not in b"".join(each.read_bytes() for each in path.parent.glob("s.db*"))
    assert KEY not in str(provider.files)


@pytest.mark.parametrize("other", [{"name": "openai/gpt-5-nano"}, {"language": "en"}])
def test_another_model_or_language_is_another_matter(provider, path, other):
    """What waits with the one is not taken up with the other, also where its answer is there; it is told."""
    run(path, [article(1)], no_wait=True)
    report = run(path, [article(2)], **other)
    assert (report.made, report.waiting, report.others) == (1, 0, 1)
    assert run(path).made == 1
    assert len(provider.lines) == 2


def test_half_a_surrogate_pair_comes_through(provider, path):
    """Neither the article nor an answer that JSON and SQLite cannot hold as they are is lost over the way."""
    odd = Article(text="“We sail \ud83d tomorrow,” said Ada Berg, the mayor of Esk, on Monday.", title="T \ud83d")
    provider.model = lambda body: answer(json.dumps(written(body))[:-1] + ', "x": "\\ud83d"}')
    run(path, [odd], no_wait=True)
    assert run(path).made == 1
    with Store(path) as store:
        kept = next(iter(store.briefs())).article
    assert (kept.id, kept.text, kept.title) == (odd.id, odd.text, odd.title)


def test_the_command_submits_waits_and_reports(provider, path, tmp_path, capsys):
    """The report says what waits and how to go on; --no-wait ends at once, and sources may be left out."""
    folder = tmp_path / "desk"
    folder.mkdir()
    for number in range(2):
        (folder / f"{number}.txt").write_text(article(number).text)
    common = ["--model", "openai/gpt-5-mini", "--engine", "provider-batch", "--store", str(path), "--poll", "0.05"]
    assert main(["batch", str(folder), *common, "--no-wait"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("0 made, 0 there already, 2 waiting for the provider; ")
    assert "the same command, also without sources, goes on with what waits\n" in said
    assert main(["batch", str(folder), *common, "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("0 new, 0 there already, 2 waiting")
    assert main(["batch", *common, "-f", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["made"], told["waiting"], told["requests"]) == (2, 0, 2)
    assert told["cost_usd"] == pytest.approx(PRICE, abs=1e-6)
    assert main(["batch", "--model", "openai/gpt-5-mini"]) == 2
    assert "SOURCES" in capsys.readouterr().err


def test_the_log_has_what_waits_and_what_a_batch_went_through(provider, path, tmp_path):
    """Submitted, in progress, completed, with the provider's name for it; each answer is a call of its article."""
    provider.looks = 2
    source, log = tmp_path / "a.txt", tmp_path / "log.jsonl"
    source.write_text(article(1).text)
    common = ["--model", "openai/gpt-5-mini", "--engine", "provider-batch", "--store", str(path), "--poll", "0.05"]
    assert main(["batch", str(source), *common, "--log", str(log)]) == 0
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [each["event"] for each in told if each["event"] not in ("article_begun", "batch")] == [
        *("run_begun", "waiting", "call", "made", "run_ended"),
    ]
    batches = [(each["outcome"], each["batch"]) for each in told if each["event"] == "batch"]
    assert batches == [(state, "batch_1") for state in ("submitted", "in_progress", "completed")]
    assert {each["article"] for each in told if each["event"] in ("waiting", "call", "made")} == {article(1).id}
    assert (told[-1]["waiting"], told[-1]["requests"], told[-1]["outcome"]) == (0, 1, "done")


def test_several_processes_are_refused(provider, path, capsys):
    """In one line, before anything is opened or sent."""
    command = ["batch", "--model", "openai/gpt-5-mini", "--engine", "provider-batch", "--store", str(path)]
    assert main([*command, "--workers", "2"]) == 2
    said = capsys.readouterr().err
    assert (said.startswith("error: "), said.count("\n")) == (True, 1)
    assert "leave --workers out" in said
    assert not path.exists()
    assert not provider.requests


def test_ctrl_c_in_a_terminal_ends_the_waiting(provider, path, tmp_path):
    """The program ends with 130 and says how to go on."""
    provider.looks = 10**9
    (tmp_path / "a.txt").write_text(article(1).text)
    command = ["batch", str(tmp_path / "a.txt"), "--model", "m", "--base-url", provider.base_url, "--store", str(path)]
    code = f"from summarizer.cli import main; raise SystemExit(main({[*command, '--engine', 'provider-batch']!r}))"
    env = {**os.environ, "SUMMARIZER_API_KEY": KEY}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=env) as process:
        while not any(batch["looks"] or batch["status"] for batch in provider.batches.values()):
            time.sleep(0.05)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "1 waiting for the provider" in out
    assert "the same command goes on from here" in out
