"""The rates that a provider tells in the headers of its responses, and what a batch makes of them."""

import asyncio
import json

import pytest
from double import Double, Step, fail
from test_batch import answering, article

from summarizer import Limits, Summarizer
from summarizer.batch.limits import MINUTE
from summarizer.llm import Ahead, Allowance, Done, Rates
from summarizer.llm.rates import rates_of, seconds
from summarizer.schemas.brief import Usage

ASK = Ahead(400, 100, None)  # likely to take 200 tokens


class Clock:
    """Time that goes on when a test says so."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def limits_at(clock, **options):
    return Limits(clock=clock, **options)


def done(rates=None, outcome="answered"):
    used = Usage(input_tokens=100, output_tokens=10) if outcome == "answered" else None
    return Done(outcome, used, 0.0 if used else None, None, 0.0, 0.0, rates)


def requests_left(left, reset=20.0, limit=60):
    return Rates(Allowance(left, reset, limit), None)


async def _sent(limits, *rates):
    """Send one request after another, each of which is answered with these rates."""
    for each in rates:
        ahead = Ahead(ASK.input_tokens, ASK.output_tokens, None)
        await limits.enter(ahead)
        limits.leave(ahead, done(each))


def sent(limits, *rates):
    asyncio.run(_sent(limits, *rates))


def with_headers(step: Step, **headers: str) -> Step:
    """The step, with these headers on its stream. Their names are given with underscores."""

    async def changed(request, reply):
        head = reply.head

        async def more(status, given):
            await head(status, {**given, **{name.replace("_", "-"): value for name, value in headers.items()}})

        reply.head = more
        await step(request, reply)

    return changed


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        *(("1s", 1.0), ("6m0s", 360.0), ("20ms", 0.02), ("1h2m", 3720.0), ("2m59.56s", 179.56), ("0s", 0.0)),
        *(("7", 7.0), ("0.25", 0.25), ("1d", 86_400.0), ("120µs", 0.00012)),
        *(("", None), (None, None), ("soon", None), ("-1s", None), ("1h2", None), ("s", None), ("1s ", None)),
        *(("nan", None), ("inf", None), ("1e9s", None), ("１s", None), ("9" * 40 + "s", None), ("1s" * 40, None)),
    ],
)
def test_a_time_is_read_or_ignored(told, meant):
    """Times as providers write them are seconds; anything else is no time."""
    assert seconds(told) == pytest.approx(meant)


@pytest.mark.parametrize("left", ["-1", "1.5", "many", "", "٣", "9" * 30, "0x10", "1, 2", "None"])
def test_what_is_no_count_is_no_header(left):
    """A remaining count of another form is ignored, and so is one without a time."""
    assert rates_of({"x-ratelimit-remaining-requests": left, "x-ratelimit-reset-requests": "1s"}) is None
    assert rates_of({"x-ratelimit-remaining-requests": "5"}) is None
    assert rates_of({"x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": "1s"}) == Rates(
        None, Allowance(5, 1.0, None)
    )


def test_what_is_left_less_what_was_sent_since_is_sent_and_no_more():
    """After “two left” two requests go, the next waits until the reset; then a whole allowance goes."""
    clock = Clock()
    limits = limits_at(clock)
    sent(limits, requests_left(2, 20.0, 3), None)
    assert limits._wait(ASK) == 0
    sent(limits, None)
    assert limits._wait(ASK) == pytest.approx(20)
    clock.now += 15
    assert limits._wait(ASK) == pytest.approx(5)
    clock.now += 5
    assert limits._wait(ASK) == 0
    sent(limits, None, None, None)
    assert limits._wait(ASK) == pytest.approx(1)


def test_tokens_are_held_back_too():
    """A request that is likely to take more tokens than are left waits; a smaller one goes."""
    limits = limits_at(Clock())
    sent(limits, Rates(None, Allowance(450, 30.0, 1_000)))
    assert limits._wait(ASK) == 0
    sent(limits, None)
    assert limits._wait(ASK) == 0
    sent(limits, None)
    assert limits._wait(ASK) == pytest.approx(30)
    assert limits._wait(Ahead(40, 10, None)) == 0


def test_what_has_never_room_is_sent_when_all_is_whole():
    """A request that is larger than the whole allowance is the provider's to refuse, and does not wait for ever."""
    clock = Clock()
    limits = limits_at(clock)
    sent(limits, Rates(None, Allowance(50, 30.0, 100)))
    assert limits._wait(ASK) == pytest.approx(30)
    clock.now += 30
    assert limits._wait(ASK) == 0


def test_an_older_response_does_not_take_the_place_of_a_newer_one():
    """Responses come back in any order: what belongs to the request sent last holds."""
    limits = limits_at(Clock())
    first, second = Ahead(400, 100, None), Ahead(400, 100, None)

    async def crossing():
        await limits.enter(first)
        await limits.enter(second)
        limits.leave(second, done(requests_left(0)))
        limits.leave(first, done(requests_left(50)))

    asyncio.run(crossing())
    assert limits._wait(ASK) > 0


