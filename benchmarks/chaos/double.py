"""A double of chat completions that fails by a seeded draw, and keeps account of every request."""

import asyncio
import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from ..loopback import Connection, asked_sections, completion, listen, question_of, refusal, stream, usage_of

# Of how many requests which becomes what; the others are answered.
SHARES: Mapping[str, float] = {
    "busy": 0.10,  # 429 with Retry-After
    "broken": 0.05,  # 500
    "reset": 0.03,
    "stall": 0.03,  # no answer, ever
    "cut": 0.015,  # the answer ends in the middle
    "malformed": 0.015,  # a whole answer that is no JSON
}
WAITS = (0.05, 0.2)  # seconds in a Retry-After
LATENCY = (0.03, 0.12)  # seconds until an answer
PIECE = 12  # characters an event of a stream
ANSWERED = frozenset(("answer", "malformed"))  # what comes with a count of tokens, when it comes in full
_NUMBER = re.compile(r"port of Esk(\d+) ")


def article(number: int) -> dict[str, str]:
    """The article of that number, as a line of a JSONL list."""
    text = (
        f"The port of Esk{number} opened again on Monday after the long winter, with two ferries a day.\n\n"
        "“We have waited for this morning since the ice came,” said Ada Berg, the harbour master. "
        "It is not known whether the third ferry will be repaired before the summer."
    )
    return {"text": text, "title": f"Port of Esk{number} open again"}


def answer(number: int, sections: tuple[str, ...]) -> dict[str, Any]:
    """What the model makes of it; of every fifth article it passes over the quotation, and is asked again for it."""
    made: dict[str, Any] = {name: [] for name in sections}
    is_first = "headline" in sections
    if is_first:
        words = f"The port of Esk{number} opened again on Monday"
        made["headline"] = [{"quote": words, "text": f"Port of Esk{number} opened again on Monday"}]
        made["summary"] = [{"quote": words, "text": f"{words} after the long winter, with two ferries a day."}]
    if "open_questions" in sections:
        doubt = "It is not known whether the third ferry"
        question = "Will the third ferry be repaired before the summer?"
        made["open_questions"] = [{"quote": doubt, "question": question, "kind": "unconfirmed"}]
    if "quoted" in sections and not (is_first and number % 5 == 0):
        words = "We have waited for this morning since the"
        claim = "Berg says they have waited for this morning since the ice came."
        made["quoted"] = [{"quote": words, "actor": "Ada Berg", "stance": "supports", "claim": claim}]
    return made


@dataclass(slots=True)
class Asked:
    """One request: about which article, in which session of the driver, its number among those about the article, and
    what was drawn for it.

    `tokens` are those of an answer that was delivered in full while the driver lived; `is_open` until something has
    become of it, which was at `over` in the loop's time.
    """

    article: int
    session: int
    attempt: int
    drawn: str
    tokens: int = 0
    is_open: bool = True
    over: float = math.inf


class Double:
    """The server, for as long as the `async with` lasts. Call `begin` before each start of the driver, `end` after.

    What becomes of a request is drawn by seed, article and its number there, and one that was lost in a kill is drawn
    again. So a driver that goes on meets what the first one would have met, and what two runs have paid can be compared
    request by request.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.log: list[Asked] = []
        self._session = -1
        self._is_alive = False
        self._attempts: Counter[int] = Counter()  # by article
        self._wanted = 0
        self._reached = asyncio.Event()

    @property
    def base_url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}/v1"

    async def __aenter__(self) -> Self:
        self._server, self._port = await listen(self._received)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    def begin(self, session: int, noted: Mapping[int, int]) -> None:
        """A driver is about to start. `noted` requests about each article are known to it from those before it."""
        self._session, self._is_alive = session, True
        self._attempts = Counter(noted)

    def end(self) -> int:
        """The driver is gone, or as good as: what is written from now on reaches nobody. How many requests are open."""
        self._is_alive = False
        left = [each for each in self.log if each.is_open and each.session == self._session]
        for each in left:
            each.is_open = False
        return len([each for each in left if each.drawn != "stall"])

    async def reached(self, requests: int) -> None:
        """Return when so many requests have come in, over all sessions."""
        self._wanted = requests
        self._reached.clear()
        if len(self.log) < requests:
            await self._reached.wait()

    def _draw(self, *of: object) -> float:
        """A number from 0 to 1 that is the same for the same seed and words."""
        digest = hashlib.sha256(":".join(map(str, (self.seed, *of))).encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64

    def _drawn(self, number: int, attempt: int) -> str:
        left = self._draw("what", number, attempt)
        for what, share in SHARES.items():
            left -= share
            if left < 0:
                return what
        return "answer"

    def _received(self, connection: Connection, path: str, body: bytes) -> None:
        asked = json.loads(body) if body else {}
        question = question_of(asked) if "messages" in asked else ""
        found = _NUMBER.findall(question)
        if not found or not path.endswith("/chat/completions"):
            connection.answer(refusal(404, "no article of this run is in it"))
            return
        number = int(found[-1])
        self._attempts[number] += 1
        attempt = self._attempts[number]
        one = Asked(number, self._session, attempt, self._drawn(number, attempt))
        self.log.append(one)
        if len(self.log) >= self._wanted:
            self._reached.set()
        if one.drawn == "stall":
            return
        wait = _between(LATENCY, self._draw("latency", number, attempt))
        loop = asyncio.get_running_loop()
        loop.call_later(wait, self._answer, connection, one, question, asked)

    def _answer(self, connection: Connection, one: Asked, question: str, asked: Mapping[str, Any]) -> None:
        if not (self._is_alive and one.session == self._session and connection.is_open):
            one.is_open = False
            return
        one.is_open, one.over = False, asyncio.get_running_loop().time()
        if one.drawn == "busy":
            wait = _between(WAITS, self._draw("wait", one.article, one.attempt))
            connection.answer(refusal(429, "too many requests", {"retry-after": f"{wait:.3f}"}))
        elif one.drawn == "broken":
            connection.answer(refusal(500, "it broke"))
        elif one.drawn == "reset":
            connection.reset()
        else:
            text = json.dumps(answer(one.article, asked_sections(asked)), ensure_ascii=False)
            text = "I am afraid that I can only describe it in words." if one.drawn == "malformed" else text
            usage = usage_of(question, text)
            is_whole = one.drawn != "cut"
            streams = asked.get("stream")
            told = stream(text, usage, PIECE, is_whole=is_whole) if streams else completion(text, usage)
            connection.answer(told if streams or is_whole else told[: len(told) // 2])
            if is_whole:
                one.tokens = usage["total_tokens"]
            else:
                connection.close()


def _between(bounds: tuple[float, float], share: float) -> float:
    low, high = bounds
    return low + (high - low) * share
