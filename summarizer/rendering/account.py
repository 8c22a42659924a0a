"""The last line of a brief: with what it was made, what that cost, and what the checks took out and why."""

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..schemas.brief import Audit, Brief
    from ..schemas.evidence import Finding

# Why an item was dropped, by the gate of the checks.
DROPPED: Mapping[str, str] = MappingProxyType(
    {
        "quote": "a quote that is not in the article",
        "furniture": "words of an advert or teaser",
        "speaker": "words that somebody else spoke",
        "number": "a number that the article does not give",
        "name": "a name that the article does not have",
        "quoted words": "words in quotation marks that the article does not quote",
        "in article": "somebody whom the article does not name",
        "amount": "an amount that the article does not give",
        "length": "too many words",
        "form": "an answer of the wrong form",
    }
)
# What a check could not tell of an item that stands.
FLAGGED: Mapping[str, str] = MappingProxyType(
    {
        "speaker": "who spoke the words",
        "number": "a number",
        "name": "a name",
        "quoted words": "quoted words",
        "asking again": "what failed could not be asked for again",
    }
)


def account_of(brief: "Brief") -> str:
    """Model, seconds, tokens, cost in US dollars if there is one, and what became of the items.

    An item that was dropped counts once, by its place in the answer; the items checked are those shown and those.
    """
    return " · ".join([*_making(brief.audit), _checking(brief)])


def _making(audit: "Audit") -> Iterator[str]:
    yield audit.model
    yield f"{audit.seconds:,.0f} s" if audit.seconds >= 10 else f"{audit.seconds:.1f} s"
    usage = audit.usage
    cached = f" ({usage.cached_tokens:,} cached)" if usage.cached_tokens else ""
    yield f"{usage.input_tokens:,} tokens in{cached}, {usage.output_tokens:,} out"
    if audit.cost_usd:
        yield f"${audit.cost_usd:.4f}" if audit.cost_usd >= 0.0001 else "under $0.0001"


def _checking(brief: "Brief") -> str:
    shown = (brief.summary, brief.actors, brief.positions, brief.deals, brief.open_questions)
    dropped = [finding for finding in brief.audit.findings if finding.action == "dropped"]
    flagged = [finding for finding in brief.audit.findings if finding.action == "flagged"]
    count = len({_item(finding) for finding in dropped})
    checked = 1 + sum(map(len, shown)) + count
    told = f"{checked} item{'' if checked == 1 else 's'} checked, {count or 'none'} dropped"
    if dropped:
        told += f": {_reasons(dropped, DROPPED)}"
    if flagged:
        told += f" · to check by hand: {_reasons(flagged, FLAGGED)}"
    if any(finding.gate == "headline" for finding in brief.audit.findings):
        told += " · the headline is in the article's own words"
    return told


def _item(finding: "Finding") -> tuple[str, ...]:
    """The item that a finding is about: "positions.2.claim" speaks of "positions.2"."""
    place = tuple(finding.path.split(".")[:2])
    return place if finding.path else ("", finding.text)


def _reasons(findings: "list[Finding]", words: Mapping[str, str]) -> str:
    """Each reason once, the most frequent first, with the number of items that have it if more than one."""
    counts = Counter(
        reason for _, reason in {(_item(each), words.get(each.gate, each.gate)): None for each in findings}
    )
    return "; ".join(f"{reason} ({count})" if count > 1 else reason for reason, count in counts.most_common())
