"""Waiting for what comes some time, and what something costs this thread of the processor, however busy the machine
and however large this process are.
"""

import gc
import time
from collections.abc import Callable
from functools import _lru_cache_wrapper
from typing import Any


def until(is_so: Callable[[], object], seconds: float = 60) -> None:
    """Wait until it is so; an AssertionError where that takes longer."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def cpu_seconds(call: Callable[[], object], tries: int = 1) -> float:
    """The least CPU seconds of so many calls: of one cost that is measured several times, noise only adds."""
    return min(_once(call) for _ in range(tries))


def is_within(seconds: float, call: Callable[[], object], tries: int = 3) -> bool:
    """Whether one of so many calls costs less: something too dear is so each time.

    The seconds are those of a machine of a certain pace; one of half that pace has twice the time.
    """
    return any(_once(call) < seconds * _once(_piece_of_work) / _ITS_SECONDS for _ in range(tries))


def growth(cost: Callable[[int], Callable[[], object]], small: int, large: int) -> float:
    """How many times the CPU of the small size the large one takes, each the least of three calls."""
    cpu_seconds(cost(small))
    return cpu_seconds(cost(large), 3) / cpu_seconds(cost(small), 3)


def _once(call: Callable[[], object]) -> float:
    # What is kept of the text that was asked about before would cost nothing the second time. Word lists, whose caches
    # have no bound, stay.
    for each in _bounded_caches():
        each.cache_clear()
    # The collector walks all that the tests before have left in this process, which is none of this call's cost.
    gc.collect()
    gc.disable()
    try:
        began = time.thread_time()
        call()
        return time.thread_time() - began
    finally:
        gc.enable()


def _bounded_caches() -> list[Any]:
    caches = (each for each in gc.get_objects() if isinstance(each, _lru_cache_wrapper))
    return [each for each in caches if each.cache_parameters()["maxsize"] is not None]


_ITS_SECONDS = 0.05


def _piece_of_work() -> None:
    """What Python does in our code: words of a text, looked up and counted."""
    counts: dict[str, int] = {}
    for number in range(60_000):
        word = f"Word{number % 1000}".lower()
        if word.startswith("word"):
            counts[word] = counts.get(word, 0) + 1
