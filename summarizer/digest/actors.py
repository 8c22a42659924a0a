"""Who is who across the articles of a story: aliases, titles, spellings are one's; two of one surname stay two."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from ..grounding.mentions import folded, read_words
from ..grounding.persons import is_name, same_person
from ..grounding.tokens import name_words
from ..schemas.brief import Actor
from ..schemas.digest import DigestActor
from .lines import matter, names_told
from .reports import Report

# Two spellings of one name ("Olexa Marrin", "Oleksa Marrin") are at least so alike, and hold the same office.
_SPELT_ALIKE = 0.7
_PERSON = "person"


@dataclass
class _Entry:
    """One actor as it grows: its mentions, each an actor of a brief."""

    told: list[tuple[Report, Actor]] = field(default_factory=list)

    def names(self) -> list[str]:
        return [actor.name for _, actor in self.told]

    def has(self, report: Report) -> bool:
        return any(each.id == report.id for each, _ in self.told)


class Cast:
    """The actors of a story. `actors` are in the order of how many articles speak of them."""

    def __init__(self, reports: Sequence[Report]) -> None:
        entries = _merged(reports)
        entries.sort(key=lambda entry: -len(entry.told))  # stable: then as the articles come
        ids = _ids([_best_name(entry) for entry in entries])
        self.actors = tuple(_actor(entry, id_) for entry, id_ in zip(entries, ids, strict=True))
        self._ids: Mapping[tuple[str, str], str] = {
            (report.id, actor.id): id_ for entry, id_ in zip(entries, ids, strict=True) for report, actor in entry.told
        }
        self._by_id = {actor.id: actor for actor in self.actors}

    def of(self, report: Report, reference: str) -> str:
        """The actor (id) whom a brief means by an id or a name; the name as it is if that is nobody's, or several's."""
        known = self._ids.get((report.id, reference))
        if known is not None or not is_name(reference):
            return known or reference
        own = [a for a in report.brief.actors if a.named and _is_one(reference, a)]
        if len(own) == 1:
            return self._ids[report.id, own[0].id]
        fits = [
            a.id for a in self.actors if a.named and any(_same_name(a.kind, reference, n) for n in (a.name, *a.aliases))
        ]
        return fits[0] if len(fits) == 1 else reference

    def get(self, reference: str) -> DigestActor | None:
        """The actor of that id; None for a name."""
        return self._by_id.get(reference)

    def name(self, reference: str) -> str:
        """The name to show for an id or a name."""
        actor = self.get(reference)
        return actor.name if actor else reference

    def is_named(self, reference: str) -> bool:
        """Whether it is somebody with a name: only then are two mentions of two articles one's."""
        actor = self.get(reference)
        return actor.named if actor else is_name(reference)

    def are_one_side(self, one: str, other: str) -> bool:
        """Whether two may act for each other: the same, a minister and the country, a spokesman and the ministry."""
        if one == other:
            return True
        (mine, of), (its, others) = self._sides(one), self._sides(other)
        return mine == its or (bool(mine) and mine <= others) or (bool(its) and its <= of) or bool(of & others)

    def _sides(self, reference: str) -> tuple[frozenset[str], frozenset[str]]:
        """The words of a name, and of the names in an office: a minister of Norland acts for Norland."""
        actor = self.get(reference)
        if actor is None:
            return frozenset(_words(reference)), frozenset()
        own = _words(actor.name)
        beside = names_told(f"x {actor.role or ''}") | names_told(f"x {actor.affiliation or ''}")
        return frozenset(own[-1:] if actor.kind == _PERSON else own), beside


def _merged(reports: Sequence[Report]) -> list[_Entry]:
    entries: list[_Entry] = []
    told = [(report, actor) for report in reports for actor in report.brief.actors]
    for report, actor in told:
        if not actor.named or not is_name(actor.name):
            entries.append(_Entry([(report, actor)]))  # a source without a name is nobody else
    # The fullest names first, so that a surname finds all who bear it.
    named = [pair for pair in told if pair[1].named and is_name(pair[1].name)]
    for report, actor in sorted(named, key=lambda pair: -len(_words(pair[1].name))):
        fits = [entry for entry in entries if not entry.has(report) and _fits(actor, entry)]
        chosen = fits[0] if len(fits) == 1 else _by_office(actor, fits)
        if chosen is None:
            entries.append(_Entry([(report, actor)]))
        else:
            chosen.told.append((report, actor))
    order = {(report.id, actor.id): place for place, (report, actor) in enumerate(told)}
    for entry in entries:
        entry.told.sort(key=lambda pair: order[pair[0].id, pair[1].id])
    return sorted(entries, key=lambda entry: order[entry.told[0][0].id, entry.told[0][1].id])


