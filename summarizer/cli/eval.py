"""`summarizer eval`: how good the briefs of a model are, on articles that somebody has labelled."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..rendering.cleaning import clean
from .options import model_options, result_options
from .streams import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..briefing import Summarizer
    from ..evaluation import Evaluation, Gold, Outcome
    from ..rendering import Format
    from ..schemas.brief import Brief
    from ..watcher import Watcher
    from .watching import Watch

EPILOG = """\b
Examples:
  summarizer eval --gold labelled.jsonl                        brief and score every article with the local model
  summarizer eval --gold labelled.jsonl --model openai/gpt-5-mini --out runs/mini
  summarizer eval --gold labelled.jsonl --out runs/new --against runs/old
  summarizer eval --gold labelled.jsonl --briefs runs/old      score what is there, no model

Every brief is kept in the folder of --out, with failures.json, report.md and report.json. The same command goes on
where it was interrupted and makes no brief twice; briefs of another model, prompt or schema are never written over
without --remake. Exit codes: 0 done, 1 an article has no brief, 2 bad use or unreadable input, 3 model or network
unavailable, 130 interrupted.

The form of the labels and what each figure means: docs/evaluation.md.
"""
FAILED = 1  # the exit code where an article has no brief
REPORTS: "tuple[tuple[str, Format], ...]" = (("report.md", "md"), ("report.json", "json"))


@click.command("eval", epilog=EPILOG)
@click.option("--gold", metavar="PATH", required=True, help="The labelled articles, one JSON object a line.")
@model_options("The model to be measured")
@click.option("--out", metavar="DIR", help="The folder of the run.  [default: eval-MODEL]")
@click.option("--against", metavar="DIR", help="An earlier run's folder, to be set beside this one.")
@click.option("--briefs", metavar="DIR", help="Only score the briefs of that folder; no model is started.")
@click.option("--remake", is_flag=True, help="Make every brief anew, over those that are there.")
@click.option("--only", metavar="ID", multiple=True, help="Only this article; may be given several times.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="Only the first N articles.")
@result_options("eval/1")
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
@click.pass_context
def eval(
    context: click.Context,
    gold: str,
    model: str | None,
    base_url: str | None,
    out: str | None,
    against: str | None,
    briefs: str | None,
    remake: bool,
    only: tuple[str, ...],
    limit: int | None,
    form: "Format",
    output: str | None,
    quiet: bool,
) -> int:
    """Measure the briefs of a model on labelled articles.

    Briefs each article of the labels, scores the briefs, and tells what they got wrong. With --briefs it scores only.
    """
    from .output import Target

    named = context.get_parameter_source("model") is click.core.ParameterSource.COMMANDLINE
    if briefs and (named or base_url or remake):
        raise click.UsageError("--briefs scores what is there: leave out --model, --base-url and --remake", context)
    target = Target.of(output, form, gold)  # refused before hours are spent, not after

    from ..evaluation import Report, compare, document_of_report, read_gold, render_report

    golds = _chosen(read_gold(Path(gold)), only, limit, context)
    before = _found(golds, Path(against)) if against else None  # before a --remake in the same folder
    if briefs:
        outcomes, measured = _found(golds, Path(briefs)), None
        folder = _folder_of_report(Path(briefs), out)
    else:
        outcomes, measured, folder = _made(golds, model, base_url, out, remake, quiet)
    report = Report(
        run=_evaluation(outcomes, gold, briefs or str(folder), measured),
        against=_evaluation(before, gold, str(against)) if before is not None else None,
        changes=compare(_by_id(before), _by_id(outcomes)) if before is not None else (),
    )
    if folder is not None:
        _keep({name: render_report(report, kind) for name, kind in REPORTS}, folder)
        if not quiet:
            say(clean(f"the report is in '{folder}'"))
    target.write(render_report(report, form), document_of_report(report))
    return FAILED if any(each.error for each in report.run.articles) else 0


def _chosen(
    golds: "Sequence[Gold]", only: tuple[str, ...], limit: int | None, context: click.Context
) -> "Sequence[Gold]":
    unknown = sorted(set(only) - {gold.id for gold in golds})
    if unknown:
        raise click.UsageError(f"no labelled article has the id '{unknown[0]}' (--only)", context)
    return [gold for gold in golds if not only or gold.id in only][:limit]


def _found(golds: "Sequence[Gold]", folder: Path) -> "list[Outcome]":
    """The briefs of a run's folder, or of a folder that holds briefs and nothing else."""
    from ..errors import InputError
    from ..evaluation import Outcome, kept_briefs
    from ..evaluation.running import folder_of_briefs

    kept = kept_briefs(golds, folder_of_briefs(folder))
    if not kept:
        raise InputError(f"'{folder}' holds no brief of these articles", "name the folder of a run")
    return [
        Outcome(gold, kept[gold.id], kept=True) if gold.id in kept else Outcome(gold, error="no brief is there")
        for gold in golds
    ]


