"""Find what a desk writes to editors around an article: embargo, kill and withhold notices, advisories, corrections.

The patterns are data, in notices.toml. What they find is not the article, and its readers have to know of it.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from ..schemas.evidence import Evidence
from .sentences import split_paragraphs

_LONGEST = 600  # characters of a paragraph that can be a notice; a longer one is article
_SHOWN = 120  # characters of it that a warning shows
_SIGNS = " \t*_#>|•([{-–—<"


@dataclass(frozen=True, slots=True)
class Notice:
    """A paragraph written to editors. Offsets of `span` are code points into the text."""

    name: str
    says: str
    span: Evidence

    @property
    def warning(self) -> str:
        """One line for `article.warnings`."""
        words = " ".join(self.span.text.split())
        return f"{self.says}: “{words if len(words) <= _SHOWN else words[: _SHOWN - 1].rstrip() + '…'}”"


@lru_cache(maxsize=16)
def find_notices(text: str) -> tuple[Notice, ...]:
    """The paragraphs of `text` that are written to editors, in order; those of the last few texts are kept."""
    found = []
    for paragraph in split_paragraphs(text):
        plain = " ".join(paragraph.text[: _LONGEST + 1].split()).lstrip(_SIGNS)
        if len(paragraph.text) > _LONGEST:
            continue
        for name, says, openings in _kinds():
            if any(pattern.match(plain) for pattern in openings):
                found.append(Notice(name, says, paragraph))
                break
    return tuple(found)


@cache
def _kinds() -> tuple[tuple[str, str, tuple[re.Pattern[str], ...]], ...]:
    raw = tomllib.loads(resources.files(__package__).joinpath("notices.toml").read_text(encoding="utf-8"))
    return tuple(
        (entry["name"], entry["says"], tuple(re.compile(each, re.IGNORECASE) for each in entry["opening"]))
        for entry in raw["notice"]
    )
