"""A double of the chat-completions API: a small HTTP server on loopback that follows the published format.

It is scripted with steps, one a request; the last one is repeated when the script has run out. It keeps what reached
it, so that a test can look at bodies and headers. It runs in a thread of its own: sync code, async code and a
subprocess can all talk to it.

    with Double(say({"actors": []})) as double:
        model = connect("some-model", base_url=double.base_url, settings=...)
"""

import asyncio
import contextlib
import json
import socket as sockets
import struct
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

# Keywords that the provider's guide names, or has named, as refused in strict structured outputs.
# fmt: off
REFUSED_KEYWORDS = {
    "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains", "prefixItems",
    "unevaluatedItems", "minProperties", "maxProperties", "propertyNames", "patternProperties",
    "unevaluatedProperties", "default", "allOf", "oneOf", "not", "if", "then", "else", "dependentRequired",
    "dependentSchemas",
}
# fmt: on
REASONING = ("gpt-5", "o1", "o3", "o4")  # models that take no temperature and call the token limit by another name
WORDS = 40  # characters a piece of a stream


@dataclass(frozen=True)
class Request:
    """What reached the double. Header names are in lower case; `data` is a body that is no JSON."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    data: bytes = b""


class Reply:
    """The way back to whoever sent the request."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def head(self, status: int, headers: Mapping[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} x", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        self._writer.write("\r\n".join(lines).encode())
        await self._writer.drain()

    async def whole(self, status: int, content: object, headers: Mapping[str, str] | None = None) -> None:
        """A whole response; `content` is text, or written as JSON."""
        kind = "text/html" if isinstance(content, str) else "application/json"
        data = (content if isinstance(content, str) else json.dumps(content)).encode()
        await self.head(
            status, {"content-type": kind, "content-length": str(len(data)), "connection": "close", **(headers or {})}
        )
        self._writer.write(data)
        await self._writer.drain()

    async def answer(self, message: object, finish: str | None, usage: Mapping[str, Any]) -> None:
        """A chat completion in one piece; without `finish` the connection breaks in the middle of it."""
        choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
        made = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "double"}
        content = {**made, "choices": [choice], **({"usage": usage} if usage else {})}
        if finish is not None:
            await self.whole(200, content)
            return
        half = json.dumps(content).encode()
        await self.head(200, {"content-type": "application/json", "content-length": str(2 * len(half))})
        self._writer.write(half)
        await self._writer.drain()
        self.reset()

    async def open_stream(self) -> None:
        headers = {"content-type": "text/event-stream", "transfer-encoding": "chunked", "connection": "close"}
        await self.head(200, headers)

    async def event(self, data: object) -> None:
        """One server-sent event; `data` is text, or written as JSON."""
        text = f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode()
        self._writer.write(b"%x\r\n%s\r\n" % (len(text), text))
        await self._writer.drain()

    async def close_stream(self) -> None:
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    def reset(self) -> None:
        """Break the connection, as a crashed server does."""
        socket = self._writer.get_extra_info("socket")
        socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


Step = Callable[[Request, Reply], Awaitable[None]]


def say(
    answer: object,
    *,
    finish: str | None = "stop",
    usage: Mapping[str, Any] | None = None,
    pause: float = 0,
    before: float = 0,
    refusal: str | None = None,
) -> Step:
    """Answer: text, or something to be written as JSON. `pause` is seconds between pieces, `before` first.

    It is streamed if the request wants that. `finish` is "length" for an answer that ran into the token limit; None
    breaks the connection before the end.
    """
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    counted = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120} if usage is None else dict(usage)

    async def step(request: Request, reply: Reply) -> None:
        await asyncio.sleep(before)
        if not request.body.get("stream"):
            await asyncio.sleep(pause * len(text) / WORDS)
            message = {"role": "assistant", "content": None if refusal else text, "refusal": refusal}
            await reply.answer(message, finish, counted)
            return
        await reply.open_stream()
        await reply.event(_chunk({"role": "assistant", "content": None if refusal else ""}))
        if refusal:
            await reply.event(_chunk({"refusal": refusal}))
        for start in range(0, len(text), WORDS):
            await reply.event(_chunk({"content": text[start : start + WORDS]}))
            await asyncio.sleep(pause)
        if finish is None:
            reply.reset()
            return
        await reply.event(_chunk({}, finish))
        if counted and request.body.get("stream_options", {}).get("include_usage"):
            await reply.event({**_chunk({}), "choices": [], "usage": counted})
        await reply.event("[DONE]")
        await reply.close_stream()

    return step


def fail(
    status: int,
    message: str = "it broke",
    *,
    code: object = None,
    kind: str = "server_error",
    param: str | None = None,
    **headers: str,
) -> Step:
    """Answer with an error in the API's form. Header names are given with underscores."""
    body = {"error": {"message": message, "type": kind, "param": param, "code": code}}

    async def step(request: Request, reply: Reply) -> None:
        await reply.whole(status, body, {name.replace("_", "-"): value for name, value in headers.items()})

    return step


def send(content: object, status: int = 200, **headers: str) -> Step:
    """Answer with a whole response that is no stream."""

    async def step(request: Request, reply: Reply) -> None:
        await reply.whole(status, content, headers)

    return step


