"""The words by which a text says who is speaking (`cues.toml`), read once."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_VOWELS = "aeiou"
# What an attribution between two halves of a quote may be at most, in characters: a name, an office and a verb.
_LONGEST_ATTRIBUTION = 120
_CLAUSE = re.compile(r"[,!?](?=[^\S\n]+([^,.;:!?“”\"\n]{1,60}))")
# Characters in which a lost closing mark is looked for.
_FAR = 2000
_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")
# Between two halves of a quote these begin a report or a clause of somebody else.
_REPORTED = frozenset(
    ("that", "whether", "if", "how", "why", "because", "but", "which", "as", "and", "or", "while", "when")
) | frozenset(("who", "whom", "whose", "before", "after", "until", "since", "though", "although"))
# Words after a stretch among which a tag of its own would stand.
_TAG_WORDS = 6


@dataclass(frozen=True, slots=True)
class Cues:
    """Words in lower case, by what they do. See the comments in `cues.toml`."""

    finite: frozenset[str]
    participles: frozenset[str]
    bare: frozenset[str]
    before_it: frozenset[str]
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
    joining: frozenset[str]
    denying: frozenset[str]
    denials: frozenset[str]
    conditional: frozenset[str]
    addressing: frozenset[str]
    asking: frozenset[str]
    utterances: frozenset[str]
    quips: frozenset[str]
    reciting: frozenset[str]
    issuing: frozenset[str]
    needing: frozenset[str]
    somebody: frozenset[str]
    reporting: frozenset[str]
    passive_without_object: frozenset[str]
    naming: tuple[str, ...]
    times: frozenset[str]

    # Every word that can attribute: what is not among them needs no closer look.
    attributing: frozenset[str]
    # Every verb of speech in any form.
    speaking: frozenset[str]
    # Every pronoun that can be a subject; those that stand for one person; those that stand for nothing else.
    pronouns: frozenset[str]
    gendered: frozenset[str]
    personal: frozenset[str]


@cache
def cues() -> Cues:
    """The packaged words."""
    raw = tomllib.loads(files(__package__).joinpath("cues.toml").read_text(encoding="utf-8"))
    finite, participles = set(raw["irregular"]) | set(raw["reporting"]), set(raw["participles"])
    for verb in raw["verbs"]:
        past, third, ing = inflected(verb)
        finite |= {past, third}
        participles.add(ing)
    sets = (
        "before_it",
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
        "relative",
        "joining",
        "denying",
        "denials",
        "conditional",
        "addressing",
        "asking",
        "utterances",
        "quips",
        "reciting",
        "issuing",
        "needing",
        "somebody",
        "times",
    )
    bare, nouns = set(raw["bare"]) | set(raw["verbs"]), frozenset(raw["nouns"])
    gendered = frozenset(raw["he"]) | frozenset(raw["she"])
    return Cues(
        finite=frozenset(finite),
        participles=frozenset(participles),
        bare=frozenset(bare),
        nouns=nouns,
        attributing=frozenset(finite | participles | bare | nouns | set(raw["before_it"]) | {"according"}),
        speaking=frozenset(finite | participles | bare),
        pronouns=gendered | frozenset(raw["others"]),
        gendered=gendered,
        personal=gendered | {"they", "it", "we", "i"},
        passive_without_object=frozenset(inflected(verb)[0] for verb in raw["transitive"]),
        naming=tuple(raw["naming"]),
        **{name: frozenset(raw[name]) for name in sets},
    )


def inflected(verb: str) -> tuple[str, str, str]:
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

    One verb of speech, in a finite form: with a second one, a second speaker or occasion comes in.
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
    spoken = sum(word in known.finite or word in known.participles for word in words)
    return spoken == 1 and any(word in known.finite for word in words) and not _REPORTED.intersection(words)


def find_tag(text: str, start: int, end: int) -> int | None:
    """Where the words before ", she said" or ", said Doe" end in `text[start:end]`; None if there is no such tag."""
    for clause in _CLAUSE.finditer(text, start, min(end, start + _FAR)):
        words = [match.group() for match in _WORD.finditer(clause.group(1))]
        if 2 <= len(words) <= _TAG_WORDS and (
            words[0] in cues().inverting
            or (words[-1] in cues().inverting)
            or (words[-2] in ("told", "tells") and words[-1].islower())
        ):
            return clause.start() + 1
    return None


def has_tag(after: str) -> bool:
    """Whether the words after a marked stretch say who speaks it: ”, said Doe. "and added" has the same speaker."""
    clause = re.split(r"[.!?:;—–\n“”\"]|, ", after.lstrip(" ,—–-"), maxsplit=1)[0]
    words = [match.group() for match in _WORD.finditer(clause)][:_TAG_WORDS]
    if words[:1] in (["and"], ["but"]) and words[1:2] and words[1] in cues().finite:
        return False
    return any(word in cues().finite for word in words)
