"""Measure the grounding on a folder of labelled data: `python -m benchmarks.grounding DATA`; `--help` tells the rest.

The figures go to standard output as Markdown tables, everything else to standard error.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from . import altered, scorers
from .scorers import Figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the figures. Returns 0, or 2 if there was nothing to measure."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.show is not None and options.show not in altered.ways():
        parser.error(f"--show takes one of {', '.join(altered.ways())}")
    if options.show:
        return _show(options)
    parts = dict(PARTS)
    parts["alterations"] = PARTS["alterations"]._replace(measure=lambda rows: _alterations(rows, options.seed))
    figures: Figures = {}
    for name, part in parts.items():
        if options.only in (None, name):
            try:
                rows = read_rows(_path(options, name), part.fields)
            except Unusable as error:
                _tell(f"{name}: skipped, {error}")
                _say(f"### {name.capitalize()}\n\nskipped: no data\n\n")
                continue
            _tell(f"{name}: {len(rows)} rows of {_path(options, name).name}")
            began = time.process_time()
            figures[name] = part.measure(rows)
            _tell(f"{name}: {time.process_time() - began:.1f} s of process time")
            _say(f"### {name.capitalize()}\n\n{part.table(figures[name])}\n\n")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if figures else 2


class Unusable(Exception):
    """A file of data that is not there or not as a part needs it."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grounding", description="Measure the grounding.")
    parser.add_argument("data", type=Path, help="the folder of the labelled data")
    parser.add_argument("--only", choices=list(PARTS), help="measure only this")
    parser.add_argument("--articles", metavar="FILE", help="make the alterations of another JSONL file of the folder")
    parser.add_argument("--seed", type=int, default=altered.SEED, help="alter other sentences in other ways")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep all figures here")
    parser.add_argument(
        "--show",
        metavar="KIND",
        help="print the sentences wrongly judged: of a kind or way of alteration, true, reworded",
    )
    return parser


def _path(options: argparse.Namespace, name: str) -> Path:
    folder: Path = options.data
    return folder / (options.articles if name == "alterations" and options.articles else PARTS[name].file)


def read_rows(path: Path, fields: Sequence[str]) -> list[Any]:
    """The rows of a file: one a line, or the whole of a `.json` as the only one. Each has the fields."""
    try:
        text = path.read_text(encoding="utf-8")
        # Not splitlines: a text may hold line separators of its own.
        parts = [text] if path.suffix == ".json" else text.split("\n")
        rows = [json.loads(part) for part in parts if part.strip()]
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Unusable(f"{path} is not JSON in UTF-8: {error}") from error
    for number, row in enumerate(rows, start=1):
        missing = [field for field in fields if not isinstance(row, dict) or field not in row]
        if missing:
            raise Unusable(f"{path}: row {number} has no “{missing[0]}”")
    return rows


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


# Tables


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _mutations(rows: list[Any]) -> Figures:
    (data,) = rows
    return scorers.mutations(data["texts"], data["cases"])


def _mutations_table(figures: Figures) -> str:
    return _table(
        ("quotes", "number", "rightly judged"),
        [
            ("true, located", figures["true"], figures["located"]),
            ("altered, refused", figures["altered"], figures["refused"]),
            ("ms a case, prepared text kept", "", figures["ms_kept"]),
            ("ms a case, nothing kept", "", figures["ms_not_kept"]),
        ],
    )


def _quotations_table(figures: Figures) -> str:
    kinds = _table(
        ("quotations", "labelled", "recall", "right speaker"),
        [(kind, of["labelled"], of["recall"], of["speaker"]) for kind, of in figures["kinds"].items()],
    )
    tables = [kinds, f"{figures['mb_a_second']:.2f} MB of text a second of process time."]
    if figures["patterns"]:
        counts = ("attributed", "matched", "right")
        rows = [(name, *(of.get(count, 0) for count in counts)) for name, of in figures["patterns"].items()]
        tables.append(_table(("pattern", "attributes", "of them labelled", "right speaker"), rows))
    return "\n\n".join(tables)


def _faithfulness_table(figures: Figures) -> str:
    names = ("sentences", "unfaithful", "precision", "recall", "balanced_accuracy")
    rows = [(name, of.get("right", 0), of.get("wrong", 0)) for name, of in figures["by_gate"].items()]
    return "\n\n".join(
        [
            _table([name.replace("_", " ") for name in names], [[figures[name] for name in names]]),
            _table(
                ("gate", "rightly against", "wrongly against"), [*rows, ("any", figures["right"], figures["wrong"])]
            ),
        ]
    )


def _alterations(rows: list[Any], seed: int = altered.SEED) -> Figures:
    return altered.score(list(altered.check(altered.cases(rows, seed))))


def _alterations_table(figures: Figures) -> str:
    return _table(
        ("sentences", "number", "against, no evidence", "against, with the true sentence"),
        [(kind, of["cases"], of["alone"], of["with_evidence"]) for kind, of in figures["kinds"].items()],
    )


class Part(NamedTuple):
    """One part of the figures: its file and the fields of a row, how it is measured, how that is shown."""

    file: str
    fields: tuple[str, ...]
    measure: Callable[[list[Any]], Figures]
    table: Callable[[Figures], str]


PARTS: Mapping[str, Part] = {
    "quotes": Part("mutations_dev.json", ("texts", "cases"), _mutations, _mutations_table),
    "quotations": Part("quotes_polnear_dev.jsonl", ("text", "quotes"), scorers.quotation_scores, _quotations_table),
    "faithfulness": Part(
        "faithfulness_dev.jsonl", ("text", "summary_sentences"), scorers.faithfulness, _faithfulness_table
    ),
    "alterations": Part("articles_open_en.jsonl", ("text",), _alterations, _alterations_table),
}


def _show(options: argparse.Namespace) -> int:
    try:
        rows = read_rows(_path(options, "alterations"), PARTS["alterations"].fields)
    except Unusable as error:
        _tell(f"alterations: {error}")
        return 2
    wanted = [case for case in altered.cases(rows, options.seed) if altered.is_asked_for(case, options.show)]
    for outcome in altered.failures(altered.check(wanted), options.show):
        case = outcome.case
        lines = [f"{case.kind} ({case.how})", f"  article  {' '.join(case.origin.text.split())}"]
        if case.how != altered.VERBATIM:
            lines.append(f"  checked  {case.sentence}")
        for title, findings in (("alone", outcome.alone), ("evidence", outcome.with_evidence)):
            lines += [f"  {title:8} {f.verdict} · {f.gate} · {f.text!r}: {f.reason}" for f in findings]
            if not altered.is_against(findings):
                lines.append(f"  {title:8} nothing against it")
        _say("\n".join(lines) + "\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
