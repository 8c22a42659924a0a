"""The way from an article to a brief, with a double of the provider's API in the place of the model."""

import asyncio
import copy
import json
import time
from typing import Any

import pytest
from double import Double, Step, fail, hang
from double import say as say_with
from timing import until

from summarizer import Article, Brief, Summarizer
from summarizer.errors import AnswerUnusable, ModelTimeout, ServerUnreachable
from summarizer.prompting import examples
from summarizer.rendering import render
from summarizer.schemas.brief import Actor, Position

(EXAMPLE,) = examples("news")
ARTICLE = Article(text=EXAMPLE.article)
# A server that counts fewer tokens than a prompt can have is one that has cut it.
USAGE = {"prompt_tokens": 2500, "completion_tokens": 800, "total_tokens": 3300}


def say(answer: object, **options: Any) -> Step:
    return say_with(answer, usage=USAGE, **options)


def answer(**changes):
    """The worked example's answer with other sections."""
    return copy.deepcopy(EXAMPLE.answer) | changes


NAMES = [
    f"{first}{last}" for first in ("Ber", "Hol", "Lin", "Mar", "Vel") for last in ("gen", "ström", "dal", "vik", "moe")
]
# What the article says where a claim about the harbour official does not hold.
OWN_CLAIM = (
    "A senior harbour official, who asked not to be named, warned that inspections by Norland’s coastguard could not "
    "end before autumn."
)


def with_claim(claim, section="reported"):
    """The answer in which the last position of a section, or the first quotation, says something else."""
    changed = answer()
    changed[section][0 if section == "quoted" else -1]["claim"] = claim
    return changed


def machine(double, **settings):
    return Summarizer("some-model", base_url=double.base_url, **settings)


def make(*steps, **settings):
    """The brief of the worked example's article, and the bodies of the requests that it took."""
    with Double(*steps) as double, machine(double, **settings) as summarizer:
        return summarizer.brief(ARTICLE), double.bodies


def claims(brief):
    return [position.claim for position in brief.positions]


def test_a_good_answer_becomes_the_whole_brief():
    """An answer that holds is one request, nothing is refused, and every section is there."""
    brief, sent = make(say(answer()))
    assert len(sent) == 1
    assert brief.audit.findings == ()
    assert {actor.name for actor in brief.actors} >= {"Ada Berg", "Tomas Reyes", "Mara Oss", "Norland", "Sudland"}
    assert len(brief.positions) == 5
    assert [deal.value.amount for deal in brief.deals] == [40_000_000]
    assert len(brief.open_questions) == 3
    assert brief.headline.text == EXAMPLE.answer["headline"][0]["text"]
    assert Brief.model_validate_json(brief.model_dump_json()) == brief


def test_people_whom_code_has_found_need_no_model():
    """Somebody with an office beside the name is an actor of the brief although the answer does not list them."""
    brief, _ = make(say(answer(people=[], groups=[])))
    berg = brief.actor("ada-berg")
    assert (berg.name, berg.role, berg.named) == ("Ada Berg", "Prime Minister", True)


def test_an_unnamed_source_stays_unnamed():
    """A source that the article only describes keeps the article's words and is marked as not named."""
    brief, _ = make(say(answer()))
    source = brief.actor("a-senior-harbour-official")
    assert (source.name, source.named) == ("a senior harbour official", False)


def test_what_fails_is_asked_for_again_with_the_reason_and_mended():
    """A claim with a number of its own goes back with the reason; the second answer holds and is in the brief."""
    good = EXAMPLE.answer["reported"][1]
    brief, sent = make(say(with_claim("A senior harbour official wants 90 million crowns.")), say({"reported": [good]}))
    assert len(sent) == 2
    assert "the article does not give “90 million crowns”" in sent[1]["messages"][-1]["content"]
    assert good["claim"] in claims(brief)
    assert {(finding.action, finding.path) for finding in brief.audit.findings} == {("repaired", "reported.1.claim")}


def test_only_what_failed_is_asked_for_again():
    """The second question shows the failed item alone, and asks for no other section."""
    _, sent = make(say(with_claim("A senior harbour official wants 90 million crowns.")))
    asked = sent[1]["response_format"]["json_schema"]["schema"]["properties"]
    assert list(asked) == ["reported"]
    assert "Nobody wants another closed summer" not in sent[1]["messages"][-2]["content"]


def test_what_fails_twice_gives_way_to_the_articles_words_and_is_told():
    """An invented number that comes back is in the audit alone; the article's own sentence stands in the brief."""
    wrong = with_claim("A senior harbour official wants 90 million crowns.")
    brief, sent = make(say(wrong), say({"reported": wrong["reported"][-1:]}))
    assert len(sent) == 2
    assert "90 million" not in brief.model_dump_json(exclude={"audit"})
    assert OWN_CLAIM in claims(brief)
    assert [(f.path, f.action) for f in brief.audit.findings if f.gate == "number"] == [
        ("again.reported.0.claim", "cut"),
        ("reported.1.claim", "repaired"),
    ]


