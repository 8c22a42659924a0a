"""False sentences by another office, state of a deal, degree of certainty, or by saying no for yes."""

import random
import re

from .setting import Setting, either, in_case_of, places, replaced, shuffled, words

# Office

_OFFICES: dict[str, list[str]] = words("offices")
_OFFICE_NAMES = either(_OFFICES)
_OFFICE = re.compile(rf"(?<![\w-]){_OFFICE_NAMES}(?![\w-])(?! General)", re.IGNORECASE)
_QUALIFIERS = ("former", "acting", "deputy")
_QUALIFIED = re.compile(
    rf"\b(?P<q>former|acting|deputy|interim|vice|assistant|then|ex)[ -](?P<o>(?:[A-Z]\w+ )*{_OFFICE_NAMES})\b",
    re.IGNORECASE,
)
_BEFORE_OFFICE = re.compile(
    rf"(?:\b{either(words('before_office'))}|-)[ -]?$",
    re.IGNORECASE,
)
_LEADING_CAPITALS = re.compile(r"(?:(?!The\b|A\b|An\b|In\b|On\b|At\b|By\b|As\b|And\b)[A-Z][\w.&-]*(?:’s|'s)? )+$")
_NAME_AFTER = re.compile(r",? (?:[A-Z][\w’'.-]* ?){1,3}")


def _offices(sentence: str) -> list[re.Match[str]]:
    return [found for found in places(_OFFICE, sentence) if not _BEFORE_OFFICE.search(sentence[: found.start()])]


def _holder(sentence: str, found: re.Match[str]) -> str:
    """The last word of the name after an office, empty if none follows."""
    name = _NAME_AFTER.match(sentence, found.end())
    return name.group().split()[-1].strip(",.") if name else ""


