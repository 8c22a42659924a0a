"""Bring one article in: a file or standard input -> bytes -> text -> Article.

    load_article -> load_text -> _read_file | _read_stdin -> _decoded
                 -> Article(text, metadata, warnings)

What cannot be an article is refused here with the reason, so that nothing later has to guess.
"""

import difflib
import errno
import os
import re
import stat
import sys
from itertools import islice
from pathlib import Path

import charset_normalizer

from ..errors import ArticleEmpty, ArticleNotFound, ArticleTooLong, ArticleUnreadable, InputError
from ..schemas.article import Article
from .front_matter import read_metadata
from .furniture import body_sentences

MAX_BYTES = 1_000_000  # a newspaper's longest article has 0.1 MB; a book has 1 MB; preparing takes some 20 s
_CONTROL_SHARE = 0.05  # of the characters; text has none but tabs and line ends, compressed data about a third
_LONGEST_FURNITURE = 20_000  # characters; ten times what stands around an article, so a longer text has one
_LONGEST_SHOWN = 120  # characters of a path in a message
_NO_SUCH_NAME = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL)
_NAMES_READ = 2_000  # entries of a folder that are compared with a name that is not there

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,20}):/+")
_HTML = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body|meta|article|div|p|section|script|\?xml|rss|feed)\b",
    re.I | re.S,
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")

# How files begin that are no text, from the formats' own specifications.
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or a Word, OpenDocument or EPUB file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word, Excel or Outlook file"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
    (b"\x89PNG\r\n", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF87a", "an image (GIF)"),
    (b"GIF89a", "an image (GIF)"),
    (b"II*\x00", "an image (TIFF)"),
    (b"MM\x00*", "an image (TIFF)"),
    (b"OggS", "a sound (Ogg)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"GGUF", "a model file (GGUF)"),
)
# The same for formats whose first letters begin words, too.
_LONGER_MAGIC = (
    (re.compile(rb"RIFF.{4}(?:WAVE|AVI |WEBP)", re.S), "an image, sound or film (RIFF)"),
    (re.compile(rb"ID3[\x02-\x04][\x00-\x10]", re.S), "a sound (MP3)"),
    (re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)", re.S), "a bzip2 archive"),
)
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# What stands beyond ASCII in western European text. Read as Windows-1252, text in the code pages of other languages
# shows characters that are not among these; charset-normalizer takes short western text for Windows-1250.
_WESTERN = frozenset("ÀÁÂÄÅÆÇÈÉÊËÍÑÓÔÖØÜßàáâãäåæçèéêëíîïñòóôõöøùúûüœŒ“”‘’„‚–—…•€£§©®°«»½¡·\xa0")


def load_article(source: str | Path) -> Article:
    """The article in the file `source`, or on standard input for "-".

    The text and its warnings are those of `load_text`. Front matter and a `# Title` line fill the other fields.

    Raises what `load_text` does, and ArticleEmpty for a text with nothing but adverts and teasers.
    """
    text, warnings = load_text(source)
    if len(text) <= _LONGEST_FURNITURE and not body_sentences(text):
        raise ArticleEmpty(
            f"{_name_of(source)} holds nothing but adverts, teasers and captions", "give the text of the article itself"
        )
    return Article(text=text, warnings=warnings, **read_metadata(text))


def load_text(source: str | Path) -> tuple[str, tuple[str, ...]]:
    """The text in the file `source`, or on standard input for "-", be it an article or not, and warnings about it.

    It is kept exactly as it stands, line ends included, and only a byte order mark is dropped. It is read as UTF-8, or
    UTF-16 and UTF-32 with their mark; anything else is guessed, and a warning says so. A `str` is always a path, never
    the text itself (that is Article(text=...)).

    Raises ArticleNotFound; ArticleUnreadable for what is no text, or no file; ArticleTooLong beyond 1 MB;
    ArticleEmpty for a text without words; InputError for an address of the web.
    """
    name = _shown(str(source))
    address = _URL.match(str(source))
    if address and address[1].lower() == "file":
        raise InputError(f"{name} is an address", "give the path of the file")
    if address:
        raise InputError(
            f"{name} is an address, and web pages come with a later release",
            "save the page's text to a file and give that",
        )
    if not str(source):
        raise ArticleNotFound("no file was named", "give the path of one article")
    data = _read_stdin() if str(source) == "-" else _read_file(Path(source), name)
    name = _name_of(source)
    text, warnings = _decoded(data, name)
    _refuse_other_text(text, name)
    return text, warnings


def _name_of(source: str | Path) -> str:
    """What a message calls the source."""
    return "standard input" if str(source) == "-" else _shown(str(source))


def _read_file(path: Path, name: str) -> bytes:
    """The bytes of a regular file of at most MAX_BYTES."""
    try:
        status = path.stat()
        _refuse_no_file(status, name)
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except PermissionError as error:
        raise ArticleUnreadable(f"{name} may not be read by this user", "change its permissions or copy it") from error
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) or error.errno in _NO_SUCH_NAME:
            raise ArticleNotFound(f"there is no file {name}", _remedy_for_missing(path)) from error
        raise ArticleUnreadable(f"{name} cannot be read: {error.strerror}", "check the disk and the path") from error


