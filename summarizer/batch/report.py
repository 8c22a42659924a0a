"""What became of an article, and of a run: events, and the report."""

from dataclasses import dataclass, field
from typing import Literal

from ..errors import SummarizerError
from ..schemas.article import Article
from ..schemas.brief import Brief
from .events import Value, of_brief, of_error

What = Literal["made", "kept", "same", "elsewhere", "failed", "unread", "waiting"]


@dataclass(frozen=True, slots=True)
class Event:
    """What became of one article: a brief was made, was kept already, is that (or the error) of one of the same text
    that was at work, is being made by another process, could not be made, the source gave no article, or it waits for
    an answer out of a provider's batch.

    `article` is its id, `given` the article itself; both are None where the source gave none.
    """

    what: What
    name: str
    article: str | None = None
    brief: Brief | None = None
    error: SummarizerError | None = None
    given: Article | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article, and in how many seconds if it was at work."""

    what: What
    brief: Brief | None = None
    error: SummarizerError | None = None
    seconds: float | None = None

    @property
    def facts(self) -> dict[str, Value]:
        """What of it the journal has."""
        took: dict[str, Value] = {} if self.seconds is None else {"seconds": round(self.seconds, 3)}
        made = {} if self.brief is None or self.what == "same" else of_brief(self.brief)
        return {**made, **(of_error(self.error) if self.error and self.what != "waiting" else {}), **took}


@dataclass(slots=True)
class Report:
    """What a run has done. `stopped` says why it ended before its sources did, None if it did not; `error` is what
    ended it, if that was one which every article would meet: a spent budget, too many failures and the like. Of a
    provider's batches: the articles that are `waiting` for it when the run ends, those that wait with another model or
    other prompts (`others`), and lines of its files that belong to no request (`unknown`).
    """

    made: int = 0
    kept: int = 0
    same: int = 0
    elsewhere: int = 0
    failed: int = 0
    unread: int = 0
    waiting: int = 0
    others: int = 0
    unknown: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    stopped: str | None = None
    error: SummarizerError | None = None
    interrupted: bool = False
    seconds: float = 0.0

    @property
    def found(self) -> int:
        """All that the sources gave."""
        return self.made + self.kept + self.same + self.elsewhere + self.failed + self.unread + self.waiting
