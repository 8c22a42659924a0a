"""The names in a sentence: persons, places, bodies and short forms, told by their capitals.

Unlike `names`, which looks for people in an article and leaves out what is unclear, this takes every capitalised word
of a model's sentence for a name unless something says that it is none. Whether the article has it is `NameIndex`.
"""

import re
import tomllib
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

from .cues import cues
from .numerals import table
from .tokens import name_words

_WORD = re.compile(r"(?:[^\W\d_]\.){1,5}[^\W\d_](?![^\W_])|[^\W_]+(?:[’'&][^\W_]+)*")
_BLANK = re.compile(r"[^\S\n]*\n?[^\S\n]*|[-‐‑–/’']|[’'] ")
_ABBREVIATED = re.compile(r"\. ?")
_OWNER = re.compile(r"[’'`´ʼ][sS]?$")
_APOSTROPHE = re.compile(r"[’'ʼ`´]")
# Letters that decomposition does not make plain.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ß": "ss"})
# Words of a run; a longer one is a headline or a list, which is read in pieces.
_LONGEST_RUN = 12
# A headline has most of its longer words in capitals: from so many words, from such a share of them.
_HEADLINE_WORDS, _HEADLINE_SHARE = 4, 0.7


class Word(NamedTuple):
    """A word and what its letters say of it. `folded` is lower case without accents, dots and possessive.

    `joins`: only a space or hyphen parts it from the word before. `opens`: a sentence or clause begins with it.
    `owns`: it has a possessive. `is_capital`: it begins with a capital.
    """

    text: str
    folded: str
    start: int
    end: int
    joins: bool
    opens: bool
    owns: bool
    is_capital: bool

    @property
    def is_acronym(self) -> bool:
        """Whether it is made of capitals: EU, U.S., MPs."""
        letters = self.text.replace(".", "").removesuffix("s")
        return len(letters) > 1 and letters.isupper()


@dataclass(frozen=True, slots=True)
class Mention:
    """A run of capitalised words, small words inside it included. `following` is the next word, in lower case."""

    words: tuple[Word, ...]
    following: str

    @property
    def opens(self) -> bool:
        """Whether it begins a sentence, so that its first capital says nothing."""
        return self.words[0].opens


@cache
def word_list(name: str) -> frozenset[str]:
    """A list of `mentions.toml`."""
    raw = tomllib.loads(files(__package__).joinpath("mentions.toml").read_text(encoding="utf-8"))
    return frozenset(raw[name])


@lru_cache(maxsize=32_768)
def folded(word: str) -> str:
    """The word in lower case without accents, dots, apostrophes and possessive."""
    plain = _OWNER.sub("", word) if len(word) > 2 else word
    plain = plain.replace(".", "").casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(char for char in plain if not unicodedata.combining(char)).translate(_PLAIN)
    return _APOSTROPHE.sub("", plain) or word


