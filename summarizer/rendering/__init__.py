"""A brief as a reader or a program gets it.

    Brief ── document_of ── Document (headings, paragraphs, bullets, tables) ──┬── markdown
      │                     free of control characters                         └── plain text
      └── JSON

Another form is another writer over the same Document. Nothing that an article or a model says can become markup or
steer a terminal.
"""

import json
import re
from typing import TYPE_CHECKING, Literal

from .markdown import write_markdown
from .plain import write_plain
from .sections import document_of

if TYPE_CHECKING:
    from ..schemas.brief import Brief

Format = Literal["md", "text", "json"]

__all__ = ["Format", "render"]

_LONE = re.compile("[\ud800-\udfff]")


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
            return _json(brief) + "\n"


def _json(brief: "Brief") -> str:
    try:
        return brief.model_dump_json(indent=2)
    except ValueError:  # pydantic's writer refuses lone surrogates
        text = json.dumps(brief.model_dump(mode="json"), indent=2, ensure_ascii=False)
        return _LONE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
