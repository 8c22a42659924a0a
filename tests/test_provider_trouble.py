"""A batch by the provider's endpoint, where something goes wrong: with requests, with batches, on the way."""

import json

import pytest
from batch_double import BatchDouble, answer, error, expired
from double import fail
from provider_runs import KEY, PRICE, QUOTE, article, briefs, model, posing, run, written

from summarizer import Article, Summarizer
from summarizer.batch import Limits
from summarizer.cli import main
from summarizer.errors import AnswerAwaited, AnswerUnusable, ConfigurationError
from summarizer.llm import Posted, batching
from summarizer.llm.calls import Completion
from summarizer.store import Store


@pytest.fixture
def provider(monkeypatch):
    with posing(monkeypatch) as double:
        yield double


@pytest.fixture
def path(tmp_path):
    return tmp_path / "s.db"


# --- what goes wrong with requests


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        (lambda: error(429, "busy"), "completed"),
        (lambda: error(503, "broken"), "completed"),
        (expired, "expired"),
        (lambda: {"response": {"status_code": 200, "body": {"choices": "none"}}, "error": None}, "completed"),
        (lambda: {"response": {"status_code": "200"}, "error": 7}, "completed"),
        (lambda: None, "completed"),
    ],
    ids=["429", "503", "expired", "malformed answer", "malformed row", "no row"],
)
def test_what_came_to_nothing_is_submitted_three_more_times_and_then_sent(provider, path, bad, status):
    """Only the article concerned goes round again, nothing of it is charged; the ordinary request costs all."""
    provider.model = lambda body: bad() if "Esk1 " in body["messages"][-1]["content"] else model(body)
    provider.status = status
    report = run(path, [article(1), article(2)])
    assert (report.made, report.failed) == (2, 0)
    assert [batch["request_counts"]["total"] or 1 for batch in provider.batches.values()][1:] == [1, 1, 1]
    assert len([each for each in provider.requests if "chat" in each.path]) == 1
    made = briefs(path)
    assert made["Port 1"].audit.cost_usd == pytest.approx(PRICE)
    assert made["Port 2"].audit.cost_usd == pytest.approx(PRICE / 2)
    with Store(path) as store:
        assert (store.status().calls, store.status().unpriced) == (6, 0)


def test_an_answer_that_was_sent_for_is_kept_for_later_rounds(provider, path):
    """The first question of an article went the ordinary way; in the round of the second it is not paid again."""
    provider.model = lambda body: model(body) if "no item yet" in str(body["messages"][-1]) else expired()
    assert run(path, [article(1, QUOTE)]).made == 1
    assert len([each for each in provider.requests if "chat" in each.path]) == 1
    assert briefs(path)["Port 1"].audit.cost_usd == pytest.approx(1.5 * PRICE)


def test_a_refused_request_is_its_articles_failure(provider, path):
    """It keeps the reason and costs nobody else; the next run asks anew."""
    provider.model = lambda body: error(400, "not this") if "Esk1 " in body["messages"][-1]["content"] else model(body)
    report = run(path, [article(1), article(2)])
    assert (report.made, report.failed, report.waiting) == (1, 1, 0)
    assert "refused the request (400): not this" in report.failures[0][1]
    provider.model = model
    assert run(path, [article(1)]).made == 1
    assert len(provider.lines) == 3


def test_what_every_article_would_meet_ends_the_run_and_is_no_failure(provider, path):
    """An empty account: the requests are held, and submitted again by the next run."""
    provider.model = lambda body: error(429, "no credit", code="insufficient_quota")
    report = run(path, [article(1), article(2)])
    assert (report.made, report.failed, report.waiting) == (0, 0, 2)
    assert "quota" in str(report.error)
    provider.model = model
    assert run(path).made == 2


def test_an_unusable_answer_is_asked_for_once_more_and_then_anew(provider, path):
    """Twice nothing of use is a failure; the next run does not find the same answers again."""
    provider.model = lambda body: answer("Sorry, no.")
    report = run(path, [article(1)])
    assert (report.failed, len(provider.lines)) == (1, 2)
    provider.model = model
    assert run(path, [article(1)]).made == 1


