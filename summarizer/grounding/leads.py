"""The sentences of an article that together say what it is about."""

import re
from collections import Counter

from ..schemas.evidence import Evidence
from .context import ArticleContext
from .wordlists import word_set

SHORTEST_LEAD = 8  # words; a shorter sentence seldom says what an article is about
LONGEST_LEAD = 30  # words; a longer one has to be shortened, at which a small model fails
# "HALVIK, May 3 (NCA) — ", "Halvik (NCA) - ": where and by which agency, before the first sentence.
_DATELINE = re.compile(
    r"(?:[A-Z][A-Z .,/’'-]{2,40}(?:[A-Z][a-z]{2,8}\.? \d{1,2})?,?(?: ?\([A-Z][\w /.-]{1,30}\))?"
    r"|(?:[A-Z][\w.’'-]{1,20}[ ,/]{1,2}){1,4}\([A-Z][\w /.-]{1,30}\)) ?(?:--|[-–—]) "
)


def lead_sentences(context: ArticleContext, limit: int, preferred: Evidence | None = None) -> list[Evidence]:
    """At most `limit` sentences, in the order of the article: the first, `preferred`, then the most telling.

    Those are the ones that hold most of the words that the article uses most. Sentences that are mostly quotation, lean
    on the one before or speak in the first person are passed over. Where one is wanted, it may be the article's title.
    """
    told = [each for each in context.sentences if _stands_alone(each, context)]
    told = [each for each in told if not is_first_person(each.text)] or told
    if limit == 1 and context.sentences and _is_title(context.sentences[0].text):
        told = [context.sentences[0], *told]
    counts = Counter(word for each in context.sentences for word in _content(each.text))

    def weight(sentence: Evidence) -> float:
        shared = sum(counts[word] for word in _content(sentence.text) if counts[word] > 1)
        words = len(sentence.text.split())
        return shared / (8 + words) / (1 if words <= LONGEST_LEAD else 2)

    wanted = [preferred] if preferred else []
    ranked = dict.fromkeys([*told[:1], *wanted, *sorted(told, key=weight, reverse=True)])
    return sorted(list(ranked)[:limit], key=lambda sentence: sentence.start)


def without_dateline(sentence: str) -> str:
    """The sentence from its first word of news on."""
    match = _DATELINE.match(sentence)
    return sentence[match.end() :] if match else sentence


def is_first_person(sentence: str) -> bool:
    """Whether somebody speaks of himself in it."""
    return not word_set("first_person").isdisjoint(re.findall(r"[a-z]+", sentence.lower()))


def _content(sentence: str) -> set[str]:
    """Words of five letters and more, which are mostly not grammar, without case."""
    return set(re.findall(r"[^\W\d_]{5,}", sentence.lower()))


def _is_title(sentence: str) -> bool:
    """Whether a first line is a title: long enough to tell something, and without a full stop."""
    return len(sentence.split()) >= SHORTEST_LEAD and sentence[-1].isalnum()


def _stands_alone(sentence: Evidence, context: ArticleContext) -> bool:
    words = sentence.text.split()
    spoken = sum(
        min(sentence.end, quotation.end) - max(sentence.start, quotation.start)
        for quotation in context.quotations
        if quotation.start < sentence.end and sentence.start < quotation.end
    )
    return (
        len(words) >= SHORTEST_LEAD
        and 2 * spoken < len(sentence.text)
        and words[0][0].isalnum()
        and words[-1][-1] in ".!?”’\"'"  # a title or a heading has no full stop
        and words[0].lower() not in word_set("pronouns") | word_set("leaning")
    )
