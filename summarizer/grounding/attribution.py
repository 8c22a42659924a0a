"""What the words beside a marked stretch say of who speaks. Each function reads the words of one sentence.

Which pattern is tried for which stretch, and in which order, is told in `patterns`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from .cues import cues
from .names import NameBook
from .phrases import Mention, is_finite_cue, name_before, phrase_starting
from .subjects import main_subject, subject_before
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
    """A speaker, start and end of the words that attribute, if there are any, and the name of the pattern.

    Without a mention the text does attribute, and not to anybody who can be told for certain.
    """

    mention: Mention | None
    cue: tuple[int, int] | None
    pattern: str = ""


UNKNOWN = Attribution(None, None)


def by_pattern(found: Attribution | None, name: str) -> Attribution | None:
    """The same attribution as one that the pattern `name` has found."""
    return Attribution(found.mention, found.cue, name) if found else None


def signature(words: list[Token]) -> Attribution | None:
    """A dash and a name, and nothing else: “…” — Jane Doe."""
    inner = [word for word in words[1:] if word.text != "."]
    if not inner or not inner[0].is_capital or len(inner) > 6:
        return None
    mention = phrase_starting(inner, 0)
    if mention is None or mention.kind != "name" or mention.end < inner[-1].start:
        return None
    return Attribution(mention, None, "signature")


def is_tag(words: list[Token]) -> bool:
    """Whether a new sentence after a full stop is nothing but "X said"."""
    plain = [word for word in words if word.is_word]
    return (2 <= len(plain) <= 5 and plain[-1].low in cues().inverting) or (
        2 <= len(plain) <= 6 and bool(words) and words[0].low in cues().inverting and not words[0].is_capital
    )


def source_at(words: list[Token], first: int) -> Attribution | None:
    """X said / said X / according to X, from index `first` on."""
    known = cues()
    if first >= len(words):
        return None
    head = words[first]
    if head.low == "according" and first + 1 < len(words) and words[first + 1].low == "to":
        mention = phrase_starting(words, first + 2)
        return Attribution(mention, (head.start, words[first + 1].end), "according to after") if mention else None
    if head.low == "as":
        first += 1
        if first >= len(words):
            return None
        head = words[first]
    if head.low in known.inverting and not head.is_capital:
        mention = phrase_starting(words, first + 1)
        found = judged(words, first, mention, (head.start, head.end)) if mention else None
        return by_pattern(found, "said X after")
    if head.low in known.prepositions or head.low in known.relative or head.low in known.joining:
        return None
    return by_pattern(_subject_at(words[first:]), "X said after")


def _subject_at(words: list[Token]) -> Attribution | None:
    """X said, from the first word on."""
    for place in range(1, min(len(words), 40)):
        word = words[place]
        if word.text in ";:":
            break
        if word.low in cues().attributing and is_finite_cue(words, place):
            mention = subject_before(words, place)
            # "He “respects” Berg and said": the name is the object of what is before it.
            joined = [each.low for each in words[:place] if mention and each.start >= mention.end]
            if mention is not None and joined in (["and"], ["but"]):
                return None
            if mention is not None and _begins(words, place, mention):
                cue = words[place].start, words[place].end
                return UNKNOWN if tells_on(words, place) else judged(words, place, mention, cue)
            if mention is not None and mention.kind != "description":
                return None
    return None


def _begins(words: list[Token], verb: int, mention: Mention) -> bool:
    """Whether the words up to the verb are the subject and insertions, so that the clause only attributes."""
    known = cues()
    before = [word for word in words[:verb] if word.start < mention.start]
    if any(is_finite_cue(words, i) for i in range(1, len(before))):
        return False
    others = ("and", "but", "is", "was", "are", "were")
    return not any(word.low in known.relative or word.low in others for word in before)


def colon(words: list[Token], book: NameBook) -> Attribution | None:
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
    if " " not in mention.text and not book.is_person(mention.text):
        return None
    return Attribution(mention, None, "colon")


def handed_over(words: list[Token], book: NameBook) -> Attribution | None:
    """A sentence that hands over with a colon and has no verb of speech in its last clause: its subject speaks."""
    comma = _last_comma(words)
    found = last_cue(words)
    if is_anothers(words, comma):
        return by_pattern(UNKNOWN, "handed over")
    subject = _pronoun_opening(words[comma + 1 :]) or main_subject(words)
    if subject is not None and (subject.kind == "pronoun" or (subject.kind == "name" and book.is_person(subject.text))):
        found = Attribution(subject, found.cue if found and found.mention == subject else None)
    return by_pattern(found, "handed over")


def clause_cue(words: list[Token]) -> Attribution | None:
    """The verb of speech in the last clause of a sentence that hands over with a colon: "Asked why, Doe said:"."""
    comma, found = _last_comma(words), last_cue(words)
    return found if found and (found.cue is None or comma < 0 or found.cue[0] > words[comma].start) else None


def _last_comma(words: list[Token]) -> int:
    return max((i for i, word in enumerate(words) if word.text in ",;"), default=-1)


def _pronoun_opening(clause: list[Token]) -> Mention | None:
    """The pronoun with which a last clause begins that has a subject of its own: "…, so she gave in:"."""
    rest = clause
    while rest and rest[0].low in ("and", "but", "so", "that", "then"):
        rest = rest[1:]
    if len(rest) > 2 and rest[0].low in cues().personal and rest[0].low != "it":
        return Mention(rest[0].start, rest[0].end, rest[0].text, "pronoun")
    return None


def last_cue(words: list[Token]) -> Attribution | None:
    """The nearest verb of speech before the stretch; one in a side clause only if there is no other."""
    aside: Attribution | None = None
    attributing = cues().attributing
    for place in range(len(words) - 1, -1, -1):
        if words[place].low not in attributing:
            continue
        way = next((way for way in _WAYS if way.is_it(words, place)), None)
        reading = way.read(words, place) if way else None
        if way is None or reading is None:
            continue
        said = by_pattern(reading.said, way.pattern)
        if not reading.is_aside:
            return said
        aside = aside or said
    return aside


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the words around one verb of speech tell; no earlier verb is asked then, but for one in a side clause."""

    said: Attribution | None
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to attribute what follows: `is_it` tells whether the word at an index does so, `read` what it tells."""

    pattern: str
    is_it: Callable[[list[Token], int], bool]
    read: Callable[[list[Token], int], _Reading | None]


_MADE_KNOWN = frozenset(("announced", "proposed", "promised", "pledged", "recommended", "reported", "suggested"))


def _is_according_to(words: list[Token], place: int) -> bool:
    return words[place].low == "according" and place + 1 < len(words) and words[place + 1].low == "to"


def _according_to(words: list[Token], place: int) -> _Reading | None:
    cue = words[place].start, words[place + 1].end
    return _judged_reading(words, place, phrase_starting(words, place + 2), cue)


def _is_participle(words: list[Token], place: int) -> bool:
    return words[place].low in cues().participles and not words[place].is_capital


def _saying(words: list[Token], place: int) -> _Reading | None:
    if is_unsaid(words, place) or is_somebody_elses(words, place):
        return _Reading(UNKNOWN)
    return _judged_reading(words, place, _participle_subject(words, place))


def _has_agent(words: list[Token], place: int) -> bool:
    return agent(words, place) is not None


def _said_by(words: list[Token], place: int) -> _Reading | None:
    reading = _judged_reading(words, place, agent(words, place))
    return replace(reading, is_aside=True) if reading and _is_of_a_thing(words, place) else reading


def _is_of_a_thing(words: list[Token], place: int) -> bool:
    """Whether a participle tells who made known what the quotation speaks of, and somebody says so before it: "Doe said
    that a deal announced by Roe “would hold”"."""
    if words[place].low not in _MADE_KNOWN or words[place - 1].low in cues().passive:
        return False
    thats = [at for at in range(place) if words[at].low == "that"]
    if not thats or any(word.text in (";", ":") or word.low in ("but", "and") for word in words[thats[-1] : place]):
        return False
    return any(is_finite_cue(words, at) for at in range(1, thats[-1]))


