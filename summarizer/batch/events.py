"""The log of a run for machines: JSON Lines, one event a line. Of an article it has the id and the address, no text."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import BinaryIO, Literal

from ..errors import SummarizerError
from ..llm import Done
from ..schemas.brief import Brief

Name = Literal[
    "run_begun",
    "article_begun",
    "call",
    "made",
    "kept",
    "same",
    "elsewhere",
    "waiting",
    "failed",
    "unread",
    "batch",
    "stopped",
    "run_ended",
]
Value = str | int | float | None


class Journal:
    """Writes events to `file`, each as soon as it happens; to none if that is None.

    A file that cannot be written any more, on a full disk, costs the run nothing: `complain` is told once.
    """

    def __init__(self, file: BinaryIO | None = None, complain: Callable[[str], None] = lambda line: None) -> None:
        self._file, self._complain = file, complain
        self._has_failed = self._is_broken = False

    def note(self, event: Name, run: int | None, article: str | None, facts: Mapping[str, Value]) -> None:
        """Write one event: the time (ISO 8601, UTC), its name, the number of the run, the article's id, and `facts`."""
        if self._file is None:
            return
        told = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, "run": run}
        self._write(self._file, {**told, **({"article": article} if article else {}), **facts})

    def _write(self, file: BinaryIO, told: Mapping[str, Value]) -> None:
        line = json.dumps(told).encode("ascii") + b"\n"  # in ASCII no sign of it moves a terminal
        if self._is_broken:  # a piece of a line may stand there
            line = b"\n" + line
        try:
            is_whole = file.write(line) == len(line)
            file.flush()
            reason = "" if is_whole else "no room is left"
        except (OSError, ValueError) as error:  # ValueError: it is closed
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        self._is_broken = bool(reason)
        if reason and not self._has_failed:
            self._has_failed = True
            self._complain(f"the log cannot be written: {reason}; the run goes on without it")


def of_call(done: Done) -> dict[str, Value]:
    """What belongs to a request: outcome, tokens, cost in US dollars, seconds, and the wait that was asked for."""
    used = done.usage
    counted: dict[str, Value] = {}
    if used is not None:
        counted = {
            "input_tokens": used.input_tokens,
            "cached_tokens": used.cached_tokens,
            "output_tokens": used.output_tokens,
        }
    asked = {} if done.retry_after is None else {"retry_after": done.retry_after}
    return {"outcome": done.outcome, **counted, "cost_usd": done.cost_usd, "seconds": round(done.seconds, 3), **asked}


def of_brief(brief: Brief) -> dict[str, Value]:
    """What belongs to a brief that was made: what all its requests took."""
    used = brief.audit.usage
    return {
        "requests": brief.audit.attempts,
        "input_tokens": used.input_tokens,
        "cached_tokens": used.cached_tokens,
        "output_tokens": used.output_tokens,
        "cost_usd": brief.audit.cost_usd,
    }


def of_error(error: SummarizerError) -> dict[str, Value]:
    """What belongs to a failure: its kind, and the reason in words."""
    return {"kind": type(error).__name__, "reason": str(error)}
