"""Tray: the post of a run. What an article asks for is looked for in the store's outbox, and put there."""

from collections.abc import Mapping
from typing import Any

from ..errors import AnswerAwaited
from ..llm import Ahead, Completion, Posted, Refused
from ..schemas.brief import Usage
from ..store import Most, Outbox, Recipe
from .runner import Report, at_work
from .writer import Writer


class Tray:
    """A post that a summarizer is made with, before there is a run; `open` ties it to one.

    Without a run, and outside of one, every request is sent at once.
    """

    def __init__(self) -> None:
        self._run: tuple[Outbox, Writer, Recipe, Report] | None = None

    def open(self, outbox: Outbox, writer: Writer, recipe: Recipe, report: Report) -> None:
        """Look in that outbox from now on, and count in the report the articles that begin to wait."""
        self._run = outbox, writer, recipe, report

    async def answer(self, key: str, body: Mapping[str, Any], ahead: Ahead) -> Posted | Refused | None:
        """As in `llm.Post`."""
        work = at_work()
        if self._run is None or work is None:
            return None
        outbox, writer, recipe, report = self._run
        brief, article = work
        most = Most(ahead.input_tokens, ahead.output_tokens, ahead.cost_usd)
        found = await writer.do(lambda: outbox.ask(recipe, brief, article, key, body, most))
        report.waiting += found.is_new
        if found.state == "live":
            return None
        if found.answer is None:
            raise AnswerAwaited("the provider's batch has not been answered yet", "run the same command again later")
        if found.state == "failed":
            return Refused(int(found.answer["status"]), found.answer["said"], found.tries)
        usage = found.answer["usage"]
        completion = Completion(
            found.answer["text"], found.answer["refusal"], None if usage is None else Usage.model_validate(usage)
        )
        return Posted(completion, max(1, found.tries), found.share)

    async def keep(self, key: str, completion: Completion) -> None:
        """As in `llm.Post`."""
        work = at_work()
        if self._run is not None and work is not None:
            outbox, writer, *_ = self._run
            await writer.do(lambda: outbox.keep(work[0], key, told(completion)))


def told(completion: Completion) -> dict[str, Any]:
    """A completion as an outbox keeps it."""
    usage = completion.usage
    return {"text": completion.text, "refusal": completion.refusal, "usage": usage.model_dump() if usage else None}
