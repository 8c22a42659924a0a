"""Whose verb it is: the subject before a verb of speech, over insertions and clauses with "who"; that of a sentence."""

import re

from .cues import cues
from .phrases import AUXILIARIES, Mention, is_finite_cue, phrase_ending, phrase_starting, run_text
from .tokens import Token, is_name_word, name_words, run_end, run_start, without_title
from .wordlists import word_set

_DASHES = "—–-―"
# Between two commas after a name they tell party and state: "Ada Berg, D-Marl, said".
_PARTY = re.compile(r"[A-Z]-[A-Z]")
# Prepositions that make a name nobody's: an aide is of, for, at or in something.
_NOT_OWNING = frozenset(("from", "with", "like", "by", "to", "against", "including", "than"))


def subject_before(words: list[Token], verb: int) -> Mention | None:
    """The subject of the verb at index `verb`, from the words before it."""
    known = cues()
    if words[verb].low in known.bare and verb and words[verb - 1].low == "to":
        went_on = verb > 2 and words[verb - 2].low == "on" and words[verb - 3].low in ("went", "goes")
        if not went_on:
            return main_subject(words[:verb])
    last = verb - 1
    while last >= 0 and (
        words[last].low in known.between or (words[last].low.endswith("ly") and not words[last].is_capital)
    ):
        last -= 1
    last = _before_time(words, last)
    if last < 0:
        return None
    token = words[last]
    if token.low in ("and", "but", "or", "then"):
        return _shared_subject(words, last)
    if token.low in known.relative:
        last -= 1
        if last >= 0 and words[last].text == ",":
            last -= 1
        return _antecedent(words, last, token.low) if last >= 0 and words[last].is_word else None
    if token.text in ",)" or token.text in _DASHES:
        return _around_insertion(words, last)
    if not token.is_word:
        return None
    return phrase_ending(words, last)


def _before_time(words: list[Token], last: int) -> int:
    """The index before a time that ends at `last`: "who in 2010 said", "Doe on Monday said"."""
    first = last
    while first >= 0 and (words[first].low.isdigit() or words[first].low in cues().times):
        first -= 1
    if first < last and first >= 0 and words[first].low in ("in", "on", "since", "by", "of", "last", "this"):
        first -= 1
    return first


def _shared_subject(words: list[Token], conjunction: int) -> Mention | None:
    """The subject of the verb before a conjunction: "Doe described it as “…” and hinted at “…”"."""
    for place in range(conjunction - 1, 0, -1):
        if is_finite_cue(words, place):
            return subject_before(words, place)
    return main_subject(words[:conjunction])


def _around_insertion(words: list[Token], last: int) -> Mention | None:
    """The subject where an insertion stands between it and the verb: "Doe, the minister, said"."""
    if words[last].text == ")":
        depth = last
        while depth > 0 and words[depth].text != "(":
            depth -= 1
        if depth > 0 and words[depth - 1].is_word:
            return phrase_ending(words, depth - 1)
        return None
    end = last
    fallback: Mention | None = None
    while end > 0:
        begin = end - 1
        while begin >= 0 and words[begin].text not in ',;:“”"' and words[begin].text not in _DASHES:
            begin -= 1
        segment = words[begin + 1 : end]
        if segment and segment[-1].is_word:
            opens = segment[0].low
            mention = None if _PARTY.match(segment[0].text) else phrase_ending(words, end - 1)
            is_bare = mention and mention.kind == "name" and _is_bare_name(segment, mention, begin < 0)
            if is_bare and (begin < 0 or not _is_in_relative(words, begin)):
                return mention
            skipped = opens in cues().relative or opens in cues().prepositions or opens.isdigit() or len(segment) == 1
            if mention and not skipped and (fallback is None or opens in cues().determiners or begin < 0):
                fallback = mention
            if mention and mention.kind == "pronoun":
                return mention
        if begin < 0 or words[begin].text in ';:“”"':
            break
        end = begin
    return fallback


def _is_in_relative(words: list[Token], comma: int) -> bool:
    """Whether a part before this comma opens with "which": "The suit, which was brought by Ada Berg, says"."""
    return any(words[at].text == "," and words[at + 1].low == "which" for at in range(comma))


def _is_bare_name(segment: list[Token], mention: Mention, is_first: bool) -> bool:
    """Whether the name is the head of its segment; in an insertion nothing but title or role may stand before it."""
    before = [token for token in segment if token.start < mention.start]
    known = cues()
    if any(token.low in known.relative or is_finite_cue(before, i) for i, token in enumerate(before)):
        return False
    if is_first:
        return True
    governing = known.determiners | known.prepositions | known.between
    return not any(token.low in governing for token in before)


