"""Answers in one piece, as they are asked for where nobody looks on, against a double of the API."""

from typing import Any

import pytest
from double import Double, fail, reset, say, send
from test_llm import FALK, GOOD, KEY, Draft, ask, posing_as, refused, server

from summarizer.errors import AnswerUnusable, ArticleTooLong, QuotaExhausted, ServerUnreachable
from summarizer.llm.sending import LONGEST_BODY
from summarizer.schemas.brief import Usage


def completion(content: object, **changes: Any) -> dict[str, Any]:
    """The body of a chat completion."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    return {"id": "x", "object": "chat.completion", "choices": [choice], **changes}


def test_it_is_the_same_answer() -> None:
    """Draft, count and text are those of a stream, and the request asks for no stream."""
    usage = {"prompt_tokens": 900, "completion_tokens": 40, "prompt_tokens_details": {"cached_tokens": 700}}
    with Double(say(GOOD, usage=usage), key=KEY) as double:
        whole, streamed = ask(server(double), on_text=None), ask(server(double))
    assert whole == streamed
    assert whole.draft == Draft.model_validate(GOOD)
    assert whole.usage == Usage(input_tokens=900, cached_tokens=700, output_tokens=40)
    assert not {"stream", "stream_options"} & set(double.bodies[0])
    plain = {name: value for name, value in double.bodies[1].items() if name not in ("stream", "stream_options")}
    assert plain == double.bodies[0]


def test_what_a_provider_needs_beside_is_sent() -> None:
    """OpenRouter is told not to pick a host that ignores the schema."""
    with Double(say(GOOD)) as double:
        ask(posing_as("openrouter/a/b", double), on_text=None)
    assert double.bodies[0]["provider"] == {"require_parameters": True}


@pytest.mark.parametrize("step", [fail(429, retry_after="0"), fail(503), reset, say(GOOD, finish=None)])
def test_what_may_pass_is_asked_again(step: Any) -> None:
    """A busy server, a reset and an answer that breaks off in the middle cost one more request each."""
    with Double(step, say(GOOD)) as double:
        answer = ask(server(double), on_text=None)
    assert (answer.attempts, len(double.requests)) == (2, 2)
    assert answer.draft == Draft.model_validate(GOOD)


def test_a_parameter_that_is_refused_is_left_out_from_then_on() -> None:
    """As with a stream."""
    words = "Unsupported value: 'temperature' does not support 0 with this model."
    with Double(fail(400, words, param="temperature", code="unsupported_value"), say(GOOD)) as double:
        answer = ask(server(double), on_text=None)
    assert answer.attempts == 2
    assert "temperature" not in double.bodies[1]


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ({"error": {"code": "insufficient_quota", "message": "pay"}}, QuotaExhausted, "used up"),
        ({"error": {"message": "maximum context length is 8192"}}, ArticleTooLong, "does not fit"),
        ({"error": "upstream broke"}, ServerUnreachable, "upstream broke"),
        ({"error": {"message": ["a", KEY]}}, ServerUnreachable, "broke off"),
        ("<html>hello</html>", ServerUnreachable, "another form"),
        ([], ServerUnreachable, "another form"),
        ({"choices": {}}, ServerUnreachable, "another form"),
        ({"choices": []}, ServerUnreachable, "another form"),
        ("[" * 100_000, ServerUnreachable, "another form"),
        ({"choices": [None]}, AnswerUnusable, "no answer"),
        (completion(["a list"]), AnswerUnusable, "no answer"),
        (completion(None, usage={"prompt_tokens": "many"}), AnswerUnusable, "no answer"),
    ],
)
def test_what_is_no_answer_is_one_clear_line(body: object, kind: Any, words: str) -> None:
    """An error with status 200, and whatever else a server may send in the place of an answer."""
    with Double(send(body)) as double:
        assert words in refused(server(double), kind, on_text=None)


def test_counts_and_signs_are_taken_as_they_may_be() -> None:
    """A count that is none is 0, and half a surrogate pair in an answer is no reason to lose it."""
    text = '{"people": [{"quote": "Ines \ud800", "title": "chair", "kind": "person"}], "notes": []}'
    with Double(send(completion(text, usage={"prompt_tokens": -4, "completion_tokens": True}))) as double:
        answer = ask(server(double), on_text=None)
    assert answer.draft.people[0].quote == "Ines ?"
    assert answer.usage.input_tokens == 0


def test_a_body_without_end_is_left() -> None:
    """No more of an answer is taken in than any answer has."""
    with Double(send(completion("x" * LONGEST_BODY))) as double:
        assert "another form" in refused(server(double), ServerUnreachable, on_text=None)


def test_an_answer_of_no_use_is_asked_for_again() -> None:
    """The second question goes the same way."""
    with Double(say("no JSON"), say({"people": [FALK], "notes": []})) as double:
        answer = ask(server(double), on_text=None)
    assert answer.attempts == 2
    assert all("stream" not in body for body in double.bodies)
