"""From an article to a brief.

    article ── what code finds: quotations, names, hints, adverts ── worksheet ── prompt ── model ── draft
                                                                                                      │
        brief ── assemble ── what holds ── each item checked against the article ─────────────────────┘
          │                                   │ what fails, with the reason
          └─ audit: what was refused, why     └─ the model writes it again, once ── checked ── what fails is dropped

A model proposes, plain code disposes: nothing reaches the brief that has not passed its checks, and what has not
is in the audit. How one item is checked is `grounding`, how the model is reached `llm`; here they are put in order.
"""

import asyncio
import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Annotated, Any, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, create_model

from . import prompting
from .errors import ArticleEmpty, ArticleTooLong, ModelTimeout, SummarizerError
from .grounding.facts import ArticleContext
from .grounding.review import Reviewed, cut_down, items_of, review
from .grounding.worksheet import Hints, Worksheet, make_worksheet, row_of
from .llm import Answer, ChatModel, DraftReader, PullProgress, connect
from .loop import LoopThread
from .schemas.article import Article
from .schemas.brief import Audit, Brief, Headline, Usage
from .schemas.evidence import Finding, Frozen, Grounded
from .schemas.kinds import Kind, load_kind
from .schemas.marks import Name, Verbatim, walk
from .settings import Settings, load_settings

ANSWER_TOKENS = 2500  # room for the answer; the longest of the dev articles' took 1,400
HEADLINE_WORDS = 15


class Watcher(Protocol):
    """Told what is going on while a brief is made, for a progress line. Called from the thread that does the work."""

    def stage(self, what: str) -> None:
        """A new stage has begun, such as "reading"."""

    def wrote(self, tokens: int, section: str | None) -> None:
        """So many pieces of the answer have come, the last of them in that section of the draft."""


class Silent:
    """A watcher that shows nothing."""

    def stage(self, what: str) -> None:
        """Show nothing."""

    def wrote(self, tokens: int, section: str | None) -> None:
        """Show nothing."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of one article of a batch: a brief or an error, never both."""

    article: Article
    brief: Brief | None = None
    error: SummarizerError | None = None


