"""The patterns by which newspapers attribute speech. For the order in which they are tried see `quotations`."""

import bisect
from dataclasses import dataclass

from .cues import cues
from .layout import CLOSE, MOST_WORDS, OPEN, REACH, Layout
from .marks import Stretch, final_sign
from .names import NameBook
from .phrases import Mention, is_finite_cue, main_subject, name_before, phrase_starting, subject_before
from .tokens import Token, is_name_word, run_end
from .utterances import (
    agent,
    is_anothers,
    is_conditional,
    is_passive,
    is_somebody,
    is_somebody_elses,
    is_unsaid,
    joined_before,
    object_before,
    tells_on,
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """A speaker, and start and end of the words that attribute, if there are any.

    Without a mention the text does attribute, and not to anybody who can be told for certain.
    """

    mention: Mention | None
    cue: tuple[int, int] | None


_UNKNOWN = Attribution(None, None)


class Attributor:
    """Finds who says the stretches of one text."""

    def __init__(self, layout: Layout, book: NameBook) -> None:
        self.text, self.masked = layout.text, layout.masked
        self.outer, self.bounds = layout.outer, layout.bounds
        self.starts, self.ends = layout.starts, layout.ends
        self.layout, self.book = layout, book

    def attributions(self) -> list[Attribution | None]:
        """One for each outer stretch, in their order."""
        found: list[Attribution | None] = []
        previous: Attribution | None = None
        for index in range(len(self.outer)):
            own = self._after(index) if not self._introduced(index) else None
            own = own or self._before(index) or self._later(index)
            said = own or self._carried(index, previous)
            found.append(said)
            previous = said if said and said.mention else None
        return found

    def _introduced(self, index: int) -> bool:
        """Whether words right before the stretch hand over to it: X said, “ or X: “."""
        stretch = self.outer[index]
        start = self.layout.sentence_start(stretch.opened)
        lead = self.masked[start : stretch.opened].rstrip()
        if (
            final_sign(self.text, stretch) == ","
            or not lead.endswith((",", ":"))
            or (CLOSE in lead[-40:] and not lead.endswith(":"))
        ):
            return False
        tail = self.layout.words(start, start + len(lead))[-8:]
        return lead.endswith(":") or any(
            is_finite_cue(tail, i) or tail[i].low in cues().participles for i in range(len(tail))
        )

    def _after(self, index: int) -> Attribution | None:
        stretch = self.outer[index]
        limit = self.layout.limit_after(index)
        end = self.layout.sentence_end(stretch.closed, limit)
        words = self.layout.words(stretch.closed, end)
        last = final_sign(self.text, stretch)
        if words and words[0].text in "—–-―":
            signature = self._signature(words, end)
            if signature:
                return signature
        runs_on = last not in ",.?!…—–-"
        if words and words[0].text in ",—–-":
            words, runs_on = words[1:], False
        elif last == "." and not self._is_tag(words, end, limit):
            return None
        if not words or not words[0].is_word:
            return None
        found = self._source_at(words, 0)
        if (
            runs_on
            and found
            and found.mention
            and (found.mention.kind == "description" or found.mention.start > words[0].start + 1)
        ):
            inverted = words[0].low in cues().inverting or words[0].low == "according"
            found = found if inverted else None
        hands_over = self.masked[stretch.closed : limit].rstrip().endswith(":")
        if found and end == limit and self.masked[limit : limit + 1] == OPEN and hands_over and last == ".":
            return None
        return found

    def _signature(self, words: list[Token], end: int) -> Attribution | None:
        """A dash and a name, up to the end of the paragraph: “…” — Jane Doe."""
        inner = [word for word in words[1:] if word.text != "."]
        if not inner or not inner[0].is_capital or len(inner) > 6 or self.masked[end : end + 1] not in ("", "\n", "\r"):
            return None
        mention = phrase_starting(inner, 0)
        if mention is None or mention.kind != "name" or mention.end < inner[-1].start:
            return None
        return Attribution(mention, None)

    def _is_tag(self, words: list[Token], end: int, limit: int) -> bool:
        """Whether a new sentence after a full stop is nothing but "X said"."""
        if self.masked[end - 1 : end] == OPEN or (end == limit and self.masked[limit : limit + 1] == OPEN):
            return False
        plain = [word for word in words if word.is_word]
        return (2 <= len(plain) <= 5 and plain[-1].low in cues().inverting) or (
            2 <= len(plain) <= 6 and bool(words) and words[0].low in cues().inverting and not words[0].is_capital
        )

    def _source_at(self, words: list[Token], first: int) -> Attribution | None:
        """X said / said X / according to X, from index `first` on."""
        known = cues()
        if first >= len(words):
            return None
        head = words[first]
        if head.low == "according" and first + 1 < len(words) and words[first + 1].low == "to":
            mention = phrase_starting(words, first + 2)
            return Attribution(mention, (head.start, words[first + 1].end)) if mention else None
        if head.low == "as":
            first += 1
            if first >= len(words):
                return None
            head = words[first]
        if head.low in known.inverting and not head.is_capital:
            mention = phrase_starting(words, first + 1)
            return _judged(words, first, mention, (head.start, head.end)) if mention else None
        if head.low in known.prepositions | known.relative | known.joining:
            return None
        rest = words[first:]
        for place in range(1, min(len(rest), 40)):
            if rest[place].text in ";:":
                break
            if is_finite_cue(rest, place):
                mention = subject_before(rest, place)
                if mention is not None and self._begins(rest, place, mention):
                    cue = rest[place].start, rest[place].end
                    return _UNKNOWN if tells_on(rest, place) else _judged(rest, place, mention, cue)
                if mention is not None and mention.kind != "description":
                    return None
        return None

    def _begins(self, words: list[Token], verb: int, mention: Mention) -> bool:
        """Whether the words up to the verb are the subject and insertions, so that the clause only attributes."""
        known = cues()
        before = [word for word in words[:verb] if word.start < mention.start]
        if any(is_finite_cue(words, i) for i in range(1, len(before))):
            return False
        return not any(word.low in known.relative | {"and", "but", "is", "was", "are", "were"} for word in before)

    def _before(self, index: int) -> Attribution | None:
        stretch = self.outer[index]
        start = self.layout.sentence_start(stretch.opened)
        lead = self.masked[start : stretch.opened]
        if not lead.strip():
            return self._handed_over(index)
        words = self.layout.words(start, stretch.opened)[-MOST_WORDS:]
        if words and words[-1].text == ":":
            return self._colon(words) or self._led_by(words)
        return self._last_cue(words)

    def _handed_over(self, index: int) -> Attribution | None:
        """The sentence before ends in a colon, in the same paragraph or the one before."""
        stretch = self.outer[index]
        near = max(0, stretch.opened - REACH)
        lead = self.masked[near : stretch.opened].rstrip()
        if not lead.endswith(":") or stretch.opened - near - len(lead) > 6:
            return None
        colon = near + len(lead)
        words = self.layout.words(self.layout.sentence_start(colon - 1), colon)
        return self._colon(words) or self._led_by(words)

    def _led_by(self, words: list[Token]) -> Attribution | None:
        """A sentence that hands over with a colon: its last clause speaks, else its subject does."""
        comma = max((i for i, word in enumerate(words) if word.text in ",;"), default=-1)
        found = self._last_cue(words)
        if found and (found.cue is None or comma < 0 or found.cue[0] > words[comma].start):
            return found
        if is_anothers(words, comma):
            return _UNKNOWN
        subject = main_subject(words)
        if subject is not None and (
            subject.kind == "pronoun" or (subject.kind == "name" and self.book.is_person(subject.text))
        ):
            return Attribution(subject, found.cue if found and found.mention == subject else None)
        return found

    def _colon(self, words: list[Token]) -> Attribution | None:
        """X: “…”, with nothing but the name before the colon."""
        inner = words[:-1] if words and words[-1].text == ":" else words
        if (
            not inner
            or inner[0].low in cues().bare
            or len(inner) > 6
            or any(is_finite_cue(inner, i) for i in range(len(inner)))
        ):
            return None
        mention = phrase_starting(inner, 0)
        if mention is None or mention.kind != "name" or mention.end != inner[-1].end:
            return None
        if " " not in mention.text and not self.book.is_person(mention.text):
            return None
        return Attribution(mention, None)

    def _last_cue(self, words: list[Token]) -> Attribution | None:
        """The nearest verb of speech before the stretch; one in a side clause only if there is no other."""
        known = cues()
        aside: Attribution | None = None
        for place in range(len(words) - 1, -1, -1):
            token = words[place]
            if token.low not in known.attributing:
                continue
            mention: Mention | None = None
            cue = token.start, token.end
            by = agent(words, place)
            if token.low == "according" and place + 1 < len(words) and words[place + 1].low == "to":
                mention, cue = phrase_starting(words, place + 2), (token.start, words[place + 1].end)
            elif token.low in known.participles and not token.is_capital:
                if is_unsaid(words, place) or is_somebody_elses(words, place):
                    return _UNKNOWN
                mention = self._participle_subject(words, place)
            elif by is not None:
                mention = by
            elif place and words[place - 1].low in known.passive - {"'s", "’s"} and token.low in known.addressing:
                return _UNKNOWN
            elif is_passive(words, place):
                if words[place + 1].low != "by":
                    return None
                mention = phrase_starting(words, place + 2)
            elif place and is_finite_cue(words, place):
                mention = subject_before(words, place) or main_subject(words[:place])
                if token.low in known.reporting and words[-1].text not in ",:":
                    continue
                if mention and is_anothers(words, place):
                    return _UNKNOWN
                is_last = all(not word.is_word for word in words[place + 1 :])
                if mention and words[place - 1].low in known.relative and not is_last:
                    aside = aside or Attribution(mention, cue)
                    continue
            if mention:
                return _judged(words, place, mention, cue)
        return aside

    def _participle_subject(self, words: list[Token], place: int) -> Mention | None:
        """Who is "saying": the name right before, else the subject of the sentence."""
        beside = name_before(words, place) or object_before(words, place)
        if beside is not None:
            return beside
        subject = main_subject(words[:place])
        if subject is not None and subject.kind != "description":
            return subject
        for earlier in range(place - 1, 0, -1):
            if is_finite_cue(words, earlier):
                return subject_before(words, earlier) or subject
        return subject

    def _later(self, index: int) -> Attribution | None:
        """At the end of the sentence: ", X said" or ", according to X"."""
        stretch = self.outer[index]
        limit = min(self.bounds[stretch.paragraph][1], stretch.closed + REACH)
        if final_sign(self.text, stretch) in ".!?":
            return None
        end = self.layout.sentence_end(stretch.closed, limit)
        words = self.layout.words(stretch.closed, end)[:MOST_WORDS]
        for place, word in enumerate(words[:-1]):
            if word.text == "," or (word.low == "according"):
                found = self._source_at(words, place if word.low == "according" else place + 1)
                if found and found.cue:
                    return found
        return None

    def _carried(self, index: int, previous: Attribution | None) -> Attribution | None:
        """The speaker before goes on: nothing but the attribution, or nothing at all, stands between."""
        stretch, before = self.outer[index], self.outer[max(0, index - 1)]
        start = self.layout.sentence_start(stretch.opened)
        if self.masked[start : stretch.opened].strip(" (\n\t"):
            return None
        if stretch.paragraph == before.paragraph and index:
            return self._carried_within(index, previous)
        if stretch.opened > self.bounds[stretch.paragraph][0] + 1:
            return None
        earlier = bisect.bisect_left(self.starts, self.bounds[stretch.paragraph][0]) - 1
        is_answer = before.is_closed and final_sign(self.text, before) == "?"
        if is_answer and stretch.paragraph - before.paragraph == 1:
            return _UNKNOWN
        if stretch.paragraph - before.paragraph == 1 and (
            before.closed > self.starts[earlier]
            or (previous and previous.cue and previous.cue[0] > self.starts[earlier])
        ):
            return previous
        return self._reported(earlier)

    def _carried_within(self, index: int, previous: Attribution | None) -> Attribution | None:
        """In the same paragraph: the speaker goes on after the attribution, or is reported in the sentence between."""
        stretch, before = self.outer[index], self.outer[index - 1]
        last = bisect.bisect_left(self.starts, stretch.opened) - 1
        start = self.starts[last]
        if start < before.closed or (previous and previous.cue and previous.cue[0] >= start):
            return _UNKNOWN if self._asks_somebody(before, previous, stretch.opened) else previous
        return self._reported(last)

    def _asks_somebody(self, before: Stretch, previous: Attribution | None, until: int) -> bool:
        """Whether the speaker before asked somebody whom the text names, so that an answer may follow."""
        if previous is None or previous.cue is None or previous.mention is None:
            return False
        asked = self.text[slice(*previous.cue)].lower() in cues().asking
        rest = self.layout.words(max(previous.cue[1], previous.mention.end), until)
        return asked and bool(rest) and rest[0].is_word and rest[0].low not in cues().prepositions

    def _reported(self, index: int) -> Attribution | None:
        """The subject of a sentence that reports speech without marks: "Doe said the plan would fail."."""
        start = self.starts[index]
        words = self.layout.words(start, min(self.ends[index], start + REACH))
        subject = main_subject(words)
        if subject is None or subject.kind == "description":
            return None
        for place in range(1, len(words)):
            if is_finite_cue(words, place) and subject_before(words, place) == subject:
                cue = words[place].start, words[place].end
                return None if words[place].low in cues().asking else _judged(words, place, subject, cue)
        return None


def _judged(words: list[Token], place: int, mention: Mention, cue: tuple[int, int]) -> Attribution:
    """The attribution by the verb at index `place`, unless it says that nobody or not one alone has spoken."""
    first = next((i for i, word in enumerate(words) if word.start >= mention.start), 0)
    last = next((i for i, word in enumerate(words) if word.end >= mention.end), len(words) - 1)
    if is_unsaid(words, place) or is_conditional(words, first) or not is_somebody(words[first : last + 1], mention):
        return _UNKNOWN
    begin = joined_before(words, first)
    if begin < first:
        together = Mention(words[begin].start, mention.end, _spelt(words[begin : last + 1]), "description")
        return Attribution(together, cue)
    if last + 2 < len(words) and words[last + 1].low in ("and", "or") and is_name_word(words[last + 2]):
        end = run_end(words, last + 2)
        together = Mention(mention.start, words[end].end, _spelt(words[first : end + 1]), "description")
        return Attribution(together, cue)
    return Attribution(mention, cue)


def _spelt(words: list[Token]) -> str:
    return " ".join(word.text for word in words)