def _folder_of_report(briefs: Path, out: str | None) -> Path | None:
    """Where the report of scored briefs goes: into their run's folder; never among briefs, unless --out says so."""
    from ..evaluation.running import folder_of_briefs

    if out:
        return Path(out)
    return briefs if folder_of_briefs(briefs) != briefs else None


def _made(
    golds: "Sequence[Gold]", model: str | None, base_url: str | None, out: str | None, remake: bool, quiet: bool
) -> "tuple[list[Outcome], str, Path]":
    from ..briefing import Summarizer
    from ..evaluation import MadeWith, kept_briefs
    from ..evaluation.running import BRIEFS
    from .watching import watching

    with watching(quiet) as watch, Summarizer(model, base_url=base_url, pulling=watch.pulling) as summarizer:
        folder = Path(out or "eval-" + re.sub(r"[^\w.-]+", "-", summarizer.model))
        kept = {} if remake else kept_briefs(golds, folder / BRIEFS, MadeWith.now(summarizer.model))
        if kept and not quiet:
            say(clean(f"{len(kept)} of {len(golds)} briefs are kept from before, in '{folder}'"))
        if len(kept) < len(golds) and summarizer.destination is not None:
            say(f"sending the articles to {summarizer.destination}")
        with watch.shown():
            return _make_rest(golds, summarizer, folder, kept, watch, quiet), summarizer.model, folder


def _make_rest(
    golds: "Sequence[Gold]",
    summarizer: "Summarizer",
    folder: Path,
    kept: "Mapping[str, Brief]",
    watch: "Watch",
    quiet: bool,
) -> "list[Outcome]":
    from ..evaluation import make_briefs

    tell: Callable[[str], None] = watch.live.note if watch.live else say
    outcomes: list[Outcome] = []
    watcher = _Counted(watch.watcher, lambda: f"{len(outcomes) + 1} of {len(golds)}") if watch.watcher else None
    over = False
    try:
        for each in make_briefs(golds, summarizer, folder, kept=kept, watcher=watcher):
            outcomes.append(each)
            if not each.kept and not quiet:
                tell(clean(f"{len(outcomes)} of {len(golds)}: {each.gold.id}: {_told(each)}"))
        over = True
    finally:
        if not over:
            there = sum(each.brief is not None for each in outcomes)
            say(clean(f"{there} of {len(golds)} briefs are in '{folder}'; the same command goes on from there"))
    return outcomes


class _Counted:
    """A watcher that says with each stage which article of how many it is of."""

    def __init__(self, inner: "Watcher", place: "Callable[[], str]") -> None:
        self._inner, self._place = inner, place

    def stage(self, what: str) -> None:
        """Pass it on."""
        self._inner.stage(f"{self._place()}: {what}")

    def wrote(self, pieces: int, section: str | None, done: int, total: int) -> None:
        """Pass it on."""
        self._inner.wrote(pieces, section, done, total)


def _told(outcome: "Outcome") -> str:
    if outcome.brief is None:
        return f"no brief: {outcome.error}"
    audit = outcome.brief.audit
    return f"{audit.seconds:.0f} s, {audit.attempts} call{'' if audit.attempts == 1 else 's'} of the model"


def _evaluation(outcomes: "Sequence[Outcome]", gold: str, folder: str, model: str | None = None) -> "Evaluation":
    """The figures of some briefs; the model, if it is not known, as the briefs name it."""
    from ..evaluation import evaluate, score

    models = sorted({each.brief.audit.model for each in outcomes if each.brief})
    scored = [score(each.gold, each.brief, each.error) for each in outcomes]
    return evaluate(scored, gold=gold, model=model or ", ".join(models), folder=folder)


def _by_id(outcomes: "Sequence[Outcome]") -> "dict[str, Brief]":
    return {each.gold.id: each.brief for each in outcomes if each.brief is not None}


def _keep(texts: "Mapping[str, str]", folder: Path) -> None:
    from ..errors import InputError
    from ..evaluation.running import write_in_run

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"'{folder}' cannot hold a report: {error.strerror}", "name another (--out)") from error
    for name, text in texts.items():
        write_in_run(folder / name, text)
