"""Lays a digest out for an editor with three minutes: of each story first where sources disagree, then what they say.

What is left out for room is counted where it is left out; JSON has all of it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..schemas.digest import AT_ODDS
from .cleaning import clean
from .document import Block, Bullets, Document, Heading, Line, Paragraph, Part, Span, Table, line, listed
from .glance import (
    ABOUT,
    LISTED_FROM,
    NEWS,
    counts,
    cut,
    day_of,
    headline_of,
    many,
    since_told,
    sources_of,
    stories_listed,
    subject_of,
)
from .markdown import write_markdown
from .notices import notices_told
from .plain import write_plain
from .quotes import marks_pair_up, quoted, shortened
from .sections import CAUTION, NOT_NAMED
from .structured import write_json

if TYPE_CHECKING:
    from ..schemas.digest import (
        Change,
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
    )
    from ..schemas.evidence import Evidence
    from . import DigestFormat

__all__ = ["document_of_digest", "parts_of_digest", "render_digest", "subject_of"]

MOST_POSITIONS, MOST_DATES, MOST_CHANGES, MOST_NOTES = 6, 4, 5, 20
MOST_OUTLETS = 4  # named beside one sentence
MOST_SIDES = 3  # of those that say the same in a contradiction, shown with their words
_NONE = line("–")
_LONGEST_ABOUT, _LONGEST_NAME, _LONGEST_TITLE, _LONGEST_NOTE = 90, 60, 160, 240  # characters
NOTHING = "Nothing to report: there is no brief of an article in this digest."
ALONE = "One article from one source: there is nothing to compare it with."


def render_digest(digest: "Digest", format: "DigestFormat", address: str | None = None) -> str:
    """The digest in one form, with a line end after the last line.

    "md", "text"; "json" (the contract `digest/1`); "html", one page for mail, smaller than 102,000 bytes in UTF-8,
    which says what it leaves out; or "atom", a feed with an entry a story. `address` is where the feed will be. A lone
    surrogate, which no encoding can write, is an escape in JSON and U+FFFD elsewhere.
    """
    match format:
        case "md":
            return write_markdown(document_of_digest(digest))
        case "text":
            return write_plain(document_of_digest(digest, addresses=True))
        case "json":
            return write_json(digest)
        case "html":
            from .page import write_page  # noqa: PLC0415 - lxml, for the two forms that are markup

            return write_page(digest, parts_of_digest(digest))
        case "atom":
            from .feed import write_feed  # noqa: PLC0415

            return write_feed(digest, parts_of_digest(digest), address)


def document_of_digest(digest: "Digest", addresses: bool = False) -> Document:
    """The digest as a document; with `addresses` those of the articles stand beside their titles as words, too."""
    return tuple(block for part in parts_of_digest(digest, addresses) for block in part.blocks)


def parts_of_digest(digest: "Digest", addresses: bool = False) -> tuple[Part, ...]:
    """The digest as the parts of a page, those of a story together, in the order in which an editor needs them."""
    parts = [Part(tuple(_front(digest)))]
    desk = None
    for number, story in enumerate(digest.stories, start=1):
        # A desk's heading is above its first story, and goes where that goes.
        above = (Heading(2, line(cut(story.desk, _LONGEST_NAME))),) if story.desk and story.desk != desk else ()
        desk = story.desk
        parts += _story(story, number, addresses, above)
    if digest.notes:
        notes = _limited([line(cut(note, _LONGEST_NOTE)) for note in digest.notes], MOST_NOTES)
        parts.append(Part((Heading(2, line("Left out")), Bullets(tuple(notes)))))
    return tuple(parts)


def _front(digest: "Digest") -> Iterator[Block]:
    until = day_of(digest.until)
    yield Heading(1, line(f"Digest, {until}" if until else "Digest"))
    yield Paragraph(line(" · ".join([*counts(digest), CAUTION])), quiet=True)
    yield from notices_told(digest)
    if not digest.stories:
        yield Paragraph(line(NOTHING))
    elif sum(len(sources_of(story)) for story in digest.stories) == 1:
        yield Paragraph(line(ALONE))
    if digest.has_previous and digest.stories:
        yield Paragraph(line(since_told(digest)))
    if len(digest.stories) >= LISTED_FROM:
        if digest.corrections or digest.withdrawn:  # else it stands below the counts, and says for itself what it is
            yield Heading(2, line("Stories"))
        yield Bullets(tuple(stories_listed(digest)))


def _story(story: "DigestStory", number: int, addresses: bool, above: Document = ()) -> Iterator[Part]:
    """The parts of a story; what an editor can best do without stands last."""
    disputed = Span("Disputed: ", bold=True) if story.headline.disputed else ""
    heading = Heading(2, line(f"{number} · ", disputed, headline_of(story)), anchor=f"story-{number}")
    yield Part((*above, heading, Paragraph(_sources_told(story), quiet=True)), number)
    if story.disagreements:
        yield Part(tuple(_disagreements(story)), number, "where sources disagree")
    if story.revisions:
        changed = _listed("Changed by the outlet itself", [_revision(each, story) for each in story.revisions])
        yield Part(changed, number, "what an outlet has changed")
    if story.summary:
        # Below the contradictions it needs a heading of its own, not to be read as part of them.
        title = (Heading(3, line("The story")),) if story.disagreements or story.revisions else ()
        yield Part((*title, Bullets(tuple(_sentence(each, story) for each in story.summary))), number, "the story")
    yield from (Part(tuple(blocks), number, name) for name, blocks in _lower_parts(story, addresses))


def _lower_parts(story: "DigestStory", addresses: bool) -> Iterator[tuple[str, Iterable[Block]]]:
    if story.changes and story.changes[0].kind != "story":
        changes = [_change(each, story) for each in story.changes]
        yield "what is new", _listed("New since the last digest", _limited(changes, MOST_CHANGES))
    if story.positions:
        said = [
            _position(each, story, is_first=all(each.actor != other.actor for other in story.positions[:place]))
            for place, each in enumerate(story.positions)
        ]
        yield "who says what", _listed("Who says what", _limited(said, MOST_POSITIONS))
    for deal in story.deals:
        yield "a deal", _deal(deal, story)
    if story.open_questions:
        yield "what is not known", _listed("Not known", [_question(each, story) for each in story.open_questions])
    if story.timeline:
        yield "days", _listed("Days", _limited([_dated(each, story) for each in story.timeline], MOST_DATES))
    if story.explained:
        told = [_explained(each, story) for each in story.explained]
        yield "differences that are no contradictions", _listed("Different, and no contradiction", told)
    yield "the list of articles", _listed("Articles", [_article(each, story, addresses) for each in story.articles])


def _listed(title: str, lines: Sequence[Line]) -> tuple[Block, ...]:
    return Heading(3, line(title)), Bullets(tuple(lines))


def _sources_told(story: "DigestStory") -> Line:
    copies = sum(article.copy_of is not None for article in story.articles)
    against = len(story.disagreements)
    told: list[str | Span] = [
        many(len(sources_of(story)), "article"),
        f" · {many(story.sources, 'independent source')}",
    ]
    told += [f" · {many(copies, 'copy', 'copies')}"] if copies else []
    told += [" · ", Span(many(against, "contradiction"), bold=True)] if against else []
    told += [" · one source: nothing to compare"] if story.sources == 1 and not story.disagreements else []
    told += [" · new since the last digest"] if any(change.kind == "story" for change in story.changes) else []
    return line(*told)


def _sentence(sentence: "DigestSentence", story: "DigestStory") -> Line:
    text = clean(sentence.text).strip()
    disputed = Span("Disputed: ", bold=True) if sentence.disputed else ""
    outlets = _outlets([source.article for source in sentence.sources], story)
    return line(disputed, f"{text}{'.' if text[-1:].isalnum() else ''} (", *outlets, ")")


def _disagreements(story: "DigestStory") -> Iterator[Block]:
    """Each contradiction with its sides below each other, those that say the same together."""
    yield Heading(3, line(f"Sources disagree: {AT_ODDS}"), marked=True)
    for difference in story.disagreements:
        why = "" if difference.reason == AT_ODDS or difference.rates else f" ({difference.reason})"
        yield Paragraph(line(*_about(difference.kind, difference.about), why, _rates(difference)), marked=True)
        yield Bullets(tuple(_sides(difference, story)), marked=True)


def _about(kind: str, matter: str) -> Iterator[str | Span]:
    about, is_whole = shortened(matter)
    shown = cut(about, _LONGEST_ABOUT)
    yield Span(ABOUT[kind], bold=True)
    yield f" · {shown}{'' if is_whole or shown != about else ' …'}"


def _rates(difference: "Difference") -> str:
    rates = ", ".join(f"1 {rate.currency} = {rate.rate:g} {rate.base}" for rate in difference.rates)
    return f" ({difference.reason}: {rates})" if rates else ""


def _sides(difference: "Difference", story: "DigestStory") -> Iterator[Line]:
    """A line a side; of those that say the same, the ones beyond MOST_SIDES share a line without their words."""
    for value in dict.fromkeys(side.value for side in difference.sides):
        alike = [side for side in difference.sides if side.value == value]
        for side in alike[:MOST_SIDES]:
            yield line(_outlet(side.article, story), *_told(difference.kind, side))
        if alike[MOST_SIDES:]:
            yield line("the same: ", *_outlets([side.article for side in alike[MOST_SIDES:]], story))


def _revision(revision: "Revision", story: "DigestStory") -> Line:
    """“Number · workers. Courier now: “…”; before: “…” (without a notice)”."""
    now, before = (_told(revision.kind, side) for side in (revision.now, revision.before))
    quiet = "" if revision.has_notice else " (without a notice)"
    outlet = _outlet(revision.now.article, story)
    return line(*_about(revision.kind, revision.about), ". ", outlet, " now", *now, "; before", *before, quiet)


def _explained(difference: "Difference", story: "DigestStory") -> Line:
    parts: list[str | Span] = [
        *_about(difference.kind, difference.about),
        ": ",
        difference.reason if not difference.rates else "",
    ]
    parts.append(_rates(difference).removeprefix(" (").removesuffix(")"))
    for number, side in enumerate(difference.sides[: 2 * MOST_SIDES]):
        parts += ["; " if number else ". ", _outlet(side.article, story), *_told(difference.kind, side)]
    more = len(difference.sides) - 2 * MOST_SIDES
    return line(*parts, f"; and {many(more, 'other')}" if more > 0 else "")


def _told(kind: str, side: "Side") -> Iterator[str | Span]:
    """What a side says: its sentence, the words in question in bold; before it a name or state that is in question."""
    if kind not in ("speaker", "giver", "status", "denial", "terms"):
        yield ": "
        yield from _with_bold(side.sentence, side.words)
        return
    yield from (" (", Span(cut(side.value.replace("_", " "), _LONGEST_NAME), bold=True), "): ")
    words, is_whole = shortened(side.sentence.text)
    if kind == "speaker" and is_whole and re.search("[“”]", words) and marks_pair_up(words):
        yield words  # the sentence has the quotation in its own marks, and needs none around them
    else:
        yield quoted(side.sentence)


def _with_bold(sentence: "Evidence", words: "Evidence") -> Iterator[str | Span]:
    """The sentence in its marks, those words in bold, unless they are the whole or are not shown."""
    shown = quoted(sentence)
    before = clean(sentence.text[: words.start - sentence.start]).lstrip()
    inside = clean(sentence.text[words.start - sentence.start : words.end - sentence.start]).rstrip()
    start, end = 1 + len(before), 1 + len(before) + len(inside)  # after the opening mark
    is_whole = not before and shown[end : end + 1] in ("”", "»")
    if shown[1:end] == f"{before}{inside}" and not is_whole:
        yield from (shown[:start], Span(inside, bold=True), shown[end:])
    else:
        yield shown


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
    outlets = _outlets([source.article for source in change.sources], story)
    return line(Span(NEWS[change.kind], bold=True), f": {told} (", *outlets, ")")


def _position(position: "DigestPosition", story: "DigestStory", *, is_first: bool) -> Line:
    """What an actor holds and who tells it: with the office where he is `is_first` named, and no words twice."""
    actor = story.actor(position.actor)
    name = actor.name if actor else position.actor
    claim = clean(position.claim).strip()
    parts: list[str | Span] = [Span(cut(name, _LONGEST_NAME), bold=True)]
    parts.append(NOT_NAMED if actor and not actor.named else "")
    office = actor.role if actor and actor.named and is_first else None
    parts.append(f", {cut(office, _LONGEST_ABOUT)}: " if office else ": ")
    parts.append(f"{claim}{'.' if claim[-1:].isalnum() else ''}")
    by_words: dict[str, list[str]] = {}
    for said in position.said:
        words = _words(said)
        is_told = words and re.search(rf"[“\"«]{re.escape(words[1:-1])}[,.;]?[”\"»]", claim)
        by_words.setdefault("" if is_told else words, []).append(said.article)
    for number, (words, articles) in enumerate(by_words.items()):
        parts += ["; " if number else " (", *_outlets(articles, story), f": {words}" if words else ""]
    return line(*parts, ")")


def _words(said: "Said") -> str:
    """The longest quote, in the article's words; nothing if it has none."""
    quote = max(said.quotes, key=lambda each: len(each.text), default=None)
    return quoted(quote) if quote else ""


