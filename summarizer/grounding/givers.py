"""Who gives and who gets: "would grant the union access to the quay in return for 40 million crowns".

Read from the few forms in which newsrooms write an exchange. Where none of them stands, nothing is said.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from .wordlists import word_set

# Words between the giving verb and the end of what is given, in characters: one clause of a newspaper.
_REACH = 200
_GIVEN = re.compile(rf"(?![’'\w])\s+(.{{1,{_REACH}}})", re.DOTALL)
_EXCHANGE = re.compile(r"\b(?:in exchange for|in return for)\b", re.IGNORECASE)
_END = re.compile(r"[.;:]\s|[.;:]$|\bin exchange\b|\bin return\b|, (?:while|but|and|which|who)\b", re.IGNORECASE)
_REFUSED = re.compile(
    r"\b(?:not|never|no|nor|neither|without|refus\w+|declin\w+|reject\w+|rul\w+ out)\b|n[’']t\b", re.I
)
_NEAR = 40  # characters before the verb
_ANOTHER = re.compile(r"[a-z]+s (?:\d|an? |the |up to |about )")
# Share of a term's words that have to stand in what the article says is given.
_SAME = 0.6


@dataclass(frozen=True, slots=True)
class Exchange:
    """What `receiver` gets (`thing`), and what it gives for that (`price`), in the article's words; empty if untold."""

    receiver: str
    thing: str
    price: str


def find_exchanges(text: str, names: Iterable[str]) -> Iterator[Exchange]:
    """The exchanges in a stretch of an article in which one of `names` gets something."""
    # Where a verb stands, and where the name of who gets something would: after "the", or right after the verb.
    places = [(verb.start(), at) for verb in _giving().finditer(text) for at in (verb.end(), verb.end(1))]
    for name in names:
        reached = 0
        for start, at in places:
            given = _GIVEN.match(text, at + len(name)) if start >= reached and text.startswith(name, at) else None
            if given is None:
                continue
            clause, reached = given.group(1), given.end()
            # "Refused to grant", "will never give"; "pay Norland workers 40 million", which Norland does not get.
            if _REFUSED.search(text, max(0, start - _NEAR), start) or _ANOTHER.match(clause):
                continue
            end = _END.search(clause)
            exchange = _EXCHANGE.search(clause)
            price = clause[exchange.end() :] if exchange else ""
            stop = _END.search(price)
            yield Exchange(name, clause[: end.start()] if end else clause, price[: stop.start()] if stop else price)


@cache
def _giving() -> re.Pattern[str]:
    return re.compile(rf"\b((?:{'|'.join(sorted(word_set('giving')))})\s+)(?:the\s+)?")


def same_thing(gives: str, told: str) -> bool:
    """Whether most words of a term stand in what the article says is given, and all of its numbers."""
    wanted, given = _words(gives), _words(told)
    numbers = {word for word in wanted if word[0].isdigit()}
    return bool(wanted) and numbers <= given and len(wanted & given) >= _SAME * len(wanted)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W_]+", text.lower()) if len(word) > 3 or word.isdigit()}