class Summarizer:
    """Makes briefs with one model; starts it when first needed and stops it at `close()` or the end of the `with`.

    `model` is a name such as "local", "openai/gpt-5-mini" or "ollama/qwen3:4b"; with `base_url` it is any model of that
    OpenAI-compatible server. Left out, they come from SUMMARIZER_MODEL, SUMMARIZER_BASE_URL and summarizer.toml.
    `time_limit` is seconds an article. `pulling` is shown the fetching of a local model's file.

    May be used from several threads and event loops; a local model still takes one article at a time.
    Every error it raises on purpose is a SummarizerError.
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        time_limit: float | None = None,
        settings: Settings | None = None,
        pulling: PullProgress | None = None,
    ) -> None:
        self._settings = settings or load_settings()
        self._kind = load_kind(self._settings.kind)
        self._time_limit = time_limit or self._settings.time_limit
        self._model: ChatModel = connect(
            model or self._settings.model,
            base_url=base_url or self._settings.base_url,
            api_key=api_key,
            settings=self._settings,
            progress=pulling,
        )
        self._loop = LoopThread()

    @property
    def destination(self) -> str | None:
        """The host that article texts go to; None if they stay on this machine."""
        return self._model.destination

    def brief(self, article: Article, watcher: Watcher | None = None) -> Brief:
        """Make the brief of one article. Blocks; Ctrl-C ends the model's work too.

        Raises InputError for an article that cannot be briefed, ModelUnavailable if the model cannot be reached in
        time, AnswerUnusable if nothing it said can be used.
        """
        return self._loop.run(self.abrief(article, watcher))

    async def abrief(self, article: Article, watcher: Watcher | None = None) -> Brief:
        """`brief` for an event loop of your own. Cancelling it ends the model's work."""
        return await self._make(article, watcher, lambda item: None)

    async def _make(self, article: Article, watcher: Watcher | None, passed: Callable[[Grounded[Any]], None]) -> Brief:
        briefing = _Briefing(self._kind, self._model, article, watcher or Silent(), passed)
        # Fetching a model can take minutes, which are not the article's.
        await self._model.prepare()
        try:
            async with asyncio.timeout(self._time_limit):
                return await briefing.run()
        except TimeoutError as error:
            raise ModelTimeout(
                f"{self._model.name}: no brief within {self._time_limit:.0f} s", "raise the time limit (--time-limit)"
            ) from error

    def stream(self, article: Article, watcher: Watcher | None = None) -> Iterator[Frozen]:
        """Give each item (an Actor, Position, Deal, …) once it is located and has passed its checks, then the Brief.

        Items come as the model writes them; those that say the same are merged only in the Brief.
        """
        return self._loop.iterate(self.astream(article, watcher))

    async def astream(self, article: Article, watcher: Watcher | None = None) -> AsyncIterator[Frozen]:
        """`stream` for an event loop of your own."""
        queue: asyncio.Queue[Frozen | None] = asyncio.Queue()

        def passed(grounded: Grounded[Any]) -> None:
            for section in self._kind.assemble([grounded]).values():
                for item in section if isinstance(section, tuple) else (section,):
                    queue.put_nowait(item)

        async def work() -> Brief:
            try:
                return await self._make(article, watcher, passed)
            finally:
                queue.put_nowait(None)

        task = asyncio.create_task(work())
        try:
            while (item := await queue.get()) is not None:
                yield item
            yield await task
        finally:
            task.cancel()

    def batch(self, articles: Iterable[Article]) -> Iterator[BatchResult]:
        """Brief several articles; an article that fails is a result with its error, and the others go on."""
        return self._loop.iterate(self.abatch(articles))

    async def abatch(self, articles: Iterable[Article]) -> AsyncIterator[BatchResult]:
        """`batch` for an event loop of your own. As many at a time as the model takes; results as they come."""
        waiting = iter(articles)
        running: set[asyncio.Task[BatchResult]] = set()
        try:
            while True:
                while len(running) < self._model.parallel and (article := next(waiting, None)) is not None:
                    running.add(asyncio.create_task(self._result(article)))
                if not running:
                    return
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    yield task.result()
        finally:
            for task in running:
                task.cancel()

    async def _result(self, article: Article) -> BatchResult:
        try:
            return BatchResult(article, brief=await self.abrief(article))
        except SummarizerError as error:
            return BatchResult(article, error=error)

    def close(self) -> None:
        """Stop the model and whatever is under way."""
        self._loop.run(self.aclose())
        self._loop.close()

    async def aclose(self) -> None:
        """`close` for an event loop of your own."""
        await self._model.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class _Briefing:
    """The making of one brief, step by step."""

    def __init__(
        self, kind: Kind, model: ChatModel, article: Article, watcher: Watcher, passed: Callable[[Grounded[Any]], None]
    ) -> None:
        self.kind, self.model, self.article = kind, model, article
        self.watcher, self.passed = watcher, passed
        self.began = 0.0
        self.context = ArticleContext.of(article)
        self.sheet = sheet_of(self.context, kind)
        self.messages = conversation(kind, self.context, self.sheet)
        self.answers: list[Answer[Any]] = []
        self.findings: list[Finding] = []

    async def run(self) -> Brief:
        self.began = time.monotonic()
        if not self.context.sentences:
            raise ArticleEmpty("the article has no text of its own", "give the text of a news article")
        await self._check_that_it_fits()
        draft = await self._ask(self.messages, self.kind.draft, self.sheet, "reading the article")
        reviewed = [review(*place, self.context, self.sheet) for place in items_of(draft)]
        reviewed += await self._ask_again([each for each in reviewed if each.grounded is None])
        return self._assemble([each for each in reviewed if each.grounded is not None])

    async def _check_that_it_fits(self) -> None:
        window, needed = self.model.context_window, await self.model.count_tokens(self.messages)
        if window is not None and needed is not None and needed + ANSWER_TOKENS > window:
            raise ArticleTooLong(
                f"the article takes {needed} tokens with its instructions; {self.model.name} reads "
                f"{window - ANSWER_TOKENS} and answers {ANSWER_TOKENS}",
                "give a shorter article, or a model with a larger window (--model)",
            )

    async def _ask(
        self, messages: Sequence[prompting.Message], draft: type[BaseModel], sheet: Worksheet, stage: str
    ) -> BaseModel:
        """Put the messages to the model and read the draft; items that pass are told of as they come.

        The answer has one item for each row of `sheet`, where the model writes by a grammar.
        """
        self.watcher.stage(stage)
        reader, pieces = DraftReader(draft), 0

        def on_text(delta: str) -> None:
            nonlocal reader, pieces
            pieces += 1
            if not delta:  # the answer begins anew
                reader, pieces = DraftReader(draft), 0
            for section, item in reader.feed(delta):
                grounded = review(section, 0, item, self.context, self.sheet).grounded
                if grounded is not None:
                    self.passed(grounded)
            self.watcher.wrote(pieces, reader.section)

        answer = await self.model.ask(messages, draft, shape=prompting.narrowed_schema(draft, sheet), on_text=on_text)
        self.answers.append(answer)
        self.findings += [
            Finding(
                gate="form", verdict="against", path=each.path, action="dropped", text=each.text, reason=each.reason
            )
            for each in answer.rejected
        ]
        return answer.draft

    async def _ask_again(self, failed: Sequence[Reviewed]) -> list[Reviewed]:
        """Have what failed written again, once, and give what holds then; the rest is dropped and recorded."""
        askable = [each for each in failed if each.may_be_asked_again]
        second: list[Reviewed] = []
        if askable:
            try:
                second = await self._rewritten(askable)
            except SummarizerError as error:
                # What has been made so far is good and paid for: the brief goes out without these items.
                self.findings.append(
                    Finding(gate="asking again", verdict="undecided", action="flagged", text="", reason=str(error))
                )
        for each in failed:
            mended = next((new for new in second if _answers(new, each) and new.grounded), None)
            self._record(each, "repaired" if mended else "dropped")
        for each in second:
            if each.grounded is None:
                self._record(each, "dropped")
        return second

    async def _rewritten(self, failed: Sequence[Reviewed]) -> list[Reviewed]:
        messages = [
            *self.messages,
            prompting.answer_message(self.answers[0].text),
            prompting.repair_message(
                self.kind.name,
                [
                    {"section": each.section, "item": prompting.compact(each.item.model_dump()), "reason": each.reason}
                    for each in failed
                ],
            ),
        ]
        sections = Counter(each.section for each in failed)
        sheet = {
            section: tuple(row for each in failed if each.section == section and (row := row_of(each.item, rows)))
            for section, rows in self.sheet.items()
            if section in sections
        }
        # A model that has gone astray from its line altogether is not tied to one.
        tied = {section: rows for section, rows in sheet.items() if len(rows) == sections[section]}
        draft = await self._ask(messages, only(self.kind.draft, sections), tied, "asking again")
        return [
            cut_down(review(*place, self.context, self.sheet), self.context, self.sheet) for place in items_of(draft)
        ]

    def _record(self, reviewed: Reviewed, action: Literal["repaired", "dropped"]) -> None:
        self.findings += [finding.model_copy(update={"action": action}) for finding in reviewed.against]

    def _assemble(self, reviewed: Sequence[Reviewed]) -> Brief:
        order = list(self.kind.draft.model_fields)
        ordered = sorted(reviewed, key=lambda each: (order.index(each.section), each.index))
        flagged = [finding for each in ordered for finding in each.findings]
        grounded = [each.grounded for each in ordered if each.grounded is not None]
        sections = self.kind.assemble(grounded)
        if "headline" not in sections:
            sections["headline"] = self._own_headline()
            self.findings.append(
                Finding(
                    gate="headline",
                    verdict="undecided",
                    action="repaired",
                    text="",
                    reason="no headline of the model's held; the article's own words stand in for it",
                )
            )
        return Brief(article=self.article, **sections, audit=self._audit([*self.findings, *flagged]))

    def _own_headline(self) -> Headline:
        """The article's title, else the beginning of its first sentence."""
        first = self.context.sentences[0]
        words = (self.article.title or first.text).split()
        text = " ".join(words[:HEADLINE_WORDS]) + (" …" if len(words) > HEADLINE_WORDS else "")
        return Headline(text=text, evidence=(first,))

    def _audit(self, findings: Sequence[Finding]) -> Audit:
        costs = [answer.cost_usd for answer in self.answers]
        known = [cost for cost in costs if cost is not None]
        return Audit(
            findings=tuple(findings),
            attempts=sum(answer.attempts for answer in self.answers),
            model=self.model.name,
            prompt=prompting.fingerprint(self.kind.name),
            draft_schema=fingerprint(self.kind.draft),
            usage=Usage(
                input_tokens=sum(answer.usage.input_tokens for answer in self.answers),
                cached_tokens=sum(answer.usage.cached_tokens for answer in self.answers),
                output_tokens=sum(answer.usage.output_tokens for answer in self.answers),
            ),
            cost_usd=float(sum(known)) if len(known) == len(costs) else None,
            seconds=round(time.monotonic() - self.began, 1),
        )


