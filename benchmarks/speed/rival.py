"""One run of another tool over articles of the benchmark, in a process and an environment of its own: figures as JSON.

    .venv-bench/bin/python -m benchmarks.speed.rival instructor --jobs jobs.jsonl --base-url http://127.0.0.1:8000/v1

A job is a line with the messages that the batch sends for an article, and the article's text. Each tool is used as its
own documentation begins: nothing of it is switched off that is on by default, but what asks somebody else for its news.
"""

import argparse
import asyncio
import importlib
import itertools
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from summarizer.schemas.news import NewsDraft

from .process import cpu_seconds, memory, peak_memory

MODEL, EXTRACTOR = "double", "extractor"
KEY = "none"
LIMIT = 4000  # tokens of an answer, at most
Job = dict[str, Any]
Ask = Callable[[Job], Awaitable[object]]
SCHEMA = {"type": "json_schema", "json_schema": {"name": "NewsDraft", "schema": NewsDraft.model_json_schema()}}


def openai_whole(base_url: str) -> Ask:
    """The SDK alone: a whole answer, read by pydantic."""
    client = importlib.import_module("openai").AsyncOpenAI(base_url=base_url, api_key=KEY)

    async def ask(job: Job) -> object:
        answer = await client.chat.completions.create(
            model=MODEL, messages=job["messages"], response_format=SCHEMA, temperature=0, max_tokens=LIMIT
        )
        return NewsDraft.model_validate_json(answer.choices[0].message.content)

    return ask


def openai_streamed(base_url: str) -> Ask:
    """The SDK alone, with the answer as it is written: what a batch needs that can leave an answer gone astray."""
    client = importlib.import_module("openai").AsyncOpenAI(base_url=base_url, api_key=KEY)

    async def ask(job: Job) -> object:
        stream = await client.chat.completions.create(
            model=MODEL,
            messages=job["messages"],
            response_format=SCHEMA,
            temperature=0,
            max_tokens=LIMIT,
            stream=True,
            stream_options={"include_usage": True},
        )
        pieces = []
        async for chunk in stream:
            pieces += [choice.delta.content for choice in chunk.choices if choice.delta.content]
        return NewsDraft.model_validate_json("".join(pieces))

    return ask


def instructor(base_url: str) -> Ask:
    """instructor over the SDK, with a JSON Schema as the form of the answer."""
    library = importlib.import_module("instructor")
    sdk = importlib.import_module("openai").AsyncOpenAI(base_url=base_url, api_key=KEY)
    client = library.from_openai(sdk, mode=library.Mode.JSON_SCHEMA)

    async def ask(job: Job) -> object:
        made: object = await client.chat.completions.create(
            model=MODEL, messages=job["messages"], response_model=NewsDraft, temperature=0, max_tokens=LIMIT
        )
        return made

    return ask


def pydantic_ai(base_url: str) -> Ask:
    """An agent whose output is the draft, by the provider's own structured outputs."""
    library = importlib.import_module("pydantic_ai")
    messages = importlib.import_module("pydantic_ai.messages")
    models = importlib.import_module("pydantic_ai.models.openai")
    provider = importlib.import_module("pydantic_ai.providers.openai").OpenAIProvider(base_url=base_url, api_key=KEY)
    model = models.OpenAIChatModel(MODEL, provider=provider)
    agent = library.Agent(model, output_type=library.NativeOutput(NewsDraft))

    async def ask(job: Job) -> object:
        *before, last = job["messages"]
        history: list[object] = []
        for message in before:
            match message["role"]:
                case "assistant":
                    history.append(messages.ModelResponse(parts=[messages.TextPart(message["content"])]))
                case "system":
                    history.append(messages.ModelRequest(parts=[messages.SystemPromptPart(message["content"])]))
                case _:
                    history.append(messages.ModelRequest(parts=[messages.UserPromptPart(message["content"])]))
        settings = {"temperature": 0, "max_tokens": LIMIT}
        done = await agent.run(last["content"], message_history=history, model_settings=settings)
        made: object = done.output
        return made

    return ask


