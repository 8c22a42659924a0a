"""Lays a digest out for an editor with three minutes: of each story first where sources disagree, then what they say.

What is left out for room is counted where it is left out; JSON has all of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from .cleaning import clean
from .document import Block, Bullets, Document, Heading, Line, Paragraph, Span, Table, line, listed
from .markdown import write_markdown
from .plain import write_plain
from .quotes import shortened
from .sections import CAUTION, MONTHS, NOT_NAMED
from .structured import write_json

if TYPE_CHECKING:
    from ..schemas.digest import (
        Change,
        Correction,
        DatedItem,
        DealTold,
        Difference,
        Digest,
        DigestArticle,
        DigestDeal,
        DigestPosition,
        DigestQuestion,
        DigestSentence,
        DigestStory,
        Revision,
        Said,
        Side,
        Withdrawn,
    )
    from ..schemas.evidence import Evidence
    from . import Format

__all__ = ["document_of_digest", "render_digest"]

MOST_POSITIONS, MOST_DATES, MOST_CHANGES = 6, 4, 5
ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "amount": "Sum",
        "count": "Number",
        "date": "Day",
        "status": "Status",
        "giver": "Who gives",
        "speaker": "Who said it",
        "denial": "Said or denied",
        "terms": "Terms",
    }
)
_NEWS: Mapping[str, str] = MappingProxyType(
    {
        "story": "new story",
        "status": "status",
        "value": "value",
        "terms": "terms",
        "joined": "joined",
        "left": "left",
        "position": "new position",
        "answered": "answered",
    }
)
_LONGEST_ABOUT = 90


def render_digest(digest: "Digest", format: "Format") -> str:
    """The digest in one form, with a line end after the last line: "md", "text", or "json" (the contract `digest/1`).

    A lone surrogate, which no encoding can write, is an escape in JSON and U+FFFD elsewhere.
    """
    match format:
        case "md":
            return write_markdown(document_of_digest(digest))
        case "text":
            return write_plain(document_of_digest(digest, addresses=True))
        case "json":
            return write_json(digest)


def document_of_digest(digest: "Digest", addresses: bool = False) -> Document:
    """The digest as a document; with `addresses` those of the articles stand beside their titles as words, too."""
    return tuple(_blocks(digest, addresses))


def _blocks(digest: "Digest", addresses: bool) -> Iterator[Block]:
    until = _day(digest.until)
    yield Heading(1, line(f"Digest, {until}" if until else "Digest"))
    yield Paragraph(line(" · ".join([*_counts(digest), CAUTION])))
    numbers = {story.id: number for number, story in enumerate(in_order(digest), start=1)}
    if digest.corrections:
        yield Heading(2, line("Corrections first"))
        yield Bullets(tuple(_correction(each, numbers) for each in digest.corrections))
    if digest.withdrawn:
        yield Heading(2, line("Withdrawn: do not use"))
        yield Bullets(tuple(_withdrawn(each) for each in digest.withdrawn))
    if not digest.stories:
        yield Paragraph(line("Nothing to report: there is no brief of an article in this digest."))
    elif sum(len(_sources(story)) for story in digest.stories) == 1:
        yield Paragraph(line("One article from one source: there is nothing to compare it with."))
    if digest.has_previous and digest.stories:
        yield Paragraph(line(_since(digest)))
    desk = None
    for number, story in enumerate(in_order(digest), start=1):
        if digest.desks and story.desk != desk:
            desk = story.desk
            yield Heading(2, line(desk or ""))
        yield from _story(story, number, addresses, level=3 if digest.desks else 2)
    if digest.notes:
        yield Heading(2, line("Left out"))
        yield Bullets(tuple(line(note) for note in digest.notes))


def in_order(digest: "Digest") -> "tuple[DigestStory, ...]":
    """The stories as they are read: by desk, in the order of the desks, and in that of their weight within."""
    places = {name: place for place, name in enumerate(digest.desks)}
    return tuple(sorted(digest.stories, key=lambda story: places.get(story.desk or "", len(places))))


def _sources(story: "DigestStory") -> "list[DigestArticle]":
    """The articles without older versions of them."""
    return [article for article in story.articles if article.replaced_by is None]


def _correction(correction: "Correction", numbers: Mapping[str, int]) -> Line:
    name = correction.outlet or correction.title or "a source without a name"
    title = f", {clean(correction.title).strip()}" if correction.title and correction.outlet else ""
    number = numbers.get(correction.story or "")
    words = f": {_quoted(correction.words)}" if correction.words else ": corrected, as its title says"
    return line(Span(name, href=correction.url or ""), title, words, f" (story {number})" if number else "")


def _withdrawn(withdrawn: "Withdrawn") -> Line:
    title, is_whole = shortened(withdrawn.title or "an article without a title")
    outlet = clean(withdrawn.outlet or "").strip()
    copy = " (a copy)" if withdrawn.why == "copy" else ""
    return line(f"Withdrawn: {title}{'' if is_whole else ' …'}", f", {outlet}" if outlet else "", copy)


def _counts(digest: "Digest") -> Iterator[str]:
    articles = [article for story in digest.stories for article in _sources(story)]
    outlets = {article.outlet or article.id for article in articles}
    yield _many(len(digest.stories), "story", "stories")
    if articles:
        yield f"{_many(len(articles), 'article')} from {_many(len(outlets), 'source')}"
    if digest.since and digest.since != digest.until:
        yield f"published {_day(digest.since)} to {_day(digest.until)}"
    against = sum(len(story.disagreements) for story in digest.stories)
    if articles:
        yield _many(against, "contradiction") if against else "no contradiction found"


def _since(digest: "Digest") -> str:
    new = sum(any(change.kind == "story" for change in story.changes) for story in digest.stories)
    moved = sum(bool(story.changes) for story in digest.stories) - new
    when = f" of {_day(digest.compared_to)}" if digest.compared_to else ""
    told = [f"{_many(new, 'new story', 'new stories')}"] if new else []
    told += [f"{_many(moved, 'story', 'stories')} with something new"] if moved else []
    return f"Since the last digest{when}: {listed(told) if told else 'nothing new'}."


def _story(story: "DigestStory", number: int, addresses: bool, level: int) -> Iterator[Block]:
    shown = f"{number} · {clean(story.headline.text).strip()}"
    yield Heading(level, line(shown, " (disputed)" if story.headline.disputed else ""))
    yield Paragraph(line(_sources_told(story)))
    if story.disagreements:
        yield Paragraph(line(Span("Sources disagree", bold=True)))
        yield Bullets(tuple(_difference(each, story) for each in story.disagreements))
    if story.revisions:
        yield Paragraph(line(Span("Changed by the outlet itself", bold=True)))
        yield Bullets(tuple(_revision(each, story) for each in story.revisions))
    if story.summary:
        yield Paragraph(line(*(part for each in story.summary for part in _sentence(each, story))))
    if story.changes and story.changes[0].kind != "story":
        yield Paragraph(line(Span("New since the last digest", bold=True)))
        yield Bullets(tuple(_limited([_change(each, story) for each in story.changes], MOST_CHANGES)))
    if story.positions:
        yield Paragraph(line(Span("Who says what", bold=True)))
        yield Bullets(tuple(_limited([_position(each, story) for each in story.positions], MOST_POSITIONS)))
    for deal in story.deals:
        yield from _deal(deal, story)
    if story.open_questions:
        yield Paragraph(line(Span("Not known", bold=True)))
        yield Bullets(tuple(_question(each, story) for each in story.open_questions))
    if story.timeline:
        yield Paragraph(line(Span("Days", bold=True)))
        yield Bullets(tuple(_limited([_dated(each, story) for each in story.timeline], MOST_DATES)))
    if story.explained:
        yield Paragraph(line(Span("Different, and no contradiction", bold=True)))
        yield Bullets(tuple(_difference(each, story) for each in story.explained))
    yield Paragraph(line(Span("Articles", bold=True)))
    yield Bullets(tuple(_article(each, story, addresses) for each in story.articles))


def _sources_told(story: "DigestStory") -> str:
    copies = sum(article.copy_of is not None for article in story.articles)
    told = [_many(len(_sources(story)), "article"), _many(story.sources, "independent source")]
    told += [_many(copies, "copy", "copies")] if copies else []
    told += ["one source: nothing to compare"] if story.sources == 1 else []
    told += ["new since the last digest"] if any(change.kind == "story" for change in story.changes) else []
    return " · ".join(told)


def _sentence(sentence: "DigestSentence", story: "DigestStory") -> Iterator[str | Span]:
    text = clean(sentence.text).strip()
    yield f"{text}{'.' if text[-1:].isalnum() else ''} ("
    yield from _outlets([source.article for source in sentence.sources], story)
    yield ", disputed) " if sentence.disputed else ") "


def _difference(difference: "Difference", story: "DigestStory") -> Line:
    """“Sum (Fishing accord). Courier: “…”; Herald: “…””: each side's sentence, and what its words are read as."""
    parts: list[str | Span] = [Span(ABOUT[difference.kind], bold=True), f" ({_about(difference.about)}). "]
    for number, side in enumerate(difference.sides):
        parts += ["; " if number else "", _outlet(side.article, story), f": {_told(difference.kind, side)}"]
    rates = ", ".join(f"1 {rate.currency} = {rate.rate:g} {rate.base}" for rate in difference.rates)
    return line(*parts, f" [{difference.reason}{f': {rates}' if rates else ''}]")


