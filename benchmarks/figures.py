"""False sentences by another number, unit or date."""

import random
import re

from .setting import MONTHS, WEEKDAYS, Setting, content, in_case_of, places, replaced, shuffled, words

NUMBER_WORDS = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fifteen", "twenty", "thirty", "forty", "fifty", "sixty"),
)
WORD_VALUES = dict(zip(NUMBER_WORDS, (*range(2, 14), 15, 20, 30, 40, 50, 60), strict=True))

_MONTH = "|".join(MONTHS)
_SHORT_MONTH = rf"(?:{_MONTH}|Jan\.|Feb\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\.)"
_AFTER_MONTH = re.compile(rf"\b{_SHORT_MONTH} $")
# A number in digits that is no part of a date, a name, a time or a range.
_DIGITS = re.compile(
    r"(?<![\w.,:/–—#-])(?P<n>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
    rf"(?![\w:/–—-]|,\d|\.\d|(?:st|nd|rd|th)\b| (?:of )?{_SHORT_MONTH})"
)
_IN_WORDS = re.compile(
    rf"(?<![\w-])(?:{'|'.join(NUMBER_WORDS)})(?=[ -][a-z])(?! of the\b)(?![ -](?:hundred|thousand))", re.I
)
_YEAR = re.compile(r"(?<![\w.,$£€–—-])(?:19|20)\d\d(?![\w%–—-]|[.,]\d)")


def _numbers(sentence: str) -> list[re.Match[str]]:
    """The numbers in digits of a sentence that are neither years nor days, but for a single one."""
    years = {found.start() for found in _YEAR.finditer(sentence)}
    return [
        found
        for found in places(_DIGITS, sentence)
        if found.start() not in years and found["n"] != "1" and not _AFTER_MONTH.search(sentence[: found.start()])
    ]


def _grouped(value: int, like: str) -> str:
    return f"{value:,}" if "," in like or value > 9999 else str(value)


def _fits(new: str, setting: Setting) -> bool:
    """Whether a number stands nowhere in the article, in digits or in words."""
    low = new.lower()
    digits = str(WORD_VALUES.get(low, low))
    word = next((word for word, value in WORD_VALUES.items() if str(value) == low), low)
    return digits not in ("0", "1") and setting.all_words.isdisjoint((low, digits, word))


_AT_LEAST = re.compile(
    r"\b(?:more than|over|at least|above|exceed(?:s|ed|ing)?|beyond|no (?:fewer|less) than|minimum of) [$£€]?$", re.I
)
_AT_MOST = re.compile(
    r"\b(?:less than|fewer than|under|below|up to|as many as|as much as|at most|within|no more than) [$£€]?$", re.I
)
_ROUGHLY = re.compile(
    r"\b(?:about|around|nearly|almost|some|roughly|approximately|close to|an estimated) [$£€]?$", re.I
)


def _with_number(sentence: str, found: re.Match[str], new: str, value: float, setting: Setting) -> str | None:
    """The sentence with another number; None if it stands elsewhere in the article or follows from the old one.

    More than 40 are more than 30 as well, and about 40 may be about 41.
    """
    before = sentence[: found.start()]
    old = WORD_VALUES.get(found.group().lower()) or float(found.group().replace(",", ""))
    follows = (
        (_AT_LEAST.search(before) and value < old)
        or (_AT_MOST.search(before) and value > old)
        or (_ROUGHLY.search(before) and 0.8 < value / old < 1.25)
    )
    return replaced(sentence, found, new) if not follows and _fits(new, setting) else None


def _value(digits: str) -> float:
    return float(digits.replace(",", ""))


