"""The store of model files, against a small hub on loopback and wheels made by hand."""

import errno
import hashlib
import http.server
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import httpx2
import pytest
from timing import until

from summarizer.errors import ModelFileCorrupt, ModelNotFetched, ModelUnavailable
from summarizer.llm.local.registry import HubFile, LocalModel, Wheels
from summarizer.llm.local.sources import Hub, PartFile, WheelParts
from summarizer.llm.local.store import ModelStore

BYTES = random.Random(7).randbytes(10_000)
PART = 4096
MODEL = LocalModel(
    name="tiny",
    file="tiny.gguf",
    licence="Apache-2.0",
    size=len(BYTES),
    sha256=hashlib.sha256(BYTES).hexdigest(),
    context=512,
    hub=HubFile(repo="someone/tiny", file="tiny.gguf"),
    wheels=Wheels(
        package="tiny-part{n}", version="1.0", member="tiny_part{n}/data/{n:02d}.bin", count=3, part_bytes=PART
    ),
)
FAKE_PIP = """
import os, pathlib, shutil, sys, time
folder, requirement = pathlib.Path(sys.argv[-2]), sys.argv[-1]
name = requirement.split("==")[0].replace("-", "_")
shelf = pathlib.Path(__file__).parent
with (shelf / "asked").open("a") as asked:
    asked.write(requirement + "\\n")
if (shelf / name).exists():  # a file of that name says how to fail
    order = (shelf / name).read_text()
    if order == "hang":
        (shelf / "pid").write_text(str(os.getpid()))
        time.sleep(60)
    sys.exit(order)
folder.mkdir(parents=True)
shutil.copy(shelf / f"{name}-1.0-py3-none-any.whl", folder)
"""


class Told:
    """A Progress that remembers."""

    def __init__(self):
        self.starts, self.advanced, self.notes = [], 0, []

    def start(self, total, source):
        assert total == MODEL.size
        self.starts.append(source)
        self.advanced = 0

    def advance(self, count):
        self.advanced += count

    def note(self, line):
        assert "\n" not in line
        self.notes.append(line)


class HubDouble(http.server.ThreadingHTTPServer):
    """Serves `body` at the address of the hub; after `after` bytes of it comes `then`: break, hang or go on."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.body, self.status, self.ranges_known = BYTES, 200, True
        self.after, self.then = None, "break"
        self.ranges, self.free = [], threading.Event()

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        hub = self.server
        if self.path == "/someone/tiny/resolve/main/tiny.gguf":
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            return
        wanted = self.headers.get("Range")
        hub.ranges.append(wanted)
        if hub.after == 0:
            hub.free.wait(60)
            return
        offset = int(wanted[6:-1]) if wanted and hub.ranges_known else 0
        self.send_response(206 if offset else hub.status)
        if offset:
            self.send_header("Content-Range", f"bytes {offset}-{len(hub.body) - 1}/{len(hub.body)}")
        self.send_header("Content-Length", str(len(hub.body) - offset))
        self.end_headers()
        self.wfile.write(hub.body[offset : hub.after])
        self.wfile.flush()
        if hub.after is not None and hub.then != "break":
            hub.free.wait(60)
            if hub.then == "go on":
                self.wfile.write(hub.body[hub.after :])

    def log_message(self, *_):
        pass


@pytest.fixture
def hub(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = HubDouble()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.free.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def shelf(tmp_path):
    return make_shelf(tmp_path)


def make_shelf(tmp_path):
    """A folder with the three wheels and the program that stands for pip."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "pip.py").write_text(FAKE_PIP)
    for number in (1, 2, 3):
        make_wheel(folder, number, BYTES[(number - 1) * PART : number * PART])
    return folder


