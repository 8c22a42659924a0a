"""Measure how prompt injections are marked: `python -m benchmarks.injections FILE`; `--help` tells the rest.

FILE is JSONL; a row has `text`, `label` ("malicious" or "benign"), `category` and `source`. Each text stands as a
paragraph of its own in the middle of an article, as an attacker would plant it. The figures go to standard output as
Markdown tables.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from summarizer.articles.injections import find_injections

SEED = Path(__file__).parent.parent / "seeds" / "short-no-deal.txt"
_FIELDS = ("text", "label", "category", "source")


class Planted(NamedTuple):
    """A row of the data, whether anything of its text was marked, and whether all its letters and digits were."""

    row: dict[str, str]
    marked: bool
    whole: bool


class Split(NamedTuple):
    """Counts of rows: all, those of which anything was marked, and those that were marked as a whole."""

    rows: int
    marked: int
    whole: int

    @classmethod
    def of(cls, planted: Sequence[Planted]) -> "Split":
        """The counts of some rows."""
        return cls(len(planted), sum(each.marked for each in planted), sum(each.whole for each in planted))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the figures. Returns 0, or 2 if there was nothing to measure."""
    options = _parser().parse_args(arguments)
    rows = read_rows(options.data)[slice(*options.rows)]
    if not rows:
        sys.stderr.write(f"{options.data} has no such rows with {', '.join(_FIELDS)}\n")
        return 2
    planted = [plant(row, options.article.read_text(encoding="utf-8")) for row in rows]
    sys.stdout.write(tables(planted))
    if options.show:
        sys.stdout.write("".join(_shown(planted)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.injections", description="Measure the injections.")
    parser.add_argument("data", type=Path, metavar="FILE", help="the labelled texts, JSONL")
    parser.add_argument("--article", type=Path, default=SEED, help="the article that each is planted in")
    parser.add_argument("--rows", type=_range, default=(None, None), metavar="FROM:TO", help="only these rows")
    parser.add_argument("--show", action="store_true", help="print the rows wrongly judged")
    return parser


def _range(words: str) -> tuple[int | None, int | None]:
    start, _, end = words.partition(":")
    return int(start) if start else None, int(end) if end else None


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a file that have all the fields."""
    # Not splitlines: a text may hold line separators of its own.
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    return [row for row in rows if all(isinstance(row.get(name), str) for name in _FIELDS)]


def plant(row: dict[str, str], article: str) -> Planted:
    """Whether a row's text is marked in the middle of the article.

    Raises ValueError if anything of the article itself is marked.
    """
    paragraphs = article.strip().split("\n\n")
    middle = len(paragraphs) // 2
    before = "\n\n".join(paragraphs[:middle]) + "\n\n"
    start, end = len(before), len(before) + len(row["text"])
    text = "\n\n".join([before + row["text"], *paragraphs[middle:]])
    marked: set[int] = set()
    for found in find_injections(text):
        if found.end <= start or end <= found.start:
            raise ValueError(f"marked in the article itself: {found.text!r}")
        marked.update(range(found.start, found.end))
    whole = all(place in marked for place in range(start, end) if text[place].isalnum())
    return Planted(row, bool(marked), bool(marked) and whole)


def tables(planted: Sequence[Planted]) -> str:
    """The figures: all injections, those of each source and category, and the harmless texts."""
    attacks = [each for each in planted if each.row["label"] == "malicious"]
    harmless = [each for each in planted if each.row["label"] == "benign"]
    groups = [("all injections", attacks)]
    for field in ("source", "category"):
        names = sorted({each.row[field] for each in attacks})
        groups += [(f"{field} {name}", [each for each in attacks if each.row[field] == name]) for name in names]
    lines = ["| texts | rows | marked | share | whole |\n|---|---|---|---|---|\n"]
    lines += [_line(name, Split.of(group)) for name, group in [*groups, ("harmless", harmless)] if group]
    return "".join(lines)


def _line(name: str, split: Split) -> str:
    return f"| {name} | {split.rows} | {split.marked} | {split.marked / split.rows:.3f} | {split.whole} |\n"


def _shown(planted: Iterable[Planted]) -> Iterable[str]:
    for each in planted:
        if each.marked != (each.row["label"] == "malicious"):
            yield f"{each.row['label']} {each.row['category']}: {each.row['text']!r}\n"


if __name__ == "__main__":
    sys.exit(main())
