"""What hosted servers do beside answering: refuse parameters, cut prompts, break off, hide behind a proxy."""

import asyncio
import dataclasses
import socket
import ssl
import threading
from collections.abc import Iterator

import httpx2
import pytest
from double import Double, Step, events, fail, reset, say
from test_llm import FALK, GOOD, KEY, MESSAGES, QUICK, Draft, ask, posing_as, refused, server

from summarizer.errors import (
    AnswerUnusable,
    ArticleTooLong,
    ConfigurationError,
    ModelUnavailable,
    RequestRefused,
    ServerNotConnected,
)
from summarizer.llm import ChatModel, Patience, find_endpoint
from summarizer.llm.failures import classify

EMPTY = {"people": [], "notes": []}
LONG = [{"role": "user", "content": "word " * 2000}]  # 10,000 characters


# --- parameters


def test_a_reasoning_model_of_a_server_of_ones_own_is_asked_as_it_can_be() -> None:
    """Temperature is left out and the token limit renamed when the server says so, once for all questions."""
    with Double(say(GOOD)) as double:

        async def run() -> list[int]:
            async with ChatModel(server(double, model="gpt-5-mini"), patience=QUICK) as model:
                return [(await model.ask(MESSAGES, Draft)).attempts for _ in range(2)]

        assert asyncio.run(run()) == [3, 1]
    first, *_, last = double.bodies
    assert (first["max_tokens"], first["temperature"]) == (16000, 0)
    assert last["max_completion_tokens"] == 16000
    assert not {"max_tokens", "temperature"} & set(last)


def test_a_parameter_that_is_named_in_the_error_s_own_field_counts() -> None:
    """A server that names the parameter beside its message is understood too."""
    with Double(fail(400, "no", code="unsupported_value", param="temperature"), say(GOOD)) as double:
        assert ask(server(double)).attempts == 2
    assert "temperature" not in double.bodies[1]


@pytest.mark.parametrize(
    "step",
    [
        fail(400, "'temperature' has to be below 2", param="temperature"),
        fail(400, "Unsupported parameter: 'response_format'", param="response_format"),
        fail(422, "Unsupported parameter: 'temperature'"),
    ],
)
def test_other_refusals_stand(step: Step) -> None:
    """A value that is out of bounds, or a parameter that cannot be done without, is refused after one request."""
    with Double(step) as double:
        refused(server(double), RequestRefused)
    assert len(double.requests) == 1


# --- prompts that are cut


