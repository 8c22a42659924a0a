"""One SQLite file with articles, their briefs, every call to a model and every run.

database     opening a file: its settings, its version, the errors that SQLite raises
recipe       what a brief is made with, and the key that it is kept under
rows         what is handed to a store and out of it
owners       whose a claim is, and whether its process is there still
store        Store: what is put in and taken out, by one connection at a time
digests      Digests: those that were made, and what is known of stories
outbox       Outbox: requests and articles that wait for a provider's batch
parquet      the briefs as a table for other programs
nowhere      Keeper: what a runner needs of a store; Nowhere: one that keeps nothing
"""

from .digests import Digests, Stored
from .nowhere import Keeper, Nowhere
from .outbox import LeftAs, Most, News, Outbox, Request, Result, Sent
from .recipe import Recipe
from .rows import Call, Given, Kept, Status
from .store import LEASE, Store

__all__ = [
    "LEASE",
    "Call",
    "Digests",
    "Given",
    "Keeper",
    "Kept",
    "LeftAs",
    "Most",
    "News",
    "Nowhere",
    "Outbox",
    "Recipe",
    "Request",
    "Result",
    "Sent",
    "Status",
    "Store",
    "Stored",
]
