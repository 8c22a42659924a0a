"""What is shown while a brief is made: on a terminal one line that changes, elsewhere only the fetching of a model."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..rendering.cleaning import clean
from .progress import can_redraw, pull_progress

if TYPE_CHECKING:
    from rich.text import Text

    from ..llm.local.sources import Progress
    from ..watcher import Watcher

LONGEST = 40  # characters of a section's name, which a model writes
WRITING = {"reading the article": "writing the brief"}  # what a stage is called once the answer comes


@dataclass(frozen=True, slots=True)
class Watch:
    """What a Summarizer is given to tell how it goes: both are None if nothing is to be shown."""

    pulling: "Progress | None"
    watcher: "Watcher | None"
    live: "_LiveLine | None" = None

    def shown(self) -> contextlib.AbstractContextManager[object]:
        """The block in which the line is there; it is gone afterwards."""
        return self.live or contextlib.nullcontext()


@contextlib.contextmanager
def watching(quiet: bool) -> Iterator[Watch]:
    """A Watch for one brief, all of it on standard error."""
    if quiet:
        yield Watch(None, None)
    elif not can_redraw():
        with pull_progress() as progress:
            yield Watch(progress, None)
    else:
        with contextlib.ExitStack() as bar:
            live = _LiveLine(bar.enter_context(pull_progress()), bar)
            yield Watch(live, live, live)


class _LiveLine:
    """Watcher and Progress in one: a fetch has the terminal's line for its bar, until the model begins to work."""

    def __init__(self, fetch: "Progress", bar: contextlib.ExitStack) -> None:
        from rich.console import Console
        from rich.live import Live

        self._fetch, self._bar = fetch, bar
        self._began = time.monotonic()
        self._stage, self._section, self._pieces, self._items = "getting ready", "", 0, ""
        self._over, self._lock = False, threading.Lock()
        self._live = Live(
            get_renderable=self._line,
            console=Console(stderr=True),
            refresh_per_second=4,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> None:
        self._live.start()

    def __exit__(self, *error: object) -> None:
        with self._lock:  # after Ctrl-C the thread that does the work may begin one more stage
            self._over = True
            self._live.stop()

    def stage(self, what: str) -> None:
        """Go on with the line, if a bar has taken its place."""
        self._stage, self._section, self._pieces, self._items = what, "", 0, ""
        with self._lock:
            self._bar.close()
            if not self._over:
                self._live.start()

    def wrote(self, pieces: int, section: str | None, done: int, total: int) -> None:
        """Remember it; the line is drawn four times a second, not for each piece."""
        self._pieces, self._section = pieces, section or ""
        self._items = f"{done} of {total} items" if total else ""

    def start(self, total: int, source: str) -> None:
        """Leave the line to the bar."""
        self._live.stop()
        self._fetch.start(total, source)

    def advance(self, count: int) -> None:
        """Move the bar."""
        self._fetch.advance(count)

    def note(self, line: str) -> None:
        """Print it above the line or the bar."""
        if self._live.is_started:
            self._live.console.print(clean(line), markup=False, highlight=False)
        else:
            self._fetch.note(line)

    def _line(self) -> "Text":
        from rich.text import Text

        parts = [WRITING.get(self._stage, self._stage) if self._pieces else self._stage]
        if self._section:
            parts.append(clean(self._section)[:LONGEST].replace("_", " "))
        if self._items:
            parts.append(self._items)
        parts.append(f"{time.monotonic() - self._began:.0f} s")
        return Text(" · ".join(parts), no_wrap=True, overflow="ellipsis")
