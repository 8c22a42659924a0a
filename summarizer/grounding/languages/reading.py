"""Who says what, in a language of which no more than a table of words is known.

    marks ─ for each stretch the words after it ("…", said Doe), then those before it (Doe said: "…") ─ speaker
    verbs of speech without marks ─ reports

Far coarser than the reading of English: a speaker has to stand right beside the verb, as its subject. Whoever stands
there after a preposition, in another case, beside a second person or a “not” is nobody's guess, and so is “man”.
"""

import re
from bisect import bisect_left, bisect_right
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
from .naming import HIDDEN, Mention, Namer, Word, form_of, words_of

_INVERTED = re.compile(r"-(?:t-)?(il|elle)\Z")  # a-t-elle, dit-il
_ENDS = re.compile(r"[;:!?\n„“”«\"]|(?<=\w{3})\.")  # what ends a tag after a stretch
_AFTER = 160  # characters after a stretch in which a tag stands
_SCARE_WORDS = 5  # marked words of at most so many, with nobody who says them, are a scare quote or a name
_BESIDE = 3  # words between a subject and its verb
_SHORT_COLON = 6  # words before a colon that may be no more than a name


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
    return Reading(tuple(reader.quotations()), tuple(reader.people), tuple(reader.reports()))


@dataclass(frozen=True, slots=True)
class _Said:
    """Who says something: the words of the sentence, the mention among them, and the verb or the words that say so."""

    words: Sequence[Word]
    mention: Mention
    cue: tuple[int, int] | None

    @property
    def form(self) -> tuple[str, ...]:
        return form_of(self.words, self.mention)

    @property
    def start(self) -> int:
        """Where the mention begins: with the name, if there is one."""
        return self.words[self.mention.name if self.form else self.mention.first].start

    @property
    def end(self) -> int:
        return self.words[max(self.mention.stop, self.mention.first + 1) - 1].end


