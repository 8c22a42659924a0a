"""What the calls cost, from the price list that genai-prices carries (a snapshot: no network)."""

from collections.abc import Iterable
from decimal import Decimal

from ..schemas.brief import Usage
from .calls import Tally
from .endpoints import Endpoint

# Of the list price, what a batch endpoint takes: https://platform.openai.com/docs/guides/batch ("50% cost discount").
BATCH_SHARE = 0.5


def cost_of(endpoint: Endpoint, calls: Iterable[Usage | None], share: float = 1.0) -> float | None:
    """The price of `calls` together, in US dollars. A None among them is an answer without a count, or a part of one.
    `share` is the part of the list price that they are charged at.

    0 where this machine does the work (embedded, or Ollama here); None where the price or a count is not known.
    """
    if endpoint.provider in ("local", "ollama") and not endpoint.hosted:
        return 0.0
    prices = [_price(endpoint, usage) if usage else None for usage in calls]
    known = [price for price in prices if price is not None]
    return share * float(sum(known)) if known and len(known) == len(prices) else None


def cost_of_all(endpoint: Endpoint, tally: Tally) -> float | None:
    """The price of all answers of a question, as `cost_of`."""
    costs = [cost_of(endpoint, [usage], share) for usage, share in tally.posted]
    if tally.answered or not costs:
        costs.append(cost_of(endpoint, tally.answered))
    known = [cost for cost in costs if cost is not None]
    return sum(known) if len(known) == len(costs) else None


def _price(endpoint: Endpoint, usage: Usage) -> Decimal | None:
    import genai_prices  # noqa: PLC0415 - takes 0.2 s: only once there is something to price

    counted = genai_prices.Usage(
        input_tokens=usage.input_tokens,
        cache_read_tokens=min(usage.cached_tokens, usage.input_tokens),
        output_tokens=usage.output_tokens,
    )
    try:
        if endpoint.provider == "server":
            found = genai_prices.calc_price(counted, endpoint.model, provider_api_url=endpoint.base_url)
        else:
            found = genai_prices.calc_price(counted, endpoint.model, provider_id=endpoint.provider)
    except (LookupError, ValueError):  # no such model in the list, or none of its prices fits the count
        return None
    return found.total_price
