"""Starts the processes of a measurement and reads the figures that they print."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 6 * 3600.0  # seconds that one run may take, in case it hangs
MISSING = 3  # the exit code of a rival that is not installed


class Broken(Exception):
    """A run that gave no figures, or figures of something else than was meant."""


class Missing(Exception):
    """A tool that is not installed."""


class Double:
    """The double in its process, for as long as the `with` lasts. `latency` is seconds, `piece` characters an event."""

    def __init__(self, latency: float, piece: int) -> None:
        self._command = ["benchmarks.speed.double", "--latency", str(latency), "--piece", str(piece)]
        self._port = 0

    @property
    def base_url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}/v1"

    def taken(self) -> dict[str, float]:
        """Its seconds of CPU so far, how many questions it was asked and how many it has answered."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/cpu", timeout=30) as told:
            figures: dict[str, float] = json.load(told)
        return figures

    def __enter__(self) -> Self:
        command = [sys.executable, "-P", "-m", *self._command]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment())  # noqa: S603
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line.isdigit():
            self._process.communicate()
            raise Broken("the double did not start")
        self._port = int(line)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.communicate()


def run(module: str, arguments: Sequence[object], python: str = sys.executable) -> dict[str, Any]:
    """The figures that a module of the benchmark prints, run in a process of its own. Raises Broken, Missing."""
    command = [python, "-P", "-m", module, *map(str, arguments)]
    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, env=_environment(), timeout=LONGEST, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Broken(f"{module}: {error}") from error
    told = done.stderr.strip().splitlines()[-3:]
    if done.returncode == MISSING or (told and told[-1].startswith("ModuleNotFoundError")):
        raise Missing(told[-1] if told else module)
    try:
        figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise Broken(f"{module} gave no figures: {' | '.join(told)}") from error
    return figures


def hold_to(cores: int) -> int:
    """Keep this process, and those it starts, to so many cores, as far as the system does that; how many they are."""
    try:
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:cores]))
        return len(os.sched_getaffinity(0))
    except (AttributeError, OSError):
        return os.cpu_count() or 1


def _environment() -> dict[str, str]:
    """That of this process with the tree in front, without what would name another model, server or store."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUMMARIZER_", "OPENAI_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
