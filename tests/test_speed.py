"""The benchmark of the batch's speed: its articles, its double, and that what it measures is whole briefs."""

import json

import httpx2
import pytest

from benchmarks.speed import measures
from benchmarks.speed.__main__ import report
from benchmarks.speed.articles import many, rows_of
from benchmarks.speed.measures import Setting
from benchmarks.speed.ours import article_of
from benchmarks.speed.running import Broken, Double, Missing, run
from summarizer.drafting import prepare
from summarizer.schemas.kinds import load_kind
from summarizer.schemas.news import NewsDraft


@pytest.fixture(scope="module")
def double():
    with Double(latency=0.01, piece=4) as running:
        yield running


def test_every_article_is_another_one():
    """A thousand articles have a thousand texts of 4,000 characters, and the same seed makes the same ones."""
    texts = {made.text for made in many(1000)}
    assert len(texts) == 1000
    assert all(3850 < len(text) < 4050 for text in texts)
    assert texts == {made.text for made in many(1000)}
    assert texts.isdisjoint(made.text for made in many(1000, seed=2))


@pytest.mark.parametrize("streams", [True, False])
def test_the_double_answers_each_line_of_the_worksheet(double, streams):
    """Whole and as a stream it gives one draft, with an item for each line that is asked for, and a count of tokens."""
    (made,) = many(1, first=7)
    messages = prepare(article_of(made), load_kind("news")).messages
    asked = {"model": "double", "messages": messages, "stream": streams}
    answer = httpx2.post(f"{double.base_url}/chat/completions", json=asked)
    if streams:
        events = [line[6:] for line in answer.text.splitlines() if line.startswith("data: ")]
        assert events.pop() == "[DONE]"
        chunks = [json.loads(event) for event in events]
        text = "".join(choice["delta"].get("content", "") for chunk in chunks for choice in chunk["choices"])
        usage = chunks[-1]["usage"]
    else:
        text, usage = answer.json()["choices"][0]["message"]["content"], answer.json()["usage"]
    draft = NewsDraft.model_validate_json(text)
    sheet = rows_of(messages[-1]["content"], made.marker)
    assert {name: len(getattr(draft, name)) for name in sheet} == {name: len(lines) for name, lines in sheet.items()}
    assert usage["completion_tokens"] == len(text) // 4
    assert double.taken()["answered"] >= 1


def test_what_is_measured_are_whole_briefs():
    """Three articles through the batch give three briefs with every section, and a second run asks nothing."""
    (row,) = measures.growth(Setting(rivals="none", concurrency=1, warm=1), [3])
    assert row["again_calls"] == 0
    assert row["cpu_an_article_s"] > 0
    assert row["memory_peak_bytes"] > 10_000_000
    about = {
        "summarizer": "0",
        "day": "",
        "python": "",
        "system": "",
        "machine": "",
        "cores": 2,
        "workers": 1,
        "piece": 4,
    }
    printed = report({"about": about, "growth": [row]})
    assert "| 3 | 1.00 | 1.00 | 0 |" in printed


def test_a_tool_that_is_not_installed_is_told(tmp_path):
    """It is left out by name; a run that breaks off is an error, and no figure."""
    jobs = tmp_path / "jobs.jsonl"
    jobs.write_text("")
    asked = ("--jobs", jobs, "--base-url", "http://127.0.0.1:9/v1", "--articles", "1")
    with pytest.raises(Missing, match="langextract"):  # the tests' own environment has it not
        run("benchmarks.speed.rival", ("langextract", *asked))
    jobs.write_text("no JSON")
    with pytest.raises(Broken, match="gave no figures"):
        run("benchmarks.speed.rival", ("openai", *asked))
