"""Files that are written whole or not at all."""

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


def write_whole(path: Path, text: str) -> None:
    """Write a text in UTF-8, as `written_whole` does. A lone surrogate is written as an escape. Raises OSError."""
    with written_whole(path) as file:
        file.write(text.encode("utf-8", "backslashreplace"))


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A new file beside it to write to, which is renamed when the block ends; an old file keeps its permissions.

    Nothing is left behind by Ctrl-C or an error in the block. Raises OSError.
    """
    fresh = path.with_name(f".summarizer-{secrets.token_hex(6)}")
    try:
        with fresh.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            fresh.chmod(stat.S_IMODE(path.stat().st_mode))
        fresh.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
