"""What an article says of itself before it begins: YAML front matter and a `# Title` line, as in markdown.

Front matter is written for machines and is furniture; a headline is written for readers and stays article. Both stay
in the text, as it is kept exactly as given.
"""

import re

from ..schemas.evidence import Evidence
from .sentences import trimmed_lines

_MOST_LINES = 40  # a block that goes on longer is no front matter
_LONGEST = 300  # characters of a value; a longer one names nothing
_ENTRY = re.compile(r"([A-Za-z][\w -]{0,40}):(?:\s+(.*))?")
_HEADLINE = re.compile(r"#[ \t\u00a0]+(\S[^\n\r\x0b\x0c\x85\u2028\u2029]*)")

# Keys that site generators, note programs and tables use, and the field of Article that each fills.
FIELDS = {
    "title": "title",
    "headline": "title",
    "date": "published",
    "published": "published",
    "source": "source",
    "publisher": "source",
    "outlet": "source",
    "author": "byline",
    "byline": "byline",
    "url": "url",
    "link": "url",
    "lang": "language",
    "language": "language",
}
_OTHER_KEYS = ("tags", "categories", "category", "layout", "slug", "draft", "description", "permalink", "id")


def find_front_matter(text: str) -> Evidence | None:
    """The block between two lines `---` that opens `text`, both lines included, or None if there is none.

    Offsets are code points into `text`.
    """
    if not text.lstrip().startswith("---"):
        return None
    lines = [line for line in trimmed_lines(text) if line[0] < line[1]][: _MOST_LINES + 2]
    words = [text[start:end] for start, end in lines]
    for index, word in enumerate(words[1:], start=1):
        if word in ("---", "..."):
            is_block = words[0] == "---" and _are_entries(text, lines[1:index])
            return Evidence.of(text, lines[0][0], lines[index][1]) if is_block else None
    return None


def _are_entries(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether lines are a map in YAML with a key that pages use: each an entry, indented, or of a list."""
    keys = []
    for start, end in lines:
        entry = _ENTRY.fullmatch(text[start:end])
        if entry:
            keys.append(entry[1].strip().lower())
        elif text[start - 1] not in " \t" and text[start] not in "-#":
            return False
    return any(key in FIELDS or key in _OTHER_KEYS for key in keys)


def read_metadata(text: str) -> dict[str, str]:
    """Fields of Article that the front matter of `text` fills, and the title that its headline does.

    The title of the front matter goes before that of the headline. Nested and listed values are left out.
    """
    front = find_front_matter(text)
    found: dict[str, str] = {}
    for line in front.text.splitlines() if front else ():
        entry = _ENTRY.fullmatch(line.rstrip())
        field = FIELDS.get(entry[1].strip().lower()) if entry else None
        value = _unquoted(entry[2] or "") if entry else ""
        if field and value and len(value) <= _LONGEST and (field != "url" or re.match("https?://", value)):
            found.setdefault(field, value)
    headline = _HEADLINE.match(text[front.end if front else 0 :].lstrip())
    title = headline[1].strip().rstrip("#").rstrip() if headline else ""
    if 0 < len(title) <= _LONGEST:
        found.setdefault("title", title)
    return found


def _unquoted(value: str) -> str:
    """A plain YAML value: without its quotation marks; nothing for a list, a map, a block or null."""
    value = value.strip()
    if value[:1] in ("[", "{", "|", ">", "&", "*", "!") or value.lower() in ("null", "~"):
        return ""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return " ".join(value.split())