RIVALS: dict[str, tuple[str, Callable[[str], Ask]]] = {
    "openai": ("openai", openai_whole),
    "openai-streamed": ("openai", openai_streamed),
    "instructor": ("instructor", instructor),
    "pydantic-ai": ("pydantic-ai-slim", pydantic_ai),
}
LANGEXTRACT = "langextract"  # has a pool of threads of its own, and a form of its own for question and answer


async def ask_all(ask: Ask, jobs: Iterable[Job], concurrency: int) -> int:
    """Put all the jobs, so many at a time; how many drafts came of them."""
    waiting, made = iter(jobs), 0

    async def work() -> None:
        nonlocal made
        for job in waiting:
            draft = await ask(job)  # not within the sum: it would be read before the others have added theirs
            made += isinstance(draft, NewsDraft)

    await asyncio.gather(*(work() for _ in range(concurrency)))
    return made


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """The figures of one run, without those of the first `--warm` jobs. Raises ImportError for a tool not installed."""
    loaded = memory()
    with Path(options.jobs).open(encoding="utf-8") as lines:
        jobs = [json.loads(line) for line in itertools.islice(lines, options.warm + options.articles)]
    warm, rest = jobs[: options.warm], jobs[options.warm :]
    if options.tool == LANGEXTRACT:
        package, run = LANGEXTRACT, _extractor(options.base_url, options.concurrency)
        run(warm)
        began, cpu = time.monotonic(), cpu_seconds()
        made = run(rest)
        seconds, cpu = time.monotonic() - began, cpu_seconds() - cpu
    else:
        package, connect = RIVALS[options.tool]

        async def work() -> tuple[int, float, float]:
            ask = connect(options.base_url)
            await ask_all(ask, warm, options.concurrency)
            began, cpu = time.monotonic(), cpu_seconds()
            made = await ask_all(ask, rest, options.concurrency)
            return made, time.monotonic() - began, cpu_seconds() - cpu

        made, seconds, cpu = asyncio.run(work())
    return {
        "articles": len(rest),
        "made": made,
        "version": version(package),
        "seconds": seconds,
        "cpu": cpu,
        "memory_loaded": loaded,
        "memory_peak": peak_memory(),
    }


def _extractor(base_url: str, concurrency: int) -> Callable[[Sequence[Job]], int]:
    library = importlib.import_module("langextract")
    data = importlib.import_module("langextract.data")
    provider = importlib.import_module("langextract.providers.openai")
    model = provider.OpenAILanguageModel(model_id=EXTRACTOR, api_key=KEY, base_url=base_url, max_workers=concurrency)
    shown = data.ExampleData(
        text="“We will not stand in the way,” said Ada Berg.",
        extractions=[
            data.Extraction("quoted", "We will not stand in the way", attributes={"actor": "Ada Berg", "claim": "Yes."})
        ],
    )

    def run(jobs: Sequence[Job]) -> int:
        made = library.extract(
            [data.Document(text=job["text"]) for job in jobs],
            prompt_description="Extract what is quoted and reported, deals, open questions and a summary.",
            examples=[shown],
            model=model,
            max_char_buffer=100_000,  # an article in one question, as the others have it
            batch_length=concurrency,
            max_workers=concurrency,
            show_progress=False,
        )
        return sum(bool(document.extractions) for document in made)

    return run


def main(arguments: Sequence[str] | None = None) -> int:
    """The process. Ends with 3 where the tool is not installed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.rival", description="One run of another tool.")
    parser.add_argument("tool", choices=[*RIVALS, LANGEXTRACT])
    parser.add_argument("--jobs", required=True, help="JSONL of messages and texts")
    parser.add_argument("--base-url", required=True, help="of the double")
    parser.add_argument("--articles", type=int, required=True, help="how many")
    parser.add_argument("--warm", type=int, default=0, help="jobs before them that are not measured")
    parser.add_argument("--concurrency", type=int, default=16, help="questions at a time")
    try:
        print(json.dumps(measure(parser.parse_args(arguments))))
    except ImportError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
