"""The sentences of an article that together say what it is about."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from ..schemas.evidence import Evidence
from .context import ArticleContext, once
from .languages import Language
from .reports import is_no_comment
from .role_words import verbs
from .wordlists import word_set

SHORTEST_LEAD = 8  # words; a shorter sentence seldom says what an article is about
LONG_WITHOUT_SPACES = 16  # characters a word: a script that puts no spaces between words
LONGEST_LEAD = 30  # words; a longer one has to be shortened, at which a small model fails
# How much a long sentence loses, and one at the head of the article gains over one far down. Of the summary points of
# the gold briefs of the dev set, five sentences chosen so hold 30 of 41; without looking for what is new, 27.
LONG, EARLY = 1.3, 1.0
# "HALVIK, May 3 (NCA) — ", "Halvik (NCA) - ", "Monday, May 3, 2031 ": where, by which agency and when, before the
# first sentence.
_DATELINE = re.compile(
    r"[A-Z][a-z]{2,5}day, (?:[A-Z][a-z]{2,8} \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}),? \d{4}\s+"
    r"|(?:[A-Z][A-Z .,/’'-]{2,40}(?:[A-Z][a-z]{2,8}\.? \d{1,2})?,?(?: ?\([A-Z][\w /.-]{1,30}\))?"
    r"|(?:[A-Z][\w.’'-]{1,20}[ ,/]{1,2}){1,4}\([A-Z][\w /.-]{1,30}\)) ?(?:--|[-–—―]) "
)

# "Provide a poem about".
_COMMAND = re.compile(
    r"(?:Please )?([A-Z][a-z]+|(?<=Please )[a-z]+) (?:an?|the|me|us|one|some|two|three|five|ten|your|how|what|why)\b"
)
# A phrase or two, and the first word of the clause after them.
_OPENER = re.compile(r"((?:[^,.;:]{1,40}, ){1,2})([a-z]+)\b")


def lead_sentences(
    context: ArticleContext, limit: int, preferred: Evidence | None = None, others: Collection[Evidence] = ()
) -> list[Evidence]:
    """At most `limit` sentences, in the order of the article: the first, `preferred`, then the most telling.

    Those are the ones that hold most of the words that the article uses most and that none chosen before has; of two
    such, the earlier. Sentences that are mostly quotation, lean on the one before, speak in the first person, say that
    somebody says nothing, or are among `others` are passed over. Where one is wanted, it may be the article's title.
    """
    counts = _counts(context)
    told = [each for each in context.sentences if each not in others and _stands_alone(each, context)]
    if context.reading is None:
        told = [each for each in told if not is_first_person(each.text)] or told
        told = [each for each in told if _is_told(each.text, counts)] or told
    if limit == 1 and context.sentences and is_title(context.sentences[0].text):
        told = [context.sentences[0], *told]
    chosen = list(dict.fromkeys([*told[:1], *([preferred] if preferred else [])]))[:limit]
    return most_telling(context, told, chosen, limit)


def most_telling(
    context: ArticleContext, told: Iterable[Evidence], chosen: Iterable[Evidence], limit: int
) -> list[Evidence]:
    """The `chosen` sentences and the most telling of the others, `limit` in all, in the order of the article."""
    counts, chosen = _counts(context), list(chosen)
    places = {each.start: place for place, each in enumerate(context.sentences)}
    left = [each for each in told if each not in chosen]
    said = {word for each in chosen for word in _content(each.text)}

    def weight(sentence: Evidence) -> float:
        new = sum(counts[word] for word in _content(sentence.text) - said if counts[word] > 1)
        words = len(sentence.text.split())
        early = 1 + EARLY / (1 + places[sentence.start] / 4)
        return new / (8 + words) * early / (1 if words <= LONGEST_LEAD else LONG)

    while left and len(chosen) < limit:
        best = max(left, key=weight)
        left.remove(best)
        chosen.append(best)
        said |= _content(best.text)
    return sorted(chosen, key=lambda sentence: sentence.start)


@once
def _counts(context: ArticleContext) -> Counter[str]:
    return Counter(word for each in context.sentences for word in _content(each.text))


def without_dateline(sentence: str) -> str:
    """The sentence from its first word of news on."""
    match = _DATELINE.match(sentence)
    return sentence[match.end() :] if match else sentence


def is_only_dateline(name: str, text: str) -> bool:
    """Whether a name stands nowhere in an article but in a dateline at the head of a line, and so names nobody."""
    for place in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
        match = _DATELINE.match(text, text.rfind("\n", 0, place.start()) + 1)
        # "BMW - the carmaker - …" is none: after a dateline a sentence begins.
        if match is None or place.end() > match.end() or text[match.end() : match.end() + 1].islower():
            return False
    return name.isupper()


def is_first_person(sentence: str) -> bool:
    """Whether somebody speaks of himself in it."""
    return not word_set("first_person").isdisjoint(re.findall(r"[a-z]+", sentence.lower()))


@lru_cache(maxsize=1024)
def _content(sentence: str) -> frozenset[str]:
    """Words of five letters and more, which are mostly not grammar, without case."""
    return frozenset(re.findall(r"[^\W\d_]{5,}", sentence.lower()))


def is_title(sentence: str) -> bool:
    """Whether a first line is a title: long enough to tell something, and without a full stop."""
    return len(sentence.split()) >= SHORTEST_LEAD and sentence[-1].isalnum()


def _stands_alone(sentence: Evidence, context: ArticleContext) -> bool:
    words = sentence.text.split()
    if context.reading is not None:
        return _stands_alone_elsewhere(sentence, context)
    # "In 1995, at seventeen, she was told": who she is, another sentence says.
    opener = _OPENER.match(sentence.text)
    if opener and opener.group(2) in word_set("pronouns"):
        named = range(sentence.start, sentence.start + opener.end(1))
        if not any(mention.start in named for person in context.people for mention in person.mentions):
            return False
    return (
        len(words) >= SHORTEST_LEAD
        and not _is_mostly_quotation(sentence, context)
        and words[0][0].isalnum()
        and words[-1][-1] in ".!?”’\"'"  # a title or a heading has no full stop
        and words[0].lower() not in word_set("pronouns") | word_set("leaning")
        and not is_no_comment(sentence.text)
        and _may_have_verb(sentence.text)
    )


def _is_mostly_quotation(sentence: Evidence, context: ArticleContext) -> bool:
    spoken = sum(
        min(sentence.end, quotation.end) - max(sentence.start, quotation.start)
        for quotation in context.quotations
        if quotation.start < sentence.end and sentence.start < quotation.end
    )
    return 2 * spoken >= len(sentence.text)


def _stands_alone_elsewhere(sentence: Evidence, context: ArticleContext) -> bool:
    """The same of a sentence in another language: it is long enough, has an end and leans on none before."""
    words = sentence.text.split()
    return (
        (len(words) >= SHORTEST_LEAD or len(sentence.text) >= LONG_WITHOUT_SPACES * max(1, len(words)))
        and not _is_mostly_quotation(sentence, context)
        and words[0][0].isalnum()
        and words[-1][-1] in ".!”’\"'。！।۔؟»“"
        and (sentence == context.sentences[0] or not _leans(words, context.language))
    )


def _leans(words: Sequence[str], known: Language) -> bool:
    head = [word.lower().strip(",") for word in words[:3]]
    return head[0] in known.leaning | known.pronouns or not known.owning.isdisjoint(head)


def _is_told(sentence: str, counts: Mapping[str, int]) -> bool:
    """Whether it neither asks, commands nor shares no word with the rest: that is often not even the article's own."""
    command = _COMMAND.match(sentence)
    is_command = command is not None and command[1].lower() in word_set("commands")
    shares = any(counts[word] > 1 for word in _content(sentence) - word_set("grammar"))
    return not sentence.endswith("?") and not is_command and shares


def _may_have_verb(sentence: str) -> bool:
    """Whether some word can be a verb: "The ferry Marl in the port of Esk." is a picture's caption."""
    words = re.findall(r"\b[a-z][a-z’']+", sentence)
    return any(word in verbs() or word.endswith(("ed", "s")) or "n’t" in word or "n't" in word for word in words)
