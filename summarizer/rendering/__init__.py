"""A brief as a reader or a program gets it.

    Brief ── document_of ── Document (headings, paragraphs, bullets, tables) ──┬── markdown
      │                     free of control characters                         ├── plain text
      │                                                                        └── HTML, of a digest: a page, a feed
      └── JSON

Another form is another writer over the same Document. Nothing that an article or a model says can become markup or
steer a terminal.
"""

from typing import TYPE_CHECKING, Literal

from .markdown import write_markdown
from .plain import write_plain
from .sections import document_of
from .structured import write_json

if TYPE_CHECKING:
    from ..schemas.brief import Brief

Format = Literal["md", "text", "json"]
DigestFormat = Literal["md", "text", "json", "html", "atom"]  # of a digest; see `render_digest`

__all__ = ["DigestFormat", "Format", "render"]


def render(brief: "Brief", format: Format) -> str:
    """The whole brief in one form, with a line end after the last line.

    "md" is Markdown (CommonMark and tables), "text" the same without marks, "json" the contract `brief/1`.
    A lone surrogate, which no encoding can write, is an escape in JSON and U+FFFD elsewhere.
    """
    match format:
        case "md":
            return write_markdown(document_of(brief))
        case "text":
            return write_plain(document_of(brief))
        case "json":
            return write_json(brief)
