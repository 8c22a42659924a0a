"""The order of stories: what an editor would lead with. The weights are one table, which settings can change."""

from collections.abc import Mapping
from datetime import date
from math import isfinite
from types import MappingProxyType

from ..errors import ConfigurationError

# A story of three outlets goes before any of two that differs in one other thing only; recency decides among equals.
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "source": 3.0,  # for each independent source
        "deal": 1.0,  # for each deal, three at most
        "disagreement": 1.0,  # for each contradiction, three at most
        "change": 2.0,  # a story that is new since the last digest, or in which something has changed
        "recency": 1.0,  # published on the last day of the digest; half of it a day before, a third two days before
    }
)
_MOST = 3


def weights_of(given: Mapping[str, float] | None) -> Mapping[str, float]:
    """The table with the weights that settings give. Raises ConfigurationError for one that there is none of."""
    for name, weight in (given or {}).items():
        if name not in WEIGHTS:
            raise ConfigurationError(f"no weight of stories is named '{name}'", f"known are {', '.join(WEIGHTS)}")
        if not isinstance(weight, (int, float)) or isinstance(weight, bool) or not isfinite(weight):
            raise ConfigurationError(f"the weight '{name}' is {weight!r}", "give a number")
    return {**WEIGHTS, **(given or {})}


def score(
    weights: Mapping[str, float],
    *,
    sources: int,
    deals: int,
    disagreements: int,
    has_changed: bool,
    day: str | None,
    last_day: str | None,
) -> float:
    """What a story weighs; days are of publication, ISO 8601, None where no article has one."""
    age = (date.fromisoformat(last_day) - date.fromisoformat(day)).days if day and last_day else 0
    total = (
        weights["source"] * sources
        + weights["deal"] * min(deals, _MOST)
        + weights["disagreement"] * min(disagreements, _MOST)
        + weights["change"] * has_changed
        + (weights["recency"] / (1 + max(age, 0)) if day else 0.0)
    )
    return round(total, 3)