def test_a_quotation_does_not_go_down_with_the_models_words():
    """A claim about a quotation that fails twice is replaced by the speaker's own words, and the audit says so."""
    brief, _ = make(say(with_claim("Berg says that Norland wants 90 million crowns.", "quoted")))
    (position,) = [each for each in brief.positions if each.actor == "ada-berg" and each.quotes]
    assert position.claim == "Berg: “We will not stand in the way of honest trade”"
    assert [quote.text for quote in position.quotes] == ["We will not stand in the way of honest trade,", "useful"]
    assert ("again.quoted.0.claim", "cut") in [(finding.path, finding.action) for finding in brief.audit.findings]
    assert render(brief, "md").count("We will not stand in the way") == 1


def test_a_detail_that_fails_twice_is_cut_out_and_the_item_stays():
    """A deal with an invented sum stays without the sum, and the audit says that it was cut."""
    wrong = answer()
    wrong["deals"][0]["value"] = "90 million crowns"
    brief, _ = make(say(wrong))
    (deal,) = brief.deals
    assert deal.value is None
    assert ("again.deals.0.value", "cut") in [(finding.path, finding.action) for finding in brief.audit.findings]


def test_a_quote_in_the_wrong_mouth_does_not_reach_the_brief():
    """Words that the article puts into one mouth are shown in no other, however often the model says so."""
    wrong = answer()
    wrong["quoted"][0]["actor"] = "Tomas Reyes"
    brief, _ = make(say(wrong))
    said = {quote.text: position.actor for position in brief.positions for quote in position.quotes}
    assert said.get("We will not stand in the way of honest trade,") in (None, "ada-berg")
    assert any(finding.gate == "speaker" and finding.action == "dropped" for finding in brief.audit.findings)


def test_a_line_that_the_model_left_out_is_put_to_it_once_more():
    """Of a deal, a quotation and a doubt without an item the model is asked once more, each by its line."""
    less = answer(deals=[], open_questions=EXAMPLE.answer["open_questions"][:2], quoted=EXAMPLE.answer["quoted"][1:])
    more = {
        "deals": EXAMPLE.answer["deals"],
        "open_questions": EXAMPLE.answer["open_questions"][2:],
        "quoted": EXAMPLE.answer["quoted"][:1],
    }
    brief, sent = make(say(less), say(more))
    question = sent[1]["messages"][-1]["content"]
    assert [f"- {section}: " in question for section in more] == [True, True, True]
    assert (len(brief.deals), len(brief.open_questions), len(brief.positions)) == (1, 3, 5)
    assert brief.audit.findings == ()


def test_more_is_quoted_than_the_lists_hold():
    """Of twenty-five speakers twenty are positions, in their own words, and the audit has the others."""
    text = "\n\n".join(f"“We will sell quay {n},” Ada {name} said." for n, name in enumerate(NAMES))
    people = [{"quote": "Ada Bergen", "name": "Ada Bergen", "kind": "person", "role": "seller"}]
    with Double(say({"people": people})) as double, machine(double) as summarizer:
        brief = summarizer.brief(Article(text=text))
    assert len(brief.positions) == 20
    assert len({quote for position in brief.positions for quote in position.quotes}) == 20
    assert sum(finding.gate == "limit" for finding in brief.audit.findings) == 5


def test_an_advert_is_no_evidence():
    """An item that rests on the label of an advert is dropped; its line is put to the model, then code asks for it."""
    advert = answer()
    advert["open_questions"][0]["quote"] = "Advertisement"
    brief, sent = make(say(advert), say({"open_questions": []}))
    assert "- open_questions: She called the talks “useful”" in sent[1]["messages"][-1]["content"]
    assert brief.open_questions[0].question == "What are the details of what Berg said?"
    assert not any("Advertisement" in span.text for each in brief.open_questions for span in each.evidence)
    dropped = [(finding.gate, finding.path) for finding in brief.audit.findings if finding.action == "dropped"]
    assert dropped == [("furniture", "open_questions.0.quote")]


def test_the_same_item_twenty_times_is_one():
    """A model that loops gives one item, and the audit says that it looped."""
    loop = answer(quoted=[EXAMPLE.answer["quoted"][0]] * 20)
    brief, _ = make(say(loop))
    assert claims(brief).count(EXAMPLE.answer["quoted"][0]["claim"]) == 1
    assert any("20 times" in finding.reason for finding in brief.audit.findings)


def test_a_string_without_end_is_dropped_and_told():
    """A claim of 30,000 characters is no claim; the other items stand."""
    brief, _ = make(say(with_claim("An official says " + "trade " * 5000)))
    assert OWN_CLAIM in claims(brief)
    assert max(map(len, claims(brief))) < 300
    assert any(finding.gate == "form" and finding.action == "dropped" for finding in brief.audit.findings)


