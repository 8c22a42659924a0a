"""The boundary to the models, against a double of the chat-completions API."""

import asyncio
import dataclasses
import json
import logging
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Annotated, Any, Literal

import pytest
from double import Double, Step, events, fail, hang, reset, say, send
from pydantic import BaseModel, ConfigDict, Field

from summarizer.errors import (
    AnswerUnusable,
    ArticleTooLong,
    KeyRefused,
    ModelTimeout,
    ModelUnavailable,
    QuotaExhausted,
    RateLimited,
    RequestRefused,
    ServerNotConnected,
    ServerUnreachable,
    SummarizerError,
    UnknownModel,
)
from summarizer.llm import Answer, ChatModel, Endpoint, Patience, find_endpoint
from summarizer.llm.failures import retry_after
from summarizer.llm.prices import cost_of
from summarizer.schemas.brief import Usage

KEY = "sk-double-0123456789"
QUICK = Patience(attempts=3, first_wait=0.001, longest_wait=0.5)
# An article is text: what looks like a template in it has to reach the model as it stands.
ARTICLE = "The board met on Monday. {{ 7*7 }} {% raw %} {{ self }} “Nobody was told,” Ines Falk said. \ud800"
MESSAGES = [{"role": "system", "content": "Read {{ it }}."}, {"role": "user", "content": ARTICLE}]
SENT = [MESSAGES[0], {"role": "user", "content": ARTICLE.replace("\ud800", "?")}]


class Item(BaseModel):
    """Somebody."""

    model_config = ConfigDict(extra="forbid")
    quote: Annotated[str, Field(min_length=2, max_length=60)]
    title: Annotated[str, Field(max_length=20)]
    kind: Literal["person", "group"]


class Draft(BaseModel):
    """The whole answer."""

    model_config = ConfigDict(extra="forbid")
    people: Annotated[list[Item], Field(max_length=3)]
    notes: list[str]


FALK = {"quote": "Ines Falk said", "title": "chair", "kind": "person"}
GOOD = {"people": [FALK], "notes": []}


def server(double: Double, **changes: Any) -> Endpoint:
    """An endpoint that the double answers for."""
    endpoint = find_endpoint("some-model", base_url=double.base_url, api_key=KEY, environ={})
    return dataclasses.replace(endpoint, **changes)


def posing_as(model: str, double: Double) -> Endpoint:
    """A provider's endpoint, answered for by the double."""
    return dataclasses.replace(find_endpoint(model, api_key=KEY, environ={}), base_url=double.base_url)


def ask(
    endpoint: Endpoint, *, patience: Patience = QUICK, within: float | None = None, **options: Any
) -> Answer[Draft]:
    """Ask for a Draft in an event loop of its own. `within` is the article's time in seconds.

    Somebody looks on, so that the answer is streamed, unless `on_text` is None.
    """
    options = {"on_text": lambda piece: None, **options}

    async def asked() -> Answer[Draft]:
        async with ChatModel(endpoint, patience=patience) as model:
            await model.prepare()  # the first test to run imports the SDK
            deadline = None if within is None else asyncio.get_running_loop().time() + within
            return await model.ask(MESSAGES, Draft, deadline=deadline, **options)

    return asyncio.run(asked())


def refused(endpoint: Endpoint, kind: type[SummarizerError], **options: Any) -> str:
    """The one line that a failing question ends in; it never holds the key."""
    with pytest.raises(kind) as caught:
        ask(endpoint, **options)
    assert type(caught.value) is kind
    line = str(caught.value)
    assert "\n" not in line
    assert KEY not in line
    assert caught.value.__cause__ is None
    return line


def test_an_answer_comes_with_its_usage() -> None:
    """A good answer gives the draft, the tokens with the cached ones, one attempt, and the text as it was written."""
    usage = {"prompt_tokens": 900, "completion_tokens": 40, "prompt_tokens_details": {"cached_tokens": 700}}
    with Double(say(GOOD, usage=usage), key=KEY) as double:
        answer = ask(server(double))
    assert answer.draft == Draft.model_validate(GOOD)
    assert answer.usage == Usage(input_tokens=900, cached_tokens=700, output_tokens=40)
    assert (answer.attempts, answer.cost_usd, answer.rejected) == (1, None, ())
    assert json.loads(answer.text) == GOOD


