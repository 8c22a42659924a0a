"""How many contradictions are told in real stories: `python -m benchmarks.contradictions LABELS`.

LABELS is JSON Lines with `title`, `text`, `cluster`, `publisher` and `date`: the articles of one event are one story.
No model takes part: every sentence of an article is compared as if it were one of a brief's summary, so the rules for
deals and for what somebody says have nothing to do.

As they are, the stories tell how often a rule speaks; `--show` prints what it says, to be judged by a reader. Then one
figure of one article is changed, one that another article of the story gives as well and that stands once in each:
two papers that have 237 million have it of one thing. What is told of the two places afterwards is counted. Last come
pairs of invented sentences (`lookalikes.jsonl`) that speak of two things: nothing should be told of them.
"""

import argparse
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer import Article, make_digest
from summarizer.articles.furniture import body_sentences
from summarizer.grounding.quantities import Quantity, quantities
from summarizer.schemas.brief import Brief
from summarizer.schemas.digest import Difference
from summarizer.schemas.evidence import Evidence

from .grounding import Unusable, read_rows

LOOKALIKES = Path(__file__).with_name("lookalikes.jsonl")
MOST = 3  # figures that are changed in a story
LEAST = 10  # a smaller number counts many things
# A brief that no model made.
_AUDIT = {"findings": [], "attempts": 0, "model": "none", "prompt": "", "schema": "", "usage": {}, "cost_usd": 0.0}
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_NO_UNITS = ("year-old", "th")  # ages and places in an order are of somebody
_KINDS = ("money", "percent", "number", "measure")


@dataclass(frozen=True)
class Planted:
    """A figure that two articles of a story have: where it stands in each, and what the second says instead."""

    one: Article
    other: Article
    figure: Quantity
    changed: Quantity
    instead: str


def brief_of(article: Article) -> Brief:
    """A brief whose summary is every sentence of the article."""
    spans = [span.model_dump() for span in body_sentences(article.text)]
    said = [{"text": span["text"], "evidence": [span]} for span in spans]
    empty: dict[str, Any] = dict.fromkeys(("actors", "positions", "deals", "open_questions", "dates"), ())
    audit = {**_AUDIT, "seconds": 0.0}
    return Brief.model_validate({"article": article, "headline": said[0], "summary": said, "audit": audit, **empty})


def told_of(articles: Sequence[Article]) -> list[Difference]:
    """What a digest tells of the articles of one story."""
    (story,) = make_digest([], stories=[[brief_of(each) for each in articles]]).stories
    return [*story.disagreements, *story.explained]


def plant(articles: Sequence[Article], rng: random.Random) -> Iterator[Planted]:
    """Figures in digits that stand once in each of two articles, each with another in its place."""
    known = {each.id: _once_each(each.text) for each in articles}
    found = []
    for number, one in enumerate(articles):
        for other in articles[number + 1 :]:
            for key in sorted(known[one.id].keys() & known[other.id].keys()):
                pair = [(one, known[one.id][key]), (other, known[other.id][key])]
                rng.shuffle(pair)
                (first, figure), (second, changed) = pair
                if instead := _another(changed.text, rng):
                    found.append(Planted(first, second, figure, changed, instead))
    found.sort(key=lambda each: (each.other.id, each.changed.start))
    yield from rng.sample(found, min(MOST, len(found)))


def _once_each(text: str) -> dict[tuple[str, str, str], Quantity]:
    """The figures that an article has once, by what they are and what they count."""
    found: defaultdict[tuple[str, str, str], list[Quantity]] = defaultdict(list)
    for each in quantities(text):
        if (
            each.kind in _KINDS
            and each.unit not in _NO_UNITS
            and each.value >= LEAST
            and not _YEAR.fullmatch(each.text)
        ):
            found[each.kind, each.unit, str(each.value)].append(each)
    return {key: places[0] for key, places in found.items() if len(places) == 1 and places[0].text[:1] != "-"}


def _another(words: str, rng: random.Random) -> str:
    """The figure with other digits, as many of them and no zero where none was; empty for one in words."""
    digits = re.sub(r"[1-9]", lambda found: rng.choice("123456789".replace(found[0], "")), words)
    return digits if digits != words else ""


def judged(planted: Planted, articles: Sequence[Article]) -> str:
    """What is told of a planted figure beside that of the other article: a verdict, or "nothing"."""
    start, end = planted.changed.start, planted.changed.end
    text = f"{planted.other.text[:start]}{planted.instead}{planted.other.text[end:]}"
    altered = Article.model_validate({**planted.other.model_dump(exclude={"id", "text"}), "text": text})
    for each in told_of([altered if article is planted.other else article for article in articles]):
        at = {side.article: side.words for side in each.sides}
        one, other = at.get(planted.one.id), at.get(altered.id)
        is_here = one and _meet(one, planted.figure.start, planted.figure.end)
        if is_here and other and _meet(other, start, start + len(planted.instead)):
            return each.verdict
    return "nothing"


def _meet(words: Evidence, start: int, end: int) -> bool:
    return words.start < end and start < words.end


def stories_of(path: Path) -> dict[str, list[Article]]:
    """The articles of each event."""
    events: defaultdict[str, list[Article]] = defaultdict(list)
    for row in read_rows(path, ("title", "text", "cluster", "publisher", "date")):
        facts = {"title": row["title"], "source": row["publisher"], "published": row["date"], "url": row.get("url")}
        events[row["cluster"]].append(Article(text=row["text"], **facts))
    return dict(events)


def main(arguments: Sequence[str] | None = None) -> int:
    """Count, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.contradictions", description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--show", action="store_true", help="print what is told, and what of the planted is not")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    try:
        events, rng = stories_of(options.labels), random.Random(options.seed)
    except Unusable as error:
        parser.error(str(error))
    real: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    for articles in events.values():
        for each in told_of(articles):
            real[each.verdict] += 1
            if options.show and each.verdict == "contradiction":
                _show(f"told: {each.kind}, {each.rule}", [side.sentence.text for side in each.sides])
        for figure in plant(articles, rng):
            verdict = judged(figure, articles)
            planted[verdict] += 1
            if options.show and verdict == "nothing":
                _show(
                    f"not told: {figure.instead}",
                    [_around(figure.one, figure.figure), _around(figure.other, figure.changed)],
                )
    pairs = [(Article(text=row["one"]), Article(text=row["other"])) for row in read_rows(LOOKALIKES, ("one", "other"))]
    alike: Counter[str] = Counter()
    for pair in pairs:
        told = {each.verdict for each in told_of(pair)}
        alike["contradiction" if "contradiction" in told else min(told, default="nothing")] += 1
        if options.show and "contradiction" in told:
            _show("told of two things:", [each.text for each in pair])
    heads = ("stories", "of", "contradiction", "rounder", "limit", "older", "nothing")
    print(*(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads))), sep="\n")
    for name, counted, of in (
        ("as they are", real, len(events)),
        ("planted figures", planted, planted.total()),
        ("look-alikes", alike, len(pairs)),
    ):
        cells = [counted[verdict] for verdict in ("contradiction", "rounder", "limit", "older")]
        print("|", " | ".join(map(str, (name, of, *cells, "-" if counted is real else counted["nothing"]))), "|")
    return 0


def _around(article: Article, figure: Quantity) -> str:
    return next((s.text for s in body_sentences(article.text) if s.start <= figure.start < s.end), figure.text)


def _show(heading: str, sentences: Sequence[str]) -> None:
    print(heading, *("  " + " ".join(each.split()) for each in sentences), sep="\n", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
