"""`Summarizer.batch` and `abatch`, and a batch of any briefer: a result for each article, as it comes."""

import asyncio
import contextlib
import subprocess
import sys
import threading
import time

import pytest
from double import Double, fail, hang, together
from example_brief import make
from test_batch import answering, article
from timing import until

from summarizer import Article, Limits, Store, Summarizer
from summarizer.batch import Batch, results
from summarizer.errors import AtWorkElsewhere, BudgetSpent, KeyRefused, TooManyFailed
from summarizer.store import Nowhere, Recipe


class Desk:
    """A briefer without any model: makes a brief of every article, once `work` lets it."""

    recipe = Recipe("news", "desk", "a" * 12, "b" * 12)

    def __init__(self, work=None):
        self.work, self.begun, self.left = work, [], 0

    async def abrief(self, given):
        self.begun.append(given)
        try:
            if self.work is not None:
                await self.work(given)
        except asyncio.CancelledError:
            self.left += 1
            raise
        return make().model_copy(update={"article": given})


def of(desk, articles, store=None, **options):
    """The results of a batch of a desk."""
    return results(desk, articles, store or Nowhere(), Limits(), concurrency=options.pop("concurrency", 4), **options)


async def taken(found):
    return [result async for result in found]


def test_what_is_in_the_store_is_given_and_not_made_again(tmp_path):
    """With the path of a store the second batch sends nothing and gives the same briefs; calls are kept, too."""
    path = tmp_path / "s.db"
    with Double(answering) as double, Summarizer("some-model", base_url=double.base_url) as summarizer:
        first = {result.article.id: result.brief for result in summarizer.batch(map(article, range(5)), store=path)}
        sent = len(double.requests)
        again = {result.article.id: result.brief for result in summarizer.batch(map(article, range(5)), store=path)}
        assert len(double.requests) == sent
    assert None not in first.values()
    assert again == first
    with Store(path) as store:
        assert (store.status().briefs, store.status().calls, store.status().working) == (5, sent, 0)


def test_without_a_store_nothing_is_kept(tmp_path, monkeypatch):
    """There is a result for each article, and no file anywhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    with Double(answering) as double, Summarizer("some-model", base_url=double.base_url) as summarizer:
        assert sum(result.brief is not None for result in summarizer.batch([article(1), article(2)])) == 2
    assert not list(tmp_path.rglob("*"))


def test_any_briefer_will_do(tmp_path):
    """A batch needs a recipe and `abrief`, and no Summarizer."""
    desk, events = Desk(), []

    async def work(store):
        return await Batch(desk, store, Limits(), on=events.append).run(map(article, range(3)))

    with Store(tmp_path / "s.db") as store:
        assert asyncio.run(work(store)).made == 3
        assert store.status().briefs == 3
    assert {event.given.id for event in events} == {event.article for event in events}


def test_the_same_text_at_the_same_time_is_made_once_and_given_to_each():
    """Wire copy in three papers is one piece of work and three results."""
    desk = Desk(lambda given: asyncio.sleep(0.2))
    found = asyncio.run(taken(of(desk, [article(1)] * 3)))
    assert len(desk.begun) == 1
    assert [result.brief is not None for result in found] == [True] * 3


def test_a_slow_reader_holds_the_batch_back():
    """Of 10,000 articles no more is read and made than a few ahead of what is taken."""
    read = []

    def source():
        for number in range(10_000):
            read.append(number)
            yield article(number)

    async def work():
        desk = Desk()
        async with contextlib.aclosing(of(desk, source())) as found:
            for _ in range(3):
                await anext(found)
            await asyncio.sleep(0.5)
            return len(desk.begun)

    assert asyncio.run(work()) <= 3 + 4 + 2
    assert len(read) < 100


def test_thousands_of_articles_come_through():
    """One result each, whatever their number."""
    assert len(asyncio.run(taken(of(Desk(), map(article, range(2_000)), concurrency=64)))) == 2_000


def test_leaving_early_cancels_what_is_at_work(tmp_path):
    """The model hears that nobody waits any more, and no claim is left."""

    async def first_only(request, reply):
        await (answering if "Esk0 " in request.body["messages"][-1]["content"] else hang)(request, reply)

    with Double(together(3, first_only)) as double, Summarizer("some-model", base_url=double.base_url) as summarizer:
        articles = map(article, range(20))
        for result in summarizer.batch(articles, store=tmp_path / "s.db", concurrency=3):
            assert result.brief is not None
            break
        until(lambda: double.left >= 2)
    with Store(tmp_path / "s.db") as store:
        assert (store.status().briefs, store.status().working) == (1, 0)


def test_a_claim_on_its_way_to_the_disk_is_given_up_too(tmp_path, monkeypatch):
    """Whoever leaves while an article is being claimed leaves no claim behind."""
    real, claiming = Store.claim, threading.Event()

    def slow(self, key):
        claiming.set()
        time.sleep(0.3)
        return real(self, key)

    monkeypatch.setattr(Store, "claim", slow)

    async def work(store):
        batch = Batch(Desk(), store, Limits())
        running = asyncio.create_task(batch.run(iter([article(1)])))
        while not claiming.is_set():
            await asyncio.sleep(0.01)
        batch.stop("enough")
        batch.drop()
        await running

    with Store(tmp_path / "s.db") as store:
        asyncio.run(work(store))
        assert store.status().working == 0


def test_what_every_article_would_meet_is_raised_once_the_rest_is_given():
    """A key that is refused for one ends the batch, after the brief that was at work then."""

    async def step(request, reply):
        if "Esk0 " in request.body["messages"][-1]["content"]:
            await asyncio.sleep(0.3)
            await answering(request, reply)
        else:
            await asyncio.sleep(0.1)
            await fail(401, "no such key")(request, reply)

    given = []
    with Double(step) as double, Summarizer("some-model", base_url=double.base_url) as summarizer:
        with pytest.raises(KeyRefused):
            given.extend(summarizer.batch(map(article, range(50)), concurrency=2))
        assert len(double.requests) <= 6
    assert [result.article.id for result in given] == [article(0).id]
    assert given[0].brief is not None


def test_a_budget_and_too_many_failures_are_raised():
    """What a Summarizer's own limits hold back ends the batch with an error, and so do failures beyond the number."""
    gate = Limits(budget_tokens=40_000)
    with Double(answering) as double, Summarizer("some-model", base_url=double.base_url, gate=gate) as summarizer:
        with pytest.raises(BudgetSpent):
            list(summarizer.batch(map(article, range(50))))
        assert len(double.requests) == gate.requests > 0
    with Double(fail(400, "no")) as double, Summarizer("some-model", base_url=double.base_url) as summarizer:
        found = summarizer.batch(map(article, range(50)), max_failures=2, concurrency=1)
        assert [next(found).error is not None for _ in range(3)] == [True] * 3
        with pytest.raises(TooManyFailed, match="more than 2"):
            next(found)


