"""The articles of our own in `own.toml`, scored; `floors.toml` holds what none of the figures may fall below.

`python -m benchmarks.own` prints the figures beside their floors, with `--raise` it lifts the floors that have risen.
"""

import math
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from summarizer import Article, check_claim

from .altered import article_of, cases, check, is_against, score
from .scorers import Figures, Row, mutations, quotation_scores, share

FLOORS = Path(__file__).with_name("floors.toml")


def own_rows() -> list[dict[str, Any]]:
    """The articles, their quotations labelled with offsets as `scorers.matched` takes them."""
    rows = tomllib.loads(Path(__file__).with_name("own.toml").read_text(encoding="utf-8"))["article"]
    return [{**row, "quotes": [_located(row["text"], label) for label in row["quotes"]]} for row in rows]


def own_floors() -> dict[str, dict[str, float]]:
    """The floors of each group of figures."""
    floors: dict[str, dict[str, float]] = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    return floors


def _located(text: str, label: Row) -> dict[str, Any]:
    """A label with its offsets; the speaker is the mention nearest to the quotation."""
    start = text.index(label["quote"])
    end = start + len(label["quote"])
    speaker = label["speaker"]
    places = [found.start() for found in re.finditer(rf"\b{re.escape(speaker)}\b", text)]
    if not places:
        raise ValueError(f"“{speaker}” is not in the article")
    at = min(places, key=lambda at: max(at - end, start - at - len(speaker), 0))
    return {**label, "start": start, "end": end, "speaker_start": at, "speaker_end": at + len(speaker)}


def own_scores(rows: Sequence[Row]) -> dict[str, Figures]:
    """The shares rightly judged: quotes, quotations and their speakers, true sentences and false ones by kind.

    `sentences` are those of `own.toml`; `altered` are made of the articles' own by program, with these as evidence.
    """
    texts = {row["id"]: row["text"] for row in rows}
    quotes = mutations(texts, list(_quote_cases(rows)))
    spoken = quotation_scores(rows)["kinds"]
    made = score(list(check(cases(rows))))["kinds"]
    return {
        "quotes": {"located": quotes["located"], "refused": quotes["refused"]},
        "recall": {kind: of["recall"] for kind, of in spoken.items()},
        "speaker": {kind: of["speaker"] for kind, of in spoken.items()},
        "altered": {
            kind: 1 - of["with_evidence"] if kind in ("true", "reworded") else of["with_evidence"]
            for kind, of in made.items()
        },
        "sentences": {
            "true": _share_right(rows, None),
            **{kind: _share_right(rows, kind) for kind in rows[0]["false"]},
        },
    }


def _quote_cases(rows: Sequence[Row]) -> Iterator[Row]:
    for row in rows:
        for name, accept in (("located", True), ("refused", False)):
            yield from ({"id": row["id"], "kind": name, "quote": quote, "accept": accept} for quote in row[name])


def judged(rows: Sequence[Row], kind: str | None) -> Iterator[tuple[Article, str, bool]]:
    """The false sentences of a kind, or the true ones for None, and whether the checks are against them."""
    for row in rows:
        article = article_of(row)
        for sentence in row["true"] if kind is None else row["false"][kind]:
            yield article, sentence, is_against(check_claim(article, sentence))


def _share_right(rows: Sequence[Row], kind: str | None) -> float:
    verdicts = [against is (kind is not None) for _, _, against in judged(rows, kind)]
    return share(sum(verdicts), len(verdicts))


def lifted(floors: str, scores: dict[str, Figures]) -> str:
    """The text of `floors.toml` with each floor that a figure has left below it raised to it; none is lowered."""
    group, lines = "", []
    for line in floors.splitlines():
        if heading := re.fullmatch(r"\[(.+)\]", line):
            group = heading[1]
        entry = re.fullmatch(r'("?)([^"=]+)\1 = ([\d.]+)', line)
        reached = math.floor(scores[group][entry[2]] * 1000) / 1000 if entry else 0
        lines.append(f"{entry[1]}{entry[2]}{entry[1]} = {max(reached, float(entry[3])):.3f}" if entry else line)
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Print the figures and their floors; with --raise, write the floors that have risen."""
    if set(arguments) - {"--raise"}:
        print("usage: python -m benchmarks.own [--raise]", file=sys.stderr)
        return 2
    scores, floors = own_scores(own_rows()), own_floors()
    print("| figure | now | floor |\n| --- | --- | --- |")
    for group, figures in floors.items():
        for name, floor in figures.items():
            print(f"| {group}: {name} | {scores[group][name]:.3f} | {floor:.3f} |")
    if arguments:
        FLOORS.write_text(lifted(FLOORS.read_text(encoding="utf-8"), scores), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
