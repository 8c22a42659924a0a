"""Positions and deals of one story put together: what two papers tell is one, with what each has of it beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..grounding.wording import stem_of, wording
from ..schemas.brief import Deal, Position
from ..schemas.digest import DealTold, DigestDeal, DigestPosition, DigestTerm, Said
from ..schemas.evidence import Evidence
from .actors import Cast, slug, unique
from .lines import covered, matter, near
from .reports import Report

# From this likeness of what they say two positions of one actor are one; one that says all of a shorter one's at least
# so many things is, too.
_ONE_POSITION, _ALL, _FEWEST = 0.5, 0.8, 3
# Two deals of the same parties are one from this likeness of titles, terms and evidence.
_ONE_DEAL, _SAME_TITLE, _HARDLY = 0.25, 0.5, 0.15
# Words of a quotation that two papers have alike.
_SAME_WORDS = 4
# Stances that answer each other: who is reported with both is reported otherwise, not twice.
AGAINST = frozenset(("opposes", "denies", "declines"))
FOR = frozenset(("supports", "confirms", "offers"))


@dataclass(frozen=True)
class Stated:
    """A position as one article has it, and its actor (id) in the story."""

    report: Report
    position: Position
    actor: str

    @property
    def stems(self) -> frozenset[str]:
        """What it speaks of, its actor left out."""
        names = matter(self.actor.replace("-", " "))
        return matter(self.position.claim) - names

    def is_told_as(self, other: "Stated") -> bool:
        """Whether the two say the same thing of one actor: in the same quoted words, or in much the same words."""
        if _answer_each_other(self.position.stance, other.position.stance):
            return False
        if any(same_words(a.text, b.text) for a in self.position.quotes for b in other.position.quotes):
            return True
        mine, its = self.stems, other.stems
        if near(mine, its) >= _ONE_POSITION:
            return True
        shorter, longer = sorted((mine, its), key=len)
        return len(shorter) >= _FEWEST and covered(shorter, longer) >= _ALL


def _answer_each_other(one: str, other: str) -> bool:
    return (one in AGAINST and other in FOR) or (one in FOR and other in AGAINST)


def stated(reports: Sequence[Report], cast: Cast) -> list[Stated]:
    """Every position of the articles that rests on words of its own, in their order."""
    return [
        Stated(report, position, cast.of(report, position.actor))
        for report in reports
        for position in report.brief.positions
        if position.evidence or position.quotes
    ]


def positions_of(positions: Sequence[Stated], cast: Cast) -> tuple[DigestPosition, ...]:
    """The positions by actor, what more papers tell first."""
    groups: list[list[Stated]] = []
    for each in positions:
        alike = next((g for g in groups if _is_another_paper(each, g) and any(each.is_told_as(o) for o in g)), None)
        if alike is None:
            groups.append([each])
        else:
            alike.append(each)
    weight: dict[str, int] = {}
    for group in groups:
        weight[group[0].actor] = weight.get(group[0].actor, 0) + len(group)
    groups.sort(key=lambda g: (-weight[g[0].actor], g[0].actor, -len(g)))  # stable: then as the articles come
    return tuple(_position(group) for group in groups)


def _is_another_paper(each: Stated, group: Sequence[Stated]) -> bool:
    return group[0].actor == each.actor and all(other.report.id != each.report.id for other in group)


def _position(group: Sequence[Stated]) -> DigestPosition:
    fullest = max(group, key=lambda each: (len(each.stems), bool(each.position.quotes)))
    return DigestPosition(
        actor=fullest.actor,
        stance=fullest.position.stance,
        claim=fullest.position.claim,
        said=tuple(
            Said(
                article=each.report.id,
                stance=each.position.stance,
                claim=each.position.claim,
                quotes=each.position.quotes,
                evidence=each.position.evidence or each.position.quotes,
            )
            for each in group
        ),
    )


def same_words(one: str, other: str) -> bool:
    """Whether two quotations are the same words up to typography, or one is a whole stretch of the other.

    Fewer than four words can be anybody's.
    """
    shorter, longer = sorted((_spoken(one), _spoken(other)), key=len)
    if len(shorter) < _SAME_WORDS:
        return False
    size = len(shorter)
    return any(longer[at : at + size] == shorter for at in range(len(longer) - size + 1))


def _spoken(quote: str) -> list[str]:
    return re.findall(r"[^\W_]+", quote.casefold())


# Deals


@dataclass(frozen=True)
class Told:
    """A deal as one article has it, and its parties in the story: ids of actors, or names."""

    report: Report
    deal: Deal
    parties: tuple[str, ...]

    @property
    def title(self) -> frozenset[str]:
        """What its title speaks of, but for parties and words that every deal has."""
        return matter(self.deal.title) - _every_deal() - _party_stems(self)

    @property
    def stems(self) -> frozenset[str]:
        """What title, terms and evidence speak of, but for parties and words that every deal has."""
        words = [self.deal.title, *(term.gives for term in self.deal.terms), *(e.text for e in self.deal.evidence)]
        return frozenset().union(*map(matter, words)) - _every_deal() - _party_stems(self)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every stretch that it rests on, each once and in order."""
        spans = {(e.start, e.end): e for e in self.deal.evidence}
        spans |= {(e.start, e.end): e for term in self.deal.terms for e in term.evidence}
        return tuple(spans[place] for place in sorted(spans))


