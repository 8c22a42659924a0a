"""The boundary to every model: messages and a schema go in, a validated draft and what it took come out.

    ask ── first answer (SDK, streamed) ── read_answer ──► draft
                                              │ nothing of use
                                instructor asks again, once ── read_answer ──► draft, or AnswerUnusable

An answer of which some items are good is kept without the others being asked for again: a second answer costs as much
as the first, and the caller asks again for the items that it wants.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextvars import ContextVar
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from ..errors import AnswerUnusable, ConfigurationError, ModelUnavailable, ServerUnreachable, SummarizerError
from ..loop import in_thread
from ..schemas.brief import Usage
from .calls import SLOT, Completion, Message, OnText, Patience, Tally, plain, was_closed
from .endpoints import Endpoint
from .gate import Gate, Open
from .post import Post
from .prices import cost_of_all
from .reading import Reading, Rejected, read_answer, with_an_item
from .schema_dialects import write_schema

if TYPE_CHECKING:
    from .batching import Batches
    from .sending import Requester, Sender

T = TypeVar("T", bound=BaseModel)
R = TypeVar("R")

_SLOT: ContextVar[int | None] = ContextVar("slot", default=None)
SHELVED = "beginning"  # the file in the engine's own folder that holds what all questions begin with
CLOSING = 1.0  # seconds that closing waits for a fetch to put away what it has begun: it looks every 0.2 s
DYING = 0.5  # seconds between the end of a process's connections and that of the process, at most


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A draft and how it came about.

    `attempts` counts every request sent, failed ones too. `usage` and `cost_usd` add up all answers; the cost is None
    where a price or a count is not known, and 0 for a model on this machine. `text` is the JSON as the model wrote it.
    `rejected` says what of it is not in the draft, and what was wrong with a first answer of no use.
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

    @property
    def running(self) -> bool:
        """Whether it is there: not closed, and not ended by itself."""

    def ended(self) -> ModelUnavailable:
        """The error that says why it is not running."""

    def clear_shelf(self) -> None:
        """Remove what a slot has put down for the others."""

    def close(self) -> None:
        """Stop it. Blocks for a moment; does nothing the second time."""


# Brings and starts an engine; blocks. A fetch ends early, with an error, when the event is set.
Start = Callable[[threading.Event], Running]


@dataclass(slots=True)
class _Line:
    """The way to the model: who sends, and the engine at the other end if it is ours.

    `ahead` is done when that has read what all questions begin with; several event loops may wait for it.
    """

    sender: "Sender"
    engine: Running | None
    ahead: Future[None] | None = None

    @property
    def dead(self) -> bool:
        return self.engine is not None and not self.engine.running


class ChatModel:
    """A model to ask, hosted or embedded. Safe to share between tasks, event loops and threads; close it when done.

    `start` brings and starts the engine of an embedded model, in a thread, when it is first needed and again if it has
    ended by itself; None for a model that answers at `endpoint.base_url` already. `context_window` is the window of
    that engine in tokens, None for any other model. `rewords` says whether it is worth while to ask it again for a
    sentence that was refused. Every request passes the `gate`; a `post` is asked for its answer first.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        patience: Patience | None = None,
        start: Start | None = None,
        context_window: int | None = None,
        rewords: bool = True,
        gate: Gate | None = None,
        post: Post | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.rewords = rewords
        self.context_window = context_window
        self.gate = gate or Open()
        self._post = post
        self._patience = patience or Patience()
        self._start = start
        self._lock = threading.Lock()  # held while an engine is started, so never waited for in an event loop
        self._line: _Line | None = None
        self._waiting: set[object] = set()  # who waits for the start that is under way
        self._stop = threading.Event()  # ends the fetch that is under way
        self._closed = False
        self._slots: queue.SimpleQueue[int] = queue.SimpleQueue()  # of the embedded engine, those that are free
        for slot in range(endpoint.parallel if start is not None and endpoint.parallel > 1 else 0):
            self._slots.put(slot)

    @property
    def name(self) -> str:
        """The model's name for the audit, such as `local/qwen2.5-coder-1.5b`. It holds no key."""
        return self.endpoint.name

    @property
    def destination(self) -> str | None:
        """The host that texts go to; None if they stay on this machine."""
        return self.endpoint.destination

    @property
    def is_embedded(self) -> bool:
        """Whether it runs in an engine that is started here."""
        return self._start is not None

    @property
    def parallel(self) -> int:
        """How many questions at a time are worth while."""
        return self.endpoint.parallel

    def batches(self) -> "Batches":
        """The provider's batch endpoint; close it when done. Raises ConfigurationError for a provider without one."""
        if not self.endpoint.batches:
            what = f"{self.name} has no batch endpoint"
            raise ConfigurationError(what, "leave --engine away, or name a model of a provider that has one")
        from .batching import Batches  # noqa: PLC0415 - the SDK takes a second to import

        return Batches(self.endpoint, self._patience)

    async def prepare(self) -> None:
        """Bring and start the embedded model if that has not been done, and load the SDK; `ask` does it too.

        The first time can take minutes (fetching) or seconds (loading), which is better kept off an article's time
        limit. A cancellation, of the last one who waits, ends a fetch, which goes on from there the next time; loading
        is left to finish in its thread. Raises what the start raises, such as ModelNotFetched, and ModelUnavailable
        after `aclose`.
        """
        await self._ready()

    @contextlib.contextmanager
    def one_slot(self) -> Iterator[None]:
        """While it lasts, what this task asks goes to one slot of the embedded engine, which need not read again what
        it has read. Without a free slot, or for another model, nothing is changed.
        """
        slot = None
        with contextlib.suppress(queue.Empty):
            slot = self._slots.get_nowait()
        before = _SLOT.set(slot)
        try:
            yield
        finally:
            _SLOT.reset(before)
            if slot is not None:
                self._slots.put(slot)

    async def read_ahead(self, beginning: Sequence[Message]) -> None:
        """Have an embedded engine of several slots read what all questions begin with once for all of them.

        Does nothing for another model, and the second time. If it fails, every slot reads for itself.
        """
        line = await self._ready()
        if line.engine is None or self.parallel < 2:
            return
        if line.ahead is not None:
            await asyncio.shield(asyncio.wrap_future(line.ahead))
            return
        ahead: Future[None] = Future()
        line.ahead = ahead
        try:
            with contextlib.suppress(SummarizerError):
                await self._read_ahead(line.sender, beginning)
        finally:
            line.engine.clear_shelf()
            ahead.set_result(None)

    async def _read_ahead(self, sender: "Sender", beginning: Sequence[Message]) -> None:
        prompt = await sender.post("/apply-template", {"messages": list(beginning)}, "prompt")
        await sender.post("/completion", {"prompt": prompt, "n_predict": 0, "id_slot": 0}, "content")
        await sender.post("/slots/0?action=save", {"filename": SHELVED}, "n_saved")
        for slot in range(1, self.parallel):
            await sender.post(f"/slots/{slot}?action=restore", {"filename": SHELVED}, "n_restored")

    async def ask(
        self,
        messages: Sequence[Message],
        schema: type[T],
        *,
        shape: Callable[[], Mapping[str, Any]] | None = None,
        on_text: OnText | None = None,
        deadline: float | None = None,
        may_be_empty: bool = False,
        begun: bool = False,
    ) -> Answer[T]:
        """The model's answer to `messages` as a `schema`, as far as it validates.

        `shape` gives a JSON Schema to write by in place of the schema's own, for an engine with a grammar; it is not
        called where the provider takes no such detail. `on_text` is called with each piece of the answer as it comes,
        and with "" where the answer begins anew. `deadline` is in the running loop's time; each call also has the
        endpoint's own limit. An answer of which all lists are empty is of no use unless it `may_be_empty`. `begun`
        tells the gate that this is not the first question about an article.

        Raises ArticleTooLong, UnknownModel, AnswerUnusable, and the kinds of ModelUnavailable: RateLimited at once if
        the server asks for a longer wait than there is time, ModelTimeout when the time is over; with a post
        AnswerAwaited where the answer is not there yet. Nothing of the SDKs comes through; a cancellation does, at
        once, and closes the connection.
        """
        given = [{"role": message["role"], "content": plain(message["content"])} for message in messages]
        form, tally = self._form(schema, shape), Tally()

        async def answered(sender: "Sender") -> Answer[T]:
            requester = sender.requester(form, on_text, deadline, tally, begun)
            return await self._answer(requester, given, schema, may_be_empty)

        return await self._with_sender(answered)

    async def count_tokens(self, messages: Sequence[Message]) -> int | None:
        """How many tokens `messages` are for the embedded model, its chat template included; None for any other.

        Asked of llama.cpp's own server (`/apply-template`, then `/tokenize`), so it is what `ask` would send.
        """
        if self._start is None:
            return None
        given = [{"role": message["role"], "content": plain(message["content"])} for message in messages]

        async def counted(sender: "Sender") -> int:
            prompt = await sender.post("/apply-template", {"messages": given}, "prompt")
            body = {"content": prompt, "add_special": True, "parse_special": True}
            return len(await sender.post("/tokenize", body, "tokens"))

        return await self._with_sender(counted)

    async def aclose(self) -> None:
        """Close the connections, stop the engine, end a fetch. Does nothing the second time."""
        self._closed = True
        self._stop.set()
        if self._line is not None:
            await self._line.sender.aclose()
        if self._start is not None:
            await in_thread(self._stop_engine)

    async def __aenter__(self) -> "ChatModel":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _with_sender(self, work: "Callable[[Sender], Awaitable[R]]", again: bool = True) -> R:
        """What `work` gives. If our engine ended over it, it is done once more with a new engine, and then given up."""
        line = await self._ready()
        try:
            return await work(line.sender)
        except ServerUnreachable:
            if not await self._died(line):
                raise
            if not again:
                assert line.engine is not None, "only an engine dies"
                raise line.engine.ended() from None
        return await self._with_sender(work, again=False)

    async def _died(self, line: _Line) -> bool:
        """Whether a failed connection is due to the end of our own engine."""
        if line.engine is not None and not line.dead:
            await asyncio.sleep(DYING)
        return line.dead and not self._closed

    async def _ready(self) -> _Line:
        if (self._line is None or self._line.dead) and not self._closed:
            me = object()
            self._waiting.add(me)
            try:
                await in_thread(self._get_ready)
            except SummarizerError:
                if not self._closed:
                    raise
            finally:
                self._waiting.discard(me)
                if not self._waiting:
                    self._stop.set()
        if self._line is None or self._closed:
            raise was_closed(self.name)
        return self._line

    def _get_ready(self) -> None:
        """Start the engine if there is one, and load the SDK. The lock is a thread's: several loops may wait for it."""
        from .sending import Sender  # noqa: PLC0415 - the SDK takes a second to import: here, off the event loop

        with self._lock:
            self._stop = threading.Event()  # before looking whether anybody wants it: who leaves later, sets it
            if (self._line is None or self._line.dead) and self._waiting and not self._closed:
                engine = None
                if self._start is not None:
                    engine = self._start(self._stop)
                    self.context_window = engine.context
                    self.endpoint = replace(self.endpoint, base_url=engine.base_url, api_key=engine.api_key)
                self._line = _Line(Sender(self.endpoint, self._patience, self.gate, self._post), engine)
        if self._closed:
            self._stop_engine()

    def _stop_engine(self) -> None:
        """Stop the engine. One that is still being started is stopped by the thread that starts it."""
        if self._lock.acquire(timeout=CLOSING):
            try:
                line, self._line = self._line, None
                if line is not None and line.engine is not None:
                    line.engine.close()
            finally:
                self._lock.release()

    async def _answer(
        self, requester: "Requester", given: Sequence[Message], schema: type[T], may_be_empty: bool
    ) -> Answer[T]:
        completion = await requester.send(given)
        reading = self._read(completion, schema, may_be_empty)
        if reading.draft is None:
            from .reasking import ask_again  # noqa: PLC0415 - instructor takes 0.2 s to import, and is rarely needed

            wanted = schema if may_be_empty else with_an_item(schema)
            completion = await ask_again(requester, given, wanted, completion)
            second = self._read(completion, schema, may_be_empty)
            first = (replace(one, reason=f"in a first answer: {one.reason}") for one in reading.rejected)
            reading = Reading(second.draft, (*second.rejected, *first))
        if reading.draft is None:
            raise self._unusable(reading.rejected)
        tally = requester.tally
        cost = cost_of_all(self.endpoint, tally)
        return Answer(reading.draft, tally.usage, tally.attempts, cost, completion.text, reading.rejected)

    def _form(self, schema: type[BaseModel], shape: Callable[[], Mapping[str, Any]] | None) -> dict[str, Any]:
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
        slot = _SLOT.get()
        extra = {**endpoint.extra, **({} if slot is None else {SLOT: slot})}
        return {**form, "extra_body": extra} if extra else form

    def _read(self, completion: Completion, schema: type[T], may_be_empty: bool) -> Reading[T]:
        if completion.refusal and not completion.text:
            what = f"{self.name} declined to answer: {completion.refusal[:200]}"
            raise AnswerUnusable(what, "try another model")
        return read_answer(completion.text, schema, may_be_empty=may_be_empty)

    def _unusable(self, rejected: Sequence[Rejected]) -> AnswerUnusable:
        reasons = "; ".join(f"{one.path}: {one.reason}".removeprefix(": ") for one in rejected[:3])
        what = f"{self.name} gave no answer that can be used ({reasons[:200]})"
        return AnswerUnusable(what, "try again, or name another model")
