"""The patterns by which newspapers attribute speech, in the order in which they are tried (`patterns.toml`).

A pattern reads what stands beside a marked stretch. The first that finds something decides, even if it finds that
nobody can be told for certain. One that is taken out of the table is not tried.
"""

import bisect
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from .attribution import (
    UNKNOWN,
    Attribution,
    by_pattern,
    clause_cue,
    colon,
    handed_over,
    is_tag,
    last_cue,
    opening_participle,
    owned,
    reported,
    signature,
    source_at,
)
from .cues import cues
from .layout import CLOSE, MOST_WORDS, OPEN, REACH, Layout
from .marks import Stretch, final_sign
from .names import NameBook
from .phrases import Mention, is_finite_cue
from .subjects import main_subject
from .tokens import Token

_DASHES = "—–-―"
# Clauses after a stretch that are tried for ", X said": a bound, for sentences that are nothing but commas.
_MOST_CLAUSES = 8


@dataclass(frozen=True, slots=True)
class Pattern:
    """One entry of the table: an invented `example`, and the mention that speaks in it; empty if nobody is named."""

    name: str
    example: str
    speaker: str


@cache
def patterns() -> tuple[Pattern, ...]:
    """The packaged table, in its order."""
    raw = tomllib.loads(files(__package__).joinpath("patterns.toml").read_text(encoding="utf-8"))
    return tuple(Pattern(row["name"], row["example"], row["speaker"]) for row in raw["pattern"])


