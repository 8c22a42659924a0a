"""An article longer than the model reads at once is read in parts, and nothing of it is lost in silence."""

import re

import pytest
from double import Double, fail, say

from summarizer import Article, Summarizer
from summarizer.errors import ArticleTooLong, SummarizerError
from summarizer.llm import ChatModel
from summarizer.parts import OVERLAP, fairly, parts_of

USAGE = {"prompt_tokens": 40_000, "completion_tokens": 100, "total_tokens": 40_100}


def planted(name, place, sum_of):
    """A paragraph with a quotation, a deal and a doubt of its own."""
    return (
        f"“The quay of {place} will be open to everybody in the spring,” said {name}, the mayor of {place}. "
        "Under the accord between the Marl Herring Board and the Esk Fish Council the board would pay "
        f"{sum_of} million crowns for the quay of {place}. It is unclear whether {place} will vote on it."
    )


def filler(words):
    """Prose of so many words in which nothing is at stake."""
    line = (
        "Boats came in with herring from the banks beyond the strait, and the men mended nets until the evening bell. "
    )
    paragraph = line * 6
    return "\n\n".join([paragraph.strip()] * (words // len(paragraph.split())))


def long_article(words):
    facts = [planted("Ada Berg", "Halvik", 41), planted("Tomas Reyes", "Marl", 52), planted("Nuria Vell", "Varn", 63)]
    gap = filler((words - 150) // 2)
    return Article(text="\n\n".join([facts[0], gap, facts[1], gap, facts[2]])), facts


async def _echo(request, reply):
    """A model that answers from what it is shown: the headline's line, and leaves the rest to the article's words."""
    shown = request.body["messages"][-1]["content"]
    asked = request.body["response_format"]["json_schema"]["schema"]["properties"]
    answer = {name: [] for name in asked}
    line = re.search(r"^headline:\n- (.+)$", shown, re.MULTILINE)
    if line and "headline" in asked:
        words = line[1].split()
        answer["headline"] = [{"quote": " ".join(words[:8]), "text": " ".join(words[:12])}]
    for line in re.findall(r"^- (.* accord between .*)$", shown, re.MULTILINE) if "deals" in asked else ():
        told = re.search(r"Under the accord between .* pay (\d+ million crowns) for the (quay of \w+)", line)
        answer["deals"].append(
            {
                "quote": " ".join(told[0].split()[:8]),
                "title": f"Accord on the {told[2]}",
                "parties": ["Marl Herring Board", "Esk Fish Council"],
                "terms": [],
                "value": told[1],
                "status": "proposed",
            }
        )
    await say(answer, usage=USAGE)(request, reply)


@pytest.fixture
def window(monkeypatch):
    """A model that reads so many tokens, three for four words."""

    async def count(self, messages):
        return sum(len(message["content"].split()) for message in messages) * 4 // 3

    def of(tokens):
        monkeypatch.setattr(ChatModel, "count_tokens", count)
        real = ChatModel.__init__

        def init(self, *args, **kwargs):
            real(self, *args, **kwargs)
            self.context_window = tokens

        monkeypatch.setattr(ChatModel, "__init__", init)

    return of


def test_every_part_of_a_long_article_is_in_the_brief(window):
    """The planted quotations, deals and doubts of the first, middle and last part are there, at their exact places."""
    window(9_000)
    article, _ = long_article(9_000)
    with Double(_echo) as double, Summarizer("some-model", base_url=double.base_url) as summarizer:
        brief = summarizer.brief(article)
        sent = [body["messages"] for body in double.bodies]
    assert len(sent) >= 3
    assert len({str(messages[:-1]) for messages in sent if len(messages) == len(sent[0])}) == 1  # one cached beginning
    spans = [
        span
        for section in (brief.positions, brief.deals, brief.open_questions)
        for item in section
        for span in item.evidence
    ]
    assert all(article.text[span.start : span.end] == span.text for span in spans)
    for place, name in (("Halvik", "Ada Berg"), ("Marl", "Tomas Reyes"), ("Varn", "Nuria Vell")):
        quotes = [
            quote.text for each in brief.positions if brief.actor(each.actor).name == name for quote in each.quotes
        ]
        assert any(f"quay of {place}" in quote for quote in quotes)
        assert any(place in question.evidence[0].text for question in brief.open_questions)
    assert {deal.value.amount for deal in brief.deals} == {41_000_000, 52_000_000, 63_000_000}
    told = [finding.reason for finding in brief.audit.findings if finding.gate == "part"]
    assert len(told) == 1
    assert "reads 9000 tokens at once" in told[0]
    assert len(brief.summary) <= 5


def test_what_a_server_refuses_as_too_long_is_halved_until_it_takes_it():
    """A hosted model's window only its server knows: the article goes out in halves, quarters, until it takes each."""
    article, _ = long_article(6_000)
    told = []

    async def step(request, reply):
        length = len(str(request.body["messages"]))
        told.append(length)
        refuse = fail(400, "too long", code="context_length_exceeded")
        await (refuse if length > 28_000 else _echo)(request, reply)

    with Double(step) as double, Summarizer("some-model", base_url=double.base_url) as summarizer:
        brief = summarizer.brief(article)
    refused = [length for length in told if length > 28_000]
    assert len(refused) == 2
    assert refused[1] < refused[0]
    assert {"Ada Berg", "Tomas Reyes", "Nuria Vell"} <= {actor.name for actor in brief.actors}
    assert [each.action for each in brief.audit.findings if each.gate == "part"] == ["flagged"]


def test_an_article_that_is_refused_in_any_length_is_an_error():
    """Where the server takes not even the shortest part, what it said is the error."""
    article, _ = long_article(1_000)
    with (
        Double(fail(400, "too long", code="context_length_exceeded")) as double,
        Summarizer("some-model", base_url=double.base_url) as summarizer,
        pytest.raises(ArticleTooLong),
    ):
        summarizer.brief(article)


def test_a_part_that_gives_nothing_is_told_and_the_others_stand(window):
    """When the model fails on one part, the brief has the others, and the audit the characters that are missing."""
    window(9_000)
    article, _ = long_article(9_000)

    async def step(request, reply):
        lost = "Marl will be open" in str(request.body["messages"])
        await (fail(400, "no") if lost else _echo)(request, reply)

    with Double(step) as double, Summarizer("some-model", base_url=double.base_url) as summarizer:
        brief = summarizer.brief(article)
    lost = [finding for finding in brief.audit.findings if finding.gate == "part" and finding.action == "dropped"]
    assert len(lost) == 1
    assert "are not in the brief" in lost[0].reason
    assert {"Ada Berg", "Nuria Vell"} <= {actor.name for actor in brief.actors}


def test_no_part_at_all_is_an_error(window):
    """If every part fails, that is the error of the first, and a window without room for any is one too."""
    window(9_000)
    article, _ = long_article(9_000)
    with (
        Double(fail(400, "no")) as double,
        Summarizer("some-model", base_url=double.base_url) as summarizer,
        pytest.raises(SummarizerError, match="no"),
    ):
        summarizer.brief(article)
    window(3_000)
    with (
        Double(_echo) as double,
        Summarizer("some-model", base_url=double.base_url) as summarizer,
        pytest.raises(ArticleTooLong, match="no room"),
    ):
        summarizer.brief(article)


@pytest.mark.parametrize("text", [filler(3000), "word " * 4000, "One. " * 3000, "a" * 9000, "One.\n\nTwo.", ""])
@pytest.mark.parametrize("most", [2000, 5000])
def test_parts_add_up_to_the_text(text, most):
    """No character is in two parts or in none, none is too long, and each but the first shows what stands before it."""
    parts = parts_of(text, most)
    assert "".join(text[part.start : part.end] for part in parts) == text or not text.strip()
    for part in parts:
        assert part.shown <= part.start < part.end
        assert len(text[part.shown : part.end].rstrip()) <= most
        assert part.start - part.shown <= OVERLAP


def test_places_are_shared():
    """Each part gives its first before any gives its second; with more parts than places, first and last have one."""
    assert fairly([["a1", "a2", "a3"], ["b1"], ["c1", "c2"]], 4) == ["a1", "a2", "b1", "c1"]
    assert fairly([["a"], ["b"], ["c"], ["d"], ["e"]], 3) == ["a", "c", "e"]
    assert fairly([[], ["b"]], 5) == ["b"]
