"""False sentences by another name, and by giver and taker swapped."""

import random
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from .setting import MONTHS, WEEKDAYS, Setting, content, either, places, replaced, shuffled, words

_CAP = r"[A-Z][\w’'-]*[a-zà-ÿ](?<!’s)(?<!'s)"
_RUN = rf"{_CAP}(?: (?:(?:of|de|van|von|al|bin|for) (?:the )?)?{_CAP})*"
_TITLE = either(words("titles"))
_SPEAKS = either(words("speaks"))
# A person: a title before two or three names, or a verb of saying after them.
_PERSON = re.compile(
    rf"{_TITLE} ({_CAP}(?: [A-Z]\.)?(?: {_CAP}){{1,2}})\b|\b({_CAP}(?: [A-Z]\.)? {_CAP}),? {_SPEAKS}\b"
    rf"|\b{_SPEAKS} ({_CAP} {_CAP})(?=[,.])"
)
_BODY_NOUN = either(words("body_nouns"))
_OF = rf"(?:of|for) (?:the )?{_CAP}(?: {_CAP})*"
_BODY = re.compile(rf"\b(?:[A-Z]{{2,6}} )?(?:{_CAP} )+{_BODY_NOUN}(?: {_OF})?(?!\w)|\b{_BODY_NOUN} {_OF}(?!\w)")
_NO_PERSON = re.compile(rf"{_BODY_NOUN}|\b{either(words('no_person'))}\b")
_NOT_NAMES = frozenset([*MONTHS, *WEEKDAYS, *words("no_name")])


@lru_cache(maxsize=2)
def people(setting: Setting) -> list[str]:
    """The full names of people, as titles and verbs of saying show them."""
    names = set()
    for found in _PERSON.finditer(setting.text):
        name = next(filter(None, found.groups()))
        before = setting.text[: found.start(found.lastindex or 0)].rsplit(None, 1)[-1:]
        longer = (
            before and before[0][:1].isupper() and before[0][-1].isalpha() and not re.search(f"{_TITLE}$", before[0])
        )
        is_thing = _NOT_NAMES & set(name.split()) or _NO_PERSON.search(name) or re.search(_TITLE, name)
        if not longer and not is_thing:
            names.add(name)
    return sorted(names)


@lru_cache(maxsize=2)
def bodies(setting: Setting) -> list[str]:
    """The names of organisations, as their last or first word shows them."""
    return sorted({_bare(found.group()) for found in _BODY.finditer(setting.text)} - {""})


def _bare(name: str) -> str:
    words = name.split()
    while words and words[0] in _NOT_NAMES:
        words = words[1:]
    return " ".join(words) if len(words) > 1 else ""


def _is_other(old: str, new: str, sentence: str, setting: Setting) -> bool:
    """Whether a name shares no word with the old one or the sentence, and no other sentence says the same of it."""
    if {w.lower() for w in new.split() if len(w) > 3} & {w.lower() for w in re.findall(r"\w+", sentence)}:
        return False
    surname = _surname(new)
    matter = content(sentence) - {word.lower() for word in old.split()}
    return not any(surname in other and 2 * len(known & matter) > len(matter) for other, known in setting.contents)


def _surname(name: str) -> str:
    return name.rsplit(maxsplit=1)[-1]


def _people_forms(setting: Setting) -> dict[str, list[str]]:
    """The people of the article, each by the full name and by a surname that is long enough to be no other word."""
    return {name: [name, _surname(name)] if len(_surname(name)) > 3 else [name] for name in people(setting)}


def _body_forms(setting: Setting) -> dict[str, list[str]]:
    """The organisations of the article, each by its full name only."""
    return {name: [name] for name in bodies(setting)}


def _renamed(
    sentence: str, setting: Setting, rng: random.Random, known: Mapping[str, Sequence[str]], others: Sequence[str]
) -> str | None:
    """The sentence with one of the known names, in one of its forms, replaced by another name in the same form."""
    for old in rng.sample(list(known), len(known)):
        new = rng.choice([name for name in others if name != old and _is_other(old, name, sentence, setting)] or [""])
        form = re.compile(rf"(?<![\w-]){either(known[old])}(?![\w-]| [A-Z])")
        found = next(shuffled(places(form, sentence), rng), None)
        if not new or found is None:
            continue
        before = sentence[: found.start()].split()
        is_full = found.group() == old
        if before and before[-1] == new.split()[0]:
            continue  # the name would begin twice
        if is_full or not _is_end_of_name(before):
            return replaced(sentence, found, new if is_full else _surname(new))
    return None


