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
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

from pydantic import BaseModel

from . import prompting
from .drafting import Prepared, fingerprint, only, prepare
from .errors import ArticleEmpty, ArticleTooLong, SummarizerError
from .grounding.review import Reviewed, cut_down, items_of, mend, review
from .grounding.worksheet import Worksheet, row_of
from .llm import Answer, ChatModel, DraftReader, PullProgress, connect
from .loop import LoopThread, in_thread
from .schemas.article import Article
from .schemas.brief import Audit, Brief, Headline, Usage
from .schemas.evidence import Action, Finding, Frozen, Grounded
from .schemas.kinds import Kind, load_kind
from .schemas.marks import Name, Verbatim, walk
from .settings import Settings, load_settings
from .watcher import Silent, Watcher

ANSWER_TOKENS = 2500  # room for the answer; the longest of the dev articles' took 1,400
HEADLINE_WORDS = 15
AGAIN = "again."  # before the path of what the model wrote when it was asked again


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
        # A server that is only set in a file does not stand against a local model that is named here.
        stored = None if (model or "").partition("/")[0].lower() == "local" else self._settings.base_url
        self._model: ChatModel = connect(
            model or self._settings.model,
            base_url=stored if base_url is None else base_url,
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
        # Fetching a model can take minutes, which are not the article's.
        await self._model.prepare()
        watcher = watcher or Silent()
        watcher.stage("reading the article")
        deadline = asyncio.get_running_loop().time() + self._time_limit
        # Before minutes go into preparing a book: what would not fit even if half of it were adverts.
        await self._check_that_it_fits([{"role": "user", "content": article.text}], room=2.0)
        prepared = await in_thread(lambda: prepare(article, self._kind))
        if not prepared.context.sentences:
            raise ArticleEmpty("the article has no text of its own", "give the text of a news article")
        await self._check_that_it_fits(prepared.messages, room=1.0)
        return await _Briefing(self._kind, self._model, prepared, watcher, passed, deadline).run()

    async def _check_that_it_fits(self, messages: Sequence[prompting.Message], room: float) -> None:
        """Whether they and the answer are not more than `room` windows of the model; true where that is not known."""
        window, tokens = self._model.context_window, await self._model.count_tokens(messages)
        if window is not None and tokens is not None and tokens + ANSWER_TOKENS > room * window:
            raise ArticleTooLong(
                f"the article takes {tokens} tokens with its instructions; {self._model.name} reads "
                f"{window - ANSWER_TOKENS} and answers {ANSWER_TOKENS}",
                "give a shorter article, or a model with a larger window (--model)",
            )

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
    """The making of one brief, step by step. `deadline` is in the running loop's time."""

    def __init__(
        self,
        kind: Kind,
        model: ChatModel,
        prepared: Prepared,
        watcher: Watcher,
        passed: Callable[[Grounded[Any]], None],
        deadline: float,
    ) -> None:
        self.kind, self.model, self.prepared = kind, model, prepared
        self.context, self.sheet = prepared.context, prepared.sheet
        self.watcher, self.passed, self.deadline = watcher, passed, deadline
        self.answers: list[Answer[Any]] = []
        self.findings: list[Finding] = []

    async def run(self) -> Brief:
        began = time.monotonic()
        known = [review(*item, self.context, self.sheet) for item in self.prepared.known]
        for each in known:
            self._pass_on(each)
        draft = await self._ask(self.prepared.messages, self.kind.draft, self.prepared.left)
        reviewed = [*known, *(self._review(*item) for item in items_of(draft))]
        reviewed += await self._ask_again([each for each in reviewed if each.grounded is None])
        return self._assemble([each for each in reviewed if each.grounded is not None], time.monotonic() - began)

    def _pass_on(self, reviewed: Reviewed) -> None:
        if reviewed.grounded is not None:
            self.passed(reviewed.grounded)

    async def _ask(self, messages: Sequence[prompting.Message], draft: type[BaseModel], sheet: Worksheet) -> BaseModel:
        """Put the messages to the model and read the draft; items that pass are told of as they come.

        The answer has one item for each row of `sheet`, where the model writes by a grammar.
        """
        total = sum(map(len, sheet.values()))
        reader, pieces, done = DraftReader(draft), 0, 0

        def on_text(delta: str) -> None:
            nonlocal reader, pieces, done
            pieces += 1
            if not delta:  # the answer begins anew
                reader, pieces, done = DraftReader(draft), 0, 0
            for section, item in reader.feed(delta):
                done += 1
                self._pass_on(review(section, 0, item, self.context, self.sheet))
            self.watcher.wrote(pieces, reader.section, done, max(total, done))

        answer = await self.model.ask(
            messages,
            draft,
            shape=prompting.narrowed_schema(draft, sheet),
            on_text=on_text,
            deadline=self.deadline,
            may_be_empty=bool(self.answers),
        )
        again = AGAIN if self.answers else ""
        self.answers.append(answer)
        self.findings += [
            _finding("form", "against", _fate(each.path), each.reason, path=again + each.path, text=each.text)
            for each in answer.rejected
        ]
        return answer.draft

    async def _ask_again(self, failed: Sequence[Reviewed]) -> list[Reviewed]:
        """What holds of the items that failed, after the model has written them again, once; the rest is recorded."""
        askable = [each for each in failed if each.may_be_asked_again]
        second: list[Reviewed] = []
        if askable:
            try:
                second = await self._rewritten(askable)
            except SummarizerError as error:
                # What has been made so far is good and paid for: the brief goes out without these items.
                self.findings.append(_finding("asking again", "undecided", "flagged", str(error)))
        held = [self._cut(each, AGAIN) for each in second]
        for each in failed:
            if any(new.grounded and _answers(new, each) for new in held):
                self._record(each, "repaired")
            else:
                held.append(self._cut(each) if each in askable else each)
                if held[-1].grounded is None:
                    self._record(each, "dropped")
        return held

    async def _rewritten(self, failed: Sequence[Reviewed]) -> list[Reviewed]:
        failures = [
            {"section": each.section, "item": prompting.compact(each.item.model_dump()), "reason": each.reason}
            for each in failed
        ]
        sections = Counter(each.section for each in failed)
        # Of its answer only what failed is shown again: the embedded engine would have to read all the rest anew.
        shown = {name: [each.item.model_dump() for each in failed if each.section == name] for name in sections}
        messages = [
            *self.prepared.messages,
            prompting.answer_message(prompting.compact(shown)),
            prompting.repair_message(self.kind.name, failures),
        ]
        sheet = {
            section: tuple(row for each in failed if each.section == section and (row := row_of(each.item, rows)))
            for section, rows in self.sheet.items()
            if section in sections
        }
        # A model that has gone astray from its line altogether is not tied to one.
        tied = {section: rows for section, rows in sheet.items() if len(rows) == sections[section]}
        self.watcher.stage("asking again")
        draft = await self._ask(messages, only(self.kind.draft, sections), tied)
        return [self._review(*item, prefix=AGAIN) for item in items_of(draft)]

    def _review(self, section: str, index: int, item: BaseModel, prefix: str = "") -> Reviewed:
        """What the checks say of an item, after what code can mend by itself is mended."""
        reviewed = review(section, index, item, self.context, self.sheet)
        mended = mend(reviewed, self.context, self.sheet)
        if mended is not reviewed:
            self._record(reviewed, "repaired", prefix)
        return mended

    def _cut(self, reviewed: Reviewed, prefix: str = "") -> Reviewed:
        """The item without the values that failed, if it can do without them; recorded, as is what fails even so."""
        rest = cut_down(reviewed, self.context, self.sheet)
        if rest.grounded is not None:
            self._record(reviewed, "cut", prefix)
        elif prefix:
            self._record(reviewed, "dropped", prefix)
        return rest

    def _record(self, reviewed: Reviewed, action: Action, prefix: str = "") -> None:
        self.findings += [
            finding.model_copy(update={"action": action, "path": prefix + finding.path}) for finding in reviewed.against
        ]

    def _assemble(self, reviewed: Sequence[Reviewed], seconds: float) -> Brief:
        order = list(self.kind.draft.model_fields)
        ordered = sorted(reviewed, key=lambda each: (order.index(each.section), each.index))
        flagged = [finding for each in ordered for finding in each.findings]
        grounded = [each.grounded for each in ordered if each.grounded is not None]
        sections = self.kind.assemble(grounded)
        if "headline" not in sections:
            sections["headline"] = self._own_headline()
            reason = "no headline of the model's held; the article's own words stand in for it"
            self.findings.append(_finding("headline", "undecided", "repaired", reason))
        return Brief(article=self.context.article, **sections, audit=self._audit([*self.findings, *flagged], seconds))

    def _own_headline(self) -> Headline:
        """The article's title, else the beginning of its first sentence."""
        first = self.context.sentences[0]
        words = (self.context.article.title or first.text).split()
        text = " ".join(words[:HEADLINE_WORDS]) + (" …" if len(words) > HEADLINE_WORDS else "")
        return Headline(text=text, evidence=(first,))

    def _audit(self, findings: Sequence[Finding], seconds: float) -> Audit:
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
            seconds=round(seconds, 1),
        )


def _fate(path: str) -> Action:
    """Of what was rejected at that place of an answer: a whole item, or an entry of a list in an item that stands."""
    return "cut" if path.count(".") > 1 else "dropped"


def _finding(
    gate: str, verdict: Literal["against", "undecided"], action: Action, reason: str, path: str = "", text: str = ""
) -> Finding:
    """A finding about the making of the brief rather than about words of the article."""
    return Finding(gate=gate, verdict=verdict, path=path, action=action, text=text, reason=reason)


def _answers(new: Reviewed, failed: Reviewed) -> bool:
    """Whether an item written again stands for one that failed: the same section, and the same words or name."""
    if new.section != failed.section:
        return False
    old = {(value.path, value.value) for value in walk(failed.item) if isinstance(value.mark, Verbatim | Name)}
    return any((value.path, value.value) in old for value in walk(new.item) if isinstance(value.mark, Verbatim | Name))
