"""A batch for whoever wants the briefs themselves: what became of each article, as it comes."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass

from ..errors import AtWorkElsewhere, StoreUnusable, SummarizerError
from ..loop import in_thread
from ..schemas.article import Article
from ..schemas.brief import Brief
from ..store import Keeper
from .briefer import Briefer
from .limits import Limits
from .report import Event
from .runner import Batch


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of one article of a batch: a brief or an error, never both."""

    article: Article
    brief: Brief | None = None
    error: SummarizerError | None = None


async def results(
    briefer: Briefer,
    articles: Iterable[Article],
    store: Keeper,
    limits: Limits,
    *,
    concurrency: int,
    max_failures: int | None = None,
    command: str = "abatch",
) -> AsyncGenerator[BatchResult, None]:
    """A result for each article, in the order in which they come. `command` is the name of the run in the store.

    While nobody takes the next one, the articles at work are finished and no new one is begun. Leaving early cancels
    what is at work. Raises what ended the run, when what was at work then has been given.
    """
    told: asyncio.Queue[Event] = asyncio.Queue(1)
    work = Batch(briefer, store, limits, concurrency=concurrency, max_failures=max_failures, on=told.put)
    running = asyncio.create_task(work.run(iter(articles), command))
    try:
        while (event := await _next(told, running)) is not None:
            assert event.given is not None, "only a source that could not be read gives none"
            yield await _result(event, event.given, work.recipe.key(event.given), store)
        await running
        if work.report.error is not None:
            raise work.report.error
    finally:
        work.stop("left before its end")
        work.drop()
        while not told.empty():  # what still waits to be handed on goes through, and ends
            told.get_nowait()
        await asyncio.gather(running, return_exceptions=True)


async def _next(told: asyncio.Queue[Event], running: "asyncio.Task[object]") -> Event | None:
    """What is told next; None once the run is over."""
    telling = asyncio.ensure_future(told.get())
    try:
        await asyncio.wait((telling, running), return_when=asyncio.FIRST_COMPLETED)
        if telling.done():
            return telling.result()
    finally:
        telling.cancel()
    return None if told.empty() else told.get_nowait()


async def _result(event: Event, article: Article, key: str, store: Keeper) -> BatchResult:
    if event.what == "elsewhere":
        busy = AtWorkElsewhere("another process is making this brief", "ask again when it has finished")
        return BatchResult(article, error=busy)
    if event.what != "kept":
        return BatchResult(article, event.brief, event.error)
    brief = await in_thread(lambda: store.brief(key))
    if brief is not None:
        return BatchResult(article, brief)
    gone = StoreUnusable("the brief was there and has been removed meanwhile", "ask for it again")
    return BatchResult(article, error=gone)
