"""Who is named in a text of which no more than a table of words is known, and which office stands beside the name.

A name is a run of capitalised words. It is a person's on evidence: an office beside it, a common given name, or a verb
of speech whose subject it is (`reading` tells that). What stays unclear is nobody's.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...schemas.evidence import Evidence
from ..names import Name
from ..tokens import name_words
from . import Language

HIDDEN = "\ue000"  # stands for what is inside quotation marks
# A word, French elisions apart from the word they lean on, or one sign.
_TOKEN = re.compile(rf"{HIDDEN}+|(?:[ldcjmnst]|qu)[’'](?=\w)|[^\W_]+(?:[’'ʼ-][^\W_]+)*|[^\w\s]", re.IGNORECASE)
_TITLE_REACH = 7  # words before a name in which the office begins
_MOST_CAPITALS = 3  # of a name; a longer run is two names, or a headline
_LATER_PARTICLES = frozenset(("der", "den", "la", "las", "los", "le", "el"))  # “von der”, “de la”: not the first
_PATRONYMIC = re.compile(r"(?:вич|вна|ьич|івна|йович)\Z")
ELIDED = frozenset(("l’", "l'"))


@dataclass(frozen=True, slots=True)
class Word:
    """A word or sign; `start:end` counts in the whole text."""

    text: str
    low: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()

    @property
    def is_word(self) -> bool:
        """Whether it is a word or number, not a sign."""
        return self.text[0].isalnum()


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody in a sentence: the words `first:stop`, of which `name:stop` are the name; none of them if that is empty.

    `is_definite`: no name, and not just any of its kind (“der Sprecher”, not “ein Sprecher”). `has_office`: an office
    stands before the name, or is all there is.
    """

    first: int
    name: int
    stop: int
    is_definite: bool = True
    has_office: bool = False


def words_of(text: str, start: int, end: int) -> list[Word]:
    """The words and signs of `text[start:end]`."""
    return [Word(m.group(), m.group().lower(), m.start(), m.end()) for m in _TOKEN.finditer(text, start, end)]