def _antecedent(words: list[Token], last: int, relative: str) -> Mention | None:
    """Whom a relative clause after index `last` is about: "support from Ada Berg, who said", not "aide of Ada Berg"."""
    if is_name_word(words[last]):
        first = run_start(words, last)
        at = first - 1 if words[first - 1].low != "the" else first - 2
        name = without_title(words[first : last + 1])
        # "A letter from Ada Berg that said" is not she.
        if first and words[at].low in (_NOT_OWNING if relative == "who" else _NOT_OWNING - {"from", "to"}):
            return Mention(name[0].start, name[-1].end, run_text(name), "name")
    mention = phrase_ending(words, last)
    return _explained_by(mention, words) or mention


def _explained_by(mention: Mention | None, words: list[Token]) -> Mention | None:
    """The name of which a description only says who that is: "Harbour Watch, a group of fishermen that has vowed"."""
    at = next((at for at, token in enumerate(words) if mention and token.start == mention.start), 0)
    if mention is None or mention.kind != "description" or at < 2 or words[at].low not in ("a", "an"):
        return None
    before = words[at - 2]
    if words[at - 1].text != "," or not is_name_word(before) or before.low in cues().times | word_set("grammar"):
        return None
    named, first = phrase_ending(words, at - 2), run_start(words, at - 2)
    is_place = first > 0 and words[first - 1].text == ","  # "near Esk, Norland, a man who said"
    return named if named and named.kind == "name" and named.end == before.end and not is_place else None


def main_subject(words: list[Token]) -> Mention | None:
    """The subject of a sentence: the first phrase of the first clause that does not open with a side clause."""
    known = cues()
    begin = _heading_end(words)
    while begin < len(words):
        end = begin
        while end < len(words) and words[end].text not in ",;":
            end += 1
        segment = words[begin:end]
        while segment and not segment[0].is_word:
            segment = segment[1:]
        opens = bool(segment) and (
            (segment[0].low in known.openers and (begin == 0 or segment[0].low not in ("and", "but")))
            or (
                (segment[0].low.endswith("ing") and len(segment) > 1 and not is_name_word(segment[1]))
                or (segment[0].low.endswith("ing") and segment[0].is_capital)
            )
        )
        # "But Doe says", "In Paris Doe says": the side phrase is too short for a comma.
        if opens and segment[0].low in ("but", "and", "so", "yet", "then", "now", "also", "still") and end - begin > 1:
            segment, opens = segment[1:], False
        if segment and not opens:
            found = _first_phrase(segment)
            if found is not None:
                return found
        begin = end + 1
    return None


def _heading_end(words: list[Token]) -> int:
    """Where a sentence goes on after a heading in capitals and a dash: "PORT STAYS SHUT — Doe said"; 0 without one.

    Of one word only before a capital: "HALVIK — The mayor said", not "NATO — the alliance — said".
    """
    for index, word in enumerate(words):
        if word.text in _DASHES:
            following = words[index + 1] if index + 1 < len(words) else None
            return index + 1 if index > 1 or (index and following is not None and following.is_capital) else 0
        if not (word.is_word and word.text == word.text.upper()):
            return 0
    return 0


def _first_phrase(segment: list[Token]) -> Mention | None:
    known = cues()
    for index, token in enumerate(segment):
        if token.low in known.personal:
            return Mention(token.start, token.end, token.text, "pronoun")
        if is_name_word(token) or token.low in known.determiners:
            return _until_verb(segment, index)
        if token.low in known.openers or index > 3:
            continue
    return None


def _until_verb(segment: list[Token], index: int) -> Mention | None:
    token = segment[index]
    if is_name_word(token):
        last = run_end(segment, index)
        owns = last + 1 < len(segment) and segment[last + 1].low == "'s"
        followed = segment[last + 1] if last + 1 < len(segment) else None
        if owns or (followed is not None and followed.low in name_words().titles):
            return phrase_starting(segment, index)
        if token.low in word_set("sides") and last == index and followed and followed.low.endswith("s"):
            return Mention(token.start, followed.end, f"{token.text} {followed.text}", "description")
        name = without_title(segment[index : last + 1])
        title = segment[last - len(name)].text if len(name) < last + 1 - index else ""
        return Mention(name[0].start, name[-1].end, run_text(name), "name", title)
    mention = phrase_starting(segment, index)
    if mention is None:
        return None
    inner = [t for t in segment[index:] if t.start < mention.end]
    for place, word in enumerate(inner):
        # Any word in -ed may be the verb, and then a name after it is its object.
        ends = is_finite_cue(inner, place) or word.low in AUXILIARIES or (word.low.endswith("ed") and place > 1)
        if place and ends and not word.is_capital:
            return Mention(inner[0].start, inner[place - 1].end, run_text(inner[:place]), "description")
    before = [word for word in inner if word.end < mention.start and not word.is_capital]
    if mention.kind == "name" and before and before[-1].low not in name_words().titles | cues().determiners:
        return Mention(inner[0].start, before[-1].end, run_text(before), "description")
    return mention