def test_the_messages_arrive_letter_by_letter() -> None:
    """Braces and percent signs of an article reach the server unchanged; only half a surrogate pair cannot."""
    with Double(say(GOOD)) as double:
        ask(server(double))
    assert double.bodies[0]["messages"] == SENT
    assert double.bodies[0]["stream"] is True


def test_text_is_told_as_it_comes() -> None:
    """`on_text` gets the answer piece by piece, and "" before it begins anew."""
    pieces: list[str] = []
    with Double(say(GOOD, finish=None), say(GOOD)) as double:
        answer = ask(server(double), on_text=pieces.append)
    assert answer.attempts == 2
    assert "".join(pieces[pieces.index("") :]) == answer.text
    assert len(pieces) > 3


def test_an_error_of_the_listener_is_its_own() -> None:
    """What `on_text` raises comes out as it is, and nothing is asked again for it."""

    def broken(text: str) -> None:
        raise LookupError("mine")

    with Double(say(GOOD)) as double, pytest.raises(LookupError, match="mine"):
        ask(server(double), on_text=broken)
    assert len(double.requests) == 1


@pytest.mark.parametrize(
    ("step", "kind", "words"),
    [
        (fail(401, f"Incorrect API key provided: {KEY}"), KeyRefused, "refused the API key; check SUMMARIZER_API_KEY"),
        (fail(403, f"no access\nwith {KEY}"), KeyRefused, "no access with …"),
        (fail(402), QuotaExhausted, "no credit left"),
        (fail(404, code="model_not_found"), UnknownModel, "knows no model 'some-model'"),
        (fail(400, code="model_not_found"), UnknownModel, "knows no model 'some-model'"),
        (fail(400, code="context_length_exceeded"), ArticleTooLong, "does not fit the context window"),
        (fail(400, code=400, kind="exceed_context_size_error"), ArticleTooLong, "does not fit"),
        (fail(400, "This model's maximum context length is 4096 tokens"), ArticleTooLong, "does not fit"),
        (fail(413), ArticleTooLong, "does not fit"),
        (fail(429, code="insufficient_quota"), QuotaExhausted, "quota of the account"),
        (fail(400, "no such field \x1b[31m" + "x" * 900), RequestRefused, "refused the request (400): no such field"),
        (send("", 307, location="http://127.0.0.1:9/v1"), RequestRefused, "answers 307"),
        (send("<html>Welcome</html>"), ServerUnreachable, "base_url often ends in /v1"),
        (send({"choices": []}), ServerUnreachable, "another form than the OpenAI protocol's"),
        (events("no json"), ServerUnreachable, "another form"),
        (events("[" * 5000), ServerUnreachable, "another form"),
        (send("", 501), RequestRefused, "501"),
    ],
)
def test_a_lasting_failure_is_named_at_once(step: Step, kind: type[SummarizerError], words: str) -> None:
    """A failure that asking again does not mend is named in one line after one request, without the key."""
    with Double(step) as double:
        line = refused(server(double), kind)
    assert words in line
    assert "\x1b" not in line
    assert len(line) < 420
    assert len(double.requests) == 1


@pytest.mark.parametrize(
    ("step", "kind", "words"),
    [
        (fail(429), RateLimited, "429, too many requests (3 attempts)"),
        (fail(500, "out of memory"), ServerUnreachable, "answers 500: out of memory (3 attempts)"),
        (fail(529), ServerUnreachable, "529"),
        (reset, ServerUnreachable, "broke (3 attempts)"),
        (say(GOOD, finish=None), ServerUnreachable, "broke (3 attempts)"),
        (events(), ServerUnreachable, "broke (3 attempts)"),
        (events({"error": {"message": "overloaded", "code": 500}}), ServerUnreachable, "broke off its answer: over"),
        (events([], 3, {"choices": [7, {"delta": 5}], "usage": 1}), ServerUnreachable, "broke (3 attempts)"),
    ],
)
def test_a_passing_failure_is_tried_again_and_then_named(step: Step, kind: type[SummarizerError], words: str) -> None:
    """A failure that may pass is tried again as often as patience says, and no more."""
    with Double(step) as double:
        line = refused(server(double), kind)
    assert words in line
    assert len(double.requests) == 3


