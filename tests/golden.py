"""Makes the golden files of the digest anew: `python tests/golden.py`, then look at what `git diff` shows."""

from functools import cache
from pathlib import Path

import digest_example
import notices_example

from summarizer.digest import make_digest
from summarizer.rendering import DigestFormat
from summarizer.rendering.digest import render_digest
from summarizer.schemas.digest import Digest

FOLDER = Path(__file__).parent / "golden"
FORMS: dict[DigestFormat, str] = {"json": "json", "md": "md", "text": "txt", "html": "html", "atom": "atom"}


@cache
def first_day() -> Digest:
    """The digest of the first day."""
    return make_digest([], stories=digest_example.day())


@cache
def second_day() -> Digest:
    """The digest of the day after, beside the first."""
    return make_digest([], previous=first_day(), stories=digest_example.day_after())


@cache
def revised_day() -> Digest:
    """The first day with newer versions, a kill, an embargo and desks."""
    return make_digest(notices_example.day(), notices=[notices_example.kill()], desks=notices_example.DESKS)


def golden() -> dict[str, str]:
    """What each file holds."""
    days = {
        "digest-first-day": first_day(),
        "digest-second-day": second_day(),
        "digest-revised-day": revised_day(),
    }
    return {f"{day}.{end}": render_digest(made, form) for day, made in days.items() for form, end in FORMS.items()}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in golden().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
