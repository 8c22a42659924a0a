"""Whose a claim is: a process of a machine, told from a later one of the same number."""

import os
import socket
from pathlib import Path


def this_process() -> str:
    """The owner of the claims that this process makes."""
    return f"{socket.gethostname()}:{os.getpid()}:{_began(os.getpid())}"


def is_at_work(owner: str, until: float, now: float) -> bool:
    """Whether the process that made a claim is there still; of one on another machine only the time tells."""
    host, number, began = owner.rsplit(":", 2)
    if host != socket.gethostname():
        return until > now
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return until > now
    return began == _began(int(number))


def _began(process: int) -> str:
    """When a process began, so that another one of the same number is told from it; "0" where the system does not
    tell."""
    try:
        facts = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        return facts.rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return "0"
