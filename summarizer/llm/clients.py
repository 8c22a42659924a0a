"""The SDK's clients: one for each event loop that asks, and nothing in their requests that belongs to somebody else."""

import asyncio
import contextlib
import threading
from urllib.parse import urlsplit

import httpx2
import openai

from ..errors import ConfigurationError
from .endpoints import Endpoint, stays_here

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
        self._by_loop: dict[asyncio.AbstractEventLoop, openai.AsyncOpenAI] = {}
        self._closing: set[asyncio.Task[None]] = set()  # a loop itself does not keep its tasks alive

    def get(self) -> openai.AsyncOpenAI:
        """The client of the running loop. Raises ConfigurationError as `open_client` does."""
        loop = asyncio.get_running_loop()
        with self._lock:
            # A loop that has ended took its connections along.
            self._by_loop = {other: client for other, client in self._by_loop.items() if not other.is_closed()}
            if loop not in self._by_loop:
                self._by_loop[loop] = open_client(self._endpoint)
            return self._by_loop[loop]

    async def aclose(self) -> None:
        """Close every client, each in its own loop.

        Another loop is told and not waited for: it may be standing still until this call is done.
        """
        with self._lock:
            clients, self._by_loop = self._by_loop, {}
        own = clients.pop(asyncio.get_running_loop(), None)
        for loop, client in clients.items():
            with contextlib.suppress(RuntimeError):  # it has ended
                loop.call_soon_threadsafe(self._close_soon, client)
        if own is not None:
            await own.close()

    def _close_soon(self, client: openai.AsyncOpenAI) -> None:
        task = asyncio.ensure_future(client.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


def open_client(endpoint: Endpoint) -> openai.AsyncOpenAI:
    """A client for `endpoint` that asks once, goes nowhere else and reads no other provider's settings.

    Raises ConfigurationError if the proxy or the certificates that the environment names cannot be used.
    """
    try:
        http = httpx2.AsyncClient(
            timeout=httpx2.Timeout(endpoint.time_limit, connect=CONNECT_LIMIT),
            limits=openai.DEFAULT_CONNECTION_LIMITS,
            follow_redirects=False,  # a server that was named does not name another
            # A proxy has no business with what is asked of this machine.
            trust_env=not stays_here(urlsplit(str(endpoint.base_url)).hostname or ""),
            event_hooks={} if endpoint.sdk_environment else {"request": [_Own(endpoint)]},
        )
    except (ImportError, ValueError, OSError, httpx2.InvalidURL) as error:
        raise ConfigurationError(
            f"the proxy or the certificates that the environment names cannot be used ({error})",
            "check HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR",
        ) from None
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
