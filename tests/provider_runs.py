"""Runs of a batch by the provider's endpoint, each in a loop, a store and a summarizer of its own."""

import asyncio
import contextlib
from dataclasses import replace

from batch_double import USAGE, BatchDouble, answer
from double import say

from summarizer import Article, Summarizer
from summarizer.batch import Batch, Limits, ProviderBatch
from summarizer.llm import Patience
from summarizer.llm.endpoints import OPENAI, PROVIDERS
from summarizer.store import Store

KEY = "sk-of-nobody-at-all"
QUOTE = "“We sail tomorrow, whatever the weather,” said Ada Berg, the mayor of Esk{}, on Monday."
# Of one call in the list of prices: 3,000 tokens read, 1,000 from the cache, 100 written.
PRICE = (3_000 * 0.25 + 1_000 * 0.025 + 100 * 2) / 1e6


def article(number, quote=""):
    text = f"The port of Esk{number} opened again on Monday after the long winter, with two ferries a day."
    return Article(text=f"{text}\n\n{quote.format(number)}" if quote else text, title=f"Port {number}")


def written(body):
    """What a model that writes only a headline, out of the article's own words, answers to a request."""
    shown = body["messages"][-1]["content"]
    made = {name: [] for name in body["response_format"]["json_schema"]["schema"]["properties"]}
    line = shown.rpartition("headline:\n- ")[2].split("\n")[0].split(" [")[0].split()
    if "headline" in made:
        made["headline"] = [{"quote": " ".join(line[:8]), "text": " ".join(line[:11])}]
    return made


def model(body):
    return answer(written(body))


async def live(request, reply):
    await say(written(request.body), usage=USAGE)(request, reply)


@contextlib.contextmanager
def posing(monkeypatch):
    """A double in the place of the provider, with its key in the environment and a quick patience."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(Patience.__init__, "__defaults__", (5, 0.01, 1.0))
    with BatchDouble(model, live, key=KEY) as double:
        monkeypatch.setitem(PROVIDERS, "openai", replace(OPENAI, base_url=double.base_url))
        yield double


def run(
    path,
    articles=(),
    *,
    limits=None,
    before=None,
    sizes=None,
    name="openai/gpt-5-mini",
    language=None,
    url=None,
    **options,
):
    """One run in a loop, a store and a summarizer of its own, as another process would make it."""
    gate = limits or Limits()

    async def work():
        async with Summarizer(name, base_url=url, language=language, gate=gate) as summarizer:
            batches = summarizer.batches()
            batches.most_requests, batches.most_bytes = sizes or (batches.most_requests, batches.most_bytes)
            batch = ProviderBatch(summarizer, store, gate, batches, **{"poll": 0.02, **options})
            if before:
                before(batch)
            return await batch.run(iter(articles))

    with Store(path) as store:
        return asyncio.run(work())


def briefs(path):
    with Store(path) as store:
        return {brief.article.title: brief for brief in store.briefs()}


def rows(path, select):
    with Store(path) as store:
        return [tuple(row) for row in store._rows(select)]


def ordinary(path, articles):
    gate = Limits()

    async def work():
        async with Summarizer("openai/gpt-5-mini", gate=gate) as summarizer:
            return await Batch(summarizer, store, gate).run(iter(articles))

    with Store(path) as store:
        return asyncio.run(work())