def _deal(deal: "DigestDeal", story: "DigestStory") -> Iterator[Block]:
    """The deal as each source has it; sources that have it alike share a row."""
    yield Heading(3, line(f"Deal: {cut(deal.title, _LONGEST_TITLE)}"))
    if deal.parties:
        yield Paragraph(line(f"Parties: {listed([_party(party, story) for party in deal.parties])}"))
    alike: dict[tuple[Line, ...], list[str]] = {}
    for told in deal.told:
        alike.setdefault(_terms(told, story), []).append(told.article)
    head = ("status", "value", "who gives what")
    # A column in which no source has anything is no column.
    kept = [place for place in range(3) if place == 0 or any(cells[place] != _NONE for cells in alike)]
    rows = [(line(*_outlets(each, story)), *(cells[place] for place in kept)) for cells, each in alike.items()]
    yield Table((line("source"), *(line(head[place]) for place in kept)), tuple(rows))


def _terms(told: "DealTold", story: "DigestStory") -> tuple[Line, ...]:
    """Status, value, and what each party gives."""
    given: dict[str, list[str]] = {}
    for term in told.terms:
        given.setdefault(_party(term.party, story) if term.party else "not said", []).append(clean(term.gives).strip())
    terms = line("; ".join(f"{party}: {listed(what)}" for party, what in given.items())) if given else _NONE
    return line(told.status.replace("_", " ")), line(told.value.text) if told.value else _NONE, terms


