"""Reading numbers: digits with separators, number words, magnitudes. What they count is read in `quantities`."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, cast

# Longer runs of digits are serial numbers, not counts; the bound also keeps arithmetic cheap on hostile text.
LONGEST_DIGITS = 30
# Number words taken together at most; "nine hundred and ninety-nine thousand nine hundred and ninety-nine" has ten.
_MOST_WORDS = 14

_LEX = re.compile(
    r"(?P<digits>\d{1,3}(?P<sep>[,\u00a0\u202f\u2009’' ])\d{3}(?:(?P=sep)\d{3}){0,8}(?!\d)(?:\.\d{1,9}(?!\d))?"
    rf"|\d{{1,{LONGEST_DIGITS}}}(?!\d)(?:[.,]\d{{1,{LONGEST_DIGITS}}}(?!\d)){{0,8}}|\d+|[½⅓⅔¼¾⅛⅜⅝⅞])"
    r"|(?P<word>[^\W\d_]+)|(?P<sign>[^\w\s]|_)"
)
_GROUPED = re.compile(r"\d{1,3}(?:[,\u00a0\u202f\u2009’' ]\d{3})+(\.\d+)?")
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3})+(,\d+)?")

Kind = Literal["digits", "word", "sign"]


class Lexeme(NamedTuple):
    """A number in digits, a word or a sign. Offsets count in the text it was read from."""

    kind: Kind
    text: str
    low: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from lexemes up to index `stop` (exclusive). `other` is a second way to read it."""

    value: Decimal
    stop: int
    other: Decimal | None = None
    in_words: bool = False
    scaled: bool = False


@cache
def words() -> dict[str, dict[str, object]]:
    """The packaged tables (`quantities.toml`)."""
    return tomllib.loads(files(__package__).joinpath("quantities.toml").read_text(encoding="utf-8"))


@cache
def table(name: str) -> dict[str, Decimal]:
    """A table of words and their numbers."""
    return {word: Decimal(str(number)) for word, number in words()[name].items()}


@cache
def word_set(name: str) -> frozenset[str]:
    """A list of words of the table `words`."""
    listed = words()["words"][name]
    assert isinstance(listed, list)
    return frozenset(listed)


def lex(text: str) -> list[Lexeme]:
    """The numbers, words and signs of a text. Time is linear in its length."""
    # The group that ended last is the one that tells the kind: the separator of digits stands inside theirs.
    return [
        Lexeme(cast(Kind, match.lastgroup), word := match.group(), word.lower(), *match.span())
        for match in _LEX.finditer(text)
    ]


def glued(lexemes: list[Lexeme], index: int) -> bool:
    """Whether the lexeme at `index` follows the one before it without a space."""
    return 0 < index < len(lexemes) and lexemes[index].start == lexemes[index - 1].end


def is_hyphen(lexemes: list[Lexeme], index: int) -> bool:
    """Whether the lexeme at `index` is a hyphen that joins its neighbours."""
    return (
        0 < index < len(lexemes) - 1
        and lexemes[index].text in "-‐‑–"
        and glued(lexemes, index)
        and glued(lexemes, index + 1)
    )


def after_hyphen(lexemes: list[Lexeme], index: int) -> int:
    """`index`, or the next one if a joining hyphen stands there."""
    return index + 1 if is_hyphen(lexemes, index) else index


def digits_value(raw: str) -> tuple[Decimal, Decimal | None] | None:
    """The number that digits spell, and a second reading if there is one: 1.200 may be 1.2 or 1200.

    None if they spell none: too long, or several points that part no thousands.
    """
    if len(raw) == 1 and not raw.isdecimal():
        return Decimal(str(round(unicodedata.numeric(raw), 6))), None
    if sum(map(str.isdecimal, raw)) > LONGEST_DIGITS:
        return None
    if _GROUPED.fullmatch(raw):
        return Decimal(re.sub(r"[^\d.]", "", raw)), None
    if _DOTTED.fullmatch(raw) and (raw.count(".") > 1 or "," in raw):
        return Decimal(raw.replace(".", "").replace(",", ".")), None
    signs = [char for char in raw if not char.isdecimal()]
    if len(signs) > 1:
        return None
    value = Decimal(raw.replace(",", "."))
    is_either = len(signs) == 1 and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", raw)
    return value, Decimal(raw.replace(".", "")) if is_either else None


