"""Opening the file of a store: its settings, its version, and what SQLite's errors mean to a user."""

import contextlib
import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from ..errors import StoreUnusable

BUSY = 30.0  # seconds that a writer waits for another process
_NAMED = 0x53554D52  # "SUMR" in the file's header: it is a store of ours


def connect(path: Path) -> sqlite3.Connection:
    """A connection to the store at that path, which is made where it is not there, and brought up to this version.

    Any thread may use it, one at a time. Raises StoreUnusable for a file that is no store, or a newer version's.
    """
    with told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY, isolation_level=None, check_same_thread=False)
        try:
            _set_up(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def _set_up(connection: sqlite3.Connection, path: Path) -> None:
    connection.row_factory = sqlite3.Row
    steps = _steps()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(steps):
        raise StoreUnusable(f"{path} was made by a newer version of summarizer", "update summarizer, or name another")
    if version == 0:
        (is_used,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if is_used:
            raise StoreUnusable(f"{path} is a database of another program", "name another file (--store)")
    # What was committed is there after a power cut; readers and one writer do not wait for each other.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    if version == len(steps):
        return
    with writing(connection):
        # Another process may have been faster.
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        for number, step in enumerate(steps[version:], version + 1):
            for statement in _statements(step):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute(f"PRAGMA application_id = {_NAMED}")


def _steps() -> list[str]:
    folder = files(__package__).joinpath("migrations")
    return [
        folder.joinpath(name).read_text(encoding="utf-8")
        for name in sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    ]


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: `executescript` would end the transaction that they are to be in."""
    whole = ""
    for line in script.splitlines(keepends=True):
        whole += line
        if sqlite3.complete_statement(whole):
            yield whole
            whole = ""


@contextlib.contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that writes: all of it is kept, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):  # a full disk has ended it already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, each with what to do."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        raise StoreUnusable(*_meaning(path, name, str(error))) from error
    except OSError as error:
        what = f"the store {path} cannot be made: {error.strerror}"
        raise StoreUnusable(what, "name another file (--store)") from error


def _meaning(path: Path, name: str, words: str) -> tuple[str, str]:
    if name.startswith("SQLITE_FULL"):
        return (
            f"no room is left for the store {path}",
            "make room and run the same command again: what was kept is there",
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"the store {path} is in use by another process", "try again when that has finished"
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return f"{path} is no store, or a damaged one", "name another file (--store)"
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_IOERR")):
        return f"the store {path} cannot be written: {words}", "check the folder, or name another file (--store)"
    return f"the store {path}: {words}", "name another file (--store)"
