"""What is known of an article while its sentences are altered, and how words are replaced in a sentence."""

import random
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_MARKS = re.compile('[“”"„«»]')
# A letter that "an" stands before: not the u of "union" or "US".
_VOWEL = re.compile(r"(?!uni|use|euro|one\b|U[A-Z.])[aeiou]", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


@cache
def words(name: str) -> Any:
    """A list or table of `words.toml`."""
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))[name]


def either(names: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + ")"


@dataclass(frozen=True, eq=False)
class Setting:
    """One article: its text, and its sentences on one line each."""

    text: str
    sentences: tuple[str, ...]

    @cached_property
    def contents(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Each sentence with its longer words."""
        return tuple((sentence, frozenset(content(sentence))) for sentence in self.sentences)

    @cached_property
    def all_words(self) -> frozenset[str]:
        """Every word and number of the text, in lower case."""
        return frozenset(word.lower() for word in re.findall(r"[\d.,]*\d|[^\W\d_]+", self.text))

    def has(self, phrase: str) -> bool:
        """Whether the text has the phrase as whole words, in capitals or not."""
        return bool(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", self.text, re.IGNORECASE))


# Makes a false sentence of a true one; None where it cannot be sure of that, or of the grammar.
Alter = Callable[[str, Setting, random.Random], str | None]


def places(pattern: re.Pattern[str], sentence: str) -> list[re.Match[str]]:
    """Where the pattern stands in a sentence, outside quotation marks."""
    return [found for found in pattern.finditer(sentence) if _is_outside(sentence, found)]


def _is_outside(sentence: str, found: re.Match[str]) -> bool:
    """Whether no quotation is open before the place and none begins in it."""
    return len(_MARKS.findall(sentence[: found.start()])) % 2 == 0 and not _MARKS.search(found.group())


def replaced(sentence: str, found: re.Match[str], words: str, group: int | str = 0) -> str:
    """The sentence with other words in the place of a match (or group of it), "a" and "an" before it put right."""
    start, end = found.span(group)
    before, after = sentence[:start], sentence[end:]
    following = words.lstrip() or after.lstrip()
    if following[:1].isalpha() and (article := re.search(r"\b([Aa])n? $", before)):
        before = before[: article.start(1)] + article[1] + ("n " if _VOWEL.match(following) else " ")
    if not words:
        before, after = before.rstrip(" "), after.lstrip(" ")
        after = " " + after if before and after[:1].isalnum() else after
        after = after if before else after[:1].upper() + after[1:]
    return before + words + after


def in_case_of(model: str, words: str) -> str:
    """The words with capitals as in the model: each of "Prime Minister", the first of "Talks", none of "talks"."""
    if model[:1].islower():
        return words
    if len(model.split()) > 1 and model.rsplit(maxsplit=1)[-1][:1].isupper():
        return " ".join(w if w in ("of", "the") else w[:1].upper() + w[1:] for w in words.split())
    return words[:1].upper() + words[1:]


def content(sentence: str) -> set[str]:
    """The longer words of a sentence in lower case: what it is about."""
    return {word.lower() for word in _WORD.findall(sentence) if len(word) > 3}


def shuffled(items: Iterable[re.Match[str]], rng: random.Random) -> Iterator[re.Match[str]]:
    """The places in random order, so that not always the first one of a sentence is altered."""
    listed = list(items)
    rng.shuffle(listed)
    return iter(listed)
