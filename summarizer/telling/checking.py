"""Checks what a model wrote for a story: each sentence against the articles that it says it rests on, by plain code.

sentence ── its papers taken off ── carried by the article, or its parts each by one ── no disputed thing told as sure
                                     (the checks of a brief's sentence)              └─ nothing that is said already
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from ..articles.injections import find_injections
from ..digest.lines import tells
from ..digest.words import is_headline_again, is_said
from ..grounding.cues import cues
from ..grounding.quantities import quantities
from ..grounding.reports import is_attributed
from ..grounding.told import check_told
from ..grounding.wording import stems, terms
from ..schemas.digest import Difference, DigestSentence, Side, Source
from ..schemas.evidence import Evidence
from ..schemas.marks import Carried, MaxWords
from ..schemas.news import Draft
from ..schemas.telling import MAX_WORDS, ToldHeadline, ToldSentence
from .papers import Papers, Piece, according_to, by_paper
from .sheets import Sheet

# Words that mean another day in each paper; a quotation may have them.
_OF_ITS_DAY = re.compile(r"\b(?:today|tonight|yesterday|tomorrow)\b", re.IGNORECASE)
_OF_THE_TEXT = re.compile(r"\b(?:the|this) (?:article|text|sentence)s?\b", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*”")
_FIGURES = ("amount", "count", "date")
_FEWEST_WORDS = 3  # of a part of a sentence that is looked at alone
# Where these cannot tell, a sentence of one article is let stand and flagged; one of several is better composed.
_SURE = frozenset(("number", "name", "speaker", "quoted words"))
# Words that join two things: a reason, a contrast, an order that the sentences have to give by a word of the same kind.
_JOINING = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"because|due to|owing to|as a result|therefore|thus|thereby|caus\w+|prompt(?:ed|ing|s)|le(?:d|ads?|ading) to|"
        r"in response to|so that|thanks to|amid",
        r"after|before|following|since|until|when",
    )
)
_SETTING_AGAINST = re.compile(
    r"\b(?:despite|although|though|even so|nevertheless|but|while|whereas|however|yet)\b", re.IGNORECASE
)


class _Part(Draft):
    """A part of a sentence, with the marks of one of a brief's summary."""

    text: Annotated[str, Carried(near=True), MaxWords(MAX_WORDS)]


@dataclass(frozen=True)
class Checked:
    """What a model wrote, and `sentence`, if it may stand; else `reasons` say why not.

    `sides` are what of the story's contradictions it tells: the number of the contradiction and the value.
    """

    item: ToldHeadline | ToldSentence
    reasons: tuple[str, ...] = ()
    sentence: DigestSentence | None = None
    sides: frozenset[tuple[int, str]] = frozenset()


