"""One request to the chat-completions API: sent, its answer taken in, sent again where that helps, and counted.

An answer is streamed in where somebody looks on, and from the embedded engine; else it comes in one piece: the SDK
takes half a millisecond for each piece of a stream, half a second for a brief.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import openai

from ..schemas.brief import Usage
from .calls import SLOT, Completion, Message, OnText, Patience, Tally, was_closed
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
from .gathering import Gathered, whole_answer
from .post import Answered, Post, Posted, Refused, key_of
from .prices import BATCH_SHARE, cost_of
from .rates import rates_of

# Characters after which a stream is left: many times the longest draft, and little memory.
LONGEST_ANSWER = 400_000
LONGEST_BODY = 16 * LONGEST_ANSWER  # bytes of an answer in one piece: signs may be written as escapes
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
        self, form: Mapping[str, Any], on_text: OnText | None, deadline: float | None, tally: Tally, begun: bool = False
    ) -> "Requester":
        """A requester for one question, in the running event loop. What it takes is added to `tally`."""
        client = self._clients.get()
        return Requester(
            self.endpoint,
            client,
            form,
            self._patience,
            self._gate,
            self._post,
            self._refused,
            tally,
            on_text,
            deadline,
            begun,
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
    turned out not to take. `deadline` is loop time. `begun` is for the gate: whether another question came before.
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
    begun: bool = False

    async def send(self, messages: Sequence[Message]) -> Completion:
        """The completion of `messages`; after a failure that may pass they are sent again.

        Raises the errors that `failures.classify` names, ModelTimeout when the call or the article runs out of time,
        and ArticleTooLong when the server has read a part of the messages only; with a post also AnswerAwaited. A
        cancellation closes the connection and passes through.
        """
        if self.post is None:
            return await self._live(messages, None)
        key, completion = await self._posted(self.post, messages)
        return await self._live(messages, key) if completion is None else completion

    async def _posted(self, post: Post, messages: Sequence[Message]) -> tuple[str, Completion | None]:
        """The request's key and what the post has for it, None if it is to be sent at once.

        What an endpoint has turned out not to take is found out anew for each question: in every process the same
        question has to make the same requests.
        """
        refused: set[str] = set()
        while True:
            form = accepted(self.form, refused)
            extra = {name: value for name, value in form.pop("extra_body", {}).items() if name != SLOT}
            body = {**form, **extra, "messages": list(messages)}
            key = key_of(body)
            found = await post.answer(key, body, lambda: self._ahead(messages, BATCH_SHARE))
            if found is None:
                return key, None
            self.tally.attempts += found.attempts
            if not isinstance(found, Refused):
                break
            failure = of_status(found.status, found.said, self.endpoint)
            if failure.parameter not in form:
                raise failure.error
            refused.add(failure.parameter)
        self.tally.posted += [(None, found.share)] * found.broken + [(found.completion.usage, found.share)]
        if self.on_text:
            self.on_text(found.completion.text)
        cut = self._cut_short(messages, found.completion)
        if cut is not None:
            raise cut.error
        return key, found.completion

    async def _live(self, messages: Sequence[Message], key: str | None) -> Completion:
        before = self.tally.attempts, len(self.tally.answered)
        try:
            send = retrying(self.patience, self._time_left)
            completion: Completion = await send(self._once, messages, key, before)
        except Failed as failed:
            # Without its cause, which holds the request and the key.
            raise last_word(failed.failure, self.tally.attempts - before[0]) from None
        return completion

    def _time_left(self) -> float:
        if self.deadline is None:
            return float("inf")
        return self.deadline + self.tally.waited - asyncio.get_running_loop().time()

    async def _once(self, messages: Sequence[Message], key: str | None, before: tuple[int, int]) -> Completion:
        """One request, told to the gate before and after, with its answer if that has a key. `before` are the requests
        and the answers of the tally when this question was first sent."""
        if isinstance(self.gate, Open):
            return await self._sent(messages)
        if self._time_left() <= 0:
            raise Failed(Failure(out_of_time(self.endpoint, "the time for this article")))
        ahead = self._ahead(messages)
        arrived = time.monotonic()
        await self.gate.enter(ahead)
        self.tally.waited += time.monotonic() - arrived
        sent, began, counted = time.time(), time.monotonic(), len(self.tally.answered)
        outcome, retry_after, self.tally.rates = "cancelled", None, None
        answer: Answered | None = None
        try:
            completion = await self._sent(messages)
            outcome = "answered"
            if key is not None:
                broken = len(self.tally.answered) - before[1] - 1
                answer = Answered(key, Posted(completion, self.tally.attempts - before[0], broken=broken))
        except Failed as failed:
            outcome, retry_after = type(failed.failure.error).__name__, failed.failure.retry_after
            raise
        finally:
            answered = self.tally.answered[counted:]
            usage = answered[-1] if answered else None
            cost = cost_of(self.endpoint, answered) if usage else None
            now, heard = time.monotonic(), self.tally.rates
            rates = heard[0].later(now - heard[1]) if heard else None
            self.gate.leave(ahead, Done(outcome, usage, cost, retry_after, sent, now - began, rates, answer))
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
        cost = max(known) if len(known) == len(costs) else None
        return Ahead(told, self.endpoint.token_limit, cost, self.begun or self.tally.attempts > 0)

    async def _sent(self, messages: Sequence[Message]) -> Completion:
        limit, left = self.endpoint.time_limit, self._time_left()
        if left <= 0:
            raise Failed(Failure(out_of_time(self.endpoint, "the time for this article")))
        if self.tally.attempts and self.on_text:
            self.on_text("")
        self.tally.attempts += 1
        try:
            async with asyncio.timeout(min(limit, left)) as scope:
                completion = await (self._stream(messages) if self._streams else self._whole(messages))
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

    @property
    def _streams(self) -> bool:
        return self.on_text is not None or self.endpoint.provider == "local"

    async def _open(self, open_answer: Callable[[dict[str, Any]], Awaitable[Any]], messages: Sequence[Message]) -> Any:
        """An answer that has begun. A parameter that the server does not take is left out or renamed from then on."""
        form = accepted(self.form, self.refused)
        try:
            answer = await named(open_answer({**form, "messages": list(messages)}), self.endpoint)
        except Failed as failed:
            if isinstance(failed.__cause__, openai.APIStatusError):
                self.tally.hear(rates_of(failed.__cause__.response.headers))
            if failed.failure.parameter not in form:
                raise
            self.refused.add(failed.failure.parameter)
        else:
            self.tally.hear(rates_of(answer.response.headers))
            return answer
        self.tally.attempts += 1
        return await self._open(open_answer, messages)

    async def _whole(self, messages: Sequence[Message]) -> Completion:
        """The completion of an answer in one piece, of which no more than LONGEST_BODY is taken in."""
        post: Any = self.client.post  # `create` would read all that comes

        def opened(body: dict[str, Any]) -> Awaitable[Any]:
            beside = {"extra_json": body.pop("extra_body", {})}
            unread = {"stream": True, "stream_cls": openai.AsyncStream[object]}
            answer: Awaitable[Any] = post("/chat/completions", body=body, cast_to=object, options=beside, **unread)
            return answer

        async with await self._open(opened, messages) as answer:
            self.tally.answered.append(None)  # until it is whole
            data, pieces = bytearray(), answer.response.aiter_bytes()
            while (piece := await named(anext(pieces, None), self.endpoint)) is not None:
                data += piece
                if len(data) > LONGEST_BODY:
                    raise Failed(Failure(no_such_api(self.endpoint)))
        return whole_answer(bytes(data), self.endpoint)

    async def _stream(self, messages: Sequence[Message]) -> Completion:
        create: Any = self.client.chat.completions.create
        stream = await self._open(
            lambda body: create(**body, stream=True, stream_options={"include_usage": True}), messages
        )
        self.tally.answered.append(None)  # until it is whole
        async with stream:
            gathered = Gathered()
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
