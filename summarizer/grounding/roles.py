"""What the article says a body is or does, in words of its own, to stand after the name.

No grammar, only what newsrooms do: a description before the name or between commas after it, the predicate of a clause
of which the name is the subject, and the matter that it shares with another ("talks between Norland and Esk").
"""

import bisect
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ..schemas.evidence import Evidence
from .context import ArticleContext, once, reports_in
from .cues import cues
from .nameindex import countries
from .role_words import FEWEST_WORDS, LONGEST_ROLE, WORD, clause, trimmed, verbs
from .tokens import name_words
from .wording import wording
from .wordlists import word_set

TELLS_WHO = 7  # the weight from which words tell who somebody is, and not only what he does
_MOST_MENTIONS = 40  # of one body that are read; articles tell who it is early
_LOOKED_AT = 400  # characters after a name; a clause is shorter
_LOOKED_BACK = 130


_INSERTION = re.compile(r", (?:which|who|whose|the|an?|one|also|however|[^\W\d_]+ing) ?[^,.;:\n“”\"]{0,120},")
_SPEAKER = re.compile(r"\b(?:I|we|us|me|my|our|you|your)\b")
_MARK = re.compile(r"(?<!\w)[‘'’]|\d ?[–—]\Z")
_DAY = re.compile(r" on (?:\d|[A-Z][a-z]+day\b)")
_SHORT_FORM = re.compile(r" \([A-Z][\w.]{1,12}\)")
_OWNED = re.compile(r"(?:[’']s?|s[’'])? ([a-z]+)(?= )")
_JOINT_OWNED = re.compile(r" and(?: [A-Z][\w’'.-]*){1,3} ([a-z]+)(?= )")
_SKIPPED = re.compile(r"(?: (?:[a-z]+ly|also|now|still|already|again|then|both|all|today|yesterday|this week))*")
_TIME = re.compile(r"(?: on)? (\w+)(?= )")
_APPOSITIVE = re.compile(
    r"(?: \([A-Z][A-Z.]{1,8}\))?, ((?:an?|one of|part of|the) [^,.;:()\n“”\"]{3,160})(?=[,.;)\n]|$)"
)
_BEFORE = re.compile(r"((?:[^\W\d_][\w’'-]* ){1,5})(?:(?:like|such as|called|known as|of|named) )?(?:the )?\Z")
_PLAIN = r"((?:[$€£\w](?:[\w’'.-]|,(?=\d))* ){1,6})"
_BETWEEN = re.compile(
    _PLAIN
    + r"(?:between|with|involving) (?:both |[Tt]he )*"
    + r"(?:(?:(?:[A-Z][\w’'.-]*|of|for|the) ){0,5}[A-Z][\w’'.-]*(?:, [^,.;:]{1,60},)? and (?:the )?)?\Z"
)
_IN_IT = re.compile(r"((?:[a-z][a-z-]* ){0,2}[a-z]+) in (?:the )?\Z")
_JOINED = re.compile(r" and(?: the)?(?: [A-Z][\w’'.-]*){1,6}")
_GOES_ON = re.compile(
    r" (?:aboard|at|on|over|in|about|to|under)\b"
    r"(?:(?! (?:that|which|who)\b)(?:[^,;:.()“”\"\n]|\.(?=\w)|(?<=\b[A-Z])\.))*"
)
_INTENT_OF = re.compile(_PLAIN + r"(?:of|by) (?:the )?\Z")
_INTENT = re.compile(r"[’']s? ((?:[a-z-]+ )?([a-z]+)\b[^,;:.()“”\"\n]*)")
_PAIR = re.compile(r"(?:-[A-Z]\w+)? ([\w-]+)(?: ([\w-]+))?(?![\w-])")
_FIRST_OF_PAIR = re.compile(r"(?<![\w’'-])[A-Z][\w.]*-\Z")
_GOVERNMENT_OF = re.compile(r"(?:the )?[Gg]overnment of (?:the )?\Z")
# Words between a border and a subject. Those after which something is only possible, or somebody's word, are left out.
_CLAUSE_OPENERS = frozenset((
    "yet", "so", "now", "then", "still", "meanwhile", "later", "earlier", "however", "instead", "while", "but",
    "because", "as", "when", "although", "though", "where", "why",
))  # fmt: skip
_UNDER_A_NAME = re.compile(r" (?:under|of|led by)\b[^,;:.()“”\"\n]{1,60}? [A-Z][\w’'-]+(?= [a-z]+)")


