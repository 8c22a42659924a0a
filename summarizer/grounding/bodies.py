"""Governments and organisations that an article names, the most spoken of first."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ..schemas.evidence import Evidence
from .context import ArticleContext, once
from .cues import cues
from .mentions import Word, folded, is_generic, mentions_of, split_parts, without_openers, words_of, words_within
from .nameindex import countries
from .roles import Role, role_of
from .tokens import name_words
from .wordlists import word_set

# Unions that the table of countries lists because news gives them adjectives and seats, by their folded forms.
_UNIONS = {
    "united nations": "United Nations",
    "un": "United Nations",
    "european union": "European Union",
    "eu": "European Union",
    "african union": "African Union",
}
_REGIONS = frozenset((
    "Africa", "Antarctica", "Arctic", "Asia", "Balkans", "Baltics", "Caribbean", "Caucasus", "Central America",
    "Europe", "Latin America", "Middle East", "Nordic countries", "North America", "Scandinavia",
    "Siberia", "South America",
))  # fmt: skip
# In the table for their adjectives; nobody who acts.
_FAITHS = frozenset({"Buddhism", "Catholicism", "Christianity", "Hinduism", "Islam", "Judaism"})
# A short form in brackets after a name: "the Marl Herring Board (MHB)".
# "state news agency Marl Wire", "The group, Herring Boats of Marl,".
_DESCRIBED = re.compile(r"(?<![\w-])((?:[Tt]he )?([a-z-]+),? )\Z")
_LONGEST_KIND = 24
_SHORT_FORM = re.compile(r" \(([A-Z][A-Za-z.]{1,8})\)")


@dataclass(frozen=True, slots=True)
class Body:
    """A government or organisation: the name as the article has it, and its other forms.

    `mentions` are all of them, adjectives and seats included, in the order of the text. `first` is the first one as the
    subject of a verb if the body `acts`, else the first of its name. `governs`: it has an office or a parliament.
    `called` is a description that stands for the name ("the group"), empty if there is none. `role` is what the article
    says it is or does; None if it tells nothing, or if nobody looked.
    """

    name: str
    kind: Literal["government", "organisation", "group"]
    aliases: tuple[str, ...]
    first: Evidence
    acts: bool
    governs: bool
    mentions: tuple[Evidence, ...]
    called: str = ""
    role: Role | None = None

    @property
    def times(self) -> int:
        """How often it is mentioned."""
        return len(self.mentions)


@dataclass(frozen=True, slots=True)
class _Sighting:
    """One run of capitalised words; `governs`: an office or parliament beside it is its own."""

    run: tuple[Word, ...]
    following: str
    span: Evidence
    governs: bool
    short: str
    described: str


def find_bodies(text: str, sentences: Sequence[Evidence], people: Collection[str]) -> list[Body]:
    """Bodies named in the sentences, those named most often first; `people` are words of people's names, left out.

    A country stands for its government, whatever form names it (Norland, the Norlanders, its capital), and only if
    its own name is among the forms. Offsets are code points into `text`.
    """
    words = words_of(text)
    sightings = [each for sentence in sentences for each in _sightings(text, sentence, words)]
    found = _Found(people, sightings)
    for sighting in sightings:
        found.take(sighting)
    return sorted(found.bodies(), key=lambda body: (-body.times, body.first.start))


def _sightings(text: str, sentence: Evidence, whole: Sequence[Word]) -> Iterator[_Sighting]:
    words = words_within(whole, text, sentence.start, sentence.end)
    places = {word.start: index for index, word in enumerate(words)}
    for mention in mentions_of(words):
        runs = _runs(text, without_openers(mention.words))
        for run in runs:
            if run is runs[-1] and mention.following in word_set("contests") and _country(run, ()) == (None, False):
                continue
            # The verb is a body's own if nothing else can be its subject: no person beside it, no comma between.
            stands_alone = len(runs) == 1 and text[run[-1].end : run[-1].end + 1] == " "
            # Nor is what a preposition governs: "herring from Norland is cheap".
            ahead = [word.folded for word in words[max(0, places[run[0].start] - 2) : places[run[0].start]]]
            governed = not cues().prepositions.isdisjoint(ahead[-1:] if ahead[-1:] != ["the"] else ahead[:1])
            following = mention.following if stands_alone and not governed else ""
            span = Evidence.of(text, run[0].start, _end(text, run[-1]))
            short = _SHORT_FORM.match(text, span.end)
            governs = _governs(words, places[run[0].start], places[run[-1].start])
            before = text[max(sentence.start, span.start - _LONGEST_KIND) : span.start]
            described = _DESCRIBED.search(before)
            kind = described.group(1) if described and described.group(2) in word_set("kinds_of_body") else ""
            yield _Sighting(run, following, span, governs, folded(short.group(1)) if short else "", kind.rstrip(", "))


@once
def bodies_of(context: ArticleContext) -> tuple[Body, ...]:
    """Those of an English article, outside of adverts. What names one elsewhere is not known."""
    if context.reading is not None:
        return ()
    spoken_of = {word for person in context.people for mention in person.mentions for word in mention.text.split()}
    found = find_bodies(context.read, context.sentences, spoken_of)
    return tuple(replace(body, role=role_of(context, body.mentions, (body.name, *body.aliases))) for body in found)


class _Found:
    """What has been found so far. A form is taken for a body's once, somewhere, the text has told that it is one."""

    def __init__(self, people: Collection[str], sightings: Iterable[_Sighting]) -> None:
        self._people = frozenset(map(folded, people))
        self._own_names = {name for each in sightings for name, is_name in [_country(each.run, ())] if name and is_name}
        self._spans: dict[str, list[Evidence]] = defaultdict(list)
        self._names: dict[str, list[str]] = defaultdict(list)
        self._governments: set[str] = set()
        self._acting: dict[str, Evidence] = {}
        self._governing: set[str] = set()
        self._called: dict[str, str] = {}
        self._longer: dict[str, str] = {}

    def take(self, seen: _Sighting) -> None:
        """Note one run of capitalised words."""
        run, span = seen.run, seen.span
        known, is_name = _country(run, self._own_names)
        if known in _FAITHS:
            return
        key = known or " ".join(word.folded for word in run)
        self._spans[key].append(span)
        if seen.following in word_set("acts"):
            self._acting.setdefault(key, span)
        owned = seen.governs and not any(word.folded in self._people for word in run)
        if owned:
            self._governing.add(key)
        if (known or owned) and key not in word_set("sides"):
            self._governments.add(key)
        is_person = any(word.folded in self._people for word in run)
        is_described = bool(seen.described) and not is_person and not any(is_generic(word) for word in run)
        if is_name or owned or (not known and (is_described or _is_body(run, seen.following, self._people))):
            self._names[key].append(span.text)
            if is_described and seen.described.startswith(("The ", "the ")):
                self._called[key] = seen.described
            if seen.short and not known:
                self._longer[seen.short] = key

    def bodies(self) -> Iterator[Body]:
        """All of them; a government only if it acts or is named more than once, a region only if it acts."""
        self._join_short_forms()
        for key, names in self._names.items():
            spans = sorted(self._spans[key], key=lambda span: span.start)
            is_government = key in self._governments and key not in _UNIONS.values()
            if is_government and key not in self._acting and (len(spans) == 1 or key in _REGIONS):
                continue
            # A dateline is in capitals, and is where the article was written; "U.S." is a name only for want of one.
            plain = [each for each in names if not each.endswith(".") and not (" " in each and each.isupper())]
            name = (plain or names)[0]
            yield Body(
                name=name,
                kind="group" if key in _REGIONS else "government" if is_government else "organisation",
                aliases=tuple(dict.fromkeys(span.text for span in spans if span.text != name)),
                first=self._acting.get(key) or next(span for span in spans if span.text == name),
                acts=key in self._acting,
                governs=key in self._governing,
                mentions=tuple(spans),
                called=self._called.get(key, ""),
            )

    def _join_short_forms(self) -> None:
        """Put "the Herring Board" with the Marl Herring Board, and a short form with the name that it stands behind."""
        named = [key for key in self._names if " " in key and key not in self._governments]
        for short in list(self._spans):
            # "The Church" is the Church of Marl, "the Herring Board" the Marl Herring Board.
            longer = [
                key
                for key in named
                if (" " in short and key.endswith(f" {short}"))
                or (short in word_set("bodies") and key.startswith(f"{short} of "))
            ]
            key = longer[0] if len(longer) == 1 else self._longer.get(short)
            if key is None or key == short or short in _UNIONS.values():
                continue
            self._spans[key] += self._spans.pop(short)
            self._names.pop(short, None)
            if short in self._acting:
                self._acting.setdefault(key, self._acting.pop(short))


