"""Governments and organisations that an article names, the most spoken of first."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ..schemas.evidence import Evidence
from .mentions import Word, folded, is_generic, mentions_of, read_words, split_parts, without_openers
from .nameindex import countries
from .tokens import name_words
from .wordlists import word_set

# Unions that the table of countries lists because news gives them adjectives and seats.
_UNIONS = frozenset({"United Nations", "European Union", "African Union"})


@dataclass(frozen=True, slots=True)
class Body:
    """A government or organisation: the name as the article has it, and its other forms.

    `first` is the first mention as the subject of a verb if it `acts`, else the first one. `times` counts mentions.
    """

    name: str
    kind: Literal["government", "organisation"]
    aliases: tuple[str, ...]
    first: Evidence
    acts: bool
    times: int


def find_bodies(text: str, sentences: Sequence[Evidence], people: Collection[str]) -> list[Body]:
    """Bodies named in the sentences, those named most often first; `people` are words of people's names, left out.

    A country stands for its government, whatever form names it (Norland, the Norlanders, its capital), and only if
    its own name is among the forms. Offsets are code points into `text`.
    """
    found = _Found(people)
    for sentence in sentences:
        words = read_words(text, sentence.start, sentence.end)
        places = {word.start: index for index, word in enumerate(words)}
        for mention in mentions_of(words):
            runs = _runs(without_openers(mention.words))
            for run in runs:
                # The verb is a body's own if nothing else can be its subject: no person beside it, no comma between.
                stands_alone = len(runs) == 1 and text[run[-1].end : run[-1].end + 1] == " "
                following = mention.following if stands_alone else ""
                span = Evidence.of(text, run[0].start, _end(text, run[-1]))
                found.take(run, following, span, _governs(words, places[run[0].start], places[run[-1].start]))
    return sorted(found.bodies(), key=lambda body: (-body.times, body.first.start))


class _Found:
    """What has been found so far. A form is taken for a body's once, somewhere, the text has told that it is one."""

    def __init__(self, people: Collection[str]) -> None:
        self._people = people
        self._spans: dict[str, list[Evidence]] = defaultdict(list)
        self._names: dict[str, str] = {}
        self._governments: set[str] = set()
        self._acting: dict[str, Evidence] = {}

    def take(self, run: tuple[Word, ...], following: str, span: Evidence, governs: bool) -> None:
        """Note one run of capitalised words; `governs`: an office or parliament beside it is its own."""
        known, is_name = _country(run)
        key = known or " ".join(word.folded for word in run)
        self._spans[key].append(span)
        if following in word_set("acts"):
            self._acting.setdefault(key, span)
        owned = governs and not any(word.text in self._people for word in run)
        if known or owned:
            self._governments.add(key)
        if is_name or owned or (not known and _is_body(run, following, self._people)):
            self._names.setdefault(key, span.text)

    def bodies(self) -> Iterator[Body]:
        """All of them; a government only if it is named more than once."""
        for key, name in self._names.items():
            spans = self._spans[key]
            is_government = key in self._governments and key not in _UNIONS
            if len(spans) > 1 or not is_government:
                yield Body(
                    name=name,
                    kind="government" if is_government else "organisation",
                    aliases=tuple(dict.fromkeys(span.text for span in spans if span.text != name)),
                    first=self._acting.get(key) or next(span for span in spans if span.text == name),
                    acts=key in self._acting,
                    times=len(spans),
                )


def _runs(words: tuple[Word, ...]) -> list[tuple[Word, ...]]:
    """The names in a run: cut apart where an office joins two (Prime Minister Ada Berg of Norland)."""
    if any(word.folded in name_words().titles for word in words):
        return split_parts(words)
    return [words] if words else []


def _governs(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether an office belongs to the run: Norland’s foreign minister, Prime Minister Ada Berg of Norland."""
    offices = name_words().titles | word_set("powers")
    if words[last].owns:
        return any(word.folded in offices for word in words[last + 1 : last + 4])
    of = first > 1 and words[first - 1].folded == "of"
    return of and any(word.folded in offices for word in words[max(0, first - 5) : first - 1])


def _country(run: Iterable[Word]) -> tuple[str | None, bool]:
    """The country that the run names, and whether by its own name or short form, not by an adjective or a seat."""
    words = tuple(run)
    key = " ".join(word.folded for word in words)
    known = countries().forms.get(key, frozenset())
    if len(known) == 1:
        [name] = known
        is_name = key == " ".join(folded(part) for part in name.split()) or all(word.is_acronym for word in words)
        return name, is_name
    seats = countries().seats.get(key, frozenset())
    return (next(iter(seats)), False) if len(seats) == 1 else (None, False)


def _is_body(run: tuple[Word, ...], following: str, people: Collection[str]) -> bool:
    named = [word for word in run if word.is_capital]
    if any(word.text in people or word.folded in name_words().titles for word in named):
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
