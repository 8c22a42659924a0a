"""Bring a page in from the web, without being turned against the network that the reader stands in.

    Fetcher.get(url) -> LoopThread -> _fetch: one hop after another, at most so many
        cache (RFC 9111, hishel) -> _GuardedTransport: resolve, check every address, connect to that very address
        -> status -> body, decompressed within bounds -> Raw

No proxy and no key from the environment is used, no cookie is kept, and nothing is sent but the address.
"""

import asyncio
import contextlib
import re
import ssl
import zlib
from collections.abc import AsyncIterator
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import httpx2
from hishel import AsyncSqliteStorage
from hishel.httpx2 import AsyncCacheTransport
from protego import Protego
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from ..errors import (
    AddressRefused,
    ArticleNotFound,
    ArticleTooLong,
    ArticleUnreadable,
    ConfigurationError,
    PageUnreachable,
)
from ..loop import LoopThread
from .addresses import Resolver, is_public, resolve
from .raw import MAX_BYTES, Raw, shown

MAX_SECONDS = 30.0  # for all hops of one page together
MAX_HOPS = 10
_STEP_SECONDS = 10.0  # for one connection, or one piece of an answer
_ROBOTS_BYTES = 500_000  # as many as RFC 9309 wants read
_TRIES = 3
_GONE = (404, 410)
_CLOSED = {
    401: "asks for a login",
    402: "asks for money",
    403: "does not let programs read it",
    451: "is barred by law",
}
_PACKINGS = ("", "identity", "gzip", "x-gzip", "deflate")
_BUSY = (408, 425, 429, 500, 502, 503, 504)


