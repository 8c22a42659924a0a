"""Which kind of file bytes are, and who reads it: one table. A new kind is a row here and a file in `readers`."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from types import ModuleType
from zipfile import BadZipFile, ZipFile

from ..errors import ArticleUnreadable, ConfigurationError
from ..schemas.article import Article
from .raw import LISTS, Link, Raw

_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?"
    rb"<(?:!doctype\s+html|html|head|body|meta|article|div|p|section|script)\b",
    re.I | re.S,
)
_FEED = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<\?[^>]{0,300}\?>\s*|<!--.{0,2000}?-->\s*|<!DOCTYPE[^>\[]{0,300}>\s*){0,9}"
    rb"<(?:rss|feed|rdf:RDF)\b",
    re.I | re.S,
)
_JSON_FEED = re.compile(rb'\s*\{(?s:.{0,2000})"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org')
_MAIL = re.compile(rb"(?:From |(?:[A-Z][A-Za-z-]{1,40}: [^\r\n]{0,998}\r?\n(?:[ \t][^\r\n]{0,998}\r?\n)*){3})")
_MAIL_FIELDS = re.compile(rb"^(?:From|Subject|Received|Message-ID|MIME-Version): ", re.M | re.I)
# How files begin that are no text and that nobody here reads, from the formats' own specifications.
_MAGIC = (
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


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. `looks` tells it by its first bytes, which go before suffix and media type.

    `many` has several articles in one file. `needs` is the package of the extra `files` that its reader imports.
    """

    name: str
    label: str
    suffixes: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    looks: Callable[[bytes], bool] | None = None
    many: bool = False
    needs: str = ""

    def read(self, raw: Raw) -> Article:
        """The article in it. Raises InputError; ConfigurationError if its reader is not installed."""
        article: Article = self._reader().read(raw)
        return article

    def read_many(self, raw: Raw) -> Iterator[Article | Link | ArticleUnreadable]:
        """What it lists, one by one: articles, where they are, or what is wrong with an entry."""
        entries: Iterator[Article | Link | ArticleUnreadable] = self._reader().read_many(raw)
        return entries

    def _reader(self) -> ModuleType:
        try:
            return import_module(f".readers.{self.name}", __package__)
        except ModuleNotFoundError as error:
            if not self.needs or (error.name or "").partition(".")[0] != self.needs:
                raise
            raise ConfigurationError(
                f"{self.label} needs a reader that is not installed", "pip install 'summarizer[files]'"
            ) from error


def _is_page(data: bytes) -> bool:
    return _PAGE.match(data) is not None


def _is_word(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04") and "word/document.xml" in _names(data)


PLAIN = Kind("plain", "a text", (".txt", ".md", ".markdown", ".text"), ("text/plain", "text/markdown"))
KINDS = (
    Kind("pdf", "a PDF", (".pdf",), ("application/pdf",), lambda data: b"%PDF-" in data[:1024], needs="pypdf"),
    Kind("word", "a Word file", (".docx",), (), _is_word, needs="docx"),
    Kind(
        "feed",
        "a feed",
        (".rss", ".atom"),
        ("application/rss+xml", "application/atom+xml", "application/feed+json"),
        lambda data: bool(_FEED.match(data) or _JSON_FEED.match(data)),
        many=True,
    ),
    Kind("page", "a web page", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"), _is_page),
    Kind("rows", "a list of articles", LISTS, ("application/x-ndjson", "text/csv"), many=True),
    Kind(
        "mail",
        "an e-mail",
        (".eml",),
        ("message/rfc822",),
        lambda data: bool(_MAIL.match(data)) and len(_MAIL_FIELDS.findall(data[:8192])) >= 2,
    ),
    PLAIN,
)


def kind_of(raw: Raw) -> Kind:
    """The kind that bytes are: by how they begin, else by the suffix of the file, else by what the server says.

    Raises ArticleUnreadable for a format that nobody here reads.
    """
    data = raw.data
    for kind in KINDS:
        if kind.looks and kind.looks(data):
            return kind
    for magic, label in _MAGIC:
        if data.startswith(magic):
            raise _refused(raw, label)
    for signature, label in _LONGER_MAGIC:
        if signature.match(data):
            raise _refused(raw, label)
    if data.startswith(b"PK\x03\x04"):
        raise _refused(raw, "a ZIP archive or an OpenDocument, Excel or EPUB file")
    by_suffix = next((kind for kind in KINDS if raw.suffix in kind.suffixes), None)
    by_type = next((kind for kind in KINDS if raw.media_type in kind.media_types), None)
    return by_suffix or by_type or PLAIN


def _names(data: bytes) -> frozenset[str]:
    """The names in a ZIP archive; none if it is broken."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return frozenset()


def _refused(raw: Raw, label: str) -> ArticleUnreadable:
    return ArticleUnreadable(f"{raw.name} is {label}", "save its text as a .txt file in UTF-8 and give that")