def _about(words: str) -> str:
    about, is_whole = shortened(words)
    about = about if len(about) <= _LONGEST_ABOUT else f"{about[:_LONGEST_ABOUT].rsplit(' ', 1)[0]} …"
    return f"{about}{'' if is_whole else ' …'}"


def _told(kind: str, side: "Side") -> str:
    if kind in ("speaker", "giver", "terms"):
        return f"{clean(side.value).strip()}, {_quoted(side.sentence)}"
    return _quoted(side.sentence)


def _revision(revision: "Revision", story: "DigestStory") -> Line:
    """“Number (workers). Courier now: “…”, before: “…” (without a notice)”."""
    return line(
        Span(ABOUT[revision.kind], bold=True),
        f" ({_about(revision.about)}). ",
        _outlet(revision.now.article, story),
        f" now: {_told(revision.kind, revision.now)}, before: {_told(revision.kind, revision.before)}",
        "" if revision.has_notice else " (without a notice)",
    )


def _quoted(span: "Evidence") -> str:
    """The article's words in marks; in angle marks where there are marks in them: nobody may misread who speaks."""
    words, is_whole = shortened(span.text)
    marks = "«»" if any(mark in words for mark in '“”"„') else "“”"
    return f"{marks[0]}{words}{marks[1]}{'' if is_whole else ' […]'}"