def test_an_answer_that_breaks_off_keeps_what_is_whole():
    """Of an answer that was cut off, the finished items make the brief, and the article's own words fill it up."""
    text = json.dumps(answer(), ensure_ascii=False)
    brief, _ = make(say(text[: text.index('"deals"')], finish="length"))
    assert len(brief.positions) == 5
    assert brief.deals == ()
    assert ARTICLE.text.startswith(brief.headline.text.removesuffix("…"))
    assert all(sentence.text in ARTICLE.text for sentence in brief.summary)
    filled = {finding.path for finding in brief.audit.findings if finding.gate == "missing"}
    assert filled >= {"summary.0", "open_questions.1", "deals"}


@pytest.mark.parametrize("nothing", ["no JSON at all", '{"people": [', "[]", ""])
def test_an_answer_of_no_use_is_asked_for_again_and_then_an_error(nothing):
    """Words without an object are asked for once more; then it is an error that names the model, and no brief."""
    with (
        Double(say(nothing)) as double,
        machine(double) as summarizer,
        pytest.raises(AnswerUnusable, match="some-model"),
    ):
        summarizer.brief(ARTICLE)
    assert len(double.requests) == 2


def test_a_failed_repair_does_not_lose_the_brief():
    """When the second question fails for good, the brief goes out, with the article's own words, and says so."""
    broken = fail(400, "no")
    brief, _ = make(say(with_claim("A senior harbour official wants 90 million crowns.")), broken)
    assert OWN_CLAIM in claims(brief)
    assert any(finding.gate == "asking again" for finding in brief.audit.findings)


def test_time_that_runs_out_in_a_repair_does_not_lose_the_brief():
    """The article's time limit ends a second question that hangs; what was made before goes out."""
    brief, _ = make(say(with_claim("A senior harbour official wants 90 million crowns.")), hang, time_limit=5)
    assert len(brief.positions) == 5


def test_time_that_runs_out_is_an_error():
    """A model that never answers is given up after the article's time, with an error that says so."""
    began = time.monotonic()
    with pytest.raises(ModelTimeout):
        make(hang, time_limit=0.5)
    assert time.monotonic() - began < 60  # the double answers after 600


def test_items_are_streamed_once_they_have_passed_and_the_brief_comes_last():
    """Nothing unchecked is yielded: a claim that fails is in no item of the stream, and the last item is the brief."""
    wrong = with_claim("A senior harbour official wants 90 million crowns.")
    with Double(say(wrong)) as double, machine(double) as summarizer:
        *items, brief = summarizer.stream(ARTICLE)
    assert isinstance(brief, Brief)
    assert {type(item) for item in items} >= {Actor, Position}
    assert not any("90 million" in item.model_dump_json() for item in items)


def test_a_stream_can_be_left_early():
    """Leaving the loop over a stream hangs up, so that the model does not go on working."""
    with Double(say(answer(), pause=0.2)) as double:
        with machine(double) as summarizer:
            for item in summarizer.stream(ARTICLE):
                if isinstance(item, Position):  # code alone has found the actors before it
                    break
        until(lambda: double.left == 1)


def test_a_batch_gives_a_result_for_each_article():
    """An article that fails is a result with its error, and the others are briefed."""
    other = Article(text="Advertisement")
    with Double(say(answer())) as double, machine(double) as summarizer:
        results = {result.article.id: result for result in summarizer.batch([ARTICLE, other])}
    assert results[ARTICLE.id].brief is not None
    assert results[other.id].brief is None
    assert "no text of its own" in str(results[other.id].error)


def test_a_closed_with_inside_a_running_loop_does_not_hang():
    """`with Summarizer` around awaited calls, as the contract shows it, ends when the block does."""

    async def use(double):
        with machine(double) as summarizer:
            return [result async for result in summarizer.abatch([ARTICLE])]

    async def bounded(double):
        return await asyncio.wait_for(use(double), 20)

    with Double(say(answer())) as double:
        (result,) = asyncio.run(bounded(double))
    assert result.brief is not None


def test_cancelling_hangs_up():
    """A cancelled brief closes its connection at once."""

    async def cancelled(double):
        async with machine(double) as summarizer:
            task = asyncio.create_task(summarizer.abrief(ARTICLE))
            while not double.requests:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    with Double(hang) as double:
        asyncio.run(cancelled(double))
        until(lambda: double.left == 1)


def test_a_server_that_is_down_is_one_clear_error():
    """Nobody listening is an error that names the address."""
    with Double() as double:
        address = double.base_url
    with (
        Summarizer("some-model", base_url=address, time_limit=1) as summarizer,
        pytest.raises((ServerUnreachable, ModelTimeout), match=r"127\.0\.0\.1"),
    ):
        summarizer.brief(ARTICLE)


def test_a_local_model_named_here_stands_before_a_stored_server(monkeypatch, tmp_path):
    """A base_url that is only set in summarizer.toml does not stand against `local` as an argument."""
    (tmp_path / "summarizer.toml").write_text('base_url = "http://127.0.0.1:9/v1"\nmodel = "some-model"\n')
    monkeypatch.chdir(tmp_path)
    with Summarizer("local") as summarizer:
        assert summarizer.destination is None
