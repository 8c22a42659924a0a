"""Files that are written whole or not at all."""

import contextlib
import os
import secrets
import stat
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write to a new file beside it and rename that, in UTF-8; an old file keeps its permissions.

    A lone surrogate is written as an escape. Nothing is left behind by Ctrl-C. Raises OSError.
    """
    fresh = path.with_name(f".summarizer-{secrets.token_hex(6)}")
    try:
        with fresh.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            fresh.chmod(stat.S_IMODE(path.stat().st_mode))
        fresh.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