def make_wheel(folder, number, data):
    with zipfile.ZipFile(folder / f"tiny_part{number}-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(f"tiny_part{number}/__init__.py", "raise SystemExit('a wheel of a model is never imported')")
        wheel.writestr(f"tiny_part{number}/data/{number:02d}.bin", data)


def wheels(shelf, silence=5.0):
    return WheelParts(pip=(sys.executable, "-IS", str(shelf / "pip.py")), silence=silence)


def asked(shelf):
    log = shelf / "asked"
    return log.read_text().split() if log.exists() else []


def store(tmp_path, *sources, models_dir=None, offline=False):
    return ModelStore(tmp_path / "cache", models_dir, offline, sources=sources)


def kept(tmp_path):
    """What lies in the cache, the empty lock file left out."""
    return sorted(path.name for path in (tmp_path / "cache" / "models").iterdir() if not path.name.endswith(".lock"))


def part(tmp_path, data):
    """A fetch that broke off after `data`."""
    path = tmp_path / "cache" / "models" / "tiny.gguf.part"
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    return path


# --- the hub


def test_the_hub_delivers(tmp_path, hub):
    """A model comes from the hub through a redirect, whole, under its own name, and the reader is told from where."""
    told = Told()
    path = store(tmp_path, Hub(hub.base)).ensure(MODEL, told)
    assert path.read_bytes() == BYTES
    assert told.advanced == MODEL.size
    assert told.notes == [f"tiny came from the publisher's hub ({hub.base[7:]}); SHA-256 checked"]
    assert len(kept(tmp_path)) == 2  # the file and the note of its hash


def test_the_hub_goes_on_in_the_middle(tmp_path, hub):
    """Only the bytes that are missing are asked for."""
    part(tmp_path, BYTES[:6000])
    told = Told()
    assert store(tmp_path, Hub(hub.base)).ensure(MODEL, told).read_bytes() == BYTES
    assert hub.ranges == ["bytes=6000-"]
    assert told.advanced == MODEL.size


def test_a_hub_without_ranges_starts_over(tmp_path, hub):
    """A server that sends everything although the rest was asked for does not spoil the file."""
    hub.ranges_known = False
    part(tmp_path, BYTES[:6000])
    assert store(tmp_path, Hub(hub.base)).ensure(MODEL, Told()).read_bytes() == BYTES


def test_a_damaged_beginning_is_fetched_again(tmp_path, hub):
    """Wrong bytes that an earlier fetch left cost one more fetch, not an error."""
    part(tmp_path, b"\0" * 6000)
    told = Told()
    assert store(tmp_path, Hub(hub.base)).ensure(MODEL, told).read_bytes() == BYTES
    assert hub.ranges == ["bytes=6000-", None]


@pytest.mark.parametrize("left", [BYTES, BYTES + b"more"])
def test_a_whole_part_file_is_not_fetched_again(tmp_path, hub, left):
    """Killed between the last byte and the new name: the hash decides whether anything is fetched."""
    part(tmp_path, left)
    assert store(tmp_path, Hub(hub.base)).ensure(MODEL, Told()).read_bytes() == BYTES
    assert len(hub.ranges) == (left != BYTES)


@pytest.mark.parametrize("after", [0, 5000])
def test_a_silent_hub_is_passed_over(tmp_path, hub, shelf, after):
    """Silence at the start or in the middle hands over to the registry, which goes on from what is there."""
    hub.after, hub.then = after, "hang"
    told = Told()
    began = time.monotonic()
    path = store(tmp_path, Hub(hub.base, silence=1), wheels(shelf)).ensure(MODEL, told)
    assert time.monotonic() - began < 40  # the hub hangs for 60
    assert path.read_bytes() == BYTES
    assert "silent for 1 s" in told.notes[0]
    assert told.notes[-1].startswith("tiny came from the package registry")
    assert len(asked(shelf)) == (3 if after < PART else 2)
    assert len(hub.ranges) == 1


def test_a_name_that_is_never_looked_up_counts_as_silence(tmp_path, shelf, monkeypatch):
    """A resolver that hangs, which no network time limit covers, is passed over as well."""
    free = threading.Event()
    monkeypatch.setattr(httpx2.Client, "send", lambda *_, **__: free.wait(60))
    began = time.monotonic()
    assert store(tmp_path, Hub(silence=0.1), wheels(shelf)).ensure(MODEL, Told()).read_bytes() == BYTES
    assert time.monotonic() - began < 40  # the resolver hangs for 60
    free.set()


def test_a_hub_that_breaks_off_hands_over(tmp_path, hub, shelf):
    """A connection that ends early is no whole file."""
    hub.after = 9000
    told = Told()
    assert store(tmp_path, Hub(hub.base), wheels(shelf)).ensure(MODEL, told).read_bytes() == BYTES
    assert asked(shelf) == ["tiny-part3==1.0"]


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [(404, b"", "answered 404"), (200, b"<html>sign in</html>", "offers another file"), (200, BYTES + b"x", "offers")],
)
def test_a_hub_without_the_file(tmp_path, hub, status, body, reason):
    """An error page or another file is named as the reason, and nothing of it is kept."""
    hub.status, hub.body = status, body
    with pytest.raises(ModelNotFetched, match=reason) as caught:
        store(tmp_path, Hub(hub.base)).ensure(MODEL, Told())
    assert "SUMMARIZER_MODELS_DIR" in caught.value.remedy
    assert store(tmp_path).status(MODEL).state == "missing"


