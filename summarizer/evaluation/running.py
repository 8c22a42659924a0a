"""The briefs of labelled articles: made, or kept from an earlier run of the same.

folder/briefs/<id>.json   one brief each, written as soon as it is made
folder/failures.json      what the last run could not brief, and why
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from .. import prompting
from ..briefing import Summarizer
from ..drafting import fingerprint
from ..errors import (
    ConfigurationError,
    InputError,
    KeyRefused,
    ModelFileCorrupt,
    ModelNotFetched,
    QuotaExhausted,
    SummarizerError,
)
from ..files import write_whole
from ..rendering.structured import write_json
from ..schemas.brief import Brief
from ..schemas.kinds import load_kind
from ..settings import load_settings
from ..watcher import Watcher
from .gold import Gold

BRIEFS, FAILURES = "briefs", "failures.json"
# What is wrong with every article if it is with one: the run ends, and what is made stays.
HOPELESS = (ConfigurationError, KeyRefused, QuotaExhausted, ModelNotFetched, ModelFileCorrupt)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one labelled article: a brief, `kept` if an earlier run had made it, or the error's text."""

    gold: Gold
    brief: Brief | None = None
    error: str | None = None
    kept: bool = False


class MadeWith(BaseModel):
    """The model of a brief, and the fingerprints of the prompt and of the schema of its draft, as its audit has them.

    The checks are not among them: a brief that was made before they changed counts as made with the same.
    """

    model_config = ConfigDict(frozen=True)

    model: str
    prompt: str
    draft_schema: str

    @classmethod
    def of(cls, brief: Brief) -> "MadeWith":
        """What a brief says of itself."""
        return cls(model=brief.audit.model, prompt=brief.audit.prompt, draft_schema=brief.audit.draft_schema)

    @classmethod
    def now(cls, model: str) -> "MadeWith":
        """What a brief that this model makes now would say."""
        kind = load_kind(load_settings().kind)
        return cls(model=model, prompt=prompting.fingerprint(kind.name), draft_schema=fingerprint(kind.draft))

    def others(self, other: "MadeWith") -> list[str]:
        """What the two differ in."""
        names = {"model": "model", "prompt": "prompt", "draft_schema": "schema"}
        return [word for name, word in names.items() if getattr(self, name) != getattr(other, name)]


def folder_of_briefs(folder: Path) -> Path:
    """Where a run's folder has its briefs; a folder that holds briefs and no run is that place itself."""
    return folder / BRIEFS if (folder / BRIEFS).is_dir() else folder


def kept_briefs(golds: Sequence[Gold], briefs: Path, made_with: MadeWith | None = None) -> dict[str, Brief]:
    """The briefs of these articles that are in a folder, by the articles' ids.

    Raises InputError for a file that is no brief, or the brief of another text; if `made_with` is given, also for one
    of another model, prompt or schema: what another run has made is not written over.
    """
    found: dict[str, Brief] = {}
    for gold in golds:
        brief = _read(briefs / gold.file_name, gold)
        if brief is not None:
            found[gold.id] = brief
    if made_with is not None:
        differing = Counter(" and ".join(made_with.others(MadeWith.of(brief))) for brief in found.values())
        del differing[""]
        if differing:
            what, number = differing.most_common(1)[0]
            raise InputError(
                f"'{briefs}' holds {number} of these articles' briefs made with another {what}",
                "name another folder (--out), make them anew (--remake), or score them as they are (--briefs)",
            )
    return found


def make_briefs(
    golds: Sequence[Gold],
    summarizer: Summarizer,
    folder: Path,
    *,
    kept: Mapping[str, Brief] | None = None,
    watcher: Watcher | None = None,
) -> Iterator[Outcome]:
    """Brief one article after the other into `folder`; an article of which a brief is there is not briefed again.

    `kept` are the briefs that are there, as `kept_briefs` gives them, which it looks for itself if left out. An article
    that fails is an outcome with its error. Raises InputError for a folder that holds another run's briefs or cannot
    be written, ConfigurationError or ModelUnavailable for what no article could be briefed with.
    """
    if kept is None:
        kept = kept_briefs(golds, folder / BRIEFS, MadeWith.now(summarizer.model))
    try:
        (folder / BRIEFS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"'{folder}' cannot hold a run: {error.strerror}", "name another folder (--out)") from error
    failures: list[dict[str, str]] = []
    write_in_run(folder / FAILURES, _failures(failures))
    for gold in golds:
        brief = kept.get(gold.id)
        if brief is not None:
            yield Outcome(gold, brief, kept=True)
            continue
        try:
            brief = summarizer.brief(gold.article, watcher)
        except HOPELESS:
            raise
        except SummarizerError as error:
            failures.append({"id": gold.id, "reason": str(error)})
            write_in_run(folder / FAILURES, _failures(failures))
            yield Outcome(gold, error=str(error))
            continue
        write_in_run(folder / BRIEFS / gold.file_name, write_json(brief))
        yield Outcome(gold, brief)


def write_in_run(path: Path, text: str) -> None:
    """Write a file of a run, whole or not at all. Raises InputError where that cannot be done."""
    try:
        write_whole(path, text)
    except OSError as error:
        raise InputError(f"'{path}' cannot be written: {error.strerror}", "name another folder (--out)") from error


def _read(path: Path, gold: Gold) -> Brief | None:
    """The brief in a file; None if there is no such file."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise InputError(f"'{path}' cannot be read: {reason}", "remove it, or name another folder") from error
    try:
        brief = Brief.model_validate(json.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"'{path}' is no brief: {place}: {first['msg']}", "remove it, or name another") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"'{path}' is no brief: {error}", "remove it, or name another folder") from error
    if brief.article.text != gold.text:
        raise InputError(f"'{path}' is the brief of another text", "give its own labels (--gold) or another folder")
    return brief


def _failures(failures: Sequence[Mapping[str, str]]) -> str:
    return json.dumps(failures, indent=2) + "\n"
