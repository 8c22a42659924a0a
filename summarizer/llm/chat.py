"""The boundary to every model: messages and a schema go in, a validated draft and what it took come out.

    ask ── first answer (SDK, streamed) ── read_answer ──► draft
                                              │ nothing of use
                                instructor asks again, once ── read_answer ──► draft, or AnswerUnusable

An answer of which some items are good is kept without the others being asked for again: a second answer costs as much
as the first, and the caller asks again for the items that it wants.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from ..errors import AnswerUnusable
from ..schemas.brief import Usage
from .calls import Completion, Message, OnText, Patience, was_closed
from .endpoints import Endpoint
from .prices import cost_of
from .reading import Reading, Rejected, read_answer
from .schema_dialects import write_schema

if TYPE_CHECKING:
    from .sending import Sender

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A draft and how it came about.

    `attempts` counts every request sent, failed ones too. `usage` and `cost_usd` add up all answers; the cost is None
    where a price or a count is not known, and 0 for a model on this machine. `text` is the JSON as the model wrote it.
    `rejected` says what of it is not in the draft.
    """

    draft: T
    usage: Usage
    attempts: int
    cost_usd: float | None
    text: str
    rejected: tuple[Rejected, ...] = ()


class Running(Protocol):
    """An engine that answers at `base_url` to whoever sends `api_key`, with a window of `context` tokens."""

    base_url: str
    api_key: str
    context: int

    def close(self) -> None:
        """Stop it. Blocks for a moment; does nothing the second time."""


