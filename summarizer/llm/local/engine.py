"""The embedded engine: llama.cpp's own HTTP server inside this process, speaking the OpenAI protocol on loopback.

A server rather than direct calls because then the same client code serves the embedded model and any hosted one.
"""

import contextlib
import os
import secrets
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ...errors import ModelFileCorrupt, ModelNotFetched, ModelUnavailable

if TYPE_CHECKING:
    import xllamacpp

DEFAULT_CONTEXT = 16384
QUIET = -1  # llama.cpp's verbosity below which nothing is printed, errors included: they come back as exceptions
GGUF_MAGIC = b"GGUF"
# How often an idle worker thread looks for work before it sleeps. OpenMP's default of 300,000 collapses as soon as
# another program wants a core: with one of two cores taken, 0.4 answer tokens a second, against 7.3 at 2,000.
SPINS = "2000"
# Tokens read at once. Between two batches the server notices that a caller has gone or that it is to stop: with its
# default of 2,048 that took 70 s. Reading is as fast with 128 as with 512 (31 and 33 tokens a second on one free core).
BATCH = 128


class Engine:
    """A model loaded from `path`, answering at `base_url` to whoever sends `api_key`.

    `context` is the window in tokens, prompt and answer together. `threads` is the number of CPU threads; None takes
    every core that this process may use. The server listens on 127.0.0.1 at a free port; the key is random, so that
    no other user of the machine and no web page can call it.

    Loading blocks for some seconds. `close()` frees the model and ends a generation that is under way; it is called at
    the end of a `with`, when the object is collected and at interpreter exit, whichever comes first.

    Raises ModelNotFetched if there is no such file, ModelFileCorrupt if it is no model file, ModelUnavailable if the
    engine cannot be imported or cannot load it (mostly: not enough memory).
    """

    def __init__(self, path: Path, context: int = DEFAULT_CONTEXT, threads: int | None = None) -> None:
        self.path = path
        self.context = context
        self.threads = threads or available_cores()
        self.name = path.stem
        self.api_key = secrets.token_urlsafe(24)
        # The server ends when its last reference goes: the list is that reference, and the finalizer empties it.
        held = [_start(self)]
        self.address = str(held[0].listening_address)
        self.base_url = f"{self.address}/v1"
        self._finalizer = weakref.finalize(self, held.clear)

    @property
    def closed(self) -> bool:
        """Whether `close()` has run."""
        return not self._finalizer.alive

    def close(self) -> None:
        """Stop the server and free the model. Does nothing the second time."""
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


def _start(engine: Engine) -> "xllamacpp.Server":
    path = engine.path
    try:
        with path.open("rb") as file:
            magic = file.read(len(GGUF_MAGIC))
    except OSError as error:
        raise ModelNotFetched(f"{path.name}: {error.strerror}", "run `summarizer models pull`") from error
    if magic != GGUF_MAGIC:
        raise ModelFileCorrupt(f"{path} is not a GGUF model file", "remove it and run `summarizer models pull`")
    try:
        with _few_spins():
            import xllamacpp  # noqa: PLC0415 - a native library of 0.1 s, and its absence must not break hosted models
    except ImportError as error:
        raise ModelUnavailable(
            f"the embedded engine cannot be imported ({error})", "reinstall xllamacpp, or name a hosted model (--model)"
        ) from error
    try:
        params = _parameters(xllamacpp.CommonParams(), engine)
        # Weights are read into memory, not mapped: llama.cpp repacks most of them for the CPU, and the mapped file
        # would stay in memory beside the repacked copy (1.7 against 2.3 GB for the 1.5B model, at the same speed).
        params.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE
        return xllamacpp.Server(params)
    except (RuntimeError, MemoryError) as error:
        raise ModelUnavailable(
            f"the engine could not load {path}",
            "free some memory (it needs its file's size and 1.5 GB), or check the file with `summarizer models list`",
        ) from error


@contextlib.contextmanager
def _few_spins() -> Iterator[None]:
    """Let OpenMP, which reads its settings once when it is loaded, find ours; the user's own go first."""
    if "GOMP_SPINCOUNT" in os.environ or "OMP_WAIT_POLICY" in os.environ:
        yield
        return
    os.environ["GOMP_SPINCOUNT"] = SPINS
    try:
        yield
    finally:
        os.environ.pop("GOMP_SPINCOUNT", None)


def _parameters(params: Any, engine: Engine) -> Any:
    """Fill in llama.cpp's parameters. What is not said here is llama.cpp's default."""
    params.model.path = str(engine.path)
    params.model_alias = {engine.name}  # else answers carry the path of the file
    params.n_ctx = engine.context
    params.n_parallel = 1
    params.n_batch = params.n_ubatch = BATCH
    params.cpuparams.n_threads = engine.threads
    params.cpuparams_batch.n_threads = engine.threads
    params.fit_params = False  # would shrink the context silently when memory is short
    # The slot keeps the last prompt, so a common prefix is not read again; llama.cpp would also keep up to 8 GiB of
    # older prompts in memory.
    params.cache_prompt = True
    params.cache_ram_mib = 0
    params.verbosity = QUIET
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [engine.api_key]
    params.offline = True
    params.ui = False
    params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    # No web page may read an answer, whatever its origin.
    params.cors_origins = params.cors_methods = params.cors_headers = ""
    params.cors_origins_explicit = True
    params.cors_credentials = False
    return params
