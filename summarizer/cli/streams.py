"""The two streams of a command: results on standard output, everything else on standard error."""

import contextlib
import errno
import os
import sys
from typing import TextIO

from ..errors import ConfigurationError


def check_stdout() -> None:
    """Raises ConfigurationError if there is no standard output, before minutes are spent on what nobody could get."""
    if sys.stdout is None or sys.stdout.closed:
        raise ConfigurationError("standard output is closed", "send it to a terminal, a file (>) or a pipe")


def emit(text: str) -> None:
    """Put text on standard output now. Once a reader has gone away (`| head -1`), nothing is written and all is well.

    Raises ConfigurationError where it cannot be written.
    """
    check_stdout()
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        _forget(sys.stdout)
        if error.errno != errno.EPIPE:
            raise ConfigurationError(
                f"standard output cannot be written: {error.strerror}", "send it to a disk with room"
            ) from error


def say(line: str) -> None:
    """Put a line on standard error. What cannot be said changes nothing else."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
    except (OSError, ValueError):  # ValueError: it is closed
        _forget(sys.stderr)


def _forget(stream: TextIO) -> None:
    """Send what is left in the buffer nowhere, so that the interpreter does not fail on it once more at its end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
