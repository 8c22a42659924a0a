"""The model files on this machine: found, checked, fetched and removed.

    SUMMARIZER_MODELS_DIR  ->  the cache  ->  the publisher's hub  ->  the package registry
    the user's own: read        ours: written by fetching, one process at a time, under its final name only when whole
    and checked, never written

A file is used only if its SHA-256 is the registry's. The hash of a file is computed once and noted beside the cache
with size and time of change; it is computed again when either is another.
"""

import contextlib
import errno
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import filelock

from ...errors import ModelFileCorrupt, ModelNotFetched, ModelUnavailable
from .registry import LocalModel
from .sources import LOOK, DiskFull, Hub, PartFile, Progress, Source, SourceFailed, Stopped, WheelParts

MARGIN = 32 << 20  # bytes of disk left over: notes, locks, and what other programs write meanwhile


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """Whether a model is here. `path` is its file (also a corrupt one), `size` the bytes that are there."""

    state: Literal["here", "partial", "missing", "corrupt"]
    path: Path | None
    size: int


class ModelStore:
    """Model files in `cache_dir`, and in the user's own `models_dir`, which is only read.

    `offline` forbids every fetch; setting `stop` ends one that is under way. Errors are ModelFileCorrupt for a file
    whose hash is not the registry's, and ModelNotFetched for one that is not here and cannot be brought, or that cannot
    be looked at. Safe to use from several processes at once.
    """

    def __init__(
        self,
        cache_dir: Path,
        models_dir: Path | None,
        offline: bool,
        sources: Sequence[Source] | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        self._folder = cache_dir / "models"
        self._models_dir = models_dir
        self._offline = offline
        self._sources = (Hub(), WheelParts()) if sources is None else tuple(sources)
        self._stop = stop or threading.Event()

    def path(self, model: LocalModel) -> Path | None:
        """The checked file, or None if there is none. Raises ModelFileCorrupt."""
        return self._own(model) or self._cached(model)

    def ensure(self, model: LocalModel, progress: Progress, mend: bool = False) -> Path:
        """The checked file, fetched first if it is not here.

        A fetch that is interrupted, by Ctrl-C or by a full disk, goes on where it was the next time. With `mend`, a
        corrupt file in the cache is replaced; else, and in the user's own folder, it is an error.
        Raises ModelFileCorrupt and ModelNotFetched.
        """
        if self._models_dir is not None and not _is_there(self._models_dir, Path.is_dir):
            progress.note(f"SUMMARIZER_MODELS_DIR names {self._models_dir}, which is no folder: passed over")
        if mend and not self._own(model):
            self._mend(model, progress)
        here = self.path(model)
        if here is not None:
            return here
        if self._offline:
            raise ModelNotFetched(
                f"{model.name} is not on this machine, and SUMMARIZER_OFFLINE forbids fetching it",
                f"unset SUMMARIZER_OFFLINE, or put {model.file} in the folder that SUMMARIZER_MODELS_DIR names",
            )
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._lock(model, progress):
                # Another process may have fetched it while this one waited.
                return self.path(model) or self._fetch(model, progress)
        except Stopped:
            raise ModelNotFetched(
                f"the fetch of {model.name} was stopped", "start it again; what was fetched is kept"
            ) from None
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise self._disk_full(model) from error
            raise ModelNotFetched(
                f"{model.name} cannot be kept in {self._folder} ({error.strerror or error})",
                "name a folder that can be written to in SUMMARIZER_CACHE_DIR",
            ) from error

    def remove(self, model: LocalModel) -> int:
        """Delete what the cache holds of a model, begun fetches included; returns the bytes freed.

        A file in the user's own folder stays. Raises ModelUnavailable while another process is fetching it, and if it
        cannot be removed.
        """
        if not _is_there(self._folder, Path.is_dir):
            return 0
        lock = filelock.FileLock(self._folder / f"{model.file}.lock")
        try:
            with lock.acquire(timeout=0):
                freed = 0
                for path in (self._folder / model.file, self._part(model)):
                    with contextlib.suppress(FileNotFoundError):
                        freed += path.stat().st_size
                        path.unlink()
                self._note_of(self._folder / model.file).unlink(missing_ok=True)
                shutil.rmtree(self._part(model).with_suffix(".wheel"), ignore_errors=True)
                return freed
        except filelock.Timeout as error:
            raise ModelUnavailable(
                f"{model.name} is being fetched by another process", "try again when it is done"
            ) from error
        except OSError as error:
            raise ModelUnavailable(
                f"{model.name} cannot be removed from {self._folder} ({error.strerror})", "check its permissions"
            ) from error

    def status(self, model: LocalModel) -> ModelStatus:
        """Whether a model is here, whole and right. Raises nothing for a corrupt file."""
        try:
            path = self.path(model)
        except ModelFileCorrupt:
            own = self._models_dir / model.file if self._models_dir else None
            corrupt = own if own and _is_there(own) else self._folder / model.file
            return ModelStatus("corrupt", corrupt, corrupt.stat().st_size)
        if path is not None:
            return ModelStatus("here", path, model.size)
        part = self._part(model)
        begun = part.stat().st_size if _is_there(part) else 0
        return ModelStatus("partial" if begun else "missing", None, begun)

    def _own(self, model: LocalModel) -> Path | None:
        own = self._models_dir / model.file if self._models_dir else None
        if own is None or not _is_there(own):
            return None
        if self._is_right(model, own):
            return own
        raise ModelFileCorrupt(
            f"{own} is not the file of {model.name} (its SHA-256 is not {model.sha256})",
            "put the right file there, or unset SUMMARIZER_MODELS_DIR to have it fetched",
        )

    def _cached(self, model: LocalModel) -> Path | None:
        cached = self._folder / model.file
        if not _is_there(cached):
            return None
        if self._is_right(model, cached):
            return cached
        raise ModelFileCorrupt(
            f"{cached} is not the file of {model.name} (its SHA-256 is not {model.sha256})",
            f"replace it with `summarizer models pull {model.name}`, "
            "or put a good copy in the folder that SUMMARIZER_MODELS_DIR names",
        )

    def _mend(self, model: LocalModel, progress: Progress) -> None:
        with contextlib.suppress(OSError):  # no note: the hash is computed anew, since a disk can change bytes too
            self._note_of(self._folder / model.file).unlink(missing_ok=True)
        try:
            self._cached(model)
        except ModelFileCorrupt as error:
            if self._offline:
                raise
            progress.note(f"{error.what}: replacing it")
            self.remove(model)

    def _fetch(self, model: LocalModel, progress: Progress) -> Path:
        """Ask the sources in their order. The lock is held."""
        refusals: list[str] = []
        wrong = False
        with PartFile(self._part(model)) as part:
            for source in self._sources:
                try:
                    if self._deliver(model, source, part, progress):
                        part.sync()
                        break
                    wrong = True
                    refusals.append(f"{source.label}: the bytes are not the file's (its SHA-256 differs)")
                except SourceFailed as failure:
                    refusals.append(f"{source.label}: {failure}")
                except DiskFull as error:
                    raise self._disk_full(model) from error
                progress.note(f"passed over {refusals[-1]}")
            else:
                raise self._not_fetched(model, refusals, wrong)
        return self._publish(model, source, progress)

    def _deliver(self, model: LocalModel, source: Source, part: PartFile, progress: Progress) -> bool:
        """Whether the file is whole and right after asking one source; wrong bytes are gone."""
        begun = part.size
        if begun < model.size:
            self._check_disk(model, model.size - begun + source.room(model))
            source.fetch(model, part, progress, self._stop)
        if part.digest == model.sha256:
            return True
        part.truncate(0)
        if not begun:
            return False
        progress.note("what an earlier fetch had left was damaged; starting over")
        return self._deliver(model, source, part, progress)

    def _publish(self, model: LocalModel, source: Source, progress: Progress) -> Path:
        """Give the checked file its name, in one step and for good."""
        path = self._folder / model.file
        self._part(model).replace(path)
        _sync_folder(self._folder)
        self._remember(path, model.sha256)
        progress.note(f"{model.name} came from {source.label}; SHA-256 checked")
        return path

    def _not_fetched(self, model: LocalModel, refusals: list[str], wrong: bool) -> ModelUnavailable:
        remedy = (
            f"try again with `summarizer models pull {model.name}`, or put {model.file} in the folder that "
            "SUMMARIZER_MODELS_DIR names"
        )
        if wrong:
            return ModelFileCorrupt(f"{model.file} was refused: {'; '.join(refusals)}", remedy)
        return ModelNotFetched(f"{model.name} could not be fetched: {'; '.join(refusals)}", remedy)

    def _check_disk(self, model: LocalModel, need: int) -> None:
        if shutil.disk_usage(self._folder).free < need + MARGIN:
            raise self._disk_full(model, need + MARGIN)

    def _disk_full(self, model: LocalModel, need: int | None = None) -> ModelNotFetched:
        free = shutil.disk_usage(self._folder).free
        needs = f"needs {_megabytes(need)} more" if need else "needs more room"
        return ModelNotFetched(
            f"{model.name} {needs} on the disk of {self._folder}, and {_megabytes(free)} are free",
            "free some space (what was fetched is kept), or name a folder of another disk in SUMMARIZER_CACHE_DIR",
        )

    @contextlib.contextmanager
    def _lock(self, model: LocalModel, progress: Progress) -> Iterator[None]:
        lock = filelock.FileLock(self._folder / f"{model.file}.lock")
        with contextlib.suppress(filelock.Timeout):
            lock.acquire(timeout=0)
        if not lock.is_locked:
            progress.note(f"another process is fetching {model.name}; waiting for it")
        while not lock.is_locked:
            if self._stop.is_set():
                raise Stopped
            with contextlib.suppress(filelock.Timeout):
                lock.acquire(timeout=LOOK)
        try:
            yield
        finally:
            lock.release()

    def _is_right(self, model: LocalModel, path: Path) -> bool:
        """Whether a file has the registry's hash, by the note about it if the file is as it was then."""
        try:
            facts = path.stat()
            if facts.st_size != model.size:
                return False
            if self._remembered(path) == _note(facts, model.sha256):
                return True
            with path.open("rb") as file:
                right = hashlib.file_digest(file, "sha256").hexdigest() == model.sha256
        except OSError as error:
            raise ModelNotFetched(f"{path} cannot be read ({error.strerror})", "check its permissions") from error
        if right:
            self._remember(path, model.sha256)
        return right

    def _remembered(self, path: Path) -> object:
        try:
            return json.loads(self._note_of(path).read_text(encoding="utf-8"))
        except (OSError, ValueError):  # no note, or no JSON: as if the file had never been checked
            return None

    def _remember(self, path: Path, sha256: str) -> None:
        note = self._note_of(path)
        with contextlib.suppress(OSError):  # a cache that cannot be written costs a hash at each start, no more
            note.parent.mkdir(parents=True, exist_ok=True)
            fresh = note.with_name(f"{note.name}.{os.getpid()}")
            fresh.write_text(json.dumps(_note(path.stat(), sha256)), encoding="utf-8")
            fresh.replace(note)

    def _note_of(self, path: Path) -> Path:
        """In the cache even for a file of the user's own folder, which is not ours to write to."""
        place = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:12]
        return self._folder / f"{path.name}.{place}.checked"

    def _part(self, model: LocalModel) -> Path:
        return self._folder / f"{model.file}.part"


def _is_there(path: Path, kind: Callable[[Path], bool] = Path.is_file) -> bool:
    """Whether `path` is a file, or what `kind` says. Raises ModelNotFetched where that may not be looked at."""
    try:
        return kind(path)
    except OSError as error:
        raise ModelNotFetched(f"{path} cannot be read ({error.strerror})", "check its permissions") from error


def _note(facts: os.stat_result, sha256: str) -> dict[str, int | str]:
    return {"size": facts.st_size, "mtime_ns": facts.st_mtime_ns, "sha256": sha256}


def _sync_folder(folder: Path) -> None:
    """Make a rename last. Windows has no such call for folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
