"""Two articles that say something of one matter, as a rule has found them."""

from dataclasses import dataclass

from ..schemas.digest import AT_ODDS, Kind, Rate, Rule, Side, Verdict
from ..schemas.evidence import Evidence
from .lines import Line, matter

# Why a difference is shown as it is; each but "told", which is a contradiction, goes with a verdict.
REASONS: dict[str, str] = {
    "contradiction": AT_ODDS,
    "told": "each as its source gives it",
    "rounder": "one figure is rounder than the other",
    "limit": "one figure is only a limit, and the other keeps it",
    "older": "the later article is farther on",
    "converted": "the sums are worth the same at the rates that are set",
    "not_compared": "the sums are in two currencies and no rate is set for both: not compared",
}


@dataclass(frozen=True)
class Pair:
    """Two sides of one matter; see `Difference`."""

    kind: Kind
    verdict: Verdict
    rule: Rule
    about: str
    reason: str
    one: Side
    other: Side
    rates: tuple[Rate, ...] = ()


def opening(sentence: str) -> str:
    """The first eight words of a sentence: what it is about, where nothing shorter tells that."""
    words = sentence.split()
    return " ".join(words[:8]) + (" …" if len(words) > 8 else "")


def side_of(line: Line, start: int, end: int, value: str) -> Side:
    """What a line says at `start:end`."""
    words, teller = line.place(start, end), line.teller(start, end)
    return Side(article=line.article, value=value, words=words, sentence=line.span, teller=teller)


def are_told_by_two(one: Side, other: Side) -> bool:
    """Whether each has somebody else say so: the police here, the organisers there."""
    if one.teller is None or other.teller is None:
        return False
    mine, its = matter(one.teller.text), matter(other.teller.text)
    return bool(mine and its) and not mine & its


def side_at(article: str, sentence: Evidence, words: Evidence, value: str) -> Side:
    """What a sentence of an article says in some of its words."""
    return Side(article=article, value=value, words=words, sentence=sentence)
