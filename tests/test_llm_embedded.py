"""The embedded model behind the same boundary: its engine is started once, shared and stopped. No real model runs."""

import asyncio
import dataclasses
import subprocess
import sys
import threading
import time

import pytest
from double import Double, Reply, Request, Step, fail, reset, say
from test_llm import GOOD, KEY, MESSAGES, QUICK, Draft, server
from test_store import Told

from summarizer.errors import ModelUnavailable, ServerUnreachable, UnknownModel
from summarizer.llm import Answer, ChatModel, connect, find_endpoint
from summarizer.llm.chat import Start
from summarizer.loop import LoopThread
from summarizer.settings import load_settings


class Engine:
    """Stands in for the embedded engine."""

    def __init__(self, double: Double) -> None:
        self.base_url, self.api_key, self.context = double.base_url, KEY, 4096
        self.closed = 0
        self.running = True

    def ended(self) -> ModelUnavailable:
        assert not self.running
        return ModelUnavailable("the engine ended: memory ran out", "free some")

    def clear_shelf(self) -> None: ...

    def close(self) -> None:
        self.closed += 1


def local(start: Start) -> ChatModel:
    return ChatModel(find_endpoint("local/some", environ={}), patience=QUICK, start=start, context_window=4096)


def test_the_engine_is_started_once_and_stopped() -> None:
    """Questions that come together, from two event loops, share one engine; closing stops it, and it costs nothing."""
    started: list[Engine] = []

    def start(stop: threading.Event) -> Engine:
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


def in_slots(double: Double, slots: int) -> ChatModel:
    """An embedded model with an engine of so many slots."""
    endpoint = dataclasses.replace(find_endpoint("local/some", environ={}), parallel=slots)
    return ChatModel(endpoint, patience=QUICK, start=lambda stop: Engine(double), context_window=4096)


def test_all_slots_begin_with_what_one_has_read() -> None:
    """What all questions begin with is read once, also if two loops begin at a time, and handed to the other slots."""
    begin = [{"role": "system", "content": "the rules"}]

    async def ahead(model: ChatModel) -> None:
        await asyncio.gather(*(model.read_ahead(begin) for _ in range(3)))

    with Double(key=KEY) as double:
        model = in_slots(double, 3)
        other = LoopThread()
        asyncio.run(ahead(model))
        other.run(ahead(model))
        other.run(model.aclose())
        other.close()
        one = local(lambda stop: Engine(double))
        asyncio.run(ahead(one))
    assert [request.path for request in double.beside] == [
        "/completion",
        "/slots/0?action=save",
        "/slots/1?action=restore",
        "/slots/2?action=restore",
    ]
    assert double.beside[0].body == {"prompt": "the rules", "n_predict": 0, "id_slot": 0}


def test_an_article_keeps_its_slot() -> None:
    """Its second question goes where its first was read; one more article than there are slots is not held up."""

    async def article(model: ChatModel) -> None:
        with model.one_slot():
            for _ in range(2):
                await model.ask(MESSAGES, Draft)

    async def three(model: ChatModel) -> None:
        await asyncio.gather(*(article(model) for _ in range(3)))
        await article(model)
        await model.aclose()

    with Double(say(GOOD, before=0.05), key=KEY) as double:
        asyncio.run(three(in_slots(double, 2)))
    slots = [body.get("id_slot") for body in double.bodies]
    assert [slots.count(slot) for slot in (0, 1, None)] in ([4, 2, 2], [2, 4, 2])


def test_without_what_was_read_ahead_every_slot_reads_for_itself() -> None:
    """An engine that cannot put down what it has read costs time and no answer."""

    class Old(Double):
        async def _answer(self, request: Request, reply: Reply) -> None:
            await (fail(501, "no slots") if request.path.startswith("/slots") else super()._answer)(request, reply)

    async def run() -> Answer[Draft]:
        async with in_slots(double, 2) as model:
            await model.read_ahead([{"role": "system", "content": "the rules"}])
            return await model.ask(MESSAGES, Draft)

    with Old(say(GOOD), key=KEY) as double:
        assert asyncio.run(run()).draft == Draft.model_validate(GOOD)


def test_closing_does_not_wait_for_a_start() -> None:
    """An interrupted start is not waited for; the engine that it brings is stopped as soon as it is there."""
    going, go, engines = threading.Event(), threading.Event(), list[Engine]()

    def start(stop: threading.Event) -> Engine:
        going.set()
        go.wait(60)
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
        asyncio.run(asyncio.wait_for(run(), 40))
        assert not engines
        go.set()
        while not engines or not engines[0].closed:
            time.sleep(0.005)
    assert not double.requests


