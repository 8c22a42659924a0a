"""How well and how fast stories are told apart: `python -m benchmarks.clusters LABELS`, or `--scale 10000 20000`.

LABELS is JSON Lines with `title`, `text` and `cluster`. B³ F1, at the default settings and with the threshold chosen on
other events than those it is scored on: as the file is; with 1, 2 or 3 articles of an event; with some events told by
10 to 20, each made of sentences of two of the event's articles; on days of a dozen events; and one article at a time.
Near copies are made by a seeded generator out of the articles. `--scale` takes a generated stream (`stream`) and tells
CPU time, memory, and what it takes another process to open what was kept of it, to add 100 articles and to save it.
"""

import argparse
import json
import random
import re
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from statistics import mean

from summarizer import Article
from summarizer.digest import grouping, nearby, stories
from summarizer.digest.stories import Stories

from .stream import altered, stream

Labelled = tuple[Article, str]
Events = dict[str, list[Article]]
THRESHOLDS = (0.12, 0.135, 0.15, 0.165, 0.18, 0.2)
FOLDS, ADDED = 5, 100
_SENTENCE = re.compile(r'(?<=[.!?”"])\s+(?=[A-Z“"])')


def bcubed(
    gold: Sequence[str], found: Sequence[str], scored: Sequence[bool] | None = None
) -> tuple[float, float, float]:
    """Precision, recall and F1, B-cubed: of all articles, or of those `scored` among them."""
    by_gold: defaultdict[str, set[int]] = defaultdict(set)
    by_found: defaultdict[str, set[int]] = defaultdict(set)
    for place, (one, other) in enumerate(zip(gold, found, strict=True)):
        by_gold[one].add(place)
        by_found[other].add(place)
    chosen = [place for place in range(len(gold)) if scored is None or scored[place]]
    both = [len(by_gold[gold[place]] & by_found[found[place]]) for place in chosen]
    precision = mean(part / len(by_found[found[place]]) for part, place in zip(both, chosen, strict=True))
    recall = mean(part / len(by_gold[gold[place]]) for part, place in zip(both, chosen, strict=True))
    return precision, recall, 2 * precision * recall / (precision + recall)


# Samples of the events


def as_it_is(events: Events, rng: random.Random) -> list[Labelled]:
    """All articles, shuffled."""
    return _shuffled([(each, name) for name, told in events.items() for each in told], rng)


def of_one_to_three(events: Events, rng: random.Random) -> list[Labelled]:
    """1, 2 or 3 articles of each event."""
    chosen = ((name, rng.sample(told, rng.randint(1, min(3, len(told))))) for name, told in events.items())
    return _shuffled([(each, name) for name, told in chosen for each in told], rng)