def read_number(lexemes: list[Lexeme], index: int) -> Number | None:
    """The number that begins at `index`, with the magnitudes after it; None if none does."""
    lexeme = lexemes[index]
    if lexeme.kind == "digits":
        read = digits_value(lexeme.text)
        if read is None:
            return None
        value, stop = read[0], index + 1
        # 2½
        if stop < len(lexemes) and glued(lexemes, stop) and lexemes[stop].text in "½⅓⅔¼¾⅛⅜⅝⅞":
            value, stop = value + Decimal(str(round(unicodedata.numeric(lexemes[stop].text), 6))), stop + 1
        return _scaled(lexemes, Number(value, stop, read[1]))
    if lexeme.kind == "word":
        return _read_words(lexemes, index)
    return None


def _scaled(lexemes: list[Lexeme], number: Number) -> Number:
    """The number times the magnitudes that follow it: 2 hundred thousand, 3.5 million."""
    factor, stop = Decimal(1), number.stop
    for _ in range(3):
        at = after_hyphen(lexemes, stop)
        if at >= len(lexemes) or lexemes[at].low not in table("magnitudes"):
            break
        factor, stop = factor * table("magnitudes")[lexemes[at].low], at + 1
        if stop < len(lexemes) and lexemes[stop].text == "." and lexemes[at].low in ("mio", "mrd", "mln", "bn"):
            stop += 1
    other = None if number.other is None else number.other * factor
    return Number(number.value * factor, stop, other, number.in_words, number.scaled or factor != 1)


def _read_words(lexemes: list[Lexeme], index: int) -> Number | None:
    if not _may_begin(lexemes, index):
        return None
    share = _read_share(lexemes, index)
    if share is not None:
        return share
    low = lexemes[index].low
    following = lexemes[index + 1].low if index + 1 < len(lexemes) else ""
    if low in ("a", "an"):
        if following not in table("magnitudes"):
            return None
        return _scaled(lexemes, Number(Decimal(1), index + 1, in_words=True))
    if low not in table("numbers"):
        return None
    total = current = Decimal(0)
    stop, at, scaled = index, index, False
    while at < len(lexemes) and at - index < _MOST_WORDS:
        word = lexemes[at].low
        if word in table("numbers"):
            if not _continues(current, table("numbers")[word], at == index):
                break
            current += table("numbers")[word]
        elif word in table("magnitudes"):
            factor = table("magnitudes")[word]
            scaled = True
            if factor == 100 or factor == 12:
                current *= factor
            else:
                total, current = total + current * factor, Decimal(0)
        else:
            break
        stop = at + 1
        at = after_hyphen(lexemes, stop)
        if at < len(lexemes) and lexemes[at].low == "and" and scaled and _is_number_word(lexemes, at + 1):
            at += 1
    number = Number(total + current, stop, in_words=True, scaled=scaled)
    return _and_a_half(lexemes, number)


def _continues(current: Decimal, addend: Decimal, is_first: bool) -> bool:
    """Whether a number word goes on with the number: twenty-five, a hundred and five, but not "five nine"."""
    if is_first:
        return True
    last = current % 100
    return last == 0 or (last >= 20 and last % 10 == 0 and 0 < addend < 10)


def _is_number_word(lexemes: list[Lexeme], index: int) -> bool:
    return index < len(lexemes) and lexemes[index].low in table("numbers")


def _may_begin(lexemes: list[Lexeme], index: int) -> bool:
    """Number words with a capital inside a sentence are names: the Big Ten, Three Gorges."""
    if not lexemes[index].text[0].isupper() or index == 0:
        return True
    previous = lexemes[index - 1]
    return previous.kind == "sign" and not glued(lexemes, index)


def _and_a_half(lexemes: list[Lexeme], number: Number) -> Number:
    """Two and a half million."""
    stop = number.stop
    if [lexeme.low for lexeme in lexemes[stop : stop + 3]] == ["and", "a", "half"] and not number.scaled:
        number = Number(number.value + Decimal("0.5"), stop + 3, in_words=True)
    return _scaled(lexemes, number) if not number.scaled else number


def _read_share(lexemes: list[Lexeme], index: int) -> Number | None:
    """Half a billion, a quarter of a million, half a dozen: a part of a magnitude."""
    at = index + 1 if lexemes[index].low in ("a", "one") else index
    if at >= len(lexemes) or lexemes[at].low not in ("half", "quarter"):
        return None
    part = Decimal(1) / table("parts")[lexemes[at].low]
    at = after_hyphen(lexemes, at + 1)
    if at < len(lexemes) and lexemes[at].low == "of":
        at += 1
    if at < len(lexemes) and lexemes[at].low in ("a", "an"):
        at += 1
    if at >= len(lexemes) or lexemes[at].low not in table("magnitudes"):
        return None
    return _scaled(lexemes, Number(part, at, in_words=True))
