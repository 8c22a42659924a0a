"""The section of a digest that a story is for: the first desk of the settings whose rules it fits.

A desk's words are looked for in what the story says, as whole words: one in a headline or a title is enough, elsewhere
there have to be two different ones (one, if the desk has but one). One article of its sources or addresses is enough.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ..grounding.mentions import folded
from ..schemas.digest import DigestStory
from ..settings import Desk, desks_of

OTHER = "Other"
_FEWEST = 2  # different words, where none stands in a headline
_LONGEST = 2_000  # characters of an address


@dataclass(frozen=True)
class Desks:
    """The desks of the settings in their order; without any a story has none."""

    rules: tuple[tuple[str, Desk, tuple[re.Pattern[str], ...]], ...]

    @classmethod
    def of(cls, desks: Mapping[str, object] | None) -> "Desks":
        """From a table as settings have it, or of `Desk`s. Raises ConfigurationError for a rule that is none."""
        return cls(
            tuple((name, desk, tuple(map(_pattern, desk.words))) for name, desk in desks_of(desks or {}).items())
        )  # fmt: skip

    def filled(self, stories: Iterable[DigestStory]) -> tuple[str, ...]:
        """The sections that have a story, in their order."""
        named = [name for name, _, _ in self.rules]
        used = {story.desk for story in stories}
        return tuple(name for name in (*named, *([OTHER] if OTHER not in named else [])) if name in used)

    def place(self, story: DigestStory) -> tuple[int, float, str]:
        """Where a story stands: by desk in the order of the settings, what fits none last; then by weight."""
        names = [name for name, _, _ in self.rules]
        return names.index(story.desk) if story.desk in names else len(names), -story.score, story.id

    def desk_of(self, story: DigestStory) -> str | None:
        """The section of a story; None where no desks are set."""
        fits = (name for name, desk, words in self.rules if _fits(story, desk, words))
        return next(fits, OTHER) if self.rules else None


def _fits(story: DigestStory, desk: Desk, words: Sequence[re.Pattern[str]]) -> bool:
    if desk.kinds and not any(actor.kind in desk.kinds for actor in story.actors if actor.named):
        return False
    if not (desk.words or desk.sources or desk.addresses):
        return True
    outlets = {(article.outlet or "").casefold() for article in story.articles}
    addresses = [(article.url or "")[:_LONGEST].casefold() for article in story.articles]
    return (
        _has_words(story, words)
        or any(source.casefold() in outlets for source in desk.sources)
        or any(fnmatchcase(address, each.casefold()) for address in addresses for each in desk.addresses)
    )


def _has_words(story: DigestStory, words: Sequence[re.Pattern[str]]) -> bool:
    heads = " \n ".join(_folded(text) for text in _heads(story))
    if any(word.search(heads) for word in words):
        return True
    body = " \n ".join(_folded(text) for text in _body(story))
    return bool(words) and sum(bool(word.search(body)) for word in words) >= min(_FEWEST, len(words))


def _heads(story: DigestStory) -> Iterator[str]:
    yield story.headline.text
    yield from (article.title or "" for article in story.articles)


def _body(story: DigestStory) -> Iterator[str]:
    yield from (sentence.text for sentence in story.summary)
    yield from (actor.role or "" for actor in story.actors)
    for deal in story.deals:
        yield deal.title
        yield from (term.gives for told in deal.told for term in told.terms)


def _pattern(word: str) -> re.Pattern[str]:
    """A word or a few as a whole; with a star at its end, what begins so."""
    plain = _folded(word.removesuffix("*"))
    end = "" if word.endswith("*") else r"(?!\w)"
    return re.compile(rf"(?<!\w){re.escape(plain)}{end}")


def _folded(text: str) -> str:
    return " ".join(folded(word) for word in text.split())
