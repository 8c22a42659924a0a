"""What a provider's `x-ratelimit-*` headers say. What is no count or no time is as no header."""

import re
from collections.abc import Mapping

from .gate import Allowance, Rates

_COUNT = re.compile(r"[0-9]{1,12}")
_TIME = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?(d|h|ms|m|s|us|µs|ns)?")
_UNITS = {"d": 86_400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_LONGEST = 60  # characters of a time


def rates_of(headers: Mapping[str, str]) -> Rates | None:
    """The allowances that the headers of a response tell of; None if they tell of none."""
    rates = Rates(_allowance(headers, "requests"), _allowance(headers, "tokens"))
    return None if rates.requests is None and rates.tokens is None else rates


def _allowance(headers: Mapping[str, str], of: str) -> Allowance | None:
    left, reset = _count(headers.get(f"x-ratelimit-remaining-{of}")), seconds(headers.get(f"x-ratelimit-reset-{of}"))
    if left is None or reset is None:
        return None
    return Allowance(left, reset, _count(headers.get(f"x-ratelimit-limit-{of}")))


def _count(value: str | None) -> int | None:
    return int(value) if value and _COUNT.fullmatch(value) else None


def seconds(value: str | None) -> float | None:
    """The seconds of a time such as "1s", "6m0s", "20ms" or "1h2m", or of a plain number; None if it is none."""
    if not value or len(value) > _LONGEST:
        return None
    total, at = 0.0, 0
    while at < len(value):
        found = _TIME.match(value, at)
        if found is None or (found[1] is None and found[0] != value):
            return None
        number = found[0][: found.start(1) - at] if found[1] else found[0]
        total += float(number) * _UNITS[found[1] or "s"]
        at = found.end()
    return total
