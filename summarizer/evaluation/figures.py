"""The figures over all briefs of a run: shares with the counts they are made of, and what a brief has on average."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..schemas.evidence import Frozen
from .scoring import Scored


class Figure(Frozen):
    """A share: `right` of `of`, or an F1, which has no counts of its own; None where there is nothing to count."""

    name: str
    value: float | None
    right: int | None = None
    of: int | None = None


class Average(Frozen):
    """So much a brief; what the briefs say is over all articles, what they cost over those that have a brief."""

    name: str
    value: float | None


class Evaluation(Frozen):
    """All briefs of a run: figures over all of them, and each one's own.

    `gold` names the labels, `model` what was measured, `folder` where its briefs are, if anywhere; `made_with` is a
    line for each model, prompt and schema that briefs say they were made with, so that a mixture shows.
    """

    gold: str
    model: str
    folder: str | None
    made_with: tuple[str, ...]
    figures: tuple[Figure, ...]
    averages: tuple[Average, ...]
    articles: tuple[Scored, ...]

    def figure(self, name: str) -> Figure:
        """The figure of that name; KeyError if there is none."""
        return {each.name: each for each in self.figures}[name]

    def average(self, name: str) -> Average:
        """The average of that name; KeyError if there is none."""
        return {each.name: each for each in self.averages}[name]


def evaluate(scored: Iterable[Scored], *, gold: str, model: str, folder: str | None = None) -> Evaluation:
    """The figures over some scored briefs; the other arguments name what was measured."""
    articles = tuple(scored)
    total = totals(articles)
    made = Counter(each.made_with for each in articles if each.made_with)
    return Evaluation(
        gold=gold,
        model=model,
        folder=folder,
        made_with=tuple(f"{by.model}, prompt {by.prompt}, schema {by.draft_schema}" for by in made),
        figures=tuple(_figures(total)),
        averages=tuple(_averages(articles, total)),
        articles=articles,
    )


def totals(articles: Iterable[Scored]) -> Counter[str]:
    """The counts of all articles together."""
    total: Counter[str] = Counter()
    for each in articles:
        total.update(each.counts)
    return total


def _figures(total: Mapping[str, int]) -> Iterator[Figure]:
    yield _share(total, "evidence exact", "evidence_ok", "evidence")
    known = total.get("actors_shown", 0) - total.get("actors_wrong", 0)
    yield from _both("actors", (known, total.get("actors_shown", 0)), _pair(total, "actors_found", "actors_wanted"))
    yield _share(total, "roles right", "roles_right", "roles")
    yield _share(total, "speakers right", "speakers_right", "speakers")
    yield _share(total, "speakers right, strictly", "speakers_right_strictly", "speakers")
    yield _share(total, "quotations covered", "quotes_found", "quotes_wanted")
    yield _share(total, "quotations covered, by characters", "quote_characters_found", "quote_characters_wanted")
    yield _share(total, "positions found", "positions_found", "positions_wanted")
    known = total.get("deals_shown", 0) - total.get("deals_wrong", 0)
    yield from _both("deals", (known, total.get("deals_shown", 0)), _pair(total, "deals_found", "deals_wanted"))
    yield _share(total, "deals told twice", "deals_twice", "deals_shown")
    yield _share(total, "parties found", "parties_found", "parties_wanted")
    yield _share(total, "statuses right", "statuses_right", "statuses")
    yield _share(total, "values right", "values_right", "values")
    yield _share(total, "terms found", "terms_found", "terms_wanted")
    right = _pair(total, "questions_right", "questions_shown")
    yield from _both("open questions", right, _pair(total, "questions_found", "questions_wanted"))
    yield _share(total, "points of the summary", "points_found", "points_wanted")
    yield _share(total, "traps hit", "traps_hit", "traps")
    yield _share(total, "boilerplate cited", "boilerplate_cited", "boilerplate")


def _pair(total: Mapping[str, int], right: str, of: str) -> tuple[int, int]:
    return total.get(right, 0), total.get(of, 0)


def _share(total: Mapping[str, int], name: str, right: str, of: str) -> Figure:
    return _figure(name, *_pair(total, right, of))


def _figure(name: str, right: int, of: int) -> Figure:
    return Figure(name=name, value=right / of if of else None, right=right, of=of)


def _both(name: str, precision: tuple[int, int], recall: tuple[int, int]) -> Iterator[Figure]:
    """How many of those shown are right, how many of those wanted are there, and the F1 of the two."""
    shown, wanted = _figure(f"{name}, precision", *precision), _figure(f"{name}, recall", *recall)
    yield shown
    yield wanted
    p, r = shown.value or 0.0, wanted.value or 0.0
    yield Figure(name=f"{name}, F1", value=2 * p * r / (p + r) if p and r else 0.0)


def _averages(articles: Sequence[Scored], total: Mapping[str, int]) -> Iterator[Average]:
    made = [each for each in articles if each.usage]
    usages = [each.usage for each in made if each.usage]

    def average(name: str, number: float, of: int) -> Average:
        return Average(name=name, value=number / of if of else None)

    yield average("positions", total.get("positions_shown", 0), len(articles))
    yield average("quotations", total.get("quotes_shown", 0), len(articles))
    yield average("words of headline and summary", total.get("summary_words", 0), len(articles))
    yield average("seconds", sum(each.seconds or 0 for each in made), len(made))
    yield average("calls of the model", sum(each.attempts for each in made), len(made))
    yield average("tokens in", sum(each.input_tokens for each in usages), len(made))
    yield average("of them cached", sum(each.cached_tokens for each in usages), len(made))
    yield average("tokens out", sum(each.output_tokens for each in usages), len(made))
    yield average("findings", sum(sum(each.findings.values()) for each in made), len(made))
