"""Which briefs tell one story: as given, or as their articles' words, names and days tell."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from ..schemas.brief import Brief
from .stories import Stories

Lists = Sequence[Sequence[Brief]] | Mapping[str, Sequence[Brief]]
Grouping = Stories | Lists | Callable[[Sequence[Brief]], Lists]


@dataclass(frozen=True)
class Sorted:
    """The briefs of one story, its id if it has one, and which articles are copies of which; None if nobody told.

    `replaced` are older versions, which are no briefs of the story, by the id of the article that stands for them.
    """

    id: str | None
    briefs: Sequence[Brief]
    copies: Mapping[str, str] | None
    replaced: Mapping[str, Sequence[Brief]] = field(default_factory=dict)


def briefs_in(briefs: Sequence[Brief], grouping: Grouping) -> Sequence[Brief]:
    """Every brief that is given, in lists or plainly."""
    if isinstance(grouping, Stories) or callable(grouping):
        return briefs
    groups = grouping.values() if isinstance(grouping, Mapping) else grouping
    return [brief for group in groups for brief in group]


def without_briefs(grouping: Grouping, out: Set[str]) -> Grouping:
    """The same without the briefs of these articles, where it has them in lists."""
    if isinstance(grouping, Stories) or callable(grouping) or not out:
        return grouping
    if isinstance(grouping, Mapping):
        return {id_: [brief for brief in group if brief.article.id not in out] for id_, group in grouping.items()}
    return [[brief for brief in group if brief.article.id not in out] for group in grouping]


def sort_briefs(briefs: Sequence[Brief], grouping: Grouping, copies: Mapping[str, str] | None) -> list[Sorted]:
    """The briefs by story, in an order to which that of the input adds nothing."""
    if isinstance(grouping, Stories):
        return _placed(briefs, grouping, copies)
    groups = grouping(briefs) if callable(grouping) else grouping
    if isinstance(groups, Mapping):
        return [Sorted(id_, groups[id_], copies) for id_ in sorted(groups)]
    ordered = sorted(groups, key=lambda group: sorted(brief.article.id for brief in group))
    return [Sorted(None, group, copies) for group in ordered]


def _placed(briefs: Sequence[Brief], stories: Stories, copies: Mapping[str, str] | None) -> list[Sorted]:
    """The briefs where `stories` puts them; of two versions of an article the newer, if both are here."""
    stories.add(brief.article for brief in briefs)
    places = {brief.article.id: stories.place(brief.article.id) for brief in briefs}
    told = {one: place.copy_of for one, place in places.items() if place.copy_of is not None} | dict(copies or {})
    groups: dict[str, list[Brief]] = {}
    replaced: dict[str, dict[str, list[Brief]]] = {}
    for brief in briefs:
        place = places[brief.article.id]
        if place.replaced_by in places:
            replaced.setdefault(place.story, {}).setdefault(place.replaced_by or "", []).append(brief)
        else:
            groups.setdefault(place.story, []).append(brief)
    return [Sorted(id_, groups[id_], told, replaced.get(id_, {})) for id_ in sorted(groups)]