def _runs(text: str, words: tuple[Word, ...]) -> list[tuple[Word, ...]]:
    """The names in a run, cut apart where an office or a hyphen joins two: Prime Minister Ada Berg of Norland."""
    if any(word.folded in name_words().titles for word in words):
        return [part for each in split_parts(words) if (part := _without_office(each, words))]
    pairs = [
        (one, other)
        for one, other in pairwise(words)
        if text[one.end : other.start] == "-" and _country((one,), ())[0] and _country((other,), ())[0]
    ]
    if pairs:
        return [(word,) for pair in pairs for word in pair]
    if len(words) > 2 and words[1].folded == "of" and (words[0].opens or words[0].folded == "government"):
        # "Membership of the European Union" at the head of a sentence, "Government of Norland" anywhere.
        rest = words[3:] if words[2].folded == "the" else words[2:]
        if words[0].folded not in word_set("bodies") - {"government"} and rest and _country(rest, ())[0]:
            return [rest]
    while words and words[-1].folded in word_set("no_bodies"):
        words = words[:-1]
    return [words] if words else []


def _without_office(part: tuple[Word, ...], words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The part of a run without words of an office: "Marl Press" before "Secretary" and "Staff" after "Chief of"."""
    office = name_words().office
    if all(word.folded in office for word in part):
        return ()
    after = words[words.index(part[-1]) + 1 :][:1]
    is_before_title = bool(after) and after[0].folded in name_words().titles
    return part[:-1] if is_before_title and part[-1].folded in office else part


def _governs(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether an office belongs to the run: Norland’s foreign minister, Prime Minister Ada Berg of Norland."""
    offices = (name_words().titles - word_set("private")) | word_set("powers")
    if words[last].owns:
        return any(word.folded in offices for word in words[last + 1 : last + 4])
    of = first > 1 and words[first - 1].folded == "of"
    return of and any(word.folded in offices for word in words[max(0, first - 5) : first - 1])


def _country(run: Iterable[Word], named: Collection[str]) -> tuple[str | None, bool]:
    """The country that the run names, and whether by its own name or short form, not by an adjective or a seat.

    Of several that it could name, the one among `named`, which the article names by itself.
    """
    words = tuple(run)
    key = " ".join(word.folded for word in words)
    if key in _UNIONS and all(word.is_capital for word in words):
        return _UNIONS[key], True
    for table, own in ((countries().forms, True), (countries().seats, False)):
        known = table.get(key, frozenset())
        if len(known) > 1:
            known = known.intersection(named)
        if len(known) == 1:
            [name] = known
            is_whole = key == " ".join(folded(part) for part in name.split())
            return name, own and (is_whole or all(word.is_acronym for word in words))
    return None, False


def _is_body(run: tuple[Word, ...], following: str, people: Collection[str]) -> bool:
    named = [word for word in run if word.is_capital]
    if any(word.folded in people or word.folded in name_words().titles for word in named):
        return False
    if len(run) == 1:
        return run[0].is_acronym and following in word_set("acts")
    return not all(is_generic(word) for word in named) and any(word.folded in word_set("bodies") for word in named)


def _end(text: str, word: Word) -> int:
    """Where the word ends: without a possessive, with the last stop of U.S."""
    if "." in word.text and text[word.end : word.end + 1] == ".":
        return word.end + 1
    for ending in ("’s", "'s", "’", "'"):
        if word.owns and word.text.endswith(ending):
            return word.end - len(ending)
    return word.end
