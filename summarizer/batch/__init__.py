"""Briefs of many articles: each paid for once, none lost, as fast as the provider lets it.

sources ── read as a stream ── has the store its brief? ── claimed ── briefed ── kept, with every call ── report
                                                            │
                                         limits: budget, rates, one shared back-off, before every request

limits     the budget and the rates
runner     Batch: one request after the other, as they come
provider   ProviderBatch: by the provider's batch endpoint, in rounds; tray: what lies between a round and the store
writer     what writes to the store
"""

from .limits import Limits
from .provider import ProviderBatch
from .runner import Batch, Event, Report
from .tray import Tray

__all__ = ["Batch", "Event", "Limits", "ProviderBatch", "Report", "Tray"]
