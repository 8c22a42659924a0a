"""The phrases beside a verb of speech: whose name or description ends or begins at a word, and which verbs those are.

No grammar, only what newsrooms do: the head of the phrase is the name that no preposition governs, else a pronoun,
else the description itself. Which phrase is the subject of a verb, `subjects` tells.
"""

from dataclasses import dataclass
from typing import Literal

from .cues import cues
from .tokens import Token, is_body, is_name_word, name_words, run_end, run_start, without_title

Kind = Literal["name", "pronoun", "description"]
# A description runs over so many words at most; longer ones in newspapers are clauses.
_LONGEST_DESCRIPTION = 14
AUXILIARIES = frozenset(("is", "was", "has", "had", "are", "were", "have"))
# Participles that a name after them belongs to, as to a preposition.
_GOVERNING = frozenset(
    ("bordering", "representing", "supporting", "opposing", "backing", "facing", "leading", "visiting")
)


@dataclass(frozen=True, slots=True)
class Mention:
    """The mention of a speaker. Offsets count in the whole text; `title` is the word before a name, or empty."""

    start: int
    end: int
    text: str
    kind: Kind
    title: str = ""


def is_finite_cue(words: list[Token], index: int) -> bool:
    """Whether the word is a verb of speech in a finite form, with somebody who can speak before it."""
    token, known = words[index], cues()
    if not token.is_word or token.is_capital:
        return False
    low = token.low
    if low not in known.attributing:
        return False
    previous = words[index - 1] if index else None
    if low in known.finite or low in known.nouns:
        if previous is None:
            return low not in known.nouns
        if previous.low in known.passive:
            return low in ("saying", "telling")
        if previous.low == "be":
            return False
        following = words[index + 1] if index + 1 < len(words) else None
        # "his claims", "to file criminal charges against Doe"
        if low in known.nouns and (
            previous.low in known.determiners | known.prepositions | {"'s"}
            or (following is not None and following.low in ("against", "of"))
        ):
            return False
        # An adjective: "the proposed deal", "his stated aim".
        return not (
            low.endswith("ed")
            and ((previous.low in known.determiners and previous.low not in known.others) or previous.low == "'s")
            and following is not None
            and following.is_word
        )
    if low in known.bare and previous is not None:
        auxiliary = {"to", "would", "will", "could", "did", "should", "can", "might", "may", "must", "not"}
        plural = previous.low in ("they", "we", "i", "you", "who") or (
            previous.low.endswith("s")
            and not previous.is_capital
            and previous.low not in ("'s", "is", "was", "has", "its", "his", "as")
        )
        plural = plural or _is_joint(words, index - 1)
        return previous.low in auxiliary or previous.low.endswith(("n’t", "n't")) or plural
    if low in known.before_it and previous is not None:
        return index + 1 < len(words) and words[index + 1].low == "it"
    return False


def _is_joint(words: list[Token], last: int) -> bool:
    """Whether two names joined by "and" end at `last`."""
    if not is_name_word(words[last]):
        return False
    first = run_start(words, last)
    return first > 1 and words[first - 1].low == "and" and is_name_word(words[first - 2])


def name_before(words: list[Token], place: int) -> Mention | None:
    """The name right before a participle, whatever governs it: "with Doe saying", "footage of Doe asking"."""
    if place == 0 or not is_name_word(words[place - 1]):
        return None
    first = run_start(words, place - 1)
    run = words[first:place]
    name = without_title(run)
    title = run[len(run) - len(name) - 1].text if len(name) < len(run) else ""
    return Mention(name[0].start, name[-1].end, run_text(name), "name", title)


def phrase_ending(words: list[Token], last: int) -> Mention | None:
    """The noun phrase whose last word is at index `last`."""
    token, known = words[last], cues()
    if token.low == ")" or not token.is_word:
        return None
    if token.low in known.pronouns and not (token.is_capital and token.low == "it" and len(token.text) > 2):
        alone = token.low not in known.determiners or last == 0 or words[last - 1].low not in known.determiners
        if alone:
            return Mention(token.start, token.end, token.text, "pronoun")
    if is_name_word(token):
        first = run_start(words, last)
        run = words[first : last + 1]
        name = without_title(run)
        split = len(name) < len(run)
        governor = words[first - 1] if first else None
        if not _is_governed(words, first) or _is_office(words, first, split, name):
            if governor is not None and governor.low == "'s" and not split and len(name) == 1:
                return _description(words, last)
            title = run[len(run) - len(name) - 1].text if split else ""
            return Mention(name[0].start, name[-1].end, run_text(name), "name", title)
        if governor is not None and governor.low in ("and", "or"):
            return None  # the noun that speaks stands before both names
        if named := _name_of_a_place(words, first):
            return named
    return _description(words, last)


