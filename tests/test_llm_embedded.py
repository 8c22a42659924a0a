"""The embedded model behind the same boundary: its engine is started once, shared and stopped. No real model runs."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from double import Double, say
from test_llm import GOOD, KEY, MESSAGES, QUICK, Draft

from summarizer.errors import ModelUnavailable, UnknownModel
from summarizer.llm import Answer, ChatModel, connect, find_endpoint
from summarizer.settings import load_settings


class Engine:
    """Stands in for the embedded engine."""

    def __init__(self, double: Double) -> None:
        self.base_url, self.api_key, self.context = double.base_url, KEY, 4096
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


def local(start: Callable[[], Engine]) -> ChatModel:
    return ChatModel(find_endpoint("local/some", environ={}), patience=QUICK, start=start, context_window=4096)


def test_the_engine_is_started_once_and_stopped() -> None:
    """Questions that come together, from two event loops, share one engine; closing stops it, and it costs nothing."""
    started: list[Engine] = []

    def start() -> Engine:
        time.sleep(0.05)
        started.append(Engine(double))
        return started[0]

    async def three(model: ChatModel) -> list[Answer[Draft]]:
        return await asyncio.gather(*(model.ask(MESSAGES, Draft) for _ in range(3)))

    with Double(say(GOOD), key=KEY) as double:
        model = local(start)
        answers: list[Answer[Draft]] = []
        other = threading.Thread(target=lambda: answers.extend(asyncio.run(three(model))))
        other.start()

        async def run() -> None:
            answers.extend(await three(model))
            assert await model.count_tokens([{"role": "user", "content": "four words are here"}]) == 4
            other.join()
            await model.aclose()
            await model.aclose()
            with pytest.raises(ModelUnavailable, match="was closed"):
                await model.ask(MESSAGES, Draft)

        asyncio.run(run())
    assert (len(started), started[0].closed, len(answers)) == (1, 1, 6)
    assert answers[0].cost_usd == 0
    assert double.bodies[0]["max_tokens"] == 2500


def test_closing_does_not_wait_for_a_start() -> None:
    """An interrupted start is not waited for; the engine that it brings is stopped as soon as it is there."""
    going, go, engines = threading.Event(), threading.Event(), list[Engine]()

    def start() -> Engine:
        going.set()
        go.wait(5)
        engines.append(Engine(double))
        return engines[0]

    async def run() -> None:
        model = local(start)
        asked = asyncio.create_task(model.ask(MESSAGES, Draft))
        while not going.is_set():
            await asyncio.sleep(0.005)
        asked.cancel()
        await model.aclose()

    with Double() as double:
        asyncio.run(asyncio.wait_for(run(), 2))
        assert not engines
        go.set()
        while not engines or not engines[0].closed:
            time.sleep(0.005)
    assert not double.requests


def test_a_start_that_fails_is_told_each_time() -> None:
    """An error of the start comes through as it is, and the next question tries again."""
    tries: list[int] = []

    def start() -> Engine:
        tries.append(1)
        raise ModelUnavailable("no memory", "free some")

    async def run() -> None:
        async with local(start) as model:
            for _ in range(2):
                with pytest.raises(ModelUnavailable, match="no memory"):
                    await model.ask(MESSAGES, Draft)

    asyncio.run(run())
    assert len(tries) == 2


def test_connecting_does_nothing_yet() -> None:
    """`connect` only looks up names: it says what the model is called, its window, and where texts would go."""
    settings = load_settings({})
    model = connect("local", settings=settings)
    assert model.describe() == model.name == "local/qwen2.5-coder-1.5b"
    assert (model.destination, model.parallel) == (None, 1)
    assert model.context_window
    with pytest.raises(UnknownModel):
        connect("local/no-such-model", settings=settings)


def test_importing_loads_no_sdk() -> None:
    """The package is imported without the SDKs, which take a second."""
    code = (
        "import sys, summarizer.llm; print([m for m in ('openai', 'instructor', 'genai_prices') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
