"""Kinds of brief. Each is a module of this package that holds a `KIND`, and a folder of the same name in prompts/."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pydantic import BaseModel

from ..errors import ConfigurationError
from .evidence import Grounded

KNOWN = ("news",)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of brief: what the model fills in (every field a list of items), and how checked items become sections.

    `most` says of sections of the draft how many items of them a brief holds, together: the parts of a long article
    share the places.
    """

    name: str
    draft: type[BaseModel]
    assemble: Callable[[Sequence[Grounded[Any]]], dict[str, Any]]
    most: tuple[tuple[tuple[str, ...], int], ...] = ()


def load_kind(name: str) -> Kind:
    """The kind of that name. Raises ConfigurationError if there is none."""
    if name not in KNOWN:
        raise ConfigurationError(f"no kind of brief is named '{name}'", f"known: {', '.join(KNOWN)}")
    kind: Kind = import_module(f".{name}", __package__).KIND
    return kind
