"""What a process takes: seconds of CPU and memory, its own and that of the processes it has started.

Standard library only: the environment of the rivals has no other.
"""

import os
import resource
import sys
from pathlib import Path


def cpu_seconds() -> float:
    """User and system time of this process and of those below it that are there still, or were waited for."""
    took = os.times()
    return took.user + took.system + took.children_user + took.children_system + sum(map(_cpu_of, _below(os.getpid())))


def peak_memory() -> int:
    """The most bytes that were in memory at a time, of this process and of the largest moments of those below it."""
    return sum(map(_peak_of, (os.getpid(), *_below(os.getpid())))) or _usual_peak()


def memory() -> int:
    """The bytes that are in memory now, of this process alone."""
    return _status(os.getpid(), "VmRSS") or _usual_peak()


def _cpu_of(process: int) -> float:
    try:
        facts = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return 0.0


def _peak_of(process: int) -> int:
    return _status(process, "VmHWM")


def _status(process: int, name: str) -> int:
    try:
        for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def _usual_peak() -> int:
    """Where there is no /proc: that of this process alone."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _below(process: int) -> list[int]:
    """The processes that this one has started, and those that they have."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = [int(number) for number in task.read_text(encoding="ascii").split()]
        except OSError:  # the thread has ended meanwhile
            continue
        for child in children:
            found += [child, *_below(child)]
    return found