def test_what_was_sent_beside_it_is_taken_off():
    """Of requests that were on their way when a response was written, none is forgotten."""
    limits = limits_at(Clock())
    asks = [Ahead(400, 100, None) for _ in range(5)]

    async def beside():
        for each in asks:
            await limits.enter(each)
        limits.leave(asks[0], done(requests_left(4)))

    asyncio.run(beside())
    assert limits._wait(ASK) > 0


def test_a_refusal_tells_as_much_as_an_answer():
    """What a 429 says is left holds."""
    limits = limits_at(Clock())

    async def refused():
        ahead = Ahead(400, 100, None)
        await limits.enter(ahead)
        limits.leave(ahead, done(requests_left(0, 12.0), "RateLimited"))

    asyncio.run(refused())
    assert limits._wait(ASK) == pytest.approx(12)


def test_ones_own_rates_hold_beside_it_and_nobody_waits_for_ever():
    """The longer wait of the two is kept; without headers only one's own; a reset in a year is five minutes."""
    clock = Clock()
    limits = limits_at(clock, requests_a_minute=1)
    sent(limits, requests_left(10))
    assert limits._wait(ASK) == pytest.approx(MINUTE)
    assert limits_at(clock)._wait(ASK) == 0
    limits = limits_at(clock)
    sent(limits, requests_left(0, 31_536_000.0))
    assert limits._wait(ASK) == pytest.approx(300)


def _heard(double, count=1):
    """What the gate hears of the requests of one brief, or of the error that it ends with."""
    heard = []

    async def work():
        limits = Limits(log=lambda each: heard.append(each))
        async with Summarizer("some-model", base_url=double.base_url, gate=limits, time_limit=20) as summarizer:
            async for _ in summarizer.abatch([article(1)], max_failures=9):
                pass

    asyncio.run(work())
    return heard


def test_headers_of_a_stream_and_of_an_error_reach_the_gate():
    """What the provider says with a 429 and with the answer after it travels with each request."""
    busy = fail(429, "slow down", x_ratelimit_remaining_requests="0", x_ratelimit_reset_requests="1ms", retry_after="0")
    told = {
        "x_ratelimit_limit_requests": "500",
        "x_ratelimit_remaining_requests": "499",
        "x_ratelimit_reset_requests": "6m0s",
        "x_ratelimit_limit_tokens": "30000",
        "x_ratelimit_remaining_tokens": "28000",
        "x_ratelimit_reset_tokens": "4s",
    }
    with Double(busy, with_headers(answering, **told)) as double:
        first, second, *_ = _heard(double)
    assert (first.outcome, first.rates.requests.left, first.rates.tokens) == ("RateLimited", 0, None)
    assert (second.outcome, second.rates.requests.left, second.rates.requests.limit) == ("answered", 499, 500)
    assert 355 < second.rates.requests.reset <= 360
    assert second.rates.tokens.left == 28_000


def test_without_headers_nothing_is_told():
    """A server that says nothing of its rates leaves the gate as it was, and hostile headers are as none."""
    with Double(answering) as double:
        assert {each.rates for each in _heard(double)} == {None}
    odd = {
        "x_ratelimit_remaining_requests": "-5",
        "x_ratelimit_reset_requests": "never",
        "x_ratelimit_limit_tokens": "{}",
    }
    with Double(with_headers(answering, **odd)) as double:
        assert {each.rates for each in _heard(double)} == {None}


def test_an_answer_that_takes_long_shortens_the_wait():
    """The wait counts from the head of the response, not from the end of its body."""

    async def slow(request, reply):
        async def whole(status, content, headers=None):
            data = json.dumps(content).encode()
            await reply.head(status, {"content-type": "application/json", "content-length": str(len(data))})
            await asyncio.sleep(0.6)
            reply._writer.write(data)

        reply.whole = whole
        await answering(request, reply)

    told = {"x_ratelimit_remaining_requests": "5", "x_ratelimit_reset_requests": "100s"}
    with Double(with_headers(slow, **told)) as double:
        assert 60 < _heard(double)[0].rates.requests.reset < 99.6


def test_a_batch_goes_as_fast_as_the_provider_says(monkeypatch):
    """With two requests let through in half a second, none is refused that was held back."""
    sent_at = []

    async def step(request, reply):
        sent_at.append(asyncio.get_running_loop().time())
        left = str(1 - (len(sent_at) - 1) % 2)
        told = {"x_ratelimit_limit_requests": "2", "x_ratelimit_remaining_requests": left}
        await with_headers(answering, **told, x_ratelimit_reset_requests="500ms")(request, reply)

    async def work(double):
        async with Summarizer("some-model", base_url=double.base_url) as summarizer:
            return [each async for each in summarizer.abatch(map(article, range(6)), concurrency=1)]

    with Double(step) as double:
        assert all(result.brief for result in asyncio.run(work(double)))
    pairs = range(2, len(sent_at), 2)
    assert all(sent_at[number] - sent_at[number - 1] > 0.4 for number in pairs)
