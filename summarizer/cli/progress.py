"""How a fetch of a model is shown: a bar on a terminal, a few plain lines elsewhere. All of it on standard error."""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Protocol

from ..llm.local.sources import Progress
from .streams import say

STEP = 10  # per cent between two plain lines


class _Shown(Progress, Protocol):
    def end(self) -> None: ...


def can_redraw() -> bool:
    """Whether standard error is a terminal on which a line can be drawn anew."""
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")


@contextlib.contextmanager
def pull_progress() -> Iterator[Progress]:
    """A `Progress` for `ModelStore.ensure`; silent if nothing is fetched. The bar is gone when the block ends."""
    shown: _Shown = _Bar() if can_redraw() else _Lines()
    try:
        yield shown
    finally:
        shown.end()


class _Lines:
    """For logs and pipes: one line at the start and one every tenth."""

    def __init__(self) -> None:
        self._total = self._done = self._next = 0

    def start(self, total: int, source: str) -> None:
        self._total, self._done, self._next = total, 0, STEP
        say(f"fetching {total / 1e6:,.0f} MB from {source}")

    def advance(self, count: int) -> None:
        self._done += count
        percent = 100 * self._done // self._total
        if percent >= self._next:
            self._next = percent - percent % STEP + STEP
            say(f"  {percent} %")

    def note(self, line: str) -> None:
        say(line)

    def end(self) -> None:
        """Nothing to tidy up."""


class _Bar:
    """For a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
        from rich.progress import Progress as RichProgress

        self._rich = RichProgress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._rich.add_task("", visible=False)

    def start(self, total: int, source: str) -> None:
        self._rich.start()
        self._rich.reset(self._task, total=total, description=f"from {source}", visible=True)

    def advance(self, count: int) -> None:
        self._rich.advance(self._task, count)

    def note(self, line: str) -> None:
        self._rich.console.print(line, markup=False, highlight=False)

    def end(self) -> None:
        self._rich.stop()
