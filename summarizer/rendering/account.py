"""The last line of a brief: with what it was made, what that cost, and what the checks took out and why."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..schemas.brief import Audit, Brief
    from ..schemas.evidence import Finding

# Why an item or a detail of one is not in the brief, by the gate of the checks.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "quote": "a quote that is not in the article",
        "furniture": "words of an advert or teaser",
        "injection": "words of a passage that speaks to a machine",
        "speaker": "words that somebody else spoke",
        "number": "a number that the article does not give",
        "name": "a name that the article does not have",
        "quoted words": "words in quotation marks that the article does not quote",
        "in article": "somebody whom the article does not name",
        "amount": "an amount that the article does not give",
        "elsewhere": "a name or number from another place of the article",
        "attribution": "what somebody says, told as a fact",
        "carried": "a statement that its lines of the article do not make",
        "length": "too many words",
        "unfinished": "a sentence that breaks off",
        "script": "words in another language",
        "negation": "a denial that is not the article’s, or is left out",
        "act": "somebody denies, admits or threatens who does not in the article",
        "person": "“we” or “you” that was left from a quotation",
        "twice": "a claim that names its speaker twice",
        "giver": "a term that the other side gives",
        "not given": "a term that its party asks or pays for",
        "hedge": "a “may” or “allegedly” that is left out or put in",
        "status": "a deal in another state than the article’s",
        "office": "an office that the article does not give",
        "time": "another time than the article’s",
        "form": "an answer of the wrong form",
        "limit": "a statement beyond the twenty that a brief holds",
    }
)
# What could not be told of an item that stands. A gate without words of its own has those above.
DOUBTS: Mapping[str, str] = MappingProxyType(
    {
        "speaker": "who spoke the words",
        "number": "a number",
        "name": "a name",
        "quoted words": "quoted words",
        "translation": "a quotation without a translation",
        "language": "what is compared in English only",
        "asking again": "what failed could not be asked for again",
    }
)
MISSING = "missing"  # the gate that says that nothing in the brief is about some line of the article
HEADLINE = "headline"  # the gate that says that the model's headline did not hold
OTHER = "a check that is not described here"
AGAIN = "again."  # begins the path of what the model wrote when it was asked again
# "model@host:port", as the audit names a model of a server given by its address.
_SERVER = re.compile(r"@(?=(?:localhost|\[[\da-f:.]+\]|[\w-]+(?:\.[\w-]+)+|[\w-]+(?=:))(?::\d+)?$)", re.IGNORECASE)


def account_of(brief: "Brief") -> str:
    """Model, seconds, tokens, cost in US dollars if there is one, and what became of the items.

    The items checked are those shown and those dropped.
    """
    return " · ".join([*_making(brief.audit), *_checking(brief)])


def dropped_items(
    findings: "Iterable[Finding]", sections: Iterable[str] = ()
) -> "Mapping[tuple[str, ...], list[Finding]]":
    """What the model proposed and the checks took out, each item by its place, with what was held against it.

    Of these sections of its answer only, if any are given. What it wrote in vain when it was asked again is no further
    item. Items of the wrong form were counted before the others were numbered, so theirs are places of another kind.
    """
    items: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        section, *more = finding.path.split(".")
        if finding.gate == MISSING:  # never proposed
            continue
        if finding.action == "dropped" and not finding.path.startswith(AGAIN) and section in (sections or (section,)):
            place = ("form" if finding.gate == "form" else "", section, more[0] if more else finding.text)
            items.setdefault(place, []).append(finding)
    return items


def _making(audit: "Audit") -> Iterator[str]:
    yield _SERVER.sub(" at ", audit.model)
    yield f"{audit.seconds:,.0f} s" if audit.seconds >= 10 else f"{audit.seconds:.1f} s"
    usage = audit.usage
    cached = f" ({usage.cached_tokens:,} cached)" if usage.cached_tokens else ""
    yield f"{usage.input_tokens:,} tokens in{cached}, {usage.output_tokens:,} out"
    if audit.cost_usd:
        yield f"${audit.cost_usd:.4f}" if audit.cost_usd >= 0.0001 else "under $0.0001"


def _checking(brief: "Brief") -> Iterator[str]:
    findings = brief.audit.findings
    shown = (brief.summary, brief.actors, brief.positions, brief.deals, brief.open_questions)
    own_headline = any(finding.gate == HEADLINE for finding in findings)
    dropped = dropped_items(findings)
    checked = len(dropped) + sum(map(len, shown)) + (not own_headline)
    told = f"{_count(checked, 'item')} checked, {len(dropped) or 'none'} dropped"
    yield f"{told}: {_reasons(dropped.values(), REASONS)}" if dropped else told
    cut = _by_path(finding for finding in findings if finding.action == "cut")
    if cut:
        yield f"{_count(len(cut), 'detail')} left out: {_reasons(cut, REASONS)}"
    flagged = _by_path(finding for finding in findings if finding.action == "flagged")
    if flagged:
        yield f"to check by hand: {_reasons(flagged, {**REASONS, **DOUBTS})}"
    missing = sum(finding.gate == MISSING and finding.action == "dropped" for finding in findings)
    if missing:
        yield f"{_count(missing, 'line')} of the article not taken up: see the audit"
    if own_headline:
        yield "the headline is in the article's own words"


def _by_path(findings: "Iterable[Finding]") -> "list[list[Finding]]":
    places: dict[str, list[Finding]] = {}
    for finding in findings:
        places.setdefault(finding.path or finding.text, []).append(finding)
    return list(places.values())


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _reasons(groups: "Iterable[list[Finding]]", words: Mapping[str, str]) -> str:
    """Each reason once, the most frequent first, with the number of things that have it if more than one."""
    counts = Counter(
        reason for group in groups for reason in {words.get(finding.gate, OTHER): None for finding in group}
    )
    return "; ".join(f"{reason} ({count})" if count > 1 else reason for reason, count in counts.most_common())