def events(*data: object) -> Step:
    """Stream these events and nothing else."""

    async def step(request: Request, reply: Reply) -> None:
        await reply.open_stream()
        for one in data:
            await reply.event(one)
        await reply.close_stream()

    return step


def together(number: int, step: Step) -> Step:
    """Hold the first answers back until so many requests wait for one, for a minute at most; then as `step` has it."""
    met, waiting = asyncio.Event(), 0

    async def held(request: Request, reply: Reply) -> None:
        nonlocal waiting
        waiting += 1
        if waiting == number:
            met.set()
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(met.wait(), 60)
        finally:
            waiting -= 1
        await step(request, reply)

    return held


async def reset(request: Request, reply: Reply) -> None:
    """Break the connection without a word."""
    reply.reset()


async def hang(request: Request, reply: Reply) -> None:
    """Never answer."""
    await asyncio.sleep(600)


def _chunk(delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": dict(delta), "finish_reason": finish, "logprobs": None}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "double",
        "choices": [choice],
        "usage": None,
    }


class Double:
    """The server. `requests` holds what reached it, `left` how many callers hung up before they had their answer.

    With a `key`, it takes no other. llama.cpp's own paths are answered beside the script, with one token a word, and
    kept in `beside`.
    """

    def __init__(self, *steps: Step, key: str | None = None) -> None:
        self.steps = steps or (say({}),)
        self.key = key
        self.requests: list[Request] = []
        self.beside: list[Request] = []
        self.left = self.at_once = self.most_at_once = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        return f"{self.address}/v1"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [request.body for request in self.requests]

    def __enter__(self) -> "Double":
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._handle(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, and the connection is closed. A caller that hangs up ends the step."""
        try:
            request = await _read(reader)
            answering = asyncio.ensure_future(self._answer(request, Reply(writer)))
            hung_up = asyncio.ensure_future(reader.read())
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            await asyncio.wait((answering, hung_up), return_when=asyncio.FIRST_COMPLETED)
            self.at_once -= 1
            if not answering.done():
                self.left += 1
            for task in (answering, hung_up):
                task.cancel()
            await asyncio.gather(answering, hung_up, return_exceptions=True)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.left += 1
        finally:
            writer.close()

    async def _answer(self, request: Request, reply: Reply) -> None:
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            await fail(401, "Incorrect API key provided", code="invalid_api_key")(request, reply)
        elif request.path.startswith(("/completion", "/slots/")):
            self.beside.append(request)
            await reply.whole(200, {"content": "", "n_saved": 3, "n_restored": 3})
        elif request.path == "/apply-template":
            await reply.whole(200, {"prompt": " ".join(message["content"] for message in request.body["messages"])})
        elif request.path == "/tokenize":
            await reply.whole(200, {"tokens": list(range(len(request.body["content"].split())))})
        else:
            await self._play(request, reply)

    async def _play(self, request: Request, reply: Reply) -> None:
        self.requests.append(request)
        refused = _refusal(request)
        if refused:
            await fail(400, refused, kind="invalid_request_error")(request, reply)
            return
        await self.steps[min(len(self.requests), len(self.steps)) - 1](request, reply)


async def _read(reader: asyncio.StreamReader) -> Request:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    pairs = (line.split(": ", 1) for line in lines if line)
    headers = {name.lower(): value for name, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    if headers.get("content-type", "").startswith("multipart/"):
        return Request(method, path, headers, {}, body)
    return Request(method, path, headers, json.loads(body) if body else {})


def _refusal(request: Request) -> str | None:
    """The provider's own words for a request that it would not take."""
    body = request.body
    if str(body.get("model")).startswith(REASONING):
        if "max_tokens" in body:
            return (
                "Unsupported parameter: 'max_tokens' is not supported with this model. "
                "Use 'max_completion_tokens' instead."
            )
        if body.get("temperature", 1) != 1:
            return (
                "Unsupported value: 'temperature' does not support 0 with this model. "
                "Only the default (1) value is supported."
            )
    asked = body.get("response_format", {}).get("json_schema", {})
    if not asked.get("strict"):
        return None
    fault = schema_fault(asked["schema"])
    return f"Invalid schema for response_format '{asked['name']}': {fault}" if fault else None


def schema_fault(schema: Mapping[str, Any], context: tuple[str, ...] = ()) -> str | None:
    """The first thing in a schema that strict mode refuses."""
    refused = REFUSED_KEYWORDS.intersection(schema)
    if refused:
        return f"In context={context}, '{min(refused)}' is not permitted."
    if "$ref" in schema and len(schema) > 1:
        return f"In context={context}, $ref cannot have keywords beside it."
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            return f"In context={context}, 'additionalProperties' is required to be supplied and to be false."
        if schema.get("required") != list(schema["properties"]):
            return f"In context={context}, 'required' is required to include every key in properties."
    for keyword in ("properties", "$defs"):
        for name, inner in schema.get(keyword, {}).items():
            if fault := schema_fault(inner, (*context, keyword, name)):
                return fault
    for inner in [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())]:
        if fault := schema_fault(inner, (*context, "items")):
            return fault
    return None