def _change(change: "Change", story: "DigestStory") -> Line:
    text = clean(change.text).strip()
    match change.kind:
        case "status" | "value" | "terms":
            told = f"{text}: {change.after}" + (f", before: {change.before}" if change.before else "")
        case "joined" | "left":
            told = f"{text}: {change.after or change.before}"
        case "answered":
            told = f"{text} “{shortened(change.after or '')[0]}”"
        case _:
            told = text
    outlets = list(_outlets([source.article for source in change.sources], story))
    return line(Span(_NEWS[change.kind], bold=True), f": {told} (", *outlets, ")")


def _position(position: "DigestPosition", story: "DigestStory") -> Line:
    actor = story.actor(position.actor)
    name = actor.name if actor else position.actor
    claim = clean(position.claim).strip()
    parts: list[str | Span] = [Span(name, bold=True), NOT_NAMED if actor and not actor.named else ""]
    parts.append(f", {clean(actor.role).strip()}: " if actor and actor.role and actor.named else ": ")
    parts.append(f"{claim}{'.' if claim[-1:].isalnum() else ''}")
    shown: set[str] = set()
    for number, said in enumerate(position.said):
        parts += ["; " if number else " (", _outlet(said.article, story), _words(said, shown)]
    return line(*parts, ")")


def _words(said: "Said", shown: set[str]) -> str:
    """The longest quote, in the article's words; nothing if it has none."""
    quote = max(said.quotes, key=lambda each: len(each.text), default=None)
    if quote is None:
        return ""
    words = _quoted(quote)
    if words in shown:
        return ": the same words"
    shown.add(words)
    return f": {words}"


