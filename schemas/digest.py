"""`digest/1`: the stories of a day out of many briefs, each told once, and where its sources disagree.

A field may be added within `digest/1`; one is renamed or removed only in `digest/2`. An article is named by its id, the
SHA-256 of its text; every Evidence counts in the text of the article beside which it stands, and `text[start:end]` of
that article is always its `text`. A digest holds no article's text beyond that.
"""

from typing import Annotated, Literal

from pydantic import Field

from .brief import ALIASED, ActorKind, DealStatus, Doubt, Spans, Stance, Value
from .evidence import Evidence, Frozen

Kind = Literal["amount", "count", "date", "status", "giver", "speaker", "denial"]
Verdict = Literal["contradiction", "rounder", "limit", "older", "converted", "not_compared"]
Rule = Literal[
    "deal_value",
    "deal_status",
    "deal_giver",
    "counted",
    "measured",
    "paid",
    "dated",
    "quoted",
    "denied",
    "repeated",
    "tallied",
    "aged",
]
News = Literal["story", "status", "value", "terms", "joined", "left", "position", "answered"]
Wording = Literal["model", "composed"]
Why = Literal["notice", "version", "named", "copy"]
AT_ODDS = "they cannot all be right"  # the reason of a contradiction of which nothing else is to be said


class DigestArticle(Frozen):
    """An article of a story. `copy_of` is the id of the one that it is a copy of; copies are no sources of their own.

    It is the article's own id where another outlet has the very same text. `replaced_by` is the id of the newer version
    of it that stands for it in the story: it is no source, and only `revisions` have words of it. `outlet` is who
    published it: its source, else the host of its address, else None. `day` is that of publication (ISO 8601) if it can
    be told from `published`, which is as the article has it.
    """

    id: str
    title: str | None
    outlet: str | None
    url: str | None
    published: str | None
    day: str | None = None
    copy_of: str | None = None
    replaced_by: str | None = None
    warnings: tuple[str, ...] = ()


class Correction(Frozen):
    """What an outlet corrects: the article (its id), and the words of the notice in it.

    `words` is None where only the title says so. `story` is the id of the story that the article is of, None for one
    that is of none here.
    """

    article: str
    title: str | None
    outlet: str | None
    url: str | None
    published: str | None
    words: Evidence | None
    story: str | None


class Withdrawn(Frozen):
    """An article that is out because its outlet has killed it; nothing of its text is in the digest.

    `why`: it says so itself ("notice"), a newer "version" of it or a kill that names its headline or slug ("named")
    does, or it is a "copy" of such an article.
    """

    article: str
    title: str | None
    outlet: str | None
    published: str | None
    why: Why


class Source(Frozen):
    """The words of one article that something rests on."""

    article: str
    evidence: Annotated[Spans, Field(min_length=1)]


Sources = Annotated[tuple[Source, ...], Field(min_length=1)]


class DigestSentence(Frozen):
    """A sentence out of a brief, or a model's (see `Words`), with the articles that say it.

    `disputed`: another source contradicts it.
    """

    text: str
    sources: Sources
    disputed: bool = False


class DigestActor(Frozen):
    """Somebody of whom one article or several speak. `named` is False for a source that its article does not name."""

    id: str
    name: str
    named: bool
    aliases: tuple[str, ...]
    kind: ActorKind
    role: str | None
    affiliation: str | None
    articles: Annotated[tuple[str, ...], Field(min_length=1)]


class Said(Frozen):
    """A position as one article has it; `quotes` are the actor's own words there."""

    article: str
    stance: Stance
    claim: str
    quotes: Spans
    evidence: Annotated[Spans, Field(min_length=1)]


class DigestPosition(Frozen):
    """What an actor (by id) says, wants, offers or denies; `claim` is the one of `said` that says most."""

    actor: str
    stance: Stance
    claim: str
    said: Annotated[tuple[Said, ...], Field(min_length=1)]


class DigestTerm(Frozen):
    """What a party (an actor's id, or a name) gives, as one article has it."""

    party: str | None
    gives: str
    evidence: Spans


class DealTold(Frozen):
    """A deal as one article has it; a party is an actor's id of the story, or a name."""

    article: str
    title: str
    parties: tuple[str, ...]
    terms: tuple[DigestTerm, ...]
    value: Value | None
    status: DealStatus
    evidence: Annotated[Spans, Field(min_length=1)]


class DigestDeal(Frozen):
    """One deal, as each source has it. `id` is made of its title, and one of its own within the story."""

    id: str
    title: str
    parties: tuple[str, ...]
    told: Annotated[tuple[DealTold, ...], Field(min_length=1)]


class DigestQuestion(Frozen):
    """What some articles say is not known; `answers` are the words of others that tell it."""

    question: str
    kind: Doubt
    sources: Sources
    answers: tuple[Source, ...] = ()


class DatedItem(Frozen):
    """Something that the articles put on a day (ISO 8601), in the words of the first of them."""

    date: str
    text: str
    sources: Sources