def _is_governed(words: list[Token], first: int) -> bool:
    """Whether a name that begins at `first` belongs to a noun before it: "sheriffs in Esk and Marl"."""
    at = first - 1
    if at > 0 and words[at].low in cues().determiners:
        at -= 1
    if at > 0 and words[at].low in ("and", "or") and is_name_word(words[at - 1]):
        return _is_governed(words, run_start(words, at - 1))
    low = words[at].low if at >= 0 else ""
    return low in cues().prepositions | _GOVERNING


def _name_of_a_place(words: list[Token], first: int) -> Mention | None:
    """The person before "of" and a place that begins at `first`: "Ada Berg of Norland", not "the Bank of Norland"."""
    at = first - 2 if words[first - 1].low in cues().determiners else first - 1
    if at < 2 or words[at].low != "of" or not is_name_word(words[at - 1]):
        return None
    run = words[run_start(words, at - 1) : at]
    name = without_title(run)
    if len(name) < 2 or is_body(run):
        return None
    title = run[len(run) - len(name) - 1].text if len(name) < len(run) else ""
    return Mention(name[0].start, name[-1].end, run_text(name), "name", title)


def _is_office(words: list[Token], first: int, split: bool, name: list[Token]) -> bool:
    """Whether what comes before is an office with "of" in it: "Secretary of State Jane Doe"."""
    if not split or len(name) < 2:
        return False
    at = first - 1
    if words[at].low in cues().determiners:
        at -= 1
    return at > 0 and words[at].low == "of" and words[at - 1].low in name_words().titles


def run_text(run: list[Token]) -> str:
    """The words of a run of tokens, signs left out."""
    return " ".join(token.text for token in run if token.is_word or token.low == "'s")


def _description(words: list[Token], last: int) -> Mention | None:
    """A description that ends at `last`, back to its article."""
    known = cues()
    first = last
    while first > 0 and last - first < _LONGEST_DESCRIPTION:
        token, previous = words[first], words[first - 1]
        if token.low in known.determiners and previous.low not in known.prepositions:
            break
        stop = not (previous.is_word or previous.low == "'s" or previous.text == "-")
        if (
            stop
            or previous.low in known.relative
            or previous.low in ("and", "but", "or", "so")
            or (is_finite_cue(words, first - 1) and first - 1 > 0)
        ):
            break
        if previous.low in known.pronouns and previous.low not in known.determiners:
            break
        first -= 1
    while (
        first < last
        and (words[first].low in known.openers or words[first].low in ("'s",))
        and (words[first].low not in known.determiners)
    ):
        first += 1
    text = run_text(words[first : last + 1]).replace(" 's", "’s")
    if words[first].low in known.times or words[first].low in known.prepositions:
        return None
    return Mention(words[first].start, words[last].end, text, "description")


def phrase_starting(words: list[Token], first: int) -> Mention | None:
    """The noun phrase that begins at index `first`, as after "said"."""
    known = cues()
    index = first
    if index >= len(words) or not words[index].is_word:
        return None
    token = words[index]
    if token.low in known.prepositions or token.low in known.times or token.low in known.relative:
        return None
    if token.low in known.personal:
        return Mention(token.start, token.end, token.text, "pronoun")
    while index < len(words) and index - first < _LONGEST_DESCRIPTION:
        token = words[index]
        if is_name_word(token):
            last = run_end(words, index)
            if last + 1 < len(words) and words[last + 1].low == "'s":
                index = last + 2
                continue
            run = words[index : last + 1]
            name = without_title(run)
            following = words[last + 1] if last + 1 < len(words) else None
            if following is not None and following.is_word and following.low in name_words().titles:
                index = last + 1
                continue
            if name[-1].low in name_words().titles and following is not None and following.low == "of":
                index = last + 1
                continue
            title = run[len(run) - len(name) - 1].text if len(name) < len(run) else ""
            return Mention(name[0].start, name[-1].end, run_text(name), "name", title)
        if (not token.is_word and token.low != "'s") or (index > first and token.low in known.relative):
            break
        if token.low in known.needing and index + 1 < len(words) and words[index + 1].low in known.prepositions:
            index = _clause_end(words, index + 1)
            break
        if token.low in known.prepositions and not (
            token.low == "of" and index > first and words[index - 1].low in name_words().titles | known.determiners
        ):
            break
        index += 1
    if index == first:
        return None
    if index + 1 < len(words) and words[index].text == "," and is_name_word(words[index + 1]):
        last = run_end(words, index + 1)
        name = without_title(words[index + 1 : last + 1])
        if len(name) > 1 and (last + 1 == len(words) or not words[last + 1].is_word):
            return Mention(name[0].start, name[-1].end, run_text(name), "name")
    text = run_text(words[first:index]).replace(" 's", "’s")
    return Mention(words[first].start, words[index - 1].end, text, "description")


def _clause_end(words: list[Token], index: int) -> int:
    """The index after the words that run on from `index` without a sign or a relative clause."""
    first = index
    while index < len(words) and index - first < _LONGEST_DESCRIPTION:
        word = words[index]
        if not (word.is_word or word.low == "'s") or word.low in cues().relative:
            break
        index += 1
    return index