@pytest.mark.parametrize("step", [fail(429, retry_after="0"), fail(503), reset, say(GOOD, finish=None)])
def test_a_failure_that_passes_is_counted(step: Step) -> None:
    """After a failure the second request brings the answer, and both are counted."""
    with Double(step, say(GOOD)) as double:
        answer = ask(server(double))
    assert (answer.attempts, len(double.requests)) == (2, 2)


def test_retry_after_is_waited_for() -> None:
    """A server that names a wait is asked again after it, not before."""
    with Double(fail(429, retry_after="0.2"), say(GOOD)) as double:
        began = time.monotonic()
        ask(server(double))
    assert time.monotonic() - began > 0.2


@pytest.mark.parametrize(("wait", "within"), [("3600", None), ("50", 30)])
def test_a_wait_that_is_too_long_is_named_at_once(wait: str, within: float | None) -> None:
    """A Retry-After longer than patience, or than the time the article has left, is not waited for."""
    with Double(fail(429, retry_after=wait)) as double:
        line = refused(server(double), RateLimited, within=within)
    assert f"asks to wait {float(wait):,.0f} s" in line
    assert len(double.requests) == 1


def test_retry_after_takes_seconds_and_dates() -> None:
    """Both forms of the header are read; nonsense is as if it were not there."""
    now = datetime(2026, 5, 14, 12, tzinfo=UTC)
    assert retry_after("2.5") == 2.5
    assert retry_after(format_datetime(now + timedelta(seconds=90)), now) == 90
    assert retry_after(format_datetime(now - timedelta(days=1)), now) == 0
    assert retry_after("-3") == 0
    beyond = "Mon, 01 Jan 99999999999999 00:00:00 GMT"
    assert [retry_after(value) for value in (None, "", "soon", "inf", "nan", "1e999", beyond)] == [None] * 7


def test_a_slow_server_ends_the_call() -> None:
    """A call over its limit is a timeout: tried again on a hosted server, not on this machine."""
    with Double(say(GOOD), hang) as double:
        ask(server(double))  # the SDK's first call in a process takes long on a busy machine
        assert "did not finish within 2 s" in refused(server(double, time_limit=2), ModelTimeout)
        assert len(double.requests) == 2
        refused(server(double, time_limit=2, destination="models.example.net"), ModelTimeout)
        assert len(double.requests) == 5


def test_the_article_s_time_ends_everything() -> None:
    """When the article's time runs out in the middle of an answer, no further request is sent."""
    with Double(say(GOOD, pause=60)) as double:
        line = refused(server(double, destination="models.example.net"), ModelTimeout, within=3)
        refused(server(double), ModelTimeout, within=-1)
    assert "the time for this article" in line
    assert len(double.requests) == 1


def test_nobody_there_is_said_with_the_remedy() -> None:
    """A refused connection names host and remedy at once; for Ollama that is its own command."""
    with Double() as double:
        port = double.address.rpartition(":")[2]
    line = refused(find_endpoint("m", base_url=f"http://127.0.0.1:{port}/v1", environ={}), ServerNotConnected)
    assert f"no connection to 127.0.0.1:{port}; start the server" in line  # and no count of attempts
    ollama = find_endpoint("ollama/m", environ={"OLLAMA_HOST": f"127.0.0.1:{port}"})
    assert "ollama serve" in refused(ollama, ServerNotConnected)