class Side(Frozen):
    """What one article says of a matter: the sentence, and in it the words that differ from another's.

    `value` is them as read: a number with its unit, a day (ISO 8601), a status, a name. `teller` is the one whom the
    sentence of a figure or a day has say so, if that is one only and no pronoun.
    """

    article: str
    value: str
    words: Evidence
    sentence: Evidence
    teller: Evidence | None = None


class Rate(Frozen):
    """A rate that settings give: one unit of `currency` is worth `rate` of `base`."""

    currency: str
    base: str
    rate: float


class Difference(Frozen):
    """Articles that do not say the same of one matter, the `rule` that put them side by side, and what came of it.

    `verdict`: "contradiction"; or none, since one figure is "rounder" than the other, gives but a "limit" ("at least"),
    is "older" than the other, is the same when "converted" at the `rates` shown, or is "not_compared": the sums are in
    two currencies and no rate is set. `reason` says so in words. `about` is the matter in an article's or a brief's
    words.
    """

    kind: Kind
    verdict: Verdict
    rule: Rule
    about: str
    reason: str
    sides: Annotated[tuple[Side, ...], Field(min_length=2)]
    rates: tuple[Rate, ...] = ()


class Revision(Frozen):
    """What an outlet tells otherwise in a newer version of an article: `before` is of the older version, `now` of it.

    `kind` and `about` are as in a Difference; "terms": what a party of a deal gives. `has_notice`: the newer version
    says that it was corrected, as the older one did not.
    """

    kind: Kind | Literal["terms"]
    about: str
    now: Side
    before: Side
    has_notice: bool


class Change(Frozen):
    """What is new since the digest before; `before` and `after` are the values of what changed, None where none is.

    "joined" and "left" are parties of a deal, "terms" what one of them gives.
    """

    kind: News
    text: str
    before: str | None
    after: str | None
    sources: Sources


class Refused(Frozen):
    """What a model wrote for a story and was not let stand, and why. `again`: when it was asked for it once more."""

    place: Literal["headline", "sentence"]
    text: str
    reasons: Annotated[tuple[str, ...], Field(min_length=1)]
    again: bool = False


class Words(Frozen):
    """Who worded a story: the `headline` and, in their order, the sentences of its `summary`.

    "composed" is a sentence of a brief as it is. `model` is None where none was asked, and `reason` says why not, or
    why it was no use; empty for nothing to say.
    """

    model: str | None
    headline: Wording
    summary: tuple[Wording, ...]
    refused: tuple[Refused, ...] = ()
    reason: str = ""


class DigestStory(Frozen):
    """One story. `sources` counts its independent ones: outlets, of which copies make none.

    `score` is what the stories are ordered by. `disagreements` are contradictions; `explained` are differences that a
    rule makes none. `revisions` are what outlets have changed in articles of theirs. `desk` is the section of the
    settings that the story is for, None where no desks are set. `words` is None where headline and summary are the
    briefs' own and no model was to word them.
    """

    id: str
    headline: DigestSentence
    summary: tuple[DigestSentence, ...]
    disagreements: tuple[Difference, ...]
    explained: tuple[Difference, ...]
    revisions: tuple[Revision, ...] = ()
    changes: tuple[Change, ...]
    actors: tuple[DigestActor, ...]
    positions: tuple[DigestPosition, ...]
    deals: tuple[DigestDeal, ...]
    open_questions: tuple[DigestQuestion, ...]
    timeline: tuple[DatedItem, ...]
    articles: Annotated[tuple[DigestArticle, ...], Field(min_length=1)]
    sources: int
    score: float
    desk: str | None = None
    words: Words | None = None

    def article(self, reference: str) -> DigestArticle | None:
        """The article of that id; None if it is none of this story's (an older digest may have had it)."""
        return next((article for article in self.articles if article.id == reference), None)

    def actor(self, reference: str) -> DigestActor | None:
        """The actor with that id; None if `reference` is a name and no id."""
        return next((actor for actor in self.actors if actor.id == reference), None)


class Digest(Frozen):
    """The stories of a time, the one to lead with first.

    `since` and `until` are the first and last days of publication that are known (ISO 8601); of a digest of a store in
    which nothing is, those that were asked for. `compared_to` is `until` of the digest before, `has_previous` whether
    there was one. `corrections` and `withdrawn` are what its reader has to know first: what outlets correct, the latest
    first, and what they have killed. `desks` are the sections in their order, those without a story left out; stories
    stand by desk, and within one by their weight. `notes` say what was left out and why.
    """

    model_config = ALIASED

    contract: Annotated[Literal["digest/1"], Field(alias="schema")] = "digest/1"
    since: str | None
    until: str | None
    has_previous: bool = False
    compared_to: str | None = None
    corrections: tuple[Correction, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    desks: tuple[str, ...] = ()
    stories: tuple[DigestStory, ...]
    notes: tuple[str, ...] = ()