def _fits(actor: Actor, entry: _Entry) -> bool:
    """Whether the actor can be everybody whom the entry has; a surname alone fits, a body's and a person's never."""
    return all(
        other.named
        and (actor.kind == _PERSON) == (other.kind == _PERSON)
        and (_is_one(actor.name, other) or _is_one(other.name, actor) or _is_spelt_alike(actor, other))
        for _, other in entry.told
    )


def _by_office(actor: Actor, fits: Sequence[_Entry]) -> _Entry | None:
    """Of several who bear the name the only one who is said to hold the same office."""
    office = matter(actor.role or "")
    held = [entry for entry in fits if office and any(office == matter(each.role or "") for _, each in entry.told)]
    return held[0] if len(held) == 1 else None


def _is_one(name: str, actor: Actor) -> bool:
    """Whether the name is the actor's; an alias counts if it says as much as a name does, and is no surname alone."""
    forms = (actor.name, *(alias for alias in actor.aliases if len(_words(alias)) > 1))
    return any(_same_name(actor.kind, name, form) for form in forms)


def _same_name(kind: str, one: str, other: str) -> bool:
    """Of people as `same_person`; of bodies the same words, a short form, or a longer form's last two words or more."""
    if not same_person(one, other) or not (is_name(one) and is_name(other)):
        return False
    if kind == _PERSON:
        return True
    shorter, longer = sorted((_words(one), _words(other)), key=len)
    return shorter == longer or len(shorter) > 1 or shorter[0] not in longer


def _is_spelt_alike(one: Actor, other: Actor) -> bool:
    """Whether two people of one office have names that are two spellings of one."""
    mine, its = _words(one.name), _words(other.name)
    if one.kind != _PERSON or len(mine) != len(its) or len(mine) < 2:
        return False
    office = matter(one.role or "")
    alike = all(
        a[0] == b[0] and SequenceMatcher(None, a, b).ratio() >= _SPELT_ALIKE for a, b in zip(mine, its, strict=True)
    )
    return alike and bool(office) and office == matter(other.role or "")


def _words(name: str) -> list[str]:
    """The words of a name, folded, without titles and articles."""
    skipped = name_words().titles | name_words().office | {"the", "of", "a", "an"}
    words = [word.folded for word in read_words(re.split(r"[,(;\n]", name, maxsplit=1)[0])]
    return [word for word in words if word not in skipped] or words or [name]


def _best_name(entry: _Entry) -> str:
    """The fullest name, without a title before it if one article has it so; of equals the first."""
    return max(entry.names(), key=lambda name: (len(_words(name)), -len(name)))


def _actor(entry: _Entry, id_: str) -> DigestActor:
    name = _best_name(entry)
    forms = dict.fromkeys(form for _, actor in entry.told for form in (actor.name, *actor.aliases) if form != name)
    first = next(actor for _, actor in entry.told if actor.name == name)
    roles = [actor.role for _, actor in entry.told if actor.role]
    affiliations = [actor.affiliation for _, actor in entry.told if actor.affiliation]
    return DigestActor(
        id=id_,
        name=name,
        named=first.named,
        aliases=tuple(forms),
        kind=first.kind,
        role=max(roles, key=lambda role: len(matter(role)), default=None),
        affiliation=next(iter(affiliations), None),
        articles=tuple(dict.fromkeys(report.id for report, _ in entry.told)),
    )


def _ids(names: Iterable[str]) -> list[str]:
    return list(unique(slug(name) for name in names))


def slug(name: str) -> str:
    """Words as an id: small letters and digits of the folded words, joined by hyphens."""
    return "-".join(re.sub(r"[^a-z0-9]+", "", folded(word)) for word in re.findall(r"\w+", name)).strip("-")[:60] or "x"


def unique(ids: Iterable[str]) -> Iterator[str]:
    """The ids in their order, each further one of a kind with a number."""
    seen: dict[str, int] = {}
    for id_ in ids:
        seen[id_] = seen.get(id_, 0) + 1
        number = seen[id_]
        while number > 1 and f"{id_}-{number}" in seen:
            number += 1
        told = id_ if number == 1 else f"{id_}-{number}"
        seen.setdefault(told, 1)
        yield told
