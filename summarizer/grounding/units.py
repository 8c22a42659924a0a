"""What a number counts in: currencies, percentages, measures. Reads the words right after a number."""

from functools import cache
from typing import Literal

from .numerals import Lexeme, after_hyphen, glued, word_set, words

UnitKind = Literal["number", "money", "percent", "measure"]

PERCENT, POINT = "percent", "percentage point"


@cache
def names(name: str) -> dict[str, str]:
    """The packaged table `name` of words and what they stand for."""
    return {key: value for key, value in words()[name].items() if isinstance(value, str)}


@cache
def codes() -> dict[str, str]:
    """Codes of currencies, those of ISO 4217 and others in use."""
    listed = words()["currency_codes"]["codes"]
    assert isinstance(listed, list)
    return {code: code for code in listed} | names("currency_codes")


@cache
def units() -> dict[str, str]:
    """Every form of a measure, and the name of the measure."""
    return names("units")


@cache
def shared() -> dict[str, frozenset[str]]:
    """Names that several currencies share, and the codes of those."""
    return {name: frozenset(each) for name, each in words()["shared"].items() if isinstance(each, list)}


def same_unit(one: str, other: str) -> bool:
    """Whether two units are the same, or one is the name that the other's currency shares with others."""
    return one == other or one in shared().get(other, ()) or other in shared().get(one, ())


def singular(word: str) -> str:
    """The word without the s of a plural; good enough to compare what is counted."""
    return word[:-1] if word.endswith("s") and len(word) > 3 else word


def currency_after(lexemes: list[Lexeme], index: int) -> tuple[str, int]:
    """The currency named at `index` and where it ends; empty if none is."""
    at = after_hyphen(lexemes, index)
    if at >= len(lexemes):
        return "", index
    # "12 millones de coronas", "30 millions d’euros".
    if lexemes[at].low in ("de", "d") and at + 1 < len(lexemes):
        beside = at + 1 + (lexemes[at + 1].text in "’'")
        if beside < len(lexemes) and currency_word(lexemes[beside].low):
            at = beside
    lexeme = lexemes[at]
    if lexeme.text in names("currency_signs"):
        follows = at + 1 < len(lexemes) and lexemes[at + 1].kind == "digits"
        return ("", index) if follows else (names("currency_signs")[lexeme.text], at + 1)
    if lexeme.kind != "word":
        return "", index
    if lexeme.text in codes() and len(lexeme.text) == 3:
        return codes()[lexeme.text], at + 1
    pair = [currency_word(word.low) for word in lexemes[at : at + 3] if word.kind == "word"]
    for length in (3, 2):
        name = " ".join([word.low for word in lexemes[at : at + length - 1]] + pair[length - 1 : length])
        if name in names("national"):
            return names("national")[name], at + length
    # U.S. dollars
    if [word.low for word in lexemes[at : at + 4]] == ["u", ".", "s", "."] and at + 4 < len(lexemes):
        at += 4
    word = currency_word(lexemes[at].low)
    if word and (word != "p" or glued(lexemes, at)):
        return names("currency_words")[word], at + 1
    # "million Norland crowns": whose is not in the table.
    if lexeme.text[0].isupper() and at + 1 < len(lexemes) and (word := currency_word(lexemes[at + 1].low)):
        return names("currency_words")[word], at + 2
    return "", index


def currency_word(low: str) -> str:
    """The word as the table has it, a plural made singular; empty if it names no currency."""
    known = names("currency_words")
    if low in known:
        return low
    if low.endswith("s") and low[:-1] in known:
        return low[:-1]
    return low[:-3] + "y" if low.endswith("ies") and low[:-3] + "y" in known else ""


def unit_after(lexemes: list[Lexeme], index: int) -> tuple[UnitKind, str, int]:
    """Kind, unit and end of what is named at `index`."""
    at = after_hyphen(lexemes, index)
    if at >= len(lexemes):
        return "number", "", index
    lexeme = lexemes[at]
    two = [word.low for word in lexemes[at : at + 2]]
    point = after_hyphen(lexemes, at + 1)
    if two[0] == "percentage" and point < len(lexemes) and lexemes[point].low in ("point", "points"):
        return "percent", POINT, point + 1
    if lexeme.text in ("%", "٪", "﹪", "％"):
        after = [word.low for word in lexemes[at + 1 : at + 3]]
        is_point = after[:1] in (["point"], ["points"])
        return "percent", POINT if is_point else PERCENT, at + 1 + is_point
    if two[0] in word_set("percent") or two == ["per", "cent"]:
        return "percent", PERCENT, at + (2 if two[0] == "per" else 1)
    currency, stop = currency_after(lexemes, index)
    if currency:
        return "money", currency, stop
    if lexeme.text == "°":
        glues = at + 1 < len(lexemes) and glued(lexemes, at + 1) and lexemes[at + 1].low in ("c", "f")
        return "measure", "degree", at + (2 if glues else 1)
    return _measure_after(lexemes, at, index)


def _measure_after(lexemes: list[Lexeme], at: int, index: int) -> tuple[UnitKind, str, int]:
    lexeme = lexemes[at]
    following = lexemes[at + 1].low if at + 1 < len(lexemes) else ""
    if lexeme.low in ("square", "cubic", "nautical", "metric", "basis") and following in units():
        name = units()[following]
        return "measure", name if lexeme.low == "metric" else f"{lexeme.low} {name}", at + 2
    if lexeme.low in units():
        unit, stop = units()[lexeme.low], at + 1
        old = after_hyphen(lexemes, stop)
        if unit == "year" and old < len(lexemes) and lexemes[old].low in ("old", "olds"):
            return "measure", "year-old", old + 1
        return "measure", unit, stop
    return "number", "", index
