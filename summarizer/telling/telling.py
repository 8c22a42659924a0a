"""A digest told by a model: its stories a few at a time, under the limits of a batch, with answers kept in a store."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from .. import prompting
from ..batch import Limits
from ..batch.limits import WORK, Work
from ..batch.runner import FOR_ALL
from ..batch.tray import Kept, given_of, posted_of
from ..batch.writer import Writer
from ..briefing import Summarizer
from ..digest.reports import Report, place_of
from ..errors import AnswerUnusable, ServerUnreachable, SummarizerError
from ..llm import Answer, Done
from ..loop import in_thread, in_turn
from ..schemas.brief import Brief
from ..schemas.digest import Digest, DigestStory, Refused
from ..schemas.telling import FEWEST, MOST, StoryDraft
from ..store import Call, Given, Keeper, Nowhere, Recipe, Store
from .checking import Checker
from .composing import Account, composed, read, read_again, told
from .sheets import KIND, Sheet, schema_fingerprint, shape, sheet_of

DraftT = TypeVar("DraftT", bound=BaseModel)


class Teller(Protocol):
    """A model that words stories. A `Summarizer` is one."""

    @property
    def model(self) -> str:
        """The model's name."""

    @property
    def rewords(self) -> bool:
        """Whether it is worth while to ask it again for a sentence that was refused."""

    @property
    def parallel(self) -> int:
        """How many stories at a time are worth while."""

    @property
    def limits(self) -> Limits | None:
        """The gate that its requests pass, if that is one of `Limits`."""

    def recipe_of(self, kind: str, schema: str) -> Recipe:
        """All but the messages that its answers depend on."""

    async def aask(
        self,
        messages: Sequence[prompting.Message],
        draft: type[DraftT],
        shape: Mapping[str, Any],
        *,
        begun: bool = False,
    ) -> Answer[DraftT]:
        """Its answer to a question."""


def tell_digest(
    digest: Digest,
    briefs: Iterable[Brief],
    summarizer: Summarizer,
    *,
    store: Keeper | Path | str | None = None,
    concurrency: int | None = None,
) -> Digest:
    """The digest with headline and sentences of each story told by the model, each checked against its articles.

    `briefs` are those that the digest is made of. A story of one source keeps its brief's own words, and so does what
    does not hold, or what the model fails over: `words` of the story says so, and `notes` what failed. With a `store`,
    or the path of one, what was answered is kept, with the calls: the same digest asks nothing the second time, and is
    the same. `concurrency` is stories at a time; left out, as many as the model takes.

    Blocks. Raises what every story would meet: KeyRefused, QuotaExhausted, ConfigurationError, ModelNotFetched,
    ModelFileCorrupt, StoreUnusable.
    """
    return summarizer.run(atell_digest(digest, briefs, summarizer, store=store, concurrency=concurrency))


async def atell_digest(
    digest: Digest,
    briefs: Iterable[Brief],
    summarizer: Teller,
    *,
    store: Keeper | Path | str | None = None,
    concurrency: int | None = None,
) -> Digest:
    """`tell_digest` for an event loop of your own. Cancelling it ends the model's work."""
    # Of one text in several outlets the earliest, whose the original is.
    by_id = {b.article.id: b for b in sorted(briefs, key=lambda b: place_of(Report(b)), reverse=True)}
    with contextlib.ExitStack() as stack:
        if isinstance(store, str | Path):
            path = store
            store = stack.enter_context(await in_thread(lambda: Store(path)))
        keeper: Keeper = Nowhere() if store is None else store
        sheets = [await _sheet(story, by_id, summarizer) for story in digest.stories]
        if any(not sheet.reason for sheet in sheets):
            async with _Run(summarizer, keeper, concurrency or summarizer.parallel) as run:
                stories = await run.tell(sheets)
                notes = run.notes
        else:
            stories, notes = [composed(sheet, None) for sheet in sheets], []
    return digest.model_copy(update={"stories": tuple(stories), "notes": (*digest.notes, *notes)})


async def _sheet(story: DigestStory, briefs: dict[str, Brief], teller: Teller) -> Sheet:
    return await in_turn(lambda: sheet_of(story, briefs, rewords=teller.rewords))


