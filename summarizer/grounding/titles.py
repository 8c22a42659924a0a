"""The words beside a name that say who it is: an office, a rank or a role before it, an apposition after it."""

import re
from itertools import pairwise

from .cues import cues
from .tokens import name_words, tokens
from .wordlists import word_set

# Up to four words before a name, and the comma of an apposition; in characters a bound that keeps the search linear.
_ROLE_BEFORE = re.compile(r"((?:[^\W\d_][\w’'-]*[^\S\n]){0,3}[^\W\d_][\w-]*)(,?)[^\S\n]\Z")
_LONGEST_ROLE = 60
ENDS_APPOSITION = (",", ":", ";", ".")
_OF_AN_OFFICE = re.compile(r"(?<!\w)([^\W\d_]+) (?:of|for) (?:the )?(?:[A-Z]\w+ for (?:the )?)?\Z")
_STANDING = re.compile(r"(?<![\w’'-])([^\W\d_][\w-]*?)[ -]\Z")
_LONGEST_STANDING = 24
_LAST_WORD = re.compile(r"[^\W\d_][\w-]*\Z")
_APPOSITIVE = re.compile(
    r", (\d\d|(?:the|a|an|one|who|whose|[\w’'-]+(?: [\w’'-]+){0,3}? of)\b"
    r"(?:[^,.;\n]|(?<=\b[A-Z])\.|\.(?=\w)){0,80})(?=[,.])"
)
# "Ada Berg of the Harbour Council (in Esk) said".
_OF_A_BODY = re.compile(
    r" (?:of|from) (?:the )?((?:[A-Z][\w’'-]* ){1,4}(?:(?:on|for|of|in)(?: the)?(?: [A-Z][\w’'-]*){1,4})?)"
)
_ADDRESSES = ("mr", "mr.", "mrs", "mrs.", "ms", "ms.", "miss", "dr", "dr.", "sir", "lord", "lady")


def office_at(text: str, start: int, end: int) -> tuple[int, int]:
    """The title in capitals before a name, with "Deputy Secretary of" before "State", "former" before "Mayor"."""
    known = name_words()
    match = _OF_AN_OFFICE.search(text, max(0, start - _LONGEST_ROLE), start)
    if match and match.group(1).lower() in known.titles:
        start = match.start(1)
    while match := _STANDING.search(text, max(0, start - _LONGEST_STANDING), start):
        word = match.group(1)
        low, dashed = word.lower(), "-" in match.group()
        before = word_before(text, match.start(1)).lower()
        # "Then Mayor Berg spoke", "under Mayor Berg": a standing of its own has an article, a capital or a hyphen.
        is_adverb = low in ("then", "under", "first") and not (
            dashed or before in cues().determiners or (low != "then" and word[0].isupper())
        )
        is_title_too = low in known.titles and word[0].isupper()
        if is_adverb or not (low.partition("-")[0] in known.standings or low in known.standings or is_title_too):
            break
        start = match.start(1)
    return start, end


def role_before(text: str, start: int, end: int, ends: tuple[str, ...] = (",",)) -> tuple[int, int] | None:
    """A role right before the name: "foreign ministry spokesman Jane Doe", "its spokesman, Jane Doe,"."""
    # Most names have no role before them, and the search for a whole phrase is dear.
    if not text[max(0, start - 1) : start].isspace():
        return None
    near = max(0, start - _LONGEST_ROLE)
    nearest = text[max(near, text.rfind(" ", near, start - 1) + 1) : start - 1].removesuffix(",")
    last = _LAST_WORD.search(nearest)
    if last is None or last.group().lower() not in name_words().titles:
        return None
    match = _ROLE_BEFORE.search(text, max(0, start - _LONGEST_ROLE), start)
    if match is None or (match.group(2) and text[end : end + 1] not in ends):
        return None
    words = list(re.finditer(r"\S+", match.group(1)))
    if words[-1].group().lower() not in name_words().titles:
        return None
    first = len(words) - 1
    while first and not _ends_phrase(words[first - 1].group()):
        first -= 1
    # What a preposition governs belongs to a longer name: the Council of Elders campaigner.
    if first and words[first - 1].group().lower() in cues().prepositions:
        while first < len(words) - 1 and words[first].group()[0].isupper():
            first += 1
    return match.start(1) + words[first].start(), match.end(1)


def appositive(text: str, end: int) -> tuple[int, int] | None:
    """Who it is, in words after the name: an age, "the mayor of Esk", "who leads the union", "head of the bank"."""
    if match := _OF_A_BODY.match(text, end):
        words = [token.low for token in tokens(text, *match.span(1))]
        return match.span(1) if not word_set("bodies").isdisjoint(words) else None
    match = _APPOSITIVE.match(text, end)
    if match is None:
        return None
    words = [token.low for token in tokens(text, match.start(1), match.end(1))]
    if words[0] in cues().relative or words[0].isdigit():
        return match.span(1)
    # A clause with a verb of its own goes on about something else: "At Esk, the union wants more".
    known = name_words()
    pairs = pairwise(words[1:])
    is_clause = any(word in word_set("acts") for word in words[1:]) or any(
        word.endswith("ed") and following in cues().determiners for word, following in pairs
    )
    of = words.index("of") if "of" in words else len(words)
    is_office = words[0] in cues().determiners or any(word in known.titles for word in words[:of])
    # A list goes on: "Norland, the United Marl Islands, and Esk".
    if re.match(r"the (?:[A-Z][\w’'-]*(?: |\Z))+\Z", match.group(1)) and known.titles.isdisjoint(words):
        return None
    return None if is_clause or not is_office else match.span(1)


def is_address(text: str, title: tuple[int, int]) -> bool:
    """Whether a title is a rank or form of address alone ("Dr.", "Lt. Gen."), so that other words tell more."""
    words = text[title[0] : title[1]].lower().split()
    return all(word.rstrip(".") in name_words().abbreviations or word in _ADDRESSES for word in words)


def word_before(text: str, at: int) -> str:
    """The word that ends one space before `at`; empty if there is none near."""
    if at < 2 or not text[at - 1].isspace():
        return ""
    return text[max(0, at - 30) : at - 1].rsplit(" ", maxsplit=1)[-1].rsplit("\n", maxsplit=1)[-1]


def _ends_phrase(word: str) -> bool:
    """Whether a word is no part of the role that follows it: an owner, a verb of speech, a small word."""
    low, known = word.lower(), cues()
    return (
        low.endswith(("’s", "'s", "’", "ed", "ly"))
        or low in known.prepositions
        or low in known.determiners
        or low in known.finite
        or low in name_words().sentence_words
        or low in ("and", "or", "but", "is", "was", "has", "had")
    )
