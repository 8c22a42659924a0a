"""Who is told how the making of a brief goes."""

from typing import Protocol


class Watcher(Protocol):
    """Told what is going on while a brief is made, for a progress line. Called from the thread that does the work."""

    def stage(self, what: str) -> None:
        """A new stage has begun, such as "reading"."""

    def wrote(self, pieces: int, section: str | None, done: int, total: int) -> None:
        """So many pieces of the answer have come, the last in that section: `done` items of `total` (0: not known)."""


class Silent:
    """A watcher that shows nothing."""

    def stage(self, what: str) -> None:
        """Show nothing."""

    def wrote(self, pieces: int, section: str | None, done: int, total: int) -> None:
        """Show nothing."""