@pytest.mark.parametrize(
    ("name", "remedy"), [("ollama/m", "OLLAMA_CONTEXT_LENGTH"), ("own", "a setting of the server")]
)
def test_a_prompt_that_was_cut_is_no_answer(name: str, remedy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A count of prompt tokens far below what was sent means that the model did not read the article."""
    monkeypatch.setattr("test_llm.MESSAGES", LONG)
    with Double(say(GOOD, usage={"prompt_tokens": 1200, "completion_tokens": 20})) as double:
        line = refused(server(double) if name == "own" else posing_as(name, double), ArticleTooLong)
    assert "read only 1,200 tokens of the prompt" in line
    assert remedy in line
    assert len(double.requests) == 1


@pytest.mark.parametrize("tokens", [0, 1300, 2500])
def test_a_count_that_can_be_right_is_believed(tokens: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """No count, and one that a language of long words could have, are no sign of a cut."""
    monkeypatch.setattr("test_llm.MESSAGES", LONG)
    with Double(say(GOOD, usage={"prompt_tokens": tokens, "completion_tokens": 20})) as double:
        assert ask(server(double)).attempts == 1


# --- answers


def test_an_answer_without_any_item_is_asked_for_again() -> None:
    """Lists that are all empty are no answer; the model is told so, and the audit keeps it."""
    with Double(say(EMPTY), say(GOOD)) as double:
        answer = ask(server(double))
    assert answer.draft == Draft.model_validate(GOOD)
    assert "it holds no item" in double.bodies[1]["messages"][-1]["content"]
    assert [one.reason for one in answer.rejected] == ["in a first answer: it holds no item"]


def test_an_empty_answer_twice_is_an_error_unless_it_may_be() -> None:
    """Twice nothing is AnswerUnusable; who asks for what may not be there gets the empty draft at once."""
    with Double(say(EMPTY)) as double:
        assert "it holds no item" in refused(server(double), AnswerUnusable)
        assert len(double.requests) == 2
        answer = ask(server(double), may_be_empty=True)
    assert (answer.draft.people, answer.attempts, answer.rejected) == ([], 1, ())


def test_what_a_first_answer_of_no_use_held_is_kept() -> None:
    """What was rejected before the second answer is told with it, and told apart."""
    with Double(say({"people": [{**FALK, "title": "x" * 30}], "notes": []}), say(GOOD)) as double:
        answer = ask(server(double))
    assert [(one.path, one.reason.partition(" String")[0]) for one in answer.rejected] == [
        ("people.0", "in a first answer: title:")
    ]


def test_half_a_character_in_a_first_answer_does_not_break_the_second_request() -> None:
    """A lone surrogate, which no request can hold, is sent back as a question mark."""
    broken = events({"choices": [{"index": 0, "delta": {"content": "Sorry \ud800 no"}, "finish_reason": "stop"}]})
    with Double(broken, say(GOOD)) as double:
        assert ask(server(double)).attempts == 2
    assert "Sorry ? no" in str(double.bodies[1]["messages"])


# --- costs


@pytest.mark.parametrize(
    ("first", "limit", "known"),
    [(say(GOOD, finish=None), 60, False), (say(GOOD, pause=60), 4, False), (reset, 60, True), (fail(503), 60, True)],
)
def test_an_answer_that_broke_off_has_an_unknown_cost(
    first: Step, limit: float, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hosted answer that began and broke off was paid for, so that the sum is not known; one refused cost nothing."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Double(first, say(GOOD)) as double:
        answer = ask(dataclasses.replace(posing_as("openai/gpt-5-mini", double), time_limit=limit))
    assert answer.attempts == 2
    assert (answer.cost_usd is not None) is known
    assert answer.usage.input_tokens == 100


# --- connections


def test_closing_during_the_wait_before_a_retry() -> None:
    """A question that waits to be asked again when its model is closed ends with the error that says so."""

    async def run() -> None:
        model = ChatModel(server(double), patience=Patience(attempts=3, first_wait=0.01, longest_wait=5))
        asked = asyncio.create_task(model.ask(MESSAGES, Draft))
        while not double.requests:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.1)
        await model.aclose()
        with pytest.raises(ModelUnavailable, match="was closed"):
            await asked

    with Double(fail(503, retry_after="4")) as double:
        asyncio.run(run())
    assert len(double.requests) == 1


@pytest.fixture
def resetting() -> Iterator[tuple[str, list[int]]]:
    """The address of a server that hangs up in the middle of the handshake, and how often it did."""
    times: list[int] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:  # the test is over
                return
            with caller:
                caller.recv(65_536)  # all of its hello: with some of it unread the end would be a reset, without TLS
                times.append(1)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{listener.getsockname()[1]}/v1", times
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_a_handshake_that_breaks_is_tried_again(resetting: tuple[str, list[int]]) -> None:
    """A connection that is reset while it is being secured is a passing failure, not a bad certificate."""
    address, times = resetting
    endpoint = find_endpoint("m", base_url=address, api_key=KEY, environ={})
    line = refused(dataclasses.replace(endpoint, destination="models.example.net"), ServerNotConnected)
    assert "certificate" not in line
    assert len(times) == QUICK.attempts


def test_a_bad_certificate_is_told_at_once() -> None:
    """A certificate that does not hold is named, and not tried again."""
    error = httpx2.ConnectError("x")
    error.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
    failure = classify(error, find_endpoint("openai/m", api_key=KEY, environ={}))
    assert "no certificate that can be trusted" in str(failure.error)
    assert not failure.passing


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALL_PROXY", "socks5h://127.0.0.1:9"),
        ("HTTPS_PROXY", "odd://ann:secret@x"),
        ("HTTPS_PROXY", "127.0.0.1:9x"),
        ("SSL_CERT_FILE", "/nowhere.pem"),
    ],
)
def test_an_environment_that_cannot_be_used_is_named(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy or a file of certificates that is of no use is a wrong setting, told in one line without its password."""
    monkeypatch.setenv(variable, value)
    line = refused(find_endpoint("openai/gpt-5-mini", api_key=KEY, environ={}), ConfigurationError)
    assert variable in line
    assert "secret" not in line
