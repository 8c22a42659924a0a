"""Briefs of many articles: each paid for once, none lost, as fast as the provider lets it.

sources ── read as a stream ── has the store its brief? ── claimed ── briefed ── kept, with every call ── report
                                                            │
                                         limits: budget, rates, one shared back-off, before every request
"""

from .limits import Limits
from .runner import Batch, Event, Report

__all__ = ["Batch", "Event", "Limits", "Report"]