class Beside:
    """What stands beside one outer stretch, and what each way of reading it finds."""

    def __init__(self, layout: Layout, book: NameBook, index: int, previous: Attribution | None) -> None:
        self.layout, self.book, self.index, self.previous = layout, book, index, previous
        self.stretch: Stretch = layout.outer[index]
        opened, closed = self.stretch.opened, self.stretch.closed
        self._last = final_sign(layout.text, self.stretch)
        # The words of its sentence before it, as they stand; and those after it up to the end of the sentence, the next
        # stretch or the reach.
        self._lead = layout.masked[layout.sentence_start(opened) : opened]
        self._limit = layout.limit_after(index)
        self._end = layout.sentence_end(closed, self._limit)
        self._following = layout.words(closed, self._end)

    @cached_property
    def _is_introduced(self) -> bool:
        """Whether words right before the stretch hand over to it: X said, “ or X: “."""
        lead = self._lead.rstrip()
        if self._last == "," or not lead.endswith((",", ":")) or (CLOSE in lead[-40:] and not lead.endswith(":")):
            return False
        start = self.stretch.opened - len(self._lead)
        tail = self.layout.words(start, start + len(lead))[-8:]
        return lead.endswith(":") or any(
            is_finite_cue(tail, i) or tail[i].low in cues().participles for i in range(len(tail))
        )

    def signed(self) -> Attribution | None:
        """A dash and a name after the stretch, up to the end of the paragraph."""
        if self._is_introduced:
            return None
        words, end = self._following, self._end
        if not words or words[0].text not in _DASHES or self.layout.masked[end : end + 1] not in ("", "\n", "\r"):
            return None
        return signature(words)

    def owned(self) -> Attribution | None:
        """Words in marks that tell what somebody has said: X’s “…” remark."""
        words = self._following
        return owned(self._words_before, words) if words and words[0].low in cues().utterances else None

    def participle_before(self) -> Attribution | None:
        """A participle before the stretch, and its subject after it: Saying “…”, X left."""
        limit = min(self.layout.bounds[self.stretch.paragraph][1], self.stretch.closed + REACH)
        if self._handing_over or self._last in ".?!" or not self._lead.strip():
            return None
        end = self.layout.sentence_end(self.stretch.closed, limit)
        return opening_participle(self._words_before, self.layout.words(self.stretch.closed, end), self._last == ",")

    def clause_after(self) -> Attribution | None:
        """A clause right after the stretch that attributes it: ” X said, ” said X, ” according to X."""
        if self._is_introduced:
            return None
        words, end = self._following, self._end
        limit, masked = self._limit, self.layout.masked
        runs_on = self._last not in ",.?!…—–-"
        if words and words[0].text in ",—–-":
            words, runs_on = words[1:], False
        elif self._last == "." and not self._is_tag(words, end):
            return None
        if not words or not words[0].is_word:
            return None
        found = source_at(words, 0)
        if (
            runs_on
            and found
            and found.mention
            and (found.mention.kind == "description" or found.mention.start > words[0].start + 1)
        ):
            inverted = words[0].low in cues().inverting or words[0].low == "according"
            found = found if inverted else None
        if found and end == limit and masked[limit : limit + 1] == OPEN and self._last == ".":
            hands_over = masked[self.stretch.closed : limit].rstrip().endswith(":")
            return None if hands_over else found
        return found

    def _is_tag(self, words: list[Token], end: int) -> bool:
        masked = self.layout.masked
        if masked[end - 1 : end] == OPEN or (end == self._limit and masked[end : end + 1] == OPEN):
            return False
        return is_tag(words)

    @cached_property
    def _handing_over(self) -> list[Token]:
        """The sentence that ends in a colon before the stretch: its own, or the one before; empty if there is none."""
        at, masked = self.stretch.opened, self.layout.masked
        if self._lead.strip():
            words = self._words_before
            return words if words and words[-1].text == ":" else []
        near = max(0, at - REACH)
        lead = masked[near:at].rstrip()
        if not lead.endswith(":") or at - near - len(lead) > 6:
            return []
        end = near + len(lead)
        return self.layout.words(self.layout.sentence_start(end - 1), end)

    @cached_property
    def _words_before(self) -> list[Token]:
        at = self.stretch.opened
        return self.layout.words(at - len(self._lead), at)[-MOST_WORDS:]

    def named_by_colon(self) -> Attribution | None:
        """A name and a colon before the stretch."""
        return colon(self._handing_over, self.book) if self._handing_over else None

    def handed_over(self) -> Attribution | None:
        """A sentence that ends in a colon before the stretch."""
        return handed_over(self._handing_over, self.book) if self._handing_over else None

    def cue_before(self) -> Attribution | None:
        """A verb of speech in the sentence before the stretch; if that ends in a colon, in its last clause."""
        if self._handing_over:
            return clause_cue(self._handing_over)
        return last_cue(self._words_before) if self._lead.strip() else None

    def later(self) -> Attribution | None:
        """At the end of the sentence: ", X said" or ", according to X"."""
        limit = min(self.layout.bounds[self.stretch.paragraph][1], self.stretch.closed + REACH)
        if self._last in ".!?":
            return None
        end = self.layout.sentence_end(self.stretch.closed, limit)
        words = self.layout.words(self.stretch.closed, end)[:MOST_WORDS]
        attributing = cues().attributing
        if not any(word.low in attributing for word in words):
            return None
        places = [place for place, word in enumerate(words[:-1]) if word.text == "," or word.low == "according"]
        for place in places[:_MOST_CLAUSES]:
            found = source_at(words, place if words[place].low == "according" else place + 1)
            if found and found.cue:
                return by_pattern(found, "X said later")
        return None

    def carried(self) -> Attribution | None:
        """The speaker before goes on: nothing but the attribution, or nothing at all, stands between."""
        layout, stretch = self.layout, self.stretch
        before = layout.outer[max(0, self.index - 1)]
        if self._lead.strip(" (\n\t"):
            return None
        if stretch.paragraph == before.paragraph and self.index:
            return self._carried_within(before)
        if stretch.opened > layout.bounds[stretch.paragraph][0] + 1:
            return self._reported(bisect.bisect_left(layout.starts, stretch.opened) - 1)
        earlier = bisect.bisect_left(layout.starts, layout.bounds[stretch.paragraph][0]) - 1
        is_next = stretch.paragraph - before.paragraph == 1
        if is_next and before.is_closed and final_sign(layout.text, before) == "?":
            return by_pattern(UNKNOWN, "carried over")
        if is_next and (before.closed > layout.starts[earlier] or self._is_attributed_from(layout.starts[earlier])):
            return by_pattern(self.previous, "carried over")
        return self._reported(earlier)

    def _is_attributed_from(self, start: int) -> bool:
        """Whether the words that attribute the stretch before stand at `start` or after."""
        return self.previous is not None and self.previous.cue is not None and self.previous.cue[0] >= start

    def _carried_within(self, before: Stretch) -> Attribution | None:
        """In the same paragraph: the speaker goes on after the attribution, or is reported in the sentence between."""
        last = bisect.bisect_left(self.layout.starts, self.stretch.opened) - 1
        start = self.layout.starts[last]
        if start < before.closed or self._is_attributed_from(start):
            asks = self._asks_somebody(before)
            return by_pattern(UNKNOWN if asks else self.previous, "carried within")
        return self._reported(last)

    def _asks_somebody(self, before: Stretch) -> bool:
        """Whether the speaker before asked somebody, so that an answer may follow."""
        previous = self.previous
        if previous is None or previous.cue is None or previous.mention is None:
            return False
        if self.layout.text[slice(*previous.cue)].lower() not in cues().asking:
            return False
        rest = self.layout.words(max(previous.cue[1], previous.mention.end), self.stretch.opened)
        if any(word.is_word for word in rest):
            return rest[0].is_word and rest[0].low not in cues().prepositions
        return final_sign(self.layout.text, before) == "?" and not self._goes_on_about(previous.mention)

    def _goes_on_about(self, mention: Mention) -> bool:
        """Whether the next sentence of the paragraph is about the one who has spoken before."""
        layout = self.layout
        index = bisect.bisect_left(layout.starts, self.stretch.closed)
        if index == len(layout.starts) or layout.starts[index] >= layout.bounds[self.stretch.paragraph][1]:
            return False
        start = layout.starts[index]
        subject = main_subject(layout.words(start, min(layout.ends[index], start + REACH)))
        if subject is None or subject.kind == "description":
            return False
        if subject.kind == "pronoun" and mention.kind == "name":
            gender = self.book.gender(self.book.fullest(mention.text, mention.title))
            return subject.text.lower() in cues().gendered and gender in (None, subject.text.lower())
        return self.book.fullest(subject.text).lower() == self.book.fullest(mention.text).lower()

    def _reported(self, index: int) -> Attribution | None:
        if index < 0:
            return None
        start = self.layout.starts[index]
        return reported(self.layout.words(start, min(self.layout.ends[index], start + REACH)))


