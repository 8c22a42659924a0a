"""The word lists of the worksheet (`worksheet.toml`), read once."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def word_set(name: str) -> frozenset[str]:
    """The list of that name, in lower case."""
    return frozenset(_lists()[name])


@cache
def _lists() -> dict[str, list[str]]:
    return tomllib.loads(files(__package__).joinpath("worksheet.toml").read_text(encoding="utf-8"))
