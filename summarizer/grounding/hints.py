"""Words that hint at what a section of the brief collects: a deal, a doubt. The words are data of the kind of brief."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from .wordlists import word_set

MONEY = re.compile(
    r"(?:(?:US|A|C|NZ)?[$€£¥]\s?\d[\d.,]*\d|(?:US|A|C|NZ)?[$€£¥]\s?\d)(?:\s?(?:million|billion|trillion|bn|m)\b)?"
    r"|\b\d[\d.,]*\s(?:million|billion|trillion)\b(?:\s[a-z]+s\b)?"
    # The same in German, French, Spanish, Ukrainian and Russian.
    r"|\b\d[\d.,]*\s(?:Million(?:en)?|Milliarden?|Mio\.?|Mrd\.?|millions|milliards?|mil\smillones|millón|millones"
    r"|мільйон\w*|мільярд\w*|миллион\w*|миллиард\w*|млн\.?|млрд\.?)(?!\w)(?:\s(?:de\s|d[’'])?[^\W\d_]+)?"
)


@dataclass(frozen=True, slots=True)
class Hints:
    """Words, in lower case, that hint at a section: one of `strong`, or one of `weak` beside another or a sum.

    Those of `empty` hint at nothing where a sentence ends with them.

    `titled` is the field that takes the words from a strong one on, where code can find no better ones.
    `settles` gives, for a strong word, the (field, value) that it settles, `starts` the (field, words) with which the
    model's words begin.
    """

    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    titled: str = ""
    settles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    starts: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Hints":
        """From a table of a kind's `hints.toml`."""
        settles, starts = (
            {
                word: (name, value)
                for name, values in table.get(part, {}).items()
                for value, words in values.items()
                for word in words
            }
            for part in ("settles", "starts")
        )
        strong, empty = (*table["strong"], *settles), tuple(table.get("empty", ()))
        return cls(strong, tuple(table["weak"]), empty, table.get("titled", ""), settles, starts)

    def score(self, sentence: str) -> int:
        """How strongly a sentence hints: 0 is not at all."""
        low = sentence.lower()
        if low.rstrip(" .!\"'’”").endswith(self.empty):
            return 0
        # Mostly a word is not there at all, and to call nothing for it takes a third of the time.
        strong = sum(_has(word, low) for word in self.strong if word in low)
        weak = sum(_has(word, low) for word in self.weak if word in low)
        money = _has_money(sentence)
        return 2 * (strong + money) + weak if strong or (weak and weak + money > 1) else 0

    def phrase(self, sentence: str) -> str:
        """The first strong words in the sentence and what follows them in their clause; empty if there are none."""
        places = [place for word in self.strong if (place := _place(word, sentence.lower())) is not None]
        if not places:
            return ""
        rest = sentence[min(places) :]
        stop = re.search(r"[,;.:“”]", rest[12:])
        return rest[: 12 + stop.start()] if stop else rest

    def opening(self, phrase: str) -> tuple[str, str]:
        """The strong words with which a phrase begins and how a question about them begins; both empty without one."""
        low = phrase.lower()
        word = max((word for word in self.starts if low.startswith(word)), key=len, default="")
        return (word, self.starts[word][1]) if word else ("", "")

    def settled(self, sentence: str) -> dict[str, str]:
        """The values of fields that the sentence's words settle."""
        return _told(self.settles, sentence)

    def started(self, sentence: str) -> dict[str, str]:
        """The words with which fields begin; a question that the sentence itself asks goes before the table's."""
        asked = self._asked(sentence)
        return _told(self.starts, sentence) | ({next(iter(self.starts.values()))[0]: asked} if asked else {})

    def _asked(self, sentence: str) -> str:
        """The first two words of a question in it: "Who had" of "It is not clear who had fired"; empty without one."""
        if not self.starts:
            return ""
        found = next((match for form in _asking(self.strong) if (match := form.search(sentence))), None)
        if found is None:
            return ""
        return found[1][0].upper() + found[1][1:]


@cache
def _asking(strong: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of a question beside strong words."""
    words = "|".join(map(re.escape, strong))
    seconds = "|".join(sorted(word_set("auxiliaries") | {"long", "many", "much"}))
    asked = rf"((?:who|what|when|where|why|how) (?:{seconds}))\b"
    forms = (rf"^{asked}[^,]*\b(?:{words})\b", rf"\b(?:{words}) (?:\w+ )?{asked}")
    return re.compile(forms[0], re.IGNORECASE), re.compile(forms[1], re.IGNORECASE)


@lru_cache(maxsize=1024)
def _has_money(sentence: str) -> bool:
    """Whether it has a sum; every table of hints asks that of the same sentences."""
    return bool(MONEY.search(sentence))


def _told(table: Mapping[str, tuple[str, str]], sentence: str) -> dict[str, str]:
    """What the words in the sentence tell; of two that tell different things, the one listed first."""
    low = sentence.lower()
    return dict(pair for word, pair in reversed(list(table.items())) if word in low and _has(word, low))


def _has(phrase: str, low: str) -> bool:
    return _place(phrase, low) is not None


def _place(phrase: str, low: str) -> int | None:
    if phrase not in low:  # nearly always, and told ten times as fast
        return None
    found = re.search(rf"\b{re.escape(phrase)}\b", low)
    return found.start() if found else None