@dataclass(frozen=True, slots=True)
class Role:
    """What stands after a name. `words` are the article's, with nothing but a bracket or the name itself left out.

    `span` is the mention of the body that they belong to.
    """

    words: str
    span: Evidence
    weight: int


def role_of(context: ArticleContext, mentions: Sequence[Evidence], called: Collection[str]) -> Role | None:
    """The most telling words on the body of the mentions, the earlier ones among equals; None if none tell anything.

    `called` are the forms of its name, which no role repeats.
    """
    forms = {form.lower() for form in called}
    best: Role | None = None
    for mention in mentions[:_MOST_MENTIONS]:
        if _is_spoken(context, mention):
            continue
        for role in _candidates(context, mention):
            low = f" {role.words.lower()} "
            repeats = any(f" {form} " in low or f" {form}’" in low for form in forms)
            if repeats or _SPEAKER.search(role.words) or _MARK.search(role.words):
                continue
            if best is None or role.weight > best.weight:
                best = role
    return best


def _is_spoken(context: ArticleContext, mention: Evidence) -> bool:
    """Whether it stands inside quotation marks: what somebody calls a body is no fact beside its name."""
    marked = _marked(context)
    at = bisect.bisect_right(marked, (mention.start, mention.start)) - 1
    return at >= 0 and mention.start < marked[at][1]


@once
def _marked(context: ArticleContext) -> list[tuple[int, int]]:
    return sorted((each.start, each.end) for each in context.stretches if each.depth == 0)


@once
def _reports(context: ArticleContext) -> list[tuple[int, Evidence]]:
    """Where each report has its verb, and its speaker, in order."""
    return sorted(((each.cue.start, each.speaker) for each in reports_in(context)), key=lambda pair: pair[0])


def _is_told(context: ArticleContext, sentence: Evidence, mention: Evidence) -> bool:
    """Whether somebody else says it: what Berg says that Norland has done is not what Norland has done."""
    reports = _reports(context)
    at = bisect.bisect_left(reports, sentence.start, key=lambda pair: pair[0])
    while at < len(reports) and reports[at][0] < sentence.end:
        speaker = reports[at][1]
        if speaker.end <= mention.start or speaker.start >= mention.end:
            return True
        at += 1
    return False


def _candidates(context: ArticleContext, mention: Evidence) -> Iterator[Role]:
    carrying = context.sentences_at(mention.start, mention.end)
    if not carrying:
        return
    sentence = carrying[0]
    before = context.text[max(sentence.start, mention.start - _LOOKED_BACK) : mention.start]
    if mention.start - sentence.start > _LOOKED_BACK:
        before = before.partition(" ")[2]
    before = _GOVERNMENT_OF.sub("", before)
    after = context.text[mention.end : min(sentence.end, mention.end + _LOOKED_AT)]
    is_lead = bool(context.sentences) and sentence == context.sentences[0]
    told = _is_told(context, sentence, mention)
    finders = (
        (_introduced(before, context), 8),
        (_described_before(before, after, mention.text), 9),
        (_described_after(before, after), 8),
        ("" if told else _predicate(before, after), 4),
        ("" if told else _intent(before, after), 2),
        (_shared_matter(before, after), 1),
        (_trouble(before, after), 0),
    )
    for words, weight in finders:
        if words:
            yield Role(words, mention, weight + _bonus(words) + is_lead)


def _bonus(words: str) -> int:
    """How much better than others a predicate tells who it is: "is the biggest buyer", not "said so"."""
    first = words.split(maxsplit=1)[0].lower()
    if re.match(r"(?:(?:has|will|would|and|continues?|to) ){0,5}(?:is|was|be|remains) (?:an?|the|one of) ", words):
        return 3
    if first in cues().finite - word_set("stances") or first == "declined":
        return -2
    return 0


def _described_after(before: str, after: str) -> str:
    """The description between commas after the name: "the Marl Herring Board, a trade group,"."""
    match = _APPOSITIVE.match(after)
    if match is None:
        return ""
    words = match.group(1)
    low = [word.lower() for word in WORD.findall(words)]
    # A list goes on ("Norland, the Marl Board and Esk"), and so does a sentence ("In Norland, a man was").
    second = WORD.findall(words)[1:2]
    if (low[0] == "the" and second and second[0][0].isupper()) or re.match(r"\W*in\b", before.lower()):
        return ""
    head = low[: next((place for place, word in enumerate(low) if word in cues().relative), len(low))]
    if verbs() & set(head):
        return ""
    return trimmed(words, fewest=2)


