"""A digest: many verified briefs, each story told once, and where its sources disagree. No model, no network, no store.

    briefs ── stories ── of each: Reports ──┬── actors ── positions, deals, questions ── merged, each with its sources
               │          (copies apart)    ├── figures, dates, states, givers, speakers, denials ── differences
               │                            └── headline and sentences of the briefs' own
          cluster_stories, or as given                         └── Digest ── beside the digest before: changes

Which articles tell one story is decided before and elsewhere; here nothing is compared across two stories.
"""

from .assembling import make_digest
from .clusters import cluster_stories
from .ordering import WEIGHTS
from .stories import Stories

__all__ = ["WEIGHTS", "Stories", "cluster_stories", "make_digest"]
