"""An evaluation laid out to be read: the figures, each article, what is to be mended, and what has changed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ..rendering import Format
from ..rendering.document import Block, Bullets, Document, Heading, Line, Paragraph, Table, line
from ..rendering.markdown import write_markdown
from ..rendering.plain import write_plain
from ..rendering.structured import write_json
from .comparing import Change, Report
from .figures import Evaluation, totals
from .scoring import Scored

# What is wrong with a brief, by the count that it is missing from or is in; the worst first.
TO_MEND: Mapping[str, str] = {
    "evidence_ok": "Evidence that is not the article's",
    "speakers_right": "In the wrong mouth",
    "traps_hit": "Traps hit",
    "boilerplate_cited": "Boilerplate cited",
    "positions_found": "Positions left out",
    "quotes_found": "Quotations left out",
    "deals_found": "Deals left out",
    "deals_wrong": "Deals that are not among the labels",
    "deals_twice": "Deals told twice",
    "statuses_right": "Status of a deal",
    "values_right": "Value of a deal",
    "parties_found": "Parties left out of a deal",
    "terms_found": "Terms left out of a deal",
    "questions_found": "Open questions left out",
    "questions_right": "Open questions that are not among the labels",
    "actors_found": "Actors left out",
    "actors_wrong": "Actors that are not among the labels",
    "roles_right": "Roles",
    "points_found": "Points that the summary leaves out",
}
# Columns of the articles' table: a heading, and what is counted of what.
_PAIRS = (
    ("actors", "actors_found", "actors_wanted"),
    ("quotations", "quotes_found", "quotes_wanted"),
    ("right mouth", "speakers_right", "speakers"),
    ("positions", "positions_found", "positions_wanted"),
    ("deals", "deals_found", "deals_wanted"),
    ("questions", "questions_found", "questions_wanted"),
    ("points", "points_found", "points_wanted"),
    ("traps hit", "traps_hit", "traps"),
    ("boilerplate", "boilerplate_cited", "boilerplate"),
)
_COSTS = ("article", "positions", "words", "seconds", "calls", "tokens in", "cached", "out", "findings")


def render_report(report: Report, form: Format) -> str:
    """The report in one form, with a line end after the last line; "json" is the contract `eval/1`."""
    match form:
        case "md":
            return write_markdown(document_of_report(report))
        case "text":
            return write_plain(document_of_report(report))
        case "json":
            return write_json(report)


def document_of_report(report: Report) -> Document:
    """The report as a document."""
    return tuple(_blocks(report))


def _blocks(report: Report) -> Iterator[Block]:
    run, before = report.run, report.against
    number = len(run.articles)
    yield Heading(1, line(f"Evaluation of {run.model}: {number} labelled article{'' if number == 1 else 's'}"))
    yield Bullets((line(_about(run)), *((line(f"set beside {_about(before)}"),) if before else ())))
    yield from _without_brief(run, "No brief")
    if before:
        yield from _without_brief(before, f"No brief in {before.folder or before.model}")
    yield Heading(2, line("Figures"))
    yield _figures(run, before)
    yield Heading(2, line("A brief on average"))
    yield _averages(run, before)
    yield Heading(2, line("By article"))
    yield _articles(run.articles)
    yield _costs(run.articles)
    yield Heading(2, line("What the checks found"))
    yield _findings(run, before)
    if before:
        yield from _changes(report.changes)
    yield from _to_mend(run)


def _about(run: Evaluation) -> str:
    place = f"briefs in {run.folder}, made" if run.folder else "briefs made"
    return f"{place} with {'; '.join(run.made_with)}" if run.made_with else f"no briefs of {run.model}"


def _without_brief(run: Evaluation, title: str) -> Iterator[Block]:
    failed = [each for each in run.articles if each.error]
    if failed:
        yield Heading(2, line(f"{title}: {len(failed)} of {len(run.articles)}, counted as empty"))
        yield Bullets(tuple(line(f"{each.id}: {each.error}") for each in failed))


def _figures(run: Evaluation, before: Evaluation | None) -> Table:
    rows = []
    for each in run.figures:
        cells = [each.name, _number(each.value, 3), "" if each.of is None else f"{each.right} of {each.of}"]
        if before:
            old = before.figure(each.name)
            counts = "" if old.of is None else f"{old.right} of {old.of}"
            cells += [_number(old.value, 3), counts, _difference(old.value, each.value, 3)]
        rows.append(_cells(cells))
    return Table(
        _cells(["figure", "value", "counts", *(("before", "counts", "change") if before else ())]), tuple(rows)
    )


def _averages(run: Evaluation, before: Evaluation | None) -> Table:
    rows = []
    for each in run.averages:
        cells = [each.name, _number(each.value, 1)]
        if before:
            old = before.average(each.name)
            cells += [_number(old.value, 1), _difference(old.value, each.value, 1)]
        rows.append(_cells(cells))
    return Table(_cells(["of", "a brief", *(("before", "change") if before else ())]), tuple(rows))


def _articles(articles: Sequence[Scored]) -> Table:
    rows = [(each.id, each.counts) for each in articles] + [("all", totals(articles))]
    return Table(
        _cells(["article", *(title for title, _, _ in _PAIRS)]),
        tuple(
            _cells([name, *(f"{counts.get(right, 0)} of {counts.get(of, 0)}" for _, right, of in _PAIRS)])
            for name, counts in rows
        ),
    )


def _costs(articles: Sequence[Scored]) -> Table:
    numbers = [_cost(each) for each in articles]
    rows = [(each.id, cost) for each, cost in zip(articles, numbers, strict=True)]
    rows.append(("all", [sum(column) for column in zip(*numbers, strict=True)]))
    return Table(_cells(_COSTS), tuple(_cells([name, *(f"{number:,.0f}" for number in cost)]) for name, cost in rows))


def _cost(article: Scored) -> list[float]:
    usage, counts = article.usage, article.counts
    tokens = (usage.input_tokens, usage.cached_tokens, usage.output_tokens) if usage else (0, 0, 0)
    said = (counts.get("positions_shown", 0), counts.get("summary_words", 0))
    return [*said, article.seconds or 0, article.attempts, *tokens, sum(article.findings.values())]


def _findings(run: Evaluation, before: Evaluation | None) -> Table | Paragraph:
    now, old = _found(run), _found(before) if before else Counter()
    if not now and not old:
        return Paragraph(line("Nothing."))
    rows = sorted(now | old, key=lambda name: (-now[name], name))
    head = ["gate: what was done", "times", *(("before", "change") if before else ())]
    return Table(
        _cells(head),
        tuple(
            _cells([name, str(now[name]), *((str(old[name]), f"{now[name] - old[name]:+d}") if before else ())])
            for name in rows
        ),
    )


def _found(run: Evaluation) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in run.articles:
        total.update(each.findings)
    return total


def _changes(changes: Sequence[Change]) -> Iterator[Block]:
    yield Heading(2, line("What has changed"))
    if not changes:
        yield Paragraph(line("Nothing: the briefs say the same."))
    for change in changes:
        yield Heading(3, line(change.id))
        yield Bullets(
            (
                *(line(f"gone, {each.section}: {each.text}") for each in change.gone),
                *(line(f"new, {each.section}: {each.text}") for each in change.new),
            )
        )


def _to_mend(run: Evaluation) -> Iterator[Block]:
    yield Heading(2, line("To mend"))
    nothing = True
    for kind, words in TO_MEND.items():
        entries = [line(f"{each.id}: {gap.text}") for each in run.articles for gap in each.missed if gap.kind == kind]
        if entries:
            nothing = False
            yield Heading(3, line(f"{words} ({len(entries)})"))
            yield Bullets(tuple(entries))
    if nothing:
        yield Paragraph(line("Nothing."))


def _cells(texts: Sequence[str]) -> tuple[Line, ...]:
    return tuple(line(text) for text in texts)


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _difference(old: float | None, new: float | None, digits: int) -> str:
    return "–" if old is None or new is None else f"{new - old:+,.{digits}f}"
