"""The embedded engine: llama.cpp's own HTTP server in a process of its own, speaking the OpenAI protocol on loopback.

In a process of its own, because

- a crash of native code or a lack of memory ends the engine, not the caller;
- it can be ended at once, in the middle of a generation;
- loading and closing hold Python's lock, of that process and not of the caller's. (Inside our own, closing it during a
  call that was not streamed never came back: it waited for the caller, which waited for the lock.)

It costs that a limit on memory counts both processes (the engine takes the file's size and 0.6 GB), and that
`sys.executable` has to be a Python: a program that embeds one, or is frozen, has to set it. A server rather than direct
calls, because the same client code then serves the embedded model and any hosted one.
"""

import contextlib
import json
import os
import re
import secrets
import shutil
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
MOST_SLOTS = 8  # each takes half a gigabyte for its window
GGUF_MAGIC = b"GGUF"
ERROR_LINE = re.compile(r"^[\d.]{1,20} E (?:\w{1,80}: )?(.{1,200})", re.MULTILINE)  # of llama.cpp's log
HOSTED = "or name a hosted model with --model"
REPLACE = "`summarizer models pull <name>` replaces a corrupt file in the cache"
MEMORY = f"free some memory (it needs the file's size and 1.5 GB), {HOSTED}"
ENDED_BY_SYSTEM = {  # exit codes
    -9: ("the system ended it, most likely because memory ran out", MEMORY),
    -4: ("this processor lacks instructions that xllamacpp was built for", f"build xllamacpp from source, {HOSTED}"),
}
PROGRAM = Path(__file__).with_name("serving.py")


class Engine:
    """A model loaded from `path`, answering at `base_url` to whoever sends `api_key`.

    `context` is the window in tokens, prompt and answer together. `slots` is how many questions it works at at a time;
    each takes memory for a window of its own. `threads` is the number of CPU threads; None takes every core that this
    process may use. The server listens on 127.0.0.1 at a free port; the key is random, so that
    no other user of the machine and no web page can call it.

    Making one blocks until the model is loaded, some seconds. `close()` ends it at once, a generation that is under
    way included; it is called at the end of a `with`, when the object is collected and at interpreter exit, whichever
    comes first, and the process ends by itself if ours is killed.

    Raises ModelNotFetched if there is no such file, ModelFileCorrupt if it is no model file, ModelUnavailable if the
    engine cannot be started or imported or cannot load it (mostly: not enough memory).
    """

    def __init__(self, path: Path, context: int = DEFAULT_CONTEXT, threads: int | None = None, slots: int = 1) -> None:
        self.path = path
        self.context = context
        self.slots = slots
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
            slots=slots,
            shelf="",
            search=sys.path,
        )
        self._process, address, self._shelf = _start(order)
        self._finalizer = weakref.finalize(self, _end, self._process, self._shelf)
        self.base_url = f"{address}/v1"

    @property
    def running(self) -> bool:
        """Whether the server is there: not closed, and not ended by a crash or by the system."""
        return self._process.poll() is None

    def ended(self) -> ModelUnavailable:
        """The error that says why it is not running, as far as its exit code tells."""
        code = self._process.wait()
        reason, remedy = ENDED_BY_SYSTEM.get(code, (f"exit code {code}", f"try again, {HOSTED}"))
        return ModelUnavailable(f"the embedded engine ended by itself: {reason}", remedy)

    def clear_shelf(self) -> None:
        """Remove what a slot has put down for the others."""
        for file in Path(self._shelf).iterdir() if self._shelf else ():
            file.unlink(missing_ok=True)

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
        raise ModelFileCorrupt(f"{path} is no GGUF model file", REPLACE)


def _start(order: Order) -> tuple["subprocess.Popen[str]", str, str]:
    """The process, once it has loaded the model, the address that it listens on, and its shelf if it has slots."""
    shelf = ""
    with contextlib.ExitStack() as stack:
        try:
            if order["slots"] > 1:
                shelf = tempfile.mkdtemp(prefix="summarizer-")
                order = {**order, "shelf": f"{shelf}{os.sep}"}
            log = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace"))
            process = subprocess.Popen(  # noqa: S603 - our own file, run by this Python
                [sys.executable or "", "-I", str(PROGRAM)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            reason = " ".join(filter(None, (error.filename, error.strerror)))
            raise ModelUnavailable(
                f"the embedded engine cannot be started ({reason})",
                "sys.executable has to be a Python, and TMPDIR a folder that can be written to",
            ) from error
        try:
            return process, _address(process, order), shelf
        except _NotLoaded as error:
            _end(process, shelf)
            log.seek(0)
            raise _failure(order, process.returncode, str(error), log.read()) from error
        except BaseException:  # Ctrl-C while it loads
            _end(process, shelf)
            raise


class _NotLoaded(Exception):
    """The process did not get as far as listening; the message is what it said about that."""


def _address(process: "subprocess.Popen[str]", order: Order) -> str:
    try:
        _pipe(process.stdin).write(json.dumps(order) + "\n")
        _pipe(process.stdin).flush()
        answer = json.loads(_pipe(process.stdout).readline())
        if "address" in answer:
            return str(answer["address"])
    except (OSError, ValueError) as error:  # it ended before it answered
        with contextlib.suppress(OSError):
            _pipe(process.stdin).close()  # else it would wait for us
        process.wait()
        raise _NotLoaded from error
    process.wait()
    raise _NotLoaded(str(answer.get("error")))


def _failure(order: Order, code: int, said: str, log: str) -> ModelUnavailable:
    """Why it did not load, from its exit code, what it `said` and llama.cpp's log."""
    what = f"the embedded engine could not load {order['model']}"
    if code in ENDED_BY_SYSTEM:
        reason, remedy = ENDED_BY_SYSTEM[code]
        return ModelUnavailable(f"{what}: {reason}", remedy)
    if said.startswith(("ImportError", "ModuleNotFoundError")):
        return ModelUnavailable("the embedded engine cannot be imported", "reinstall xllamacpp, " + HOSTED)
    # Of the log only the errors, and without the path: a folder may be called memory.
    errors = [line.replace(order["model"], "…") for line in ERROR_LINE.findall(log)]
    reason = errors[0] if errors else f"exit code {code}"  # the others say what followed from the first
    if not errors or any(word in line for line in errors for word in ("alloc", "memory")):
        return ModelUnavailable(f"{what}: {reason}", MEMORY)
    return ModelFileCorrupt(f"{what}: {reason}", REPLACE)


def _end(process: "subprocess.Popen[str]", shelf: str) -> None:
    process.kill()
    process.wait()
    if shelf:
        shutil.rmtree(shelf, ignore_errors=True)
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # what was not sent is of no use now
            _pipe(pipe).close()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None, "both ends were asked for"
    return pipe
