"""One request to the chat-completions API: sent, streamed in, sent again where that helps, and counted."""

import asyncio
import json
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import openai

from ..schemas.brief import Usage
from .calls import Completion, Message, OnText, Patience, Tally, was_closed
from .clients import Clients
from .endpoints import Endpoint
from .failures import (
    Failed,
    Failure,
    accepted,
    broken_off,
    classify,
    cut_short,
    last_word,
    no_such_api,
    of_status,
    out_of_time,
    retrying,
)
from .gate import Ahead, Done, Gate, Open
from .post import Post, Refused, key_of
from .prices import BATCH_SHARE, cost_of

# Characters after which a stream is left: many times the longest draft, and little memory.
LONGEST_ANSWER = 400_000
_MOST_TOKENS = 10**12  # that a server may say it has read
_MESSAGE_TOKENS = 16  # that mark where a message begins and ends, and whose it is
# A server that cuts a prompt to its window (Ollama) says so by its count only. English has 4 to 5 characters a token,
# JSON and most other languages fewer; below 8,000 characters nothing is cut that a window of today would not hold.
MOST_CHARACTERS_A_TOKEN = 8
LEAST_CHARACTERS = 8000

NETWORK = (httpx2.HTTPError, httpx2.StreamError, OSError, ValueError)  # ValueError: what came is not JSON


class Sender:
    """Everything that goes to one endpoint goes through here."""

    def __init__(self, endpoint: Endpoint, patience: Patience, gate: Gate, post: Post | None = None) -> None:
        self.endpoint = endpoint
        self._patience = patience
        self._gate = gate
        self._post = post
        self._clients = Clients(endpoint)
        self._refused: set[str] = set()

    def requester(
        self, form: Mapping[str, Any], on_text: OnText | None, deadline: float | None, tally: Tally
    ) -> "Requester":
        """A requester for one question, in the running event loop. What it takes is added to `tally`."""
        client = self._clients.get()
        return Requester(
            self.endpoint, client, form, self._patience, self._gate, self._post, self._refused, tally, on_text, deadline
        )

    async def post(self, path: str, body: Mapping[str, Any], wanted: str) -> Any:
        """One field of what llama.cpp's own endpoint at `path` answers. Raises as `Requester.send` does."""
        url = f"{str(self.endpoint.base_url).removesuffix('/v1')}{path}"
        try:
            answer = await named(self._clients.get().post(url, body=dict(body), cast_to=object), self.endpoint)
        except Failed as failed:
            raise failed.failure.error from None
        if not isinstance(answer, dict) or wanted not in answer:
            raise no_such_api(self.endpoint)
        return answer[wanted]

    async def aclose(self) -> None:
        """Close the connections."""
        await self._clients.aclose()


