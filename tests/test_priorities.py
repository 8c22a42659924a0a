"""What goes first: of the articles of a batch the most urgent, at the gate the ones that have begun."""

import asyncio
import math
import threading

import pytest
from double import Double, fail
from test_abatch import Desk
from test_batch import answering, article
from test_briefing import ARTICLE, answer, say, with_claim
from test_parts import long_article

from summarizer import Article, Limits, Summarizer
from summarizer.batch import Batch, newest
from summarizer.batch.source import AHEAD_TO_ORDER
from summarizer.cli import main
from summarizer.llm import Ahead, Done
from summarizer.schemas.brief import Usage
from summarizer.store import Nowhere, Store

ANSWERED = Done("answered", Usage(input_tokens=1, output_tokens=1), 0.0, None, 0.0, 0.0)


def dated(published):
    return Article(text=f"A ferry sailed, and somebody wrote so: {published}.", published=published)


def begun(articles, store=None, **options):
    """The articles in the order in which a batch of one at a time begins them, and its report."""
    desk = Desk()
    batch = Batch(desk, store or Nowhere(), Limits(), concurrency=1, **options)
    report = asyncio.run(batch.run(iter(articles)))
    return desk.begun, report


def by_number(given):
    return float(given.text.split("Esk")[1].split()[0])


def test_the_most_urgent_is_begun_first():
    """Of 200 articles in any order the highest priority comes first; those of the same come as they were given."""
    numbers = [(number * 73) % 200 for number in range(200)]
    found, report = begun(map(article, numbers), priority=by_number)
    assert [by_number(each) for each in found] == sorted(numbers, reverse=True)
    assert report.made == 200
    same, _ = begun(map(article, numbers), priority=lambda given: 1)
    assert [by_number(each) for each in same] == numbers
    plain, _ = begun(map(article, numbers))
    assert [by_number(each) for each in plain] == numbers


def test_an_urgent_one_that_comes_later_overtakes():
    """What comes while others wait goes before them, if it is more urgent."""
    late, read = threading.Event(), threading.Event()

    def source():
        yield from map(article, range(5))
        late.wait(60)
        yield article(99)
        yield from map(article, range(5, 8))
        read.set()

    async def work(given):
        late.set()
        await asyncio.to_thread(read.wait, 60)

    desk = Desk(work)
    asyncio.run(Batch(desk, Nowhere(), Limits(), concurrency=1, priority=by_number).run(source()))
    assert [by_number(each) for each in desk.begun] == [4, 99, 7, 6, 5, 3, 2, 1, 0]


def test_memory_is_bounded():
    """Of a source without end no more is read than is put in order at a time."""
    read = []

    def source():
        for number in range(1_000_000):
            read.append(number)
            yield article(number)

    async def work():
        desk = Desk()
        batch = Batch(desk, Nowhere(), Limits(), concurrency=1, priority=by_number)
        batch._on = lambda event: batch.stop("enough") if batch.report.made >= 3 else None
        await batch.run(source())

    asyncio.run(work())
    assert len(read) <= AHEAD_TO_ORDER + 5


def test_what_is_kept_already_takes_no_place(tmp_path):
    """A brief that is there is told at once, however little urgent its article is."""
    with Store(tmp_path / "s.db") as store:
        begun([article(0)], store)
        events = []
        begun(map(article, range(5)), store, priority=by_number, on=events.append)
    assert [event.what for event in events] == ["kept", *["made"] * 4]


@pytest.mark.parametrize("priority", [lambda given: math.nan, lambda given: -math.inf])
def test_a_priority_that_is_none_comes_last(priority):
    """What compares with nothing, or is minus infinity, is begun all the same."""
    found, _ = begun(map(article, range(4)), priority=lambda given: priority(given) if by_number(given) < 2 else 1)
    assert [by_number(each) for each in found] == [2, 3, 0, 1]


def test_an_error_of_the_priority_ends_the_run_and_is_raised():
    """It is the caller's own code: nothing is hidden."""
    with pytest.raises(ZeroDivisionError):
        begun(map(article, range(4)), priority=lambda given: 1 / 0)


def test_newest_first():
    """Days, moments with and without a zone and dates of mails and feeds are put in order; undated ones are last."""
    order = [
        "2031-05-15",
        "2031-05-14T23:30:00-02:00",
        "Wed, 14 May 2031 23:00:00 +0000",
        "2031-05-14T22:00:00",
        "14 May 2031",
        "2031-05-13T23:59:59Z",
        "1999-12-31",
        None,
        "yesterday",
        "2031-99-99",
        "x" * 500,
    ]
    values = [newest(dated(published)) for published in order]
    assert values[0] < values[1]  # 01:30 of the next day in UTC
    assert values[2:] == sorted(values[2:], reverse=True)
    assert values[1] > values[2]
    assert values[7:] == [-math.inf] * 4