def test_wrong_bytes_are_refused(tmp_path, hub):
    """Bytes of another hash never get the file's name; the error names the file and both remedies."""
    hub.body = BYTES[:-1] + b"!"
    with pytest.raises(ModelFileCorrupt, match=r"tiny\.gguf was refused") as caught:
        store(tmp_path, Hub(hub.base)).ensure(MODEL, Told())
    assert "models pull tiny" in caught.value.remedy
    assert "SUMMARIZER_MODELS_DIR" in caught.value.remedy
    assert kept(tmp_path) == ["tiny.gguf.part"]
    assert store(tmp_path).status(MODEL).state == "missing"


# --- the package registry


def test_the_registry_delivers(tmp_path, shelf):
    """The file is put together from the wheels' parts, in order, and no wheel is left lying about."""
    told = Told()
    path = store(tmp_path, wheels(shelf)).ensure(MODEL, told)
    assert path.read_bytes() == BYTES
    assert asked(shelf) == ["tiny-part1==1.0", "tiny-part2==1.0", "tiny-part3==1.0"]
    assert told.advanced == MODEL.size
    assert len(kept(tmp_path)) == 2


def test_a_broken_pull_goes_on(tmp_path, shelf):
    """Parts that are here are not downloaded again; the one that was cut is."""
    part(tmp_path, BYTES[: PART + 10])
    assert store(tmp_path, wheels(shelf)).ensure(MODEL, Told()).read_bytes() == BYTES
    assert asked(shelf) == ["tiny-part2==1.0", "tiny-part3==1.0"]


def test_pip_is_run_without_any_index_of_ours(tmp_path, shelf, monkeypatch):
    """pip gets the user's own settings: no index option, the environment as it is but for the folder of its files."""
    seen = {}
    real = subprocess.Popen

    def popen(command, **options):
        seen.update(command=command, environment=options["env"])
        return real(command, **options)

    monkeypatch.setenv("PIP_DEFAULT_TIMEOUT", "77")
    monkeypatch.setattr(subprocess, "Popen", popen)
    store(tmp_path, wheels(shelf)).ensure(MODEL, Told())
    assert seen["environment"]["PIP_DEFAULT_TIMEOUT"] == "77"
    assert not [option for option in seen["command"] if "index" in option or "trusted" in option or "find" in option]
    assert {"--no-deps", "--only-binary=:all:", "--no-cache-dir"} <= set(seen["command"])
    assert seen["environment"]["TMPDIR"].startswith(str(tmp_path / "cache"))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("noise\nERROR: No matching distribution found for tiny-part2==1.0", "No matching distribution"),
        ("ERROR: Could not reach https://ann:secret@pip.example/simple", "Could not reach https://pip.example/simple"),
        ("python: No module named pip", "pip is not installed"),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)': /simple/\n"
            "ERROR: No matching distribution found for tiny-part2==1.0",
            "the package registry: pip could not reach it",
        ),
    ],
)
def test_pip_failures_become_one_clear_line(tmp_path, shelf, said, reason):
    """What pip printed is silenced but for its last error, and a password in it is left out."""
    (shelf / "tiny_part2").write_text(said)
    with pytest.raises(ModelNotFetched) as caught:
        store(tmp_path, wheels(shelf)).ensure(MODEL, Told())
    assert reason in str(caught.value)
    assert "secret" not in str(caught.value)
    assert store(tmp_path).status(MODEL).size == PART
    assert kept(tmp_path) == ["tiny.gguf.part"]