def _described_before(before: str, after: str, name: str) -> str:
    """The words for what it is, right before the name: "state news agency Marl Wire", "the Norland region of Marl"."""
    match = _BEFORE.search(before)
    if match is None or after[:1] in ("’", "'"):
        return ""
    words = match.group(1).split()
    joint = before[match.end(1) :].split()
    last = words[-1].lower()
    kinds = word_set("regions") if joint[:1] == ["of"] else word_set("kinds_of_body")
    plural_only = joint[:1] in (["like"], ["such"])
    single = last.removesuffix("s") if plural_only else last
    if single not in kinds or not words[-1][0].islower() or (joint == ["the"]):
        return ""
    first = len(words) - 1
    while first and _modifies(words[first - 1]):
        first -= 1
    # "The hill region of Norland" is a part of it, "the Norland region of Marl" is Marl.
    is_part = joint[:1] == ["of"] and name.lower() in countries().forms
    if is_part and not any(word.lower() in countries().forms for word in words[first:]):
        return ""
    return trimmed(" ".join(words[first:]), fewest=1)


def _introduced(before: str, context: ArticleContext) -> str:
    """How "the group" in "The group, Herring Boats of Marl," was introduced: "a group of small trawlers"."""
    match = re.search(r"[Tt]he ([a-z-]+), \Z", before)
    if match is None or match.group(1) not in word_set("kinds_of_body"):
        return ""
    return _first_described(context, match.group(1))


@once
def _first_described(context: ArticleContext, noun: str) -> str:
    first = re.compile(rf"\ban? (?:[a-z-]+ ){{0,3}}{noun} (?:of|for|that|which|[a-z]+ing) [^,.;:()“”\"\n]+")
    found = next((hit for each in context.sentences if (hit := first.search(each.text))), None)
    words = found.group().split() if found else []
    verb = next((at for at, word in enumerate(words) if at > FEWEST_WORDS and word in word_set("auxiliaries")), None)
    return trimmed(" ".join(words[:verb]), fewest=FEWEST_WORDS)


def _modifies(word: str) -> bool:
    low, known = word.lower(), cues()
    outside = known.determiners | known.prepositions | verbs() | {"and", "or", "but", "that"}
    return low not in outside and not low.endswith(("’s", "'s", "’", "ly"))


def _predicate(before: str, after: str) -> str:
    """What the name does or is, from the verb on, if it is the subject of the clause."""
    is_joint = _is_subject(before)
    if is_joint is None:
        return ""
    for pattern in (_SHORT_FORM, _INSERTION):
        if match := pattern.match(after):
            after = after[match.end() :]
    rest = after
    owned = _OWNED.match(rest)
    if owned and owned.group(1) in word_set("powers") | word_set("leading"):
        rest, is_joint = rest[owned.end() :], owned.group(1).endswith("s")
        if named := _UNDER_A_NAME.match(rest):
            rest = rest[named.end() :]
    if (both := _JOINT_OWNED.match(rest)) and both.group(1) in word_set("leading"):
        rest, is_joint = rest[both.end() :], True
    for length in range(1, 4):
        joined = re.match(rf" and(?: its| the| their)?(?: [^\W\d_][\w’'.-]*){{{length}}}(?= [a-z])", rest)
        if joined and _verb_at(rest[joined.end() :]) is not None:
            rest, is_joint = rest[joined.end() :], True
            break
    verb = _verb_at(rest)
    if verb is None:
        return ""
    return clause(rest[verb:].lstrip(), is_joint)


def _is_subject(before: str) -> bool | None:
    """None if the name after these words cannot be a subject; else whether others are subject with it."""
    clause = re.split(r"[,;:“”\"()]| [–—-]+ ", before)[-1] if before else ""
    words = WORD.findall(clause)
    opening = name_words().sentence_words - cues().determiners
    while (
        words
        and words[-1].lower() not in opening
        and (words[-1].lower() in cues().determiners - {"that"} or words[-1][0].isupper())
    ):
        words.pop()
    if not words:
        return False
    last = words[-1].lower()
    if last in ("and", "or"):
        names = [word for word in words[:-1] if not word[0].isupper() and word.lower() not in cues().determiners]
        if not names:
            return True
        return None if names[-1].lower() in cues().prepositions or len(words) > len(names) + 1 else False
    # "Over the last year the Marl Board has sold herring".
    when = words[0].lower() in cues().prepositions and last.removesuffix("s") in word_set("periods")
    return False if last in _CLAUSE_OPENERS or when else None


