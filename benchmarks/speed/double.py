"""A fast double of chat completions, in a process of its own: each answer after a fixed time, from ready parts.

    python -m benchmarks.speed.double --latency 0.5

It prints its port and serves until it is ended. What it takes itself stands beside each figure: GET /cpu tells its
seconds of CPU, how many questions it was asked and how many it has answered.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence

from ..loopback import Connection, asked_sections, completion, listen, question_of, refusal, stream, usage_of, whole
from .articles import make, number_of

EXTRACTOR = "extractor"  # the name of the model under which a list of extractions is asked for


class Double:
    """What is answered. `latency` is seconds, `piece` characters an event of a stream, `seed` that of the articles."""

    def __init__(self, latency: float, piece: int, seed: int) -> None:
        self.latency, self.piece, self.seed = latency, piece, seed
        self.asked = self.answered = 0

    def received(self, connection: Connection, path: str, body: bytes) -> None:
        """Answer a question after the latency, anything else at once."""
        if path == "/cpu":
            took = os.times()
            told = {"cpu": took.user + took.system, "asked": self.asked, "answered": self.answered}
            connection.answer(whole(200, told))
        elif path.endswith("/chat/completions"):
            self.asked += 1
            asyncio.get_running_loop().call_later(self.latency, self._answer, connection, body)
        else:
            connection.answer(refusal(404, f"nothing is at {path}"))

    def _answer(self, connection: Connection, body: bytes) -> None:
        if not connection.is_open:
            return
        asked = json.loads(body)
        question = question_of(asked)
        number = number_of(question)
        if number is None:
            connection.answer(refusal(500, "no article of the benchmark is in it"))
            return
        article = make(number, self.seed)
        if asked["model"] == EXTRACTOR:
            answer: object = {"extractions": article.extractions()}
        else:
            answer = article.answer(question, asked_sections(asked))
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
        usage = usage_of(question, text)
        data = stream(text, usage, self.piece) if asked.get("stream") else completion(text, usage)
        self.answered += connection.answer(data)


async def serve(double: Double) -> None:
    """Serve until the process is ended."""
    server, port = await listen(double.received)
    print(port, flush=True)
    await server.serve_forever()


def main(arguments: Sequence[str] | None = None) -> int:
    """The process."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.double", description="A double of the API.")
    parser.add_argument("--latency", type=float, default=0.05, help="seconds before an answer")
    parser.add_argument("--piece", type=int, default=4, help="characters an event of a stream")
    parser.add_argument("--seed", type=int, default=1, help="of the articles")
    options = parser.parse_args(arguments)
    asyncio.run(serve(Double(options.latency, options.piece, options.seed)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
