"""Which names an article has, to look those of a sentence up."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

from .mentions import (
    Mention,
    Word,
    first_word,
    folded,
    is_adjective,
    is_generic,
    mentions_of,
    split_parts,
    without_openers,
    word_list,
    words_of,
    words_within,
)
from .tokens import name_words

Standing = Literal["stands", "unclear", "missing"]

# Words of a fuller form between two words of a shorter one: Ada Berg for Ada Maria von Berg.
_MOST_BETWEEN = 2
# Words of a name whose initials are tried as a short form.
_LONGEST_EXPANSION = 8
# German gives capitals to nouns, so that a capital tells no name. Of the words of 40 German articles these were at
# least one in twelve, of those of 110 English ones at most one in two hundred.
_GERMAN = ("der", "die", "das", "und", "den", "nicht", "mit", "ist", "auf", "für", "von", "dem", "im", "ein", "zu")
_GERMAN_SHARE = 0.08


@dataclass(frozen=True, slots=True)
class Countries:
    """Phrases of folded words, and the countries they stand for. `longest` is in words."""

    forms: dict[str, frozenset[str]]
    seats: dict[str, frozenset[str]]
    longest: int


@cache
def countries() -> Countries:
    """The packaged table (`countries.toml`)."""
    raw = tomllib.loads(files(__package__).joinpath("countries.toml").read_text(encoding="utf-8"))
    forms: dict[str, set[str]] = defaultdict(set)
    seats: dict[str, set[str]] = defaultdict(set)
    for name, (others, capitals) in raw.items():
        for form in (name, *others):
            key = _key(form)
            forms[key].add(name)
            forms[f"{key}s"].add(name)
        for seat in capitals:
            seats[_key(seat)].add(name)
    longest = max(len(key.split()) for key in (*forms, *seats))
    return Countries(_frozen(forms), _frozen(seats), longest)


def _frozen(table: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(names) for key, names in table.items()}


def _key(phrase: str) -> str:
    return " ".join(folded(part) for part in phrase.replace("-", " ").split())


class NameIndex:
    """The words of an article outside its adverts and teasers, to look names up.

    `pieces` are stretches (start, end) of `text` to be read; `more` are other words of the article, such as its title.
    `whole` are all words of the text, where they are known.
    """

    def __init__(
        self, text: str, pieces: Iterable[tuple[int, int]], more: str = "", whole: Sequence[Word] | None = None
    ) -> None:
        self._text = text
        self._whole = words_of(text) if whole is None else whole
        self._words: list[Word] = []
        for start, end in pieces:
            self._words += words_within(self._whole, text, start, end)
        self._words += words_of(more)
        self._places: dict[str, list[int]] = defaultdict(list)
        for index, word in enumerate(self._words):
            self._places[word.folded].append(index)

    def within(self, pieces: Iterable[tuple[int, int]]) -> "NameIndex":
        """Only the words of the text that stand in these stretches."""
        return NameIndex(self._text, pieces, whole=self._whole)

    # Most names stand as they are; what else a name can be is worked out for those that do not.

    @cached_property
    def has_capital_nouns(self) -> bool:
        """Whether the text is in a language that gives capitals to nouns."""
        german = sum(len(self._places.get(word, ())) for word in _GERMAN)
        return german > _GERMAN_SHARE * len(self._words)

    @cached_property
    def _acronyms(self) -> set[str]:
        return {word.folded for word in self._words if word.is_acronym}

    @cached_property
    def _initials(self) -> set[str]:
        found: set[str] = set()
        for mention in mentions_of(self._words):
            for first in range(len(mention.words)):
                for last in range(first + 2, min(len(mention.words), first + _LONGEST_EXPANSION) + 1):
                    found |= _initials(mention.words[first:last])
        return found

    @cached_property
    def _countries(self) -> tuple[frozenset[str], frozenset[str]]:
        """The countries that the article names, and those of which it names the capital only."""
        named: set[str] = set()
        seated: set[str] = set()
        for index, word in enumerate(self._words):
            if not word.is_capital:
                continue
            for length in range(1, countries().longest + 1):
                phrase = " ".join(each.folded for each in self._words[index : index + length])
                if phrase != "us" or word.is_acronym:
                    named |= countries().forms.get(phrase, frozenset())
                seated |= countries().seats.get(phrase, frozenset())
        return frozenset(named), frozenset(seated)

    def look_up(self, mention: Mention) -> tuple[Standing, tuple[Word, ...]]:
        """Whether the article has the names of a mention, and the words of the first that it has not."""
        words = without_openers(mention.words)
        if not words or self.has_phrase(words) or _initials(words) & self._acronyms:
            return "stands", ()
        worst: tuple[Standing, tuple[Word, ...]] = ("stands", ())
        for part in split_parts(words):
            opens = part[0].opens and part[0] is mention.words[0]
            following = mention.following if part[-1] is mention.words[-1] else ""
            standing = self._part(part, opens, following)
            if standing == "missing":
                return standing, part
            if standing == "unclear" and worst[0] == "stands":
                worst = (standing, part)
        return worst

    def has_phrase(self, words: tuple[Word, ...]) -> bool:
        """Whether the words stand one after another, the last in singular or plural."""
        return any(self._matches(words, place) for form in _forms(words[0]) for place in self._places.get(form, ()))

    def _matches(self, words: tuple[Word, ...], place: int) -> bool:
        if place + len(words) > len(self._words):
            return False
        for offset, word in enumerate(words):
            given = self._words[place + offset]
            if offset and not given.joins:
                return False
            if given.folded != word.folded and (offset < len(words) - 1 or given.folded not in _forms(word)):
                return False
            # "US" is not "us".
            if word.is_acronym and not given.is_capital:
                return False
        return True

    def _part(self, part: tuple[Word, ...], opens: bool, following: str) -> Standing:
        """How a part of a run stands: as it is, in a fuller form, as a country, as a short form, or in pieces."""
        if self.has_phrase(part) or self._in_fuller_form(part) or _initials(part) & self._acronyms:
            return "stands"
        if len(part) == 1 and part[0].is_acronym and self._is_short_form(part[0]):
            return "stands"
        country = self._country(part)
        if country is not None:
            return country
        return self._single(part[0], opens, following) if len(part) == 1 else self._pieces(part, opens)

    def _is_short_form(self, word: Word) -> bool:
        return word.folded in self._initials or word.folded.removesuffix("s") in self._initials

    def _single(self, word: Word, opens: bool, following: str) -> Standing:
        use = first_word(word, following) if opens else "name"
        return "stands" if use == "other" else "unclear" if use == "unclear" else "missing"

    def _pieces(self, part: tuple[Word, ...], opens: bool) -> Standing:
        """A run that does not stand whole: "Norwegian Ada Berg" does in two, "Olga Berg" does not."""
        head, rest = part[:1], part[1:]
        stands = self._part(head, False, "") == "stands"
        splits = stands and (head[0].is_acronym or self._is_country(head) or head[0].folded in name_words().qualities)
        if splits:
            return self._part(rest, False, "")
        # "Will Sudland pay?": the article has the verb "will", and no such name.
        is_asking = opens and head[0].folded == "will"
        if is_asking or (opens and not stands and (is_adjective(head[0]) or head[0].folded in word_list("openers"))):
            return self._part(rest, False, "")
        if not all(self._part((word,), False, "") == "stands" for word in part):
            return "missing"
        is_body = any(is_generic(word) or word.folded in name_words().bodies for word in part)
        return "unclear" if is_body or self._is_country(part[-1:]) else "missing"

    def _in_fuller_form(self, part: tuple[Word, ...]) -> bool:
        """Whether the words stand in this order in one run, with a few words of the same name between them."""
        if len(part) < 2:
            return False
        for place in self._places.get(part[0].folded, ()):
            at, wanted = place, 1
            for step in range(1, len(part) + _MOST_BETWEEN):
                at = place + step
                if at >= len(self._words) or not self._words[at].joins or self._words[at - 1].owns:
                    break
                if self._words[at].folded == part[wanted].folded:
                    wanted += 1
                    if wanted == len(part):
                        return True
                elif not self._words[at].is_capital and self._words[at].folded not in name_words().particles:
                    break
        return False

    def _is_country(self, part: tuple[Word, ...]) -> bool:
        phrase = " ".join(word.folded for word in part)
        return phrase in countries().forms or phrase in countries().seats

    def _country(self, part: tuple[Word, ...]) -> Standing | None:
        """How a country stands that the words name; None if they name none.

        A capital may stand for its country ("Oslo rejects the offer") where the article names the country, but it may
        be meant as a place as well.
        """
        phrase = " ".join(word.folded for word in part)
        if phrase == "us" and not part[0].is_acronym:
            return None
        if countries().forms.get(phrase, frozenset()) & self._countries[0].union(self._countries[1]):
            return "stands"
        if countries().seats.get(phrase, frozenset()) & self._countries[0]:
            return "unclear"
        return "missing" if phrase in countries().forms or phrase in countries().seats else None


@cache
def _forms_of(word: str) -> tuple[str, ...]:
    forms = [word, f"{word}s", f"{word}es"]
    if word.endswith("ies"):
        forms.append(f"{word[:-3]}y")
    if word.endswith("s") and len(word) > 3:
        forms += [word[:-1], word[:-2]] if word.endswith("es") else [word[:-1]]
    return tuple(forms)


def _forms(word: Word) -> tuple[str, ...]:
    return _forms_of(word.folded)


def _initials(words: tuple[Word, ...]) -> set[str]:
    """The short forms that a name of several words can have: EU, DRC with and without small words."""
    if len(words) < 2 or not words[0].is_capital or not words[-1].is_capital:
        return set()
    capitals = "".join(word.folded[0] for word in words if word.is_capital)
    return {capitals, "".join(word.folded[0] for word in words)} if len(capitals) > 1 else set()
