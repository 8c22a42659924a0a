"""Words of an article cut to what can stand after a name: whole, short, and saying no more than the article does."""

import re
from functools import cache

from .cues import cues
from .wordlists import word_set

LONGEST_ROLE = 80  # characters; as many as the schema takes
FEWEST_WORDS = 3  # of a predicate; with fewer it tells nothing
_SHORTEST_CUT = 12  # characters before a place at which a role may be cut

WORD = re.compile(r"[^\W_](?:[^\W_]|[’'&./-](?=[^\W_]))*")
_ENDS = re.compile(r"[;:“”\"\n\[\]‘]| [–—-]+ |\.(?=[A-Z][a-z])|[?!]|, |\(")
_BRACKETS = re.compile(r" \([^()\n]{1,30}\)")
# Where a predicate that is too long, or goes on about something else, may be cut.
_SIDE_CLAUSE = re.compile(
    r"(?:,? (?:if|unless|while|although|though|but|because|until|amid|as|and|despite)"
    r"|, (?:who|which|whose|where|when))\b"
)
# Cut off with one of these, the rest would say more than the whole.
_CONDITION = re.compile(r"\W*(?:\w+\W+){0,3}?(?:if|unless|until|provided|except|whether|where|what|how|or|nor)\b")
_AIM = re.compile(r" to (?!an?\b|the\b|its\b|their\b)")
_BORDER = re.compile(
    r" (?:after|ahead|at|before|by|during|following|for|from|in|into|on|over|since|that|through|under|with|within)\b"
)
_BORDER_OR_AIM = re.compile(rf"{_BORDER.pattern}|(?<!ed)(?<!s) to (?!an?\b|the\b|its\b|their\b)")
_OF = re.compile(r" of ")
_LONGEST_BORDER = 12  # characters of a word that a border begins with
_DASHES = ("–", "—", "-")


@cache
def verbs() -> frozenset[str]:
    """Words that can be the verb of a clause."""
    return word_set("acts") | word_set("auxiliaries") | word_set("deeds") | cues().finite


def clause(words: str, is_joint: bool) -> str:
    """The predicate from its verb on, cut where it ends."""
    words = whole = _BRACKETS.sub("", words)
    if is_joint:
        words = re.sub(r"^(?:have|are|were) (?=[a-z]+(?:ed|ing|en)\b)", "", words)
    if is_joint and re.match(r"(?:are|were|have) ", words):
        return ""
    for match in _ENDS.finditer(words):
        if match.group() != ", " or not _lists(words, match.start()):
            if match.group()[1:2] in _DASHES and words[match.start() - 1].isdigit():
                return ""  # a score: 1 – 0
            words = words[: match.start()]
            break
    kept = trimmed(words, fewest=FEWEST_WORDS)
    if kept and _CONDITION.match(whole[whole.find(kept) + len(kept) :]):
        # The condition may be only of what is aimed at: "works with all to soften the blow if the strait is shut".
        aims = [match.start() for match in _AIM.finditer(kept)]
        kept = trimmed(kept[: aims[-1]], fewest=FEWEST_WORDS) if aims else ""
    open_pair = re.search(r"\b(?:both|either|neither)\b(?!.*\b(?:and|or|nor)\b)", kept)
    return "" if open_pair else kept


def _lists(words: str, comma: int) -> bool:
    """Whether the comma stands in a list ("police, courts and prisons"), so that what comes after it belongs to it."""
    following = words[comma + 2 : comma + 40]
    # "in Esk, Norland, on Monday": a place and where it lies.
    return re.match(r"[a-z-]+(?:, [a-z-]+)* and [a-z]|[A-Z][\w.]+,? ", following) is not None


def trimmed(words: str, fewest: int) -> str:
    """The words cut to what a role may have, at a border; empty if they are too few or end in the middle."""
    words = " ".join(words.split())
    found = [match.start() for match in _SIDE_CLAUSE.finditer(words) if match.start() > _SHORTEST_CUT]
    is_cut = len(words) > LONGEST_ROLE
    while len(words) > LONGEST_ROLE:
        borders = [at for at in found if at <= LONGEST_ROLE]
        asks = not cues().finite.isdisjoint(words.split()[:2])
        border = _BORDER if asks else _BORDER_OR_AIM
        ahead = words[: LONGEST_ROLE + _LONGEST_BORDER]
        borders = borders or [match.start() for match in border.finditer(ahead) if match.start() <= LONGEST_ROLE]
        borders = borders or [
            match.start() for match in _OF.finditer(ahead) if _SHORTEST_CUT < match.start() <= LONGEST_ROLE
        ]
        if not borders:
            return ""
        words, found = words[: borders[-1]], []
    # "… that an invasion" has lost its verb.
    told = re.search(r" that\b", words)
    if told and not verbs() & set(WORD.findall(words[told.end() :])):
        words = words[: told.start()] if told.start() > _SHORTEST_CUT else ""
    parts = words.split()
    while parts and (_hangs(parts[-1]) or (is_cut and parts[-1].endswith("ing") and _hangs("".join(parts[-2:-1])))):
        parts.pop()
    kept = " ".join(parts).strip(" ,;:–—-")
    if kept.endswith(".") and "." not in parts[-1][:-1]:
        kept = kept[:-1]
    verbs_only = all(word in word_set("auxiliaries") | {"to", "not"} for word in parts)
    return kept if len(parts) >= fewest and not verbs_only else ""


def _hangs(word: str) -> bool:
    """Whether nothing can end with the word: a preposition, a conjunction, an article, a verb that helps another."""
    low = word.lower().strip(",;:–—-")
    return not low or (not word[0].isupper() and low in _hanging())


@cache
def _hanging() -> frozenset[str]:
    known, more = cues(), {"ever", "also", "only", "just", "even", "not", "throughout", "there"}
    lists = (known.determiners, known.relative, word_set("unending"), word_set("auxiliaries"), more)
    return known.prepositions.union(*lists)
