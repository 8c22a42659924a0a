"""The embedded engine: llama.cpp's own HTTP server in a process of its own, speaking the OpenAI protocol on loopback.

A server rather than direct calls, because then the same client code serves the embedded model and any hosted one. In a
process of its own, because it can then be ended at any moment (inside our process, closing it during a call that was
not streamed never came back: it holds Python's lock while it waits for the caller), because a crash of native code or
a lack of memory does not take the caller down, and because nothing it prints can reach our output.
"""

import contextlib
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import weakref
from pathlib import Path
from types import TracebackType
from typing import IO

from ...errors import ModelFileCorrupt, ModelNotFetched, ModelUnavailable
from .serving import Order

DEFAULT_CONTEXT = 16384
GGUF_MAGIC = b"GGUF"
ERROR_LINE = re.compile(r"^[\d.]{1,20} E (?:\w{1,80}: )?(.{1,200})", re.MULTILINE)  # of llama.cpp's log
HOSTED = "or name a hosted model with --model"
MEMORY = f"free some memory (it needs the file's size and 1.5 GB), {HOSTED}"
ENDED_BY_SYSTEM = {  # exit codes
    -9: ("the system ended it, most likely because memory ran out", MEMORY),
    -4: ("this processor lacks instructions that xllamacpp was built for", f"build xllamacpp from source, {HOSTED}"),
}
PROGRAM = Path(__file__).with_name("serving.py")


class Engine:
    """A model loaded from `path`, answering at `base_url` to whoever sends `api_key`.

    `context` is the window in tokens, prompt and answer together. `threads` is the number of CPU threads; None takes
    every core that this process may use. The server listens on 127.0.0.1 at a free port; the key is random, so that
    no other user of the machine and no web page can call it.

    Making one blocks until the model is loaded, some seconds. `close()` ends it at once, a generation that is under
    way included; it is called at the end of a `with`, when the object is collected and at interpreter exit, whichever
    comes first, and the process ends by itself if ours is killed.

    Raises ModelNotFetched if there is no such file, ModelFileCorrupt if it is no model file, ModelUnavailable if the
    engine cannot be imported or cannot load it (mostly: not enough memory).
    """

    def __init__(self, path: Path, context: int = DEFAULT_CONTEXT, threads: int | None = None) -> None:
        self.path = path
        self.context = context
        self.threads = threads or available_cores()
        self.name = path.stem
        self.api_key = secrets.token_urlsafe(24)
        _look_at(path)
        order = Order(
            model=str(path.resolve()),
            name=self.name,
            context=context,
            threads=self.threads,
            api_key=self.api_key,
            search=sys.path,
        )
        self._process, address = _start(order)
        self._finalizer = weakref.finalize(self, _end, self._process)
        self.base_url = f"{address}/v1"

    @property
    def running(self) -> bool:
        """Whether the server is there: not closed, and not ended by a crash or by the system."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the server and free the model. Does nothing the second time."""
        self._finalizer()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def available_cores() -> int:
    """How many cores this process may run on: its CPU affinity where the system has one, else all of the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _look_at(path: Path) -> None:
    """Tell the two plainest faults before a process is started."""
    try:
        with path.open("rb") as file:
            magic = file.read(len(GGUF_MAGIC))
    except OSError as error:
        raise ModelNotFetched(f"{path}: {error.strerror}", "run `summarizer models pull`") from error
    if magic != GGUF_MAGIC:
        raise ModelFileCorrupt(f"{path} is no GGUF model file", "replace it with `summarizer models pull`")


def _start(order: Order) -> tuple["subprocess.Popen[str]", str]:
    """The process, once it has loaded the model, and the address that it listens on."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        process = subprocess.Popen(  # noqa: S603 - our own file, run by this Python
            [sys.executable, "-I", str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            encoding="utf-8",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            return process, _address(process, order)
        except _NotLoaded as error:
            _end(process)
            said.seek(0)
            raise _failure(order, process.returncode, f"{error} {said.read()}") from error
        except BaseException:  # Ctrl-C while it loads
            _end(process)
            raise


class _NotLoaded(Exception):
    """The process did not get as far as listening."""


def _address(process: "subprocess.Popen[str]", order: Order) -> str:
    try:
        _pipe(process.stdin).write(json.dumps(order) + "\n")
        _pipe(process.stdin).flush()
        answer = json.loads(_pipe(process.stdout).readline())
    except (OSError, ValueError) as error:  # it ended before it answered
        process.wait()
        raise _NotLoaded from error
    if "address" not in answer:
        process.wait()
        raise _NotLoaded(str(answer.get("error")))
    return str(answer["address"])


def _failure(order: Order, code: int, said: str) -> ModelUnavailable:
    """Why it did not start, from its exit code and from what it said."""
    what = f"the embedded engine could not load {order['model']}"
    if code in ENDED_BY_SYSTEM:
        reason, remedy = ENDED_BY_SYSTEM[code]
        return ModelUnavailable(f"{what}: {reason}", remedy)
    if "ImportError" in said or "ModuleNotFoundError" in said:
        return ModelUnavailable("the embedded engine cannot be imported", "reinstall xllamacpp, " + HOSTED)
    error = ERROR_LINE.search(said)  # the first says why, the others what followed from it
    reason = error[1] if error else f"exit code {code}"
    if "alloc" in said or "memory" in said or error is None:
        return ModelUnavailable(f"{what}: {reason}", MEMORY)
    return ModelFileCorrupt(f"{what}: {reason}", "compare it with its hash: `summarizer models list`")


def _end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # what was not sent is of no use now
            _pipe(pipe).close()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None, "both ends were asked for"
    return pipe
