"""Settings: what a flag, an environment variable or `summarizer.toml` says, in that order."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import ConfigurationError

FILE = "summarizer.toml"
KEYS: dict[str, tuple[type, ...]] = {"model": (str,), "base_url": (str,), "kind": (str,), "time_limit": (int, float)}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user has set, before any flag.

    `models_dir` is where the user keeps model files of their own (SUMMARIZER_MODELS_DIR), `cache_dir` where fetched
    ones go. `offline` forbids every fetch. `time_limit` is seconds an article.
    """

    model: str
    base_url: str | None
    kind: str
    time_limit: float
    models_dir: Path | None
    cache_dir: Path
    offline: bool


def load_settings(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Read the environment, then `summarizer.toml` of `folder` (the working folder by default).

    Raises ConfigurationError for a file that is no TOML or holds a key that is not a setting.
    """
    env = os.environ if environ is None else environ
    stored = _stored((folder or Path.cwd()) / FILE)
    return Settings(
        model=env.get("SUMMARIZER_MODEL") or stored.get("model", "local"),
        base_url=env.get("SUMMARIZER_BASE_URL") or stored.get("base_url"),
        kind=stored.get("kind", "news"),
        time_limit=float(stored.get("time_limit", 900)),
        models_dir=Path(env["SUMMARIZER_MODELS_DIR"]).expanduser() if env.get("SUMMARIZER_MODELS_DIR") else None,
        cache_dir=_cache_dir(env),
        offline=env.get("SUMMARIZER_OFFLINE", "").strip().lower() not in ("", "0", "false", "no"),
    )


def _cache_dir(env: Mapping[str, str]) -> Path:
    if env.get("SUMMARIZER_CACHE_DIR"):
        return Path(env["SUMMARIZER_CACHE_DIR"]).expanduser()
    import platformdirs  # noqa: PLC0415 - `--help` needs no folder

    return Path(platformdirs.user_cache_dir("summarizer", appauthor=False))


def _stored(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path.name}: {error}", "mend the file or remove it") from error
    for key, value in values.items():
        if key not in KEYS:
            raise ConfigurationError(f"{path.name}: no setting is named '{key}'", f"known are {', '.join(KEYS)}")
        if not isinstance(value, KEYS[key]) or isinstance(value, bool):
            raise ConfigurationError(f"{path.name}: '{key}' is not of the right type", "see README, Settings")
    return values
