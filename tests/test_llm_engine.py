"""The process of the embedded engine, with a stub in place of xllamacpp: started, told why not, and ended."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.errors import ModelFileCorrupt, ModelNotFetched, ModelUnavailable
from summarizer.llm.local.engine import Engine

# What the stub does is written in the model's file, after the mark of its format.
STUB = """
import ctypes, json, os, pathlib, sys

class Bag:
    def __getattr__(self, name):
        self.__dict__[name] = Bag()
        return self.__dict__[name]

class CommonParams(Bag):
    pass

class llama_load_mode:
    LLAMA_LOAD_MODE_NONE = "none"

class Server:
    listening_address = "http://127.0.0.1:1"

    def __init__(self, params):
        file = pathlib.Path(params.model.path)
        told = {"pid": os.getpid(), "hosts": params.hostnames, "keys": params.api_keys, "context": params.n_ctx,
                "slots": params.n_parallel, "shelf": params.slot_save_path}
        file.with_suffix(".fresh").write_text(json.dumps(told))
        file.with_suffix(".fresh").replace(file.with_suffix(".told"))
        order, _, words = file.read_bytes()[4:].decode().partition(" ")
        if order == "hold":
            ctypes.PyDLL(None).sleep(60)  # with Python's lock held, as the real one loads
        if order == "fail":
            sys.stderr.write(words.replace("PATH", str(file)))
            raise RuntimeError(f"failed to load the model from {file}")
        if order == "exit":
            os._exit(int(words))
"""
LOG = "0.00.123.456 E llama_model_load: {}\n0.00.123.999 E common_init: failed to load model\n"


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts the stub on the search path, and gives a function that makes a model's file."""
    stub = tmp_path / "stub"
    stub.mkdir()
    (stub / "xllamacpp.py").write_text(STUB)
    monkeypatch.syspath_prepend(str(stub))

    def make(order: str) -> Path:
        path = tmp_path / "memory alloc" / "a.gguf"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"GGUF" + order.encode())
        return path

    return make


def told(path: Path, seconds: float = 60) -> dict[str, object]:
    """What the stub was told, once it was."""
    end = time.monotonic() + seconds
    while not path.with_suffix(".told").exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    return dict(json.loads(path.with_suffix(".told").read_text()))


def ends(pid: object, seconds: float) -> bool:
    """Whether the process, no child of ours, ends within that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.kill(int(str(pid)), 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_an_engine_listens_here_and_ends_at_once(model: Callable[[str], Path]) -> None:
    """It tells its address, listens on loopback under a key of its own, and closing ends its process, twice too."""
    path = model("load")
    with Engine(path, context=512) as engine:
        assert (engine.base_url, engine.context, engine.running) == ("http://127.0.0.1:1/v1", 512, True)
        said = told(path)
        assert (said["hosts"], said["keys"], said["context"]) == (["127.0.0.1"], [engine.api_key], 512)
        assert len(engine.api_key) > 20
        began = time.monotonic()
        engine.close()
        assert time.monotonic() - began < 40
        assert not engine.running
    assert ends(said["pid"], 0.1)


def test_slots_have_a_window_each_and_a_shelf_that_goes_with_the_engine(model: Callable[[str], Path]) -> None:
    """Two slots take the memory of two windows; what one puts down for the other is gone when the engine is."""
    path = model("load")
    with Engine(path, context=512, slots=2) as engine:
        said = told(path)
        shelf = Path(str(said["shelf"]))
        assert (said["slots"], said["context"], engine.context) == (2, 1024, 512)
        assert shelf.stat().st_mode & 0o777 == 0o700
        (shelf / "beginning").write_bytes(b"x")
        engine.clear_shelf()
        assert list(shelf.iterdir()) == []
        (shelf / "beginning").write_bytes(b"x")
    assert not shelf.exists()


def test_an_engine_ends_with_its_input(model: Callable[[str], Path]) -> None:
    """When whoever started it is gone, which closes its standard input, its process ends by itself."""
    with Engine(model("load")) as engine:
        assert engine._process.stdin is not None
        engine._process.stdin.close()
        engine._process.wait(timeout=10)
        assert not engine.running


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is noticed when the model is loaded")
def test_an_engine_that_is_loading_does_not_outlive_a_killed_program(model: Callable[[str], Path]) -> None:
    """Also while loading holds Python's lock, the end of the program that started it is the end of the engine."""
    path = model("hold")
    code = f"import sys; sys.path[:] = {sys.path!r}\nfrom pathlib import Path\n"
    code += f"from summarizer.llm.local.engine import Engine\nEngine(Path({str(path)!r}))"
    program = subprocess.Popen([sys.executable, "-c", code])
    pid = told(path)["pid"]
    assert not ends(pid, 0.1)
    program.kill()
    program.wait()
    assert ends(pid, 10)


def test_an_engine_that_cannot_be_imported(model: Callable[[str], Path], tmp_path: Path) -> None:
    """A missing or broken xllamacpp is told as that."""
    (tmp_path / "stub" / "xllamacpp.py").write_text("import no_such_library")
    with pytest.raises(ModelUnavailable, match="cannot be imported; reinstall xllamacpp"):
        Engine(model("load"))


@pytest.mark.parametrize(
    ("order", "kind", "words"),
    [
        (
            "fail " + LOG.format("bad magic in PATH"),
            ModelFileCorrupt,
            "bad magic in …; `summarizer models pull <name>`",
        ),
        ("fail " + LOG.format("failed to allocate buffer"), ModelUnavailable, "allocate buffer; free some memory"),
        ("fail nothing of use", ModelUnavailable, "exit code 1; free some memory"),
        ("exit 7", ModelUnavailable, "exit code 7; free some memory"),
    ],
)
def test_a_model_that_does_not_load_says_why(
    model: Callable[[str], Path], order: str, kind: type[ModelUnavailable], words: str
) -> None:
    """The first error of llama.cpp's log is the reason; the name of a folder in it is none."""
    with pytest.raises(kind) as caught:
        Engine(model(order))
    assert type(caught.value) is kind
    assert words in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="no such signal")
def test_an_engine_that_the_system_ended_says_so(model: Callable[[str], Path]) -> None:
    """After a kill, as the system does it for want of memory, the engine is not running and names the cause."""
    path = model("load")
    with Engine(path) as engine:
        os.kill(int(str(told(path)["pid"])), signal.SIGKILL)
        assert "memory ran out" in str(engine.ended())
        assert not engine.running


def test_what_is_no_model_is_told_before_anything_is_started(model: Callable[[str], Path], tmp_path: Path) -> None:
    """A file that is missing, or is of another kind, is named without an engine."""
    with pytest.raises(ModelNotFetched, match="No such file"):
        Engine(tmp_path / "none.gguf")
    (tmp_path / "page.gguf").write_text("<html>")
    with pytest.raises(ModelFileCorrupt, match="no GGUF model file"):
        Engine(tmp_path / "page.gguf")


@pytest.mark.parametrize("missing", ["python", "no python", "folder"])
def test_an_engine_that_cannot_be_started(
    model: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """Without a Python to run, or a folder for temporary files, the error is one line that names what to set."""
    if missing == "folder":
        monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    else:
        monkeypatch.setattr(sys, "executable", "/nowhere/python" if missing == "python" else "")
    with pytest.raises(ModelUnavailable, match="cannot be started") as caught:
        Engine(model("load"))
    assert "TMPDIR" in str(caught.value)
