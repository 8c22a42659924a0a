"""`summarizer schema`: the shape of the data, for other programs."""

import json

import click

EPILOG = """\b
Examples:
  summarizer schema > brief.schema.json     what `brief -f json` prints
  summarizer schema check                   what `check -f json` prints
  summarizer schema eval                    what `eval -f json` prints
  summarizer schema digest                  a digest of many briefs, as JSON
  summarizer schema draft                   what a model is asked to fill in

The JSON Schema goes to standard output.
"""


@click.command(epilog=EPILOG)
@click.argument("which", type=click.Choice(["brief", "check", "digest", "eval", "draft"]), default="brief")
def schema(which: str) -> None:
    """Print the JSON Schema of the data.

    Of the brief (the default), of the report of a check or of an evaluation, of a digest, or of the draft that a model
    fills in.
    """
    from ..schemas.brief import Brief
    from ..schemas.check import CheckReport
    from ..schemas.digest import Digest
    from ..schemas.kinds import load_kind
    from ..settings import load_settings
    from .output import Target

    if which == "brief":
        shape = Brief.model_json_schema(mode="serialization")
    elif which == "check":
        shape = CheckReport.model_json_schema(mode="serialization")
    elif which == "digest":
        shape = Digest.model_json_schema(mode="serialization")
    elif which == "eval":
        from ..evaluation import Report

        shape = Report.model_json_schema(mode="serialization")
    else:
        shape = load_kind(load_settings().kind).draft.model_json_schema()
    Target("json", None).write(json.dumps(shape, indent=2, ensure_ascii=False) + "\n")
