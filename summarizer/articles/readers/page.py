"""Web pages: trafilatura finds the body; what the page says of itself tells whether it is the whole article."""

import json
import re
from collections.abc import Iterator
from typing import Any

import trafilatura
from trafilatura.settings import Document

from ...errors import ArticleEmpty
from ...schemas.article import Article
from ..decoding import decode
from ..raw import Raw

FEWEST_WORDS = 25  # of an article; with fewer the page is a list, a video or a wall
_SHARE_CUT = 0.6  # of the words that the page says the article has: with fewer it is cut off
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})|<\?xml[^>]{0,100}encoding=[\"']([\w-]{2,40})", re.I
)
_ENDS_OPEN = re.compile(
    r"(?:…|\.\.\.|\[\+?\d* ?(?:chars|more)?\])\s*\Z|"
    r"(?:continue reading|read (?:more|the full (?:story|article))|subscribe to (?:continue|read)|"
    r"log in to (?:continue|read)|this (?:article|content) is (?:for|reserved for|available to) (?:our )?(?:paid )?"
    r"(?:subscribers|members)|weiterlesen|lire la suite|seguir leyendo)\W*\Z",
    re.I,
)
_LIVE = re.compile(r"/live(?:[/-]|blog)|\blive (?:blog|updates)\b|\bliveticker\b", re.I)
PAYWALLED = "the page is behind a paywall, so this may be only the beginning of the article"
CUT_OFF = "the page has only a part of the article"
LIVE = "the page is a live blog: entries of many hours, newest first, and no article"


def read(raw: Raw) -> Article:
    """The body of the page as paragraphs, with title, byline, date, site, language and canonical address.

    Warnings say where the page is a live blog, behind a paywall or cut off. Raises ArticleEmpty for a page without an
    article.
    """
    declared = _CHARSET.search(raw.data[:4096])
    charset = (declared[1] or declared[2]).decode("ascii") if declared else None
    markup, warnings = decode(raw, charset)
    found = trafilatura.bare_extraction(
        markup, url=raw.url, favor_precision=True, include_comments=False, with_metadata=True, deduplicate=False
    )
    text = _paragraphs(found.text or "") if isinstance(found, Document) else ""
    if not isinstance(found, Document) or not any(character.isalnum() for character in text):
        raise ArticleEmpty(f"{raw.name} is a web page without an article", "give the address of one article")
    facts = list(_facts(markup))
    return Article(
        text=text,
        title=found.title or None,
        url=_address(found.url) or raw.url,
        source=found.sitename or None,
        byline=found.author or None,
        published=found.date or None,
        language=_language(markup),
        warnings=(*warnings, *_signs(text, facts, raw.url or found.url or "", found.title or "")),
    )


def _paragraphs(body: str) -> str:
    """A paragraph a line, as trafilatura gives them, with an empty line between."""
    return "\n\n".join(line.strip() for line in body.split("\n") if line.strip())


def _signs(text: str, facts: list[dict[str, Any]], url: str, title: str) -> Iterator[str]:
    """What tells that the page does not have the whole article, or no article."""
    kinds = {str(kind) for fact in facts for kind in _listed(fact.get("@type"))}
    if "LiveBlogPosting" in kinds or _LIVE.search(url) or _LIVE.search(title):
        yield LIVE
    free = [fact.get("isAccessibleForFree") for fact in facts]
    if any(str(value).strip().lower() == "false" for value in free if value is not None):
        yield PAYWALLED
    words = len(text.split())
    counts = [int(str(fact["wordCount"])) for fact in facts if str(fact.get("wordCount", "")).isdigit()]
    bodies = [len(fact["articleBody"].split()) for fact in facts if isinstance(fact.get("articleBody"), str)]
    told = max(counts + bodies, default=0)
    if words < _SHARE_CUT * told or _ENDS_OPEN.search(text):
        yield CUT_OFF
    elif words < FEWEST_WORDS:
        yield f"the page has only {words} words of text"


def _facts(markup: str) -> Iterator[dict[str, Any]]:
    """The objects of a page's JSON-LD, those of a graph and those nested in them included."""
    for block in re.findall(
        r"<script[^>]{0,300}application/ld\+json[^>]{0,300}>(.{2,200000}?)</script>", markup, re.I | re.S
    ):
        try:
            waiting = _listed(json.loads(block))
        except (ValueError, RecursionError):
            continue  # many pages have broken ones
        for _ in range(500):
            if not waiting:
                break
            fact = waiting.pop()
            if isinstance(fact, dict):
                yield fact
                waiting += [each for value in fact.values() for each in _listed(value) if isinstance(each, dict | list)]
            elif isinstance(fact, list):
                waiting += fact


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def _language(markup: str) -> str | None:
    """The language that the page says it is in, as its first subtag: "de" of "de-AT"."""
    match = re.search(r"<html[^>]{0,300}?\slang\s*=\s*[\"']?([A-Za-z]{2,3})\b", markup[:20_000], re.I)
    return match[1].lower() if match else None


def _address(url: str | None) -> str | None:
    return url if url and re.match(r"https?://", url) else None