_Reader = Callable[[Beside], Attribution | None]

# Where each pattern reads. Patterns of one place exclude one another.
_READERS: dict[str, _Reader] = {
    "X’s remark": Beside.owned,
    "signature": Beside.signed,
    "said X after": Beside.clause_after,
    "X said after": Beside.clause_after,
    "according to after": Beside.clause_after,
    "colon": Beside.named_by_colon,
    "handed over": Beside.handed_over,
    "X said before": Beside.cue_before,
    "X saying before": Beside.cue_before,
    "said by X before": Beside.cue_before,
    "according to before": Beside.cue_before,
    "saying before X": Beside.participle_before,
    "X said later": Beside.later,
    "carried within": Beside.carried,
    "carried over": Beside.carried,
    "reported": Beside.carried,
}


# Read after all others: it goes from the end of a text to its beginning.
_BACK = "carried back"


def attributions(layout: Layout, book: NameBook, table: Sequence[Pattern]) -> list[Attribution | None]:
    """Who says each outer stretch, in their order: the first pattern of the table that finds something decides."""
    names = [pattern.name for pattern in table]
    readers = [(name, _READERS[name]) for name in names if name != _BACK]
    found: list[Attribution | None] = []
    previous: Attribution | None = None
    for index in range(len(layout.outer)):
        said = _first(readers, Beside(layout, book, index, previous))
        found.append(said)
        # Who signs has ended.
        previous = said if said and said.mention and said.pattern != "signature" else None
    return _carried_back(layout, found) if _BACK in names else found


def _carried_back(layout: Layout, found: list[Attribution | None]) -> list[Attribution | None]:
    """A speaker named only at the end of a quotation over several paragraphs: each opens, and only the last closes."""
    for index in range(len(found) - 2, -1, -1):
        stretch, following = layout.outer[index], layout.outer[index + 1]
        goes_on = not stretch.is_closed and stretch.closed == layout.bounds[stretch.paragraph][1]
        is_next = following.paragraph == stretch.paragraph + 1
        reopens = is_next and following.opened == layout.bounds[following.paragraph][0]
        if found[index] is None and goes_on and reopens:
            found[index] = by_pattern(found[index + 1], _BACK)
    return found


def _first(readers: list[tuple[str, _Reader]], beside: Beside) -> Attribution | None:
    read: dict[_Reader, Attribution | None] = {}
    for name, reader in readers:
        if reader not in read:
            read[reader] = reader(beside)
        found = read[reader]
        if found is not None and found.pattern == name:
            return found
    return None
