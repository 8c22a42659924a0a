"""Two sentences word by word: which words of one stand in the other, and where.

A word is compared by its stem (Porter's English stemmer, Snowball), so that "signs" is "signed"; forms that no
stemmer knows are listed in `wording.toml`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import snowballstemmer

from .mentions import folded
from .wordlists import word_set

# One word, number or sign. A sign that parts clauses is no word, but is kept to tell where one ends.
_TERM = re.compile(r"[^\W\d_]+(?:[’'ʼ][^\W\d_]+)*|\d+(?:[.,:]\d+)*|[.,;:!?…—–()]")
_CLAUSE_SIGNS = ".,;:!?…—–()"
_CLAUSE_WORDS = frozenset(("and", "but", "although", "though", "while", "because", "whereas", "which", "who", "that"))
_CONTRACTED = re.compile(r"(.+?)(n[’'ʼ]t|[’'ʼ](?:ll|d|re|ve|m))", re.IGNORECASE)
_OWNER = re.compile("(?<=.)[’'ʼ]s?$")
_SPELT_OUT = {"t": "not", "ll": "will", "d": "would", "re": "are", "ve": "have", "m": "am"}
_SHORTENED = {"wo": "will", "ca": "can", "sha": "shall"}
# Words beside one that tell its place, at most.
_BESIDE = 3
# Words after a small one among which the one that it goes with stands.
_FOLLOWING = 6
# Words by which what stands in one place may be longer in one sentence than in the other.
_LEEWAY = 2
# Words of a sentence that are compared; a longer one is no sentence.
_MOST_TERMS = 150


class Term(NamedTuple):
    """One word of a sentence. `low` is it in lower case, `stem` what it is compared by; `start:end` counts in the text.

    `clause` counts the clauses of the sentence. `is_content`: it says something of the matter, and does not only hold
    the sentence together. `is_capital`: it begins with a capital.
    """

    low: str
    stem: str
    start: int
    end: int
    clause: int
    is_content: bool
    is_capital: bool


@cache
def wording(name: str) -> Any:
    """A list or table of `wording.toml`."""
    return _raw()[name]


@cache
def stems(name: str) -> frozenset[str]:
    """The stems of a list of `wording.toml`."""
    return frozenset(map(stem_of, wording(name)))


@cache
def _raw() -> dict[str, Any]:
    raw = tomllib.loads(files(__package__).joinpath("wording.toml").read_text(encoding="utf-8"))
    return {name: _as_sets(value) for name, value in raw.items()}


def _as_sets(value: Any) -> Any:
    """Lists of words as sets, in which one is found at once; lists of lists keep their order."""
    if isinstance(value, dict):
        return {name: _as_sets(inner) for name, inner in value.items()}
    is_words = isinstance(value, list) and all(isinstance(word, str) for word in value)
    return frozenset(value) if is_words else value


@cache
def partners(name: str) -> dict[str, frozenset[str]]:
    """Of a list of pairs in `wording.toml`: the stems of the words that stand beside each, by its stem."""
    found: dict[str, set[str]] = {}
    for one, other in wording(name):
        found.setdefault(stem_of(one), set()).add(stem_of(other))
        found.setdefault(stem_of(other), set()).add(stem_of(one))
    return {stem: frozenset(others) for stem, others in found.items()}


def is_may(term: "Term") -> bool:
    """Whether the word says that something may be, and names no month: "in May"."""
    return term.low in wording("may") and not (term.low == "may" and term.is_capital)


@lru_cache(maxsize=32_768)
def stem_of(word: str) -> str:
    """What two forms of a word have in common; accents, capitals and possessives say nothing."""
    plain = folded(word)
    # A stemmer keeps the word it works at, so two threads must not share one.
    return str(snowballstemmer.stemmer("english").stemWord(_raw()["irregular"].get(plain, plain)))


@lru_cache(maxsize=4096)
def terms(text: str, start: int = 0, end: int | None = None) -> tuple[Term, ...]:
    """The words of `text[start:end]`; contractions are spelt out, and both words have the place of the whole."""
    found: list[Term] = []
    clause = 0
    for match in _TERM.finditer(text, start, len(text) if end is None else end):
        if match.group() in _CLAUSE_SIGNS:
            clause += 1
            continue
        start_at, end_at = match.span()
        for low, stem, is_content, is_capital in _words_in(match.group()):
            clause += low in _CLAUSE_WORDS
            found.append(Term(low, stem, start_at, end_at, clause, is_content, is_capital))
        if len(found) >= _MOST_TERMS:
            break
    return tuple(found)


@lru_cache(maxsize=32_768)
def _words_in(word: str) -> tuple[tuple[str, str, bool, bool], ...]:
    """What a term tells of a word but for its place; of a contraction, of both its words."""
    found: list[tuple[str, str, bool, bool]] = []
    for each in _spelt_out(word):
        low = _OWNER.sub("", each.lower())
        is_content = low[0].isdigit() or (len(low) > 2 and low not in _empty())
        found.append((low, stem_of(each), is_content, each[0].isupper()))
    return tuple(found)


def next_content(sentence: Sequence[Term], at: int) -> int | None:
    """The index of the next word after the one at `at` that says something of the matter."""
    return next((i for i in range(at + 1, min(at + 1 + _FOLLOWING, len(sentence))) if sentence[i].is_content), None)


@cache
def _empty() -> frozenset[str]:
    lists = ("not", "will", "may", "open")
    return word_set("grammar") | frozenset(word for name in lists for word in wording(name)) | {"being", "yet", "just"}


def _spelt_out(word: str) -> Iterator[str]:
    short = _CONTRACTED.fullmatch(word)
    if short is None:
        yield from ("can", "not") if word.lower() == "cannot" else (word,)
        return
    head, ending = short.group(1), re.split("[’'ʼ]", short.group(2))[1].lower()
    yield _SHORTENED.get(head.lower(), head) if ending == "t" else head
    yield _SPELT_OUT[ending]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A sentence (`claim`) beside one of the article (`carrier`), which stands at `start:end` there.

    `there` maps the index of a word of the claim to that of the same word of the carrier; `back` is its reverse.
    `moved` are those of its words that the carrier has in another place.
    `share` is the part of what the claim says that the carrier has, by the weight of its words.
    """

    claim: tuple[Term, ...]
    carrier: tuple[Term, ...]
    there: Mapping[int, int]
    back: Mapping[int, int]
    moved: frozenset[int]
    share: float
    start: int
    end: int

    def added(self) -> Iterator[tuple[int, Term]]:
        """Words of the claim that the carrier has not."""
        return ((index, term) for index, term in enumerate(self.claim) if index not in self.there)

    def lost(self) -> Iterator[tuple[int, Term]]:
        """Words of the carrier that the claim has not."""
        return ((index, term) for index, term in enumerate(self.carrier) if index not in self.back)

    def is_known_there(self, first: int, last: int) -> bool:
        """Whether one of the carrier's words `first` to `last` has its place in the claim, too."""
        return any(i in self.back and self.back[i] not in self.moved for i in range(first, last + 1))

    def slot(self, first: int, last: int) -> tuple[int, int]:
        """Between which words of the carrier the claim's words `first` to `last` would stand, both excluded.

        Where a word on one side only is known there, no farther from it than in the claim; empty if that is none, or
        if the carrier says more between the two than would fill the place.
        """
        before = [i for i in range(first - 1, max(-1, first - 1 - _BESIDE), -1) if i in self.there]
        after = [i for i in range(last + 1, last + 1 + _BESIDE) if i in self.there]
        if not before and not after:
            return 0, 0
        size = last - first + 1
        low = self.there[before[0]] if before else self.there[after[0]] - (after[0] - last) - size - _LEEWAY
        high = self.there[after[0]] if after else self.there[before[0]] + (first - before[0]) + size + _LEEWAY
        return (low, high) if low < high <= low + size + 2 * _BESIDE else (0, 0)