def read_words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of `text[start:end]` in order; offsets count in `text`."""
    found: list[Word] = []
    last = start
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        word, (first, stop) = match.group(), match.span()
        gap = text[last:first]
        joins = bool(found) and (
            gap == " " or _BLANK.fullmatch(gap) is not None or _is_after_short_form(found[-1], gap)
        )
        opens = not found or not (joins or gap.strip() in (",", "", "-", "&", "(", "’", "'"))
        owns = _OWNER.search(word) is not None or text[stop : stop + 2] in ("’ ", "' ")
        found.append(Word(word, folded(word), first, stop, joins, opens, owns, word[0].isupper()))
        last = stop
    return found


@lru_cache(maxsize=16)
def words_of(text: str) -> tuple[Word, ...]:
    """All words of a text; those of the last few are kept."""
    return tuple(read_words(text))


def words_within(words: Sequence[Word], text: str, start: int, end: int) -> list[Word]:
    """What `read_words(text, start, end)` gives, from all `words` of the text."""
    first = bisect_left(words, start, key=lambda word: word.start)
    last = bisect_right(words, end, lo=first, key=lambda word: word.end)
    is_cut = (first > 0 and words[first - 1].end > start) or (last < len(words) and words[last].start < end)
    if is_cut or first == last:
        return read_words(text, start, end)
    return [words[first]._replace(joins=False, opens=True), *words[first + 1 : last]]


def _is_after_short_form(previous: Word, gap: str) -> bool:
    """Whether the stop in the gap belongs to the word before: J. Berg, Gov. Berg, U.S. troops."""
    if not _ABBREVIATED.fullmatch(gap):
        return False
    return len(previous.text) == 1 or "." in previous.text or previous.folded in name_words().abbreviations


def mentions_of(words: Sequence[Word]) -> list[Mention]:
    """The runs of capitalised words among some words."""
    found: list[Mention] = []
    index = 0
    while index < len(words):
        if not words[index].is_capital:
            index += 1
            continue
        last = _run_end(words, index)
        following = words[last + 1].text.lower() if last + 1 < len(words) else ""
        found.append(Mention(tuple(words[index : last + 1]), following))
        index = last + 1
    return found


@lru_cache(maxsize=1024)
def mentions_in(sentence: str) -> tuple[tuple[Word, ...], tuple[Mention, ...]]:
    """The words of a sentence, and the runs of capitalised ones among them; kept for what is asked of it next."""
    words = tuple(read_words(sentence))
    return words, tuple(mentions_of(words))


def _run_end(words: Sequence[Word], first: int) -> int:
    last = first
    while last + 1 < len(words) and words[last + 1].joins and last - first < _LONGEST_RUN:
        ahead = last + 1
        while ahead < len(words) and ahead - last <= 2 and _is_connector(words[ahead]):
            ahead += 1
        if ahead >= len(words) or not words[ahead].is_capital or not words[ahead].joins or words[ahead].opens:
            break
        if words[last].owns and ahead == last + 1:
            break
        last = ahead
    return last


def _is_connector(word: Word) -> bool:
    return word.joins and not word.is_capital and word.folded in word_list("connectors")


def is_headline(words: Sequence[Word]) -> bool:
    """Whether nearly every longer word has a capital, so that capitals tell no names."""
    longer = [word for word in words if len(word.text) >= 4 and not word.opens]
    return len(longer) >= _HEADLINE_WORDS and sum(w.is_capital for w in longer) >= _HEADLINE_SHARE * len(longer)


def without_openers(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The run without words at its ends that are no part of a name: The, But, On."""
    first = 0
    while first < len(words) and (words[first].folded in name_words().sentence_words or is_time(words[first])):
        first += 1
    rest = words[first:]
    while rest and (is_time(rest[-1]) or not rest[-1].is_capital):
        rest = rest[:-1]
    return rest


def is_time(word: Word) -> bool:
    """Whether it is the name of a month or weekday."""
    return word.folded in cues().times


def is_generic(word: Word) -> bool:
    """Whether it is an office, a language or a common noun, which names nobody."""
    low = word.folded
    if low in word_list("generic") or low in word_list("languages") or is_time(word):
        return True
    return low in name_words().titles or low.removesuffix("s") in name_words().titles


def split_parts(words: tuple[Word, ...]) -> list[tuple[Word, ...]]:
    """The run cut at offices, small words, times and owners: Foreign Minister Berg of Norland -> Berg | Norland."""
    parts: list[list[Word]] = [[]]
    for word in words:
        if not word.is_capital or is_generic(word) or word.folded in name_words().sentence_words:
            parts.append([])
            continue
        parts[-1].append(word)
        if word.owns:
            parts.append([])
    return [tuple(part) for part in parts if part]


_ADJECTIVE = re.compile(r".{2,}(?:ed|ing|ant|ent|ful|ous|ive|al|ic|ary|less|able|ible|ish|wide)$")
_CONTRACTED = re.compile(r"[’'](?:ve|ll|re|d|m|t)$", re.IGNORECASE)
_ABSTRACT = re.compile(r".{2,}(?:tion|sion|ment|ness|ity|ance|ence|ship|hood|ism|ing|age|ure|logy|ics|s)$")


def is_adjective(word: Word) -> bool:
    """Whether it looks like an adjective, as headlines put before a name."""
    return _ADJECTIVE.match(word.folded) is not None


def first_word(word: Word, following: str) -> Literal["name", "unclear", "other"]:
    """Whether a sentence's first word, which the article has not, is used as a name: Berg says; Berg’s party.

    Nouns without an article are told from names by a list of common ones and by their endings.
    """
    low = word.folded
    if low in word_list("openers") or low in name_words().sentence_words or is_generic(word):
        return "other"
    if low in table("numbers") or _CONTRACTED.search(word.text):
        return "other"
    if low in name_words().men or low in name_words().women or word.is_acronym:
        return "name"
    if len(low) < 3 or _ABSTRACT.match(low) or low.removesuffix("s") in word_list("openers"):
        return "other"
    if word.owns or following in word_list("verbs") or following in cues().finite:
        return "name"
    return "unclear" if len(following) > 4 and following.endswith("ed") else "other"
