"""Settings: what a flag, an environment variable or `summarizer.toml` says, in that order."""

import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from .errors import ConfigurationError

FILE = "summarizer.toml"
# Seconds for one article: enough for a long one on a small machine.
DEFAULT_TIME_LIMIT = 1800
SHORTEST_TIME_LIMIT, LONGEST_TIME_LIMIT = 1, 7 * 24 * 3600
KEYS: dict[str, tuple[type, ...]] = {
    "model": (str,),
    "base_url": (str,),
    "kind": (str,),
    "time_limit": (int, float),
    "language": (str,),
    "keep_briefs": (bool,),
    "digest": (dict,),
}
ACTOR_KINDS = ("person", "government", "organisation", "group")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a section of the digest is for; see `summarizer.digest.desks`. `kinds` are kinds of named actors.

    A story fits by its words, by a source or by an address; where `kinds` are given, it has to have one of these, too.
    """

    words: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """`[digest]`: what `make_digest` takes by the same names. An empty table changes nothing."""

    desks: Mapping[str, Desk] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    rates: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user has set, before any flag.

    `models_dir` is where the user keeps model files of their own (SUMMARIZER_MODELS_DIR), `cache_dir` where fetched
    ones go. `offline` forbids every fetch. `time_limit` is seconds an article.
    `language` is the ISO 639 code of the briefs'; None: of each article's own. `keep_briefs`: whether a single brief is
    kept in the usual store, too. `digest` is for `make_digest`.
    """

    model: str
    base_url: str | None
    kind: str
    time_limit: float
    models_dir: Path | None
    cache_dir: Path
    offline: bool
    language: str | None = None
    keep_briefs: bool = False
    digest: DigestSettings = field(default_factory=DigestSettings)


