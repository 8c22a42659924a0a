"""True sentences of articles and false ones made of them, held against the articles by `check_claim`.

rows ─ body sentences of 6 to 45 words ─ altered: up to 100 of a kind, 3 of it an article ─ check_claim ─ shares
                                       └ true: as they stand, and reworded
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from summarizer import Article, check_claim
from summarizer.articles.furniture import body_sentences
from summarizer.schemas.evidence import Evidence, Finding

from .alterations import ALTERATIONS
from .rewordings import REWORDINGS
from .setting import Setting

SEED = 7
MOST_OF_A_KIND = 100
MOST_IN_AN_ARTICLE = 3
# True sentences of an article that are checked as they stand, and in one other form.
MOST_TRUE = 12
_WORDS = (6, 45)
VERBATIM = "verbatim"
# The kind of a false sentence that is reworded as well.
BOTH = "altered and reworded"


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence to check: `origin` is the article's own, `how` the function that made another of it.

    `kind` is that of the alteration, or `BOTH`; a true sentence has the kind "true".
    """

    article: Article
    kind: str
    how: str
    origin: Evidence
    sentence: str

    @property
    def is_true(self) -> bool:
        """Whether the article carries the sentence."""
        return self.kind == "true"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the checks found, without evidence and with the article's own sentence as evidence."""

    case: Case
    alone: tuple[Finding, ...]
    with_evidence: tuple[Finding, ...]


def article_of(row: Mapping[str, Any]) -> Article:
    """The article of a row of data."""
    return Article(text=row["text"], title=row.get("title"), published=row.get("date") or row.get("published"))


def own_sentences(article: Article) -> list[tuple[Evidence, str]]:
    """The sentences that are altered: their place in the article, and their words on one line."""
    found = [(place, " ".join(place.text.split())) for place in body_sentences(article.text, article.language)]
    return [
        (place, words) for place, words in found if words.endswith(".") and _WORDS[0] <= len(words.split()) <= _WORDS[1]
    ]


def cases(rows: Sequence[Mapping[str, Any]], seed: int = SEED) -> list[Case]:
    """The sentences to check, the same in every run with one seed; those of one article stand together."""
    articles = [article_of(row) for row in rows]
    found: list[list[Case]] = [[*_true_cases(article, seed), *_altered_cases(article, seed)] for article in articles]
    taken: Counter[str] = Counter()
    kept: dict[int, list[Case]] = defaultdict(list)
    order = list(range(len(articles)))
    random.Random(seed).shuffle(order)
    for turn in range(MOST_IN_AN_ARTICLE):
        for index in order:
            for kind in ALTERATIONS:
                of_kind = [case for case in found[index] if case.kind == kind]
                if turn < len(of_kind) and taken[kind] < MOST_OF_A_KIND:
                    taken[kind] += 1
                    kept[index].append(of_kind[turn])
    chosen: list[Case] = []
    for index, of_article in enumerate(found):
        chosen += [case for case in of_article if case.is_true]
        chosen += kept[index]
        chosen += [both for case in kept[index] for both in _reworded_as_well(case)]
    return chosen


def _reworded_as_well(case: Case) -> Iterator[Case]:
    """An altered sentence in another form, if there is one in which what was altered still stands."""
    origin = " ".join(case.origin.text.split())
    for reword in REWORDINGS.values():
        reworded = reword(case.sentence)
        if reworded is not None and reworded != reword(origin):
            yield replace(case, kind=BOTH, sentence=reworded)
            break


def _altered_cases(article: Article, seed: int) -> Iterator[Case]:
    """At most so many of each kind, each of another sentence if there are enough."""
    own = own_sentences(article)
    setting = Setting(article.text, tuple(words for _, words in own))
    for kind, functions in ALTERATIONS.items():
        rng = random.Random(f"{seed} {kind} {article.id}")
        made = 0
        for place, words in rng.sample(own, len(own)):
            for alter in rng.sample(functions, len(functions)):
                altered = alter(words, setting, rng)
                if altered is not None and altered != words:
                    yield Case(article, kind, alter.__name__, place, altered)
                    made += 1
                    break
            if made == MOST_IN_AN_ARTICLE:
                break


def _true_cases(article: Article, seed: int) -> Iterator[Case]:
    own = own_sentences(article)
    rng = random.Random(f"{seed} true {article.id}")
    for place, words in rng.sample(own, min(MOST_TRUE, len(own))):
        yield Case(article, "true", VERBATIM, place, words)
    for place, words in own:
        for name, reword in REWORDINGS.items():
            reworded = reword(words)
            if reworded is not None and reworded != words:
                yield Case(article, "true", name, place, reworded)


def check(all_of: Iterable[Case]) -> Iterator[Outcome]:
    """What the checks find in each case, both ways."""
    for case in all_of:
        alone = check_claim(case.article, case.sentence)
        yield Outcome(case, tuple(alone), tuple(check_claim(case.article, case.sentence, case.origin)))


def is_against(findings: Iterable[Finding]) -> bool:
    """Whether a check says that the article does not carry the sentence."""
    return any(finding.verdict == "against" for finding in findings)


def score(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Of each kind how many sentences were altered and what share was caught; of true ones what share was accused.

    `alone` is without evidence, `with_evidence` with the article's own sentence. `by_way` has the same figures for
    each way of altering or rewording, `by_gate` how often each gate was against false and true sentences.
    """
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    ways: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        case = outcome.case
        kinds["true" if case.how == VERBATIM else "reworded" if case.is_true else case.kind].append(outcome)
        if case.kind != BOTH:
            ways[case.how].append(outcome)
    return {
        "kinds": {kind: _shares(kinds[kind]) for kind in (*ALTERATIONS, BOTH, "true", "reworded") if kinds[kind]},
        "by_way": {way: _shares(of_way) for way, of_way in ways.items()},
        "by_gate": _gates(outcomes),
    }


def _shares(outcomes: Sequence[Outcome]) -> dict[str, float]:
    return {
        "cases": len(outcomes),
        "alone": sum(is_against(outcome.alone) for outcome in outcomes) / len(outcomes),
        "with_evidence": sum(is_against(outcome.with_evidence) for outcome in outcomes) / len(outcomes),
    }


def _gates(outcomes: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for outcome in outcomes:
        for gate in {finding.gate for finding in outcome.with_evidence if finding.verdict == "against"}:
            counts[gate]["true" if outcome.case.is_true else "false"] += 1
    return {gate: dict(count) for gate, count in sorted(counts.items())}


def ways() -> list[str]:
    """What `failures` can be asked for: kinds and ways of alteration, `BOTH`, "true", "reworded" and its ways."""
    functions = [alter.__name__ for of_kind in ALTERATIONS.values() for alter in of_kind]
    return [*ALTERATIONS, *functions, BOTH, "true", "reworded", *REWORDINGS]


def is_asked_for(case: Case, kind: str) -> bool:
    """Whether a case is of that kind or way; "reworded" are the true ones in another form."""
    return kind in (case.kind, case.how) or (kind == "reworded" and case.is_true and case.how != VERBATIM)


def failures(outcomes: Iterable[Outcome], kind: str) -> Iterator[Outcome]:
    """The altered sentences of a kind (or of one way) that are not caught both ways; the true ones that are accused."""
    for outcome in outcomes:
        case = outcome.case
        if is_asked_for(case, kind):
            found = (is_against(outcome.alone), is_against(outcome.with_evidence))
            if found != (not case.is_true,) * 2:
                yield outcome
