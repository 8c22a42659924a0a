"""Plain text and Markdown. The text is kept exactly as it stands, front matter and headline included."""

from ...schemas.article import Article
from ..decoding import decode
from ..front_matter import read_metadata
from ..raw import Raw


def read(raw: Raw) -> Article:
    """The text as it stands; front matter and a `# Title` line fill the other fields."""
    text, warnings = decode(raw)
    return Article(text=text, warnings=warnings, **{"url": raw.url, **read_metadata(text)})