def test_cancelling_closes_the_connection() -> None:
    """A cancelled question ends at once, and the server sees its caller go."""
    with Double(say(GOOD, pause=30)) as double:

        async def run() -> None:
            async with ChatModel(server(double), patience=QUICK) as model:
                asked = asyncio.create_task(model.ask(MESSAGES, Draft))
                while not double.requests:
                    await asyncio.sleep(0.005)
                asked.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await asked
                while not double.left:
                    await asyncio.sleep(0.005)

        asyncio.run(asyncio.wait_for(run(), 60))
    assert (double.left, len(double.requests)) == (1, 1)


def test_closing_ends_what_is_under_way() -> None:
    """A question that is being answered when its model is closed ends with an error that says so, and is not resent."""
    with Double(say(GOOD, pause=60)) as double:

        async def run() -> None:
            model = ChatModel(server(double), patience=QUICK)
            asked = asyncio.create_task(model.ask(MESSAGES, Draft))
            while not double.requests:
                await asyncio.sleep(0.005)
            await model.aclose()
            with pytest.raises(ModelUnavailable, match="was closed"):
                await asked

        asyncio.run(asyncio.wait_for(run(), 60))
    assert len(double.requests) == 1


def test_an_error_that_is_not_the_network_s_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake below the SDK, such as a test's cassette without the request, is not taken for a lost connection."""

    async def broken(*_: object, **__: object) -> None:
        raise LookupError("no such cassette")

    with Double(say(GOOD)) as double:
        monkeypatch.setattr("httpx2.AsyncHTTPTransport.handle_async_request", broken)
        with pytest.raises(LookupError, match="no such cassette"):
            ask(server(double))