class ChatModel:
    """A model to ask, hosted or embedded. Safe to share between tasks, event loops and threads; close it when done.

    `start` brings and starts the engine of an embedded model (it blocks; it is called once, in a thread); None for a
    model that answers at `endpoint.base_url` already. `context_window` is the window of that engine in tokens, None
    for any other model.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        patience: Patience | None = None,
        start: Callable[[], Running] | None = None,
        context_window: int | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.context_window = context_window
        self._patience = patience or Patience()
        self._start = start
        self._lock = threading.Lock()
        self._engine: Running | None = None
        self._sender: Sender | None = None
        self._closed = False

    @property
    def name(self) -> str:
        """The model's name for the audit, such as `local/qwen2.5-coder-1.5b`. It holds no key."""
        return self.endpoint.name

    @property
    def destination(self) -> str | None:
        """The host that texts go to; None if they stay on this machine."""
        return self.endpoint.destination

    @property
    def parallel(self) -> int:
        """How many questions at a time are worth while."""
        return self.endpoint.parallel

    def describe(self) -> str:
        """`name`."""
        return self.name

    async def prepare(self) -> None:
        """Bring and start the embedded model if that has not been done, and load the SDK; `ask` does it too.

        The first time can take minutes (fetching) or seconds (loading), which is better kept off an article's time
        limit. A cancellation leaves the start to finish in its thread. Raises what the start raises, such as
        ModelNotFetched, and ModelUnavailable after `aclose`.
        """
        await self._ready()

    async def ask(
        self,
        messages: Sequence[Message],
        schema: type[T],
        *,
        shape: Mapping[str, Any] | None = None,
        on_text: OnText | None = None,
        deadline: float | None = None,
    ) -> Answer[T]:
        """The model's answer to `messages` as a `schema`, as far as it validates.

        `shape` is a JSON Schema to write by in place of the schema's own, for an engine with a grammar; it is left
        aside where the provider takes no such detail. `on_text` is called with each piece of the answer as it comes,
        and with "" where the answer begins anew. `deadline` is in the running loop's time; each call also has the
        endpoint's own limit.

        Raises ArticleTooLong, UnknownModel, AnswerUnusable, and the kinds of ModelUnavailable. Nothing of the SDKs
        comes through; a cancellation does, at once, and closes the connection.
        """
        sender = await self._ready()
        requester = sender.requester(self._form(schema, shape), on_text, deadline)
        given = [_plain(message) for message in messages]
        completion = await requester.send(given)
        reading = self._read(completion, schema)
        if reading.draft is None:
            from .reasking import ask_again  # noqa: PLC0415 - instructor takes 0.2 s to import, and is rarely needed

            again = await ask_again(requester, given, schema, completion)
            second = self._read(again, schema)
            completion, reading = again, second if second.draft is not None else reading
        if reading.draft is None:
            raise self._unusable(reading.rejected)
        tally = requester.tally
        cost = cost_of(self.endpoint, tally.answered)
        return Answer(reading.draft, tally.usage, tally.attempts, cost, completion.text, reading.rejected)

    async def count_tokens(self, messages: Sequence[Message]) -> int | None:
        """How many tokens `messages` are for the embedded model, its chat template included; None for any other.

        Asked of llama.cpp's own server (`/apply-template`, then `/tokenize`), so it is what `ask` would send.
        """
        if self._start is None:
            return None
        sender = await self._ready()
        body: dict[str, Any] = {"messages": [_plain(message) for message in messages]}
        prompt = await sender.post("/apply-template", body, "prompt")
        body = {"content": prompt, "add_special": True, "parse_special": True}
        return len(await sender.post("/tokenize", body, "tokens"))

    async def aclose(self) -> None:
        """Close the connections and stop the engine. Does nothing the second time."""
        self._closed = True
        if self._sender is not None:
            await self._sender.aclose()
        if self._engine is not None:
            await _in_thread(self._stop_engine)

    async def __aenter__(self) -> "ChatModel":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _ready(self) -> "Sender":
        if self._sender is None and not self._closed:
            await _in_thread(self._get_ready)
        if self._sender is None or self._closed:
            raise was_closed(self.name)
        return self._sender

    def _get_ready(self) -> None:
        """Start the engine if there is one, and load the SDK. The lock is a thread's: several loops may wait for it."""
        from .sending import Sender  # noqa: PLC0415 - the SDK takes a second to import: here, off the event loop

        with self._lock:
            if self._sender is None and not self._closed:
                if self._start is not None:
                    engine = self._engine = self._start()
                    self.context_window = engine.context
                    self.endpoint = replace(self.endpoint, base_url=engine.base_url, api_key=engine.api_key)
                self._sender = Sender(self.endpoint, self._patience)
        if self._closed:
            self._stop_engine()

    def _stop_engine(self) -> None:
        """Stop the engine. One that is still being started is stopped by the thread that starts it."""
        if self._lock.acquire(blocking=False):
            with contextlib.ExitStack() as stack:
                stack.callback(self._lock.release)
                engine, self._engine = self._engine, None
                if engine is not None:
                    engine.close()

    def _form(self, schema: type[BaseModel], shape: Mapping[str, Any] | None) -> dict[str, Any]:
        """The part of the body that is the same for each request."""
        endpoint = self.endpoint
        asked: dict[str, Any] = {"name": schema.__name__, "schema": write_schema(schema, endpoint.dialect, shape)}
        if endpoint.dialect == "strict":
            asked["strict"] = True
        form: dict[str, Any] = {
            "model": endpoint.model,
            "response_format": {"type": "json_schema", "json_schema": asked},
            endpoint.token_field: endpoint.token_limit,
        }
        if endpoint.temperature is not None:
            form["temperature"] = endpoint.temperature
        return {**form, "extra_body": dict(endpoint.extra)} if endpoint.extra else form

    def _read(self, completion: Completion, schema: type[T]) -> Reading[T]:
        if completion.refusal and not completion.text:
            what = f"{self.name} declined to answer: {completion.refusal[:200]}"
            raise AnswerUnusable(what, "try another model")
        return read_answer(completion.text, schema)

    def _unusable(self, rejected: Sequence[Rejected]) -> AnswerUnusable:
        reasons = "; ".join(f"{one.path}: {one.reason}".removeprefix(": ") for one in rejected[:3])
        what = f"{self.name} gave no answer that can be used ({reasons[:200]})"
        return AnswerUnusable(what, "try again, or name another model")


def _plain(message: Message) -> dict[str, str]:
    """The message as the API takes it. Half a surrogate pair, which no request can hold, becomes a question mark."""
    return {"role": message["role"], "content": message["content"].encode(errors="replace").decode()}


async def _in_thread(function: Callable[[], None]) -> None:
    """Run `function` in a thread that does not hold up the end of the program, as one of asyncio's own would.

    Somebody who interrupts the program should not have to wait until a model is fetched.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def tell(error: BaseException | None) -> None:
        if not done.done():
            done.set_exception(error) if error else done.set_result(None)

    def run() -> None:
        error: BaseException | None = None
        try:
            function()
        except BaseException as raised:  # noqa: BLE001 - raised again by the one who waits
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits any more
            loop.call_soon_threadsafe(tell, error)

    threading.Thread(target=run, daemon=True, name="model").start()
    await done
