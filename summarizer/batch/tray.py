"""Posts of a batch: what an article asks for is looked for among what the store has kept for it."""

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import AnswerAwaited
from ..llm import Ahead, Answered, Completion, Posted, Refused
from ..schemas.article import Article
from ..schemas.brief import Usage
from ..store import Given, Most, Outbox, Recipe
from .report import Report
from .writer import Writer


class Kept:
    """The post of one article: what was answered for it before, in this run or in one that was cut off, is not asked
    again. `answers` are by the keys of their requests.
    """

    def __init__(self, answers: Mapping[str, Posted]) -> None:
        self.answers = dict(answers)

    async def answer(self, key: str, body: Mapping[str, Any], ahead: Callable[[], Ahead]) -> Posted | Refused | None:
        """As in `llm.Post`; what has no answer yet is sent at once."""
        return self.answers.get(key)


class Tray:
    """The post of one article in a run by way of a provider's batches: what is not answered waits in the outbox.

    An article that begins to wait is counted in the `report`.
    """

    def __init__(
        self, outbox: Outbox, writer: Writer, recipe: Recipe, report: Report, brief: str, article: Article
    ) -> None:
        self._outbox, self._writer, self._recipe, self._report = outbox, writer, recipe, report
        self._brief, self._article = brief, article

    async def answer(self, key: str, body: Mapping[str, Any], ahead: Callable[[], Ahead]) -> Posted | Refused | None:
        """As in `llm.Post`."""
        bounds = ahead()
        most = Most(bounds.input_tokens, bounds.output_tokens, bounds.cost_usd)
        found = await self._writer.do(
            lambda: self._outbox.ask(self._recipe, self._brief, self._article, key, body, most)
        )
        self._report.waiting += found.is_new
        if found.state == "live":
            return None
        if found.answer is None:
            raise AnswerAwaited("the provider's batch has not been answered yet", "run the same command again later")
        if found.state == "failed":
            return Refused(int(found.answer["status"]), found.answer["said"], found.tries)
        return posted_of(Given(key, found.answer, found.tries, found.share))


def told(completion: Completion) -> dict[str, Any]:
    """A completion as a store keeps it."""
    usage = completion.usage
    return {"text": completion.text, "refusal": completion.refusal, "usage": usage.model_dump() if usage else None}


def given_of(answered: Answered) -> Given:
    """An answer as a store keeps it."""
    posted = answered.posted
    return Given(answered.key, {**told(posted.completion), "broken": posted.broken}, posted.attempts, posted.share)


def posted_of(given: Given) -> Posted:
    """An answer that a store has kept."""
    told = given.told
    usage = None if told["usage"] is None else Usage.model_validate(told["usage"])
    completion = Completion(told["text"], told["refusal"], usage)
    return Posted(completion, max(1, given.tries), given.share, told.get("broken", 0))
