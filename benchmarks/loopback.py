"""A small HTTP server on loopback for doubles of the chat-completions API: cheap, with connections that stay open.

A double of a benchmark must cost less than what it is asked by, so this is a bare protocol of asyncio that reads
requests with a length and writes bytes that are ready. Standard library only.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Callable, Mapping
from typing import Any

_END = b"\r\n\r\n"
_CHUNK = '{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"double","choices":[%s],"usage":%s}'
_PIECE = '{"index":0,"delta":{"content":%s},"finish_reason":null,"logprobs":null}'
_LAST = '{"index":0,"delta":{},"finish_reason":"stop","logprobs":null}'
_NO_MORE = "0\r\n\r\n"
_REASONS = {200: "OK", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error"}
CHARACTERS_A_TOKEN = 4

Usage = Mapping[str, int]


class Connection(asyncio.Protocol):
    """One connection of a client: gives each request to `received`, as the path and the body, in order.

    A client sends the next request when it has the answer to the one before.
    """

    def __init__(self, received: Callable[["Connection", str, bytes], None]) -> None:
        self._received = received
        self._transport: asyncio.Transport | None = None
        self._read = bytearray()
        self.left: Callable[[], None] = lambda: None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell `left`: the client, or this side, has ended it."""
        self._transport = None
        self.left()

    def data_received(self, data: bytes) -> None:
        """Hand on each request that is whole."""
        self._read += data
        while (end := self._read.find(_END)) >= 0:
            head = self._read[:end].decode("latin-1")
            first, *lines = head.split("\r\n")
            lengths = (line.partition(":")[2] for line in lines if line.lower().startswith("content-length:"))
            whole = end + len(_END) + int(next(lengths, "0"))
            if len(self._read) < whole:
                return
            body = bytes(self._read[end + len(_END) : whole])
            del self._read[:whole]
            self._received(self, first.split(" ")[1], body)

    @property
    def is_open(self) -> bool:
        """Whether somebody is there to be answered."""
        return self._transport is not None and not self._transport.is_closing()

    def answer(self, data: bytes) -> bool:
        """Write a response; False if nobody is there to read it."""
        if self._transport is None or self._transport.is_closing():
            return False
        self._transport.write(data)
        return True

    def close(self) -> None:
        """End the connection once what was written is sent."""
        if self._transport is not None:
            self._transport.close()

    def reset(self) -> None:
        """Break the connection, as a crashed server does."""
        if self._transport is not None:
            sock = self._transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()


async def listen(received: Callable[[Connection, str, bytes], None]) -> tuple[asyncio.Server, int]:
    """A server on loopback, and its port."""
    server = await asyncio.get_running_loop().create_server(lambda: Connection(received), "127.0.0.1", 0, backlog=2048)
    return server, int(server.sockets[0].getsockname()[1])


def whole(status: int, content: object, headers: Mapping[str, str] | None = None) -> bytes:
    """A response of JSON."""
    body = json.dumps(content, ensure_ascii=False).encode()
    extra = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    head = f"HTTP/1.1 {status} {_REASONS[status]}\r\ncontent-type: application/json\r\n{extra}"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def refusal(status: int, message: str, headers: Mapping[str, str] | None = None) -> bytes:
    """An error in the API's form."""
    return whole(status, {"error": {"message": message, "type": "server_error", "param": None, "code": None}}, headers)


def completion(text: str, usage: Usage) -> bytes:
    """An answer in one piece."""
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    told = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "double"}
    return whole(200, {**told, "choices": [choice], "usage": dict(usage)})


def stream(text: str, usage: Usage, piece: int, *, is_whole: bool = True) -> bytes:
    """An answer as a stream of events, `piece` characters of the text in each, one chunk of HTTP an event.

    With `is_whole` false it ends after half of the text, without a word: what a proxy does that gives up.
    """
    end = len(text) if is_whole else len(text) // 2
    pieces = [_PIECE % json.dumps(text[start : start + piece]) for start in range(0, end, piece)]
    events = [_CHUNK % (each, "null") for each in (*pieces, *([_LAST] if is_whole else ()))]
    if is_whole:
        events += [_CHUNK % ("", json.dumps(usage)), "[DONE]"]
    chunks = "".join(f"{len(each) + 8:x}\r\ndata: {each}\n\n\r\n" for each in events)
    head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    return f"{head}{chunks}{_NO_MORE if is_whole else ''}".encode()


def usage_of(question: str, answer: str) -> Usage:
    """A count of tokens, by the number of characters."""
    read, written = len(question) // CHARACTERS_A_TOKEN, len(answer) // CHARACTERS_A_TOKEN
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def question_of(body: Mapping[str, Any]) -> str:
    """All that a request puts to the model, as one text."""
    return "\n".join(_text(message.get("content")) for message in body["messages"])


def asked_sections(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The lists at the top of the schema that a request asks for; none where it names no schema."""
    asked = body.get("response_format") or {}
    return tuple((asked.get("json_schema") or {}).get("schema", {}).get("properties", ()))


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))
