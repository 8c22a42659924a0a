"""Briefs of many articles: each paid for once, none lost, as fast as the provider lets it.

sources ── read as a stream ── has the store its brief? ── claimed ── briefed ── kept, with every call ── report
                                                            │
                                         limits: budget, rates, one shared back-off, before every request

A `Batch` sends one request after the other, a `ProviderBatch` files of them to a provider's batch endpoint, in rounds.
Who makes a brief is a `Briefer`, such as a `Summarizer`; where it is kept a `Store`, or nowhere.
"""

from .briefer import Briefer, Priced
from .events import Journal
from .limits import InBatches, Limits
from .priorities import newest
from .provider import ProviderBatch
from .report import Event, Report
from .results import BatchResult, results
from .runner import Batch
from .workers import Workers

__all__ = [
    "Batch",
    "BatchResult",
    "Briefer",
    "Event",
    "InBatches",
    "Journal",
    "Limits",
    "Priced",
    "ProviderBatch",
    "Report",
    "Workers",
    "newest",
    "results",
]
