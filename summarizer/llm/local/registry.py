"""Which models can be run without a key: name, licence, size and hash, and where the file can be had.

The data is registry.toml; adding a model is an entry there.
"""

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ...errors import UnknownModel

DEFAULT_ALIAS = "local"


@dataclass(frozen=True, slots=True)
class HubFile:
    """The file at the publisher's model hub: repository ("owner/name") and the file's name in it."""

    repo: str
    file: str


@dataclass(frozen=True, slots=True)
class Wheels:
    """Packages that carry the file in `count` parts; `package` and `member` are patterns over the number `n` from 1.

    `member` is the path inside the wheel. Every part is `part_bytes` long but the last, which is the rest.
    """

    package: str
    version: str
    member: str
    count: int
    part_bytes: int


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model file. `size` is bytes, `sha256` the hexadecimal hash of the file, `context` the most tokens it reads.

    `rewords` says whether it is worth while to ask it again for a sentence that was refused.
    """

    name: str
    file: str
    licence: str
    size: int
    sha256: str
    context: int
    hub: HubFile
    wheels: Wheels
    rewords: bool = True


def find_model(name: str) -> LocalModel:
    """The model of that name; "local", and "local/" before a name, are understood.

    Raises UnknownModel, which names the ones that are nearest.
    """
    default, models = _registry()
    wanted = name.strip().lower()
    if wanted == DEFAULT_ALIAS:
        return models[default]
    wanted = wanted.removeprefix(f"{DEFAULT_ALIAS}/")
    if wanted in models:
        return models[wanted]
    near = difflib.get_close_matches(wanted, models, n=3, cutoff=0.5) or list(models)
    raise UnknownModel(f"no embedded model is named '{name[:100]}'", f"did you mean {' or '.join(near)}?")


def local_models() -> tuple[LocalModel, ...]:
    """Every model of the registry, the default one first."""
    default, models = _registry()
    return tuple(sorted(models.values(), key=lambda model: model.name != default))


@cache
def _registry() -> tuple[str, dict[str, LocalModel]]:
    table = tomllib.loads(files(__package__).joinpath("registry.toml").read_text(encoding="utf-8"))
    models = {}
    for name, entry in table["models"].items():
        hub, wheels = HubFile(**entry.pop("hub")), Wheels(**entry.pop("wheels"))
        models[name] = LocalModel(name=name, hub=hub, wheels=wheels, **entry)
    return table["default"], models
