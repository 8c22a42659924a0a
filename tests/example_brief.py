"""A brief of an invented article, whole and valid, for tests of what is done with briefs."""

from typing import Any

from summarizer.schemas.article import Article
from summarizer.schemas.brief import Brief
from summarizer.schemas.evidence import Evidence

TEXT = (
    "Norland is ready to let Sudland's boats back into the strait, prime minister Ada Berg said on Monday.\n\n"
    "“We will not stand in the way of honest trade,” Berg told reporters. “It has been a long spring.”\n\n"
    "Sudland would pay 40 million crowns a year. Its fisheries minister, Tomas Reyes, called that “far too high”.\n\n"
    "Inspections cannot end before autumn, a harbour official said.\n"
)


def span(words: str) -> dict[str, Any]:
    """The first place of the words in TEXT, as evidence."""
    start = TEXT.index(words)
    return Evidence.of(TEXT, start, start + len(words)).model_dump()


def values() -> dict[str, Any]:
    """The brief as plain data, to be changed by a test and put through `make`."""
    lead = [span("Norland is ready to let Sudland's boats back into the strait")]
    return {
        "article": {"text": TEXT, "source": "Norland Courier", "published": "2031-05-14"},
        "headline": {"text": "Norland offers to reopen the strait", "evidence": lead},
        "summary": [{"text": "Norland is ready to let Sudland's boats back in.", "evidence": lead}],
        "actors": [
            _actor("ada-berg", "Ada Berg", role="prime minister", aliases=["Berg"]),
            _actor("tomas-reyes", "Tomas Reyes", role="fisheries minister"),
            _actor("sudland", "Sudland", kind="government"),
            _actor("a-harbour-official", "a harbour official", named=False),
        ],
        "positions": [
            _position("ada-berg", "Berg offers to reopen the strait.", "We will not stand in the way of honest trade,"),
            _position("tomas-reyes", "The price is refused", "far too high"),
            _position("a-harbour-official", "A harbour official says inspections cannot end before autumn."),
        ],
        "deals": [
            {
                "title": "Fishing accord",
                "parties": ["sudland", "Norland"],
                "terms": [{"party": "sudland", "gives": "40 million crowns a year", "evidence": lead}],
                "value": {"text": "40 million crowns a year", "amount": 40_000_000, "currency": None},
                "status": "in_force",
                "evidence": lead,
            }
        ],
        "open_questions": [{"question": "When will it be signed?", "kind": "undisclosed", "evidence": lead}],
        "audit": {
            "findings": [],
            "attempts": 1,
            "model": "local/some-model",
            "prompt": "0123456789ab",
            "schema": "ba9876543210",
            "usage": {"input_tokens": 1930, "cached_tokens": 1210, "output_tokens": 402},
            "cost_usd": 0.0,
            "seconds": 58.2,
        },
    }


def make(**changes: Any) -> Brief:
    """The brief, with other sections in place of its own."""
    return Brief.model_validate({**values(), **changes})


def with_article(**fields: Any) -> Brief:
    """The brief, with other fields of its article."""
    return make(article={**values()["article"], **fields})


def with_audit(**fields: Any) -> Brief:
    """The brief, with other fields of its audit."""
    return make(audit={**values()["audit"], **fields})


def hostile_brief(words: str) -> Brief:
    """A brief in which every text is `words`."""
    brief = values()
    brief["article"] |= {"source": words, "published": words, "warnings": [words]}
    brief["headline"]["text"] = brief["summary"][0]["text"] = words
    for actor in brief["actors"]:
        actor |= {"name": words, "role": words, "affiliation": words, "aliases": [words]}
    for position in brief["positions"]:
        position |= {"claim": words, "quotes": [{"start": 0, "end": 1, "text": words}]}
    brief["deals"][0] |= {"title": words, "parties": [words, "other"]}
    brief["deals"][0]["terms"][0] |= {"party": words, "gives": words}
    brief["deals"][0]["value"]["text"] = brief["open_questions"][0]["question"] = words
    finding = {"gate": words, "verdict": "against", "path": words, "action": "dropped", "text": words, "reason": words}
    brief["audit"] |= {"model": words, "findings": [finding]}
    return make(**brief)


def article() -> Article:
    """The article that the brief is of."""
    return make().article


def _actor(reference: str, name: str, **more: Any) -> dict[str, Any]:
    plain = {"named": True, "kind": "person", "role": None, "affiliation": None, "evidence": []}
    return {"id": reference, "name": name, **plain, **more}


def _position(actor: str, claim: str, *quotes: str) -> dict[str, Any]:
    return {
        "actor": actor,
        "stance": "claims",
        "claim": claim,
        "quotes": [span(quote) for quote in quotes],
        "evidence": [],
    }
