"""Feeds: RSS and Atom by feedparser, which reads what the web has of them; JSON Feed is JSON."""

import json
import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from time import struct_time
from typing import Any
from urllib.parse import urljoin

import feedparser

from ...errors import ArticleUnreadable
from ..decoding import decode
from ..raw import Link, Raw

MOST_ITEMS = 10_000
_TAGS = re.compile(r"<[^<>]{1,500}>")


def read_many(raw: Raw) -> Iterator[Link | ArticleUnreadable]:
    """The items of the feed in its order, each address once; of one without an address that. Raises ArticleUnreadable
    for what is no feed.
    """
    is_json = raw.data.lstrip()[:1] == b"{"
    seen: set[str] = set()
    for number, link in enumerate(_json_items(raw) if is_json else _items(raw), 1):
        if link is None:
            what = f"{raw.name}, item {number}, has no address of a page"
            yield ArticleUnreadable(what, "give its text as a file or as a row of JSONL")
        elif link.url not in seen:
            seen.add(link.url)
            yield link
        if len(seen) == MOST_ITEMS:
            return


def _items(raw: Raw) -> Iterator[Link | None]:
    headers = {"content-location": raw.url or "", "content-type": raw.media_type or "application/xml"}
    feed = feedparser.parse(
        BytesIO(raw.data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not feed.entries and feed.get("bozo"):
        raise ArticleUnreadable(f"{raw.name} is a feed that is broken or cut off", "give the address of a whole one")
    source = _words(feed.feed.get("title"))
    for entry in feed.entries:
        url = _address(entry.get("link"), raw.url) or _address(entry.get("id"), None)
        yield Link(url, _words(entry.get("title")), _day(entry.get("published_parsed")), source) if url else None


def _json_items(raw: Raw) -> Iterator[Link | None]:
    text, _ = decode(raw)
    try:
        feed = json.loads(text)
        items = feed["items"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ArticleUnreadable(
            f"{raw.name} is a JSON feed that is broken", "give the address of a whole one"
        ) from error
    for item in items if isinstance(items, list) else ():
        known = item if isinstance(item, dict) else {}
        url = _address(known.get("url"), raw.url) or _address(known.get("external_url"), raw.url)
        published = str(known.get("date_published") or "")[:10] or None
        yield Link(url, _words(known.get("title")), published, _words(feed.get("title"))) if url else None


def _address(link: Any, base: str | None) -> str | None:
    """An address of the web; one that is relative is that of the feed's site."""
    if not isinstance(link, str):
        return None
    try:
        url = urljoin(base or "", link.strip())
    except ValueError:
        return None
    return url if re.match(r"https?://[^/]", url, re.I) else None


def _words(value: Any) -> str | None:
    """A title without markup."""
    words = " ".join(unescape(_TAGS.sub(" ", value)).split()) if isinstance(value, str) else ""
    return words or None


def _day(when: struct_time | None) -> str | None:
    return f"{when.tm_year:04}-{when.tm_mon:02}-{when.tm_mday:02}" if when else None
