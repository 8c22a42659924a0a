"""What a party of a deal gives, here and there: whether it is the same thing, and whether it is more or less of it."""

from ..grounding.quantities import Quantity, quantities
from ..grounding.units import same_unit
from .counts import head_of
from .figures import compared, figure_in
from .lines import matter, near

# Two terms of one party speak of one thing from this likeness of what they say beside their figures.
_ONE_THING = 0.5


def is_of_one_thing(one: str, other: str) -> bool:
    """Whether two terms give much the same thing, however much of it."""
    mine, its = matter(one), matter(other)
    return near(mine, its) >= _ONE_THING


def is_changed(one: str, other: str) -> bool:
    """Whether two terms give surely another amount of one thing: every figure that can be compared is another."""
    if not is_of_one_thing(one, other):
        return False
    verdicts = [
        compared(figure_in(one, mine, quantities(one)), figure_in(other, its, quantities(other)))
        for mine in quantities(one)
        for its in quantities(other)
        if _can_be_compared(one, mine, other, its)
    ]
    return bool(verdicts) and all(verdict == "contradiction" for verdict in verdicts)


def _can_be_compared(one: str, mine: Quantity, other: str, its: Quantity) -> bool:
    if mine.kind == its.kind == "money":
        return same_unit(mine.unit, its.unit)
    head = head_of(one, mine)
    return bool(head) and head == head_of(other, its)
