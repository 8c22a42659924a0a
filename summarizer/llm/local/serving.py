"""The process that holds the model. `Engine` starts this file as a program; it imports nothing of the project.

It reads one line of JSON from standard input (the order), loads the model, and writes one line of JSON to standard
output: `{"address": ...}` or `{"error": ...}`. It ends when standard input ends, so it never outlives who started it.
"""

import json
import os
import select
import signal
import sys
from typing import Any, TypedDict

# How often an idle worker thread looks for work before it sleeps. OpenMP's default of 300,000 collapses as soon as
# another program wants a core: with one of two cores taken, 0.4 answer tokens a second, against 7.3 at 2,000.
SPINS = "2000"
# Tokens read at once. Between two batches the server notices that a caller has gone: with its default of 2,048 that
# took 70 s. Reading is as fast with 128 as with 512 (31 and 33 tokens a second on one free core).
BATCH = 128
ERRORS_ONLY = 1  # llama.cpp's verbosity


class Order(TypedDict):
    """What to load, and how. `context` is what one slot reads, in tokens; `slots` share one copy of the weights.

    `shelf` is a folder in which what one slot has read can be put down for the others. `search` is the Python path of
    the program that gives the order.
    """

    model: str
    name: str
    context: int
    threads: int
    api_key: str
    slots: int
    shelf: str
    search: list[str]


def parameters(xllamacpp: Any, order: Order) -> Any:
    """llama.cpp's parameters; what is not set here is llama.cpp's default."""
    params = xllamacpp.CommonParams()
    params.model.path = order["model"]
    params.model_alias = {order["name"]}  # else answers carry the path of the file
    params.n_parallel = order["slots"]
    params.n_ctx = order["context"] * order["slots"]
    params.slot_save_path = order["shelf"]
    params.n_batch = params.n_ubatch = BATCH
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = order["threads"]
    params.fit_params = False  # would shrink the context silently when memory is short
    # Weights are read into memory, not mapped: llama.cpp repacks most of them for the CPU, and the mapped file would
    # stay in memory beside the repacked copy (2.3 against 1.7 GB for the 1.5B model, at the same speed).
    params.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE
    # A slot keeps its last prompt, so that a common beginning is not read again; llama.cpp would also keep up to
    # 8 GiB of older prompts.
    params.cache_prompt = True
    params.cache_ram_mib = 0
    params.verbosity = ERRORS_ONLY
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [order["api_key"]]
    params.offline = True
    params.ui = params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    # No web page may read an answer, whatever its origin.
    params.cors_origins = params.cors_methods = params.cors_headers = ""
    params.cors_origins_explicit = True
    params.cors_credentials = False
    return params


def serve() -> None:
    """Load, tell the address, and wait for the end of standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that started us; it decides
    order: Order = json.loads(sys.stdin.readline())
    end_with_input()
    sys.path[:] = order["search"]
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", SPINS)
    try:
        import xllamacpp  # noqa: PLC0415 - OpenMP reads its settings when it is loaded

        server = xllamacpp.Server(parameters(xllamacpp, order))
    except (ImportError, RuntimeError, MemoryError) as error:
        tell({"error": f"{type(error).__name__}: {error}"})
        os._exit(1)
    tell({"address": server.listening_address})
    sys.stdin.read()
    os._exit(0)  # a generation may be under way, and there is nothing to save


def end_with_input() -> None:
    """Have the system end this process as soon as standard input ends.

    Loading holds Python's lock for seconds, so that no thread could see to it. On Linux the signal for news on a file
    ends a process that does not handle it; elsewhere the end is noticed when the model is loaded.
    """
    if sys.platform != "linux":
        return
    import fcntl  # noqa: PLC0415 - there is none on Windows

    stdin = sys.stdin.fileno()
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(stdin, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(stdin, fcntl.F_SETFL, fcntl.fcntl(stdin, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([stdin], [], [], 0)[0]:  # it had ended before
        os._exit(0)


def tell(answer: dict[str, str]) -> None:
    """One line to whoever started us."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