def _verb_at(rest: str) -> int | None:
    """Where a finite verb begins, after adverbs and a day; None if none does."""
    at = 0
    for _ in range(2):
        skipped = _SKIPPED.match(rest, at)
        at = skipped.end() if skipped else at
        time = _TIME.match(rest, at)
        if time and time.group(1).lower() in cues().times:
            at = time.end()
    match = re.compile(r" ([a-z]+)(?![\w’'-])").match(rest, at)
    if match is None:
        return None
    word = match.group(1)
    return at if word in verbs() or (word.endswith("ed") and word not in word_set("no_verbs")) else None


def _intent(before: str, after: str) -> str:
    """What it means to do, told by a noun: "Norland’s offer to reopen the strait", "the refusal of Norland to talk"."""
    if (match := _INTENT.match(after)) and match.group(2) in word_set("intents"):
        return trimmed(match.group(1), fewest=FEWEST_WORDS)
    match = _INTENT_OF.search(before)
    goes_on = re.match(r" to [a-z]+\b[^,;:.()“”\"\n]*", after)
    if match is None or goes_on is None:
        return ""
    words = match.group(1).split()
    at = next((place for place, word in enumerate(words) if word in word_set("intents")), None)
    return "" if at is None else trimmed(" ".join(words[at:]) + goes_on.group(), fewest=FEWEST_WORDS)


def _shared_matter(before: str, after: str) -> str:
    """What it has with others, their names left out: "peace talks" of "peace talks between Norland and Esk"."""
    pair = _PAIR.match(after) if re.match("-[A-Z]", after) or _FIRST_OF_PAIR.search(before) else None
    for last in (2, 1) if pair else ():
        if pair and pair.group(last) and _is_dealing(pair.group(last)):
            return _side_of(_with_rest(after[pair.start(1) : pair.end(last)], after[pair.end(last) :], fewest=2))
    following = re.match(r" ([a-z]+)", after)
    if following and following.group(1) not in verbs() | cues().prepositions | {"and", "or", "that", "as", "aboard"}:
        return ""
    match = _BETWEEN.search(before)
    if match is None:
        return ""
    words = match.group(1).split()
    at = next((place for place in range(len(words) - 1, -1, -1) if _is_dealing(words[place])), None)
    if at is None:
        return ""
    first = at
    while first and (_modifies(words[first - 1]) or _joins_capitals(words, first - 1)):
        first -= 1
    if first and words[first - 1].lower() in ("and", "or"):
        # What stands first may be a verb: "deepen and strengthen mutual ties".
        first = min(first + 1, at)
    if joined := _JOINED.match(after):
        after = after[joined.end() :]
    return _side_of(_with_rest(" ".join(words[first:]), after, fewest=2))


def _trouble(before: str, after: str) -> str:
    """The trouble that it is in, if no more is told: "in the crisis" of "the crisis in Marl" or "the Marl crisis"."""
    following = re.match(r" ([a-z]+)(?![\w’'-])", after)
    match = _IN_IT.search(before)
    words = match.group(1).split() if match else [following.group(1)] if following else []
    if not words or words[-1] not in word_set("troubles"):
        return ""
    first = len(words) - 1
    while first and _modifies(words[first - 1]):
        first -= 1
    return f"in the {' '.join(words[first:])}"


def _side_of(matter: str) -> str:
    """A side of it: "party to the peace talks", "in the dispute over herring"; the matter alone if that is too long."""
    if not matter:
        return ""
    is_made = any(word.lower() in {*wording("agreements"), *wording("meetings")} for word in WORD.findall(matter))
    said = f"{'party to' if is_made else 'in'} {'' if matter.startswith('the ') else 'the '}{matter}"
    return said if len(said) <= LONGEST_ROLE else matter


def _with_rest(matter: str, after: str, fewest: int) -> str:
    """The matter with what it is about, unless somebody speaks of himself in that."""
    goes_on = _GOES_ON.match(after)
    told = goes_on.group() if goes_on and not _DAY.match(goes_on.group()) else ""
    return trimmed(matter + ("" if _SPEAKER.search(told) else told), fewest)


def _joins_capitals(words: list[str], at: int) -> bool:
    return at > 0 and words[at] == "and" and words[at - 1][0].isupper() and words[at + 1][0].isupper()


def _is_dealing(word: str) -> bool:
    low = word.lower()
    return low in word_set("dealings") or low.removesuffix("s") in word_set("dealings")
