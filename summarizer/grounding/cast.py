"""Who is meant: a name as a model or a sentence gives it, resolved to one whom the article names.

Only the article's own words are given back. A name that fits two people stays as it was written.
"""

import re
from collections.abc import Sequence
from typing import Literal

from ..schemas.evidence import Evidence, Who
from .names import Name
from .tokens import name_words
from .wordlists import word_set

# Small words that a name may have inside it: the Ministry of Trade and Industry.
_INSIDE_NAMES = frozenset(("of", "for", "and", "the", "on", "in", "at", "s"))
# After an office they say whose it is: Spokesman for Berg.
_BELONGING = frozenset(("for", "to", "at", "in", "near", "from"))


def is_named(name: str) -> bool:
    """Whether the words are a name ("Ada Berg", "the White Hall") and no description ("a harbour official").

    A description that holds a name ("sources close to Ada Berg", "an aide to Berg") names somebody else.
    """
    words = [word for word in re.findall(r"[^\W_][\w.’'&-]*", name) if word.lower() not in word_set("determiners")]
    low = [word.lower() for word in words]
    if not words or words[-1][0].islower():
        return False
    known = name_words()
    is_acronym = any(len(word) > 1 and word.isupper() for word in words)
    if not is_acronym and set(low) <= known.titles | known.qualities | word_set(
        "sources"
    ):  # "Officials" opens a sentence
        return False
    small = {word for word in words if word[0].islower() and word not in word_set("particles") | known.titles}
    if small - _INSIDE_NAMES:
        return False
    is_somebodys = low[0] in known.titles | word_set("sources") and any(word in _BELONGING for word in words[1:2])
    return not is_somebodys and (not words[0][0].islower() or low[0] in word_set("particles") | known.titles)


def resolve(name: str, people: Sequence[Name], sentences: Sequence[Evidence]) -> Who:
    """The one meant by `name`, which stands in the article; `people` are those whom the article names.

    A surname or a full form that fits exactly one of them is that one. The evidence is the sentence in which the
    fullest form stands first.
    """
    if not is_named(name):
        return Who(name=name, named=False, kind=_kind_of_source(name))
    if re.match(r"[Tt]he [A-Z]", name):
        name = name[4:]
    fits = [person for person in people if _fits(_words(name), person)]
    if len(fits) != 1:
        return Who(name=name)
    person = fits[0]
    first = next((mention for mention in person.mentions if mention.text == person.name), person.mentions[0])
    return Who(
        name=person.name,
        aliases=tuple(dict.fromkeys(mention.text for mention in person.mentions if mention.text != person.name)),
        kind="person",
        title=office_of(person) or None,
        evidence=tuple(sentence for sentence in sentences if sentence.start <= first.start < sentence.end),
    )


def _kind_of_source(description: str) -> Literal["person", "organisation", "group"]:
    """Of a source that is only described: a body, several people, or one."""
    head, words = head_of(description), description.lower().split()
    if head in word_set("bodies"):
        return "organisation"
    one = words[0] == "one" and words[1:2] == ["of"]
    many = head in word_set("collectives") or (head.endswith("s") and not head.endswith("ss"))
    return "group" if many and not one else "person"


def head_of(description: str) -> str:
    """The last word before a preposition or a clause, in lower case: "officials" of "two of the officials who left"."""
    words = re.findall(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", description.lower())
    if len(words) > 2 and words[1] == "of":
        words = words[2:]
    end = next((index for index, word in enumerate(words) if index and word in word_set("after_head")), len(words))
    return words[end - 1] if words else ""


def office_of(person: Name) -> str:
    """The words beside a name that say who it is; empty if there are none but a form of address ("Mr", "Gen.")."""
    words = person.title.text.split() if person.title else []
    return "" if all(word.lower().rstrip(".") in name_words().abbreviations for word in words) else " ".join(words)


def _fits(wanted: list[str], person: Name) -> bool:
    """Whether the words are one of the person's forms, end like the full name, or end with it (a title before it)."""
    full = _words(person.name)
    shorter, longer = sorted((wanted, full), key=len)
    return bool(shorter) and (
        longer[-len(shorter) :] == shorter or any(wanted == _words(mention.text) for mention in person.mentions)
    )


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:[’'-][^\W_]+)*", re.sub(r"[’']s\b", "", name))
