"""The command `summarizer`: the only part that prints. One file a command; each imports what it needs when it runs."""

import sys
from collections.abc import Sequence

INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (those of the process by default) and return its exit code.

    0 done · 1 done, but an article failed or `check` found something against the text · 2 bad use or unreadable input ·
    3 model or network unavailable · 130 interrupted. An error is one line on standard error; a traceback is shown only
    with `--debug`.
    """
    try:
        from .program import run  # inside, so that Ctrl-C while libraries load ends as quietly as later

        return run(sys.argv[1:] if arguments is None else list(arguments))
    except KeyboardInterrupt:
        from .streams import say

        say("interrupted")
        return INTERRUPTED