@dataclass(frozen=True, slots=True)
class Requester:
    """Sends messages to `endpoint` and gives what came back, for as long as one question takes.

    `form` is the part of the body that is the same each time; `refused` holds the names in it that the endpoint has
    turned out not to take. `deadline` is loop time.
    """

    endpoint: Endpoint
    client: openai.AsyncOpenAI
    form: Mapping[str, Any]
    patience: Patience
    gate: Gate
    post: Post | None
    refused: set[str]
    tally: Tally
    on_text: OnText | None
    deadline: float | None

    async def send(self, messages: Sequence[Message]) -> Completion:
        """The completion of `messages`; after a failure that may pass they are sent again.

        Raises the errors that `failures.classify` names, ModelTimeout when the call or the article runs out of time,
        and ArticleTooLong when the server has read a part of the messages only; with a post also AnswerAwaited. A
        cancellation closes the connection and passes through.
        """
        if self.post is None:
            return await self._live(messages)
        key, completion = await self._posted(self.post, messages)
        if completion is None:
            completion = await self._live(messages)
            await self.post.keep(key, completion)
        return completion

    async def _posted(self, post: Post, messages: Sequence[Message]) -> tuple[str, Completion | None]:
        """The request's key and what the post has for it, None if it is to be sent at once.

        What an endpoint has turned out not to take is found out anew for each question: in every process the same
        question has to make the same requests.
        """
        refused: set[str] = set()
        ahead = self._ahead(messages, BATCH_SHARE)
        while True:
            form = accepted(self.form, refused)
            extra = form.pop("extra_body", {})
            body = {**form, **extra, "messages": list(messages)}
            key = key_of(body)
            found = await post.answer(key, body, ahead)
            if found is None:
                return key, None
            self.tally.attempts += found.attempts
            if not isinstance(found, Refused):
                break
            failure = of_status(found.status, found.said, self.endpoint)
            if failure.parameter not in form:
                raise failure.error
            refused.add(failure.parameter)
        self.tally.posted.append((found.completion.usage, found.share))
        if self.on_text:
            self.on_text(found.completion.text)
        cut = self._cut_short(messages, found.completion)
        if cut is not None:
            raise cut.error
        return key, found.completion

    async def _live(self, messages: Sequence[Message]) -> Completion:
        before = self.tally.attempts
        try:
            completion: Completion = await retrying(self.patience, self._time_left)(self._once, messages)
        except Failed as failed:
            # Without its cause, which holds the request and the key.
            raise last_word(failed.failure, self.tally.attempts - before) from None
        return completion

    def _time_left(self) -> float:
        if self.deadline is None:
            return float("inf")
        return self.deadline + self.tally.waited - asyncio.get_running_loop().time()

    async def _once(self, messages: Sequence[Message]) -> Completion:
        """One request, told to the gate before and after."""
        if isinstance(self.gate, Open):
            return await self._sent(messages)
        if self._time_left() <= 0:
            raise Failed(Failure(out_of_time(self.endpoint, "the time for this article")))
        ahead = self._ahead(messages)
        arrived = time.monotonic()
        await self.gate.enter(ahead)
        self.tally.waited += time.monotonic() - arrived
        sent, began, counted = time.time(), time.monotonic(), len(self.tally.answered)
        outcome, retry_after = "cancelled", None
        try:
            completion = await self._sent(messages)
            outcome = "answered"
        except Failed as failed:
            outcome, retry_after = type(failed.failure.error).__name__, failed.failure.retry_after
            raise
        finally:
            answered = self.tally.answered[counted:]
            usage = answered[-1] if answered else None
            cost = cost_of(self.endpoint, answered) if usage else None
            self.gate.leave(ahead, Done(outcome, usage, cost, retry_after, sent, time.monotonic() - began))
        return completion

    def _ahead(self, messages: Sequence[Message], share: float = 1.0) -> Ahead:
        """What the request may take at most, at that part of the list price: no token is shorter than a byte."""
        told = sum(len(message["content"].encode()) + _MESSAGE_TOKENS for message in messages)
        told += len(json.dumps(self.form.get("response_format", "")).encode())
        most = Usage(input_tokens=told, output_tokens=self.endpoint.token_limit)
        # For some models, what was cached is the dearer.
        cached = most.model_copy(update={"cached_tokens": told})
        costs = [cost_of(self.endpoint, [each], share) for each in (most, cached)]
        known = [cost for cost in costs if cost is not None]
        return Ahead(told, self.endpoint.token_limit, max(known) if len(known) == len(costs) else None)

    async def _sent(self, messages: Sequence[Message]) -> Completion:
        limit, left = self.endpoint.time_limit, self._time_left()
        if left <= 0:
            raise Failed(Failure(out_of_time(self.endpoint, "the time for this article")))
        if self.tally.attempts and self.on_text:
            self.on_text("")
        self.tally.attempts += 1
        try:
            async with asyncio.timeout(min(limit, left)) as scope:
                completion = await self._stream(messages)
        except (Failed, RuntimeError):  # the latter from a client that was closed before it was asked
            if self.client.is_closed():
                raise Failed(Failure(was_closed(self.endpoint.name))) from None
            raise
        except TimeoutError:
            if not scope.expired():
                raise
            if left < limit:
                raise Failed(Failure(out_of_time(self.endpoint, "the time for this article"))) from None
            # What this machine did not finish it would not finish the second time.
            raise Failed(Failure(out_of_time(self.endpoint, f"{limit:g} s"), passing=self.endpoint.hosted)) from None
        self.tally.answered[-1] = completion.usage
        cut = self._cut_short(messages, completion)
        if cut is not None:
            raise Failed(cut)
        return completion

    def _cut_short(self, messages: Sequence[Message], completion: Completion) -> Failure | None:
        """The failure of a server that has read a part of the messages only."""
        sent = sum(len(message["content"]) for message in messages)
        read = completion.usage.input_tokens if completion.usage else 0
        is_cut = sent > LEAST_CHARACTERS and 0 < read * MOST_CHARACTERS_A_TOKEN < sent
        return cut_short(self.endpoint, read) if is_cut else None

    async def _open(self, messages: Sequence[Message]) -> Any:
        """An answer that has begun. A parameter that the server does not take is left out or renamed from then on."""
        create: Any = self.client.chat.completions.create
        form = accepted(self.form, self.refused)
        body = {**form, "messages": list(messages), "stream": True, "stream_options": {"include_usage": True}}
        try:
            return await named(create(**body), self.endpoint)
        except Failed as failed:
            if failed.failure.parameter not in form:
                raise
            self.refused.add(failed.failure.parameter)
        self.tally.attempts += 1
        return await self._open(messages)

    async def _stream(self, messages: Sequence[Message]) -> Completion:
        stream = await self._open(messages)
        self.tally.answered.append(None)  # until it is whole
        async with stream:
            gathered = _Gathered()
            while (chunk := await named(anext(stream, None), self.endpoint)) is not None:
                text = gathered.add(chunk)
                if text and self.on_text:
                    self.on_text(text)
                if gathered.length > LONGEST_ANSWER:
                    return gathered.completion()
        if not gathered.finish:
            form = stream.response.headers.get("content-type", "")
            streamed = not form or form.startswith("text/event-stream")
            raise Failed(broken_off(self.endpoint) if streamed else Failure(no_such_api(self.endpoint)))
        return gathered.completion()


