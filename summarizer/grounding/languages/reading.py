"""Who is named and who says what, in a language of which no more than a table of words is known.

    marks ─ for each stretch the words after it ("…", said Doe), then those before it (Doe said: "…") ─ speaker
    verbs of speech without marks ─ reports;  runs of capitals with an office or a verb of speech beside them ─ people

Far coarser than the reading of English: a speaker who is not beside the verb stays unknown, and nobody is guessed.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...articles.sentences import split_sentences
from ...schemas.evidence import Evidence, Quotation
from ..marks import Stretch, find_stretches
from ..names import Name
from ..reports import Report
from ..tokens import name_words
from . import Language

# A word, French elisions apart from the word they lean on, or one sign.
_TOKEN = re.compile(r"\ue000+|(?:[ldcjmnst]|qu)[’'](?=\w)|[^\W_]+(?:[’'ʼ-][^\W_]+)*|[^\w\s]", re.IGNORECASE)
_HIDDEN = "\ue000"
_INVERTED = re.compile(r"-(?:t-)?(?:il|elle|on|ils|elles)\Z", re.IGNORECASE)  # a-t-elle, dit-il
_ENDS = re.compile(r"[;:!?\n„“”«\"]|(?<=\w{3})\.")  # what ends a tag after a stretch
_AFTER = 160  # characters after a stretch in which a tag stands
_FEW = 4  # words between a verb of speech and its subject
_TITLE_REACH = 7  # words before a name in which the office begins
_SCARE_WORDS = 5  # marked words of at most so many, with nobody who says them, are a scare quote or a name
_LATER_PARTICLES = frozenset(("der", "den", "la", "las", "los", "le", "el"))  # “von der”, “de la”: not the first
_PATRONYMIC = re.compile(r"(?:вич|вна|ьич|івна|йович)\Z")
_AND = frozenset(("und", "et", "y", "e", "та", "і", "й", "и"))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text holds: its quotations, the people it names, the sentences that report what somebody says."""

    quotations: tuple[Quotation, ...]
    people: tuple[Name, ...]
    reports: tuple[Report, ...]


@lru_cache(maxsize=16)
def read(text: str, language: Language) -> Reading:
    """Read a text with the words of its language. Offsets are code points into `text`, end exclusive."""
    reader = _Reader(text, language)
    return Reading(tuple(reader.quotations()), tuple(reader.people()), tuple(reader.reports()))


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class _Mention:
    """Somebody in a sentence: words `first:stop`, of which the last `stop - name` are the name; none if equal."""

    first: int
    name: int
    stop: int


@dataclass(frozen=True, slots=True)
class _Said:
    """Who says something: the mention, the words that say so, and the words of the name; empty for no name."""

    speaker: Evidence
    cue: Evidence | None
    form: tuple[str, ...]


