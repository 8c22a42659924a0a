"""What a model is told of one story: the numbered sentences, and the messages around them."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from .. import prompting
from ..articles.injections import find_injections
from ..digest.lines import matter, near
from ..digest.reports import Report, originals, reports_of
from ..digest.standing import standing
from ..digest.words import material_of
from ..drafting import fingerprint
from ..grounding.context import ArticleContext
from ..grounding.languages.detecting import language_of
from ..rendering.document import listed
from ..rendering.sections import MONTHS
from ..schemas.brief import Brief
from ..schemas.digest import DigestSentence, DigestStory
from ..schemas.telling import FEWEST, MOST, StoryDraft
from ..store import Recipe

KIND = "digest"  # the folder of prompts/
# An engine that writes by a grammar rests a sentence on two others at most, ends it sooner, and runs none together: a
# small model else puts all that it has read into one.
_MOST_ON = 2
_SHORT = {"pattern": '^[^"\\\\\\n;]{8,160}[.?]$'}
_TRIED, _LIKE = 3, 0.5
_MOST_PAPERS = 3  # named before a sentence
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,58}[a-z0-9])")


@dataclass(frozen=True)
class Sheet:
    """A story to be told: `lines` are the sentences of its briefs, the first `titles` of them headlines.

    `reports` are its articles by their ids, without copies; `papers` the names of their papers, for those of which one
    is known. `language` is the name of another language than English, else empty. `reason` says why a model is not to
    be asked; empty if it is.
    """

    story: DigestStory
    reports: Mapping[str, Report]
    papers: Mapping[str, str]
    lines: tuple[DigestSentence, ...] = ()
    titles: int = 0
    language: str = ""
    reason: str = ""

    def context(self, article: str) -> ArticleContext:
        """What the checks need of an article, by its id."""
        return ArticleContext.of(self.reports[article].brief.article)

    @property
    def shown(self) -> list[str]:
        """The lines as the model reads them, without their numbers."""
        return [f"[{self._source(line)}] {line.text}" for line in self.lines]

    @property
    def messages(self) -> tuple[prompting.Message, ...]:
        """What the model is sent: the same for every story up to the last message."""
        return (*_beginning(), story_message(self.shown, self.language))

    def likest(self, text: str) -> list[int]:
        """The numbers of the lines that a text is most like, three at most, the best first."""
        likes = [(near(matter(text), matter(line.text)), number) for number, line in enumerate(self.lines, 1)]
        return [number for like, number in sorted(likes, key=lambda each: -each[0])[:_TRIED] if like >= _LIKE]

    @property
    def lead(self) -> Report:
        """The report to which calls are booked: the first that the headline rests on."""
        first = self.story.headline.sources[0].article
        return self.reports.get(first) or next(iter(self.reports.values()))

    def key(self, recipe: Recipe) -> str:
        """The key of its words in a store: SHA-256, hexadecimal, of the lines and of all that the words depend on."""
        told = json.dumps([recipe.told, self.shown, self.language], ensure_ascii=False)
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    def _source(self, line: DigestSentence) -> str:
        articles = [source.article for source in line.sources]
        names = list(dict.fromkeys(self.papers.get(article, "a paper") for article in articles))
        more = ["others"] if len(names) > _MOST_PAPERS else []
        told = listed([*names[:_MOST_PAPERS], *more])
        day = _day(self.reports[articles[0]].day)
        return f"{told}{day and f', {day}'}{self._warned(line)}"

    def _warned(self, line: DigestSentence) -> str:
        """What is said of a line that another paper contradicts: whose it has to be told as."""
        names = dict.fromkeys(self.papers[s.article] for s in line.sources if s.article in self.papers)
        told = f", only “according to {listed([f'the {_bare(name)}' for name in names])}”" if names else ""
        return f"; DISPUTED{told}" if line.disputed else ""


def sheet_of(story: DigestStory, briefs: Mapping[str, Brief], *, rewords: bool) -> Sheet:
    """The sheet of a story; `briefs` are by the ids of their articles. `rewords`: whether the model is no small one.

    Takes the time of reading each article once.
    """
    notes: list[str] = []
    copies = {article.id: article.copy_of for article in story.articles if article.copy_of}
    there = [each.id for each in story.articles if each.id in briefs and each.replaced_by is None]
    own = [standing(briefs[id_], notes) for id_ in dict.fromkeys(there)]
    reports = {report.id: report for report in originals(reports_of(own, copies))}
    papers = {id_: name for id_, report in reports.items() if (name := _paper(report))}
    plain = Sheet(story, reports, papers)
    if len(reports) < FEWEST:
        whose = "its one article" if len(story.articles) == 1 else "the one source that it has"
        return _not_asked(plain, f"it is told as the brief of {whose} tells it")
    contexts = [plain.context(id_) for id_ in reports]
    languages = {context.language.code: context.language for context in contexts}
    if len(languages) > 1:
        return _not_asked(plain, "its articles are in several languages")
    (language,) = languages.values()
    found = (*story.disagreements, *story.explained)
    titles, told = (tuple(filter(_is_clean, each)) for each in material_of(list(reports.values()), found))
    words = " ".join(line.text for line in (*titles, *told))
    if language_of(words, language.code) != language.code:
        return _not_asked(plain, "its briefs are in another language than their articles")
    if not contexts[0].is_english and not rewords:
        return _not_asked(plain, f"this model is not let write {language.name}")
    if not told:
        return _not_asked(plain, "its briefs have no sentence to tell it by")
    return Sheet(story, reports, papers, (*titles, *told), len(titles), "" if contexts[0].is_english else language.name)


def _not_asked(sheet: Sheet, reason: str) -> Sheet:
    return Sheet(sheet.story, sheet.reports, sheet.papers, reason=reason)


def _is_clean(line: DigestSentence) -> bool:
    """Whether nothing in it speaks to a machine: a brief may have been made elsewhere."""
    return not find_injections(line.text)


def _paper(report: Report) -> str:
    """The name of the paper as a model may be told it; empty if it is not plainly one."""
    named = ArticleContext.of(report.brief.article).source
    return named or (report.outlet if report.outlet and _HOST.fullmatch(report.outlet) else "")


def _bare(name: str) -> str:
    return name.removeprefix("The ")


def _day(day: str | None) -> str:
    return f"{int(day[8:10])} {MONTHS[int(day[5:7]) - 1]}" if day else ""


def story_message(shown: Sequence[str], language: str = "") -> prompting.Message:
    """The numbered sentences, between markers that they cannot know."""
    marker = hashlib.sha256("\n".join(shown).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return prompting.story_message(KIND, shown, language, marker)


@cache
def _beginning() -> tuple[prompting.Message, ...]:
    """What stands before every story: the rules and the worked examples."""
    messages = [prompting.system_message(KIND)]
    for example in prompting.examples(KIND):
        messages.append(story_message(example.article.splitlines()))
        messages.append(prompting.answer_message(prompting.compact(example.answer)))
    return tuple(messages)


def schema_fingerprint() -> str:
    """That of the draft, as a store's recipe has it."""
    return fingerprint(StoryDraft)


def shape(lines: int, headlines: int, fewest: int, most: int) -> dict[str, Any]:
    """The draft's JSON Schema for so many numbered sentences, for engines that write by a grammar.

    It has so many headlines, and `fewest` to `most` sentences.
    """
    whole = StoryDraft.model_json_schema()
    numbers = {"type": "array", "items": {"enum": list(range(1, lines + 1))}, "minItems": 1, "maxItems": _MOST_ON}
    properties = {}
    for section, kind, least, limit, narrowed in (
        ("headline", "ToldHeadline", headlines, headlines, {}),
        ("sentences", "ToldSentence", fewest, min(most, MOST), _SHORT),
    ):
        item = whole["$defs"][kind]
        text = {**item["properties"]["text"], **narrowed}
        item = {**item, "properties": {"on": numbers, "text": text}}
        properties[section] = {"type": "array", "items": item, "minItems": least, "maxItems": limit}
    return {**whole, "properties": properties}
