"""The SDK's clients: one for each event loop that asks, and nothing in their requests that belongs to somebody else."""

import asyncio
import threading
from weakref import WeakKeyDictionary

import httpx2
import openai

from .endpoints import Endpoint

CONNECT_LIMIT = 10.0  # seconds to get a connection: a host that is there answers within one
# What a request needs. The SDK adds headers of its own and some that it finds in the environment (OPENAI_ORG_ID,
# OPENAI_PROJECT_ID, OPENAI_CUSTOM_HEADERS): those are meant for OpenAI and reach nobody else.
_HEADERS = frozenset(
    ("host", "accept", "accept-encoding", "connection", "content-type", "content-length", "user-agent")
)


class Clients:
    """The client of the running event loop, made at first use.

    A connection belongs to the loop that opened it, and the sync face and a caller's own loop may both ask.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, openai.AsyncOpenAI] = WeakKeyDictionary()

    def get(self) -> openai.AsyncOpenAI:
        """The client of the running loop."""
        loop = asyncio.get_running_loop()
        with self._lock:
            for ended in [other for other in self._by_loop if other.is_closed()]:
                del self._by_loop[ended]  # its client refers back to it, so it would never go by itself
            client = self._by_loop.get(loop)
            if client is None:
                client = self._by_loop[loop] = open_client(self._endpoint)
        return client

    async def aclose(self) -> None:
        """Close every client, each in its own loop. One whose loop has ended has no connection left to close."""
        with self._lock:
            clients = list(self._by_loop.items())
            self._by_loop.clear()
        here = asyncio.get_running_loop()
        for loop, client in clients:
            if loop is here:
                await client.close()
            elif loop.is_running():
                await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(client.close(), loop))


def open_client(endpoint: Endpoint) -> openai.AsyncOpenAI:
    """A client for `endpoint` that asks once, goes nowhere else and reads no other provider's settings."""
    http = httpx2.AsyncClient(
        timeout=httpx2.Timeout(endpoint.time_limit, connect=CONNECT_LIMIT),
        limits=openai.DEFAULT_CONNECTION_LIMITS,
        follow_redirects=False,  # a server that was named does not name another
        trust_env=endpoint.hosted,  # a proxy has no business with what stays on this machine
        event_hooks={} if endpoint.sdk_environment else {"request": [_Own(endpoint)]},
    )
    return openai.AsyncOpenAI(
        api_key=endpoint.api_key or "none",  # the SDK would look into OPENAI_API_KEY
        base_url=endpoint.base_url,  # … and into OPENAI_BASE_URL
        max_retries=0,
        http_client=http,
    )


class _Own:
    """Leaves of a request what the protocol needs, and sends the endpoint's own key or none."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._key = endpoint.api_key

    async def __call__(self, request: httpx2.Request) -> None:
        for name in [name for name in request.headers if name.lower() not in _HEADERS]:
            del request.headers[name]
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
