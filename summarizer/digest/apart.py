"""Whether two sentences of one story speak of two things although their words are much alike."""

from functools import lru_cache

from ..grounding.carried import told_apart
from ..grounding.cues import cues
from ..grounding.layout import Layout
from ..grounding.phrases import main_subject
from ..grounding.role_words import verbs
from ..grounding.tokens import Token, tokens
from ..grounding.wording import terms
from .lines import Line

_MOST = 3  # words that a subject has after its name: "Velm Rail profit"


def are_two(one: Line, other: Line) -> bool:
    """Whether two lines have two subjects of nearly one name ("the harbour party", "the farm party"), or are such that
    the checks of a brief would not let the one stand for the other, whatever their figures are.
    """
    return _have_two_subjects(one.span.text, other.span.text) or bool(told_apart(one.span.text, other.span.text))


def _have_two_subjects(one: str, other: str) -> bool:
    mine, its = _subject(one), _subject(other)
    return bool(mine & its and mine - its and its - mine)


@lru_cache(maxsize=8192)
def _subject(sentence: str) -> frozenset[str]:
    """The stems of the subject, up to its verb where that can be told; none for a pronoun."""
    words = tokens(Layout(sentence).masked, 0, len(sentence))
    mention = main_subject(words)
    if mention is None or mention.kind == "pronoun":
        return frozenset()
    end = mention.end
    for word in [word for word in words if word.start >= mention.end][:_MOST]:
        if _may_end_it(word):
            break
        end = word.end
    phrase = terms(sentence[mention.start : end])
    return frozenset(term.stem for term in phrase if term.is_content and term.low.isalpha())


def _may_end_it(word: Token) -> bool:
    """Whether a word cannot go on with a subject: a sign, a number, a small word, one that may be a verb."""
    known = cues()
    small = (known.prepositions - {"of"}) | known.determiners | known.relative | verbs()
    return not word.low.isalpha() or word.low in small or word.low.endswith(("ed", "s"))