def test_a_start_that_fails_is_told_each_time() -> None:
    """An error of the start comes through as it is, and the next question tries again."""
    tries: list[int] = []

    def start(stop: threading.Event) -> Engine:
        tries.append(1)
        raise ModelUnavailable("no memory", "free some")

    async def run() -> None:
        async with local(start) as model:
            for _ in range(2):
                with pytest.raises(ModelUnavailable, match="no memory"):
                    await model.ask(MESSAGES, Draft)

    asyncio.run(run())
    assert len(tries) == 2


class Deadly:
    """Doubles with an engine each, which is gone when its double has broken the connection (`reset`)."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.engines: list[Engine] = []
        self.doubles: list[Double] = []

    def start(self, stop: threading.Event) -> Engine:
        step = self.steps.pop(0)

        async def deadly(request: Request, reply: Reply) -> None:
            engine.running = step is not reset
            await step(request, reply)

        self.doubles.append(Double(deadly).__enter__())
        engine = Engine(self.doubles[-1])
        self.engines.append(engine)
        return engine


def test_a_dead_engine_is_started_anew_and_the_question_asked_again() -> None:
    """An engine that ends over a question is replaced once; the question is answered, and what failed is counted."""
    deadly, pieces = Deadly(reset, say(GOOD)), list[str]()

    async def run() -> Answer[Draft]:
        async with local(deadly.start) as model:
            return await model.ask(MESSAGES, Draft, on_text=pieces.append)

    answer = asyncio.run(run())
    assert answer.attempts == len(deadly.doubles[0].requests) + 1
    assert "".join(pieces[len(pieces) - pieces[::-1].index("") :]) == answer.text
    assert [engine.closed for engine in deadly.engines] == [0, 1]


def test_a_question_that_ends_two_engines_says_why() -> None:
    """The second end in a row is the answer to that question; the next question gets a third engine."""
    deadly = Deadly(reset, reset, say(GOOD))

    async def run() -> None:
        async with local(deadly.start) as model:
            with pytest.raises(ModelUnavailable, match="memory ran out"):
                await model.ask(MESSAGES, Draft)
            assert (await model.ask(MESSAGES, Draft)).draft.people

    asyncio.run(run())
    assert len(deadly.engines) == 3


def test_an_engine_that_died_between_two_articles_is_noticed() -> None:
    """`prepare` and `count_tokens` too start an engine that has gone meanwhile."""
    deadly = Deadly(say(GOOD), say(GOOD), say(GOOD))

    async def run() -> None:
        async with local(deadly.start) as model:
            await model.prepare()
            deadly.engines[0].running = False
            await model.prepare()
            deadly.engines[1].running = False
            assert await model.count_tokens([{"role": "user", "content": "two words"}]) == 2

    asyncio.run(run())
    assert len(deadly.engines) == 3


def test_why_an_engine_is_started_anew_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever watches a fetch is told in one line why the engine that `connect` started had to be replaced."""
    told = Told()
    started: list[Engine] = []

    def engine(path: object, context: int, slots: int) -> Engine:
        started.append(Engine(double))
        return started[-1]

    async def run() -> None:
        async with connect("local", settings=load_settings({}), progress=told) as model:
            await model.prepare()
            assert told.notes == []
            started[0].running = False
            await model.prepare()

    monkeypatch.setattr("summarizer.llm.Engine", engine)
    monkeypatch.setattr("summarizer.llm.ModelStore.ensure", lambda *_: "a file")
    with Double() as double:
        asyncio.run(run())
    assert told.notes == ["the engine ended: memory ran out; it is started anew"]


def test_an_engine_that_is_there_is_not_replaced() -> None:
    """Errors of an engine that still runs are its answer, and no reason for another one."""
    started: list[Engine] = []

    def start(stop: threading.Event) -> Engine:
        started.append(Engine(double))
        return started[0]

    async def run() -> None:
        async with local(start) as model:
            with pytest.raises(ServerUnreachable, match="500"):
                await model.ask(MESSAGES, Draft)

    with Double(fail(500)) as double:
        asyncio.run(run())
    assert len(started) == 1


def test_closing_from_a_loop_that_stands_still() -> None:
    """A blocking close inside a caller's own event loop comes back, and the client of that loop is closed after it."""

    async def run() -> None:
        model, other = ChatModel(server(double), patience=QUICK), LoopThread()
        await model.ask(MESSAGES, Draft)
        asking = asyncio.create_task(model.ask(MESSAGES, Draft))
        while len(double.requests) < 2:
            await asyncio.sleep(0.005)
        other.run(asyncio.wait_for(model.aclose(), 30))  # blocks this loop, as the end of a `with` does
        other.close()
        with pytest.raises(ModelUnavailable, match="was closed"):
            await asking

    with Double(say(GOOD), say(GOOD, pause=30)) as double:
        asyncio.run(run())


def test_connecting_does_nothing_yet() -> None:
    """`connect` only looks up names: it says what the model is called, its window, and where texts would go."""
    settings = load_settings({})
    model = connect("local", settings=settings)
    assert model.name == "local/qwen2.5-coder-1.5b"
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
