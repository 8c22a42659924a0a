"""The words by which a text says who is speaking (`cues.toml`), read once."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_VOWELS = "aeiou"
# What an attribution between two halves of a quote may be at most, in characters: a name, an office and a verb.
_LONGEST_ATTRIBUTION = 120
_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")
_REPORTED = frozenset(("that", "whether", "if", "how", "why", "because", "but", "which", "as"))


@dataclass(frozen=True, slots=True)
class Cues:
    """Words in lower case, by what they do. See the comments in `cues.toml`."""

    finite: frozenset[str]
    participles: frozenset[str]
    bare: frozenset[str]
    nouns: frozenset[str]
    inverting: frozenset[str]
    between: frozenset[str]
    passive: frozenset[str]
    openers: frozenset[str]
    prepositions: frozenset[str]
    determiners: frozenset[str]
    he: frozenset[str]
    she: frozenset[str]
    others: frozenset[str]
    relative: frozenset[str]
    reporting: frozenset[str]
    passive_without_object: frozenset[str]
    naming: tuple[str, ...]
    times: frozenset[str]

    @property
    def pronouns(self) -> frozenset[str]:
        """Every pronoun that can be a subject."""
        return self.he | self.she | self.others


@cache
def cues() -> Cues:
    """The packaged words."""
    raw = tomllib.loads(files(__package__).joinpath("cues.toml").read_text(encoding="utf-8"))
    finite, participles = set(raw["irregular"]) | set(raw["reporting"]), set(raw["participles"])
    for verb in raw["verbs"]:
        past, third, ing = _inflected(verb)
        finite |= {past, third}
        participles.add(ing)
    sets = (
        "inverting",
        "between",
        "passive",
        "openers",
        "prepositions",
        "determiners",
        "he",
        "she",
        "others",
        "reporting",
    )
    return Cues(
        finite=frozenset(finite),
        participles=frozenset(participles),
        bare=frozenset(raw["bare"]) | frozenset(raw["verbs"]),
        nouns=frozenset(raw["nouns"]),
        passive_without_object=frozenset(_inflected(verb)[0] for verb in raw["transitive"]),
        relative=frozenset(raw["relative"]),
        naming=tuple(raw["naming"]),
        times=frozenset(raw["times"]),
        **{name: frozenset(raw[name]) for name in sets},
    )


def _inflected(verb: str) -> tuple[str, str, str]:
    """Past, third person and participle of a regular verb."""
    if verb.endswith("e"):
        return verb + "d", verb + "s", verb[:-1] + "ing"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ied", verb[:-1] + "ies", verb + "ing"
    if verb.endswith(("s", "sh", "ch", "x")):
        return verb + "ed", verb + "es", verb + "ing"
    doubled = verb in ("admit", "slam", "dub", "counsel", "label", "concur", "blog")
    stem = verb + verb[-1] if doubled and verb not in ("counsel", "label") else verb
    return stem + "ed", verb + "s", stem + "ing"


def is_attribution(between: str, after_mark: str) -> bool:
    """Whether the words between two marked stretches do nothing but say who speaks: ” he said, “.

    `after_mark` is the last character inside the first stretch.
    """
    if len(between) > _LONGEST_ATTRIBUTION or "\n\n" in between:
        return False
    if after_mark not in ",.?!…—–-" and not between.lstrip().startswith((",", "—", "–", "-")):
        return False
    if not between.rstrip().endswith((",", ".", ":", ";", "—", "–", "-")):
        return False
    inner = between.strip(" ,.:;—–-\n\r\t")
    if re.search(r"[!?:;]|[a-z]{3}\.\s", inner):
        return False
    words = [match.group().casefold() for match in _WORD.finditer(inner)]
    known = cues()
    return any(word in known.finite for word in words) and not _REPORTED.intersection(words)
