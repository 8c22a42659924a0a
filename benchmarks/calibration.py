"""The figures that comments beside constants quote, made anew: `python -m benchmarks.calibration DATA`.

DATA is the folder of the labelled data; `--gold FILE` takes other labelled articles. Each line of the table has the
place of the comment, what is counted, and the figure. A file that is missing is told, and its lines are left out.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel

from summarizer import Article
from summarizer.errors import InputError
from summarizer.evaluation.gold import Gold, read_gold
from summarizer.evaluation.matching import has_keywords
from summarizer.grounding import nameindex
from summarizer.grounding.carried import CARRIED, CLOSE
from summarizer.grounding.carriers import sentences_of
from summarizer.grounding.context import ArticleContext
from summarizer.grounding.item_checks import CHECKS
from summarizer.grounding.leads import lead_sentences
from summarizer.grounding.mentions import read_words
from summarizer.schemas.evidence import Evidence
from summarizer.schemas.marks import Carried

from .grounding import Unusable, read_rows
from .scorers import share

GOLD, GERMAN, ENGLISH = "gold_dev.jsonl", "articles_open_de.jsonl", "articles_open_en.jsonl"
_LEADS = 5  # sentences of a summary


class Figure(NamedTuple):
    """One figure: the module of the comment, what is counted, and the number as it is shown."""

    module: str
    counted: str
    number: str


class Point(NamedTuple):
    """A sentence that somebody has written of an article, and the stretches that carry it."""

    sentence: str
    evidence: tuple[Evidence, ...]


class _Item(BaseModel):
    text: Annotated[str, Carried(near=True)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. Returns 0, or 2 if there was nothing to make figures of."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description="Make figures of comments.")
    parser.add_argument("data", type=Path, metavar="DATA", help="the folder of the labelled data")
    parser.add_argument("--gold", type=Path, metavar="FILE", help=f"labelled articles; {GOLD} of the folder")
    options = parser.parse_args(arguments)
    gold: Path = options.gold or options.data / GOLD
    parts: tuple[Callable[[], list[Figure]], ...] = (
        lambda: of_gold(read_gold(gold)),
        lambda: of_german(_texts(options.data / GERMAN), _texts(options.data / ENGLISH)),
    )
    print("| comment in | counted | figure |\n| --- | --- | --- |", flush=True)
    made = 0
    for part in parts:
        try:
            figures = part()
        except (InputError, Unusable) as error:
            print(f"left out: {error}", file=sys.stderr)
            continue
        made += len(figures)
        for figure in figures:
            print(f"| {' | '.join(figure)} |", flush=True)
    return 0 if made else 2


def _texts(path: Path) -> list[str]:
    return [row["text"] for row in read_rows(path, ("text",))]


def of_gold(golds: Sequence[Gold]) -> list[Figure]:
    """The figures that are made of labelled articles."""
    return [figure for part in (_of_shares, _of_runs, _of_leads, _of_lengths) for figure in part(golds)]


def points(gold: Gold) -> tuple[Point, ...]:
    """The claims, questions and points of the summary of a labelled article."""
    labels = (*gold.positions, *gold.open_questions, *gold.summary_points)
    return tuple(Point(each.gist, tuple(Evidence.of(gold.text, *span) for span in each.evidence)) for each in labels)


def _of_shares(golds: Sequence[Gold]) -> Iterator[Figure]:
    """How much of a point one sentence of its own evidence says, and one of another point's."""
    own: list[float] = []
    others: list[float] = []
    for gold in golds:
        sentences = sentences_of(ArticleContext.of(Article(text=gold.text)))
        of_article = points(gold)
        for point in of_article:
            for other in of_article:
                shares = sentences.beside(point.sentence, other.evidence).shares.values() if other.evidence else ()
                if other is point:
                    own.append(max(shares, default=0.0))
                elif not set(point.evidence) & set(other.evidence):
                    others.append(max(shares, default=0.0))
    of = "the share of a point that one sentence says"
    yield Figure("carried", f"{of}: its own evidence, the least of {len(own)}", f"{min(own, default=0):.2f}")
    for where, found in (("its own", own), ("another's", others)):
        for limit, side in ((CARRIED, "below"), (CLOSE, "from")):
            part = sum((each < limit) is (side == "below") for each in found)
            counted = f"{of}: {where} evidence, {side} {limit:.2f}"
            yield Figure("carried", counted, f"{part} of {len(found)} ({share(part, len(found)):.0%})")


def _of_runs(golds: Sequence[Gold]) -> Iterator[Figure]:
    """In how many points words are run together of which their own evidence has nothing."""
    count, found = 0, 0
    for gold in golds:
        context = ArticleContext.of(Article(text=gold.text))
        for point in points(gold):
            count += 1
            findings = (each for check in CHECKS for each in check(_Item(text=point.sentence), point.evidence, context))
            # A run is told of the whole sentence, a name or number that stands elsewhere of itself.
            found += any(each.gate == "elsewhere" and each.text == point.sentence for each in findings)
    yield Figure("item_checks", "points with a run of words from elsewhere in the article", f"{found} of {count}")


def _of_leads(golds: Sequence[Gold]) -> Iterator[Figure]:
    """How many points of the summary the sentences hold that are chosen for it, the title beside them."""
    held, count = 0, 0
    for gold in golds:
        chosen = lead_sentences(ArticleContext.of(Article(text=gold.text, title=gold.title)), _LEADS)
        told = " ".join([*(each.text for each in chosen), gold.title or ""])
        held += sum(has_keywords(point.keywords, told) for point in gold.summary_points)
        count += len(gold.summary_points)
    yield Figure("leads", f"points of the summary that {_LEADS} chosen sentences hold", f"{held} of {count}")


def _of_lengths(golds: Sequence[Gold]) -> Iterator[Figure]:
    """The longest claims and titles, over which the bounds of a draft leave room."""
    deals = [deal for gold in golds for deal in gold.deals]
    written = {
        "claim": [position.gist for gold in golds for position in gold.positions],
        "title of a deal": [deal.title for deal in deals],
        "thing that a party gives": [term.gives for deal in deals for term in deal.terms],
    }
    for name, words in written.items():
        longest = max(map(len, words), default=0)
        yield Figure("schemas.news", f"characters of the longest {name} in a label", str(longest))


def of_german(german: Sequence[str], english: Sequence[str]) -> list[Figure]:
    """The share of a text's words that are among the commonest German ones, by which its capitals tell no name."""
    least, most = min(map(_german_share, german), default=0.0), max(map(_german_share, english), default=0.0)
    return [
        Figure("nameindex", f"German words in {len(german)} German texts, the least share", f"{least:.3f}"),
        Figure("nameindex", f"German words in {len(english)} English texts, the greatest share", f"{most:.3f}"),
    ]


def _german_share(text: str) -> float:
    words = read_words(text)
    # The very list that the comment stands beside, though it is nobody else's.
    return share(sum(word.folded in nameindex._GERMAN for word in words), len(words))


if __name__ == "__main__":
    sys.exit(main())