def _is_addressed(words: list[Token], place: int) -> bool:
    """Whether it was said to the subject: "Doe was told"."""
    is_told = place > 0 and words[place - 1].low in cues().passive - {"'s", "’s"}
    return is_told and words[place].low in cues().addressing


def _told_by_nobody(_: list[Token], __: int) -> _Reading:
    return _Reading(UNKNOWN)


def _described(words: list[Token], place: int) -> _Reading | None:
    """Who describes; without a "by" nobody is told, whatever stands before."""
    if words[place + 1].low != "by":
        return _Reading(None)
    return _judged_reading(words, place, phrase_starting(words, place + 2))


def _is_finite(words: list[Token], place: int) -> bool:
    return place > 0 and is_finite_cue(words, place)


def _said(words: list[Token], place: int) -> _Reading | None:
    subject = subject_before(words, place) or main_subject(words[:place])
    if subject is None or (words[place].low in cues().reporting and words[-1].text not in ",:"):
        return None
    if is_anothers(words, place):
        return _Reading(UNKNOWN)
    is_last = not any(word.is_word for word in words[place + 1 :])
    if words[place - 1].low in cues().relative and not is_last:
        return _Reading(Attribution(subject, (words[place].start, words[place].end)), is_aside=True)
    return _judged_reading(words, place, subject)


