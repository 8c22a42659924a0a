"""Words of a text with their places, and which of them make up a name."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from .cues import cues

# Words that `layout` masks are one sign, however many there are.
_TOKEN = re.compile(
    # "care.The", in which a page has lost a space, is two words; "Jane A.Doe", "U.S.A" and "news.example" are one.
    r"[^\W_](?:[^\W_]|[’'&-](?=[^\W_])|\.(?=[^\W_])(?!(?<=[a-z]{2}\.)[A-Z])|(?<=\d)/(?=\d))*"
    r"|\ue000\ue001*|\ue001+|\ue002+|[^\w\s]",
)
# Characters of a nickname in marks inside a name, the marks included.
LONGEST_NICKNAME = 16
# A run of more capitalised words is a headline, not a name.
_LONGEST_NAME = 4


class Token(NamedTuple):
    """A word or sign. `start:end` counts in the whole text; a short form keeps its full stop."""

    text: str
    low: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is a word or number, not a sign."""
        return self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class NameWords:
    """Words around names, in lower case. See the comments in `names.toml`."""

    titles: frozenset[str]
    office: frozenset[str]
    standings: frozenset[str]
    postnominals: frozenset[str]
    bodies: frozenset[str]
    qualities: frozenset[str]
    particles: frozenset[str]
    abbreviations: frozenset[str]
    sentence_words: frozenset[str]
    men: frozenset[str]
    women: frozenset[str]
    male_titles: frozenset[str]
    female_titles: frozenset[str]
    in_full: Mapping[str, str]


# Words before a name, and the name itself.
NameParts = tuple[list[Token], list[Token]]


@cache
def name_words() -> NameWords:
    """The packaged words."""
    raw = tomllib.loads(files(__package__).joinpath("names.toml").read_text(encoding="utf-8"))
    return NameWords(in_full=raw.pop("in_full"), **{key: frozenset(values) for key, values in raw.items()})


def tokens(text: str, start: int, end: int) -> list[Token]:
    """Words and signs of `text[start:end]`; offsets count in the whole text. A possessive ending is its own token."""
    short = name_words().abbreviations
    found: list[Token] = []
    reach = start
    for match in _TOKEN.finditer(text, start, end):
        first, last = match.span()
        if first < reach:
            continue  # the full stop of the short form before
        word = match.group()
        low = word.lower()
        if low[-1] == "s" and len(low) > 2 and low[-2] in "’'":
            found.append(Token(word[:-2], low[:-2], first, last - 2))
            found.append(Token(word[-2:], "'s", last - 2, last))
            continue
        if last < end and text[last] == "." and (low in short or (len(word) == 1 and word.isupper()) or "." in word):
            last, word = last + 1, word + "."
        found.append(Token(word, low, first, last))
        reach = last
    return found


@cache
def never_names() -> frozenset[str]:
    """Words that are no names even with a capital: those that begin sentences, days and months."""
    return name_words().sentence_words | cues().times | (cues().participles - {"reading"})


def is_name_word(token: Token) -> bool:
    """Whether the word can be part of a name."""
    first = token.text[0]
    if not (first.isupper() and first.isalnum()):
        return False
    # An initial keeps its full stop: "Jane A. Doe".
    return token.low not in never_names() or (len(token.text) == 2 and token.text[1] == ".")


def run_start(words: list[Token], last: int) -> int:
    """Index of the first word of the capitalised run that ends at `last`."""
    first = last
    while first > 0:
        previous = words[first - 1]
        if is_name_word(previous):
            first -= 1
        elif previous.low in name_words().particles and first > 1 and is_name_word(words[first - 2]):
            first -= 2
        else:
            break
    return first


def run_end(words: list[Token], first: int) -> int:
    """Index of the last word of the capitalised run that begins at `first`."""
    last = first
    while last + 1 < len(words):
        following = words[last + 1]
        if is_name_word(following):
            last += 1
        elif (
            following.low in name_words().particles
            and not following.is_capital
            and last + 2 < len(words)
            and is_name_word(words[last + 2])
        ):
            last += 2
        elif _is_nickname(words, last + 1):
            last += 3
        else:
            break
    return last


def _is_nickname(words: list[Token], index: int) -> bool:
    """Whether a short marked stretch stands at `index`, and the name goes on after it."""
    return (
        words[index].text[0] == "\ue000"
        and len(words[index].text) <= LONGEST_NICKNAME
        and index + 2 < len(words)
        and words[index + 1].text[0] == "\ue002"
        and is_name_word(words[index + 2])
    )


def without_title(run: list[Token]) -> list[Token]:
    """The run without offices, addresses and other words before the name itself; possibly the whole run.

    "Home Secretary Jane Doe" and "Refugee Council Jane Doe" become "Jane Doe".
    """
    known = name_words()
    first = 0
    for index, token in enumerate(run[:-1]):
        low = token.low
        is_office = is_title(token) or low in known.office
        is_body = low in known.bodies and len(run) - index - 1 >= 2
        if is_office or is_body or (low in known.qualities and index == first):
            first = index + 1
    rest = run[first:]
    if rest and (rest[-1].low in known.bodies or is_title(rest[-1])):
        return run
    return rest


def is_body(run: list[Token]) -> bool:
    """Whether the run names a body, a place or a thing by one of its words."""
    bodies, last = name_words().bodies, len(run) - 1
    return any(token.low in bodies or _is_acronym(token, index, last) for index, token in enumerate(run))


def _is_acronym(token: Token, index: int, last: int) -> bool:
    """Whether the word is short for a body or a place, or two words that lost their space; initials are neither."""
    word = token.text.rstrip(".")
    if "." in word:
        return index == last or not word.isupper()
    return len(word) > 1 and word.isupper() and (index > 0 or len(word) > 2)


def is_title(token: Token) -> bool:
    """Whether the word is an office or form of address: "President", "Secretary-General", "ex-mayor"."""
    known = name_words()
    first, _, rest = token.low.partition("-")
    return (
        token.low in known.titles
        or (bool(rest) and first in known.standings and rest in known.titles)
        or (first in known.titles and rest in known.standings)
        or (bool(rest) and all(part in known.titles | known.office for part in token.low.split("-")))
    )


def names_in(words: str) -> list[NameParts]:
    """The names that may be people's in a run of capitalised words, each with the words before it that are no part."""
    found: list[NameParts] = []
    read = [] if words.lower() in never_names() else tokens(words, 0, len(words))
    index = 0
    while index < len(read):
        if not is_name_word(read[index]):
            index += 1
            continue
        run = read[index : run_end(read, index) + 1]
        index += len(run)
        while len(run) > 2 and run[-1].low in name_words().postnominals:
            run.pop()
        name = without_title(run)
        if not name or is_body(name) or is_title(name[-1]):
            continue
        if sum(token.is_capital for token in name) <= _LONGEST_NAME:
            found.append((run[: len(run) - len(name)], name))
    return found
