"""`summarizer doctor`: what is here, what is missing, and what is in force."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from ..rendering.cleaning import clean

if TYPE_CHECKING:
    from ..settings import Settings

EPILOG = """\b
Example:
  summarizer doctor

One line a matter on standard output, to be read or to be put in a report of a bug: it holds no key and no article.
"""
PACKAGES = ("click", "httpx2", "instructor", "jinja2", "openai", "pydantic", "rich", "sentencex", "xllamacpp")
ENGINE = "xllamacpp"
ENGINE_SECONDS = 60  # it loads in 0.1 s; a disk that is asleep takes longer


@click.command(epilog=EPILOG)
def doctor() -> None:
    """Show what is here, missing and in force.

    Versions, models, keys (their names only), settings and where each is from, room on the disk.
    """
    from .streams import emit

    for name, tell in MATTERS.items():
        try:
            lines = list(tell())
        except Exception as error:  # noqa: BLE001 - one matter that cannot be looked into is what is to be told
            lines = [f"cannot be told: {type(error).__name__}: {error}"]
        for line in lines:
            emit(f"{name:<10}{clean(line).strip()}\n")


def _version() -> Iterator[str]:
    from .. import __version__

    yield f"{__version__} in {Path(__file__).parents[1]}"


def _python() -> Iterator[str]:
    import platform

    yield f"{platform.python_version()} ({platform.python_implementation()}) at {sys.executable}"


def _platform() -> Iterator[str]:
    import platform

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield f"{platform.platform()}, {cores} cores"


def _packages() -> Iterator[str]:
    from importlib.metadata import PackageNotFoundError, version

    def told(package: str) -> str:
        try:
            return f"{package} {version(package)}"
        except PackageNotFoundError:
            return f"{package} MISSING"

    yield ", ".join(map(told, PACKAGES))


def _engine() -> Iterator[str]:
    # In a process of its own: a native library that does not suit the CPU would end this one. -P: not from here.
    command = [sys.executable, "-P", "-c", f"import {ENGINE}"]
    tried = subprocess.run(command, capture_output=True, text=True, timeout=ENGINE_SECONDS, check=False)  # noqa: S603
    if tried.returncode == 0:
        yield f"{ENGINE} can be imported"
    else:
        said = tried.stderr.strip().splitlines()
        yield f"{ENGINE} CANNOT be imported: {said[-1] if said else f'it ended with code {tried.returncode}'}"


def _models() -> Iterator[str]:
    from ..llm.local.registry import find_model, local_models
    from ..llm.local.store import ModelStore

    settings = _settings()
    store = ModelStore(settings.cache_dir, settings.models_dir, settings.offline)
    for model in local_models():
        status = store.status(model)
        default = " (default)" if model == find_model("local") else ""
        yield f"{model.name}{default}: {status.state}{f' at {status.path}' if status.path else ''}"


def _keys() -> Iterator[str]:
    from ..llm.endpoints import PROVIDERS, SERVER_KEY

    names = [row.key_variable for row in PROVIDERS.values() if row.key_variable] + [SERVER_KEY]
    yield ", ".join(f"{name} {'set' if os.environ.get(name, '').strip() else 'not set'}" for name in names)


def _in_force() -> Iterator[str]:
    from ..settings import FILE, stored_settings

    settings, stored = _settings(), stored_settings()

    def origin(key: str, variable: str = "") -> str:
        if variable and os.environ.get(variable):
            return variable
        return FILE if key in stored else "default"

    yield f"model {settings.model} ({origin('model', 'SUMMARIZER_MODEL')})"
    yield f"base_url {_without_secrets(settings.base_url)} ({origin('base_url', 'SUMMARIZER_BASE_URL')})"
    yield f"kind {settings.kind} ({origin('kind')})"
    yield f"time_limit {settings.time_limit:g} s ({origin('time_limit')})"
    yield f"models_dir {settings.models_dir or 'none'} ({origin('', 'SUMMARIZER_MODELS_DIR')})"
    yield f"cache_dir {settings.cache_dir} ({origin('', 'SUMMARIZER_CACHE_DIR')})"


def _offline() -> Iterator[str]:
    yield "yes: nothing is fetched" if _settings().offline else "no"


def _disk() -> Iterator[str]:
    folder = _settings().cache_dir.absolute()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    yield f"{shutil.disk_usage(there).free / 1e9:,.1f} GB free for {folder}"


MATTERS: dict[str, Callable[[], Iterator[str]]] = {
    "version": _version,
    "python": _python,
    "platform": _platform,
    "packages": _packages,
    "engine": _engine,
    "model": _models,
    "keys": _keys,
    "setting": _in_force,
    "offline": _offline,
    "disk": _disk,
}


def _settings() -> "Settings":
    from ..settings import load_settings

    return load_settings()


def _without_secrets(url: str | None) -> str:
    """An address as far as it is safe to show: it may hold a password or a key."""
    if url is None:
        return "none"
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