def _party(party: str, story: "DigestStory") -> str:
    actor = story.actor(party)
    return f"{cut(actor.name, _LONGEST_NAME)}{'' if actor.named else NOT_NAMED}" if actor else party


def _question(question: "DigestQuestion", story: "DigestStory") -> Line:
    parts: list[str | Span] = [f"{clean(question.question).strip()} ({question.kind}: "]
    parts += [*_outlets([source.article for source in question.sources], story), ")"]
    for answer in question.answers:
        parts += [" ", Span("Answered", bold=True), " by ", _outlet(answer.article, story)]
        parts.append(f": {quoted(answer.evidence[0])}")
    return line(*parts)


def _dated(item: "DatedItem", story: "DigestStory") -> Line:
    outlets = _outlets([source.article for source in item.sources], story)
    return line(Span(day_of(item.date), bold=True), f": {shortened(item.text)[0]} (", *outlets, ")")


def _article(article: "DigestArticle", story: "DigestStory", addresses: bool) -> Line:
    span = Span(cut(article.title or article.outlet or "", _LONGEST_TITLE) or "without a title", href=article.url or "")
    facts = [
        cut(article.outlet or "" if article.title else "", _LONGEST_NAME),
        day_of(article.day or article.published),
    ]
    told = "".join(f", {fact}" for fact in facts if fact)
    original = story.article(article.copy_of) if article.copy_of else None
    copy = f" · a copy of {cut(_name(original), _LONGEST_NAME)}" if original else ""
    copy += " · replaced by a newer version" if article.replaced_by else ""
    warned = "".join(f" · {cut(warning, _LONGEST_NOTE)}" for warning in article.warnings)
    return line(span, told, copy, warned, f" · {span.href}" if addresses and span.href else "")