def test_pip_without_room(tmp_path, shelf):
    """A full disk that pip meets is told as a full disk."""
    (shelf / "tiny_part2").write_text("ERROR: Could not install packages: [Errno 28] No space left on device")
    with pytest.raises(ModelNotFetched, match="needs more room on the disk"):
        store(tmp_path, wheels(shelf)).ensure(MODEL, Told())


def test_a_silent_pip_is_ended(tmp_path, shelf):
    """A registry that says nothing for too long is given up and its process ended."""
    (shelf / "tiny_part1").write_text("hang")
    with pytest.raises(ModelNotFetched, match=r"registry: silent for 3 s"):
        store(tmp_path, wheels(shelf, silence=3)).ensure(MODEL, Told())
    assert gone(int((shelf / "pid").read_text()))


@pytest.mark.parametrize("data", [BYTES[:PART] + b"x", b"", None])
def test_a_wheel_of_another_make_is_refused(tmp_path, shelf, data):
    """A part of another size, or none, is an error before its bytes are used."""
    make_wheel(shelf, 1, data) if data is not None else (shelf / "tiny_part1-1.0-py3-none-any.whl").write_bytes(b"PK")
    with pytest.raises(ModelNotFetched, match="tiny_part1"):
        store(tmp_path, wheels(shelf)).ensure(MODEL, Told())


def test_wheels_with_wrong_bytes_are_refused(tmp_path, shelf):
    """Parts of the right size with other bytes do not pass the hash."""
    make_wheel(shelf, 2, b"\0" * PART)
    with pytest.raises(ModelFileCorrupt, match="SHA-256 differs"):
        store(tmp_path, wheels(shelf)).ensure(MODEL, Told())


# --- what is here already


def test_the_users_own_file_goes_first(tmp_path, hub):
    """A file in SUMMARIZER_MODELS_DIR is used where it lies, offline too, and nothing is written beside it."""
    own = tmp_path / "own"
    own.mkdir()
    (own / MODEL.file).write_bytes(BYTES)
    assert store(tmp_path, Hub(hub.base), models_dir=own, offline=True).ensure(MODEL, Told()) == own / MODEL.file
    assert [path.name for path in own.iterdir()] == [MODEL.file]
    assert hub.ranges == []


def test_a_wrong_file_of_the_users_is_an_error_and_stays(tmp_path, hub):
    """A file of the right name with another hash is named, not passed over, not replaced, not removed."""
    own = tmp_path / "own"
    own.mkdir()
    (own / MODEL.file).write_bytes(b"x" * MODEL.size)
    here = store(tmp_path, Hub(hub.base), models_dir=own)
    for mend in (False, True):
        with pytest.raises(ModelFileCorrupt, match=r"own/tiny\.gguf is not the file of tiny"):
            here.ensure(MODEL, Told(), mend=mend)
    assert here.remove(MODEL) == 0
    assert (own / MODEL.file).exists()
    assert here.status(MODEL).state == "corrupt"


def test_a_models_dir_that_is_no_folder_is_told(tmp_path, hub):
    """A slip in SUMMARIZER_MODELS_DIR does not lead to a silent download."""
    told = Told()
    store(tmp_path, Hub(hub.base), models_dir=tmp_path / "nowhere").ensure(MODEL, told)
    assert "which is no folder" in told.notes[0]


