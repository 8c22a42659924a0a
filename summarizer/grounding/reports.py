"""Reported speech and stances: sentences in which somebody says, denies or promises something without marks."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from ..schemas.evidence import Evidence
from .cues import cues, inflected
from .layout import REACH, Layout
from .names import name_book
from .people import PronounReader
from .phrases import AUXILIARIES, Mention, is_finite_cue, name_before, phrase_ending, phrase_starting
from .role_words import verbs
from .subjects import main_subject, subject_before
from .tokens import Token, is_name_word, tokens
from .wordlists import word_set

# Words of a description that newspapers give a source, at most; longer ones are mostly clauses misread.
_LONGEST_SOURCE = 5
# To speak is not yet to say something: "The officials spoke on condition of anonymity"; and these tell of speech only
# beside quotation marks: "Berg went to the university", "the trial began".
_SPEAKING = frozenset(("spoke", "speaks", "spoken", "speak"))
_QUOTING = frozenset(("went", "began", "begins", "sang", "sings", "typed", "read", "saw"))
# Before a verb in its base form these make it a finite one.
_HELPERS = frozenset(("not", "would", "will", "could", "did", "does", "do", "can", "may", "might", "should", "never"))

# Who says no more than that says nothing.
_NO_COMMENT = re.compile(r"\bcomment\W*\Z")

# Words between two main clauses, or before one that tells when or why.
_JOINING = frozenset(
    ("and", "but", "or", "so", "yet", "then", "as", "when", "after", "before", "because", "since", "while")
)

Reading = Callable[[list[Token], int], Mention | None]


@dataclass(frozen=True, slots=True)
class Report:
    """A sentence that reports what somebody says or where somebody stands.

    `start:end` is the sentence. `speaker` is the mention in it, `speaker_name` the fullest name of the same one, None
    where the text does not tell; `cue` is the verb, one of speech if somebody `says` something.
    """

    start: int
    end: int
    speaker: Evidence
    speaker_name: str | None
    cue: Evidence
    says: bool


def find_reports(text: str) -> list[Report]:
    """Sentences with a verb of speech or of taking a stand that has a subject, in order.

    Offsets are code points into `text`. Of several verbs in a sentence the first counts, one of speech before others.
    Words inside quotation marks are not read, so a sentence that is all quotation is none.
    """
    layout, book = Layout(text), name_book(text)
    pronouns = PronounReader(layout, book)

    def named(mention: Mention) -> str | None:
        if mention.kind == "name":
            return book.fullest(mention.text, mention.title)
        # "They" and "it" may be anybody.
        personal = mention.kind == "pronoun" and mention.text.lower() in cues().he | cues().she
        return pronouns.resolve(mention.start, mention.text.lower()) if personal else None

    found = []
    for start, end in zip(layout.starts, layout.ends, strict=True):
        if is_no_comment(text[start:end]):
            continue
        words = tokens(layout.masked, start, min(end, start + REACH))
        for mention, verb, says in _told(words):
            speaker, cue = Evidence.of(text, mention.start, mention.end), Evidence.of(text, verb.start, verb.end)
            found.append(Report(start, end, speaker, named(mention), cue, says))
            break
    return found


def is_no_comment(sentence: str) -> bool:
    """Whether it says no more than that somebody does not comment."""
    return bool(_NO_COMMENT.search(sentence))


def is_attributed(sentence: str) -> bool:
    """Whether any word of it tells that somebody says something, or takes a stand."""
    return not _attributing().isdisjoint(re.findall(r"[a-z]+", sentence.lower()))


@cache
def _attributing() -> frozenset[str]:
    known = cues()
    return (known.speaking | known.nouns | known.utterances | _stances() | {"according"}) - _SPEAKING


def _told(words: list[Token]) -> Iterator[tuple[Mention, Token, bool]]:
    """Who says something in a sentence, by which verb, and whether that is one of speech; the surest reading first."""
    readings: Iterable[Reading] = (_says, _said, _stands, _by)
    for reading in readings:
        for index in range(1, len(words)):
            mention = reading(words, index)
            if mention is not None and _may_speak(mention, words):
                yield mention, words[index], reading in (_says, _said)


def _says(words: list[Token], verb: int) -> Mention | None:
    """X says; "Analysts say" opens a sentence with a capital that hides the plural."""
    if words[verb].low in _SPEAKING | _QUOTING:
        return None
    if is_finite_cue(words, verb):
        subject = subject_before(words, verb)
        # "Support from Berg, who said that …" tells what she said; "fear of Norland, which warns of it" does not.
        tells = words[verb - 1].low in cues().relative and [each.low for each in words[verb + 1 : verb + 2]] == ["that"]
        return subject if subject is None or tells or not _in_relative(words, subject) else None
    opening = words[0]
    if verb == 1 and words[1].low in cues().bare and opening.low.endswith("s") and opening.low in word_set("sources"):
        return Mention(opening.start, opening.end, opening.text, "description")
    return None


def _in_relative(words: list[Token], subject: Mention) -> bool:
    """Whether the subject is that of a clause about a noun: "the toll (that) Marrow had announced is too high"."""
    first = next(index for index, token in enumerate(words) if token.start >= subject.start)
    while first and (
        (words[first - 1].is_capital and words[first - 1].is_word)
        or words[first - 1].low in cues().determiners - cues().relative
    ):
        first -= 1
    if first < 2 or not words[first - 1].is_word:
        return False
    before, noun = words[first - 1].low, words[first - 2]
    if before in cues().relative:
        return noun.is_word and noun.low not in verbs() and not noun.low.endswith("ed")
    start = next((index + 1 for index in range(first - 1, -1, -1) if not words[index].is_word), 0)
    is_main = words[start].low in cues().prepositions or before in word_set("subordinating") | _JOINING
    return not is_main and any(token.low in verbs() for token in words[start:first])


def _said(words: list[Token], verb: int) -> Mention | None:
    """…, said X: the words after the verb up to the end of the sentence name the speaker and no more."""
    if words[verb].low not in cues().inverting or words[verb - 1].text != ",":
        return None
    mention = phrase_starting(words, verb + 1)
    rest = [token for token in words[verb + 1 :] if mention and token.start >= mention.end]
    return mention if not rest or not rest[0].is_word else None


def _stands(words: list[Token], verb: int) -> Mention | None:
    """X has promised, X does not support, X will neither sign nor talk: in the main clause only."""
    token, before, known = words[verb], words[verb - 1], cues()
    if token.is_capital or token.low not in _stances():
        return None
    if [each.low for each in words[verb + 1 : verb + 2]] == ["by"]:
        return None
    is_base = token.low in word_set("stances")
    if is_base and before.low not in _HELPERS:
        return None
    while before.low in ("neither", "nor") and verb > 1:
        verb, before = verb - 1, words[verb - 2]
    is_noun = token.low.endswith("s") and before.low in AUXILIARIES
    if not is_base and (is_noun or before.low in known.passive | known.determiners | known.prepositions | {"'s"}):
        return None
    subject, main = _first_of_two(subject_before(words, verb), words), main_subject(words[:verb])
    is_main = subject is not None and main is not None and main.start <= subject.start <= main.end
    if not is_main or (subject and subject.kind == "pronoun" and subject.text.lower() not in known.gendered):
        return None
    return subject


def _first_of_two(mention: Mention | None, words: list[Token]) -> Mention | None:
    """The name before "and", where only a description follows it: "Norland and its allies have promised"."""
    if mention is None or mention.kind != "description":
        return mention
    at = next(index for index, token in enumerate(words) if token.start == mention.start)
    if at > 1 and words[at - 1].low == "and" and is_name_word(words[at - 2]):
        return phrase_ending(words, at - 2)
    return mention


def _by(words: list[Token], verb: int) -> Mention | None:
    """Rejected by X."""
    if words[verb].low not in _stances() | cues().passive_without_object or words[verb].is_capital:
        return None
    if not words[verb].low.endswith("ed") or [token.low for token in words[verb + 1 : verb + 2]] != ["by"]:
        return None
    first = verb + 2
    stop = next((i for i in range(first, len(words)) if not words[i].is_word), len(words))
    # "by the Sudland region of Marl": the name that "of" adds is the one meant.
    of = [token.low for token in words[first:stop]].count("of") == 1
    return (name_before(words, stop) if of else None) or phrase_starting(words, first)


@cache
def _stances() -> frozenset[str]:
    """Every finite form of a verb by which somebody takes a stand, and its base form."""
    verbs = word_set("stances")
    return verbs | {form for verb in verbs for form in inflected(verb)[:2]} | word_set("stances_irregular")


def _may_speak(mention: Mention, words: list[Token]) -> bool:
    if mention.text.lower() in cues().openers:
        return False
    return mention.kind != "description" or _is_source(mention, words)


def _is_source(mention: Mention, words: list[Token]) -> bool:
    """Whether a description is plainly the one who speaks: short, whole, and at an end of a clause."""
    said = mention.text.split()
    before = [token for token in words if token.end <= mention.start]
    opens = not before or not before[-1].is_word or before[-1].low in ("but", "and", "by") or _follows_cue(before)
    return opens and len(said) <= _LONGEST_SOURCE and (said[-1].lower() in word_set("sources") or said[-1][0].isupper())


def _follows_cue(before: list[Token]) -> bool:
    return before[-1].low in cues().inverting
