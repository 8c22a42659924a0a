"""A story put together of what a model told of it and what is composed for the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..digest.words import is_headline_again, is_said
from ..schemas.digest import DigestSentence, DigestStory, Refused, Wording, Words
from ..schemas.telling import FEWEST, MOST, StoryDraft, ToldHeadline, ToldSentence
from .checking import Checked, Checker
from .sheets import Sheet


@dataclass
class Account:
    """How the words of a story come about: what stands so far, what was refused, and why no more was asked."""

    headline: Checked | None = None
    sentences: list[Checked] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    reason: str = ""

    @property
    def failed(self) -> list[tuple[str, Checked]]:
        """What was written and may not stand, by the section of the draft."""
        titles = [("headline", self.headline)] if self.headline and not self.headline.sentence else []
        return [*titles, *(("sentences", each) for each in self.sentences if not each.sentence)]

    @property
    def standing(self) -> list[Checked]:
        """The sentences that may stand."""
        return [each for each in self.sentences if each.sentence]

    @property
    def title(self) -> str:
        """The model's headline; empty if none stands."""
        return self.headline.sentence.text if self.headline and self.headline.sentence else ""


def read(draft: StoryDraft, checker: Checker) -> Account:
    """The first answer, checked."""
    account = Account()
    for title in draft.headline:
        account.headline = checker.check(title)
    for sentence in draft.sentences:
        account.sentences.append(checker.check(sentence, account.standing, account.title))
    account.refused = [_refused(section, each, again=False) for section, each in account.failed]
    return account


def read_again(draft: StoryDraft, account: Account, checker: Checker) -> None:
    """The second answer, checked: what holds of it takes the place of what failed, in order."""
    for title in draft.headline:
        if account.headline and account.headline.sentence:
            break
        account.headline = _second(account, "headline", title, checker)
    places = [number for number, each in enumerate(account.sentences) if not each.sentence]
    for place, sentence in zip(places, draft.sentences, strict=False):
        account.sentences[place] = _second(account, "sentences", sentence, checker)


def _second(account: Account, section: str, item: ToldHeadline | ToldSentence, checker: Checker) -> Checked:
    is_title = section == "headline"
    checked = checker.check(item) if is_title else checker.check(item, account.standing, account.title)
    if not checked.sentence:
        account.refused.append(_refused(section, checked, again=True))
    return checked


def _refused(section: str, checked: Checked, *, again: bool) -> Refused:
    place = "headline" if section == "headline" else "sentence"
    return Refused(place=place, text=checked.item.text, reasons=checked.reasons, again=again)


def composed(sheet: Sheet, model: str | None, account: Account | None = None) -> DigestStory:
    """The story in its briefs' own words, all of it."""
    story = sheet.story
    own: Wording = "composed"
    refused, reason = (tuple(account.refused), account.reason) if account else ((), sheet.reason)
    words = Words(model=model, headline=own, summary=(own,) * len(story.summary), refused=refused, reason=reason)
    return story.model_copy(update={"words": words})


def told(sheet: Sheet, model: str, account: Account) -> DigestStory:
    """The story as the model tells it, with composed sentences in the place of what does not hold."""
    story = sheet.story
    title = account.headline.sentence if account.headline else None
    headline = title or story.headline
    if not title and not account.standing:
        return composed(sheet, model, account)
    chosen: list[tuple[Wording, DigestSentence]] = []
    for each in account.sentences:
        # What is told further down is not composed here.
        known = [*(sentence.text for _, sentence in chosen), *_texts(account.standing)]
        # The headline may be another one by now than when the sentence was checked.
        if each.sentence is not None and not is_headline_again(each.sentence.text, headline.text):
            chosen.append(("model", each.sentence))
        elif stand_in := _stand_in(each, sheet, known, headline.text):
            chosen.append(("composed", stand_in))
    for sentence in story.summary:
        if len(chosen) >= min(FEWEST, len(story.summary)):
            break
        if not is_said(sentence.text, [each.text for _, each in chosen]):
            chosen.append(("composed", sentence))
    chosen = chosen[:MOST]
    words = Words(
        model=model,
        headline="model" if title else "composed",
        summary=tuple(wording for wording, _ in chosen),
        refused=tuple(account.refused),
        reason=account.reason,
    )
    summary = tuple(sentence for _, sentence in chosen)
    return story.model_copy(update={"headline": headline, "summary": summary, "words": words})


def _stand_in(failed: Checked, sheet: Sheet, known: Sequence[str], headline: str) -> DigestSentence | None:
    """For a sentence that failed the one that it is most like, else one that it names, else a composed one: the first
    that says nothing that is said."""
    numbers = [*sheet.likest(failed.item.text), *failed.item.on]
    lines = [sheet.lines[n - 1] for n in numbers if sheet.titles < n <= len(sheet.lines)]
    for sentence in (*lines, *sheet.story.summary):
        if not is_said(sentence.text, known) and not is_headline_again(sentence.text, headline):
            return sentence
    return None


def _texts(checked: Sequence[Checked]) -> list[str]:
    return [each.sentence.text for each in checked if each.sentence]
