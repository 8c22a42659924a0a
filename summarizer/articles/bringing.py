"""Bring in the bytes at a source: a file, standard input or an address of the web.

bring_in -> _read_file | _read_stdin | Fetcher.get -> _unpacked (gzip) -> Raw
"""

import difflib
import errno
import os
import re
import stat
import sys
import zlib
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import AddressRefused, ArticleNotFound, ArticleTooLong, ArticleUnreadable, InputError
from ..settings import load_settings
from .raw import LISTS, LONGEST_SHOWN, MAX_BYTES, Raw, shown

if TYPE_CHECKING:
    from .fetching import Fetcher

_NO_SUCH_NAME = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL)
_NAMES_READ = 2_000  # entries of a folder that are compared with a name that is not there
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,20}):/+")
_GZIP = b"\x1f\x8b\x08"


def bring_in(source: str | Path, *, allow_private: bool = False, fetcher: "Fetcher | None" = None) -> Raw:
    """The bytes at `source`, unpacked, with what is known of them. Raises as `load_article` does."""
    name = shown(str(source))
    address = _URL.match(str(source))
    if address and address[1].lower() == "file":
        raise InputError(f"{name} is an address", "give the path of the file")
    if address and address[1].lower() not in ("http", "https"):
        raise AddressRefused(f"{name} is not of the web (http or https)", "give the path of a file or a web address")
    if address:
        return _unpacked(_fetched(str(source), allow_private, fetcher))
    if not str(source):
        raise ArticleNotFound("no file was named", "give the path of one article")
    if str(source) == "-":
        return _unpacked(Raw(_read_stdin(), "standard input"))
    path = Path(source)
    return _unpacked(Raw(_read_file(path, name), name, path.suffix.lower()))


def is_address(source: str | Path) -> bool:
    """Whether a source is an address of the web, or of another net, and no path."""
    return isinstance(source, str) and _URL.match(source) is not None


def is_long_list(source: str | Path) -> bool:
    """Whether a source is a list of articles in a file that is too long to be read at once, by its name and size."""
    path = Path(source)
    suffix = (path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower()
    if is_address(source) or suffix not in LISTS:
        return False
    try:
        status = path.stat()
    except (OSError, ValueError):  # whoever reads it tells
        return False
    # Packed, a list has a tenth of its size.
    return stat.S_ISREG(status.st_mode) and status.st_size > (
        MAX_BYTES if suffix == path.suffix.lower() else MAX_BYTES // 20
    )


def _fetched(url: str, allow_private: bool, fetcher: "Fetcher | None") -> Raw:
    from .fetching import Fetcher  # noqa: PLC0415 - files are read without a network

    if fetcher is not None:
        return fetcher.get(url)
    settings = load_settings()
    with Fetcher(cache_dir=settings.cache_dir, allow_private=allow_private, offline=settings.offline) as own:
        return own.get(url)


def _unpacked(raw: Raw) -> Raw:
    """Without gzip, if it is packed so: at most as many bytes as a file may have. Raises ArticleTooLong."""
    if not raw.data.startswith(_GZIP):
        return raw
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        data = unpacker.decompress(raw.data, MAX_BYTES + 1)
    except zlib.error as error:
        raise ArticleUnreadable(
            f"{raw.name} is a gzip archive that is broken", "pack it anew, or give it unpacked"
        ) from error
    if not unpacker.eof and len(data) <= MAX_BYTES:
        raise ArticleUnreadable(f"{raw.name} is a gzip archive that is cut off", "pack it anew, or give it unpacked")
    if len(data) > MAX_BYTES:
        raise ArticleTooLong(
            f"{raw.name} unpacks to more than {MAX_BYTES // 1_000_000} MB", "give one article in a file"
        )
    path = Path(urlsplit(raw.url).path if raw.url else raw.name.strip("'"))
    suffix = path.with_suffix("").suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()
    return replace(raw, data=data, suffix=suffix)


def _read_file(path: Path, name: str) -> bytes:
    """The bytes of a regular file of at most MAX_BYTES."""
    try:
        status = path.stat()
        _refuse_no_file(status, name)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except PermissionError as error:
        raise ArticleUnreadable(f"{name} may not be read by this user", "change its permissions or copy it") from error
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) or error.errno in _NO_SUCH_NAME:
            raise ArticleNotFound(f"there is no file {name}", _remedy_for_missing(path)) from error
        raise ArticleUnreadable(f"{name} cannot be read: {error.strerror}", "check the disk and the path") from error
    return _bounded(data, name)


def _refuse_no_file(status: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise ArticleUnreadable(f"{name} is a folder", "give the path of one article in it")
    if not stat.S_ISREG(status.st_mode):
        raise ArticleUnreadable(
            f"{name} is a device, pipe or socket and no file", 'pipe the text in and give "-" as the path'
        )


def _remedy_for_missing(path: Path) -> str:
    """What to do about a path that is not there: names in the same folder that are close to it, if any."""
    if len(str(path)) > LONGEST_SHOWN or "\n" in str(path):
        return "for text that is no file use Article(text=...)"
    folder = path.parent
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, _NAMES_READ)]
    except OSError:
        return f"check the path; the folder {shown(str(folder))} cannot be listed"
    close = difflib.get_close_matches(path.name, names, n=3, cutoff=0.6)
    return f"did you mean {' or '.join(shown(str(folder / found)) for found in close)}?" if close else "check the path"


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise InputError("there is no standard input", "give the path of a file")
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ArticleUnreadable(f"standard input cannot be read: {error}", "give the path of a file") from error
    return _bounded(data, "standard input")


def _bounded(data: bytes, name: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise ArticleTooLong(f"{name} has more than {MAX_BYTES // 1_000_000} MB", "give one article in a file")
    return data