def test_the_command_begins_with_what_was_published_last(tmp_path, monkeypatch, capsys):
    """`--newest-first` over a folder in the order of names."""
    monkeypatch.setenv("SUMMARIZER_STORE", str(tmp_path / "kept.db"))
    days = {"a": "2031-05-02", "b": "2031-05-09", "c": None, "d": "2031-05-05"}
    for number, (name, day) in enumerate(days.items()):
        front = f"---\ntitle: T\n{f'published: {day}' if day else ''}\n---\n\n"
        (tmp_path / f"{name}.md").write_text(front + article(number).text)
    with Double(answering) as double:
        model = ["--model", "some-model", "--base-url", double.base_url]
        assert main(["batch", str(tmp_path / "*.md"), *model, "--newest-first", "--concurrency", "1"]) == 0
        asked = [body["messages"][-1]["content"] for body in double.bodies]
    order = [next(number for number in range(4) if f"Esk{number} " in each) for each in asked]
    assert list(dict.fromkeys(order)) == [1, 3, 0, 2]


def ask(begun=False):
    return Ahead(400, 100, None, begun)


async def _order(limits, held):
    """The order in which two first questions and then a second one pass, once a request that holds the gate is done."""
    passed = []

    async def enter(name, begun):
        ahead = ask(begun)
        await limits.enter(ahead)
        passed.append(name)
        limits.leave(ahead, ANSWERED)

    waiting = []
    for name, is_begun in (("first", False), ("other first", False), ("second", True)):
        waiting.append(asyncio.create_task(enter(name, is_begun)))
        await asyncio.sleep(0.01)
    assert passed == []
    await asyncio.sleep(0.1)
    if held is not None:
        limits.leave(held, ANSWERED)
    await asyncio.wait_for(asyncio.gather(*waiting), 10)
    return passed


def test_a_second_question_goes_before_first_ones_where_the_budget_is_short():
    """What waits for room in the budget passes in its turn: articles that have begun, then the others as they came."""

    async def work():
        limits, held = Limits(budget_tokens=600), ask()
        await limits.enter(held)
        return await _order(limits, held)

    assert asyncio.run(work()) == ["second", "first", "other first"]


def test_a_second_question_goes_before_first_ones_where_the_rates_are_short(monkeypatch):
    """The same where requests wait for the next minute."""
    monkeypatch.setattr("summarizer.batch.limits.MINUTE", 1.5)

    async def work():
        limits = Limits(requests_a_minute=1)
        held = ask()
        await limits.enter(held)
        limits.leave(held, ANSWERED)
        return await _order(limits, None)

    assert asyncio.run(work()) == ["second", "first", "other first"]


def test_who_gives_up_holds_nobody_up():
    """A request that is cancelled while it waits at the head of the queue lets the next one pass."""

    async def work():
        limits, held = Limits(budget_tokens=600), ask()
        await limits.enter(held)
        given_up = asyncio.create_task(limits.enter(ask(True)))
        next_one = asyncio.create_task(limits.enter(ask()))
        await asyncio.sleep(0.05)
        given_up.cancel()
        limits.leave(held, ANSWERED)
        await asyncio.wait_for(next_one, 10)
        assert not limits._queue

    asyncio.run(work())


def test_several_loops_pass_one_gate():
    """Threads with a loop each wait in one queue, and none is forgotten."""
    limits, passed = Limits(budget_tokens=1_000_000), []

    async def many():
        async def one():
            ahead = Ahead(400_000, 100, None)
            await limits.enter(ahead)
            await asyncio.sleep(0)
            limits.leave(ahead, ANSWERED)
            passed.append(1)

        await asyncio.wait_for(asyncio.gather(*(one() for _ in range(50))), 30)

    threads = [threading.Thread(target=lambda: asyncio.run(many())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 200
    assert limits.spent_tokens == 400


class Listening(Limits):
    """Limits that remember of each request whether its article had begun."""

    def __init__(self):
        super().__init__()
        self.begun = []

    async def enter(self, ahead):
        self.begun.append(ahead.begun)
        await super().enter(ahead)


def test_the_gate_hears_which_question_is_the_first():
    """Of a brief that asks again the first request is no second one, and the other is; so is one that is sent again."""
    gate = Listening()
    wrong = with_claim("A senior harbour official wants 90 million crowns.")
    good = {"reported": answer()["reported"][1:]}
    with (
        Double(fail(429, "slow down", retry_after="0"), say(wrong), say(good)) as double,
        Summarizer("some-model", base_url=double.base_url, gate=gate) as summarizer,
    ):
        summarizer.brief(ARTICLE)
    assert gate.begun == [False, True, True]


def test_the_parts_of_a_long_article_are_one_article():
    """What goes out in parts has begun with the first part that the server takes."""
    gate, (given, _) = Listening(), long_article(6_000)

    async def step(request, reply):
        refuse = fail(400, "too long", code="context_length_exceeded")
        await (refuse if len(str(request.body["messages"])) > 28_000 else answering)(request, reply)

    with Double(step) as double, Summarizer("some-model", base_url=double.base_url, gate=gate) as summarizer:
        summarizer.brief(given)
        refused = sum(len(str(body["messages"])) > 28_000 for body in double.bodies)
    assert gate.begun == [False] * (refused + 1) + [True] * (len(gate.begun) - refused - 1)
    assert len(gate.begun) > refused + 2