class _Reader:
    """One text. `masked` is it with the words inside quotation marks hidden, same length."""

    def __init__(self, text: str, language: Language) -> None:
        self.text, self.language = text, language
        self.stretches = [each for each in find_stretches(text) if each.depth == 0]
        self.masked = _masked(text, self.stretches)
        self.sentences = split_sentences(self.masked, language.code)
        self._opened = [each.opened for each in self.stretches]
        self._starts = [each.start for each in self.sentences]
        self._words = [words_of(self.masked, each.start, each.end) for each in self.sentences]
        self.namer = Namer(text, self._words, language)
        self._spoken = [self._said_by(each) for each in self.stretches]
        self._reported = list(self._find_reports())
        said = [*self._spoken, *(each for _, each in self._reported)]
        # What has an article and no office is a body: “Die Reederei Osmar”.
        subjects = (each for each in said if each and self._is_by_verb(each) and self._is_person(each))
        self.namer.learn([each.form for each in subjects if len(each.form) > 1], subjects=True)
        self.people = self.namer.find_people()
        self._mentions = sorted((at.start, each.name) for each in self.people for at in each.mentions)
        self._mention_starts = [start for start, _ in self._mentions]
        self._speaking = {each.start for each in said if each}
        self._titles = {each.name: each.title.text for each in self.people if each.title}

    def _is_by_verb(self, said: _Said) -> bool:
        return said.cue is not None and self.text[slice(*said.cue)].lower() in self.language.speech

    def _is_person(self, said: _Said) -> bool:
        return said.mention.has_office or said.mention.first == said.mention.name

    # What is found

    def quotations(self) -> Iterator[Quotation]:
        """Every marked stretch that stands in no other, with its speaker where one stands beside it."""
        for stretch, said in zip(self.stretches, self._spoken, strict=True):
            inner = self.text[stretch.start : stretch.end]
            is_speech = said is not None or len(inner.split()) > _SCARE_WORDS or inner[-1] in ",.!?…"
            quotation = Quotation(start=stretch.start, end=stretch.end, text=inner, is_speech=is_speech)
            name = self._name_of(said) if said else None
            if said and (name or not said.form):  # a single word that is nobody's name can be any noun
                told = {"speaker": Evidence.of(self.text, said.start, said.end), "speaker_name": name}
                cue = Evidence.of(self.text, *said.cue) if said.cue else None
                quotation = quotation.model_copy(update={**told, "cue": cue})
            yield quotation

    def reports(self) -> Iterator[Report]:
        """Sentences in which somebody says something without marks."""
        for index, said in self._reported:
            sentence, name = self.sentences[index], self._name_of(said)
            if said.cue and (name or (not said.form and said.mention.has_office)):
                speaker = Evidence.of(self.text, said.start, said.end)
                yield Report(sentence.start, sentence.end, speaker, name, Evidence.of(self.text, *said.cue), True)

    def _name_of(self, said: _Said) -> str | None:
        """The full name of a speaker; of one told by an office the only one who has it, of a pronoun the one whom it
        stands for; None for nobody known, and for a single word that ends nobody's name."""
        if said.form:
            name = self.namer.fullest(said.form)
            return name if name in self.namer.people or len(said.form) > 1 else None
        words = said.words[said.mention.first : said.mention.stop]
        if not said.mention.has_office:
            return self._antecedent(said.start, words[-1].low)
        following = said.words[said.mention.stop : said.mention.stop + 1]
        is_whole = not following or not following[0].is_word or following[0].low in self.language.speech
        if not (said.mention.is_definite and is_whole):
            return None
        office = [word.low for word in words if word.low not in self.language.determiners]
        begins = (name for name, title in self._titles.items() if title.lower().split()[: len(office)] == office)
        holders = list(begins) if office else []
        return holders[0] if len(holders) == 1 else None

    def _antecedent(self, pronoun: int, word: str) -> str | None:
        """The only person whom the paragraph names before, if he or she spoke there or began a sentence, nobody else
        is spoken of in between, and the pronoun can mean him or her."""
        inverted = _INVERTED.search(word)
        low = inverted[1] if inverted else word
        is_she = low in self.language.she
        if not is_she and low not in self.language.he:
            return None
        start = self.text.rfind("\n", 0, pronoun) + 1
        near = self._mentions[bisect_left(self._mention_starts, start) : bisect_left(self._mention_starts, pronoun)]
        if len({name for _, name in near}) != 1:
            return None
        last, name = near[-1]
        is_subject = any(at in self._speaking or self._begins_sentence(at) for at, _ in near)
        if not is_subject or self._is_other(last, pronoun):
            return None
        known, given = name_words(), name.split()[0].lower()
        title = self._titles.get(name, "").partition(" ")[0]
        ending = self.language.feminine_ending
        is_woman = given in known.women or bool(ending and title.endswith(ending))
        is_man = given in known.men and given not in known.women
        return None if (is_she and is_man) or (not is_she and is_woman and not is_man) else name

    def _begins_sentence(self, mention: int) -> bool:
        """Whether nothing but an office stands before the name in its sentence."""
        words = self._words[bisect_right(self._starts, mention) - 1]
        found = (each for place in range(min(2, len(words))) if (each := self.namer.mention(words, place)))
        return any(each.stop > each.name and words[each.name].start == mention for each in found)

    def _is_other(self, mention: int, pronoun: int) -> bool:
        """Whether a sentence after the one with the mention begins with somebody else: “His spokesman came.”."""
        known = self.language
        first = bisect_right(self._starts, mention)
        for words in self._words[first : bisect_right(self._starts, pronoun)]:
            head = [word for word in words[:3] if word.start < pronoun]
            if any(word.low in known.owning | known.sources or self.namer.is_office(word) for word in head):
                return True
        return False

    # Beside a stretch

    def _said_by(self, stretch: Stretch) -> _Said | None:
        index = bisect_right(self._starts, stretch.opened) - 1
        start = self.sentences[index].start if index >= 0 else 0
        place = bisect_left(self._opened, stretch.opened) - 1
        if place >= 0 and self.text[self.stretches[place].end - 1] in ".!?…":  # its sentence ended with it
            start = max(start, self.stretches[place].closed)
        inner = self.text[stretch.start : stretch.end]
        after = _ENDS.split(self.masked[stretch.closed : stretch.closed + _AFTER], maxsplit=1)[0]
        follows = after.lstrip()
        is_new = follows[:1] == "." or (inner[-1:] in ".!?…" and follows[:1].isupper())
        before = words_of(self.masked, start, stretch.opened)
        found = None
        if not is_new and not (before and before[-1].text == ":"):
            found = self._after(words_of(self.masked, stretch.closed, stretch.closed + len(after)))
        # What stands before belongs to the first stretch of a sentence alone.
        is_first = not any(word.text[0] == HIDDEN for word in before)
        return found or (self._before(before) if before and is_first else None)

    def _after(self, words: list[Word]) -> _Said | None:
        """Who says it by the words after a stretch: “, sagte Karl Esk”, “, a-t-elle dit”, “, selon Karl Esk”."""
        while words and not words[0].is_word:
            words = words[1:]
        clause = list(words[: next((i for i, word in enumerate(words) if word.text == ","), len(words))])
        if not clause:
            return None
        if clause[0].low in self.language.tagging:
            return self._alone(words, clause, self.namer.mention(words, 1), None)
        source = self._according(words)
        if source is not None:
            return source
        for place, word in enumerate(clause[:3]):
            if _INVERTED.search(word.low) and self._speaks(clause, 4):
                return _Said(words, Mention(place, place + 1, place + 1), (word.start, word.end))
            if word.low in self.language.speech:
                if self._is_denied(clause):
                    return None
                if all(each.low in self.language.auxiliaries for each in clause[:place]):
                    return self._alone(words, clause, self._subject(words, place + 1, word), word)
                mention = self.namer.mention(words, 0)
                beside = clause[mention.stop : place] if mention else []
                is_beside = mention is not None and all(each.low in self.language.auxiliaries for each in beside)
                return self._alone(words, clause, mention if is_beside else None, word)
        return None

    def _alone(
        self, words: Sequence[Word], clause: Sequence[Word], mention: Mention | None, verb: Word | None
    ) -> _Said | None:
        """The one, unless a second person stands in the same clause."""
        if mention is None or self._has_person(clause, mention.stop):
            return None
        return _Said(words, mention, (verb.start, verb.end) if verb else None)

    def _speaks(self, words: Sequence[Word], most: int) -> bool:
        bare = (_INVERTED.sub("", word.low) for word in words[:most])
        return any(word in self.language.speech for word in bare)

    def _is_denied(self, words: Sequence[Word]) -> bool:
        return any(word.low in self.language.negative | self.language.denying for word in words)

    def _has_person(self, words: Sequence[Word], first: int, stop: int | None = None) -> bool:
        """Whether somebody is named among the words `first:stop`."""
        place, end = first, len(words) if stop is None else stop
        while place < end:
            mention = self.namer.mention(words, place)
            form = form_of(words, mention) if mention else ()
            if mention and form and (mention.has_office or self.namer.fits(form) or self._may_be_name(form)):
                return True
            place = max(mention.stop if mention else 0, place + 1)
        return False

    def _may_be_name(self, form: Sequence[str]) -> bool:
        """Whether it is a run of capitals where nouns have none."""
        return not self.language.nouns_have_capitals and len(form) > 1

    def _subject(self, words: Sequence[Word], first: int, verb: Word) -> Mention | None:
        """The one right after the verb, words for when and how left aside; None after anything else."""
        known, place = self.language, first
        days = known.days.words
        while place < len(words) and place < first + 4:
            word = words[place]
            ahead = words[place + 1].low if place + 1 < len(words) else ""
            is_when = word.low in days or (ahead in days and word.text.islower())
            if not (is_when or word.low in known.skipped):
                break
            place += 1
        if place >= len(words):
            return None
        if words[place].low in known.pronouns:
            return self._pronoun(words, place, verb)
        mention = self.namer.mention(words, place)
        if mention is None or mention.first > place + 1:
            return None
        # Two together, or the clause of another.
        if mention.stop < len(words) and words[mention.stop].low in known.joining:
            return None
        return mention if self._is_subject(form_of(words, mention), verb) else None

    def _pronoun(self, words: Sequence[Word], place: int, verb: Word) -> Mention | None:
        known, low = self.language, words[place].low
        is_one = low in known.he or low in known.she
        # “sagten sie” are several.
        is_many = bool(known.plural_ending and verb.low.endswith(known.plural_ending))
        return Mention(place, place + 1, place + 1) if is_one and not is_many else None

    def _is_subject(self, form: Sequence[str], verb: Word) -> bool:
        """Whether a name can be in the first case, by its endings and by the verb's, where names have cases."""
        if not form or not self.language.bare_genitive:
            return True
        given, ends = form[0].lower(), verb.low
        fits = [self.namer.people[name] for name in self.namer.fits(form)]
        if len(form) == 1:  # a last name
            return not fits or any(parts[-1] == form[0] for parts in fits)
        if given.endswith(self.language.other_cases) and not given.endswith("ко"):
            return False
        is_a = given.endswith(("а", "я")) and given not in self.language.mens
        if ends.endswith(("ла", "лась")):
            return is_a or given.endswith(("ь", "і"))
        if ends.endswith(("в", "л", "вся", "лся", "ко")) and is_a:
            return False
        return not (is_a and any(parts[0] != form[0] for parts in fits))

    # Before a stretch, and without one

    def _according(self, words: Sequence[Word]) -> _Said | None:
        ahead = " ".join(word.low for word in words[:4])
        opener = next((each for each in self.language.according if ahead.startswith(each + " ")), None)
        if opener is None:
            return None
        size = len(opener.split())
        mention = self.namer.mention(words, size)
        clause = words[: next((i for i, word in enumerate(words) if word.text in ",:"), len(words))]
        if mention is None or mention.stop == mention.name or self._has_person(clause, mention.stop):
            return None
        return _Said(words, mention, (words[0].start, words[size - 1].end))

    def _before(self, words: list[Word]) -> _Said | None:
        """Who says it by the words before a stretch: “Karl Esk sagte: …”, “Am Montag sagte Karl Esk: …”."""
        known, hands_over = self.language, words[-1].text == ":"
        saying = known.speech if hands_over else known.speech - known.also_other
        verbs = [index for index, word in enumerate(words) if word.low in saying]
        if self._is_denied(words) or len(verbs) > 1:
            return None
        if verbs:
            said = self._around(words, verbs[0])
            is_alone = said and not self._has_person(words, max(said.mention.stop, verbs[0] + 1))
            return said if is_alone else None
        if hands_over and len(words) <= _SHORT_COLON:
            mention = self.namer.mention(words, 0)
            if mention and mention.stop == len(words) - 1 and mention.stop - mention.name >= 2:
                return _Said(words, mention, None)
        source = self._according(words)
        return source if source and not hands_over else None

    def _around(self, words: Sequence[Word], verb: int) -> _Said | None:
        """The subject of the verb: what the sentence begins with, right before it, or what stands right after it."""
        known, cue = self.language, (words[verb].start, words[verb].end)
        if any(word.low in known.passive for word in words[:verb]):
            return None
        first = next((i for i, word in enumerate(words) if word.is_word), verb)
        if words[first].low in known.joining and words[first].low not in known.determiners:
            first += 1
        if words[first].low in known.pronouns:
            found = self._pronoun(words, first, words[verb])
            near = all(
                word.low in self.language.auxiliaries or word.low in known.skipped for word in words[first + 1 : verb]
            )
            return _Said(words, found, cue) if found and near else None
        mention = self.namer.mention(words, first)
        if mention is not None and mention.stop <= verb:
            form = form_of(words, mention)
            is_subject = self._is_between(words, mention, verb) and self._is_subject(form, words[verb])
            return _Said(words, mention, cue) if is_subject else None
        if self._has_person(words, 0, verb):
            return None
        subject = self._subject(words, verb + 1, words[verb])
        return _Said(words, subject, cue) if subject else None

    def _is_between(self, words: Sequence[Word], mention: Mention, verb: int) -> bool:
        """Whether no more than an apposition or a word or two stands between a subject and its verb."""
        between = words[mention.stop : verb]
        after = self.namer.office_after(words, mention.stop)
        if after is not None and after[1] < verb and words[after[1]].text == ",":
            between = words[after[1] + 1 : verb]
        elif between and between[0].text == "," and mention.has_office and words[mention.name - 1].text == ",":
            between = between[1:]
        if between and between[0].low in self.language.belonging:  # “Karl Esk von Human Rights Watch sagte”
            return all(word.is_word for word in between) and not self._has_person(words, mention.stop, verb)
        may_stand = self.language.auxiliaries | self.language.skipped
        return len(between) <= _BESIDE and all(word.low in may_stand for word in between)

    def _find_reports(self) -> Iterator[tuple[int, _Said]]:
        saying = self.language.speech - self.language.also_other
        for index, words in enumerate(self._words):
            if any(word.text[0] == HIDDEN for word in words):
                continue
            verb = next((place for place, word in enumerate(words) if word.low in saying), None)
            said = self._around(words, verb) if verb is not None else self._according(words)
            if said is not None:
                yield index, said


def _masked(text: str, stretches: Sequence[Stretch]) -> str:
    """The text with the words inside quotation marks hidden, same length."""
    pieces, last = [], 0
    for each in stretches:
        pieces += [text[last : each.start], HIDDEN * (each.end - each.start)]
        last = each.end
    return "".join([*pieces, text[last:]])
