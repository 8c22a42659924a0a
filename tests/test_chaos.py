"""A batch that is killed again and again under a server that fails in every way: nothing lost, nothing paid twice."""

import asyncio
from dataclasses import replace

import pytest

from benchmarks.chaos.__main__ import both
from benchmarks.chaos.account import drawn, faults, figures
from benchmarks.chaos.double import SHARES, Asked
from benchmarks.chaos.driving import Plan

PLAN = Plan(articles=60, seed=43, kills=2, concurrency=3, time_limit=10.0, bound=180.0)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The run that is killed twice, and the one that is not."""
    return asyncio.run(both(PLAN, tmp_path_factory.mktemp("chaos")))


def test_a_killed_batch_ends_like_one_that_was_left_alone(runs):
    """Each article has one brief or one failure, and took no more requests than without kills but those in flight."""
    killed, whole = runs
    assert faults(PLAN, whole) == []
    assert faults(PLAN, killed, whole) == []
    told = figures(killed)
    assert told.kills == 2
    assert told.briefs + told.failures == 60
    assert told.briefs > 40
    assert [session.code for session in killed.sessions] == [-9, -9, 1 if told.failures else 0]
    assert set(drawn(whole)) == {*SHARES, "answer"}, "the seed is one with which the server fails in every way"


def test_what_does_not_add_up_is_told(runs):
    """A brief that is gone, one that is asked for twice, a count that is wrong: each is named."""
    killed, whole = runs
    last = killed.sessions[-1]

    def changed(log=None, **kept):
        session = replace(last, kept=replace(last.kept, **kept))
        return replace(killed, sessions=[*killed.sessions[:-1], session], log=log or killed.log)

    early = min(killed.sessions[0].kept.briefs)
    assert any("is gone" in each for each in faults(PLAN, changed(briefs=last.kept.briefs - {early})))
    assert any("neither" in each for each in faults(PLAN, changed(briefs=last.kept.briefs - {early})))
    assert any("and a failure" in each for each in faults(PLAN, changed(failures={early: last.kept.run})))
    assert any("claim" in each for each in faults(PLAN, changed(claims=frozenset({1}))))
    twice = [*killed.log, Asked(early, len(killed.sessions) - 1, 1, "answer", 100, False)]
    assert any("though its brief was kept" in each for each in faults(PLAN, changed(log=twice)))
    assert any("another number" in each for each in faults(PLAN, killed, replace(whole, log=whole.log[:-5])))
    first = killed.sessions[0]
    at_work = replace(first, kept=replace(first.kept, at_work=first.kept.at_work | {early}), ended=first.ended + 60)
    calls = {key: told for key, told in last.kept.calls.items() if key != (early, first.kept.run)}
    lost = replace(changed(calls=calls), sessions=[at_work, *changed(calls=calls).sessions[1:]])
    assert any("that had come before the kill is lost" in each for each in faults(PLAN, lost))
    again = [*killed.log, Asked(early, 0, 9, "answer", 100, False, 0.0)]
    assert any("another number" in each for each in faults(PLAN, replace(killed, log=again), whole))
    short = {key: (requests, tokens - 1) for key, (requests, tokens) in last.kept.calls.items()}
    assert any("requests and tokens" in each for each in faults(PLAN, changed(calls=short)))
