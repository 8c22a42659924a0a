"""The kinds of false sentences that a program makes of a true one, and for each kind the functions that do it."""

from collections.abc import Mapping
from types import MappingProxyType

from . import figures, names, wordings
from .setting import Alter

# Of one kind the functions take turns; each gives None where it cannot be sure of a false, grammatical sentence.
ALTERATIONS: Mapping[str, tuple[Alter, ...]] = MappingProxyType(
    {
        "number": (
            figures.other_digit,
            figures.other_magnitude,
            figures.neighbour,
            figures.number_from_elsewhere,
            figures.number_in_words,
        ),
        "unit": (
            figures.other_currency,
            figures.percentage_points,
            figures.other_measure,
            figures.other_magnitude_word,
        ),
        "name": (names.person_from_article, names.invented_person, names.body_from_article, names.invented_body),
        "office": (wordings.other_office, wordings.qualified_office, wordings.unqualified_office),
        "negation": (wordings.with_not, wordings.with_never, wordings.without_not, wordings.opposite),
        "act": (wordings.other_act,),
        "hedge": (wordings.will_for_may, wordings.may_for_will, wordings.without_doubt, wordings.will_for_expected),
        "status": (wordings.other_state, wordings.other_state_of_deal, wordings.other_phrase_of_state),
        "giver": (names.giver_and_taker, names.from_and_to, names.who_acts_on_whom),
        "date": (
            figures.other_weekday,
            figures.other_month,
            figures.other_day,
            figures.other_year,
            figures.other_way_in_time,
        ),
    }
)
