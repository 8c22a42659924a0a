"""Numbers, sums, measures and dates: how they are read, and which are the same."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.grounding.compare import QuantityIndex
from summarizer.grounding.quantities import Quantity, quantities, read_sum


def only(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


def match(claimed: str, article: str) -> str:
    return QuantityIndex(quantities(article)).match(only(claimed))


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,200 boats", "1200", ""),
        ("1 200 boats", "1200", ""),
        ("1\u202f200 boats", "1200", ""),
        ("1,200.50 crowns", "1200.50", "crown"),
        ("1.5 percent", "1.5", "percent"),
        ("10 per cent", "10", "percent"),
        ("10%", "10", "percent"),
        ("a 10-percent tariff", "10", "percent"),
        ("3 percentage points", "3", "percentage point"),
        ("$300m", "300000000", "USD"),
        ("$300 million", "300000000", "USD"),
        ("US$5bn", "5000000000", "USD"),
        ("A$5 million", "5000000", "AUD"),
        ("5 million Australian dollars", "5000000", "AUD"),
        ("€1.2bn", "1200000000", "EUR"),
        ("5 €", "5", "EUR"),
        ("EUR 5", "5", "EUR"),
        ("3.5 Mio. Euro", "3500000", "EUR"),
        ("£2 trillion", "2000000000000", "GBP"),
        ("5 U.S. dollars", "5", "USD"),
        ("40 million crowns a year", "40000000", "crown"),
        ("nine sailors", "9", ""),
        ("twenty-five boats", "25", ""),
        ("one hundred and five tonnes", "105", "tonne"),
        ("two and a half million people", "2500000", ""),
        ("half a billion euros", "500000000", "EUR"),
        ("a dozen ships", "12", ""),
        ("a quarter of a million", "250000", ""),
        ("300k", "300000", ""),
        ("a five-day visit", "5", "day"),
        ("a 45-year-old sailor", "45", "year-old"),
        ("half an hour", "0.5", "hour"),
        ("-5 degrees", "-5", "degree"),
        ("two-thirds of the fleet", "0.666667", ""),
        ("the 21st century", "21", "th"),
        ("her third term", "3", "th"),
        ("tens of thousands of people", "10000", ""),
        ("F-16s", "16", "f16"),
    ],
)
def test_value_and_unit(text: str, value: str, unit: str) -> None:
    """Digits, words, magnitudes, currencies and measures give one value in one unit."""
    found = only(text)
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("Oct. 12", 1012, "date"),
        ("12 October", 1012, "date"),
        ("October 12th, 2031", 20311012, "date"),
        ("2031-10-12", 20311012, "date"),
        ("12.10.2031", 20311012, "date"),
        ("in May", 500, "date"),
        ("Sunday", 7, "weekday"),
        ("5 p.m.", 1020, "time"),
        ("17:00", 1020, "time"),
        ("the 1990s", 1990, "decade of"),
    ],
)
def test_dates(text: str, value: int, unit: str) -> None:
    """Dates, weekdays, decades and times of day are read in their usual forms."""
    assert (int(only(text).value), only(text).unit) == (value, unit)


@pytest.mark.parametrize(
    "text",
    ["one of the boats", "the first harbour", "for a second time", "it may rain", "the other half", "zero tolerance"],
)
def test_ordinary_words_are_no_quantities(text: str) -> None:
    """Words that ordinary language uses for no count are left alone."""
    assert quantities(text) == ()


def test_ranges_share_unit_and_magnitude() -> None:
    """Both ends of a range have the unit, and the first has the magnitude that only the second names."""
    assert [(q.value, q.unit) for q in quantities("5 to 10 percent")] == [(5, "percent"), (10, "percent")]
    assert [(q.value, q.unit) for q in quantities("$5-10 million")] == [(5_000_000, "USD"), (10_000_000, "USD")]
    assert [int(q.value) for q in quantities("5-7 March 2031")] == [20310305, 20310307]


@pytest.mark.parametrize(
    ("claimed", "article"),
    [
        ("$300m", "worth $300 million"),
        ("9 boats", "nine boats were seized"),
        ("40 million crowns", "40m crowns"),
        ("40 million crowns", "40 million Norwegian crowns"),
        ("12 October 2031", "on Oct. 12, and later in 2031"),
        ("in October", "on Oct. 12"),
        ("2031", "on Oct. 12, 2031"),
        ("3 days", "3 consecutive days"),
        ("a third of voters", "33 percent of voters"),
        ("thousands of people", "4,000 people"),
        ("45-year-old", "Berg, 45, is"),
        ("300 million", "worth $300 million"),
        ("15,000 flowers", "15, 000 flowers, as a tokeniser left it"),
        ("5 p.m.", "at 17:00"),
    ],
)
def test_the_same(claimed: str, article: str) -> None:
    """The same quantity written in another way is the same."""
    assert match(claimed, article) == "same"


@pytest.mark.parametrize(
    ("claimed", "article"),
    [
        ("$300 billion", "worth $300 million"),
        ("€300 million", "worth $300 million"),
        ("300 million people", "worth $300 million"),
        ("5 percent", "5 boats"),
        ("5 percent", "5 percentage points"),
        ("50 million dollars", "50 million crowns"),
        ("five weeks", "five days"),
        ("Oct. 13", "on Oct. 12"),
        ("12 October 2032", "on Oct. 12, 2031"),
        ("Monday", "on Tuesday"),
        ("F-35", "an F-16"),
        ("thousands of people", "hundreds of people"),
        ("third", "the fourth term"),
    ],
)
def test_a_change_of_value_or_unit_is_found(claimed: str, article: str) -> None:
    """Another value, magnitude, currency, unit or date is not the same."""
    assert match(claimed, article) == "none"


def test_rounding_and_bare_numbers_are_unclear() -> None:
    """A number said to be rounded, and one whose unit the article does not give, are neither same nor other."""
    assert match("more than 100 boats", "107 boats") == "unclear"
    assert match("$300", "the figure was 300") == "unclear"


def test_read_sum() -> None:
    """A sum of money becomes a number and a code of ISO 4217 where the text says whose currency it is."""
    assert (read_sum("$1.5 million a year").amount, read_sum("$1.5 million a year").currency) == (1_500_000, "USD")
    assert (read_sum("40 million crowns").amount, read_sum("40 million crowns").currency) == (40_000_000, None)
    assert read_sum("billions of dollars").amount is None
    assert read_sum("far too much").amount is None


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="aB1 .,'-–$%€5mM½:/²\u0301٣", max_size=40) | st.text(max_size=40))
def test_offsets_hold_for_any_text(text: str) -> None:
    """Every quantity stands where it says it stands, whatever the text."""
    assert all(text[q.start : q.end] == q.text for q in quantities(text))


def test_long_digits_are_read_in_linear_time() -> None:
    """A hundred thousand digits are one label, and cost no time."""
    assert only("1" * 100_000).kind == "label"
