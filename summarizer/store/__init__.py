"""One SQLite file with articles, their briefs, every call to a model and every run.

database     opening a file: its settings, its version, the errors that SQLite raises
recipe       what a brief is made with, and the key that it is kept under
owners       whose a claim is, and whether its process is there still
store        Store: what is put in and taken out, by one connection at a time
parquet      the briefs as a table for other programs
nowhere      Keeper: what a runner needs of a store; Nowhere: one that keeps nothing
"""

from .nowhere import Keeper, Nowhere
from .recipe import Recipe
from .store import LEASE, Call, Kept, Status, Store

__all__ = ["LEASE", "Call", "Keeper", "Kept", "Nowhere", "Recipe", "Status", "Store"]
