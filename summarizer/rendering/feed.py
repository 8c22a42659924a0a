"""The Atom feed (RFC 4287) of a digest: an entry a story, under an id that stays when the story goes on tomorrow.

No clock: what is said to be updated was published. A library writes the XML.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from lxml import etree
from lxml.builder import ElementMaker

from .document import Heading, Part, web_address
from .glance import counts, cut, headline_of, many
from .html import HtmlWriter
from .sections import CAUTION

if TYPE_CHECKING:
    from ..schemas.digest import Digest, DigestStory

ATOM = "http://www.w3.org/2005/Atom"
AUTHOR = "summarizer"
_NEVER = "1970-01-01"  # stands where no article says when it was published: Atom wants a day
# Names of this program's things as UUIDs (RFC 4122, version 5), of which ids are made.
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "urn:summarizer:digest")
_LONGEST_SUMMARY, _LONGEST_TITLE = 800, 160  # characters
_MAKE = ElementMaker(namespace=ATOM, nsmap={None: ATOM})
_WRITER = HtmlWriter(styled=False)


def write_feed(digest: "Digest", parts: Sequence[Part], address: str | None = None) -> str:
    """The feed as XML in UTF-8; `address` is where it will be, and makes its id; else its day and its stories do."""
    link = web_address(address)
    told = " · ".join([*counts(digest), CAUTION])
    feed = _MAKE.feed(
        _MAKE.title("Digest of the news"),
        _MAKE.subtitle(told),
        _MAKE.id(_id("feed", link or "\n".join([digest.until or "", *sorted(story.id for story in digest.stories)]))),
        _MAKE.updated(_moment([digest.until, *(article.day for s in digest.stories for article in s.articles)])),
        _MAKE.author(_MAKE.name(AUTHOR)),
    )
    if link:
        feed.append(_MAKE.link(rel="self", type="application/atom+xml", href=link))
    by_story: dict[int, list[Part]] = {}
    for part in parts:
        by_story.setdefault(part.story, []).append(part)
    for number, story in enumerate(digest.stories, start=1):
        feed.append(_entry(story, by_story[number], digest.until))
    etree.indent(feed)
    text = etree.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _entry(story: "DigestStory", parts: Iterable[Part], until: str | None) -> Any:
    # The heading of the story is the entry's title, and that of a desk above it is no part of the entry.
    every = [block for part in parts for block in part.blocks]
    title = next(place for place, block in enumerate(every) if isinstance(block, Heading) and block.anchor)
    blocks = tuple(every[title + 1 :])
    disputed = "Disputed: " if story.headline.disputed else ""
    return _MAKE.entry(
        _MAKE.title(f"{disputed}{headline_of(story)}"),
        _MAKE.id(_id("story", story.id)),
        _MAKE.updated(_moment([article.day for article in story.articles], until)),
        *_links(story),
        _MAKE.summary(_summary(story), type="text"),
        _MAKE.content(_WRITER.write(blocks), type="html"),
    )


def _links(story: "DigestStory") -> Iterator[Any]:
    """The articles: what the story rests on, and the copies beside it."""
    for article in story.articles:
        address = web_address(article.url)
        if address:
            title = cut(" · ".join(filter(None, [article.outlet, article.title])), _LONGEST_TITLE)
            rel = "related" if article.copy_of or article.replaced_by else "via"
            yield _MAKE.link(rel=rel, type="text/html", href=address, title=title or address)


def _summary(story: "DigestStory") -> str:
    against = len(story.disagreements)
    told = [f"{many(against, 'contradiction')} between its sources."] if against else []
    told += [f"{'Disputed: ' if each.disputed else ''}{cut(each.text, _LONGEST_SUMMARY)}" for each in story.summary]
    return cut(" ".join(told), _LONGEST_SUMMARY) or headline_of(story)


def _moment(days: Iterable[str | None], otherwise: str | None = None) -> str:
    """The newest of the days, as Atom has it (RFC 3339)."""
    known = sorted(filter(None, map(_day, days)))
    return f"{known[-1] if known else _day(otherwise) or _NEVER}T00:00:00Z"


def _day(published: str | None) -> str:
    try:
        return date.fromisoformat((published or "")[:10]).isoformat()
    except ValueError:
        return ""


def _id(kind: str, name: str) -> str:
    """A URN that is the same for the same name, whatever is in it."""
    return uuid.uuid5(_NAMES, f"{kind}:{name}".encode("utf-8", "replace").decode("utf-8")).urn
