"""Lays a brief out for a reader: what stands where, and in what words."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .account import account_of, dropped_items
from .cleaning import clean
from .document import Block, Bullets, Document, Heading, Line, Paragraph, Span, Table, line, listed
from .quotes import MOST_QUOTES, shown_quotes

if TYPE_CHECKING:
    from ..schemas.article import Article
    from ..schemas.brief import Actor, Brief, Deal, Position

WORDS_A_MINUTE = 238  # silent reading of English non-fiction by adults: Brysbaert 2019, a review of 190 studies
CAUTION = "made by a machine: check before use"
NOT_NAMED = " (not named)"  # beside a source or party of whom the article gives no name, wherever one is shown
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
# The sections of a model's answer that a section of the brief is made of.
PROPOSED = {"positions": ("quoted", "reported", "positions"), "deals": ("deals",)}
# An article may call an actor so, but at the beginning of a claim it names nobody.
PRONOUNS = frozenset({"he", "she", "it", "they", "we", "you", "his", "her", "its", "their", "our", "this", "that"})
_TITLE_WORDS = 5  # "the Prime Minister of Norland", before the name
_NEAR = 120  # characters of a claim in which its subject stands


def document_of(brief: "Brief") -> Document:
    """The brief as a document: headline, summary, who, who says what, deals, what is not known, how it was made."""
    return tuple(_blocks(brief))


def _blocks(brief: "Brief") -> Iterator[Block]:
    yield Heading(1, line(brief.headline.text))
    yield Paragraph(line(" · ".join(_origin(brief.article))))
    summary = " ".join(clean(sentence.text).strip() for sentence in brief.summary)
    if summary.strip():
        yield Paragraph(line(summary))
    if brief.actors:
        yield Heading(2, line("Who"))
        yield Bullets(tuple(map(_actor, brief.actors)))
    yield Heading(2, line("Who says what"))
    if brief.positions:
        yield Bullets(tuple(_position(position, brief) for position in _by_actor(brief.positions)))
    else:
        yield Paragraph(line(_nothing("positions", "No position found in the article.", brief)))
    yield Heading(2, line("On the table"))
    if not brief.deals:
        yield Paragraph(line(_nothing("deals", "No deal found in the article.", brief)))
    for deal in brief.deals:
        yield from _deal(deal, brief)
    if brief.open_questions:
        yield Heading(2, line("Not known"))
        yield Bullets(tuple(line(f"{entry.question} ({entry.kind})") for entry in brief.open_questions))
    days = "; ".join(_days(brief))
    if days:
        yield Paragraph(line(f"Days: {days}"))
    if brief.article.warnings:
        yield Heading(2, line("Warnings"))
        yield Bullets(tuple(line(warning) for warning in brief.article.warnings))
    yield Paragraph(line(account_of(brief)))


def _days(brief: "Brief") -> Iterator[str]:
    """“Tuesday” is 12 May 2031, of each word that a reader sees; one that means two days is not explained."""
    shown = " ".join(
        [
            brief.headline.text,
            *(each.text for each in brief.summary),
            *(text for each in brief.positions for text in (each.claim, *(quote.text for quote in each.quotes))),
            *(each.question for each in brief.open_questions),
        ]
    )
    meant: dict[str, set[str]] = {}
    for each in brief.dates:
        meant.setdefault(each.text, set()).add(each.date)
    for word, days in meant.items():
        if len(days) == 1 and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", shown):
            yield f"“{clean(word)}” is {_day(*days)}"


def _nothing(section: str, otherwise: str, brief: "Brief") -> str:
    """What stands for an empty section: it is not the article that lacks what the checks took out."""
    dropped = len(dropped_items(brief.audit.findings, PROPOSED[section]))
    return f"None that passed the checks; {dropped} dropped, see the last line." if dropped else otherwise


def _origin(article: "Article") -> Iterator[str]:
    """Where the article is from, how long it takes to read, and that a machine has read it."""
    known = [article.source or _host(article.url) or article.title, _day(article.published)]
    if any(known):
        yield ", ".join(part for part in known if part)
    yield f"{max(1, round(len(article.text.split()) / WORDS_A_MINUTE))}-minute read"
    yield CAUTION


def _host(url: str | None) -> str:
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:  # no address that can be read has no host to show
        return ""


def _day(published: str | None) -> str:
    """A date as newspapers write it, where the article gives it as ISO 8601; any other as it stands."""
    try:
        day = date.fromisoformat((published or "")[:10])
    except ValueError:
        return published or ""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _actor(actor: "Actor") -> Line:
    return line(_bold(actor.name), _unnamed(actor), *(f", {fact}" for fact in _facts(actor)))


def _facts(actor: "Actor") -> Iterator[str]:
    """Role and affiliation, as far as the name and each other do not say them too."""
    name = re.escape(clean(actor.name).strip())
    beside = re.compile(rf"^{name}(?!\w)[\s,:–—-]*|[\s,:–—-]*(?<!\w){name}$", re.IGNORECASE)
    role, affiliation = (beside.sub("", clean(fact or "").strip()) for fact in (actor.role, actor.affiliation))
    named, is_, belongs = _words(actor.name), _words(role), _words(affiliation)
    if not is_ <= named and not is_ < belongs:
        yield role
    if not belongs <= named and not belongs <= is_:
        yield affiliation


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _by_actor(positions: "Iterable[Position]") -> "list[Position]":
    """The positions of one actor together, actors in the order in which they come first."""
    groups: dict[str, list[Position]] = {}
    for position in positions:
        groups.setdefault(position.actor, []).append(position)
    return [position for group in groups.values() for position in group]


def _position(position: "Position", brief: "Brief") -> Line:
    claim = clean(position.claim).strip()
    claim += "." if claim[-1:].isalnum() else ""
    # A claim in the speaker's own words has its quotation in it.
    more = [quote for quote in position.quotes if f"“{clean(quote.text).strip(' ,')}" not in claim]
    told = line(*_told(position.actor, claim, brief), *(f" {quote}" for quote in shown_quotes(more)))
    translated = [clean(each).strip() for each in position.translations if each]
    return line(*told, f" [machine translation: {' … '.join(translated[:MOST_QUOTES])}]") if translated else told


def _told(reference: str, claim: str, brief: "Brief") -> Line:
    """The claim with its actor in bold at the beginning: the claim's own words for the actor, else the name before."""
    actor = brief.actor(reference)
    if actor is None:
        return line(_bold(reference), f": {claim}")
    found = _subject(claim, _forms(actor))
    if found is None:
        return line(_bold(actor.name), _unnamed(actor), f": {claim}")
    start, end = found
    after = re.match(r"[’'](?:s\b)?|", claim[end:])  # the officials’ plan
    owner = after[0] if after else ""
    return line(claim[:start], _bold(claim[start:end]), owner, _unnamed(actor), claim[end + len(owner) :])


