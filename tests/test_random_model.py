"""Whatever model is named gets the same checks: one that answers at random says nothing false in a brief."""

import os
import random
import re
from pathlib import Path

import pytest
from double import Double, say

from summarizer import Article, Summarizer, find_quotations
from summarizer.errors import AnswerUnusable
from summarizer.grounding.persons import same_person
from summarizer.schemas.news import NewsDraft

SEEDS = Path(__file__).parent.parent / "seeds"
TEXTS = [
    (SEEDS / f"{name}.txt").read_text(encoding="utf-8")
    for name in ("trade-two-offers", "short-no-deal", "ceasefire-four-parties")
]
USAGE = {"prompt_tokens": 5000, "completion_tokens": 800, "total_tokens": 5800}
SCHEMA = NewsDraft.model_json_schema()
INTRUDERS = ("Quillon Vandermast", "7431", "Ostravik", "88 billion", "“never in our lives”", "1893")
RUNS = range(6 * int(os.environ.get("SUMMARIZER_FUZZ", "1")))


class Nonsense:
    """Answers that a schema allows, made of an article's own words, names and quotations, and a few that it lacks."""

    def __init__(self, text, seed):
        self.chance = random.Random(seed)
        self.words = text.split()
        self.names = sorted(set(re.findall(r"[A-Z][a-z]+(?: [A-Z][a-z]+)*", text)))
        self.quotes = [quote.text for quote in find_quotations(text)]
        self.sentences = [each for each in re.split(r"(?<=[.?”])\s+", text) if each]

    async def __call__(self, request, reply):
        """A step of the double: an answer with the sections that are asked for, the first time and again."""
        asked = request.body["response_format"]["json_schema"]["schema"]["properties"]
        answer = {name: self.value(SCHEMA["properties"][name]) for name in asked}
        await say(answer, usage=USAGE)(request, reply)

    def value(self, schema):
        if "$ref" in schema:
            schema = SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]]
        if "anyOf" in schema:
            return self.value(self.chance.choice(schema["anyOf"]))
        if "enum" in schema or "const" in schema:
            return self.chance.choice(schema.get("enum") or [schema["const"]])
        match schema["type"]:
            case "object":
                return {name: self.value(part) for name, part in schema["properties"].items()}
            case "array":
                return [self.value(schema["items"]) for _ in range(self.chance.randint(1, schema["maxItems"]))]
            case "null":
                return None
            case "string":
                return self.string(schema.get("minLength", 0), schema["maxLength"])
        raise AssertionError(f"a type that nothing is made up for: {schema}")

    def string(self, shortest, longest):
        text = self.chance.choice((self.stretch, self.stretch, self.jumble, self.whole, self.name))(longest)
        if self.chance.random() < 0.25:
            words = text.split()
            words.insert(self.chance.randint(0, len(words)), self.chance.choice(INTRUDERS))
            text = " ".join(words)
        return text[:longest].strip().ljust(shortest, "x")

    def stretch(self, longest):
        first, number = self.chance.randrange(len(self.words)), self.chance.randint(2, 18)
        return " ".join(self.words[first : first + number])

    def jumble(self, longest):
        return " ".join(self.chance.sample(self.words, self.chance.randint(2, 14)))

    def whole(self, longest):
        return self.chance.choice(self.quotes + self.sentences)

    def name(self, longest):
        """A name alone, or in a sentence with words in quotation marks that anybody may have spoken."""
        who = self.chance.choice(self.names)
        return who if longest <= 80 else f"{who} says “{self.chance.choice(self.quotes)}” to {self.name(0)}."


@pytest.fixture(scope="module")
def briefs():
    """The briefs that are left of answers at random; an answer of which nothing is left has none."""
    made = []
    for seed in RUNS:
        text = TEXTS[seed % len(TEXTS)]
        with Double(Nonsense(text, seed)) as double, Summarizer("some-model", base_url=double.base_url) as summarizer:
            try:
                made.append(summarizer.brief(Article(text=text)))
            except AnswerUnusable:
                continue
    assert len(made) >= len(RUNS) / 2
    return made


def spans(brief):
    items = [brief.headline, *brief.summary, *brief.actors, *brief.positions, *brief.deals, *brief.open_questions]
    yield from (span for item in items for span in item.evidence)
    yield from (span for position in brief.positions for span in position.quotes)
    yield from (span for deal in brief.deals for term in deal.terms for span in term.evidence)
    yield from (finding.span for finding in brief.audit.findings if finding.span)


