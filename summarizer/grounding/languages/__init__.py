"""What is known of a language, one table a language: `<ISO 639 code>.toml`. A new language is a new file.

English has its own, much finer reading in the modules beside this folder; of it only the days stand here. Of the
others `reading` finds quotations, speakers and names with these words alone.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Days:
    """Words that tell a day: days from the day of publication, weekdays from Monday on, each with its spellings.

    `past` and `future` are words of a sentence that tell whether a weekday in it is gone or to come; after one of
    `unclear` it may be this week's or another's, and beside a date or one of `marking` it counts from another day.
    Beside a number, one of `months` makes a date.
    """

    shifts: tuple[tuple[str, int], ...] = ()
    weekdays: tuple[tuple[str, ...], ...] = ()
    months: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    future: frozenset[str] = frozenset()
    unclear: frozenset[str] = frozenset()
    marking: frozenset[str] = frozenset()

    @property
    def words(self) -> frozenset[str]:
        """All words for days."""
        return frozenset(form for forms in self.weekdays for form in forms) | frozenset(form for form, _ in self.shifts)


@dataclass(frozen=True, slots=True)
class Language:
    """The words of a language, in lower case but for `name`, which is English for it; empty where nothing is known.

    Who speaks: `speech` are verbs of speech in the forms that newspapers use; those of `also_other` say other things
    too, so they attribute only right beside a quotation, and end in `plural_ending` of several speakers. `according`
    stand before a source, `tagging` between a quotation and its speaker. `auxiliaries` and `skipped` words may stand
    between a verb of speech and its subject, `belonging` ones begin what somebody is of (“Karl Esk von der Zeitung”);
    `joining` ones begin another clause or another subject. With `denying` verbs, `passive` auxiliaries or a `negative`
    word nobody is let speak.

    Who it is: `titles` (and words with `title_endings`) stand before a person's name, those of `addresses` are no
    office, and with `feminine_ending` a woman's; `sources` are sources without a name. `determiners` stand before
    both, the `indefinite` ones before just anybody. `he` and `she` are the `pronouns` for one man and one woman.
    `particles` stand inside names; `small` words are no names though a sentence begins with them. `bare_genitive`: a
    land stands between an office and the name without a sign or a small word (“президент Норланда Карл Еск”), names
    have cases: a given name with one of `other_cases` is no subject, and `mens` end as women's do.

    What it says: with `leaning` a sentence begins that leans on the one before, as does one with an `owning` word near
    its head. `states` are the words for each state of a deal, `numbers` those for numbers.
    """

    code: str
    name: str
    speech: frozenset[str] = frozenset()
    also_other: frozenset[str] = frozenset()
    according: tuple[str, ...] = ()
    titles: frozenset[str] = frozenset()
    title_endings: tuple[str, ...] = ()
    sources: frozenset[str] = frozenset()
    determiners: frozenset[str] = frozenset()
    he: frozenset[str] = frozenset()
    she: frozenset[str] = frozenset()
    denying: frozenset[str] = frozenset()
    passive: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    joining: frozenset[str] = frozenset()
    numbers: tuple[tuple[str, int], ...] = ()
    addresses: frozenset[str] = frozenset()
    pronouns: frozenset[str] = frozenset()
    leaning: frozenset[str] = frozenset()
    owning: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    particles: frozenset[str] = frozenset()
    auxiliaries: frozenset[str] = frozenset()
    indefinite: frozenset[str] = frozenset()
    tagging: frozenset[str] = frozenset()
    belonging: frozenset[str] = frozenset()
    mens: frozenset[str] = frozenset()
    other_cases: tuple[str, ...] = ()
    feminine_ending: str = ""
    plural_ending: str = ""
    negative: frozenset[str] = frozenset()
    nouns_have_capitals: bool = False
    bare_genitive: bool = False
    days: Days = Days()
    states: tuple[tuple[str, frozenset[str]], ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether there is a table of its words."""
        return bool(self.speech) or self.code == ENGLISH


_ORDERED = ("according", "title_endings", "other_cases")
# For a model to be told in which language to write; further ones it is told by their code.
_NAMES = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "el": "Greek",
    "fa": "Persian",
    "fi": "Finnish",
    "he": "Hebrew",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "sv": "Swedish",
    "tr": "Turkish",
    "zh": "Chinese",
}


@cache
def language(code: str) -> Language:
    """What is known of the language of that ISO 639 code; hardly anything where it has no table."""
    source = files(__package__).joinpath(f"{code}.toml")
    if not (code.isascii() and code.isalpha() and source.is_file()):
        return Language(code, _NAMES.get(code, code))
    raw: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
    days, states, numbers = raw.pop("days"), raw.pop("states", {}), raw.pop("numbers", {})
    words: dict[str, Any] = {
        key: tuple(value) if key in _ORDERED else frozenset(value) if isinstance(value, list) else value
        for key, value in raw.items()
    }
    return Language(
        code,
        days=Days(
            shifts=tuple(days["shifts"].items()),
            weekdays=tuple(map(tuple, days["weekdays"])),
            months=frozenset(days["months"]),
            past=frozenset(days["past"]),
            future=frozenset(days["future"]),
            unclear=frozenset(days.get("unclear", ())),
            marking=frozenset(days["marking"]),
        ),
        numbers=tuple(numbers.items()),
        states=tuple((state, frozenset(told)) for state, told in states.items()),
        **words,
    )


@cache
def sources() -> frozenset[str]:
    """The words, in every language but English, for sources that are not named: “Polizei”, “portavoz”."""
    return frozenset().union(*(language(code).sources for code in known_languages()))


@cache
def known_languages() -> tuple[str, ...]:
    """The codes of the languages that have a table, in alphabetical order."""
    names = (entry.name for entry in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))
