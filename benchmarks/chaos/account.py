"""What a killed run took beside one that nobody killed, and whether all of it is accounted for."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass

from .double import Asked
from .driving import Outcome, Plan

SHOWN = 5  # articles that a finding names
SETTLING = 2.0  # seconds before a kill within which an answer may still be on its way to the disk


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of one run. `in_flight` are requests of which the store knew nothing when their driver was killed: on
    the way, of which the server had `open`, or just answered. `again` are those about articles that had failed and were
    tried again by a later start; `tokens_short` are tokens that came in full and are not in the store.
    """

    briefs: int
    failures: int
    kills: int
    requests: int
    in_flight: int
    open: int
    again: int
    answers: int
    tokens: int
    tokens_short: int
    exit_code: int
    seconds: float


def figures(outcome: Outcome) -> Figures:
    """The counts of a run that has ended."""
    last = outcome.sessions[-1]
    recorded = sum(tokens for _, tokens in last.kept.calls.values())
    delivered = [each for each in outcome.log if each.tokens]
    tokens = sum(each.tokens for each in delivered)
    return Figures(
        briefs=len(last.kept.briefs),
        failures=len(last.kept.failures),
        kills=sum(each.killed for each in outcome.sessions),
        requests=len(outcome.log),
        in_flight=sum(_in_flight(outcome, session).total() for session in range(len(outcome.sessions))),
        open=sum(each.in_flight for each in outcome.sessions),
        again=_again(outcome).total(),
        answers=len(delivered),
        tokens=tokens,
        tokens_short=tokens - recorded,
        exit_code=last.code,
        seconds=outcome.seconds,
    )


def faults(plan: Plan, outcome: Outcome, whole: Outcome | None = None) -> list[str]:
    """What does not hold of a run, one line each; `whole` is the same run without kills. Empty: all holds."""
    if outcome.unfinished:
        return [outcome.unfinished]
    found = [*_ends(plan, outcome), *_paid_twice(outcome), *_recorded(plan, outcome)]
    return found + (list(_beside(outcome, whole)) if whole is not None else [])


def _ends(plan: Plan, outcome: Outcome) -> Iterator[str]:
    """Every article has one brief or one failure, nothing is claimed, and the driver says so."""
    last = outcome.sessions[-1]
    kept, everything = last.kept, set(range(plan.articles))
    yield from _told("neither a brief nor a failure", everything - kept.briefs - kept.failures.keys())
    yield from _told("a brief and a failure", kept.briefs & kept.failures.keys())
    yield from _told("a claim is left", kept.claims)
    wanted = 1 if kept.failures else 0
    if last.code != wanted:
        yield f"the last start ended with {last.code} and not with {wanted}"
    told = sum(outcome.report.get(name, 0) for name in ("made", "kept", "failed"))
    if told != plan.articles:
        yield f"the driver's report tells of {told} articles out of {plan.articles}"
    if outcome.report.get("failed") != len(kept.failures):
        yield f"the report tells of {outcome.report.get('failed')} failures, the store has {len(kept.failures)}"


def _paid_twice(outcome: Outcome) -> Iterator[str]:
    """Nothing is asked about an article that has its brief, and what is asked comes to a brief, a failure or a kill."""
    briefs_before: frozenset[int] = frozenset()
    for session, each in enumerate(outcome.sessions):
        asked = {one.article for one in outcome.log if one.session == session}
        yield from _told(f"start {session}: asked about though its brief was kept", asked & briefs_before)
        failed = {number for number, run in each.kept.failures.items() if run == each.kept.run}
        made = each.kept.briefs - briefs_before
        at_work = _at_work(outcome, session)
        yield from _told(f"start {session}: asked about and nothing came of it", asked - made - failed - at_work)
        lost = briefs_before - each.kept.briefs
        yield from _told(f"start {session}: a brief that was kept is gone", lost)
        briefs_before = each.kept.briefs