def sentences(brief):
    """All words of a brief that a model may have chosen."""
    yield brief.headline.text
    yield from (item.text for item in brief.summary)
    yield from (item.claim for item in brief.positions)
    yield from (item.question for item in brief.open_questions)
    for actor in brief.actors:
        yield from (actor.name, actor.role or "", actor.affiliation or "", *actor.aliases)
    for deal in brief.deals:
        yield from (deal.title, *deal.parties, *(f"{term.party or ''} {term.gives}" for term in deal.terms))


def speaker_of(text, start, end):
    """Who speaks the words at that place, as the article's marks and cues have it."""
    said = [each for each in find_quotations(text) if each.start <= start and end <= each.end]
    assert said, f"no quotation: {text[start:end]}"
    return said[0].speaker_name or (said[0].speaker.text if said[0].speaker else None)


def is_same(name, other):
    return name is not None and (same_person(name, other) or name.lower() == other.lower())


def test_every_piece_of_evidence_is_the_articles(briefs):
    """Whatever was cited, evidence, quotes and the audit's places are stretches of the article, exactly."""
    for brief in briefs:
        text = brief.article.text
        assert all(text[span.start : span.end] == span.text for span in spans(brief))
        assert all(deal.value is None or deal.value.text in text for deal in brief.deals)


def test_every_quote_is_in_the_mouth_that_spoke_it(briefs):
    """A true quote with a name at random is not shown: who speaks it is who `find_quotations` says."""
    shown = 0
    for brief in briefs:
        for position in brief.positions:
            actor = brief.actor(position.actor)
            for quote in position.quotes:
                speaker = speaker_of(brief.article.text, quote.start, quote.end)
                assert is_same(speaker, actor.name), f"{actor.name} for {speaker}: {quote.text}"
                shown += 1
    assert shown


def test_words_in_quotation_marks_are_quoted_by_the_article(briefs):
    """In a sentence, too, marks stand only around words that stand in marks in the article."""
    for brief in briefs:
        quoted = [quote.text for quote in find_quotations(brief.article.text)]
        for sentence in sentences(brief):
            for words in re.findall(r"[“\"]([^”\"]*)[”\"]?", sentence):
                assert any(words.strip(" .,") in each for each in quoted), sentence


def test_a_claim_quotes_nobody_but_its_actor(briefs):
    """Words in quotation marks in what somebody is said to claim are words that this one spoke."""
    for brief in briefs:
        text = brief.article.text
        quoted = [(each.text, speaker_of(text, each.start, each.end)) for each in find_quotations(text)]
        for position in brief.positions:
            actor = brief.actor(position.actor).name
            for words in re.findall(r"[“\"]([^”\"]*)[”\"]?", position.claim):
                speakers = [speaker for quote, speaker in quoted if words.strip(" .,") in quote]
                assert any(is_same(speaker, actor) for speaker in speakers), f"{actor}: {position.claim}"


def test_a_sentence_puts_quoted_words_in_no_other_mouth(briefs):
    """Where a sentence of any kind says that somebody says words in marks, the article has this one say them."""
    for brief in briefs:
        text = brief.article.text
        quoted = [(each.text, speaker_of(text, each.start, each.end)) for each in find_quotations(text)]
        for sentence in sentences(brief):
            for who, words in re.findall(r"(\w+(?: \w+)*) says “([^”]+)”", sentence):
                speakers = [speaker for quote, speaker in quoted if words.strip(" .,") in quote]
                assert any(is_same(speaker, who) for speaker in speakers), sentence


ASKING = {"how", "what", "when", "where", "whether", "which", "who", "why", "will"}  # which code puts before a clause


def test_no_sentence_has_a_number_or_a_name_of_its_own(briefs):
    """Numbers and capitalised words that the article lacks are in no sentence, title, role, name or term."""
    for brief in briefs:
        text = brief.article.text
        numbers, words = set(re.findall(r"\d+", text)), set(re.findall(r"\w+", text.lower()))
        for sentence in sentences(brief):
            assert set(re.findall(r"\d+", sentence)) <= numbers, sentence
            assert {each.lower() for each in re.findall(r"\b[A-Z]\w+", sentence)} <= words | ASKING, sentence


def test_what_it_said_is_in_the_audit(briefs):
    """Of answers at random most is refused, and the audit has each refusal with its reason."""
    for brief in briefs:
        refused = [finding for finding in brief.audit.findings if finding.action in ("dropped", "cut", "repaired")]
        assert len(refused) > 10
        assert all(finding.reason for finding in refused)
