"""A seeded stream of invented news: words by a law like that of real ones, events of some kinds, stories of 1 to 30."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from summarizer import Article

VOCABULARY, KINDS = 30_000, 60
WORDS = (150, 450)  # of an article
# Of its words: any, those of its kind of event, and those of the event itself with its names.
_ANY, _OF_KIND = 0.60, 0.80
_COPIES = 0.15
_STARTS = datetime(2031, 3, 1, tzinfo=UTC)
_A_DAY = 2_000  # articles


@dataclass(frozen=True, slots=True)
class Made:
    """An article, the event that it tells, and the place in the stream of what it is a copy of."""

    article: Article
    event: str
    copy_of: int | None


def stream(count: int, seed: int = 1) -> Iterator[Made]:
    """So many articles in the order of their publication."""
    rng = random.Random(seed)
    words = _invented(rng, VOCABULARY)
    weights = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))
    kinds = [rng.sample(words[300:6_000], 120) for _ in range(KINDS)]
    running: list[_Event] = []
    made: list[Made] = []
    for number in range(count):
        # A new event for about every third article; the others go to those of the last days, some of them long.
        if not running or rng.random() < 0.35:
            running.append(_Event(f"event-{number}", words, rng.choice(kinds), rng))
        running = [each for each in running if each.left > 0][-800:] or running[-1:]
        event = rng.choice(running)
        event.left -= 1
        moment = (_STARTS + timedelta(days=number / _A_DAY)).isoformat(timespec="seconds")
        if event.told and rng.random() < _COPIES:
            origin = rng.choice(event.told)
            original = made[origin].article
            text, copy = altered(original.text, rng), made[origin].copy_of
            made.append(
                Made(
                    Article(text=text, title=event.title(rng), published=moment),
                    event.name,
                    origin if copy is None else copy,
                )
            )
        else:
            text = event.text(rng, words, weights)
            made.append(Made(Article(text=text, title=event.title(rng), published=moment), event.name, None))
            event.told.append(number)
        yield made[-1]


def altered(text: str, rng: random.Random) -> str:
    """A near copy: cut to 0.4 of the text or more, or with an agency's line at its head or end, or both."""
    if rng.random() < 0.6:
        share = rng.uniform(0.4, 0.95)
        start = rng.choice((0.0, 0.0, 1 - share))
        text = text[int(len(text) * start) : int(len(text) * (start + share))]
    if rng.random() < 0.6:
        text = rng.choice(
            ("(Marl Wire) - {}", "{}\n\nMarl Wire contributed to this report.", "ESK (Quill News) — {}")
        ).format(text)
    return f"{text} (more)"  # the very same text would be found by its hash alone


class _Event:
    """What all reports of an event have in common."""

    def __init__(self, name: str, words: list[str], of_kind: list[str], rng: random.Random) -> None:
        self.name, self._kind = name, rng.sample(of_kind, 60)
        self._own = rng.sample(words[2_000:], 40)
        self._names = [word.capitalize() for word in rng.sample(words[1_000:], 6)]
        self.left = min(30, int(rng.expovariate(0.3)) + 1)
        self.told: list[int] = []

    def title(self, rng: random.Random) -> str:
        """A headline of its own for each report."""
        return " ".join([rng.choice(self._names), *rng.sample(self._own, 3), *rng.sample(self._kind, 2)])

    def text(self, rng: random.Random, words: list[str], weights: list[float]) -> str:
        """A report: sentences of twelve words, the names among them."""
        length = rng.randint(*WORDS)
        anything = iter(rng.choices(words, cum_weights=weights, k=length))
        told = []
        for _ in range(length):
            chance = rng.random()
            if chance < _ANY:
                told.append(next(anything))
            else:
                told.append(rng.choice(self._kind) if chance < _OF_KIND else rng.choice((*self._own, *self._names * 3)))
        sentences = [" ".join(told[at : at + 12]) for at in range(0, length, 12)]
        return " ".join(f"{each[0].upper()}{each[1:]}." for each in sentences)


def _invented(rng: random.Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        syllables = (
            rng.choice("bdfghklmnprstvz") + rng.choice("aeiou") + rng.choice(("", "", "n", "r", "s"))
            for _ in range(rng.randint(1, 4))
        )
        found["".join(syllables)] = None
    return list(found)