class Namer:
    """Reads names in the sentences of one text, which are given as lists of words."""

    def __init__(self, text: str, sentences: Sequence[Sequence[Word]], language: Language) -> None:
        self.text, self.sentences, self.language = text, sentences, language
        self._small = language.small | language.particles | ELIDED
        # With these a clause begins in the middle of an office: “la maire qui remplace Paul Meras”.
        self._clauses = language.joining - language.determiners - language.particles - {"den", "dem", "des"}
        lower = {word.text for words in sentences for word in words if word.text.islower()}
        # What also stands in lower case is no name, where nouns have none.
        self._common = frozenset() if language.nouns_have_capitals else frozenset(lower)
        self._stems = tuple(title[:-1] for title in language.titles if len(title) > 5)
        self.people: dict[str, tuple[str, ...]] = {}
        self._by_end: dict[str, list[str]] = {}
        self.learn(self._forms())

    # One mention

    def is_title(self, word: Word) -> bool:
        """Whether it is an office, as it stands before a name."""
        endings = self.language.title_endings
        return word.low in self.language.titles or bool(endings and word.is_capital and word.low.endswith(endings))

    def is_office(self, word: Word) -> bool:
        """Whether it is an office in any case: “міністра”, “Ministers”."""
        low, endings = word.low, self.language.title_endings
        if self.is_title(word) or (self.language.bare_genitive and self._stems and low.startswith(self._stems)):
            return True
        return (
            bool(endings)
            and word.is_capital
            and any(low.removesuffix(end).endswith(endings) for end in ("s", "es", "n"))
        )

    def is_name(self, word: Word) -> bool:
        """Whether the word can be part of a name."""
        known = self.language
        is_word = word.text[0].isalpha() and word.is_capital and len(word.text) > 1
        return (
            is_word and word.low not in known.small and word.low not in known.leaning and word.low not in self._common
        )

    def run(self, words: Sequence[Word], first: int) -> int:
        """Where the run of capitalised words ends that begins at `first`; `first` if none does."""
        stop = first
        while stop < len(words):
            particles = 0
            while stop > first and stop + particles < len(words) and self._is_particle(words, stop, particles):
                particles += 1
            at = stop + particles
            if at >= len(words) or particles > 2 or not self.is_name(words[at]):
                break
            # “Karl Esk von Human Rights Watch” is from there; “Karl von Esk” is called so.
            if particles and at + 1 < len(words) and self.is_name(words[at + 1]) and self.language.nouns_have_capitals:
                break
            stop = at + 1
        return stop

    def _is_particle(self, words: Sequence[Word], at: int, before: int) -> bool:
        word = words[at + before].text
        return word in self.language.particles and (before > 0 or word not in _LATER_PARTICLES)

    def mention(self, words: Sequence[Word], first: int) -> Mention | None:
        """Somebody whom the words from `first` on name or describe: “der Bürgermeister Karl Esk”, “le ministre”."""
        known, at = self.language, first
        if at < len(words) and words[at].low in known.determiners | ELIDED:
            at += 1
            # “Der zuständige Vorstand Karl Esk”
            while known.nouns_have_capitals and at < min(len(words), first + 3) and words[at].text.islower():
                at += 1
        if at >= len(words):
            return None
        is_definite = at > first and words[first].low not in known.indefinite
        titled = at
        while at < len(words) and self.is_title(words[at]):
            at += 1
        # “El hidrólogo Bruno Cáliz”: what stands between an article and a full name is what somebody is.
        if titled == at > first and words[at].text.islower() and self.run(words, at + 1) >= at + 3:
            at += 1
        stop = self.run(words, at)
        if titled < at and stop == at and not all(word.low in known.addresses for word in words[titled:at]):
            named = self._after_office(words, at)
            if named is not None:
                return Mention(titled, *named, has_office=True)
        capitals = sum(word.is_capital for word in words[at:stop])
        # “Der Innenminister Frankreichs, Karl Esk, …”
        if titled < at and capitals == 1 and stop < len(words) and words[stop].text == ",":
            later = self.run(words, stop + 1)
            if later - stop > 2 and later < len(words) and words[later].text == ",":
                return Mention(titled, stop + 1, later, has_office=True)
        is_source = words[titled].low in known.sources
        if not capitals or words[at].low in known.sources:
            end = max(at, titled + 1)
            return Mention(first, end, end, is_definite, True) if titled < at or is_source else None
        if known.nouns_have_capitals and self.is_title(words[stop - 1]):  # “der Oberkommandierende General”
            return Mention(first, stop, stop, is_definite, True)
        name = self._after_titles(words, at, stop)
        if name == at and titled < at:
            name = self._without_land(words, at, stop)
        capitals = sum(word.is_capital for word in words[name:stop])
        # “Дружина Карла Еска сказала”: the first word of a sentence has a capital whatever it is.
        given = name_words().men | name_words().women
        is_unsure = name == 0 and capitals >= _MOST_CAPITALS and words[0].low not in given
        if capitals > _MOST_CAPITALS or is_unsure:
            return None
        has_office = titled < at or name > at
        return Mention(titled if has_office else first, name, stop, has_office=has_office)

    def _after_titles(self, words: Sequence[Word], first: int, stop: int) -> int:
        """Where the name begins in a run of capitals with an office in it: “Osttimors Außenminister Karl Esk”."""
        inner = [i for i in range(first, stop - 1) if self.is_title(words[i])]
        return inner[-1] + 1 if inner and self.language.nouns_have_capitals else first

    def _without_land(self, words: Sequence[Word], first: int, stop: int) -> int:
        """Where the name begins in a run of three capitals after an office, the first of which is its land's."""
        capitals = [i for i in range(first, stop) if words[i].is_capital]
        is_land = len(capitals) == 3 and (words[first - 1].low in self._small or self.language.bare_genitive)
        return capitals[1] if is_land and not _PATRONYMIC.search(words[capitals[1]].text) else first

    def _after_office(self, words: Sequence[Word], at: int) -> tuple[int, int] | None:
        """Where the name begins and ends that an office of several words stands before: “ministre de la Mer Karl Esk”.

        None where another office comes in: “ein Sprecher der Ministerin Ada Berg” is not she.
        """
        known, found, place = self.language, None, at
        while place < min(len(words), at + _TITLE_REACH) and words[place].low not in known.speech:
            word, before = words[place], words[place - 1]
            stop = self.run(words, place)
            if word.text == ",":
                stop = self.run(words, place + 1)
                return found or ((self._after_titles(words, place + 1, stop), stop) if stop - place > 2 else None)
            if not (word.is_word or word.text == "-") or self._is_no_office(word):
                return found
            if self.is_office(word) or word.low in self._clauses:
                return None
            if stop - place >= 2:
                first = self._without_land(words, place, stop)
                is_inside = before.low in self._small or (known.nouns_have_capitals and not before.is_capital)
                found = found if is_inside and first == place else (first, stop)
            place = max(stop, place + 1)
        return found

    def _is_no_office(self, word: Word) -> bool:
        """Whether a word cannot stand in an office, where nouns have capitals: “Frau wurde am …”."""
        known = self.language
        is_plain = known.nouns_have_capitals and word.text.islower() and word.text[0].isalpha()
        return is_plain and word.low not in known.small and not word.low.endswith(("en", "er"))

    def office_after(self, words: Sequence[Word], stop: int) -> tuple[int, int] | None:
        """The words of an apposition after a name that begins with an office: “Marta Ibor, presidenta del puerto,”."""
        if stop + 1 >= len(words) or words[stop].text != ",":
            return None
        first = stop + 1 + (words[stop + 1].low in self.language.determiners)
        if first >= len(words) or not self.is_title(words[first]):
            return None
        end = next((i for i in range(first, min(len(words), first + 9)) if words[i].text in ",.;:)—–"), None)
        return (first, end) if end else None

    # Everybody

    def _forms(self) -> Iterator[tuple[str, ...]]:
        """The full names for which an office or a given name tells that they are people's."""
        known, given = self.language, name_words().men | name_words().women
        for words in self.sentences:
            place = 0
            while place < len(words):
                begins = self.is_name(words[place]) or self.is_title(words[place])
                mention = self.mention(words, place) if begins else None
                if mention is None or mention.stop == mention.name:
                    place = max(place + 1, mention.stop if mention else 0)
                    continue
                form = form_of(words, mention)
                place = mention.stop
                is_given = form[0].lower() in given and (not known.nouns_have_capitals or len(form) <= 3)
                if mention.has_office or is_given or self.office_after(words, mention.stop):
                    yield form

    def learn(self, forms: Iterable[tuple[str, ...]], subjects: bool = False) -> None:
        """Take down full names as people's; a form that is another's in another case is no new one.

        What are `subjects` are in no other case: two of them are two people, and go before the other cases.
        """
        sure = set(forms) if subjects else set()
        for form in sorted(sure) if subjects else forms:
            is_short = any(part.isupper() and len(part) > 2 for part in form)
            fits = self.fits(form)
            if sum(part[0].isupper() for part in form) < 2 or is_short or " ".join(form) in fits:
                continue
            if fits and not subjects:
                continue
            for other in fits:
                if self.people[other] not in sure:
                    self._by_end[_end(self.people.pop(other))].remove(other)
            name = " ".join(form)
            self.people[name] = form
            self._by_end.setdefault(_end(form), []).append(name)

    def fits(self, form: Sequence[str]) -> list[str]:
        """The people whose name a form can be: letter for letter if there are any, else in another case."""
        if not form:
            return []
        near = self._by_end.get(_end(form), [])
        exact = [name for name in near if self.people[name][-len(form) :] == tuple(form)]
        return exact or [name for name in near if _same(form, self.people[name])]

    def fullest(self, form: Sequence[str]) -> str | None:
        """The full name that a form stands for; a full form of nobody known as it is, None for a word of nobody's."""
        fits = self.fits(form)
        if len(fits) == 1:
            return fits[0]
        return " ".join(form) if len(form) > 1 and not fits else None

    def find_people(self) -> list[Name]:
        """Those who are named in full, by first mention, with every mention and the first office beside one."""
        spans: dict[str, list[Evidence]] = {}
        titles: dict[str, Evidence] = {}
        for words in self.sentences:
            place = 0
            while place < len(words):
                stop = self.run(words, place)
                mention = self.mention(words, place)
                if mention and mention.stop > mention.name:
                    stop = mention.stop
                    name = self.fullest(form_of(words, mention))
                    if name in self.people:
                        start, end = words[mention.name].start, words[mention.stop - 1].end
                        spans.setdefault(name, []).append(Evidence.of(self.text, start, end))
                        office = self._office(words, mention)
                        if office and name not in titles:
                            titles[name] = office
                place = max(stop, place + 1)
        found = [Name(name, tuple(mentions), titles.get(name)) for name, mentions in spans.items()]
        return sorted(found, key=lambda each: each.mentions[0].start)

    def _office(self, words: Sequence[Word], mention: Mention) -> Evidence | None:
        if mention.has_office:
            first = mention.first + (words[mention.first].low in self.language.determiners)
            last = mention.name - 1 - (words[mention.name - 1].text == ",")
            told = [word for word in words[first : last + 1] if word.low not in self.language.addresses | {"."}]
            return Evidence.of(self.text, words[first].start, words[last].end) if told else None
        after = self.office_after(words, mention.stop)
        return Evidence.of(self.text, words[after[0]].start, words[after[1] - 1].end) if after else None


def form_of(words: Sequence[Word], mention: Mention) -> tuple[str, ...]:
    """The words of the name; empty for a description."""
    return tuple(word.text for word in words[mention.name : mention.stop])


def _end(form: Sequence[str]) -> str:
    """What the last words of all cases of a name begin with."""
    return form[-1] if form[-1].isascii() else form[-1][:4]


def _same(form: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether a form can be the last words of a name in another case."""
    if len(form) > len(parts):
        return False
    return all(_same_word(one, other) for one, other in zip(form, parts[-len(form) :], strict=True))


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    common = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common >= 4 and max(len(one), len(other)) - common <= 3 and not one.isascii()