class _Run:
    """The stories of one digest on their way; a run of its own in the store."""

    def __init__(self, teller: Teller, store: Keeper, concurrency: int) -> None:
        self._teller, self._store = teller, store
        self._recipe = teller.recipe_of(KIND, schema_fingerprint())
        self._limits = teller.limits or Limits()
        self._room = asyncio.Semaphore(max(1, concurrency))
        self._writer = Writer(store)
        self._run: int | None = None
        self._unreachable: SummarizerError | None = None
        self._failures: dict[str, str] = {}  # by the story's id

    @property
    def notes(self) -> list[str]:
        """What failed, in no order but that of the stories' ids."""
        return [self._failures[id_] for id_ in sorted(self._failures)]

    async def __aenter__(self) -> "_Run":
        self._run = await in_thread(lambda: self._store.begin_run(KIND, self._teller.model))
        await self._writer.__aenter__()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        run = self._run
        try:
            await self._writer.__aexit__()
        finally:
            outcome = "done" if error is None else str(error) or type(error).__name__
            await in_thread(lambda: self._store.end_run(run or 0, outcome))

    async def tell(self, sheets: Sequence[Sheet]) -> list[DigestStory]:
        """The stories, told as far as they can be. Raises what every one would meet, once the others are dropped."""
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._story(sheet)) for sheet in sheets]
        except BaseExceptionGroup as errors:  # of a group the first, which is what the caller can do something about
            raise errors.exceptions[0] from None
        return [task.result() for task in tasks]

    async def _story(self, sheet: Sheet) -> DigestStory:
        if sheet.reason:
            return composed(sheet, None)
        async with self._room:
            key = sheet.key(self._recipe)
            given = await self._writer.do(lambda: self._begin(key, sheet))
            if self._unreachable is not None and not given:
                return self._left(sheet, self._unreachable)
            WORK.set(self._work(key, sheet, given))
            try:
                return await self._told(sheet)
            except FOR_ALL:
                raise
            except SummarizerError as error:
                if isinstance(error, ServerUnreachable):
                    self._unreachable = error
                if isinstance(error, AnswerUnusable):  # else every later run would find it again
                    await self._writer.do(lambda: self._store.drop_answers(key))
                return self._left(sheet, error)

    def _begin(self, key: str, sheet: Sheet) -> Sequence[Given]:
        """What was answered for a story before; whatever is answered now goes with each of its articles."""
        self._store.tie(key, [report.brief.article for report in sheet.reports.values()])
        return self._store.answers(key)

    def _work(self, key: str, sheet: Sheet, given: Sequence[Given]) -> Work:
        """What the requests of a story belong to; they are booked to its lead."""
        kept, lead = Kept({each.key: posted_of(each) for each in given}), sheet.lead.brief.article

        def keep(done: Done) -> "asyncio.Future[None]":
            answer = None if done.answer is None else given_of(done.answer)
            call = Call(done.outcome, done.usage, done.cost_usd, done.seconds, done.sent, answer)
            return self._writer.soon(lambda: self._store.keep_calls(key, lead, self._recipe, [call], self._run))

        return Work(self._limits, kept, keep)

    def _left(self, sheet: Sheet, error: SummarizerError) -> DigestStory:
        self._note(sheet, f"is told in its briefs' own words: {error}")
        return composed(sheet, self._teller.model, Account(reason=str(error)))

    def _note(self, sheet: Sheet, what: str) -> None:
        self._failures[sheet.story.id] = f"“{sheet.story.headline.text}” {what}"

    async def _told(self, sheet: Sheet) -> DigestStory:
        """The story, asked for once, and once more for what does not hold. Raises as the first question does.

        A model that says the same when it is asked again is not asked again.
        """
        checker = await in_turn(lambda: Checker(sheet))
        form = shape(len(sheet.lines), 1, FEWEST, MOST)
        answer = await self._teller.aask(sheet.messages, StoryDraft, form)
        account = await in_turn(lambda: read(answer.draft, checker))
        account.refused += _misshapen(answer, again=False)
        if account.failed and self._teller.rewords:
            await self._ask_again(sheet, account, checker)
        return told(sheet, self._teller.model, account)

    async def _ask_again(self, sheet: Sheet, account: Account, checker: Checker) -> None:
        """What failed, asked for once more with the reasons. A failure of that leaves what stands, and is told."""
        failed = account.failed
        shown: dict[str, list[Any]] = {"headline": [], "sentences": []}
        for section, each in failed:
            shown[section].append(each.item.model_dump())
        failures = [
            {"section": section, "item": prompting.compact(each.item.model_dump()), "reason": "; ".join(each.reasons)}
            for section, each in failed
        ]
        messages = [
            *sheet.messages,
            prompting.answer_message(prompting.compact(shown)),
            prompting.repair_message(KIND, failures),
        ]
        titles, sentences = len(shown["headline"]), len(shown["sentences"])
        form = shape(len(sheet.lines), titles, sentences, sentences)
        try:
            answer = await self._teller.aask(messages, StoryDraft, form, begun=True)
        except FOR_ALL:
            raise
        except SummarizerError as error:
            account.reason = f"what failed was not asked for again: {error}"
            self._note(sheet, f"is told in part in its briefs' own words: {error}")
            return
        await in_turn(lambda: read_again(answer.draft, account, checker))
        account.refused += _misshapen(answer, again=True)


def _misshapen(answer: Answer[StoryDraft], *, again: bool) -> list[Refused]:
    """What of an answer was of no use as it stood."""
    return [
        Refused(
            place="headline" if each.path.startswith("headline") else "sentence",
            text=each.text,
            reasons=(each.reason,),
            again=again,
        )
        for each in answer.rejected
    ]
