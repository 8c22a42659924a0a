"""One SQLite file with articles, their briefs, every call to a model and every run.

database     opening a file: its settings, its version, the errors that SQLite raises
recipe       what a brief is made with, and the key that it is kept under
store        Store: what is put in and taken out, by one connection at a time
outbox       Outbox: requests and articles that wait for a provider's batch
"""

from .outbox import LeftAs, Most, Outbox, Request, Result, Sent
from .recipe import Recipe
from .store import LEASE, Call, Kept, Status, Store

__all__ = [
    "LEASE",
    "Call",
    "Kept",
    "LeftAs",
    "Most",
    "Outbox",
    "Recipe",
    "Request",
    "Result",
    "Sent",
    "Status",
    "Store",
]