@pytest.mark.parametrize("model", ["openrouter/a/b", "ollama/qwen3:4b", "own"])
def test_nothing_of_another_provider_is_sent_along(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Organisation, project, headers, key and address that the SDK finds in the environment reach no other server."""
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_WEBHOOK_SECRET"):
        monkeypatch.setenv(name, "openai-only")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/openai-only")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Team: openai-only\nAuthorization: Bearer openai-only")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with Double(say(GOOD)) as double:
        ask(server(double) if model == "own" else dataclasses.replace(posing_as(model, double), destination=None))
    headers = double.requests[0].headers
    assert "openai-only" not in str(headers)
    assert headers["authorization"] == f"Bearer {KEY}"
    assert set(headers) <= {
        "host", "accept", "accept-encoding", "connection", "content-type", "content-length", "user-agent",
        "authorization",
    }  # fmt: skip


def test_openai_gets_its_own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The organisation in the environment does reach OpenAI, for whom it is meant."""
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Double(say(GOOD)) as double:
        ask(posing_as("openai/gpt-5-mini", double))
    assert double.requests[0].headers["openai-organization"] == "org-1"


def test_no_key_sends_no_key() -> None:
    """A server that wants no key gets no Authorization header, not a made-up one; one that wants it is named."""
    with Double(say(GOOD), fail(401)) as double:
        ask(server(double, api_key=None))
        line = refused(server(double, api_key=None), KeyRefused)
    assert "authorization" not in double.requests[0].headers
    assert "wants an API key and there is none; set SUMMARIZER_API_KEY" in line


def test_each_provider_is_asked_in_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The double refuses what the providers refuse, and takes what each endpoint sends."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Double(say(GOOD)) as double:
        for model in ("openai/gpt-5-mini", "openrouter/a/b", "ollama/qwen3:4b"):
            ask(posing_as(model, double), shape=lambda: {"type": "object", "title": "x"})
        openai, openrouter, ollama = double.bodies
    assert openai["max_completion_tokens"] == 16000
    assert "temperature" not in openai
    assert openai["response_format"]["json_schema"]["strict"] is True
    assert openrouter["provider"] == {"require_parameters": True}
    assert (ollama["temperature"], ollama["reasoning_effort"]) == (0, "none")
    assert ollama["response_format"]["json_schema"] == {"name": "Draft", "schema": {"type": "object"}}


@pytest.mark.parametrize("first", ["Sure, here it is!", "[]", "{}", {"who": []}, "{", {"people": [{}], "notes": []}])
def test_an_answer_without_use_is_asked_for_again_once(first: object) -> None:
    """Broken JSON or another schema is asked for once more; the first messages and the form stay as they were."""
    with Double(say(first), say(GOOD)) as double:
        answer = ask(server(double))
    one, two = double.bodies
    assert (answer.draft.people[0].title, answer.attempts, answer.usage.input_tokens) == ("chair", 2, 200)
    assert two["messages"][: len(SENT)] == one["messages"] == SENT
    assert len(two["messages"]) == len(SENT) + 2
    assert {**two, "messages": []} == {**one, "messages": []}


def test_what_is_sent_back_is_bounded() -> None:
    """A runaway answer is not sent back whole, and one cut off at the token limit is asked for again like any other."""
    with Double(say("x" * 30_000, finish="length"), say(GOOD)) as double:
        answer = ask(server(double))
    assert answer.attempts == 2
    assert all(len(message["content"]) <= 4000 for message in double.bodies[1]["messages"])


@pytest.mark.parametrize("finish", ["stop", "length"])
def test_twice_without_use_is_an_error(
    finish: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After two useless answers the article fails with what was wrong, and no library prints anything."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # as in a program that has set up no logging
    with Double(say("Sorry, no.", finish=finish)) as double:
        line = refused(server(double), AnswerUnusable)
    assert "no JSON object" in line
    assert len(double.requests) == 2
    assert capfd.readouterr() == ("", "")


def test_a_failure_of_the_second_question_is_that_failure() -> None:
    """A key revoked, or a limit met, between the two questions is named as what it is, not as a bad answer."""
    with Double(say("no"), fail(401)) as double:
        refused(server(double), KeyRefused)
    with Double(say("no"), fail(503), say(GOOD)) as double:
        assert ask(server(double)).attempts == 3


def test_a_refusal_is_not_asked_again() -> None:
    """A model that declines is not pressed; the error repeats its words."""
    with Double(say("", refusal="I cannot help with that.")) as double:
        line = refused(server(double), AnswerUnusable)
    assert "declined to answer: I cannot help with that." in line
    assert len(double.requests) == 1


def test_a_stream_without_end_is_left() -> None:
    """A server that never stops sending is left after a bounded amount, and what is whole by then is used."""
    endless = '{"people": [' + json.dumps(FALK) + ', {"quote": "' + "x" * 1000
    chunk = {"choices": [{"index": 0, "delta": {"content": "y" * 50_000}, "finish_reason": None}]}

    with Double(events({"choices": [{"delta": {"content": endless}}]}, *[chunk] * 12)) as double:
        answer = ask(server(double))
    assert len(answer.draft.people) == 1
    assert [one.path for one in answer.rejected] == ["people.1", "notes"]
    assert len(answer.rejected[0].text) == 300


def test_costs_add_up_over_all_answers() -> None:
    """Prices come from the list, cached tokens at theirs; unknown is None and never 0, here is 0 and never None."""
    hosted = find_endpoint("openai/gpt-5-mini", api_key="k", environ={})
    call = Usage(input_tokens=1_000_000, cached_tokens=0, output_tokens=0)
    full = cost_of(hosted, [call])
    assert full
    assert cost_of(hosted, [call, call]) == pytest.approx(2 * full)
    assert (cost_of(hosted, [call.model_copy(update={"cached_tokens": 1_000_000})]) or full) < full
    assert cost_of(hosted, [call, None]) is None
    assert cost_of(dataclasses.replace(hosted, model="no-such-model"), [call]) is None
    assert cost_of(find_endpoint("m", base_url="http://127.0.0.1:1/v1", environ={}), [call]) is None
    assert cost_of(find_endpoint("local", environ={}), [None]) == 0
    assert cost_of(find_endpoint("ollama/m", environ={}), [call]) == 0
    assert cost_of(find_endpoint("ollama/m-cloud", environ={}), [call]) is None


def test_a_hosted_model_counts_no_tokens() -> None:
    """Only the embedded model can say how many tokens a text is."""

    async def run() -> None:
        with Double() as double:
            async with ChatModel(server(double)) as model:
                assert await model.count_tokens(MESSAGES) is None
                assert model.context_window is None

    asyncio.run(run())