def test_a_parameter_that_a_server_does_not_take_is_left_out_in_every_process(path, monkeypatch):
    """The refusal is kept with the article: each process comes to the same second request."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    def reasoning(body):
        if "temperature" in body:
            return error(400, "Unsupported value: 'temperature' does not support 0", param="temperature")
        return model(body)

    with BatchDouble(reasoning) as double:
        for _ in range(3):
            report = run(path, [article(1), article(2)], name="own-model", url=double.base_url, no_wait=True)
        assert ("temperature" in double.lines[0]["body"], len(double.lines)) == (True, 4)
    assert report.made == 2


def test_files_that_nobody_can_trust(provider, path):
    """Rows of nobody, rows of no use, and lines that are none are told and break nothing; odd line ends are no end."""
    strange = [
        *("", "{", '{"custom_id": 7}', "[" * 100_000, "null", "\x00"),
        json.dumps({"custom_id": "nobody's", **answer({})}),
    ]
    provider.spoil = lambda text: "\n".join([*strange, text.replace("on Monday", "on\u2028Monday"), *strange])
    report = run(path, [article(1), article(2)])
    assert (report.made, report.failed) == (2, 0)
    assert report.unknown == 2 * (len(strange) - 1)  # an empty line is nothing
    assert len(provider.lines) == 2


def test_a_line_without_end_is_not_read_into_memory(provider, path, monkeypatch):
    """It is passed over, and the rows behind it count."""
    monkeypatch.setattr(batching, "_LONGEST_LINE", 20_000)
    lengths, real = [], batching._row
    monkeypatch.setattr(batching, "_row", lambda line, endpoint: lengths.append(len(line)) or real(line, endpoint))
    provider.spoil = lambda text: f"{'x' * 500_000}\n{text}"
    report = run(path, [article(1)])
    assert max(lengths) <= 20_000
    assert (report.made, report.unknown, len(provider.lines)) == (1, 1, 1)


def test_a_usage_that_is_none_counts_in_full(provider, path):
    """An answer without a count has no known cost, and takes of the budget all that it could."""
    provider.model = lambda body: answer(written(body), usage="none")
    limits = Limits(budget_tokens=1_000_000)
    run(path, [article(1)], limits=limits)
    assert limits.spent_tokens > 16_000
    assert briefs(path)["Port 1"].audit.cost_usd is None


# --- what goes wrong with batches


def test_a_batch_that_is_not_taken_is_told_and_submitted_by_the_next_run_only(provider, path):
    """With the provider's words, without an endless loop."""
    provider.refusal = "the model `gpt-5-mini` is not for batches"
    report = run(path, [article(1), article(2)])
    assert "a batch of 2 requests: the model `gpt-5-mini` is not for batches (line 1)" in report.stopped
    assert (len(provider.batches), report.waiting) == (1, 2)
    provider.refusal = ""
    assert run(path).made == 2


def test_a_file_that_is_refused_can_be_sent_again(provider, path):
    """There is no batch then: the run ends with the provider's words, and the next one submits."""
    real = provider._serve_batches
    provider._serve_batches = lambda request, reply, path: fail(400, "no room for files")(request, reply)
    report = run(path, [article(1)])
    assert "refused the request (400): no room for files" in str(report.error)
    assert report.waiting == 1
    provider._serve_batches = real
    assert run(path).made == 1


def test_more_than_an_account_may_have_waiting_goes_in_smaller_batches(provider, path):
    """One at a time, each half as large until the provider takes it, without anybody's help."""
    real = provider._create

    def create(body):
        made = real(body)
        provider.refusal, provider.code = "", "token_limit_exceeded"
        if made["request_counts"]["total"] > 2:
            provider.refusal = "Enqueued token limit reached"
        return made

    provider._create = create
    report = run(path, map(article, range(8)))
    assert (report.made, report.stopped) == (8, None)
    assert [batch["request_counts"]["total"] for batch in provider.batches.values()] == [0, 0, 2, 2, 2, 2]


def test_a_store_of_the_version_before_is_brought_up(path, monkeypatch):
    """What was in it is there."""
    from summarizer.store import database

    steps = database._steps()
    monkeypatch.setattr(database, "_steps", lambda: steps[:1])
    with Store(path) as store:
        store._add(article(1))
    monkeypatch.undo()
    with Store(path) as store:
        assert [kept.title for kept in store.articles()] == ["Port 1"]
        assert not store._rows("SELECT * FROM requests")


def test_a_cancelled_batch_keeps_its_answers_and_holds_the_rest(provider, path):
    """Who cancels it at the provider is asked before it is submitted again."""
    provider.status = "cancelled"
    provider.model = lambda body: None if "Esk1 " in body["messages"][-1]["content"] else model(body)
    report = run(path, [article(1), article(2)])
    assert (report.made, report.waiting, len(provider.batches)) == (1, 1, 1)
    assert "was cancelled" in report.stopped


