"""What a digest says at a glance: the subject of its mail, the line that a mail program shows beside it, its counts."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from .cleaning import clean
from .document import Line, Span, line, listed
from .sections import MONTHS

if TYPE_CHECKING:
    from ..schemas.digest import Digest, DigestArticle, DigestStory

LISTED_FROM, MOST_LISTED = 4, 12  # stories from which on, and up to which, they are listed before the first
LONGEST_HEADLINE = 200  # characters
_LONGEST_LEAD, _LONGEST_PREVIEW = 60, 200  # characters: of a headline in a subject, of the line beside the subject
# What a difference is about, and what is new, in a word or two.
ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "amount": "Sum",
        "count": "Number",
        "date": "Day",
        "status": "Status",
        "giver": "Who gives",
        "speaker": "Who said it",
        "denial": "Said or denied",
        "terms": "Terms",
    }
)
NEWS: Mapping[str, str] = MappingProxyType(
    {
        "story": "new story",
        "status": "status",
        "value": "value",
        "terms": "terms",
        "joined": "joined",
        "left": "left",
        "position": "new position",
        "answered": "answered",
    }
)


def subject_of(digest: "Digest") -> str:
    """The subject of a mail with the digest, on one line: the day, the first story, and the counts.

    A headline that a source contradicts is said to be disputed. The line is text: whoever sends it encodes it.
    """
    told = f"{many(len(digest.stories), 'story', 'stories')}, {contradictions(digest)}"
    if digest.stories:
        first = digest.stories[0]
        told = f"{cut(first.headline.text, _LONGEST_LEAD)}{_doubt(first)}; {told}"
    else:
        told = "nothing to report"
    day = day_of(digest.until, with_year=False)
    return f"{day}: {told}" if day else told[:1].upper() + told[1:]


def preview_of(digest: "Digest") -> str:
    """What a mail program shows after the subject: the first story, its contradictions, and the next stories."""
    if not digest.stories:
        return "Nothing to report."
    first, *others = digest.stories
    told = f"{headline_of(first)}{_doubt(first)} · {contradictions(digest)}"
    more = "; ".join(f"{headline_of(story)}{_doubt(story)}" for story in others[:3])
    return cut(f"{told} · then: {more}" if more else told, _LONGEST_PREVIEW + LONGEST_HEADLINE)


def counts(digest: "Digest") -> Iterator[str]:
    """How many stories, articles, sources and contradictions, and of which days."""
    articles = [article for story in digest.stories for article in sources_of(story)]
    outlets = {(article.outlet or article.id).casefold() for article in articles}
    yield many(len(digest.stories), "story", "stories")
    if articles:
        yield f"{many(len(articles), 'article')} from {many(len(outlets), 'source')}"
    if articles and digest.since and digest.since != digest.until:
        yield f"published {day_of(digest.since)} to {day_of(digest.until)}"
    if articles:
        told = contradictions(digest)
        yield told if any(story.disagreements for story in digest.stories) else f"{told} found"


def contradictions(digest: "Digest") -> str:
    """How many contradictions all stories have, in words."""
    against = sum(len(story.disagreements) for story in digest.stories)
    return many(against, "contradiction") if against else "no contradiction"


def since_told(digest: "Digest") -> str:
    """How many stories are new, and in how many something is, beside the digest before."""
    new = sum(any(change.kind == "story" for change in story.changes) for story in digest.stories)
    moved = sum(bool(story.changes) for story in digest.stories) - new
    when = f" of {day_of(digest.compared_to)}" if digest.compared_to else ""
    told = [many(new, "new story", "new stories")] if new else []
    told += [f"{many(moved, 'story', 'stories')} with something new"] if moved else []
    return f"Since the last digest{when}: {listed(told) if told else 'nothing new'}."


def stories_listed(digest: "Digest") -> Iterator[Line]:
    """A line a story, leading to it, with its number of contradictions; the last ones are counted if they are many."""
    for number, story in enumerate(digest.stories[:MOST_LISTED], start=1):
        against = len(story.disagreements)
        told = Span(many(against, "contradiction"), bold=True) if against else ""
        title = Span(f"{number} · {headline_of(story)}", to=f"story-{number}")
        yield line(title, _doubt(story), " · " if against else "", told)
    more = len(digest.stories) - MOST_LISTED
    if more > 0:
        yield line(f"and {many(more, 'more story', 'more stories')}")


def sources_of(story: "DigestStory") -> "list[DigestArticle]":
    """The articles without those of which a newer version is here."""
    return [article for article in story.articles if article.replaced_by is None]


def headline_of(story: "DigestStory") -> str:
    """The headline on one line, not longer than a headline is."""
    return cut(story.headline.text, LONGEST_HEADLINE)


def cut(text: str, most: int) -> str:
    """The text on one line; a longer one is cut between words to `most` characters, three dots at its end."""
    words = clean(text).strip()
    if len(words) <= most:
        return words
    kept = words[: most - 1]
    space = kept.rfind(" ")
    return f"{kept[:space] if space > most // 2 else kept[:-1]} …".replace("  ", " ")


def day_of(published: str | None, with_year: bool = True) -> str:
    """A date as newspapers write it, where it is ISO 8601; any other as it stands."""
    try:
        day = date.fromisoformat((published or "")[:10])
    except ValueError:
        return cut(published or "", 40)
    return f"{day.day} {MONTHS[day.month - 1]}{f' {day.year}' if with_year else ''}"


def many(number: int, one: str, more: str = "") -> str:
    """A number with what it counts: "1 story", "2 stories"."""
    return f"{number} {one if number == 1 else more or one + 's'}"


def _doubt(story: "DigestStory") -> str:
    return " (disputed)" if story.headline.disputed else ""