def _deal(deal: "DigestDeal", story: "DigestStory") -> Iterator[Block]:
    parties = [_party(party, story) for party in deal.parties]
    between = f" · {listed(parties)}" if parties else ""
    yield Paragraph(line(Span(f"Deal: {clean(deal.title).strip()}", bold=True), between))
    rows = tuple(_row(told, story) for told in deal.told)
    yield Table(tuple(map(line, ("source", "status", "value", "who gives what"))), rows)


def _row(told: "DealTold", story: "DigestStory") -> tuple[Line, ...]:
    terms = "; ".join(f"{_party(term.party, story) if term.party else 'not said'}: {term.gives}" for term in told.terms)
    value = told.value.text if told.value else "–"
    return line(_outlet(told.article, story)), line(told.status.replace("_", " ")), line(value), line(terms or "–")


def _party(party: str, story: "DigestStory") -> str:
    actor = story.actor(party)
    return f"{actor.name}{'' if actor.named else NOT_NAMED}" if actor else party


def _question(question: "DigestQuestion", story: "DigestStory") -> Line:
    parts: list[str | Span] = [f"{clean(question.question).strip()} ({question.kind}: "]
    parts += [*_outlets([source.article for source in question.sources], story), ")"]
    for answer in question.answers:
        parts += [" ", Span("Answered", bold=True), " by ", _outlet(answer.article, story)]
        parts.append(f": {_quoted(answer.evidence[0])}")
    return line(*parts)


def _dated(item: "DatedItem", story: "DigestStory") -> Line:
    text = clean(item.text).strip()
    outlets = list(_outlets([source.article for source in item.sources], story))
    return line(Span(_day(item.date), bold=True), f": {shortened(text)[0]} (", *outlets, ")")


def _article(article: "DigestArticle", story: "DigestStory", addresses: bool) -> Line:
    span = Span(article.title or article.outlet or "without a title", href=article.url or "")
    facts = [article.outlet or "" if article.title else "", _day(article.published)]
    told = "".join(f", {fact}" for fact in facts if fact)
    original = story.article(article.copy_of) if article.copy_of else None
    copy = f" · a copy of {_name(original)}" if original else ""
    copy += " · replaced by a newer version" if article.replaced_by else ""
    warned = "".join(f" · {warning}" for warning in article.warnings)
    return line(span, told, copy, warned, f" · {span.href}" if addresses and span.href else "")


def _outlets(articles: Sequence[str], story: "DigestStory") -> Iterator[str | Span]:
    for number, article in enumerate(dict.fromkeys(articles)):
        yield ", " if number else ""
        yield _outlet(article, story)


def _outlet(reference: str, story: "DigestStory") -> Span:
    """The name of an article's outlet, leading to the article; two of one outlet are told apart by their titles."""
    article = story.article(reference)
    if article is None:
        return Span("an earlier article")
    alike = [each for each in _sources(story) if _name(each) == _name(article)]
    beside = f" ({clean(article.title or '').strip()[:40]})" if len(alike) > 1 and article.title else ""
    return Span(f"{_name(article)}{beside}", href=article.url or "")


def _name(article: "DigestArticle") -> str:
    return article.outlet or article.title or "a source without a name"


def _limited(lines: Sequence[Line], most: int) -> list[Line]:
    more = len(lines) - most
    return [*lines[:most], line(f"and {more} more, in the JSON")] if more > 0 else list(lines)


def _many(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"


def _day(published: str | None) -> str:
    """A date as newspapers write it, where it is ISO 8601; any other as it stands."""
    try:
        day = date.fromisoformat((published or "")[:10])
    except ValueError:
        return published or ""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
