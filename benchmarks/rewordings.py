"""Other true forms of a sentence, made by program: nothing may be found against them."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from .figures import NUMBER_WORDS, WORD_VALUES
from .setting import MONTHS, WEEKDAYS, in_case_of, places, replaced

# Says the same in other words; None where it cannot be sure of that, or has nothing to change.
Reword = Callable[[str], str | None]

_MILLIONS = re.compile(r"(?<=[$£€])(\d[\d.,]*) (million|billion)\b")
_SHORT_MILLIONS = re.compile(r"(?<=[$£€])(\d[\d.,]*)(m|bn)\b")
_PERCENT = re.compile(r"(?<=\d)(?: per ?cent\b|%)")
_DIGITS = re.compile(r"(?<![\w.,:/$£€–-])([2-9]|1[0-2])(?= [a-z]{3,}s\b)(?! (?:minutes|hours) past)")
_IN_WORDS = re.compile(rf"(?<![\w-])({'|'.join(NUMBER_WORDS[:11])})(?= [a-z]{{3,}}s\b)", re.IGNORECASE)
_TIME = rf"(?:(?:{'|'.join((*WEEKDAYS, *MONTHS))})\b|(?:19|20)\d\d|(?:last|this|next) (?:week|month|year)\b)"
_LEADING_TIME = re.compile(rf"((?:On|In|At|By|Since) [^,]{{0,40}}?{_TIME}[^,]{{0,12}}), (?=[A-Za-z])")
_LINKED = re.compile(r"\b(?:who|which|that|but|and|because|although|while|when|if|;|:)")
_TRAILING_SAYS = re.compile(r", (?P<who>(?:(?:[A-Z][\w.’'-]+|[a-z]+) ){0,4}[A-Z][\w’'-]+) (?P<verb>said|says|added)\.$")
_BRACKETS = re.compile(r" \([^()]{3,}\)(?=[ ,.])")
_WHICH = re.compile(r", (?:which|who) [^,;:()“”\"]{8,}?(?:, (?=[a-z])|(?=\.$))")
_FILLER = re.compile(r"(?<=\w),? (?:however|also|meanwhile|moreover),?(?= [a-z])")
_CONTRACTION = re.compile(r"\b(did|is|was|has|have|would|could|does|do|are|were|had) not\b")
_DOTTED = re.compile(r"\bU\.([SKN])\.(?=[ ’'])")
_SAID = re.compile(r"(?<=[a-z] )said (?=(?:that|he|she|it|they|the)\b)")


def short_sum(sentence: str) -> str | None:
    """$5m for $5 million, and the other way round."""
    for found in places(_MILLIONS, sentence):
        return replaced(sentence, found, found[1] + ("m" if found[2] == "million" else "bn"))
    for found in places(_SHORT_MILLIONS, sentence):
        return replaced(sentence, found, found[1] + (" million" if found[2] == "m" else " billion"))
    return None


def other_percent(sentence: str) -> str | None:
    """5 percent for 5 per cent or 5%, and 5% for 5 percent."""
    for found in places(_PERCENT, sentence):
        return replaced(sentence, found, "%" if found.group() == " percent" else " percent")
    return None


def number_spelt_otherwise(sentence: str) -> str | None:
    """Five for 5, and the other way round."""
    for found in places(_DIGITS, sentence):
        return replaced(sentence, found, next(word for word, value in WORD_VALUES.items() if value == int(found[1])))
    for found in places(_IN_WORDS, sentence):
        return replaced(sentence, found, str(WORD_VALUES[found[1].lower()]))
    return None


def time_moved(sentence: str) -> str | None:
    """The time that a sentence opens with goes to its end."""
    found = _LEADING_TIME.match(sentence)
    rest = sentence[found.end() :] if found else ""
    if not found or len(rest.split()) > 15 or _LINKED.search(rest) or "," in rest or '"' in rest or "“" in rest:
        return None
    return f"{rest[0].upper()}{rest[1:].rstrip('.')} {found[1][0].lower()}{found[1][1:]}."


def speaker_first(sentence: str) -> str | None:
    """X said that it rained for “It rained, X said.”"""
    found = _TRAILING_SAYS.search(sentence)
    if (
        not found
        or places(_TRAILING_SAYS, sentence) == []
        or re.search(r"\b(?:I|we|our|my|us|me)\b", sentence, re.IGNORECASE)
    ):
        return None
    said, who = sentence[: found.start()], found["who"]
    opening = said.split()[0].rstrip(",")
    if opening in ("But", "And", "However", "Yet", "So", "Meanwhile"):
        return None
    lowered = (
        said[0].lower() + said[1:]
        if opening in ("The", "A", "An", "It", "He", "She", "They", "There", "In", "On")
        else said
    )
    return f"{who[0].upper()}{who[1:]} {found['verb']} that {lowered}."


def without_brackets(sentence: str) -> str | None:
    """A remark in brackets is left out."""
    for found in places(_BRACKETS, sentence):
        return replaced(sentence, found, "")
    return None


def without_which(sentence: str) -> str | None:
    """A clause with which or who between commas is left out."""
    for found in places(_WHICH, sentence):
        return sentence[: found.start()] + (" " if found.group().endswith(" ") else "") + sentence[found.end() :]
    return None


def without_filler(sentence: str) -> str | None:
    """However, also and meanwhile are left out."""
    for found in places(_FILLER, sentence):
        return replaced(sentence, found, "")
    return None


def contracted(sentence: str) -> str | None:
    """Didn’t for did not."""
    for found in places(_CONTRACTION, sentence):
        return replaced(sentence, found, found[1] + "n’t")
    return None


def undotted(sentence: str) -> str | None:
    """US for U.S., UN for U.N."""
    for found in places(_DOTTED, sentence):
        return replaced(sentence, found, "U" + found[1])
    return None


def stated(sentence: str) -> str | None:
    """Stated for said."""
    for found in places(_SAID, sentence):
        return replaced(sentence, found, in_case_of(found.group(), "stated "))
    return None


REWORDINGS: Mapping[str, Reword] = MappingProxyType(
    {
        reword.__name__: reword
        for reword in (
            short_sum,
            other_percent,
            number_spelt_otherwise,
            time_moved,
            speaker_first,
            without_brackets,
            without_which,
            without_filler,
            contracted,
            undotted,
            stated,
        )
    }
)