def _judged_reading(
    words: list[Token], place: int, mention: Mention | None, cue: tuple[int, int] | None = None
) -> _Reading | None:
    if mention is None:
        return None
    return _Reading(judged(words, place, mention, cue or (words[place].start, words[place].end)))


# The first that fits decides how a verb of speech is read.
_WAYS = (
    _Way("according to before", _is_according_to, _according_to),
    _Way("X saying before", _is_participle, _saying),
    _Way("said by X before", _has_agent, _said_by),
    _Way("X said before", _is_addressed, _told_by_nobody),
    _Way("said by X before", is_passive, _described),
    _Way("X said before", _is_finite, _said),
)


def _participle_subject(words: list[Token], place: int) -> Mention | None:
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


def owned(before: list[Token], after: list[Token]) -> Attribution | None:
    """Nobody for certain in X’s “…” remark and her “…” claims: the words may be X's or those of who speaks of them."""
    if after[0].is_capital or (len(after) > 1 and is_name_word(after[1])):
        return None
    for word in reversed(before[-3:]):
        if word.low in ("'s", "his", "her", "their", "its"):
            return by_pattern(UNKNOWN, "X’s remark")
        if word.low in ("the", "that"):
            return by_pattern(UNKNOWN, "X’s remark") if after[0].low in cues().quips else None
        if not word.is_word or word.low in cues().determiners:
            return None
    return None


def opening_participle(before: list[Token], after: list[Token], is_closed: bool) -> Attribution | None:
    """Saying “…”, X left: the subject after the comma speaks. `is_closed`: the comma stands inside the marks."""
    known, pattern = cues(), "saying before X"
    place = 0 if before and before[0].low in known.participles else 1
    if len(before) <= place or before[place].low not in known.participles - known.reciting:
        return None
    if place and not (before[0].low in known.prepositions or before[0].low in known.openers):
        return None
    if any(is_finite_cue(before, i) or before[i].text in ",;" for i in range(len(before))):
        return None
    comma = -1 if is_closed else next((i for i, word in enumerate(after) if word.text == ","), len(after))
    subject = phrase_starting(after, comma + 1)
    if subject is None or subject.kind == "description" or subject.text.lower() == "it":
        return None
    if before[place].low in known.denials or before[0].low in ("without", "instead", "rather"):
        return by_pattern(UNKNOWN, pattern)
    return by_pattern(judged(after, comma + 1, subject, (before[place].start, before[place].end)), pattern)


def reported(words: list[Token]) -> Attribution | None:
    """Who speaks in a sentence that reports speech without marks: "Doe said the plan would fail."."""
    comma = max((i for i, word in enumerate(words) if word.text == ","), default=-1)
    if comma > 0 and is_tag(words[comma + 1 :]):
        tag = source_at(words, comma + 1)
        # ", said Doe", but not "Doe, the minister, said it was late".
        last = [word for word in words if word.is_word][-1]
        if tag and tag.mention and (tag.pattern == "X said after" or tag.mention.end == last.end):
            return _unless_asked(words, tag)
    subject = main_subject(words)
    if subject is None:
        return None
    for place in range(1, len(words)):
        if not is_finite_cue(words, place):
            continue
        mention = subject_before(words, place)
        if subject.kind == "description":
            # "Its new director, Jane Doe, said the plan would fail."
            is_named = mention is not None and mention.kind == "name" and _begins(words, place, mention)
            if mention is None or not is_named or not any(w.text == "," and w.start < mention.start for w in words):
                return None
        elif mention != subject:
            continue
        return _unless_asked(words, judged(words, place, mention, (words[place].start, words[place].end)))
    return None


def _unless_asked(words: list[Token], found: Attribution | None) -> Attribution | None:
    """The attribution by a sentence without marks, unless it is a question, which somebody else may answer."""
    if found is None or any(word.low in cues().asking and (word.start, word.end) == found.cue for word in words):
        return None
    return by_pattern(found, "reported")


def judged(words: list[Token], place: int, mention: Mention, cue: tuple[int, int]) -> Attribution:
    """The attribution by the verb at index `place`, unless it says that nobody or not one alone has spoken."""
    first = next((i for i, word in enumerate(words) if word.start >= mention.start), 0)
    last = next((i for i, word in enumerate(words) if word.end >= mention.end), len(words) - 1)
    if is_unsaid(words, place) or is_conditional(words, first) or not is_somebody(words[first : last + 1], mention):
        return UNKNOWN
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
