"""The article's own words, as they may stand for a sentence that a model did not get right."""

import re
from collections.abc import Collection, Sequence
from functools import cache

from ..schemas.evidence import Evidence
from .wordlists import word_set

FEWEST_LEFT = 6  # words of a sentence that is ended earlier
LONGEST = 236  # characters: what the schema takes of a sentence, with room for its stop
MOST_WORDS = 36  # of what somebody is said to have told
LONGEST_QUOTE = 200  # characters, so that the speaker's name has room before it
_SENTENCE_END = re.compile(r"[a-z]{3}[.!?](?= )")
_QUESTION = re.compile(r"\b(?:who|whom|whose|what|when|where|why|how|which|whether|if)\b", re.IGNORECASE)
_COMMENT = re.compile(
    r"(?:would not|declined to|did not|refused to|does not|will not) comment on "
    r"((?:the|a|an|his|her|its|their|this|that) [^,;:.]{2,60}|[A-Z][^,;:.]{2,60})(?=[,;:.]|\Z)",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r" \([^()]{1,40}\)")
_CLAUSE_BEGIN = re.compile(r"(?:[,;:]| [–—-]) (?=\w)| (?=\[)| (?=(?:and|but|because|while|whether|so that)\b)")
_CLAUSE_END = re.compile(r"[,;:.!?“”\"()—–]|\s-\s")


def quoted(called: str, quotations: Sequence[Evidence]) -> str:
    """“Berg: “…””: the longest of some quotations after the speaker's name, whole sentences of it where it is long.

    Of one long sentence, as far as a clause of it goes. Empty without a quotation.
    """
    longest = " ".join(max((each.text for each in quotations), key=len, default="").split())
    ends = [match.end() for match in _SENTENCE_END.finditer(longest) if match.end() <= LONGEST_QUOTE]
    clauses = [match.start() for match in _CLAUSE_BEGIN.finditer(longest) if match.start() <= LONGEST_QUOTE]
    whole = longest.rstrip(", ")
    if len(whole) > LONGEST_QUOTE:
        whole = longest[: max(ends or clauses, default=0)]
    return f"{called}: “{whole}”" if whole else ""


def told(line: str, called: str, words: Sequence[str], *, is_english: bool = True) -> str:
    """A sentence in which somebody says something, with the name for a pronoun at its head; empty if it is too long.

    Also if it does not name the speaker or, ended earlier, loses one of the `words`.
    """
    first, _, rest = line.partition(" ")
    if first.lower() in word_set("pronouns"):
        line = f"{called} {rest}"
    kept = line_within(line, MOST_WORDS, is_english=is_english)
    is_named = called in kept or any(word in kept for word in words[:1])
    return kept if is_named and all(word in kept for word in words[1:]) else ""


def line_within(line: str, words: int, *, is_english: bool = True) -> str:
    """A sentence of at most so many words: whole, without remarks in brackets, or ended before a phrase that it can do
    without; else empty."""
    if len(line.split()) > words:
        line = _IN_BRACKETS.sub("", line)
    # Where a sentence may end is told by English words.
    shorter = ended_earlier(line, words) if is_english else line
    return _ended(shorter) if len(shorter.split()) <= words and len(shorter) <= LONGEST else ""


def ended_earlier(text: str, words: int) -> str:
    """The text up to the last phrase that begins within so many words; itself if that may not be left out.

    With a condition or a denial in it, it stays: the rest would say more than the whole.
    """
    if len(text.split()) <= words:
        return text
    # "…, extending a dispute", "…, which began in May": a clause of its own after a comma goes before a phrase.
    clause = re.compile(r", (?:which|who|whose|where|[a-z]+ing)\b(?! (?:to|and)\b)")
    phrase = re.compile(rf",? (?:{'|'.join(sorted(word_set('phrase_openers')))}) ")
    kept = _cut(text, clause, words, word_set("reserves")) or _cut(text, phrase, words, _kept_words())
    return kept + ("." if kept and text.endswith(".") else "") if kept else text


@cache
def _kept_words() -> frozenset[str]:
    """Words that a phrase may not have that is left out: it would say less than the whole, or lose its verb."""
    return frozenset().union(*map(word_set, ("conditions", "not", "negative", "auxiliaries")))


def _cut(text: str, at: re.Pattern[str], words: int, kept: Collection[str]) -> str:
    """The text before the last of these places that leaves it so many words at most; empty without one.

    Not inside quotation marks, not where a main clause is to come, and not where one of the words to be kept follows.
    """
    for place in reversed(list(at.finditer(text))):
        before, after = text[: place.start()], re.findall(r"\b[a-z]+\b", text[place.start() :])
        is_open = not is_closed(before) or is_side_clause(before)
        if len(before.split()) < FEWEST_LEFT:
            return ""
        if len(before.split()) <= words and not is_open and not set(kept).intersection(after):
            return before
    return ""


def is_closed(sentence: str) -> bool:
    """Whether every quotation mark in it is closed."""
    return sentence.count("“") == sentence.count("”") and sentence.count('"') % 2 == 0


def is_side_clause(sentence: str) -> bool:
    """Whether it begins with a word after which a main clause has to come, and none comes: "While talks go on."."""
    first, *later = re.split(r", ", sentence)
    opens = first.partition(" ")[0].lower() in word_set("subordinating")
    main = [part for part in later if len(part.split()) > 2 and part.split()[0].lower() not in ("and", "or")]
    return opens and not main


def asked(open_clause: str, hint: str = "", start: str = "") -> str:
    """The question in what a sentence leaves open: "unclear whether they met" is "Whether they met."; or empty.

    `open_clause` begins with the words that say so, which are `hint` where questions about them begin with `start`:
    "neither confirmed nor denied Berg’s offer" is "What is true of Berg’s offer?", "denied that it was sold" is
    "Whether it was sold.".
    """
    thing = open_clause[len(hint) :].strip(" .") if hint and start and open_clause.lower().startswith(hint) else ""
    if thing and hint.endswith(" that"):
        return f"Whether {thing}."
    # "Would not comment on the letter, and left".
    matter = _COMMENT.match(open_clause)
    if matter:
        return f"What is true of {matter[1]}?"
    # "There are concerns in Esk that the ferries could stop".
    worry = re.match(
        r"(?:there are |growing )?(?:concerns|fears|doubts)\b[^,;:.]{0,60}? that (.+)", open_clause, re.IGNORECASE
    )
    if worry:
        return f"Whether {worry[1].rstrip(' .')}."
    if re.match(r"(?:the|a|an|his|her|its|their|any)\b|[A-Z]", thing) and len(thing.split()) <= 12:
        return f"{start} {thing}?"
    begins = _QUESTION.search(open_clause)
    if begins is None or len(open_clause[: begins.start()].split()) > 6:
        return ""
    clause = open_clause[begins.start() :]
    stop = _CLAUSE_END.search(clause)
    clause = (clause[: stop.start()] if stop else clause).strip()
    clause = re.sub(r"^[Ii]f\b", "Whether", clause)
    return f"{clause[0].upper()}{clause[1:]}." if len(clause.split()) >= 3 else ""


def _ended(line: str) -> str:
    """With a stop at its end."""
    return line if line[-1:] in ".?!" or re.search(r"[.?!][”’\"']$", line) else line.rstrip(",;: ") + "."