def test_offline_nothing_is_asked(tmp_path, hub):
    """With SUMMARIZER_OFFLINE a missing file is an error that says so, and no source is asked."""
    with pytest.raises(ModelNotFetched, match="SUMMARIZER_OFFLINE forbids"):
        store(tmp_path, Hub(hub.base), offline=True).ensure(MODEL, Told())
    assert hub.ranges == []


def test_the_hash_is_computed_once_and_again_after_a_change(tmp_path, hub, monkeypatch):
    """A start does not read the whole file again, unless its size or time of change is another."""
    here = store(tmp_path, Hub(hub.base))
    path = here.ensure(MODEL, Told())
    hashed = []
    real = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda file, name: hashed.append(1) or real(file, name))
    assert here.path(MODEL) == path
    assert hashed == []
    os.utime(path, ns=(1, 1))
    assert here.path(MODEL) == path
    assert hashed == [1]


def test_a_file_altered_in_the_cache_is_refused_and_mended_by_pull(tmp_path, hub):
    """Other bytes of the same length are found; `ensure` refuses them and, asked to mend, fetches the file again."""
    here = store(tmp_path, Hub(hub.base))
    path = here.ensure(MODEL, Told())
    path.write_bytes(BYTES[::-1])
    with pytest.raises(ModelFileCorrupt, match="models pull tiny") as caught:
        here.ensure(MODEL, Told())
    assert str(path) in caught.value.what
    assert here.status(MODEL).state == "corrupt"
    assert here.ensure(MODEL, Told(), mend=True).read_bytes() == BYTES


def test_mending_does_not_trust_the_note_of_a_hash(tmp_path, hub):
    """Bytes that a failing disk changed, under the same size and time, are found when the user asks to mend."""
    here = store(tmp_path, Hub(hub.base))
    path = here.ensure(MODEL, Told())
    facts = path.stat()
    path.write_bytes(BYTES[::-1])
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert here.path(MODEL).read_bytes() == BYTES[::-1]
    assert here.ensure(MODEL, Told(), mend=True).read_bytes() == BYTES


@pytest.mark.parametrize("which", ["models_dir", "cache_dir"])
def test_a_folder_that_cannot_be_looked_into(tmp_path, which):
    """Where the system refuses even to look for the file, that is one error with the folder in it, for status too."""
    folders = {"models_dir": None, "cache_dir": tmp_path / "cache", which: tmp_path / ("x" * 300)}  # name too long
    here = ModelStore(**folders, offline=False, sources=())
    for ask in (here.path, here.status, here.remove, lambda model: here.ensure(model, Told())):
        if ask == here.remove and which == "models_dir":
            continue  # it does not look there
        with pytest.raises(ModelNotFetched, match=r"x+.* cannot be read \(File name too long\)"):
            ask(MODEL)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("ALL_PROXY", "socks5h://127.0.0.1:9"), ("HTTPS_PROXY", "odd://ann:secret@x"), ("SSL_CERT_FILE", "/nowhere.pem")],
)
def test_a_hub_that_the_environment_keeps_away_is_passed_over(tmp_path, shelf, monkeypatch, variable, value):
    """A proxy or a file of certificates that cannot be used hands over to the registry, as silence does."""
    monkeypatch.setenv(variable, value)
    told = Told()
    path = store(tmp_path, Hub("https://127.0.0.1:9"), wheels(shelf)).ensure(MODEL, told)
    assert path.read_bytes() == BYTES
    assert "the settings in the environment cannot be used" in told.notes[0]
    assert "secret" not in told.notes[0]


def test_remove_takes_all_of_it(tmp_path, hub):
    """After `remove` neither the file, its note nor a begun fetch is left."""
    here = store(tmp_path, Hub(hub.base))
    assert here.remove(MODEL) == 0
    here.ensure(MODEL, Told())
    (tmp_path / "cache" / "models" / "tiny.gguf.part").write_bytes(b"123")
    assert here.remove(MODEL) == MODEL.size + 3
    assert kept(tmp_path) == []
    assert here.path(MODEL) is None


