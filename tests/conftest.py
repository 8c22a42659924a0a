"""What holds for every test."""

import signal

import pytest

# Files that take seconds though they hold few tests. They come first, and `make test` keeps that order, so that no
# worker is left alone with one of them at the end.
LONG = (
    *("test_evaluation_command.py", "test_quotations.py", "test_wheel.py", "test_recorded.py"),
    *("test_llm_fetch.py", "test_fuzz.py", "test_chaos.py", "test_speed.py"),
)

# A shell that starts the tests in the background has them ignore Ctrl-C, and so would every program that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest first, the others as they are."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))