def other_office(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """President for prime minister."""
    for found in shuffled(_offices(sentence), rng):
        new = rng.choice(_OFFICES[found.group().lower()])
        holder = _holder(sentence, found)
        held = holder and re.search(rf"\b{new} (?:\S+ ){{0,2}}{re.escape(holder)}", setting.text, re.IGNORECASE)
        if new not in sentence.lower() and not held:
            named = found.group()[0].isupper() and re.match(r" [A-Z]", sentence[found.end() :])
            return replaced(sentence, found, new.title() if named else in_case_of(found.group(), new))
    return None


def qualified_office(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """A former prime minister for a prime minister."""
    for found in shuffled(_offices(sentence), rng):
        new = rng.choice(_QUALIFIERS)
        before = sentence[: found.start()]
        capitals = _LEADING_CAPITALS.search(before) if found.group()[0].isupper() else None
        owned = capitals and re.search("[’']s", capitals.group())
        at = capitals.start() if capitals and not owned else found.start()
        already = re.search(rf"\b{new} (?:\w+ ){{0,2}}{found.group()}", setting.text, re.IGNORECASE)
        if already or re.search(r"\b(?:former|acting|deputy)\b", sentence, re.IGNORECASE):
            continue
        place = re.compile(r"").match(sentence, at)
        assert place is not None
        return replaced(sentence, place, (new.capitalize() if at == 0 else new) + " ")
    return None


def unqualified_office(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """A prime minister for a former prime minister."""
    for found in shuffled(places(_QUALIFIED, sentence), rng):
        plain = rf"(?<!{found['q']} )\b{re.escape(found['o'])} (?:\S+ ){{0,2}}{re.escape(_holder(sentence, found))}"
        if not re.search(plain, setting.text, re.IGNORECASE):
            return replaced(sentence, found, in_case_of(found.group(), found["o"]))
    return None


# Negation

_NEGATIVE = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|neither|nor|without|hardly|cannot|whether|if|unless)\b|n[’']t\b",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"(?<=\w )(?:is|are|was|were|will|would|can|should|must|could)(?= (?!(?:not|also|the|no|only|why|how)\b)[a-z])"
    r"|(?<=\w )(?:has|have|had)(?= (?:been|become|made|taken|given|shown|won|led|\w{3,}ed)\b)"
)
_PLAIN_FORMS: dict[str, str] = words("plain_forms")
_PAST = re.compile(rf"(?<=[A-Za-z] ){either(_PLAIN_FORMS)}\b(?! by\b)")
_SUBJECT = re.compile(r"\b(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t|[Ww]e|I|(?!(?:The|Its|Their|His|Her|No)\b)[A-Z]\w+) $")
_DENIED = re.compile(
    r"\b(?P<be>is|are|was|were|has|have|had|will|would|can|could|should|must)(?: not|n[’']t)\b|\bwon[’']t\b|\bcannot\b"
    r"|\b(?P<do>did|do|does)(?: not|n[’']t) (?P<v>\w+)|\bnever (?P<n>\w+)"
)
_ODD_AFTER = re.compile(
    r"^\W*(?:only|just|least|yet|even|to)\b|\b(?:any|anyone|anything|either|until|longer|but|yet|ever|nor)\b"
)
_OPPOSITES: list[tuple[str, str]] = [(one, other) for one, other in words("opposites")]
_OPPOSITE = {
    **{b: a for a, b in _OPPOSITES if b != "without"},
    **{a: b for a, b in _OPPOSITES if a != "with"},
    "without": "with",
}
_TURNED = re.compile(rf"(?<![\w-]){either(_OPPOSITE)}(?![\w-])")


def with_not(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """It will not for it will."""
    if _NEGATIVE.search(sentence):
        return None
    for found in shuffled(places(_AUXILIARY, sentence), rng):
        return replaced(sentence, found, "cannot" if found.group() == "can" else found.group() + " not")
    return None


def with_never(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """She did not sign, or never signed, for she signed."""
    if _NEGATIVE.search(sentence):
        return None
    for found in shuffled(places(_PAST, sentence), rng):
        if _SUBJECT.search(sentence[: found.start()]):
            new = rng.choice(("never " + found.group(), "did not " + _PLAIN_FORMS[found.group()]))
            return replaced(sentence, found, new)
    return None


def without_not(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """It will for it will not."""
    for found in shuffled(places(_DENIED, sentence), rng):
        before, after = sentence[: found.start()], sentence[found.end() :]
        plain = _affirmed(found)
        if plain and not _ODD_AFTER.search(after) and not re.search(r"\b(?:or|if|whether|why) $", before):
            return replaced(sentence, found, plain)
    return None


def _affirmed(found: re.Match[str]) -> str:
    """What says yes in the place of a denied verb; empty if its form is not known."""
    if found["be"] or found["n"]:
        return found["be"] or found["n"]
    if not found["do"]:
        return "will" if found.group().startswith("wo") else "can"
    if found["do"] == "did":
        return {plain: past for past, plain in _PLAIN_FORMS.items()}.get(found["v"], "")
    if found["do"] == "do":
        return found["v"]
    return found["v"] + "s" if found["v"][-1] not in "hosy" else ""


def opposite(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Denied for confirmed."""
    for found in shuffled(places(_TURNED, sentence), rng):
        new = _OPPOSITE[found.group().lower()]
        if new not in sentence.lower():
            return replaced(sentence, found, in_case_of(found.group(), new))
    return None


# What somebody does by speaking

_SAID = re.compile(
    r"\b(?:said|says|told (?:[A-Z]\w+ )?\w+|added|stated|announced|explained|noted)"
    r"(?= (?:that|he|she|they|it|there|the)\b)"
)
_ACTS = words("acts")


def other_act(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Denied for said."""
    for found in shuffled(places(_SAID, sentence), rng):
        past = rng.choice(_ACTS)
        if past[:4] not in sentence.lower():
            that = "" if sentence[found.end() :].startswith(" that") else " that"
            return replaced(sentence, found, past + that)
    return None


# Hedge

_MAY = re.compile(r"(?<=\w )(?:may|might|could)(?= (?:also )?(?!not\b|or\b)[a-z]+)")
_WILL = re.compile(r"(?<=\w )will(?= (?:also )?(?!not\b)[a-z]+)")
_ADVERB = re.compile(rf"\b{either(words('doubts'))},? |\blikely (?=[a-z]+ed\b)", re.IGNORECASE)
_ADJECTIVE = re.compile(
    r"\b(?:alleged|suspected|unconfirmed|purported|(?:(?<=\ba )|(?<=\bof ))(?:possible|potential)) (?=[a-z])"
)
_EXPECTED = re.compile(
    rf"(?:\b(?:is|are) (?:widely )?{either(words('expected'))}|(?<!\bno )(?<!\bthe )(?<!\bnew )(?<!\bits )(?<!\btheir )"
    rf"\b{either(words('intends'))}) to(?= [a-z]+)"
)
_BELIEVED = re.compile(
    rf"\b(?P<be>is|are|was|were) (?:widely )?{either(words('believed'))} to (?:be|have been)\b"
    r"|\b(?:appear|seem)(?P<s>s?) to be\b"
)


def will_for_may(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """It will for it may."""
    for found in shuffled(places(_MAY, sentence), rng):
        return replaced(sentence, found, "will")
    return None


def may_for_will(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """It may for it will."""
    for found in shuffled(places(_WILL, sentence), rng):
        return replaced(sentence, found, rng.choice(("may", "might", "could")))
    return None


def without_doubt(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """He left for he reportedly left; the thief for the alleged thief."""
    found_places = [*places(_ADVERB, sentence), *places(_ADJECTIVE, sentence)]
    for found in shuffled(found_places, rng):
        return replaced(sentence, found, "")
    return None


def will_for_expected(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """It will for it is expected to; it is for it is believed to be."""
    for found in shuffled(places(_EXPECTED, sentence), rng):
        if re.search(r"\b(?:to|also|not|and|who|that) $", sentence[: found.start()]) is None:
            return replaced(sentence, found, "will")
    for found in shuffled(places(_BELIEVED, sentence), rng):
        return replaced(sentence, found, found["be"] or ("is" if found["s"] else "are"))
    return None


# Status

_DONE: list[str] = words("states")
_DONE_VERB = re.compile(rf"\b(?:{either(_DONE)}|planned)\b(?! (?:to|that|for|up|off|on|in|as)\b)")
_STATE_OF_DEAL = re.compile(
    rf"\b(?P<s>proposed|planned|draft|agreed|signed|rejected)(?= (?:[a-z]+ )?{either(words('deals'))}\b)", re.IGNORECASE
)
_PHRASES: dict[str, list[str]] = words("phrases")
_PHRASE = re.compile(rf"(?<![\w-]){either(_PHRASES)}(?![\w-])(?! (?:up|off|for|in)\b)")


def other_state(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Signed for proposed."""
    for found in shuffled(places(_DONE_VERB, sentence), rng):
        new = rng.choice(
            [word for word in _DONE if word not in words("near_states")[found.group()] and word not in sentence]
        )
        return replaced(sentence, found, new)
    return None


def other_state_of_deal(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """A signed deal for a draft deal."""
    for found in shuffled(places(_STATE_OF_DEAL, sentence), rng):
        new = rng.choice(
            [w for w in ("proposed", "signed", "rejected", "planned") if w not in sentence.lower()] or [""]
        )
        if new:
            return replaced(sentence, found, in_case_of(found.group(), new))
    return None


def other_phrase_of_state(sentence: str, setting: Setting, rng: random.Random) -> str | None:
    """Has agreed to for plans to."""
    for found in shuffled(places(_PHRASE, sentence), rng):
        new = rng.choice(_PHRASES[found.group()])
        is_noun = found.group().startswith("plan") and not _SUBJECT.search(sentence[: found.start()])
        has_object = found.group() in ("agreed to", "agree to") and re.match(
            r" (?:an?|the|its|their)\b", sentence[found.end() :]
        )
        if new not in sentence and not is_noun and not has_object:
            return replaced(sentence, found, new)
    return None