def other_digit(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """One digit is another."""
    for found in shuffled(_numbers(sentence), rng):
        old = found["n"]
        at = rng.choice([i for i, sign in enumerate(old) if sign.isdigit()])
        new = old[:at] + rng.choice([d for d in "123456789" if d != old[at]]) + old[at + 1 :]
        altered = _with_number(sentence, found, new, _value(new), setting)
        if altered:
            return altered
    return None


def other_magnitude(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Ten times as much, or a tenth."""
    for found in shuffled(_numbers(sentence), rng):
        old = found["n"]
        if "." in old:
            new = old.replace(".", "").lstrip("0")
        else:
            value = int(old.replace(",", ""))
            new = _grouped(value // 10 if value % 10 == 0 and rng.random() < 0.5 else value * 10, old)
        altered = _with_number(sentence, found, new, _value(new), setting)
        if altered:
            return altered
    return None


def neighbour(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """One more or one fewer."""
    for found in shuffled(_numbers(sentence), rng):
        old = found["n"]
        if "." not in old:
            value = int(old.replace(",", "")) + rng.choice((-1, 1))
            altered = _with_number(sentence, found, _grouped(value, old), value, setting)
            if altered:
                return altered
    return None


def number_from_elsewhere(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Another number of the same article, from a sentence about something else."""
    matter = content(sentence)
    others = {
        found["n"]
        for other, known in setting.contents
        if 3 * len(known & matter) < len(matter)
        for found in _numbers(other)
    }
    for found in shuffled(_numbers(sentence), rng):
        old, before = found["n"], sentence[: found.start()]
        alike = [n for n in sorted(others) if ("." in n) == ("." in old) and len(n) <= len(old) + 2]
        alike = [n for n in alike if not re.search(rf"\b{re.escape(n)}\b", sentence)]
        if alike and not (_AT_LEAST.search(before) or _AT_MOST.search(before) or _ROUGHLY.search(before)):
            return replaced(sentence, found, rng.choice(alike))
    return None


def number_in_words(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Seven for five."""
    for found in shuffled(places(_IN_WORDS, sentence), rng):
        new = rng.choice([word for word in NUMBER_WORDS if word != found.group().lower()])
        value = WORD_VALUES[new]
        altered = _with_number(sentence, found, in_case_of(found.group(), new), value, setting)
        if altered:
            return altered
    return None


# Units

_SIGNS = ("$", "£", "€")
_SIGN = re.compile(r"(?:\bUS|\bA|\bC|\bHK)?[$£€](?=\d)")
_CURRENCY = re.compile(r"(?<=\d |n |d |s )(?:US )?(dollars|euros|pounds|pesos|rupees|rubles|yen)\b")
_PERCENT = re.compile(r"(?<=\d)(?:%|[ -]per ?cent\b)")
_POINTS = re.compile(r"(?<=\d )percentage points?\b")
_QUANTITY = rf"(?:\d[\d,.]*|{'|'.join(NUMBER_WORDS)}|hundred|thousand|million)"
_MEASURES: dict[str, str] = words("measures")
_MEASURE = re.compile(rf"(?<![\w.,])(?:{_QUANTITY})([ -])({'|'.join(_MEASURES)})\b(?![- ]old|\.\w)", re.IGNORECASE)
_MAGNITUDES = {"thousand": "million", "million": "billion", "billion": "million", "trillion": "billion"}
_MAGNITUDE = re.compile(rf"\b({'|'.join(_MAGNITUDES)})\b")
_LETTER = re.compile(r"(?<=[$£€]\d|[\d.]\d)(m|bn|k)\b")
_LETTERS = {"m": "bn", "bn": "m", "k": "m"}


def other_currency(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Euros for dollars."""
    for found in shuffled(places(_SIGN, sentence), rng):
        amount = sentence[found.end() :].split(maxsplit=1)[0].strip(".,;)")
        new = rng.choice([sign for sign in _SIGNS if sign != found.group()[-1]])
        if new + amount not in setting.text:
            return replaced(sentence, found, new)
    for found in shuffled(places(_CURRENCY, sentence), rng):
        return replaced(
            sentence, found, rng.choice([c for c in ("dollars", "euros", "pounds", "yen") if c != found[1]]), 1
        )
    return None


def percentage_points(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Percentage points for percent, and the other way round."""
    for found in shuffled(places(_PERCENT, sentence), rng):
        return replaced(sentence, found, " percentage points")
    for found in shuffled(places(_POINTS, sentence), rng):
        return replaced(sentence, found, "percent")
    return None


def other_measure(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Weeks for days, miles for kilometres."""
    for found in shuffled(places(_MEASURE, sentence), rng):
        new = _MEASURES[found[2].lower()]
        if not setting.has(found.group()[: found.start(2) - found.start()] + new):
            return replaced(sentence, found, new, 2)
    return None


def other_magnitude_word(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Billions for millions."""
    for pattern, table in ((_MAGNITUDE, _MAGNITUDES), (_LETTER, _LETTERS)):
        for found in shuffled(places(pattern, sentence), rng):
            return replaced(sentence, found, table[found[1]], 1)
    return None


# Dates

_WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})\b")
_MONTH_NAME = re.compile(rf"\b(?:{_MONTH})(?=,? \d)|(?<=\d )(?:{_MONTH})\b|(?<=\b[Ii]n )(?:{_MONTH})\b")
_DAY = re.compile(
    rf"\b(?:{_MONTH}) (?P<after>[12]?\d|3[01])(?![\w-])|(?<![\w–-])(?P<before>[12]?\d|3[01])(?= (?:{_MONTH})\b)"
)
_RELATIVE = {"last": "next", "yesterday": "tomorrow", "earlier": "later"}
_RELATIVE |= {later: sooner for sooner, later in _RELATIVE.items()}
_STRETCHES = ("week", "month", "year", "season", "summer", "winter", "spring", "autumn", "quarter", "decade", "century")
_STRETCH = "|".join([*_STRETCHES, *WEEKDAYS, *MONTHS])
_RELATIVE_TIME = re.compile(
    rf"\b(?:(?:last|next)(?= (?:{_STRETCH})\b)|yesterday|tomorrow"
    rf"|(?:earlier|later)(?= (?:this|that|in the) (?:{_STRETCH})\b| today))\b",
    re.IGNORECASE,
)


def other_weekday(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Thursday for Tuesday."""
    for found in shuffled(places(_WEEKDAY, sentence), rng):
        return replaced(sentence, found, rng.choice([day for day in WEEKDAYS if day not in sentence]))
    return None


def other_month(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """October for March."""
    for found in shuffled(places(_MONTH_NAME, sentence), rng):
        return replaced(sentence, found, rng.choice([month for month in MONTHS if month not in sentence]))
    return None


def other_day(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Another day of the same month."""
    for found in shuffled(places(_DAY, sentence), rng):
        group = "after" if found["after"] else "before"
        new = str(rng.choice([day for day in range(2, 29) if str(day) != found[group]]))
        if not re.search(rf"\b{new}\b", sentence):
            return replaced(sentence, found, new, group)
    return None


def other_year(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Another year, near or a decade off."""
    for found in shuffled(places(_YEAR, sentence), rng):
        new = str(int(found.group()) + rng.choice((-10, -3, -2, -1, 1, 2, 3, 10)))
        if new not in sentence and re.search(
            rf"(?:\b(?:in|since|by|of|from|until|{_MONTH}|\d\d?),?) $", sentence[: found.start()], re.I
        ):
            return replaced(sentence, found, new)
    return None


def other_way_in_time(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Next year for last year."""
    for found in shuffled(places(_RELATIVE_TIME, sentence), rng):
        return replaced(sentence, found, in_case_of(found.group(), _RELATIVE[found.group().lower()]))
    return None