def _refuse_no_file(status: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise ArticleUnreadable(f"{name} is a folder", "give the path of one article in it")
    if not stat.S_ISREG(status.st_mode):
        raise ArticleUnreadable(
            f"{name} is a device, pipe or socket and no file", 'pipe the text in and give "-" as the path'
        )


def _remedy_for_missing(path: Path) -> str:
    """What to do about a path that is not there: names in the same folder that are close to it, if any."""
    if len(str(path)) > _LONGEST_SHOWN or "\n" in str(path):
        return "for text that is no file use Article(text=...)"
    folder = path.parent
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, _NAMES_READ)]
    except OSError:
        return f"check the path; the folder {_shown(str(folder))} cannot be listed"
    close = difflib.get_close_matches(path.name, names, n=3, cutoff=0.6)
    return f"did you mean {' or '.join(_shown(str(folder / found)) for found in close)}?" if close else "check the path"


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise InputError("there is no standard input", "give the path of a file")
    try:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ArticleUnreadable(f"standard input cannot be read: {error}", "give the path of a file") from error


def _decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of `data`, and warnings where its encoding had to be guessed."""
    if len(data) > MAX_BYTES:
        raise ArticleTooLong(f"{name} has more than {MAX_BYTES // 1_000_000} MB", "give one article in a file")
    if not data:
        raise ArticleEmpty(f"{name} is empty", "give a file with the text of an article")
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise _no_text(name, f"is {kind}")
    for signature, kind in _LONGER_MAGIC:
        if signature.match(data):
            raise _no_text(name, f"is {kind}")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return _checked(data[len(mark) :].decode(encoding), name), ()
            except UnicodeDecodeError as error:
                raise _no_text(name, f"begins as {encoding.upper()} and is not that") from error
    if b"\x00" in data:
        looks = "UTF-16 without a byte order mark" if 0.3 < data.count(b"\x00") / len(data) < 0.6 else "binary data"
        raise _no_text(name, f"holds NUL bytes and looks like {looks}")
    try:
        return _checked(data.decode("utf-8"), name), ()
    except UnicodeDecodeError:
        text, warning = _guessed(data, name)
        return _checked(text, name), (warning,)


def _guessed(data: bytes, name: str) -> tuple[str, str]:
    """Text that is no UTF-8 throughout, and what to tell the reader."""
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    # Letters of another encoding make a letter of UTF-8 by chance only, so every second one tells.
    if sum(character > "\x7f" for character in text) >= 2 * lost:
        return text, f"places of the text that are not UTF-8 and are shown as \ufffd: {lost}"
    western = data.decode("cp1252", "replace")
    if _WESTERN.issuperset(character for character in western if character > "\x7f"):
        return western, _guess("Windows-1252")
    best = charset_normalizer.from_bytes(data, cp_exclusion=["cp1252", "latin_1"]).best()
    if best is None:
        raise _no_text(name, "is in no encoding that is known, or is binary data")
    return data.decode(best.encoding), _guess(best.encoding)


def _guess(encoding: str) -> str:
    return f"the text is not UTF-8; it was read as {encoding}, which is a guess: check names and quotation marks"


def _checked(text: str, name: str) -> str:
    """The text, if it is not mostly control characters."""
    if len(_CONTROL.findall(text)) > _CONTROL_SHARE * len(text) or "\x00" in text:
        raise _no_text(name, "looks like binary data")
    return text


def _refuse_other_text(text: str, name: str) -> None:
    """Text that is readable and is no text for a reader."""
    if not any(character.isalnum() for character in text):
        raise ArticleEmpty(f"{name} holds no words", "give a file with the text of an article")
    if _HTML.match(text):
        raise ArticleUnreadable(
            f"{name} is a web page or feed (HTML or XML), which come with a later release",
            "save the page's text to a file and give that",
        )


def _no_text(name: str, looks: str) -> ArticleUnreadable:
    return ArticleUnreadable(f"{name} {looks}", "save its text as a .txt file in UTF-8 and give that")


def _shown(path: str) -> str:
    """A path as a message shows it: in one line, without control characters, and never a whole article."""
    plain = "".join(character if character.isprintable() else "?" for character in path)
    return f"'{plain if len(plain) <= _LONGEST_SHOWN else plain[: _LONGEST_SHOWN - 3] + '...'}'"
