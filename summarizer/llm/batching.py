"""The provider's batch endpoint: files of requests go up, and answers come down within a day, for half the price.

    lines ── file ── batch ── validating, in_progress, finalizing ── completed, expired, cancelled ── files of rows
                       └ failed: the provider did not take the file

The format is OpenAI's (https://platform.openai.com/docs/guides/batch), which other servers have taken over. Nothing
that comes down is trusted to be of the type that it should have.
"""

import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Literal, TypeVar

import openai

from ..errors import ConfigurationError, RequestRefused, SummarizerError
from .calls import Completion, Patience
from .clients import Clients
from .endpoints import Endpoint
from .failures import Failed, Failure, last_word, of_status, retrying
from .gathering import answer_in, count_of
from .post import Refused
from .sending import LONGEST_ANSWER, named

T = TypeVar("T")

PATH: Literal["/v1/chat/completions"] = "/v1/chat/completions"
# The provider takes 50,000 requests and 200 MB in a file; some room is left.
MOST_REQUESTS, MOST_BYTES = 49_000, 190_000_000
OPEN = frozenset(("validating", "in_progress", "finalizing", "cancelling"))
ENDED = frozenset(("failed", "completed", "expired", "cancelled"))
_TOO_MUCH = "token_limit_exceeded"
_TOKEN = "summarizer"  # noqa: S105 - the name of the entry in a batch's metadata that tells ours
_AT_ONCE = 200  # rows that are handed on together
_LONGEST_LINE = 8 * LONGEST_ANSWER  # bytes; JSON writes some signs in six
_NO_ROW = b"{"
_LOOKED_THROUGH = 20_000  # batches of an account, the newest first, in search of one
_EARLIER = 24 * 3600.0  # seconds that the provider's clock may be behind this one's
_LONGEST_ID = 300
_WORDS = 300  # characters of what the provider says of a batch that it did not take


@dataclass(frozen=True, slots=True)
class BatchState:
    """A batch at the provider. `files` are those of its rows, answers first; `answered`, `failed` and `total` count
    requests. `words` say why it was not taken; `is_too_much`: for no fault of its own, but because the account may have
    no more tokens waiting at a time. `seconds` is how long it took, None while it is open.
    """

    id: str
    status: str
    files: tuple[str, ...]
    answered: int
    failed: int
    total: int
    words: str
    is_too_much: bool
    seconds: float | None

    @property
    def is_open(self) -> bool:
        """Whether there is something to wait for."""
        return self.status not in ENDED


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one request: a completion, or a refusal with the error that it means, or neither of them where
    the same request may well be answered another time. `custom_id` is empty for a line that is none.
    """

    custom_id: str
    completion: Completion | None = None
    refused: Refused | None = None
    error: SummarizerError | None = None


class Batches:
    """The batch endpoint of one provider. Its methods raise the errors that `failures.classify` names."""

    most_requests, most_bytes = MOST_REQUESTS, MOST_BYTES

    def __init__(self, endpoint: Endpoint, patience: Patience) -> None:
        self._endpoint, self._patience = endpoint, patience
        self._clients = Clients(endpoint)

    async def submit(self, file: BinaryIO, token: str) -> BatchState:
        """A new batch of the lines in the file; `token` is put into its metadata, so that it is found again.

        A request to make it of which nobody knows how it ended is looked for before it is sent again: two batches
        would be paid for. Raises ConfigurationError where the server has no such endpoint.
        """
        uploaded = await self._patiently(lambda: self._upload(file))
        since, tried = time.time(), False

        async def once() -> BatchState:
            nonlocal tried
            made = await self._found(token, since) if tried else None
            tried = True
            if made is not None:
                return made
            made = _state(await self._asked(self._create(uploaded, token), self._missing()))
            _identifier(made.id, self._missing())
            return made

        return await self._patiently(once)

    async def find(self, token: str, since: float) -> BatchState | None:
        """The batch with that token, of those that were made after that Unix time; None if there is none."""
        return await self._patiently(lambda: self._found(token, since))

    async def look(self, batch: str) -> BatchState:
        """How a batch is. Raises RequestRefused where the provider does not know it."""
        gone = RequestRefused(
            f"{self._endpoint.host} knows no batch {batch}", "use the key of the account that it was sent from"
        )
        return _state(await self._patiently(lambda: self._asked(self._clients.get().batches.retrieve(batch), gone)))

    async def read(self, file: str, take: Callable[[list[Row]], Awaitable[None]]) -> None:
        """Hand on the rows of a file, some at a time; where the connection breaks, from the beginning again.

        Raises RequestRefused where the provider has the file no more.
        """
        gone = RequestRefused(
            f"{self._endpoint.host} has the answers in {file} no more", "run the same command again to ask anew"
        )

        async def once() -> None:
            async with contextlib.AsyncExitStack() as stack:
                opening = self._clients.get().files.with_streaming_response.content(file)
                response = await self._asked(stack.enter_async_context(opening), gone)
                rows: list[Row] = []
                async for line in self._lines(response.iter_bytes()):
                    if line.strip():
                        rows.append(_row(line, self._endpoint))
                    if len(rows) == _AT_ONCE:
                        await take(rows)
                        rows = []
                if rows:
                    await take(rows)

        await self._patiently(once)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._clients.aclose()

    async def _upload(self, file: BinaryIO) -> str:
        files = self._clients.get().files
        named_file = ("requests.jsonl", file, "application/jsonl")
        made = await self._asked(files.create(file=named_file, purpose="batch"), self._missing())
        return _identifier(getattr(made, "id", None), self._missing())

    async def _create(self, uploaded: str, token: str) -> Any:
        return await self._clients.get().batches.create(
            input_file_id=uploaded, endpoint=PATH, completion_window="24h", metadata={_TOKEN: token}
        )

    async def _found(self, token: str, since: float) -> BatchState | None:
        listed = aiter(self._clients.get().batches.list(limit=100))
        for _ in range(_LOOKED_THROUGH):
            batch: Any = await self._asked(_next(listed), self._missing())
            if batch is None:
                return None
            told = getattr(batch, "metadata", None)
            if isinstance(told, dict) and told.get(_TOKEN) == token:
                return _state(batch)
            if 0 < count_of(getattr(batch, "created_at", 0)) < since - _EARLIER:
                return None
        return None

    async def _lines(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The lines. Only a line feed ends one: a row may hold other signs that end a line elsewhere. Of one that is
        longer than any row, a line is given that is none."""
        held, is_too_long = b"", False
        while (chunk := await named(_next(chunks), self._endpoint)) is not None:
            *whole, rest = chunk.split(b"\n")
            for end in whole:
                yield _NO_ROW if is_too_long else held + end
                held, is_too_long = b"", False
            held += rest
            if len(held) > _LONGEST_LINE:
                held, is_too_long = b"", True
        yield _NO_ROW if is_too_long else held

    async def _asked(self, awaited: Awaitable[T], missing: SummarizerError) -> T:
        """The result; `missing` is what it means that there is nothing at the address."""
        try:
            result: T = await named(awaited, self._endpoint)
        except Failed as failed:
            if isinstance(failed.__cause__, openai.APIStatusError) and failed.__cause__.status_code in (404, 405):
                raise Failed(Failure(missing)) from None
            raise
        return result

    def _missing(self) -> ConfigurationError:
        what = f"{self._endpoint.host} has no batch endpoint"
        return ConfigurationError(what, "leave --engine away, or name a model of a provider that has one")

    async def _patiently(self, once: Callable[[], Awaitable[T]]) -> T:
        attempts = 0

        async def counted() -> T:
            nonlocal attempts
            attempts += 1
            return await once()

        try:
            result: T = await retrying(self._patience, lambda: float("inf"))(counted)
        except Failed as failed:
            raise last_word(failed.failure, attempts) from None
        return result