def of_ten_to_twenty(events: Events, rng: random.Random) -> list[Labelled]:
    """Every fifth event told by 10 to 20 articles, the others by 1 to 3."""
    large = set(rng.sample(sorted(events), max(1, len(events) // 5)))
    found = of_one_to_three({name: told for name, told in events.items() if name not in large}, rng)
    for name in sorted(large):
        parts = [_SENTENCE.split(" ".join(each.text.split())) for each in events[name]]
        for _ in range(rng.randint(10, 20)):
            told = [part[i] for part in rng.sample(parts, min(2, len(parts))) for i in _some(len(part), rng)]
            found.append((Article(text=" ".join(told), title=rng.choice(events[name]).title), name))
    return _shuffled(found, rng)


def a_day(events: Events, rng: random.Random) -> list[Labelled]:
    """A dozen events, told by 1 to 3."""
    return of_one_to_three({name: events[name] for name in rng.sample(sorted(events), min(12, len(events)))}, rng)


SAMPLES: dict[str, tuple[Callable[[Events, random.Random], list[Labelled]], int]] = {
    "as it is": (as_it_is, 1),
    "stories of 1 to 3": (of_one_to_three, 3),
    "some stories of 10 to 20": (of_ten_to_twenty, 2),
    "a day of a dozen events": (a_day, 8),
}


def _some(count: int, rng: random.Random) -> list[int]:
    return sorted(rng.sample(range(count), min(count, max(2, int(count * 0.35)))))


def _shuffled(found: list[Labelled], rng: random.Random) -> list[Labelled]:
    rng.shuffle(found)
    return found


# Scores


def score(
    sample: Sequence[Labelled], threshold: float, *, one_by_one: bool = False, only: Container[str] | None = None
) -> tuple[float, float, float]:
    """B³ of a sample with that threshold, all at once or one article at a time; of the articles of some events only."""
    articles = [article for article, _ in sample]
    with _threshold(threshold):
        known = Stories()
        for each in [[article] for article in articles] if one_by_one else [articles]:
            known.add(each)
        found = [known.place(article.id).story for article in articles]
    gold = [name for _, name in sample]
    return bcubed(gold, found, None if only is None else [name in only for name in gold])


@contextmanager
def _threshold(value: float) -> Iterator[None]:
    before = grouping.JOIN
    for module in (grouping, nearby, stories):
        module.JOIN = value  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in (grouping, nearby, stories):
            module.JOIN = before  # type: ignore[attr-defined]


def cross_validated(events: Events, seed: int = 1) -> Iterator[tuple[str, float, float]]:
    """For each sample its mean F1 over folds of events, and the mean threshold chosen.

    The threshold of a fold is chosen on the other events, by the mean over all samples. Scored are the articles of the
    fold, clustered among all others: among themselves alone they would be easier to tell apart.
    """
    names = sorted(events)
    random.Random(seed).shuffle(names)
    scores: defaultdict[str, list[float]] = defaultdict(list)
    chosen = []
    for fold in range(FOLDS):
        held = set(names[fold::FOLDS])
        others = {name: told for name, told in events.items() if name not in held}
        training = [make(others, random.Random(seed + fold)) for make, _ in SAMPLES.values()]
        best = max(THRESHOLDS, key=lambda value: mean(score(each, value)[2] for each in training))
        chosen.append(best)
        for name, (make, times) in SAMPLES.items():
            samples = [make(events, random.Random(seed + at)) for at in range(times)]
            known = [each for each in samples if any(event in held for _, event in each)]
            scores[name].append(mean(score(each, best, only=held)[2] for each in known))
    for name, found in scores.items():
        yield name, mean(found), mean(chosen)


def copies(events: Events, seed: int = 1) -> tuple[float, float, int]:
    """Recall and precision of near copies, and how many were made: every other article, another headline on each."""
    rng = random.Random(seed)
    originals = [each for told in events.values() for each in told]
    copied = rng.sample(originals, len(originals) // 2)
    made = [Article(text=altered(each.text, rng), title=rng.choice(originals).title) for each in copied]
    known = Stories()
    told = known.add(originals)
    places = known.add(made)
    right = sum(place.copy_of == each.id for place, each in zip(places, copied, strict=True))
    found = sum(place.copy_of is not None for place in (*told, *places))
    return right / len(made), right / max(1, found), len(made)


# Scale


def scale(count: int) -> tuple[list[str], bytes, list[Article]]:
    """What a stream of so many articles takes, as the cells of a row; what is kept of it, and articles to add to it."""
    made = list(stream(count + ADDED))
    articles = [each.article for each in made]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    known = Stories()
    seconds = _cpu(lambda: known.add(articles[:count]))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kept = known.dump()
    known.add(articles[count:])
    places = [known.place(each.id) for each in articles]
    f1 = bcubed([each.event for each in made], [place.story for place in places])[2]
    wanted = [each.copy_of is not None for each in made]
    told = [place.copy_of is not None for place in places]
    hits = sum(one and other for one, other in zip(wanted, told, strict=True))
    cells = [
        *(f"{count:,}", f"{seconds:.1f}", f"{memory / 1e6:.2f} ({before / 1e6:.2f} before)"),
        *(f"{len(kept) / 1e6:.0f}", f"{f1:.3f}", f"{hits / max(1, sum(wanted)):.3f} / {hits / max(1, sum(told)):.3f}"),
    ]
    return cells, kept, articles[count:]


def going_on(kept: bytes, articles: Sequence[Article]) -> list[str]:
    """What it takes to open what was kept, to add articles and to save it, each and together, as cells of a row."""
    known: list[Stories] = []
    opening = _cpu(lambda: known.append(Stories.load(kept)))
    taken = [opening, _cpu(lambda: known[0].add(articles)), _cpu(known[0].dump)]
    return [f"{' + '.join(f'{each:.2f}' for each in taken)} = {sum(taken):.2f}"]


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _quality(path: Path) -> Iterator[str]:
    events: Events = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        events[row["cluster"]].append(Article(text=row["text"], title=row["title"]))
    # The same article is scored again and again; what is read of it stays the same.
    for name in ("read_terms", "sketch"):
        setattr(stories, name, cache(getattr(stories, name)))
    yield "| sample | precision | recall | B³ F1 at default | one by one | cross-validated | thresholds |"
    yield "|---|---|---|---|---|---|---|"
    validated = {name: (f1, value) for name, f1, value in cross_validated(events)}
    for name, (make, times) in SAMPLES.items():
        samples = [make(events, random.Random(seed)) for seed in range(1, times + 1)]
        whole = [mean(each) for each in zip(*(score(sample, grouping.JOIN) for sample in samples), strict=True)]
        single = mean(score(sample, grouping.JOIN, one_by_one=True)[2] for sample in samples)
        figures = (*whole, single, *validated[name])
        yield f"| {name} | {' | '.join(f'{each:.3f}' for each in figures)} |"
    yield "\nNear copies: recall {:.3f}, precision {:.3f} of {}".format(*copies(events))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clusters", description=__doc__)
    parser.add_argument("labels", nargs="?", type=Path)
    parser.add_argument("--scale", nargs="+", type=int, default=())
    chosen = parser.parse_args(arguments)
    if chosen.labels is None and not chosen.scale:
        parser.error("name a file of labelled articles, or --scale and numbers")
    if chosen.labels is not None:
        for line in _quality(chosen.labels):
            print(line, flush=True)
    if chosen.scale:
        print("| articles | CPU s | GB | kept, MB | B³ F1 | copies: recall / precision | open, add 100, save: CPU s |")
        print("|---|---|---|---|---|---|---|")
        # Each in a process of its own: what one leaves in memory is not the next one's, and libraries are read anew.
        with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            for cells, kept, articles in pool.imap(scale, chosen.scale, chunksize=1):
                print(f"| {' | '.join([*cells, *pool.apply(going_on, (kept, articles))])} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
