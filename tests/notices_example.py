"""Invented articles around the days of `digest_example`: newer versions, kills, embargoes, corrections, copies."""

from typing import Any

import digest_example as example
from digest_example import Paper

from summarizer.schemas.article import Article
from summarizer.schemas.brief import Brief

DESKS: dict[str, Any] = {
    "World": {"words": ["accord", "strait", "minister*"], "addresses": ["*/world/*"]},
    "Esk": {"words": ["tram", "Esk"], "sources": ["Esk Ledger"]},
}


def bare(outlet: str, title: str, text: str, published: str | None = "2031-05-14", **more: Any) -> Brief:
    """A brief of an article whose first line is its headline and its summary."""
    paper = Paper(outlet, published, title, text, **more)
    first = text.split("\n", 1)[0]
    return paper.told(title, first, summary=[(first, first)])


def revised(brief: Brief, *changes: tuple[str, str], end: str = "", **more: Any) -> Brief:
    """A newer version of a brief's article: words changed in it and in the brief, and words added at its end."""

    def changed(data: Any) -> Any:
        if isinstance(data, str):
            for old, new in changes:
                data = data.replace(old, new)
            return data
        if isinstance(data, list):
            return [changed(each) for each in data]
        return {key: changed(each) for key, each in data.items()} if isinstance(data, dict) else data

    def placed(data: Any, text: str) -> Any:
        if isinstance(data, list):
            return [placed(each, text) for each in data]
        if not isinstance(data, dict):
            return data
        if {"start", "end", "text"} <= data.keys():
            start = text.index(data["text"])
            return {**data, "start": start, "end": start + len(data["text"])}
        return {key: placed(each, text) for key, each in data.items()}

    data = brief.model_dump(mode="json", exclude={"article"})
    text = changed(brief.article.text) + end
    kept = brief.article.model_dump(exclude={"id", "text"})
    article = Article.model_validate({**kept, **more, "text": text})
    return Brief.model_validate({**placed(changed(data), text), "article": article})


def fire_again() -> Brief:
    """The Courier's fire two hours later: another number, and no word about it."""
    return revised(example.fire_courier(), ("Fourteen", "Sixteen"), published="2031-05-14T12:00:00+00:00")


NOTICE = "Correction: An earlier version of this article said that the contract is worth 300 million kronor."


def tram_again() -> Brief:
    """The Courier's tram with another sum, and a notice that says so."""
    changes = ("300 million", "330 million"), ("300_000_000", "330_000_000")
    return revised(example.tram_courier(), *changes, end=f"\n{NOTICE}\n", published="2031-05-14")


def school_elsewhere() -> Brief:
    """The Courier's school in another outlet, word for word, a day later."""
    return revised(
        example.school_courier(), source="Tarn Post", published="2031-05-15", url="https://tarnpost.example/school"
    )


def kill() -> Article:
    """A kill of the Herald's strike, which has nothing to brief."""
    return Article(
        title="KILL: Museum strike in Esk halts tours",
        text="EDITORS: Please disregard the story headlined “Museum guards walk out in Esk”. It was sent in error.",
        source="Marl Herald",
        published="2031-05-14",
        url="https://marlherald.example/museum-strike",
    )


def embargoed(until: str = "00:01 GMT, 20 May 2031") -> Brief:
    """An article that is not to be told yet."""
    return bare(
        "Esk Ledger",
        "Velm resigns",
        f"EMBARGOED UNTIL {until}\n\nOrrin Velm, who built half of the trams in Norland, leaves his post in June.\n",
    )


def day() -> list[Brief]:
    """The first day's briefs with what came after them."""
    first = [brief for story in example.day() for brief in story]
    return [*first, fire_again(), tram_again(), school_elsewhere(), embargoed()]