def _every_deal() -> frozenset[str]:
    named = {stem_of(word) for word in wording("agreements")} | {stem_of(word) for word in wording("meetings")}
    return frozenset(named | {stem_of(word) for words in wording("status").values() for word in words})


def _party_stems(told: Told) -> frozenset[str]:
    names = [told.report.brief.actor(party) for party in told.deal.parties]
    words = [*told.deal.parties, *(name.name for name in names if name)]
    return frozenset().union(*map(matter, words))


def told_deals(reports: Sequence[Report], cast: Cast) -> list[list[Told]]:
    """The deals of a story, each with every article's telling of it; of one article at most one telling a deal."""
    told = [
        Told(report, deal, tuple(dict.fromkeys(cast.of(report, party) for party in deal.parties)))
        for report in reports
        for deal in report.brief.deals
        if deal.evidence
    ]
    groups: list[list[Told]] = []
    for each in told:
        fits = [group for group in groups if all(other.report.id != each.report.id for other in group)]
        likes = [(min(likeness(each, other, cast) for other in group), group) for group in fits]
        best, group = max(likes, key=lambda pair: pair[0], default=(0.0, []))
        if best >= _ONE_DEAL:
            group.append(each)
        else:
            groups.append([each])
    return sorted(groups, key=lambda group: -len(group))


def likeness(one: Told, other: Told, cast: Cast) -> float:
    """How surely two tellings are of one deal, 0 to 1: 0 if a party is another one."""
    shorter, longer = sorted((one.parties, other.parties), key=len)
    if not shorter or not all(any(cast.are_one_side(party, its) for its in longer) for party in shorter):
        return 0.0
    title, all_of_it = near(one.title, other.title), near(one.stems, other.stems)
    if len(shorter) < 2 <= len(longer):  # a party is left out: the titles have to say that it is the same
        return title if title >= _SAME_TITLE else 0.0
    if not one.title or not other.title:  # "the accord"
        return _ONE_DEAL if all_of_it >= _HARDLY else 0.0
    return max(title if title >= _SAME_TITLE else 0.0, all_of_it)


def deals_of(groups: Sequence[Sequence[Told]], cast: Cast) -> tuple[DigestDeal, ...]:
    """The deals as the digest has them."""
    titles = [max((each.deal.title for each in group), key=lambda title: len(matter(title))) for group in groups]
    ids = unique(slug(title) for title in titles)
    return tuple(_deal(group, id_, title, cast) for group, id_, title in zip(groups, ids, titles, strict=True))


def _deal(group: Sequence[Told], id_: str, title: str, cast: Cast) -> DigestDeal:
    parties = dict.fromkeys(party for each in group for party in each.parties)
    return DigestDeal(
        id=id_,
        title=title,
        parties=tuple(parties),
        told=tuple(
            DealTold(
                article=each.report.id,
                title=each.deal.title,
                parties=each.parties,
                terms=tuple(
                    DigestTerm(
                        party=None if term.party is None else cast.of(each.report, term.party),
                        gives=term.gives,
                        evidence=term.evidence,
                    )
                    for term in each.deal.terms
                ),
                value=each.deal.value,
                status=each.deal.status,
                evidence=each.deal.evidence,
            )
            for each in group
        ),
    )