class _Reader:
    """One text. `masked` is it with the words inside quotation marks hidden, same length."""

    def __init__(self, text: str, language: Language) -> None:
        self.text, self.language = text, language
        self.stretches = [each for each in find_stretches(text) if each.depth == 0]
        self.masked = _masked(text, self.stretches)
        self.sentences = split_sentences(self.masked, language.code)
        self._starts = [each.start for each in self.sentences]
        self._words = [self._tokens(each.start, each.end) for each in self.sentences]
        lower = {word.text for words in self._words for word in words if word.text.islower()}
        # What also stands in lower case is no name, where nouns have none.
        self._common = frozenset() if language.nouns_have_capitals else frozenset(lower)
        self._speaking: set[tuple[str, ...]] = set()
        self._spoken = [self._said_by(each) for each in self.stretches]
        self._reported = list(self._find_reports())
        self._people: dict[str, tuple[str, ...]] = {}
        # Who is the subject of a verb of speech stands in the form that is no case of another.
        for form in sorted(self._forms(), key=lambda form: form not in self._speaking):
            if not any(_same(form, other) for other in self._people.values()):
                self._people[" ".join(form)] = form
        self._named_people = self._find_people()

    def _tokens(self, start: int, end: int) -> list[_Word]:
        return [_Word(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(self.masked, start, end)]

    # Names

    def _is_title(self, word: _Word) -> bool:
        return word.low in self.language.titles or (
            word.is_capital and word.low.endswith(self.language.title_endings or ("\0",))
        )

    def _is_name(self, word: _Word) -> bool:
        known = self.language
        is_word = word.text[0].isalpha() and word.is_capital and len(word.text) > 1
        return is_word and word.low not in known.small | known.leaning and word.low not in self._common

    def _run(self, words: Sequence[_Word], first: int) -> int:
        """Where the run of capitalised words ends that begins at `first`; `first` if none does."""
        stop = first
        while stop < len(words):
            particles = 0
            while stop > first and stop + particles < len(words) and self._is_particle(words, stop, particles):
                particles += 1
            at = stop + particles
            if at >= len(words) or particles > 2 or not self._is_name(words[at]):
                break
            # “Karl Esk von Human Rights Watch” is from there; “Karl von Esk” is called so.
            if particles and at + 1 < len(words) and self._is_name(words[at + 1]) and self.language.nouns_have_capitals:
                break
            stop = at + 1
        return stop

    def _is_particle(self, words: Sequence[_Word], at: int, before: int) -> bool:
        word = words[at + before].text
        return word in self.language.particles and (before > 0 or word not in _LATER_PARTICLES)

    def _mention(self, words: Sequence[_Word], first: int) -> _Mention | None:
        """Somebody whom the words from `first` on name or describe: “der Bürgermeister Karl Esk”, “le ministre”."""
        known, at = self.language, first
        if at < len(words) and words[at].low in known.determiners | {"l’", "l'"}:
            at += 1
            # “Der zuständige Vorstand Karl Esk”
            while known.nouns_have_capitals and at < min(len(words), first + 3) and words[at].text.islower():
                at += 1
        if at >= len(words):
            return None
        titled = at
        while at < len(words) and self._is_title(words[at]):
            at += 1
        # “El hidrólogo Bruno Cáliz”: what stands between an article and a full name is what somebody is.
        if titled == at > first and words[at].text.islower() and self._run(words, at + 1) >= at + 3:
            at += 1
        stop = self._run(words, at)
        # "le ministre des Transports, Karl Esk": the office goes on before the name.
        is_address = all(words[i].low in known.addresses for i in range(titled, at))
        if titled < at and stop == at and not is_address:
            named = self._after_office(words, at)
            if named is not None:
                return _Mention(titled, *named)
        capitals = [i for i in range(at, stop) if words[i].is_capital]
        is_office = titled < at or words[titled].low in known.sources
        # “Der Innenminister Frankreichs, Karl Esk, …”
        if titled < at and len(capitals) == 1 and stop < len(words) and words[stop].text == ",":
            later = self._run(words, stop + 1)
            if later - stop > 2 and later < len(words) and words[later].text == ",":
                return _Mention(titled, stop + 1, later)
        if not capitals or words[at].low in known.sources:
            return _Mention(first, max(at, titled + 1), max(at, titled + 1)) if is_office else None
        if known.nouns_have_capitals and self._is_title(words[stop - 1]):  # “der Oberkommandierende General”
            return _Mention(first, stop, stop)
        name = self._after_titles(words, at, stop)
        if name > at:
            return _Mention(titled, name, stop)
        if titled < at:
            return _Mention(titled, self._without_land(words, at, stop), stop)
        return _Mention(first, at, stop)

    def _without_land(self, words: Sequence[_Word], first: int, stop: int) -> int:
        """Where the name begins in a run of three capitals after an office, the first of which is its land's."""
        capitals = [i for i in range(first, stop) if words[i].is_capital]
        is_after_small = words[first - 1].low in self.language.small | self.language.particles | {"l’", "l'"}
        is_land = len(capitals) == 3 and (is_after_small or self.language.bare_genitive)
        return capitals[1] if is_land and not _PATRONYMIC.search(words[capitals[1]].text) else first

    def _after_office(self, words: Sequence[_Word], at: int) -> tuple[int, int] | None:
        """Where the name begins and ends that an office of several words stands before; the last run within reach."""
        found, place = None, at
        while place < min(len(words), at + _TITLE_REACH) and words[place].low not in self.language.speech:
            word, before = words[place], words[place - 1]
            stop = self._run(words, place)
            if word.text == ",":
                stop = self._run(words, place + 1)
                return found or ((self._after_titles(words, place + 1, stop), stop) if stop - place > 2 else None)
            if not (word.text[0].isalnum() or word.text == "-") or self._is_verb_like(word):
                return found
            # “Ein Sprecher der Ministerin Ada Berg” is not she.
            if self._is_office(word):
                return None
            if stop - place >= 2:
                first = self._without_land(words, place, stop)
                is_small = before.low in self.language.small | self.language.particles | {"l’", "l'"}
                is_inside = self.language.nouns_have_capitals and not before.is_capital
                found = found if (is_small or is_inside) and first == place else (first, stop)
            place = max(stop, place + 1)
        return found

    def _after_titles(self, words: Sequence[_Word], first: int, stop: int) -> int:
        """Where the name begins in a run of capitals with an office in it: “Osttimors Außenminister Karl Esk”."""
        inner = [i for i in range(first, stop - 1) if self._is_title(words[i])]
        return inner[-1] + 1 if inner and self.language.nouns_have_capitals else first

    def _is_verb_like(self, word: _Word) -> bool:
        """Whether a word cannot stand in an office, where nouns have capitals: “Frau wurde am …”."""
        known = self.language
        is_plain = known.nouns_have_capitals and word.text.islower() and word.text[0].isalpha()
        return is_plain and word.low not in known.small and not word.low.endswith(("en", "er"))

    def _is_office(self, word: _Word) -> bool:
        """Whether it is an office, in any case: “міністра”."""
        stems = (title[:-1] for title in self.language.titles if len(title) > 5)
        return self._is_title(word) or (self.language.bare_genitive and word.low.startswith(tuple(stems)))

    def _form(self, words: Sequence[_Word], mention: _Mention) -> tuple[str, ...]:
        return tuple(word.text for word in words[mention.name : mention.stop])

    def _forms(self) -> Iterator[tuple[str, ...]]:
        """The full names for which there is evidence that they are people's."""
        known, given = self.language, name_words().men | name_words().women
        spoken = self._speaking
        for words in self._words:
            place = 0
            while place < len(words):
                mention = (
                    self._mention(words, place) if self._is_name(words[place]) or self._is_title(words[place]) else None
                )
                if mention is None or mention.stop == mention.name:
                    place = max(place + 1, mention.stop if mention else 0)
                    continue
                form = self._form(words, mention)
                place = mention.stop
                is_titled = mention.first < mention.name or self._office_after(words, mention) is not None
                is_given = form[0].lower() in given and (not known.nouns_have_capitals or len(form) <= 3)
                capitals = [part for part in form if part[0].isupper()]
                is_short_form = any(part.isupper() and len(part) > 2 for part in form)
                if len(capitals) >= 2 and not is_short_form and (is_titled or is_given or form in spoken):
                    yield form

    def _office_after(self, words: Sequence[_Word], mention: _Mention) -> tuple[int, int] | None:
        """The words of an apposition after a name that begins with an office: “Marta Ibor, presidenta del puerto,”."""
        at = mention.stop
        if at + 1 >= len(words) or words[at].text != ",":
            return None
        first = at + 1 + (words[at + 1].low in self.language.determiners)
        if first >= len(words) or not self._is_title(words[first]):
            return None
        ends = (i for i in range(first, min(len(words), first + 9)) if words[i].text in ",.;:)—–")
        stop = next(ends, None)
        return (first, stop) if stop else None

    def _fullest(self, form: Sequence[str]) -> str:
        """The fullest name that a form stands for, also inflected; the form itself where that is nobody's, or two's."""
        fits = [name for name, parts in self._people.items() if _same(form, parts)]
        return fits[0] if len(fits) == 1 else " ".join(form)

    def people(self) -> list[Name]:
        """The people of the text, by first mention."""
        return self._named_people

    def _find_people(self) -> list[Name]:
        """Those who are named in full, with every mention and the office beside the first that has one."""
        spans: dict[str, list[Evidence]] = {}
        titles: dict[str, Evidence] = {}
        for words in self._words:
            place = 0
            while place < len(words):
                stop = self._run(words, place)
                mention = self._mention(words, place)
                if mention and mention.stop > mention.name:
                    stop = mention.stop
                    name = self._fullest(self._form(words, mention))
                    if name in self._people:
                        start, end = words[mention.name].start, words[mention.stop - 1].end
                        spans.setdefault(name, []).append(Evidence.of(self.text, start, end))
                        office = self._office(words, mention)
                        if office and name not in titles:
                            titles[name] = office
                place = max(stop, place + 1)
        found = [Name(name, tuple(mentions), titles.get(name)) for name, mentions in spans.items()]
        return sorted(found, key=lambda each: each.mentions[0].start)

    def _office(self, words: Sequence[_Word], mention: _Mention) -> Evidence | None:
        if mention.first < mention.name:
            first = mention.first + (words[mention.first].low in self.language.determiners)
            last = mention.name - 1 - (words[mention.name - 1].text == ",")
            told = [word for word in words[first : last + 1] if word.low not in self.language.addresses | {"."}]
            return Evidence.of(self.text, words[first].start, words[last].end) if told else None
        after = self._office_after(words, mention)
        return Evidence.of(self.text, words[after[0]].start, words[after[1] - 1].end) if after else None

    # Speech

    def quotations(self) -> Iterator[Quotation]:
        """Every marked stretch that stands in no other, with its speaker where one stands beside it."""
        for stretch, said in zip(self.stretches, self._spoken, strict=True):
            inner = self.text[stretch.start : stretch.end]
            is_speech = said is not None or len(inner.split()) > _SCARE_WORDS or inner[-1] in ",.!?…"
            quotation = Quotation(start=stretch.start, end=stretch.end, text=inner, is_speech=is_speech)
            name = self._name_of(said) if said else None
            if said and (name or not said.form):  # a single word that is nobody's name can be any noun
                told = {"speaker": said.speaker, "speaker_name": name, "cue": said.cue}
                quotation = quotation.model_copy(update=told)
            yield quotation

    def reports(self) -> Iterator[Report]:
        """Sentences in which somebody says something without marks."""
        for index, said in self._reported:
            sentence, name = self.sentences[index], self._name_of(said)
            if said.cue and (name or not said.form):
                yield Report(sentence.start, sentence.end, said.speaker, name, said.cue, True)

    def _name_of(self, said: _Said) -> str | None:
        """The full name of a speaker; of one told by an office the only one who has it, of a pronoun the only one
        whom its paragraph has named before; None for nobody known, and for a single word that ends nobody's name."""
        if said.form:
            name = self._fullest(said.form)
            return name if len(said.form) > 1 or name in self._people else None
        word = said.speaker.text.lower().split()[-1]
        if word in self.language.pronouns or _INVERTED.search(word):
            return self._antecedent(said.speaker, word)
        holders = [each.name for each in self._named_people if each.title and word in each.title.text.lower().split()]
        return holders[0] if len(holders) == 1 else None

    def _antecedent(self, pronoun: Evidence, word: str) -> str | None:
        """The only person whom the paragraph names before, if he or she spoke there or began a sentence, and can be
        meant by the pronoun: “sie” may be any thing, and “sie” is not Karl."""
        start = self.text.rfind("\n", 0, pronoun.start) + 1
        near = {
            each.name: [at for at in each.mentions if start <= at.start < pronoun.start] for each in self._named_people
        }
        near = {name: mentions for name, mentions in near.items() if mentions}
        if len(near) != 1:
            return None
        name, mentions = near.popitem()
        spoke = {each.speaker.start for each in [*self._spoken, *(said for _, said in self._reported)] if each}
        if not any(at.start in spoke or self._begins_sentence(name, at) for at in mentions):
            return None
        is_she = word in self.language.she or word.endswith(("-elle", "-elles"))
        known, given = name_words(), name.split()[0].lower()
        title = next((each.title.text for each in self._named_people if each.name == name and each.title), "")
        is_woman = given in known.women or (self.language.code == "de" and title.partition(" ")[0].endswith("in"))
        is_man = given in known.men and given not in known.women
        return None if (is_she and is_man) or (not is_she and is_woman and not is_man) else name

    def _begins_sentence(self, name: str, mention: Evidence) -> bool:
        """Whether nothing but an office stands before the name in its sentence."""
        index = bisect_right(self._starts, mention.start) - 1
        found = next(
            (
                each
                for place in range(min(2, len(self._words[index])))
                if (each := self._mention(self._words[index], place)) and each.stop > each.name
            ),
            None,
        )
        return found is not None and self._words[index][found.name].start == mention.start

    def _said_by(self, stretch: Stretch) -> _Said | None:
        index = bisect_right(self._starts, stretch.opened) - 1
        start = self.sentences[index].start if index >= 0 else 0
        inner = self.text[stretch.start : stretch.end]
        after = _ENDS.split(self.masked[stretch.closed : stretch.closed + _AFTER], maxsplit=1)[0]
        follows = after.lstrip()
        is_new = follows[:1] == "." or (inner[-1:] in ".!?…" and follows[:1].isupper())
        before = self._tokens(start, stretch.opened)
        found = None
        if not is_new and not (before and before[-1].text == ":"):
            found = self._after(self._tokens(stretch.closed, stretch.closed + len(after)))
        return found or self._before(before)

    def _said(self, words: Sequence[_Word], mention: _Mention, cue: _Word | None) -> _Said:
        form = self._form(words, mention)
        at = mention.name if form else mention.first
        speaker = Evidence.of(self.text, words[at].start, words[max(mention.stop, at + 1) - 1].end)
        has_article = words[mention.first].low in self.language.determiners and mention.name == mention.first + 1
        # “Die Reederei Osmar”: what has an article and no office is a body.
        if form and cue and cue.low in self.language.speech and not has_article:
            self._speaking.add(form)
        return _Said(speaker, Evidence.of(self.text, cue.start, cue.end) if cue else None, form)

    def _subject(self, words: Sequence[_Word], first: int) -> _Mention | None:
        """The one named or described at `first` or within a few words, before any sign; two together are nobody."""
        for place in range(first, min(len(words), first + _FEW)):
            word = words[place]
            if not word.text[0].isalnum() and word.text[-1] not in "’'":
                return None
            if word.low in self.language.pronouns:
                return _Mention(place, place + 1, place + 1)
            mention = self._mention(words, place)
            if mention is not None:
                joined = mention.stop < len(words) and words[mention.stop].low in _AND
                return None if joined else mention
        return None

    def _after(self, words: list[_Word]) -> _Said | None:
        known = self.language
        while words and not words[0].text[0].isalnum():
            words = words[1:]
        if not words:
            return None
        if words[0].low == "so" and known.code == "de":
            mention = self._subject(words[:8], 1)
            return self._said(words, mention, None) if mention else None
        source = self._according(words, 0)
        if source is not None:
            return source
        for place, word in enumerate(words[:3]):
            if _INVERTED.search(word.low) and any(other.low in known.speech for other in [*words[:3], _bare(word)]):
                return self._said(words, _Mention(place, place + 1, place + 1), word)
            if word.low in known.speech:
                mention = self._subject(words, place + 1)
                if mention is None and place:
                    mention = self._subject(words[:place], 0)
                return self._said(words, mention, word) if mention else None
        return None

    def _according(self, words: Sequence[_Word], first: int) -> _Said | None:
        ahead = " ".join(word.low for word in words[first : first + 4])
        opener = next((each for each in self.language.according if ahead.startswith(each + " ")), None)
        if opener is None:
            return None
        size = len(opener.split())
        mention = self._subject(words, first + size)
        cue = _Word(opener, words[first].start, words[first + size - 1].end)
        return self._said(words, mention, cue) if mention else None

    def _before(self, words: list[_Word]) -> _Said | None:
        if not words:
            return None
        hands_over = words[-1].text == ":"
        source = self._according(words, 0)
        verbs = [
            i
            for i, word in enumerate(words)
            if word.low in self.language.speech and (hands_over or word.low not in self.language.also_other)
        ]
        if verbs:
            return self._around(words, verbs[-1])
        if source is None and hands_over and len(words) <= 6:
            mention = self._mention(words, 0)
            if mention and mention.stop == len(words) - 1 and mention.stop - mention.name >= 2:
                return self._said(words, mention, None)
        return source

    def _around(self, words: Sequence[_Word], verb: int) -> _Said | None:
        """The subject of the verb: before it, if no preposition governs it, else after it."""
        found, place = None, 0
        while place < verb:
            if words[place].low in self.language.pronouns and place + _FEW > verb:
                found = _Mention(place, place + 1, place + 1)
            mention = self._mention(words, place)
            if mention is None or mention.stop > verb:
                place += 1
                continue
            before = words[place - 1].low if place else ""
            if before in _AND and found:
                return None
            is_governed = before in self.language.small - self.language.determiners
            found = found if is_governed or words[place - 1].low in self.language.particles else found or mention
            place = max(mention.stop, place + 1)
        after = self._subject(words, verb + 1)
        # “Der Zeitung sagte Karl Esk”: what is one word, and no name beside it, is whom he told.
        is_word = (
            found is not None
            and found.stop - found.name == 1
            and not any(map(self._is_title, words[found.first : found.name]))
        )
        mention = after if found is None or (is_word and after and after.stop - after.name > 1) else found
        if mention is None:
            return None
        if mention.stop < len(words) and words[mention.stop].low in _AND:
            return None
        return self._said(words, mention, words[verb])

    def _find_reports(self) -> Iterator[tuple[int, _Said]]:
        for index, words in enumerate(self._words):
            if any(word.text[0] == _HIDDEN for word in words):
                continue
            known = self.language
            verb = next((i for i, w in enumerate(words) if w.low in known.speech - known.also_other), None)
            said = self._around(words, verb) if verb is not None else self._according(words, 0)
            if said is not None:
                yield index, said


def _masked(text: str, stretches: Sequence[Stretch]) -> str:
    """The text with the words inside quotation marks hidden, same length."""
    pieces, last = [], 0
    for each in stretches:
        pieces += [text[last : each.start], _HIDDEN * (each.end - each.start)]
        last = each.end
    return "".join([*pieces, text[last:]])


def _bare(word: _Word) -> _Word:
    return _Word(_INVERTED.sub("", word.text), word.start, word.end)


def _same(form: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether a form can be another's last words, letter for letter or inflected."""
    if not form or len(form) > len(parts):
        return False
    return all(_same_word(one, other) for one, other in zip(form, parts[-len(form) :], strict=True))


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    common = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common >= 4 and max(len(one), len(other)) - common <= 3 and not one.isascii()