def line_of(custom_id: str, body: str) -> bytes:
    """The line of a request, whose body is JSON already."""
    head = f'{{"custom_id":{json.dumps(custom_id)},"method":"POST","url":"{PATH}","body":'
    return f"{head}{body}}}\n".encode()


async def _next(source: AsyncIterator[T]) -> T | None:
    return await anext(source, None)


def _identifier(value: object, missing: SummarizerError) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_ID:
        raise Failed(Failure(missing))
    return value


def _state(batch: Any) -> BatchState:
    counts = getattr(batch, "request_counts", None)
    said = getattr(getattr(batch, "errors", None), "data", None)
    errors: list[Any] = said if isinstance(said, list) else []
    named_files = (getattr(batch, f"{kind}_file_id", None) for kind in ("output", "error"))
    status, began = getattr(batch, "status", None), count_of(getattr(batch, "created_at", 0))
    ends = [count_of(getattr(batch, f"{end}_at", 0)) for end in ("completed", "expired", "cancelled", "failed")]
    return BatchState(
        id=str(getattr(batch, "id", ""))[:_LONGEST_ID],
        status=status if isinstance(status, str) and status in OPEN | ENDED else "in_progress",
        files=tuple(file for file in named_files if isinstance(file, str) and file),
        answered=count_of(getattr(counts, "completed", 0)),
        failed=count_of(getattr(counts, "failed", 0)),
        total=count_of(getattr(counts, "total", 0)),
        words="; ".join(map(_words, errors[:3]))[:_WORDS],
        is_too_much=bool(errors) and all(getattr(error, "code", None) == _TOO_MUCH for error in errors),
        seconds=float(max(0, max(ends) - began)) if began and any(ends) else None,
    )


def _words(error: Any) -> str:
    words = str(getattr(error, "message", None) or getattr(error, "code", None) or "no reason is given")
    line = getattr(error, "line", None)
    return f"{words}{f' (line {line})' if isinstance(line, int) else ''}"


def _row(line: bytes, endpoint: Endpoint) -> Row:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return Row("")
    if not isinstance(told, dict) or not isinstance(told.get("custom_id"), str):
        return Row("")
    custom_id, response = told["custom_id"], told.get("response")
    status = response.get("status_code") if isinstance(response, dict) else None
    body = response.get("body") if isinstance(response, dict) else None
    if not isinstance(status, int) or not isinstance(body, dict):
        return Row(custom_id)  # expired, cancelled, or nothing that can be read
    if status == 200:
        return Row(custom_id, completion=_completion(body, endpoint))
    said = body.get("error", body)
    failure = of_status(status, said, endpoint)
    if failure.passing:
        return Row(custom_id)
    return Row(custom_id, refused=Refused(status, _cut(said)), error=failure.error)


def _completion(body: dict[str, Any], endpoint: Endpoint) -> Completion | None:
    """The answer; None if there is none in it."""
    try:
        completion = answer_in(body, endpoint)
    except Failed:
        return None
    return replace(completion, text=completion.text[:LONGEST_ANSWER])


def _cut(said: object) -> object:
    """What of an error is looked at, short enough to be kept."""
    if not isinstance(said, dict):
        return str(said)[:1000]
    return {name: str(said[name])[:1000] for name in ("message", "type", "param", "code") if said.get(name) is not None}
