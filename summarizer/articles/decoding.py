"""Bytes -> text: by the mark or the declaration of an encoding, else UTF-8, else a guess that is told."""

import codecs
import re

import charset_normalizer

from ..errors import ArticleEmpty, ArticleUnreadable
from .raw import Raw

_CONTROL_SHARE = 0.05  # of the characters; text has none but tabs and line ends, compressed data about a third
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
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


def decode(raw: Raw, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of the bytes, and warnings where its encoding had to be guessed or is not what was declared.

    A byte order mark goes before what the server or the file itself (`declared`) says, and that before UTF-8.

    Raises ArticleEmpty for no bytes, ArticleUnreadable for what is no text.
    """
    data = raw.data
    if not data:
        raise ArticleEmpty(f"{raw.name} is empty", "give a file with the text of an article")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return _checked(data[len(mark) :].decode(encoding), raw.name), ()
            except UnicodeDecodeError as error:
                raise no_text(raw.name, f"begins as {encoding.upper()} and is not that") from error
    told = _known(raw.charset) or _known(declared)
    if told and told != "utf-8":
        try:
            return _checked(data.decode(told), raw.name), ()
        except UnicodeDecodeError:
            pass  # servers declare wrongly; what follows finds out
    if b"\x00" in data:
        looks = "UTF-16 without a byte order mark" if 0.3 < data.count(b"\x00") / len(data) < 0.6 else "binary data"
        raise no_text(raw.name, f"holds NUL bytes and looks like {looks}")
    try:
        return _checked(data.decode("utf-8"), raw.name), ()
    except UnicodeDecodeError:
        text, warning = _guessed(data, raw.name)
        return _checked(text, raw.name), (warning,)


def _known(encoding: str | None) -> str | None:
    """The name of an encoding that Python has; Latin-1 is read as the web reads it, as Windows-1252."""
    try:
        name = codecs.lookup(encoding or "").name
    except LookupError:
        return None
    return {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(name, name)


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
        raise no_text(name, "is in no encoding that is known, or is binary data")
    return data.decode(best.encoding), _guess(best.encoding)


def _guess(encoding: str) -> str:
    return f"the text is not UTF-8; it was read as {encoding}, which is a guess: check names and quotation marks"


def _checked(text: str, name: str) -> str:
    """The text, if it is not mostly control characters."""
    if len(_CONTROL.findall(text)) > _CONTROL_SHARE * len(text) or "\x00" in text:
        raise no_text(name, "looks like binary data")
    return text


def no_text(name: str, looks: str) -> ArticleUnreadable:
    """The error for what is no text."""
    return ArticleUnreadable(f"{name} {looks}", "save its text as a .txt file in UTF-8 and give that")