def _forms(actor: "Actor") -> list[str]:
    """The actor's names, the longest first; the last word of a person's full name is one of them, a pronoun is none."""
    forms = {clean(name).strip() for name in (actor.name, *actor.aliases)}
    if actor.kind == "person" and actor.named:
        forms.update(clean(actor.name).split()[-1:])
    # "IT" may be a department.
    names = [form for form in forms if form and (form.isupper() or form.lower() not in PRONOUNS) and form != "I"]
    return sorted(names, key=lambda form: (-len(form), form))


def _subject(claim: str, forms: Iterable[str]) -> tuple[int, int] | None:
    """Where one of the forms stands at the beginning of the claim, after a title at most."""
    for form in forms:
        found = re.search(rf"(?<!\w){re.escape(form)}(?!\w)", claim[:_NEAR], re.IGNORECASE)
        if found and _is_title(claim[: found.start()]):
            return found.span()
    return None


def _is_title(words: str) -> bool:
    """Whether words before a name can be its title: none, or some with capitals, such as "Prime Minister"."""
    title = words.split()
    return len(title) <= _TITLE_WORDS and all(
        word.lower() in ("the", "of") or (word[0].isupper() and word.replace("-", "").isalpha()) for word in title
    )


def _deal(deal: "Deal", brief: "Brief") -> Iterator[Block]:
    status = deal.status.replace("_", " ")
    yield Paragraph(line(_bold(deal.title), f" · {status}", f" · {deal.value.text}" if deal.value else ""))
    if deal.terms:
        yield Table(
            head=(line("gives"), line("what")),
            rows=tuple((line(_party(term.party, brief)), line(term.gives)) for term in deal.terms),
        )
    giving = {term.party for term in deal.terms}
    silent = [_party(party, brief) for party in deal.parties if party not in giving]
    if silent:
        told = f"Also {'a party' if len(silent) == 1 else 'parties'}" if deal.terms else "No terms shown. Parties"
        yield Paragraph(line(f"{told}: {listed(silent)}"))


def _party(party: str | None, brief: "Brief") -> str:
    if party is None:
        return "not said"
    actor = brief.actor(party)
    if actor is None:
        return f"{party}{NOT_NAMED if _is_description(party) else ''}"
    return f"{actor.name}{_unnamed(actor)}"


def _is_description(party: str) -> bool:
    """Whether a party that is on no list is only described: "a pilot from Norland", or no capital in its last word."""
    words = party.split() or [""]
    return words[0] in ("a", "an") or (words[-1][:1].islower() and words[-1] == words[-1].lower())


def _bold(words: str) -> Span:
    return Span(words.strip(), bold=True)


def _unnamed(actor: "Actor") -> str:
    return "" if actor.named else NOT_NAMED