def _is_end_of_name(before: Sequence[str]) -> bool:
    """Whether a surname after these words is the last word of a longer name: a capital stands there, and no title."""
    return len(before) > 1 and before[-1][:1].isupper() and not re.search(f"{_TITLE}$", before[-1])


def person_from_article(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Another person of the same article."""
    return _renamed(sentence, setting, rng, _people_forms(setting), people(setting))


def invented_person(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """A person whom the article does not name."""
    return _renamed(sentence, setting, rng, _people_forms(setting), words("invented_people"))


def body_from_article(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Another organisation of the same article."""
    return _renamed(sentence, setting, rng, _body_forms(setting), bodies(setting))


def invented_body(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """An organisation that the article does not name."""
    return _renamed(sentence, setting, rng, _body_forms(setting), words("invented_bodies"))


# Giver and taker

_ACRONYM = r"(?:[A-Z]\.){2,4}|[A-Z]{2,6}"
_PARTY = (
    rf"(?:(?:[Tt]he )?(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen)\.? )?(?:{_ACRONYM}|{_RUN})"
    r"(?: (?:government|army|regime|opposition|authorities|people|parliament))?|\b[Tt]he [a-z]{3,})"
)
_GIVE = either(words("gives"))
_TAKE = either(words("takes"))
_HELPERS = rf"(?:,? {either(words('before_verb'))})*"
# The party ends here: no word follows that it could qualify.
_ENDED = rf"(?=[,.;)]| {either(words('after_party'))}\b)"
_TO = re.compile(
    rf"(?<![\w-])(?P<x>{_PARTY}){_HELPERS} {_GIVE}\b(?P<mid>[^.;:“”\"]{{1,90}}?) to (?P<y>{_PARTY}){_ENDED}"
)
_FROM = re.compile(
    rf"(?<![\w-])(?P<x>{_PARTY}){_HELPERS} {_TAKE}\b(?P<mid>[^.;:“”\"]{{1,90}}?) from (?P<y>{_PARTY}){_ENDED}"
)
_FROM_TO = re.compile(rf"\bfrom (?P<x>{_PARTY}) to (?P<y>{_PARTY}){_ENDED}")
_TWO_OBJECTS = re.compile(rf"(?<![\w-])(?P<x>{_PARTY}){_HELPERS} {_GIVE} (?P<y>{_PARTY}) (?:an?|the|its|more|\d)\b")
_GIFT = either(words("gifts"))
_GIFT_TO = re.compile(rf"(?<![\w-])(?P<x>{_PARTY})(?:’s|'s)?(?: [a-z]+)? {_GIFT} (?:to|for) (?P<y>{_PARTY}){_ENDED}")
_DOES = either(words("does"))
_ACTS_ON = re.compile(
    rf"(?<![\w-])(?P<x>{_PARTY}){_HELPERS} {_DOES} (?P<y>{_PARTY})(?=[,.;]| of\b| {either(words('after_party'))}\b)"
)


def _exchanged(sentence: str, found: re.Match[str]) -> str | None:
    """The sentence with the two parties of the match in each other's place."""
    x, y = found["x"], found["y"]
    names = {x.split()[-1], y.split()[-1], x.split()[0], y.split()[0]}
    if x.startswith("the ") and found.start("x") and sentence[found.start("x") - 2] != ",":
        return None  # in the middle of a sentence it may belong to what stands before it
    if (
        re.search(r"\bAct\b", x + y)
        or names & {*MONTHS, *WEEKDAYS, "He", "She", "It", "They", "We", "This", "That"}
        or x.lower() in y.lower()
        or y.lower() in x.lower()
    ):
        return None
    at_start = found.start("x") == 0
    new_x = y[0].upper() + y[1:] if at_start else y
    new_y = x[0].lower() + x[1:] if at_start and x.startswith("The ") else x
    return (
        sentence[: found.start("x")]
        + new_x
        + sentence[found.end("x") : found.start("y")]
        + new_y
        + sentence[found.end("y") :]
    )


def giver_and_taker(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Who gives takes, and who takes gives."""
    for pattern in (_TO, _TWO_OBJECTS, _FROM, _GIFT_TO):
        for found in shuffled(places(pattern, sentence), rng):
            altered = _exchanged(sentence, found)
            if altered is not None:
                return altered
    return None


def from_and_to(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """From Y to X instead of from X to Y."""
    for found in shuffled(places(_FROM_TO, sentence), rng):
        altered = _exchanged(sentence, found)
        if altered is not None:
            return altered
    return None


def who_acts_on_whom(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Y told X instead of X told Y."""
    for found in shuffled(places(_ACTS_ON, sentence), rng):
        altered = _exchanged(sentence, found)
        if altered is not None:
            return altered
    return None
