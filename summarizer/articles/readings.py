"""Make plain what is written so that a machine may read it and a reader or a filter may not."""

import base64
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from urllib.parse import unquote

_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{16,}={0,2}(?![\w+/=])")
_HEX = re.compile(r"(?<!\w)(?:0x)?(?:[0-9A-Fa-f]{2}(?:[ :]|\\x)?){8,}(?!\w)")
_BINARY = re.compile(r"(?<!\d)(?:[01]{8} ?){6,}(?!\d)")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}[^%\s]{0,3}){6,}")
_ESCAPES = re.compile(r"(?:\\u\{?[0-9A-Fa-f]{4}\}?|\\x[0-9A-Fa-f]{2}|\\[0-7]{3}){4,}")
_ENTITIES = re.compile(r"(?:&#(?:\d{2,6}|[xX][0-9A-Fa-f]{2,5});\s?){4,}")
_MOST_DECODED = 4_000  # characters of one encoded word that are read
_MOST_BLOBS = 50  # encoded words of a paragraph that are read
_SHARE_PLAIN = 0.9  # of the decoded characters; what is less is no text

# Letters that stand apart: "I g n o r e", "i.g.n.o.r.e", "i-g-n-o-r-e".
_APART = re.compile(r"(?<!\w)(?:\w([ ._*·-])(?:\w\1){2,40}\w|(?:\w {1,2}){4,80}\w)(?!\w)")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0100-\U000e01ef]"
)
_DIGITS = str.maketrans("0134578@$!|+", "oleastbasiit")
_DIGITS_OTHER = str.maketrans("0134578@$!|+", "oieastbasiit")
_WITH_DIGITS = re.compile(r"[A-Za-z][0134578@$!|+]|[0134578@$!|+][A-Za-z]")
# Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТХУаеѕіјорсухһԁԛԝӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορυγ",
    "ABESIJKMHOPCTXYaesijopcyxhdqwlABEZHIKMNOPTYXaivopuy",
)
_MIXED = re.compile(r"[A-Za-z][\u0370-\u03ff\u0400-\u052f]|[\u0370-\u03ff\u0400-\u052f][A-Za-z]")


_MAY_COMBINE = re.compile("[\u0300-\U0010ffff]")  # no letter before them combines with another


def _not_combining(match: re.Match[str]) -> str:
    return "" if unicodedata.combining(match[0]) else match[0]


@cache
def _rot13(word: str) -> str:
    return codecs.encode(word, "rot13")


def readings(words: str, hidden_words: Sequence[str]) -> Iterator[str]:
    """The words in other readings than as they stand, of those that they call for; none for ordinary writing.

    `hidden_words` are words in lower case, one of which has to be there before words are read backwards, shifted by
    13 letters, or with letters for digits.
    """
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", words))
    if _MIXED.search(folded):
        folded = folded.translate(_LOOKALIKES)
    folded = _MAY_COMBINE.sub(_not_combining, unicodedata.normalize("NFD", folded))
    if folded != words:
        yield folded
    joined = _APART.sub(lambda match: re.sub(r"[\W_]", "", match.group()), folded)
    if joined != folded:
        yield joined
        yield from (each for each in (_parted(joined, hidden_words),) if each)
    low = folded.lower()
    if any(word[::-1] in low for word in hidden_words):
        yield folded[::-1]
        yield " ".join(word[::-1] for word in folded.split())
        yield " ".join(reversed(folded.split()))
    if any(_rot13(word) in low for word in hidden_words):
        yield codecs.encode(folded, "rot13")
    if _WITH_DIGITS.search(folded):
        for table in (_DIGITS, _DIGITS_OTHER):
            spelt = folded.translate(table)
            if any(word in spelt.lower() for word in hidden_words):
                yield spelt
    yield from _decoded(folded)


def _parted(joined: str, hidden_words: Sequence[str]) -> str:
    """Words that were run together as their letters were brought together, parted around those that are looked for."""
    low = joined.lower()
    if not any(word in low for word in hidden_words):
        return ""
    inside = "|".join((*hidden_words, "all", "previous", "prior", "above", "your", "the", "system"))
    return " ".join(re.sub(rf"({inside})(s?)", r" \1\2 ", low).split())


def _decoded(words: str) -> Iterator[str]:
    """What the encoded words among these spell, where it is text."""
    blobs = 0
    for pattern, decode in _CODES:
        for match in pattern.finditer(words):
            blobs += 1
            if blobs > _MOST_BLOBS:
                return
            try:
                spelt = decode(match.group()[:_MOST_DECODED])
            except ValueError:
                continue  # not encoded text, but a word or number that looks like it
            plain = sum(character.isalpha() or character in " .,:;!?'\"-\n" for character in spelt)
            if spelt and plain >= _SHARE_PLAIN * len(spelt):
                yield " ".join(spelt.split())


def _from_base64(blob: str) -> str:
    bare = blob.rstrip("=").replace("-", "+").replace("_", "/")
    bare = bare[: len(bare) - 1] if len(bare) % 4 == 1 else bare
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode("utf-8")


def _from_hex(blob: str) -> str:
    digits = re.sub(r"0x|\\x|[ :]", "", blob)
    return bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8")


def _from_binary(blob: str) -> str:
    return bytes(int(octet, 2) for octet in re.findall("[01]{8}", blob)).decode("utf-8")


def _from_percent(blob: str) -> str:
    return unquote(blob, errors="strict")


def _from_escapes(blob: str) -> str:
    octal = re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), blob)
    return re.sub(r"\\[ux]\{?([0-9A-Fa-f]{2,4})\}?", lambda match: chr(int(match[1], 16)), octal)


_CODES = (
    (_BASE64, _from_base64),
    (_HEX, _from_hex),
    (_BINARY, _from_binary),
    (_PERCENT, _from_percent),
    (_ESCAPES, _from_escapes),
    (_ENTITIES, html.unescape),
)
