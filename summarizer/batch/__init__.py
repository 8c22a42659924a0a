"""Briefs of many articles: each paid for once, none lost, as fast as the provider lets it.

sources ── read as a stream ── has the store its brief? ── claimed ── briefed ── kept, with every call ── report
                                                            │
                                         limits: budget, rates, one shared back-off, before every request

Who makes a brief is a `Briefer`, such as a `Summarizer`; where it is kept a `Store`, or nowhere.
"""

from .briefer import Briefer
from .events import Journal
from .limits import InBatches, Limits
from .priorities import newest
from .results import BatchResult, results
from .runner import Batch, Event, Report
from .workers import Workers

__all__ = [
    "Batch",
    "BatchResult",
    "Briefer",
    "Event",
    "InBatches",
    "Journal",
    "Limits",
    "Report",
    "Workers",
    "newest",
    "results",
]
