"""The words of a story without a model: a headline and a few sentences of its briefs, what most sources tell first."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..grounding.quantities import quantities
from ..schemas.digest import Difference, DigestSentence, Side, Source
from ..schemas.evidence import Evidence
from .counts import are_of_one_place
from .figures import compared, figure_in
from .lines import Line, covered, matter, near
from .reports import Report

MOST, FEWEST = 4, 2
MOST_TITLES, MOST_SENTENCES = 4, 12  # from which a story may be told anew
_LOOKED_AT = 60  # candidates for that, those that stand early in their briefs: each is held beside every article
# A sentence says what another has said from this likeness, or if so much of it stands there; another article tells it
# from this share of it on in one of its lines.
_TWICE, _INSIDE, _TOLD = 0.5, 0.75, 0.65
_HEADLINE = 0.8  # a lead says most of its headline, and more
_FORMER = 10  # places down for what a later article tells anew
# Words of an article that stand for a headline where its brief has none that rests on anything.
_FIRST_WORDS = 90
_LEANING = re.compile(
    r"(?:he|she|it|they|his|her|its|their|this|that|these|those|but|however|also|meanwhile|instead|both|there|then|such"
    r"|the latter|and|so|still)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Candidate:
    """A sentence of a brief, and where the brief has it: `place` 0 is the headline, `is_position` a claim."""

    report: Report
    text: str
    evidence: tuple[Evidence, ...]
    place: int
    is_position: bool = False

    @property
    def stems(self) -> frozenset[str]:
        """What it speaks of."""
        return matter(self.text)


def words_of(
    reports: Sequence[Report], found: Sequence[Difference]
) -> tuple[DigestSentence, tuple[DigestSentence, ...]]:
    """The headline, and up to four sentences that say nothing twice; two at least where the briefs have them.

    A headline that another source contradicts is taken only if there is no other; such a sentence is marked.
    """
    headline = min(
        _titles(reports), key=lambda each: (is_disputed(each, found), *_rank(each, reports, found)), default=None
    ) or _own_words(reports)
    chosen: list[Candidate] = []
    told = sorted(_sentences(reports), key=lambda each: _rank(each, reports, found))
    for each in told:
        if len(chosen) == MOST or (len(chosen) >= FEWEST and each.is_position):
            break
        late = len(chosen) >= FEWEST and _is_former(each, reports, found)
        if not late and not is_headline_again(each.text, headline.text) and not _is_repeated(each, chosen):
            chosen.append(each)
    if not chosen and told:  # it says what the headline says, and more cannot be said
        chosen.append(told[0])
    return _sentence(headline, reports, found), tuple(_sentence(each, reports, found) for each in chosen)


def material_of(
    reports: Sequence[Report], found: Sequence[Difference]
) -> tuple[tuple[DigestSentence, ...], tuple[DigestSentence, ...]]:
    """Headlines and sentences of the briefs from which the story may be told anew, what most sources tell first.

    Nothing twice, but every side of a contradiction; nothing of which a later article has newer.
    """
    titles = _distinct(_titles(reports), reports, found, MOST_TITLES)
    told = _distinct(_sentences(reports), reports, found, MOST_SENTENCES)
    return tuple(_sentence(each, reports, found) for each in titles), tuple(
        _sentence(each, reports, found) for each in told
    )


def _distinct(
    candidates: Sequence[Candidate], reports: Sequence[Report], found: Sequence[Difference], most: int
) -> list[Candidate]:
    chosen: list[Candidate] = []
    told: set[tuple[int, str]] = set()
    early = sorted(candidates, key=lambda each: (each.is_position, each.place))[:_LOOKED_AT]  # stable: by article then
    for each in sorted(early, key=lambda each: _rank(each, reports, found)):
        sides = {(found.index(difference), side.value) for difference, side in _disputes(each, found)}
        is_new = not _is_repeated(each, chosen) or not sides <= told
        if len(chosen) < most and is_new and not _is_former(each, reports, found):
            chosen.append(each)
            told |= sides
    return chosen


def _titles(reports: Sequence[Report]) -> list[Candidate]:
    return [
        Candidate(r, r.brief.headline.text, r.brief.headline.evidence, 0)
        for r in reports
        if r.brief.headline.evidence and r.brief.headline.text.strip()
    ]


def _sentences(reports: Sequence[Report]) -> list[Candidate]:
    """The sentences that can stand alone: summaries, then what people say."""
    found = []
    for report in reports:
        for place, each in enumerate(report.brief.summary, start=1):
            if each.evidence and each.text.strip() and not _LEANING.match(each.text.lstrip('“" ')):
                found.append(Candidate(report, each.text, each.evidence, place))
        for place, position in enumerate(report.brief.positions, start=1):
            actor = report.brief.actor(position.actor)
            is_whole = actor is not None and _begins_with(position.claim, (actor.name, *actor.aliases))
            if position.evidence and is_whole and not _LEANING.match(position.claim):
                found.append(Candidate(report, position.claim, position.evidence, place, is_position=True))
    return found


def _begins_with(claim: str, names: Sequence[str]) -> bool:
    return any(name in claim[: len(name) + 40] for name in names if name)


def _rank(each: Candidate, reports: Sequence[Report], found: Sequence[Difference]) -> tuple[bool, int, int, bool, int]:
    """Small is good: no position, told by many and early in its brief, undisputed, by an early article."""
    against = _against(each, found)
    telling = sum(report.id not in against and _telling(each, report) is not None for report in reports)
    order = next(number for number, report in enumerate(reports) if report.id == each.report.id)
    late = _FORMER if _is_former(each, reports, found) else 0
    return each.is_position, each.place - telling + late, each.place, is_disputed(each, found), order


def _is_former(each: Candidate, reports: Sequence[Report], found: Sequence[Difference]) -> bool:
    """Whether a later article has a newer number or state for what the sentence says."""
    by_id = {report.id: report for report in reports}
    return any(
        side.article == each.report.id
        and any(span.start < side.words.end and side.words.start < span.end for span in each.evidence)
        and any(_is_before(by_id[side.article], by_id.get(other.article)) for other in difference.sides)
        for difference in found
        if difference.verdict == "older"
        for side in difference.sides
    )


def _is_before(one: Report, other: Report | None) -> bool:
    """Whether the other is the later one; of a copy, which is no report of the story, that is not known here."""
    return other is not None and one.order(other) == "before"


def is_disputed(each: Candidate, found: Sequence[Difference]) -> bool:
    """Whether a contradiction is about the words that it rests on."""
    return next(_disputes(each, found), None) is not None


def _disputes(each: Candidate, found: Sequence[Difference]) -> Iterator[tuple[Difference, Side]]:
    """The contradictions about what a sentence says, each with the side that is its own."""
    for difference in found:
        is_figure = difference.kind in ("amount", "count", "date")
        for side in difference.sides if difference.verdict == "contradiction" else ():
            rests = any(span.start < side.words.end and side.words.start < span.end for span in each.evidence)
            if side.article == each.report.id and rests and (not is_figure or _figure_told(each.text, side.words.text)):
                yield difference, side


def _against(each: Candidate, found: Sequence[Difference]) -> set[str]:
    """The articles that contradict a sentence: none of them is a source of it, however alike their words are."""
    return {
        other.article
        for difference, side in _disputes(each, found)
        for other in difference.sides
        if other.value != side.value
    }


def _figure_told(text: str, words: str) -> bool:
    """Whether a sentence itself has the figure that is contradicted: its evidence says more than it does."""
    mine, its = ({value for q in quantities(each) for value in q.values} for each in (text, words))
    return bool(mine & its)


def _is_repeated(each: Candidate, said: Sequence[Candidate]) -> bool:
    return is_said(each.text, [other.text for other in said])


def is_said(text: str, said: Sequence[str]) -> bool:
    """Whether one of the others says what a sentence says, or has most of it in it."""
    stems, others = matter(text), map(matter, said)
    return any(near(stems, other) >= _TWICE or covered(stems, other) >= _INSIDE for other in others)


def is_headline_again(text: str, headline: str) -> bool:
    """Whether a sentence says no more than the headline above it."""
    return near(matter(text), matter(headline)) >= _HEADLINE


def _telling(each: Candidate, report: Report) -> Line | None:
    """The line by which an article tells what the sentence says: most of its words, no other place, no other number."""
    if report.id == each.report.id:
        return None
    lines = [line for line in report.lines if covered(each.stems, line.stems) >= _TOLD and _agrees(each, line)]
    return max(lines, key=lambda line: covered(each.stems, line.stems), default=None)


def _agrees(each: Candidate, line: Line) -> bool:
    own = Line(each.report.id, Evidence(start=0, end=len(each.text), text=each.text), known=line.known)
    if not are_of_one_place(own, line):
        return False
    for mine in own.figures:
        alike = [its for its in line.figures if its.kind == mine.kind and its.unit == mine.unit]
        figure = figure_in(own.span.text, mine, own.figures)
        if alike and all(
            compared(figure, figure_in(line.span.text, its)) in ("contradiction", "other") for its in alike
        ):
            return False
    return True


def _sentence(each: Candidate, reports: Sequence[Report], found: Sequence[Difference]) -> DigestSentence:
    against = _against(each, found)
    lines = [(report, _telling(each, report)) for report in reports if report.id not in against]
    more = [Source(article=report.id, evidence=(line.span,)) for report, line in lines if line is not None]
    own = Source(article=each.report.id, evidence=each.evidence)
    return DigestSentence(text=each.text.strip(), sources=(own, *more), disputed=is_disputed(each, found))


def _own_words(reports: Sequence[Report]) -> Candidate:
    """The first words of the first article, for briefs whose headline rests on nothing."""
    report = reports[0]
    text = report.brief.article.text
    start = len(text) - len(text.lstrip())
    line = text[start:].partition("\n")[0][:_FIRST_WORDS].rstrip()
    words = line or text[:1]
    span = Evidence.of(text, start if line else 0, (start if line else 0) + len(words))
    return Candidate(report, words or "(no text)", (span,), 0)
