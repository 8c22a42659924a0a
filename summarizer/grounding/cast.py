"""Who is meant: a name as a model or a sentence gives it, resolved to one whom the article names.

Only the article's own words are given back. A name that fits two people stays as it was written.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from ..schemas.evidence import Evidence, Who
from .bodies import Body, bodies_of
from .context import ArticleContext, once
from .cues import cues
from .names import Name
from .tokens import name_words
from .wordlists import word_set

_WORD, _OWNER = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*"), re.compile(r"[’']s\b")
# Small words that a name may have inside it: the Ministry of Trade and Industry.
_INSIDE_NAMES = frozenset(("of", "for", "and", "the", "on", "in", "at", "s"))
# After an office they say whose it is: Spokesman for Berg.
# They tell one of a group from another.
_COUNTING = frozenset(("first", "second", "third", "other", "of", "both", "all", "four", "five", "six", "many", "most"))
LONGEST_TITLE = 80
_BELONGING = frozenset(("for", "to", "at", "in", "near", "from"))


class Described(NamedTuple):
    """A source as the article describes it: the words before its noun in lower case, the whole, and whether many."""

    modifiers: frozenset[str]
    words: str
    is_many: bool


Sources = Mapping[str, Described]
NO_SOURCES: Sources = MappingProxyType({})


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


def who_is(name: str, context: ArticleContext) -> Who:
    """The one meant by a name or a description that stands in the article; see `resolve`. Worked out once a name."""
    return _who_is(context, name)


@once
def _who_is(context: ArticleContext, name: str) -> Who:
    form = re.sub(r"^[Tt]he ", "", name)
    bodies = _bodies_by_form(context).get(form.lower(), ())
    if not bodies and form[:1].isupper() and form.lower() in word_set("bodies"):
        # "The Board" is the Marl Herring Board, if there is no other.
        bodies = tuple(body for body in bodies_of(context) if form in body.name.split())
    return resolve(name, context.people, context.sentences, bodies, _sources(context))


def resolve(
    name: str,
    people: Sequence[Name],
    sentences: Sequence[Evidence],
    bodies: Sequence[Body] = (),
    sources: Sources = NO_SOURCES,
) -> Who:
    """The one meant by `name`, which stands in the article; `people` are those whom the article names.

    A surname, a full form or an office that fits exactly one of them is that one. A name that is nobody's may be that
    of one of the `bodies`, all of which have it for one of their forms. A source that is only described goes under the
    fullest description among `sources`. The evidence is the sentence in which the fullest form stands first.
    """
    known = bodies[0] if len(bodies) == 1 else None
    if not is_named(name):
        holder = _holder(name, people, sentences)
        if holder is not None:
            return _person(holder, sentences)
        if known is not None:
            return _body(known, sentences)
        fullest = _fullest_description(name, sources)
        return Who(name=fullest, named=False, kind=_kind_of_source(fullest), title=_office_told(fullest))
    if re.match(r"[Tt]he [A-Z]", name):
        name = name[4:]
    fits = [person for person in people if _fits(_words(name), person)]
    if len(fits) != 1:
        return _body(known, sentences) if known is not None else Who(name=name)
    return _person(fits[0], sentences)


@once
def _bodies_by_form(context: ArticleContext) -> Mapping[str, tuple[Body, ...]]:
    """The bodies that each form of a name, in lower case and without an article, can stand for."""
    forms: dict[str, tuple[Body, ...]] = defaultdict(tuple)
    for body in bodies_of(context):
        for form in {each.lower().removeprefix("the ") for each in (body.name, *body.aliases, body.called) if each}:
            forms[form] += (body,)
    return forms


def _body(body: Body, sentences: Sequence[Evidence]) -> Who:
    return Who(
        name=body.name,
        aliases=body.aliases,
        kind=body.kind,
        title=body.role.words if body.role else None,
        evidence=tuple(each for each in sentences if each.start <= body.first.start < each.end),
    )


def _person(person: Name, sentences: Sequence[Evidence]) -> Who:
    first = next((mention for mention in person.mentions if mention.text == person.name), person.mentions[0])
    return Who(
        name=person.name,
        aliases=tuple(dict.fromkeys(mention.text for mention in person.mentions if mention.text != person.name)),
        kind="person",
        title=office_of(person) or None,
        evidence=tuple(sentence for sentence in sentences if sentence.start <= first.start < sentence.end),
    )


def _holder(description: str, people: Sequence[Name], sentences: Sequence[Evidence]) -> Name | None:
    """The only one of the people whose title has every word of a definite description: "the home secretary"; nobody
    where the article speaks of another one, too: "a secretary of the union".
    """
    words = description.lower().split()
    rest = words[1:] if words[:1] == ["the"] else words if description[:1].isupper() else []
    if not rest or rest[-1] not in name_words().titles:
        return None
    titles = [re.findall(r"[\w’'-]+", office_of(person).lower()) for person in people]
    holders = [person for person, title in zip(people, titles, strict=True) if set(rest) <= set(title)]
    another = re.compile(rf"\b(?:an?|one|another|two|several|other) (?:[a-z-]+ ){{0,3}}{re.escape(rest[-1])}s?\b", re.I)
    is_one = len(holders) == 1 and not any(another.search(sentence.text) for sentence in sentences)
    return holders[0] if is_one else None


def _office_told(description: str) -> str | None:
    """What a description says of somebody beyond a bare noun: "senior harbour official" of "one senior harbour …"."""
    words = description.split()
    while words and words[0].lower() in word_set("determiners") | {"of", "second", "third", "other"}:
        words.pop(0)
    end = next((place for place, word in enumerate(words) if word.lower() in cues().relative), len(words))
    told = " ".join(words[:end])
    return told if len(words[:end]) > 1 and len(told) <= LONGEST_TITLE else None


@once
def _sources(context: ArticleContext) -> Sources:
    """How the article describes those who speak, by the noun in the singular: modifiers, words, whether many."""
    found: dict[str, list[Described]] = defaultdict(list)
    for sentence in context.sentences:
        words = re.findall(r"[\w.’'-]+|[^\w\s]", sentence.text)
        for place, word in enumerate(words[:-1]):
            if word.lower() not in word_set("sources"):
                continue
            verb = next((each for each in words[place + 1 : place + 3] if not each.endswith("ly")), "")
            kept = _modifiers(words[max(0, place - 5) : place])
            if kept and (verb in cues().finite or verb in cues().bare or _did(verb)):
                modifiers = frozenset(each.lower() for each in kept)
                stem = word.lower().removesuffix("s")
                found[stem].append(Described(modifiers, " ".join([*kept, word]), stem != word.lower()))
    # Where two groups of one sort speak, nobody can tell which is meant.
    return {stem: max(each, key=lambda one: len(one.modifiers)) for stem, each in found.items() if _are_one(each)}


def _are_one(described: Sequence[Described]) -> bool:
    """Whether all of some descriptions share a word with the fullest of them."""
    fullest = max(described, key=lambda one: len(one.modifiers))
    return all(one.modifiers & fullest.modifiers for one in described)


def _fullest_description(name: str, sources: Sources) -> str:
    """The fullest words by which the article describes the source that `name` describes; itself if none are fuller.

    "One official" and "the officials" are of "two senior harbour officials", in the plural and without the number;
    "the official" is "a senior harbour official", "another official" is not.
    """
    words = [word.lower() for word in re.findall(r"[\w.’'-]+", name)]
    head = head_of(name)
    fullest = sources.get(head.removesuffix("s"))
    if fullest is None or words[-1] != head or "another" in words or "other" in words:
        return name
    own = {word for word in words[:-1] if word not in word_set("determiners") | _COUNTING}
    if not own <= fullest.modifiers:
        return name
    if fullest.is_many:
        return fullest.words
    is_same = words[0] in ("the", "that") and not head.endswith("s") and own < fullest.modifiers
    return fullest.words if is_same else name


def _modifiers(words: list[str]) -> list[str]:
    """The last of some words that belong to the noun after them: no determiner, no verb, no preposition."""
    kept: list[str] = []
    for word in reversed(words):
        low = word.lower()
        outside = word_set("determiners") | _COUNTING | cues().determiners | cues().prepositions | cues().finite
        if low in outside | {"and", "or", "but"} or low.endswith(("’s", "'s", "’", ",", "ly")):
            # "Norland and Esk officials" are two groups, of which only one stands here.
            return [] if low in ("and", "or") else kept
        kept.insert(0, word)
    return kept


def _did(verb: str) -> bool:
    return verb.endswith("ed") and verb not in word_set("no_verbs")


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
    """The words beside a name that say who it is, ranks in full ("lieutenant general" of "Lt. Gen.").

    Empty if there are none but a form of address ("Mr").
    """
    known = name_words()
    addresses = (known.abbreviations & known.titles).difference(known.in_full)
    beside = person.title.text.split() if person.title else []
    words = [word for word in beside if word.lower().rstrip(".") not in addresses]
    # "Ada Berg, the director for Rep. Tomas Reyes": the short title is another one's, and where the words were cut.
    if len(words) > 2 and words[-1].lower().rstrip(".") in known.abbreviations and words[-2] in cues().prepositions:
        words = words[:-2] if words[0] != "who" else []
    if all(word.lower() in known.office for word in words):
        return ""
    full = [known.in_full.get(word.lower().removesuffix("."), word) if word.endswith(".") else word for word in words]
    return " ".join(full)


def _fits(wanted: tuple[str, ...], person: Name) -> bool:
    """Whether the words are one of the person's forms, end like the full name, or end with it (a title before it)."""
    full = _words(person.name)
    shorter, longer = sorted((wanted, full), key=len)
    return bool(shorter) and (
        longer[-len(shorter) :] == shorter or any(wanted == _words(mention.text) for mention in person.mentions)
    )


@lru_cache(maxsize=1024)
def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(_OWNER.sub("", name)))
