"""Who makes the briefs of a batch."""

from typing import Protocol

from ..schemas.article import Article
from ..schemas.brief import Brief, Usage
from ..store import Recipe


class Briefer(Protocol):
    """Makes the brief of one article, for several at a time. A `Summarizer` is one."""

    @property
    def recipe(self) -> Recipe:
        """All but the article that its briefs depend on."""

    async def abrief(self, article: Article) -> Brief:
        """The brief. Raises a SummarizerError where there is none; a cancellation ends the work."""


class Priced(Briefer, Protocol):
    """A briefer that knows what its model costs. A `Summarizer` is one."""

    def price(self, usage: Usage, share: float = 1.0) -> float | None:
        """What calls that use so much cost at that share of the list price, in US dollars; None: not known."""