class Fetcher:
    """Fetches pages, with one cache and one event loop for all of them. Use as a context manager, or `close()`.

    `allow_private` lets it connect to addresses that are not public, for an intranet. `offline` refuses every fetch.
    `cache_dir` is where answers are kept; None keeps none. With `robots` a page is fetched only if its site's
    robots.txt lets this program: for many pages unattended, not for the one that an editor asks for.
    """

    def __init__(
        self,
        *,
        cache_dir: Path | None = None,
        allow_private: bool = False,
        offline: bool = False,
        robots: bool = False,
        resolver: Resolver = resolve,
    ) -> None:
        self._loop = LoopThread()
        self._cache_dir, self._offline, self._robots = cache_dir, offline, robots
        self._guard = _GuardedTransport(allow_private, resolver)
        self._client: httpx2.AsyncClient | None = None
        self._rules: dict[str, Protego] = {}

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End connections and close the cache."""
        if self._client is not None:
            self._loop.run(self._client.aclose())
            self._client = None
        self._loop.close()

    def get(self, url: str) -> Raw:
        """What is at the address, as bytes. Raises the errors of `_fetch`, each with the address in its message."""
        if self._offline:
            raise PageUnreachable(f"{shown(url)} was not fetched", "SUMMARIZER_OFFLINE forbids it; unset it")
        return self._loop.run(self._within_time(url))

    async def _within_time(self, url: str) -> Raw:
        try:
            async with asyncio.timeout(MAX_SECONDS):
                if self._robots and not await self._may_fetch(url):
                    raise AddressRefused(
                        f"{shown(url)} is closed to programs by its site's robots.txt",
                        "ask the site, or open it yourself",
                    )
                return await self._fetch(url, MAX_BYTES)
        except TimeoutError as error:
            raise PageUnreachable(f"{shown(url)} took more than {MAX_SECONDS:.0f} s", "try again later") from error

    async def _may_fetch(self, url: str) -> bool:
        """Whether robots.txt lets this program have the address (RFC 9309): none does, an unreachable one does not."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            try:
                raw = await self._fetch(f"{site}/robots.txt", _ROBOTS_BYTES)
                self._rules[site] = Protego.parse(raw.data.decode("utf-8", "replace"))
            except (ArticleNotFound, ArticleUnreadable):
                self._rules[site] = Protego.parse("")
            except (PageUnreachable, ArticleTooLong):
                self._rules[site] = Protego.parse("User-agent: *\nDisallow: /")
        return bool(self._rules[site].can_fetch(url, _agent()))

    async def _fetch(self, url: str, most: int) -> Raw:
        """One page, over redirects.

        Raises AddressRefused for an address that may not be connected to, ArticleNotFound, ArticleUnreadable where the
        site does not give it, ArticleTooLong beyond `most` bytes, PageUnreachable where it cannot be had now.
        """
        _check_form(url, url)
        client, request = self._opened(), None
        try:
            request = client.build_request("GET", url)
            for _ in range(MAX_HOPS + 1):
                async with self._answer(client, request) as response:
                    if response.next_request is None:
                        return await _read(response, url, most)
                    request = response.next_request
                _check_form(str(request.url), url)
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError) as error:
            raise AddressRefused(f"{shown(url)} is no address of the web", "check it") from error
        except httpx2.HTTPError as error:
            raise PageUnreachable(
                f"{shown(url)} cannot be reached: {_reason(error)}", "check it, or try later"
            ) from error
        raise PageUnreachable(f"{shown(url)} leads on more than {MAX_HOPS} times", "give the address it should lead to")

    @contextlib.asynccontextmanager
    async def _answer(self, client: httpx2.AsyncClient, request: httpx2.Request) -> AsyncIterator[httpx2.Response]:
        """The answer to one request, asked for again where the site is busy; closed when the caller is done with it."""
        async for attempt in AsyncRetrying(
            stop=stop_after_attempt(_TRIES),
            wait=wait_random_exponential(multiplier=0.5, max=4),
            retry=retry_if_exception_type((httpx2.TransportError, _Busy)),
            reraise=True,
        ):
            with attempt:
                response = await client.send(request, stream=True)
                if response.status_code in _BUSY:
                    await response.aclose()
                    raise _Busy(f"it answers {response.status_code}")
        try:
            yield response
        finally:
            await response.aclose()

    def _opened(self) -> httpx2.AsyncClient:
        if self._client is None:
            transport: httpx2.AsyncBaseTransport = self._guard
            if self._cache_dir is not None:
                try:
                    self._cache_dir.mkdir(parents=True, exist_ok=True)
                except OSError as error:
                    raise ConfigurationError(
                        f"'{self._cache_dir}' cannot hold a cache: {error.strerror}", "set SUMMARIZER_CACHE_DIR"
                    ) from error
                # What was fetched inside a private network is not given to who may not fetch there.
                name = "pages-private.db" if self._guard.allow_private else "pages.db"
                storage = AsyncSqliteStorage(database_path=self._cache_dir / name, max_stream_size=MAX_BYTES)
                transport = AsyncCacheTransport(self._guard, storage=storage, rfc=True)
            self._client = httpx2.AsyncClient(
                transport=transport,
                trust_env=False,
                follow_redirects=False,
                timeout=_STEP_SECONDS,
                headers={
                    "user-agent": _agent(),
                    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.9,*/*;q=0.8",
                    "accept-encoding": "gzip, deflate",
                },
            )
            self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return self._client


class _Busy(httpx2.HTTPError):
    """The site says that it has no time now."""


class _GuardedTransport(httpx2.AsyncBaseTransport):
    """Connects only to addresses that were checked: a name is resolved once, and what was checked is what is used.

    So a name that resolves to a public address when checked and to a private one when connected gains nothing.
    """

    def __init__(self, allow_private: bool, resolver: Resolver) -> None:
        self.allow_private, self._resolve = allow_private, resolver
        self._verify = ssl.create_default_context()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpx2.ConnectError(f"no host is named {host}") from error
        if not addresses:
            raise httpx2.ConnectError(f"no host is named {host}")
        if not self.allow_private and not all(map(is_public, addresses)):
            raise AddressRefused(
                f"{shown(str(request.url))} is an address inside a private network",
                "allow it (--allow-private) if it is meant",
            )
        return await self._send(request, addresses[0], host)

    async def _send(self, request: httpx2.Request, address: str, host: str) -> httpx2.Response:
        pinned = httpx2.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,  # the host's name among them
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        # A connection of its own: two names at one address must not share one.
        transport = httpx2.AsyncHTTPTransport(verify=self._verify, trust_env=False, http2=False)
        try:
            response = await transport.handle_async_request(pinned)
        except BaseException:
            await transport.aclose()
            raise
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_Closing(response.stream, transport),
            extensions=response.extensions,
        )


class _Closing(httpx2.AsyncByteStream):
    """A body whose connection ends with it."""

    def __init__(self, stream: object, transport: httpx2.AsyncHTTPTransport) -> None:
        assert isinstance(stream, httpx2.AsyncByteStream)
        self._stream, self._transport = stream, transport

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()
        await self._transport.aclose()


async def _read(response: httpx2.Response, url: str, most: int) -> Raw:
    """The body of an answer, within bounds."""
    status, name = response.status_code, shown(url)
    if status in _GONE:
        raise ArticleNotFound(f"there is no page {name} ({status})", "check the address")
    if status in _CLOSED:
        raise ArticleUnreadable(f"{name} {_CLOSED[status]} ({status})", "open it yourself, save it and give the file")
    if not response.is_success:
        raise ArticleUnreadable(f"{name} answers {status}", "open it yourself, save it and give the file")
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _PACKINGS:
        raise ArticleUnreadable(f"{name} is packed as '{encoding[:40]}'", "open it yourself, save it and give the file")
    data, received, unpacker = bytearray(), 0, _Unpacker(encoding)
    async for piece in response.aiter_raw():
        received += len(piece)
        data += unpacker.feed(piece, most - len(data) + 1)
        if received > most or len(data) > most:
            raise ArticleTooLong(f"{name} has more than {most // 1_000_000} MB", "give the address of one article")
    if not unpacker.is_done:
        raise httpx2.DecodingError("its packing is cut off")
    media_type, _, rest = response.headers.get("content-type", "").partition(";")
    charset = re.search(r"charset\s*=\s*[\"']?([\w-]+)", rest, re.I)
    final = str(response.request.url)
    suffix = Path(urlsplit(final).path).suffix.lower()
    return Raw(bytes(data), name, suffix, final, media_type.strip().lower() or None, charset[1] if charset else None)


class _Unpacker:
    """Takes a packed body apart piece by piece, never into more bytes than there is room for."""

    def __init__(self, encoding: str) -> None:
        self._packed = encoding not in ("", "identity")
        self._may_lack_frame = encoding == "deflate"  # some servers leave it out
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)

    @property
    def is_done(self) -> bool:
        """Whether nothing is to come: what ends in the middle of its packing was cut off on the way."""
        return not self._packed or self._unpacker.eof

    def feed(self, piece: bytes, room: int) -> bytes:
        """What the piece unpacks to, `room` bytes at most. Raises DecodingError for a broken packing."""
        if not self._packed:
            return piece
        try:
            unpacked = self._unpacker.decompress(piece, room)
        except zlib.error as error:
            if not self._may_lack_frame:
                raise httpx2.DecodingError("its packing is broken") from error
            self._unpacker, self._may_lack_frame = zlib.decompressobj(-zlib.MAX_WBITS), False
            return self.feed(piece, room)
        self._may_lack_frame = False
        return unpacked


def _check_form(url: str, asked: str) -> None:
    """Refuse what is no plain address of the web, be it given or led to."""
    try:
        parts = urlsplit(url)
        has_login = bool(parts.username or parts.password)
    except ValueError as error:
        raise AddressRefused(f"{shown(url)} is no address of the web", "check it") from error
    led = "" if url == asked else f" (to which {shown(asked)} leads)"
    if parts.scheme.lower() not in ("http", "https"):
        raise AddressRefused(f"{shown(url)}{led} is not of the web (http or https)", "give the address of a web page")
    if not parts.hostname:
        raise AddressRefused(f"{shown(url)}{led} names no host", "check it")
    if has_login:
        raise AddressRefused(
            f"an address of {parts.hostname}{led} holds a user name", "leave out what stands before the @"
        )


def _reason(error: httpx2.HTTPError) -> str:
    """Why a page cannot be had, in a few words and without the library's names."""
    if isinstance(error, httpx2.TimeoutException):
        return "it does not answer in time"
    words = str(error) or "the connection broke off"
    return words if len(words) < 120 else words[:117] + "..."


def _agent() -> str:
    try:
        number = version("summarizer")
    except PackageNotFoundError:
        number = "0"
    return f"summarizer/{number} (briefs single news articles for editors)"
