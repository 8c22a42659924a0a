"""What is not known: the open questions of the articles, each once, and the words of others that answer them."""

import re
from collections.abc import Sequence

from ..grounding.polarity import nots
from ..grounding.quantities import Quantity, quantities
from ..grounding.wording import Term, is_may, stems, wording
from ..schemas.brief import OpenQuestion
from ..schemas.digest import DigestQuestion, Source
from .counts import head_of
from .dated import days_of
from .lines import Line, covered, matter, names_told, near
from .reports import Report

# Two questions are one from this likeness; a line answers one if it has so much of what is asked.
_ONE_QUESTION, _ANSWERED, _DECIDED = 0.6, 0.6, 0.75
_FEWEST = 2
# Words that belong to the asking and not to the matter.
_ASKING = re.compile(
    r"\b(?:how (?:much|many|long|far)|what (?:sum|price|amount|share)|who|whom|whose|when"
    r"|on (?:which|what) (?:day|date)|where|why|how|what|which|whether)\b",
    re.IGNORECASE,
)
# With a "not" they say that it is not known; the other paper does not tell it by them either.
_UNKNOWN = frozenset(("unknown", "unclear", "undecided", "certain"))
_OPENS = ("will", "has", "have", "did", "does", "do", "is", "are", "was", "were", "can")
_MUCH = re.compile(r"\bhow much\b|\bwhat (?:sum|price|amount)\b|\b(?:cost|price|worth)\b", re.IGNORECASE)
_MANY = re.compile(r"\bhow many\b", re.IGNORECASE)
_WHEN = re.compile(r"\bwhen\b|\b(?:which|what) (?:day|date)\b", re.IGNORECASE)
_WHO = re.compile(r"\bwho\b|\bwhom\b", re.IGNORECASE)


def questions_of(reports: Sequence[Report], earlier: Sequence[DigestQuestion] = ()) -> tuple[DigestQuestion, ...]:
    """The questions of the articles, and those of an earlier digest that articles of today answer.

    A question of one article is answered by another only: one that asks does not know.
    """
    groups: list[list[tuple[Report, OpenQuestion]]] = []
    for report in reports:
        for question in report.brief.open_questions:
            if not question.evidence:
                continue
            group = next((g for g in groups if _is_one(question.question, g[0][1].question)), None)
            if group is None:
                groups.append([(report, question)])
            else:
                group.append((report, question))
    found = [_question(group, reports) for group in groups]
    for before in earlier:
        if before.answers or any(_is_one(before.question, each.question) for each in found):
            continue
        answers = _answers(before.question, [r for r in reports if r.id not in {s.article for s in before.sources}])
        if answers:
            found.append(before.model_copy(update={"answers": answers}))
    return tuple(sorted(found, key=lambda each: (bool(each.answers), -len(each.sources))))


def _question(group: Sequence[tuple[Report, OpenQuestion]], reports: Sequence[Report]) -> DigestQuestion:
    asking = {report.id for report, _ in group}
    first = group[0][1]
    spans = {report.id: question.evidence for report, question in reversed(group)}
    return DigestQuestion(
        question=first.question,
        kind=first.kind,
        sources=tuple(Source(article=report.id, evidence=spans[report.id]) for report in reports if report.id in spans),
        answers=_answers(first.question, [report for report in reports if report.id not in asking]),
    )


def _is_one(one: str, other: str) -> bool:
    return _sort(one) == _sort(other) and near(asked(one), asked(other)) >= _ONE_QUESTION


def asked(question: str) -> frozenset[str]:
    """The stems of the matter of a question."""
    return matter(_ASKING.sub(" ", question))


def _sort(question: str) -> str:
    """What is asked for: a sum, a number, a day, somebody, whether; or something else, which nothing here answers."""
    for sort, pattern in (("sum", _MUCH), ("number", _MANY), ("day", _WHEN), ("who", _WHO)):
        if pattern.search(question):
            return sort
    return "whether" if question.split(" ", maxsplit=1)[0].lower() in _OPENS else "other"


def _answers(question: str, reports: Sequence[Report]) -> tuple[Source, ...]:
    """Of each article the line that answers the question best, if one does."""
    found = []
    for report in reports:
        lines = [line for line in report.lines if _is_answer(question, line, report)]
        best = max(lines, key=lambda line: covered(asked(question), line.stems), default=None)
        if best is not None:
            found.append(Source(article=report.id, evidence=(best.span,)))
    return tuple(found)


def _is_answer(question: str, line: Line, report: Report) -> bool:
    wanted, sort = asked(question), _sort(question)
    share = covered(wanted, line.stems)
    if len(wanted & line.stems) < _FEWEST or share < (_DECIDED if sort == "whether" else _ANSWERED):
        return False
    if line.is_asked or not _is_told(line.terms, is_strict=sort == "whether"):
        return False
    match sort:
        case "sum":
            return any(quantity.kind == "money" for quantity in line.figures)
        case "number":
            return any(_counts(question, line.span.text, quantity) for quantity in line.figures)
        case "day":
            return next(days_of(line, report), None) is not None
        case "who":
            return bool(names_told(line.span.text, line.known) - names_told(question))
    return sort == "whether"


def _counts(question: str, text: str, quantity: Quantity) -> bool:
    """Whether a number counts what the question asks the number of."""
    noun = re.search(r"how many ([\w’'-]+)(?: ([\w’'-]+))?", question, re.IGNORECASE)
    words = " ".join(word for word in (noun.groups() if noun else ()) if word)
    return quantity.kind == "number" and bool(words) and head_of(f"2 {words}", _two(words)) == head_of(text, quantity)


def _two(words: str) -> Quantity:
    """The quantity of "2 boats", to be compared as one of an article is."""
    return quantities(f"2 {words}")[0]


def _is_told(sentence: Sequence[Term], is_strict: bool) -> bool:
    """Whether a sentence tells something as it is: no "not", no "whether", and where a yes is asked for no "may"."""
    if next(nots(sentence), None) is not None:
        return False
    doubts = {term.low for term in sentence} & (wording("leaving_open") | wording("hedges"))
    denied = any(term.stem in stems("failing") or term.low in _UNKNOWN for term in sentence)
    unsure = is_strict and any(is_may(t) or t.low in wording("open") or t.stem in stems("intends") for t in sentence)
    return not doubts and not denied and not unsure