def test_what_a_blocking_source_has_given_is_made_meanwhile():
    """An article is briefed while its source waits for the next one."""
    more = threading.Event()

    def source():
        yield article(1)
        more.wait(30)
        yield article(2)

    async def work():
        async with contextlib.aclosing(of(Desk(), source())) as found:
            first = await asyncio.wait_for(anext(found), 10)
            more.set()
            return [first, *await taken(found)]

    assert len(asyncio.run(work())) == 2


def test_an_error_of_the_source_comes_after_what_it_gave():
    """What was read before it is made, and then the error is raised as it is."""

    def source():
        yield article(1)
        raise LookupError("no more")

    given = []

    async def work():
        async for result in of(Desk(), source()):
            given.append(result)  # noqa: PERF401 - what was given before an error counts

    with pytest.raises(LookupError, match="no more"):
        asyncio.run(work())
    assert len(given) == 1


def test_what_another_process_makes_is_an_error_that_says_so(tmp_path):
    """It is not paid for twice, and the caller hears why there is no brief."""
    key, path = Desk.recipe.key(article(1)), tmp_path / "s.db"
    code = f"from summarizer.store import Store; print(Store({str(path)!r}).claim({key!r}), flush=True); input()"
    with (
        Store(path) as store,
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other,
    ):
        assert other.stdout.readline().strip() == b"mine"
        (result,) = asyncio.run(taken(of(Desk(), [article(1)], store)))
        other.communicate(b"\n")
    assert isinstance(result.error, AtWorkElsewhere)


def test_two_batches_of_one_summarizer_keep_their_own_calls(tmp_path):
    """At the same time, each into its store, also where they share limits."""
    for gate in (None, Limits()):
        paths = [tmp_path / f"{gate is None}{number}.db" for number in range(2)]

        async def work(double, gate=gate, paths=paths):
            async with Summarizer("some-model", base_url=double.base_url, gate=gate) as summarizer:
                given = [[article(number)] * (number == 1) + [article(number + 5)] for number in range(2)]
                await asyncio.gather(
                    *(
                        taken(summarizer.abatch(articles, store=path))
                        for articles, path in zip(given, paths, strict=True)
                    )
                )

        with Double(answering) as double:
            asyncio.run(work(double))
            sent = len(double.requests)
        counted = []
        for path in paths:
            with Store(path) as store:
                counted.append(store.status().calls)
        assert counted == [sent // 3, sent - sent // 3]


def test_a_single_brief_waits_for_no_limit_of_a_batch():
    """The back-off that a batch keeps to is its own: `brief` beside it is sent at once."""
    slow = Limits(requests_a_minute=1)

    async def work(double):
        async with Summarizer("some-model", base_url=double.base_url) as summarizer:
            found = results(summarizer, map(article, range(5)), Nowhere(), slow, concurrency=2)
            async with contextlib.aclosing(found):
                first = asyncio.ensure_future(anext(found))
                await asyncio.wait_for(summarizer.abrief(article(7)), 20)
                assert slow.requests <= 1
                first.cancel()
                await asyncio.wait({first})

    with Double(answering) as double:
        asyncio.run(work(double))


def test_articles_that_cannot_be_briefed_are_results():
    """An advert is no article: its result has the error, and the others go on."""
    with Double(answering) as double, Summarizer("some-model", base_url=double.base_url) as summarizer:
        found = list(summarizer.batch([Article(text="Advertisement"), article(1)]))
    assert sorted((result.brief is None, result.error is None) for result in found) == [(False, True), (True, False)]