def load_settings(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Read the environment, then `summarizer.toml` of `folder` (the working folder by default).

    A server that only the file names is not for a local model that the environment names.

    Raises ConfigurationError for a file that is no TOML, a key that is not a setting or a value that cannot be one.
    """
    env = os.environ if environ is None else environ
    stored = stored_settings(folder)
    model, base_url = env.get("SUMMARIZER_MODEL"), env.get("SUMMARIZER_BASE_URL")
    if (model or "").strip().partition("/")[0] != "local":
        base_url = base_url or stored.get("base_url")
    return Settings(
        model=model or stored.get("model", "local"),
        base_url=base_url or None,
        kind=stored.get("kind", "news"),
        time_limit=float(stored.get("time_limit", DEFAULT_TIME_LIMIT)),
        models_dir=_folder(env, "SUMMARIZER_MODELS_DIR"),
        cache_dir=_folder(env, "SUMMARIZER_CACHE_DIR") or _usual_cache_dir(),
        offline=env.get("SUMMARIZER_OFFLINE", "").strip().lower() not in ("", "0", "false", "no"),
        language=language_code(env.get("SUMMARIZER_LANGUAGE") or stored.get("language")),
        keep_briefs=stored.get("keep_briefs", False),
        digest=_digest(stored.get("digest", {})),
    )


def store_path(named: str | None = None, environ: Mapping[str, str] | None = None) -> Path:
    """The file of the store: that which is named, else of SUMMARIZER_STORE, else in the user's data folder.

    Raises ConfigurationError where nobody has the home that the variable names.
    """
    env = os.environ if environ is None else environ
    set_by_user = Path(named) if named else _folder(env, "SUMMARIZER_STORE")
    if set_by_user is not None:
        return set_by_user
    import platformdirs  # noqa: PLC0415 - `--help` needs no folder

    return platformdirs.user_data_path("summarizer", appauthor=False) / "store.db"


def language_code(name: str | None) -> str | None:
    """The ISO 639 code in "de" or "de-AT". Raises ConfigurationError for anything else."""
    if name is None:
        return None
    code = name.strip().replace("_", "-").partition("-")[0].lower()
    if not (2 <= len(code) <= 3 and code.isascii() and code.isalpha()):
        raise ConfigurationError(f"'{name[:40]}' is no language code", "give one such as en, de or uk")
    return code


def stored_settings(folder: Path | None = None) -> dict[str, Any]:
    """What `summarizer.toml` of `folder` (the working folder by default) says. Raises ConfigurationError."""
    try:
        values = tomllib.loads(((folder or Path.cwd()) / FILE).read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        if error.filename is None:  # os.getcwd() names none
            raise ConfigurationError("the working folder is not there any more", "go to another (cd)") from error
        return {}
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{FILE}: {error}", "mend the file or remove it") from error
    for key, value in values.items():
        if key not in KEYS:
            raise ConfigurationError(f"{FILE}: no setting is named '{key}'", f"known are {', '.join(KEYS)}")
        if not isinstance(value, KEYS[key]) or (isinstance(value, bool) and bool not in KEYS[key]):
            raise ConfigurationError(f"{FILE}: '{key}' is not of the right type", "see README, Settings")
    if not SHORTEST_TIME_LIMIT <= values.get("time_limit", DEFAULT_TIME_LIMIT) <= LONGEST_TIME_LIMIT:
        raise ConfigurationError(
            f"{FILE}: 'time_limit' cannot be {values['time_limit']}",
            f"give seconds from {SHORTEST_TIME_LIMIT} to {LONGEST_TIME_LIMIT}",
        )
    _digest(values.get("digest", {}))
    return values


def desks_of(table: Mapping[str, Any], where: str = "desks") -> dict[str, Desk]:
    """The desks of a table, in its order: for each name a `Desk`, or a table of its fields.

    Raises ConfigurationError for anything else, which it names by the path that begins with `where`.
    """
    return {name: each if isinstance(each, Desk) else _desk(each, f"{where}.{name}") for name, each in table.items()}


def _desk(table: Any, where: str) -> Desk:
    known = [each.name for each in fields(Desk)]
    if not isinstance(table, Mapping):
        raise ConfigurationError(f"{where} is no table", f"give one with {', '.join(known)}")
    for key, value in table.items():
        if key not in known:
            raise ConfigurationError(f"{where}.{key} is no rule of a desk", f"known are {', '.join(known)}")
        is_list = isinstance(value, (list, tuple)) and all(isinstance(each, str) and each.strip(" *") for each in value)
        if not is_list:
            raise ConfigurationError(f"{where}.{key} is no list of words", f'give such as {key} = ["one", "another"]')
        if key == "kinds" and not set(value) <= set(ACTOR_KINDS):
            raise ConfigurationError(f"{where}.kinds has a kind that there is none of", f"use {', '.join(ACTOR_KINDS)}")
    if not any(table.values()):
        raise ConfigurationError(f"{where} has no rule", f"give one of {', '.join(known)}")
    return Desk(**{key: tuple(value) for key, value in table.items()})


def _digest(table: Mapping[str, Any]) -> DigestSettings:
    known = [each.name for each in fields(DigestSettings)]
    for key, value in table.items():
        if key not in known:
            raise ConfigurationError(f"{FILE}: no setting is named 'digest.{key}'", f"known are {', '.join(known)}")
        if not isinstance(value, dict):
            raise ConfigurationError(
                f"{FILE}: digest.{key} is no table", f"write [digest.{key}] and what it holds below"
            )
    return DigestSettings(
        desks=desks_of(table.get("desks", {}), f"{FILE}: digest.desks"),
        weights=_numbers(table.get("weights", {}), "weights", "a number"),
        rates=_numbers(table.get("rates", {}), "rates", "what one unit is worth, above 0"),
    )


def _numbers(table: Mapping[str, Any], name: str, expected: str) -> dict[str, float]:
    for key, value in table.items():
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        if not is_number or (name == "rates" and value <= 0):
            raise ConfigurationError(f"{FILE}: digest.{name}.{key} cannot be {value!r}", f"give {expected}")
    return dict(table)


def _folder(env: Mapping[str, str], variable: str) -> Path | None:
    try:
        return Path(env[variable]).expanduser() if env.get(variable) else None
    except RuntimeError as error:  # "~name" of a user who is not known
        raise ConfigurationError(f"{variable} is '{env[variable]}': nobody has that home", "write it out") from error


def _usual_cache_dir() -> Path:
    import platformdirs  # noqa: PLC0415 - `--help` needs no folder

    return Path(platformdirs.user_cache_dir("summarizer", appauthor=False))