def _recorded(plan: Plan, outcome: Outcome) -> Iterator[str]:
    """Every request has its row in the store, with the tokens that were delivered, but one of each article at a kill,
    which was on the way or over in that moment."""
    last = outcome.sessions[-1].kept
    for session, each in enumerate(outcome.sessions):
        at_work = _at_work(outcome, session)
        if len(at_work) > plan.concurrency:
            yield f"start {session}: {len(at_work)} articles were at work, {plan.concurrency} are allowed"
        # An answer and the end of an article's time may cross on the way.
        unsure = each.kept.failures.keys() | each.kept.given_up
        for number, asked in _of_session(outcome, session).items():
            kept = last.calls.get((number, each.kept.run), (0, 0))
            noted = asked[: kept[0]] if number in at_work else asked
            sent = (len(noted), sum(one.tokens for one in noted))
            if kept != sent and number not in unsure:
                yield f"start {session}, article {number}: {sent} requests and tokens, {kept} are in the store"
            lost = asked[len(noted) :]
            if len(lost) > 1:
                yield f"start {session}, article {number}: {len(lost)} requests are lost, and one was in flight"
            if any(one.over < each.ended - SETTLING for one in lost):
                yield f"start {session}, article {number}: an answer that had come before the kill is lost"


def _beside(outcome: Outcome, whole: Outcome) -> Iterator[str]:
    """A brief took the requests that it took without kills, and one more for each that was in flight at a kill."""
    last, other = outcome.sessions[-1].kept, whole.sessions[-1].kept
    mine, theirs = (Counter(one.article for one in each.log) for each in (outcome, whole))
    for session in range(len(outcome.sessions)):
        mine -= _in_flight(outcome, session)
    # How often one asks that runs out of time depends on how busy the machine is; what has failed is tried again.
    sure = (last.briefs & other.briefs) - last.given_up - other.given_up - _have_failed(outcome)
    differing = {number for number in sure if mine[number] != theirs[number]}
    yield from _told("another number of requests for its brief than without kills", differing)


def _in_flight(outcome: Outcome, session: int) -> Counter[int]:
    """By article, the requests of which the store knew nothing when a start was killed."""
    each, at_work = outcome.sessions[session], _at_work(outcome, session)
    asked = {number: len(ones) for number, ones in _of_session(outcome, session).items() if number in at_work}
    noted = {number: each.kept.calls.get((number, each.kept.run), (0, 0))[0] for number in asked}
    return Counter({number: asked[number] - noted[number] for number in asked if asked[number] > noted[number]})


def _have_failed(outcome: Outcome) -> frozenset[int]:
    """The articles that have failed in any start."""
    return frozenset(number for each in outcome.sessions for number in each.kept.failures)


def _again(outcome: Outcome) -> Counter[int]:
    """By article, the requests in starts after one in which it had failed."""
    failed = [each.kept.failures for each in outcome.sessions]
    return Counter(one.article for one in outcome.log if any(one.article in each for each in failed[: one.session]))


def _at_work(outcome: Outcome, session: int) -> frozenset[int]:
    """The articles that were at work when a start was killed; none if it was not."""
    each = outcome.sessions[session]
    return each.kept.at_work if each.killed else frozenset()


def _of_session(outcome: Outcome, session: int) -> dict[int, list[Asked]]:
    found: dict[int, list[Asked]] = defaultdict(list)
    for one in outcome.log:
        if one.session == session:
            found[one.article].append(one)
    return found


def _told(what: str, numbers: Set[int]) -> Iterator[str]:
    if numbers:
        named = ", ".join(map(str, sorted(numbers)[:SHOWN]))
        yield f"{what}: {len(numbers)} articles ({named}{', …' if len(numbers) > SHOWN else ''})"


def drawn(outcome: Outcome) -> Counter[str]:
    """How many requests met what."""
    return Counter(one.drawn for one in outcome.log)
