"""What a runner of many articles needs of a store, and one that keeps nothing."""

import contextlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Literal, Protocol

from ..errors import SummarizerError
from ..schemas.article import Article
from ..schemas.brief import Brief
from .recipe import Recipe
from .rows import Call, Given


class Keeper(Protocol):
    """Where a runner keeps what it makes; each method is `Store`'s. All of them may be called from any thread."""

    def begin_run(self, command: str, model: str) -> int:
        """Note that a run begins, and give its number."""

    def end_run(self, run: int, outcome: str) -> None:
        """Note how a run ended."""

    def has(self, key: str) -> bool:
        """Whether the brief of that key is kept."""

    def brief(self, key: str) -> Brief | None:
        """The brief of that key; None if there is none."""

    def keep(self, key: str, brief: Brief, run: int | None = None) -> None:
        """Keep a brief with its article."""

    def keep_failure(self, key: str, article: Article, error: SummarizerError, run: int | None = None) -> None:
        """Keep the reason why there is no brief of that key."""

    def keep_calls(
        self, key: str, article: Article, recipe: Recipe, calls: Sequence[Call], run: int | None = None
    ) -> None:
        """Keep what was sent to a model for an article, with what it answered."""

    def answers(self, key: str) -> Sequence[Given]:
        """What was answered for the brief of that key, which is not made yet."""

    def tie(self, key: str, articles: Sequence[Article]) -> None:
        """Have what is answered at a key go with each of these articles."""

    def drop_answers(self, key: str) -> None:
        """Have what was answered for that brief asked anew."""

    def together(self) -> AbstractContextManager[None]:
        """What is put in meanwhile is kept at once, all of it or nothing."""

    def claim(self, key: str) -> Literal["mine", "done", "busy"]:
        """Claim the work at a key."""

    def renew(self) -> None:
        """Hold on to this process's claims."""

    def release(self, key: str) -> None:
        """Give up a claim."""


class Nowhere:
    """Keeps nothing: no brief is there before, and none afterwards."""

    def begin_run(self, command: str, model: str) -> int:
        """Number every run 0."""
        return 0

    def end_run(self, run: int, outcome: str) -> None:
        """Do nothing."""

    def has(self, key: str) -> bool:
        """Have none."""
        return False

    def brief(self, key: str) -> Brief | None:
        """Have none."""
        return None

    def keep(self, key: str, brief: Brief, run: int | None = None) -> None:
        """Do nothing."""

    def keep_failure(self, key: str, article: Article, error: SummarizerError, run: int | None = None) -> None:
        """Do nothing."""

    def keep_calls(
        self, key: str, article: Article, recipe: Recipe, calls: Sequence[Call], run: int | None = None
    ) -> None:
        """Do nothing."""

    def answers(self, key: str) -> Sequence[Given]:
        """Have none."""
        return ()

    def tie(self, key: str, articles: Sequence[Article]) -> None:
        """Do nothing."""

    def drop_answers(self, key: str) -> None:
        """Do nothing."""

    def together(self) -> AbstractContextManager[None]:
        """Nothing is put in."""
        return contextlib.nullcontext()

    def claim(self, key: str) -> Literal["mine", "done", "busy"]:
        """Let everybody have it."""
        return "mine"

    def renew(self) -> None:
        """Do nothing."""

    def release(self, key: str) -> None:
        """Do nothing."""