def article_facts(context: ArticleContext, sheet: Worksheet) -> dict[str, Any]:
    """What the template of the article is given: its text without adverts, a marker it cannot know, the worksheet."""
    text, start, pieces = context.text, 0, []
    for advert in context.furniture:
        pieces.append(text[start : advert.start])
        start = advert.end
    body = re.sub(r"\s*\n\s*\n\s*", "\n\n", "".join([*pieces, text[start:]]))
    return {"article": body.strip(), "marker": context.article.id[:8], "worksheet": sheet}


def only(draft: type[BaseModel], sections: Mapping[str, int]) -> type[BaseModel]:
    """The draft with these sections and no others, each of at most so many items."""
    fields: dict[str, Any] = {
        section: (Annotated[draft.model_fields[section].annotation, Field(max_length=limit)], ...)
        for section, limit in sections.items()
    }
    return create_model(f"{draft.__name__}Again", __config__=ConfigDict(extra="forbid"), **fields)


def fingerprint(draft: type[BaseModel]) -> str:
    """Twelve hexadecimal digits that change when the JSON Schema of the draft changes (SHA-256)."""
    return hashlib.sha256(json.dumps(draft.model_json_schema(), sort_keys=True).encode()).hexdigest()[:12]


def sheet_of(context: ArticleContext, kind: Kind) -> Worksheet:
    """The worksheet of an article for a kind of brief."""
    hints = {name: Hints.of(table) for name, table in prompting.hints(kind.name).items()}
    return make_worksheet(context, kind.draft, hints)


def conversation(kind: Kind, context: ArticleContext, sheet: Worksheet) -> list[prompting.Message]:
    """The messages for an article: what is the same for every article first, so that it can be kept as read."""
    messages = [prompting.system_message(kind.name)]
    for example in prompting.examples(kind.name):
        shown = ArticleContext.of(Article(text=example.article))
        messages += [
            prompting.article_message(kind.name, article_facts(shown, sheet_of(shown, kind))),
            prompting.answer_message(prompting.compact(example.answer)),
        ]
    return [*messages, prompting.article_message(kind.name, article_facts(context, sheet))]


def _answers(new: Reviewed, failed: Reviewed) -> bool:
    """Whether an item written again stands for one that failed: the same section, and the same words or name."""
    if new.section != failed.section:
        return False
    old = {(value.path, value.value) for value in walk(failed.item) if isinstance(value.mark, Verbatim | Name)}
    return any((value.path, value.value) in old for value in walk(new.item) if isinstance(value.mark, Verbatim | Name))