def test_status_tells_how_far_a_fetch_got(tmp_path):
    """A begun fetch is told with its bytes."""
    part(tmp_path, BYTES[:100])
    status = store(tmp_path).status(MODEL)
    assert (status.state, status.path, status.size) == ("partial", None, 100)


# --- disks


def test_too_little_room_is_told_before_anything_is_fetched(tmp_path, hub, monkeypatch):
    """The error says how much is needed, how much is free, and what to do."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(0, 0, 5_000_000))
    with pytest.raises(ModelNotFetched, match=r"needs 34 MB more .* 5 MB are free.*SUMMARIZER_CACHE_DIR"):
        store(tmp_path, Hub(hub.base)).ensure(MODEL, Told())
    assert hub.ranges == []


def test_a_disk_that_fills_up_leaves_what_can_be_gone_on_with(tmp_path, hub, monkeypatch):
    """ENOSPC in the middle is the same clear error; the next fetch goes on."""
    real = PartFile.write

    def write(self, data):
        if self.size:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, data[:2000])

    monkeypatch.setattr(PartFile, "write", write)
    with pytest.raises(ModelNotFetched, match="needs more room on the disk"):
        store(tmp_path, Hub(hub.base), Hub(hub.base)).ensure(MODEL, Told())
    assert kept(tmp_path) == ["tiny.gguf.part"]
    monkeypatch.undo()
    store(tmp_path, Hub(hub.base)).ensure(MODEL, Told())
    assert hub.ranges[-1] in ("bytes=2000-", None)


def test_a_cache_that_cannot_be_made(tmp_path, hub):
    """A cache folder that cannot be written to is an error with its remedy."""
    (tmp_path / "cache").write_text("a file, no folder")
    with pytest.raises(ModelNotFetched, match="SUMMARIZER_CACHE_DIR"):
        store(tmp_path, Hub(hub.base)).ensure(MODEL, Told())


# --- several processes

OTHER = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
from pathlib import Path
from test_store import MODEL, Told, store, wheels
from summarizer.llm.local.sources import Hub
told = Told()
source = {source}
print(store(Path({tmp!r}), source).ensure(MODEL, told), told.notes, flush=True)
"""


def other_process(tmp_path, source):
    """A second process that fetches the same model into the same cache."""
    here = Path(__file__).parent
    code = OTHER.format(root=str(here.parent), tests=str(here), source=source, tmp=str(tmp_path))
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_two_processes_fetch_once(tmp_path, hub):
    """The second process says that it waits, does not ask the hub, and uses the first one's file."""
    hub.after, hub.then = 9000, "go on"
    other = other_process(tmp_path, f"Hub({hub.base!r}, silence=10)")
    until(lambda: hub.ranges)
    told, got = Told(), []
    here = store(tmp_path, Hub(hub.base))
    thread = threading.Thread(target=lambda: got.append(here.ensure(MODEL, told)))
    thread.start()
    until(lambda: told.notes)
    with pytest.raises(ModelUnavailable, match="being fetched by another process"):
        here.remove(MODEL)
    hub.free.set()
    _, err = other.communicate(timeout=60)
    thread.join(60)
    assert other.returncode == 0, err
    assert got[0].read_bytes() == BYTES
    assert hub.ranges == [None]
    assert told.notes == ["another process is fetching tiny; waiting for it"]


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for one process")
def test_ctrl_c_leaves_no_pip_and_what_can_be_gone_on_with(tmp_path, shelf):
    """An interrupted fetch ends pip at once and keeps the parts that are whole, nothing else."""
    (shelf / "tiny_part2").write_text("hang")
    other = other_process(tmp_path, f"wheels(Path({str(shelf)!r}))")
    until((shelf / "pid").exists)
    until(lambda: (shelf / "pid").read_text())
    other.send_signal(signal.SIGINT)
    _, err = other.communicate(timeout=60)
    assert "KeyboardInterrupt" in err
    assert gone(int((shelf / "pid").read_text()))
    assert kept(tmp_path) == ["tiny.gguf.part"]
    assert store(tmp_path).status(MODEL).size == PART