async def named(awaited: Awaitable[Any], endpoint: Endpoint) -> Any:
    """The result of `awaited`; what the SDK or the network raises becomes a `Failed` that says what it means.

    Only what is awaited is watched, so that an error of the caller's own code stays what it is. So does one that is
    not the network's: the SDK takes whatever is raised below it for a lost connection.
    """
    try:
        return await awaited
    except openai.APIConnectionError as error:
        cause = error.__cause__
        if cause is not None and not isinstance(cause, NETWORK):
            raise cause from None
        raise Failed(classify(error, endpoint)) from error
    except (openai.OpenAIError, RecursionError, *NETWORK) as error:
        raise Failed(classify(error, endpoint)) from error


class _Gathered:
    """The pieces of one stream. Nothing in them is trusted to be of the type that the API names."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.refusal = ""
        self.finish = ""
        self.usage: Usage | None = None

    def add(self, chunk: Any) -> str:
        """Take in one chunk and give the text in it."""
        self.usage = _usage(getattr(chunk, "usage", None)) or self.usage
        added = ""
        choices = getattr(chunk, "choices", None)
        for choice in choices if isinstance(choices, list) else ():
            delta = getattr(choice, "delta", None)
            added += _text(getattr(delta, "content", None))
            self.refusal += _text(getattr(delta, "refusal", None))[: 1000 - len(self.refusal)]
            self.finish = _text(getattr(choice, "finish_reason", None)) or self.finish
        if added:
            self.pieces.append(added)
            self.length += len(added)
        return added

    def completion(self) -> Completion:
        refusal = self.refusal or ("stopped by the provider's filter" if self.finish == "content_filter" else "")
        return Completion("".join(self.pieces), refusal, self.usage)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _usage(value: object) -> Usage | None:
    if value is None:
        return None
    details = getattr(value, "prompt_tokens_details", None)
    return Usage(
        input_tokens=count_of(getattr(value, "prompt_tokens", 0)),
        cached_tokens=count_of(getattr(details, "cached_tokens", 0)),
        output_tokens=count_of(getattr(value, "completion_tokens", 0)),
    )


def count_of(value: object) -> int:
    """A number of tokens, whatever the server wrote in its place."""
    return min(value, _MOST_TOKENS) if isinstance(value, int) and value > 0 else 0