@dataclass(frozen=True, slots=True)
class Change:
    """What a check found: `start:end` are the words of the claim that it is about."""

    start: int
    end: int
    reason: str


def changed(term: Term, reason: str) -> Change:
    """The change of one word."""
    return Change(term.start, term.end, reason)


def in_place_of(term: Term, other: Term) -> Change:
    """One word in the place of another."""
    return changed(term, f"the article says “{other.low}” where it says “{term.low}”")


def matched(claim: Sequence[Term], carrier: Sequence[Term]) -> tuple[dict[int, int], frozenset[int]]:
    """Which word of the claim is which of the carrier, and which of the claim's words stand in another order there."""
    found: dict[int, int] = {}
    matcher = SequenceMatcher(None, [t.stem for t in claim], [t.stem for t in carrier], autojunk=False)
    for block in matcher.get_matching_blocks():
        found |= {block.a + step: block.b + step for step in range(block.size)}
    free: dict[str, list[int]] = {}
    taken = set(found.values())
    for index, term in enumerate(carrier):
        if index not in taken and term.is_content:
            free.setdefault(term.stem, []).append(index)
    moved = set()
    for index, term in enumerate(claim):
        if index not in found and free.get(term.stem):
            found[index] = free[term.stem].pop(0)
            moved.add(index)
    return found, frozenset(moved)