def _outlets(articles: Sequence[str], story: "DigestStory") -> Iterator[str | Span]:
    """The outlets of articles, each once and leading to its article; the last ones are counted if they are many."""
    each = list(dict.fromkeys(articles))
    for number, article in enumerate(each[:MOST_OUTLETS]):
        yield ", " if number else ""
        yield _outlet(article, story)
    if each[MOST_OUTLETS:]:
        yield f" and {many(len(each) - MOST_OUTLETS, 'other')}"


def _outlet(reference: str, story: "DigestStory") -> Span:
    """The name of an article's outlet, leading to the article; two of one outlet are told apart by their titles."""
    article = story.article(reference)
    if article is None:
        return Span("an earlier article")
    alike = [each for each in sources_of(story) if _name(each) == _name(article)]
    beside = f" ({cut(article.title, 40)})" if len(alike) > 1 and article.title else ""
    return Span(f"{cut(_name(article), _LONGEST_NAME)}{beside}", href=article.url or "")


def _name(article: "DigestArticle") -> str:
    return article.outlet or article.title or "a source without a name"


def _limited(lines: Sequence[Line], most: int) -> list[Line]:
    more = len(lines) - most
    return [*lines[:most], line(f"and {more} more, in the JSON")] if more > 0 else list(lines)