def test_a_server_without_the_endpoint_is_told_in_a_line(path, monkeypatch, capsys, tmp_path):
    """So are the embedded model and Ollama, before anything is read or sent, and without leaving a store."""
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    for name in ("local", "ollama/m", "openrouter/m"):
        command = ["batch", str(tmp_path), "--model", name, "--engine", "provider-batch", "--store", str(path)]
        assert main(command) == 2
        assert "no batch endpoint" in capsys.readouterr().err
    assert not path.exists()
    with BatchDouble(model) as double:
        double._play = lambda request, reply: fail(404, "not here")(request, reply)
        report = run(path, [article(1)], name="m", url=double.base_url)
    assert isinstance(report.error, ConfigurationError)
    assert "has no batch endpoint" in report.stopped


def test_a_provider_that_is_away_for_a_while_is_looked_at_again(provider, path):
    """A day is long: an outage between two looks costs nothing; without waiting it ends the run."""
    broken = iter([True] * 7)
    real = provider._serve_batches

    async def flaky(request, reply, path):
        if request.method == "GET" and next(broken, False):
            await fail(500, "down")(request, reply)
        else:
            await real(request, reply, path)

    provider._serve_batches = flaky
    assert run(path, [article(1)]).made == 1
    broken = iter([True] * 5)
    run(path, [article(2)], no_wait=True)
    report = run(path, no_wait=True)
    assert "answers 500" in str(report.error)
    assert run(path, no_wait=True).made == 1


def test_a_batch_of_another_account_is_told_and_the_others_go_on(provider, path):
    """What the key in use knows nothing of stays where it is."""
    run(path, [article(1)], no_wait=True)
    provider.batches.clear()
    report = run(path, [article(2)])
    assert (report.made, report.waiting) == (1, 1)
    assert "knows no batch batch_1; use the key" in report.stopped


def test_files_hold_no_more_than_the_provider_takes(provider, path):
    """By their number and by their bytes: several batches where there are more."""
    report = run(path, map(article, range(5)), sizes=(2, 10**9))
    assert report.made == 5
    assert [batch["request_counts"]["total"] for batch in provider.batches.values()] == [2, 2, 1]
    a_line = max(len(json.dumps(line)) for line in provider.lines)
    run(path, map(article, range(5, 9)), sizes=(100, round(2.5 * a_line)))
    assert [batch["request_counts"]["total"] for batch in provider.batches.values()][3:] == [2, 2]


# --- nothing on the way swallows a request that only waits


class Stubborn:
    """A post that answers so many requests, and then has none."""

    def __init__(self, answers, say):
        self.left, self.say, self.asked = answers, say, 0

    async def answer(self, key, body, ahead):
        self.asked += 1
        if self.left == 0:
            raise AnswerAwaited("not yet", "later")
        self.left -= 1
        return Posted(Completion(self.say(body)))


def speaking(body):
    """A model that answers a quotation, too, and gives nothing to translate."""
    made = written(body)
    if "positions" in made:
        made["positions"] = [
            {
                "quote": "We sail tomorrow, whatever the weather,",
                "speaker": "Ada Berg",
                "stance": "claims",
                "claim": "Ada Berg sails tomorrow, whatever the weather.",
            }
        ]
    return json.dumps(made)


@pytest.mark.parametrize("language", [None, "de"])
@pytest.mark.parametrize("say", [lambda body: json.dumps(written(body)), speaking, lambda body: "no use"])
def test_a_brief_that_waits_is_no_brief(say, language):
    """At whichever request the answer is missing (the first, one asked again, a translation, a malformed answer sent
    back by instructor): AnswerAwaited comes out."""
    asked = 0
    for answers in range(5):
        post = Stubborn(answers, say)
        with Summarizer("m", base_url="http://127.0.0.1:9/v1", post=post, language=language) as summarizer:
            try:
                summarizer.brief(article(1, QUOTE))
            except AnswerAwaited:
                asked = post.asked
                assert asked == answers + 1
                continue
            except AnswerUnusable:  # of no use twice
                pass
            assert post.asked == answers
            break
    assert asked >= 2


def test_a_part_that_waits_is_not_taken_for_lost(provider, path):
    """A long article in parts, after the provider refused it whole: the first waits longer, and is in the brief."""
    long = Article(text="\n\n".join(article(n, "" if n else QUOTE).text for n in range(50)), title="Long")
    provider.model = lambda body: (
        error(400, "too long", code="context_length_exceeded")
        if len(body["messages"][-1]["content"]) > 5_000
        else model(body)
    )
    report = run(path, [long])
    assert (report.made, report.failures) == (1, [])
    assert len(briefs(path)["Long"].positions) == 1
    reasons = [finding.reason for finding in briefs(path)["Long"].audit.findings]
    assert any("was read in" in reason for reason in reasons)
    assert not any("are not in the brief" in reason for reason in reasons)