class Checker:
    """Checks the sentences of one story. Those that may stand are given to `Checker.check` of the others."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        actors = [actor for report in sheet.reports.values() for actor in report.brief.actors]
        self._papers = Papers(
            sheet.papers.values(), (name for actor in actors for name in (actor.name, *actor.aliases))
        )
        self._by_paper = by_paper(sheet.papers)

    def check(self, item: ToldHeadline | ToldSentence, said: Sequence[Checked] = (), headline: str = "") -> Checked:
        """What is against an item beside those that are `said` already, below that headline.

        A small model writes a line and gives the number of another one: where an item does not hold, the lines that it
        is most like are tried, too. Which they are does not matter, as long as they carry it.
        """
        found = self._check(item, said, headline)
        for number in () if found.sentence else self._sheet.likest(item.text):
            other = self._check(item.model_copy(update={"on": [number]}), said, headline)
            if other.sentence:
                return other
        return found

    def _check(self, item: ToldHeadline | ToldSentence, said: Sequence[Checked], headline: str) -> Checked:
        wrong = [number for number in item.on if not 1 <= number <= len(self._sheet.lines)]
        if wrong:
            return Checked(item, (f"there is no sentence {wrong[0]}",))
        lines = [self._sheet.lines[number - 1] for number in dict.fromkeys(item.on)]
        cited = self._cited(lines)
        told = self._sides_told(item, lines, cited)
        numbers = [number for number, _, _ in told]
        plain = _plainly_wrong(
            self._papers.piece(item.text).words, lines, cited, has_sides=len(numbers) > len(set(numbers))
        )
        sources, against = self._carriers(item, cited)
        reasons = [*plain, *against]
        if not reasons and (undisputed := list(self._undisputed(item.text, told))):
            named = self._with_its_paper(item, told)
            found = self._check(named, said, headline) if named else None
            if found and found.sentence:
                return found
            reasons = undisputed
        sides = frozenset((number, side.value) for number, _, side in told)
        if not reasons:
            reasons = _repeated(item.text, sides, said, headline)
        if reasons:
            return Checked(item, tuple(dict.fromkeys(reasons)), None, sides)
        text = item.text.strip()
        told_as = DigestSentence(text=text, sources=tuple(sources), disputed=bool(told))
        return Checked(item, (), told_as, sides)

    def _cited(self, lines: Sequence[DigestSentence]) -> dict[str, tuple[Evidence, ...]]:
        """The evidence of the lines in each of their articles, in its order."""
        cited: dict[str, set[Evidence]] = {}
        for line in lines:
            for source in line.sources:
                if source.article in self._sheet.reports:
                    cited.setdefault(source.article, set()).update(source.evidence)
        return {id_: tuple(sorted(spans, key=lambda span: span.start)) for id_, spans in cited.items()}

    # Carried by whom

    def _carriers(
        self, item: ToldHeadline | ToldSentence, cited: dict[str, tuple[Evidence, ...]]
    ) -> tuple[list[Source], list[str]]:
        """The sources that carry the item, and what the best of them has against it if none does; then each part of it
        may be carried by another one."""
        whole = self._papers.piece(item.text)
        sources, reasons = self._of_piece(whole, item, cited)
        if not reasons:
            return sources, []
        pieces = self._papers.pieces(item.text)
        if len(pieces) < 2 or any(len(piece.words.split()) < _FEWEST_WORDS for piece in pieces if not piece.papers):
            return [], reasons
        found: dict[str, Source] = {}
        for piece in pieces:
            carrying, against = self._of_piece(piece, _Part.model_construct(text=piece.words), cited)
            if against:
                return [], against
            found |= {source.article: source for source in carrying}
        return list(found.values()), []

    def _of_piece(
        self, piece: Piece, item: ToldHeadline | ToldSentence | _Part, cited: dict[str, tuple[Evidence, ...]]
    ) -> tuple[list[Source], list[str]]:
        """Whoever carries a piece; each paper that it names has to."""
        groups = [[id_ for id_ in self._by_paper[name] if id_ in cited] for name in piece.papers] or [list(cited)]
        bare = item.model_copy(update={"text": piece.words})
        sources: list[Source] = []
        for name, articles in zip(piece.papers or ("",), groups, strict=True):
            if not articles:
                return [], [f"the sentences that it cites are not of the {name}"]
            carrying, reasons = self._against(bare, articles, cited)
            if not carrying:
                return [], reasons
            sources += carrying
        return sources, []

    def _against(
        self, item: ToldHeadline | ToldSentence | _Part, articles: Sequence[str], cited: dict[str, tuple[Evidence, ...]]
    ) -> tuple[list[Source], list[str]]:
        carrying: list[Source] = []
        held: list[list[str]] = []
        for article in articles:
            found = check_told(item, cited[article], self._sheet.context(article))
            reasons = [each.reason for each in found if each.verdict == "against" or each.gate in _SURE]
            told = frozenset(term.stem for span in cited[article] for term in terms(span.text))
            reasons += [f"no sentence that it cites has “{word}”" for word in _added(item.text, told)]
            held.append(reasons)
            if not reasons:
                carrying.append(Source(article=article, evidence=cited[article]))
        return carrying, [] if carrying else min(held, key=len)

    # What is disputed

    def _sides_told(
        self,
        item: ToldHeadline | ToldSentence,
        lines: Sequence[DigestSentence],
        cited: dict[str, tuple[Evidence, ...]],
    ) -> list[tuple[int, Difference, Side]]:
        """What of the contradictions a text tells, as far as the articles that it cites have it.

        A figure it tells if it has it itself; else what a disputed line rests on, unless the others that it cites carry
        it alone, and what any line rests on if it has the words.
        """
        text = item.text
        taken, sure = ([line for line in lines if line.disputed is disputed] for disputed in (True, False))
        if taken and sure and not self._carriers(item, self._cited(sure))[1]:
            taken = []
        own = [(line.sources[0].article, span) for line in taken for span in line.sources[0].evidence]
        told = []
        for number, difference in enumerate(self._sheet.story.disagreements):
            for side in difference.sides:
                spans = cited.get(side.article, ())
                if difference.kind in _FIGURES:
                    has = bool(spans) and _same_figure(text, side.words.text)
                else:
                    has = any(id_ == side.article and _overlap(span, side) for id_, span in own)
                    has = has or (any(_overlap(span, side) for span in spans) and _has_words(text, side.words.text))
                if has:
                    told.append((number, difference, side))
        return told

    def _undisputed(self, text: str, told: Sequence[tuple[int, Difference, Side]]) -> Iterator[str]:
        """What is told as sure of that which another paper contradicts: each part that has it has to name its paper.

        Whether the paper named has it so, the carriers say.
        """
        for piece in self._papers.pieces(text):
            for _, difference, side in () if piece.papers else told:
                if difference.kind not in _FIGURES or _same_figure(piece.words, side.words.text):
                    paper = self._sheet.papers.get(side.article, "")
                    how = f"say “{according_to(paper)}”, or leave it out" if paper else "leave it out"
                    yield f"another paper contradicts “{' '.join(side.words.text.split())[:60]}”: {how}"

    def _with_its_paper(
        self, item: ToldHeadline | ToldSentence, told: Sequence[tuple[int, Difference, Side]]
    ) -> ToldHeadline | ToldSentence | None:
        """The item with the paper that it should name; None if it has several parts, or more than one paper has it."""
        papers = {self._sheet.papers.get(side.article, "") for _, _, side in told}
        if len(papers) > 1 or not all(papers) or len(self._papers.pieces(item.text)) > 1:
            return None
        words = item.text.strip()
        stop = "." if words.endswith(".") else ""
        if not (words.removesuffix(".")[-1:].isalnum()):
            return None
        return item.model_copy(update={"text": f"{words.removesuffix('.')}, {according_to(*papers)}{stop}"})


def _added(text: str, told: frozenset[str]) -> Iterator[str]:
    """The words of a text that say something of which nothing is told; verbs of speech do that say how it is meant."""
    for term in terms(text):
        is_plain = term.low in cues().finite and term.stem in stems("plain_speech")
        if (tells(term) or (term.low in cues().finite and not is_plain)) and term.stem not in told:
            yield text[term.start : term.end]


def _plainly_wrong(
    text: str, lines: Sequence[DigestSentence], cited: dict[str, tuple[Evidence, ...]], *, has_sides: bool
) -> Iterator[str]:
    """What is wrong with a text, its papers taken off, beside the lines and their evidence, whatever articles say.

    `has_sides`: it tells two sides of a contradiction, which may be set against each other.
    """
    plain = _QUOTED.sub("", text)
    if word := _OF_ITS_DAY.search(plain):
        yield f"“{word[0]}” is another day in another paper: say the day, or leave it out"
    if word := _OF_THE_TEXT.search(plain):
        yield f"“{word[0]}” is nobody to the reader: say who says it"
    if find_injections(text):
        yield "it speaks to a machine"
    if all(is_attributed(line.text) for line in lines) and not is_attributed(text):
        yield "it tells as a fact what the sentences that it cites let somebody say: say who says it"
    told = " ".join([*(line.text for line in lines), *(span.text for spans in cited.values() for span in spans)])
    for joining in (*_JOINING, *(() if has_sides else (_SETTING_AGAINST,))):
        if (word := joining.search(plain)) and not joining.search(told):
            yield f"the sentences that it cites have no “{word[0]}”: leave it out"


def _repeated(text: str, sides: frozenset[tuple[int, str]], said: Sequence[Checked], headline: str) -> list[str]:
    if headline and is_headline_again(text, headline):
        return ["it says what the headline says: tell something else"]
    known = frozenset().union(*(each.sides for each in said))
    others = [each.sentence.text for each in said if each.sentence]
    if is_said(text, others) and (not sides or sides <= known):
        return ["it says what a sentence before it says: tell something else"]
    return []


def _overlap(span: Evidence, side: Side) -> bool:
    return span.start < side.words.end and side.words.start < span.end


def _has_words(text: str, words: str) -> bool:
    """Whether a text has all that some words say."""
    wanted = {term.stem for term in terms(words) if term.is_content}
    return bool(wanted) and wanted <= {term.stem for term in terms(text)}


def _same_figure(text: str, words: str) -> bool:
    """Whether a text has a figure of some words, in the same unit."""
    mine, its = ({(value, q.unit) for q in quantities(each) for value in q.values} for each in (text, words))
    return bool(mine & its)
