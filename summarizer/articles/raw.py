"""What was brought in, before anybody has read it."""

import re
from dataclasses import dataclass

MAX_BYTES = 20_000_000  # of a file or page, packed and unpacked; the text in it may have a million characters
LISTS = (".jsonl", ".ndjson", ".csv")  # suffixes of files that hold an article a line
LONGEST_SHOWN = 120  # characters of a path in a message


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes with all that is known of them. `name` is what a message calls them, in quotation marks where it is a path.

    `suffix` is that of the file in lower case ("" for none), `url` where they were fetched from, `media_type` and
    `charset` what the server says they are.
    """

    data: bytes
    name: str
    suffix: str = ""
    url: str | None = None
    media_type: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Where an article of a list is, and what the list says of it."""

    url: str
    title: str | None = None
    published: str | None = None
    source: str | None = None


def shown(path: str) -> str:
    """A path or address as a message shows it: in one line, printable, without a password, never a whole article."""
    plain = "".join(character if character.isprintable() else "?" for character in path[: 2 * LONGEST_SHOWN])
    plain = re.sub(r"(?<=://)[^/@\s]{1,200}@", "", plain)
    return f"'{plain if len(plain) <= LONGEST_SHOWN else plain[: LONGEST_SHOWN - 3] + '...'}'"
