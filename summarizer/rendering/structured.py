"""JSON: a contract as a program reads it."""

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel

_LONE = re.compile("[\ud800-\udfff]")


def write_json(data: "BaseModel") -> str:
    """The data as indented JSON, with a line end. A lone surrogate, which no encoding can write, is an escape."""
    try:
        return data.model_dump_json(indent=2) + "\n"
    except ValueError:  # pydantic's writer refuses lone surrogates
        text = json.dumps(data.model_dump(mode="json"), indent=2, ensure_ascii=False)
        return _LONE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"
