"""What the words around a verb of speech say of it: whether anything was said at all, and by whom but its subject."""

from .cues import cues
from .phrases import AUXILIARIES, Mention, is_finite_cue, name_before, phrase_starting
from .tokens import Token, is_name_word, name_words, run_end, run_start


def is_passive(words: list[Token], place: int) -> bool:
    """Whether a verb that needs an object has none: "described as", "described by X as".

    In "what Doe described as" and "a deal that Doe described as" the object stands before it.
    """
    known = cues()
    if words[place].low not in known.passive_without_object or place + 1 >= len(words):
        return False
    if words[place + 1].low != "as":
        return words[place + 1].low in known.prepositions
    return not _has_object_before(words, place)


def _has_object_before(words: list[Token], place: int) -> bool:
    """Whether nothing but a subject stands between the verb at `place` and a "that", "which" or "what" before it."""
    if place < 2 or not (is_name_word(words[place - 1]) or words[place - 1].low in cues().pronouns):
        return False
    for word in reversed(words[max(0, place - 7) : place - 1]):
        if word.low in ("that", "which", "what", "whom"):
            return True
        if not word.is_word or word.low in cues().finite:
            return False
    return False


def is_somebody(inner: list[Token], mention: Mention) -> bool:
    """Whether a description can be of somebody: no number alone, no verb alone, no clause, no "all this"."""
    if mention.kind != "description":
        return True
    if inner and inner[-1].low in ("this", "that"):
        return False
    speaking = cues().speaking
    if not any(word.is_word and not word.low.isdigit() and word.low not in speaking for word in inner):
        return False
    return not any(word.low in AUXILIARIES or word.low == "having" or word.low.isdigit() for word in inner[2:])


def joined_before(words: list[Token], first: int) -> int:
    """Where a joint subject begins whose last part begins at `first`: "Doe and its minister Roe"; else `first`."""
    known, place = cues(), first - 1
    while place > 0 and first - place < 5 and words[place].low not in ("and", "or", "nor"):
        low = words[place].low
        if not words[place].is_word or low in known.finite or low in known.gendered or low == "they":
            return first
        place -= 1
    if place > 0 and words[place].low in ("and", "or", "nor") and is_name_word(words[place - 1]):
        return run_start(words, place - 1)
    return first


def is_unsaid(words: list[Token], place: int) -> bool:
    """Whether the verb at index `place` is denied or only possible: "did not say", "denied that she had said"."""
    known = cues()
    is_near = True
    for word in reversed(words[max(0, place - 8) : place]):
        if not word.is_word or word.low in ("and", "but", "or", "who"):
            return False
        if word.low in known.denials:
            return True
        is_not = word.low in known.denying or word.low.endswith(("n’t", "n't"))
        if is_near and is_not and not word.is_capital:
            return True
        is_near = is_near and (word.low in known.between or word.low.endswith("ly"))
    return False


def is_conditional(words: list[Token], first: int) -> bool:
    """Whether the clause of the subject that begins at `first` is a condition: "If Doe says", "Had Doe said"."""
    for word in reversed(words[max(0, first - 3) : first]):
        if not word.is_word:
            return False
        if word.low in cues().conditional:
            return True
    return False


def agent(words: list[Token], place: int) -> Mention | None:
    """Who speaks if the verb is in the passive and says so: "asked by Doe"; but not "said by phone"."""
    if place + 2 >= len(words) or words[place + 1].low != "by" or words[place].low not in cues().finite:
        return None
    mention = phrase_starting(words, place + 2)
    is_clear = mention and (mention.kind != "description" or words[place + 2].low in cues().determiners)
    return mention if is_clear else None


def object_before(words: list[Token], place: int) -> Mention | None:
    """Whom the sentence makes say it: "quoted Doe as saying", "accused Doe of saying"; not "was quoted by Doe as"."""
    if place < 2 or words[place - 1].low not in ("as", "of", "for"):
        return None
    mention = name_before(words, place - 1)
    if mention is None:
        return None
    first = next(i for i, word in enumerate(words) if word.start >= mention.start)
    titles, determiners = name_words().titles, cues().determiners
    while first:
        before = words[first - 1]
        if not (is_name_word(before) or before.low in titles or before.low in determiners):
            break
        first -= 1
    return None if first and words[first - 1].low in cues().prepositions else mention


def is_somebody_elses(words: list[Token], place: int) -> bool:
    """Whether a noun stands before a participle, so that it is what speaks: "held a sign saying".

    A statement that the subject lets go out is the subject's: "issued a statement saying".
    """
    known = cues()
    last = place - 1
    if last >= 1 and words[last].low in ("as", "of", "for"):
        last -= 1
        if words[last].low in known.finite or words[last].low.endswith("ed"):
            return False
    word = words[last]
    if last < 0 or not word.is_word or is_name_word(word) or word.low.endswith(("ed", "ly")):
        return False
    known_words = (known.prepositions, known.openers, known.between, known.times, known.finite, known.joining)
    if any(word.low in each for each in known_words):
        return False
    return not any(earlier.low in known.issuing for earlier in words[max(0, last - 4) : last])


def is_anothers(words: list[Token], place: int) -> bool:
    """Whether another's words follow the verb at `place`: "rejected Doe’s claim that", "cited Doe’s words:".

    What ends in "as" judges them: "described Doe’s claim as".
    """
    rest = words[place + 1 :]
    if rest and rest[-1].low == "as":
        return False
    for index in range(1, len(rest)):
        if rest[index].text in ("'s", "’s", "’", "'") and is_name_word(rest[index - 1]):
            return any(word.low in cues().utterances for word in rest[index + 1 : index + 6])
    return False


def tells_on(words: list[Token], place: int) -> bool:
    """Whether the verb at `place` reports that another says it: “…,” Doe said Roe told him."""
    if place + 2 >= len(words) or not is_name_word(words[place + 1]):
        return False
    end = run_end(words, place + 1)
    return any(is_finite_cue(words, at) for at in range(end + 1, min(end + 3, len(words))))
