"""Summarizer: briefs of one article or of many, for blocking and asynchronous callers. How one is made: `making`."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pydantic import BaseModel

from . import prompting
from .batch import BatchResult, InBatches, Limits, results
from .drafting import Prepared, beginning, fingerprint, prepare
from .errors import ArticleEmpty, ArticleTooLong
from .joining import brief_in_parts
from .llm import Answer, ChatModel, Gate, Post, PullProgress, connect, cost_of
from .loop import LoopThread, in_thread, in_turn
from .making import Making
from .parts import OVERLAP, SHORTEST, Part, parts_of
from .schemas.article import Article
from .schemas.brief import Brief, Usage
from .schemas.evidence import Frozen, Grounded
from .schemas.kinds import load_kind
from .settings import Settings, language_code, load_settings
from .store import Keeper, Nowhere, Recipe, Store
from .translating import with_translations
from .watcher import Silent, Watcher

if TYPE_CHECKING:
    from .llm.batching import Batches

DraftT = TypeVar("DraftT", bound=BaseModel)
T = TypeVar("T")
_BATCH = InBatches()
ANSWER_TOKENS = 2500  # room for the answer; the longest of the dev articles' took 1,400


class Summarizer:
    """Makes briefs with one model; starts it when first needed and stops it at `close()` or the end of the `with`.

    `model` is a name such as "local", "openai/gpt-5-mini" or "ollama/qwen3:4b"; with `base_url` it is any model of that
    OpenAI-compatible server. Left out, they come from SUMMARIZER_MODEL, SUMMARIZER_BASE_URL and summarizer.toml.
    `time_limit` is seconds an article. `language` is the ISO 639 code of the language that briefs are written in; left
    out, it is the article's. `pulling` is shown the fetching of a local model's file. Every request to the model passes
    the `gate`, if there is one, such as `Limits` with a budget and rates; a `post` is asked for its answer first, and
    where that is not there yet a brief raises AnswerAwaited. `parallel` is how many articles at a time are meant to be
    briefed: an embedded model, which else takes one, gets a window for each, half a gigabyte of memory.

    May be used from several threads and event loops.
    Every error it raises on purpose is a SummarizerError.
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        time_limit: float | None = None,
        language: str | None = None,
        settings: Settings | None = None,
        pulling: PullProgress | None = None,
        gate: Gate | None = None,
        post: Post | None = None,
        parallel: int | None = None,
    ) -> None:
        self._settings = settings or load_settings()
        self._kind = load_kind(self._settings.kind)
        self._language = language_code(language) or self._settings.language
        self._time_limit = time_limit or self._settings.time_limit
        # A server that is only set in a file does not stand against a local model that is named here.
        stored = None if (model or "").partition("/")[0].lower() == "local" else self._settings.base_url
        self._limits = gate if isinstance(gate, Limits) else None
        self._model: ChatModel = connect(
            model or self._settings.model,
            base_url=stored if base_url is None else base_url,
            api_key=api_key,
            settings=self._settings,
            progress=pulling,
            gate=gate or _BATCH,
            post=post or _BATCH,
            parallel=parallel,
        )
        self._loop = LoopThread()

    @property
    def model(self) -> str:
        """The model's name, as the audit of a brief has it."""
        return self._model.name

    @cached_property
    def recipe(self) -> Recipe:
        """All but the article that a brief depends on, as a store's keys have it."""
        return self.recipe_of(self._kind.name, fingerprint(self._kind.draft))

    def recipe_of(self, kind: str, schema: str) -> Recipe:
        """The same of what `aask` is asked: by the prompts of that kind, with a draft of that fingerprint."""
        endpoint = self._model.endpoint
        parameters = {
            "language": self._language,
            "temperature": endpoint.temperature,
            "token_limit": endpoint.token_limit,
            **endpoint.extra,
        }
        prompt = prompting.fingerprint(kind)
        return Recipe(kind, self._model.name, prompt, schema, json.dumps(parameters, sort_keys=True))

    @property
    def limits(self) -> Limits | None:
        """The gate that its requests pass, if that is one of `Limits`."""
        return self._limits

    @property
    def rewords(self) -> bool:
        """Whether it is worth while to ask the model again for a sentence that was refused."""
        return self._model.rewords

    @property
    def parallel(self) -> int:
        """How many articles at a time are worth while with this model."""
        return self._model.parallel

    @property
    def is_embedded(self) -> bool:
        """Whether the model runs in an engine of this package's own."""
        return self._model.is_embedded

    def price(self, usage: Usage, share: float = 1.0) -> float | None:
        """What calls that use so much cost with this model, in US dollars; None if its price is not known.

        `share` is the part of the list price that they are charged at.
        """
        return cost_of(self._model.endpoint, [usage], share)

    def batches(self) -> "Batches":
        """The provider's batch endpoint; close it when done. Raises ConfigurationError for a provider without one."""
        return self._model.batches()

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
        return await self._make(article, watcher, None)

    async def aask(
        self,
        messages: Sequence[prompting.Message],
        draft: type[DraftT],
        shape: Mapping[str, Any],
        *,
        begun: bool = False,
    ) -> Answer[DraftT]:
        """Put a question to the model that is not about one article, under the same gate; as `ChatModel.ask`."""
        await self._model.prepare()
        end = asyncio.get_running_loop().time() + self._time_limit
        with self._model.one_slot():
            return await self._model.ask(messages, draft, shape=lambda: shape, deadline=end, begun=begun)

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Wait for what a coroutine gives that asks this model, for blocking callers; Ctrl-C ends it."""
        return self._loop.run(coroutine)

    async def _make(
        self, article: Article, watcher: Watcher | None, passed: Callable[[Grounded[Any]], None] | None
    ) -> Brief:
        # Fetching a model can take minutes, which are not the article's.
        await self._model.prepare()
        # Nor is what is loaded once.
        opening = await in_turn(lambda: beginning(self._kind))
        await self._model.read_ahead(opening)
        with self._model.one_slot():
            return await self._make_there(article, watcher or Silent(), passed)

    async def _make_there(
        self, article: Article, watcher: Watcher, passed: Callable[[Grounded[Any]], None] | None
    ) -> Brief:
        watcher.stage("reading the article")
        deadline = asyncio.get_running_loop().time() + self._time_limit
        prepared = await self._prepared(article)
        if not prepared.context.sentences:
            raise ArticleEmpty("the article has no text of its own", "give the text of a news article")

        def making(prepared: Prepared) -> Making:
            return Making(self._kind, self._model, prepared, watcher, passed, deadline)

        if await self._fits(prepared.messages):
            try:
                whole = making(prepared)
                return await with_translations(await whole.run(), whole)
            except ArticleTooLong as refused:
                if self._model.context_window is not None:
                    raise
                return await self._halved(article, making, watcher, refused)
        parts = [(part, making(each)) for part, each in await self._parts(article, prepared)]
        reads = f"{self._model.name} reads {self._model.context_window} tokens at once"
        return await brief_in_parts(parts, self._kind, watcher, reads)

    async def _halved(
        self, article: Article, making: Callable[[Prepared], Making], watcher: Watcher, refused: ArticleTooLong
    ) -> Brief:
        """The brief of an article that a server refuses as too long, whose window only it knows: in halves, then in
        quarters, and so on. Raises what it said first where even the shortest part is refused.
        """
        most = len(article.text) // 2 + OVERLAP
        while most >= SHORTEST:
            parts = [(part, making(await self._prepared(article, part))) for part in parts_of(article.text, most)]
            try:
                return await brief_in_parts(parts, self._kind, watcher, f"{self._model.name} takes no more at once")
            except ArticleTooLong:
                most //= 2
        raise refused

    async def _prepared(self, article: Article, part: Part | None = None) -> Prepared:
        return await in_turn(lambda: prepare(article, self._kind, part, self._language))

    async def _parts(self, article: Article, whole: Prepared) -> list[tuple[Part, Prepared]]:
        """The parts that the model can read, as few as will do. Raises ArticleTooLong if there is no room for one."""
        window, tokens = self._model.context_window, await self._model.count_tokens(whole.messages)
        of_text = await self._model.count_tokens([{"role": "user", "content": article.text}])
        if window is None or tokens is None or of_text is None:  # what cannot be counted was taken to fit
            raise ArticleTooLong("the article does not fit the model's window", "give a shorter article")
        beside = tokens - of_text  # instructions, example and worksheet, of which a part's is no longer
        most = int((window - ANSWER_TOKENS - max(0, beside)) * len(article.text) / max(1, of_text))
        while most >= SHORTEST:
            found: list[tuple[Part, Prepared]] = []
            for part in parts_of(article.text, most):
                prepared = await self._prepared(article, part)
                if not await self._fits(prepared.messages):
                    break
                found.append((part, prepared))
            else:
                return found
            most = most * 3 // 4
        raise ArticleTooLong(
            f"{self._model.name} reads {window} tokens and answers {ANSWER_TOKENS} of them, which leaves no room for a "
            "part of an article",
            "name a model with a larger window (--model)",
        )

    async def _fits(self, messages: Sequence[prompting.Message]) -> bool:
        """Whether they and the answer are not more than the model's window; true where that is not known."""
        window, tokens = self._model.context_window, await self._model.count_tokens(messages)
        return window is None or tokens is None or tokens + ANSWER_TOKENS <= window

    def stream(self, article: Article, watcher: Watcher | None = None) -> Iterator[Frozen]:
        """Give each item (an Actor, Position, Deal, …) once it is located and has passed its checks, then the Brief.

        Items come as the model writes them; those that say the same are merged only in the Brief.
        """
        return self._loop.iterate(self.astream(article, watcher))

    async def astream(self, article: Article, watcher: Watcher | None = None) -> AsyncIterator[Frozen]:
        """`stream` for an event loop of your own."""
        queue: asyncio.Queue[Frozen | None] = asyncio.Queue()
        given: list[Frozen] = []  # an actor comes with each of his positions

        def passed(grounded: Grounded[Any]) -> None:
            for section in self._kind.assemble([grounded]).values():
                for item in section if isinstance(section, tuple) else (section,):
                    if item not in given:
                        given.append(item)
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

    def batch(
        self,
        articles: Iterable[Article],
        *,
        store: Keeper | Path | str | None = None,
        concurrency: int | None = None,
        max_failures: int | None = None,
    ) -> Iterator[BatchResult]:
        """Brief many articles; gives a result for each as it comes, in no promised order.

        They may come from a generator that blocks, which is read in a thread and a few ahead; while nobody takes the
        next result, no new article is begun. With a `store`, or the path of one, a brief that is there is given and not
        made again, and what is made is kept before it is given, with its calls. `concurrency` is articles at a time;
        left out, as many as the model takes. A gate of `Limits` holds over all of it.

        An article that fails is a result with its error. What every article would meet is raised when what was at work
        has been given: KeyRefused, QuotaExhausted, ConfigurationError, ModelNotFetched, ModelFileCorrupt, BudgetSpent,
        TooManyFailed after more than `max_failures` failed articles, StoreUnusable. Leaving early cancels what is at
        work.
        """
        found = self.abatch(articles, store=store, concurrency=concurrency, max_failures=max_failures)
        return self._loop.iterate(found)

    async def abatch(
        self,
        articles: Iterable[Article],
        *,
        store: Keeper | Path | str | None = None,
        concurrency: int | None = None,
        max_failures: int | None = None,
    ) -> AsyncIterator[BatchResult]:
        """`batch` for an event loop of your own."""
        with contextlib.ExitStack() as stack:
            if isinstance(store, str | Path):
                path = store
                store = stack.enter_context(await in_thread(lambda: Store(path)))
            found = results(
                self,
                articles,
                Nowhere() if store is None else store,
                self._limits or Limits(),
                concurrency=concurrency or self._model.parallel,
                max_failures=max_failures,
            )
            async with contextlib.aclosing(found):
                async for result in found:
                    yield result

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
