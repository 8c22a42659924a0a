"""Prompts, examples, patterns and word lists hold general newsroom language, and nothing of an article that we measure.

With SUMMARIZER_DATA, a folder that holds gold_dev.jsonl, its articles are looked at beside the seed.
"""

import ast
import json
import os
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from summarizer.grounding.bodies import find_bodies
from summarizer.grounding.context import ArticleContext
from summarizer.grounding.quantities import quantities
from summarizer.schemas.article import Article

ROOT = Path(__file__).parent.parent
COUNTRIES, NAMES = (ROOT / "summarizer/grounding" / name for name in ("countries.toml", "names.toml"))
Words = tuple[str, ...]

# From so many words in a row on, of which two say something, words are a phrase.
PHRASE, SAYING = 4, 2
# Numbers up to here are days, hours and small counts of any text, and shares in such steps are round ones.
SMALL, ROUND = 31, 5
# Runs of words that newsrooms and their pages have used for long, and names that are ordinary words; and why.
GENERAL = {
    "neither confirmed nor denied": "a fixed phrase",
    "other topics of interest": "a heading of teasers on news pages, which has to be told from the article",
    "described the talks as": "how any report of a negotiation goes on before a quotation",
    "labour": "a common noun beside the name of parties",
}


def articles() -> Iterator[tuple[str, str]]:
    """Name and text of every article that nothing may be taken from."""
    yield "seed", (ROOT / "seeds/000_f562134c171a77a1.txt").read_text(encoding="utf-8")
    if folder := os.environ.get("SUMMARIZER_DATA"):
        for line in (Path(folder) / "gold_dev.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield row["id"], row["text"]


def words(text: str) -> Words:
    return tuple(re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower().replace("’", "'")))


def strings(value: object) -> Iterator[str]:
    """Every string of a TOML document, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from strings(each)


@cache
def held() -> tuple[tuple[str, str], ...]:
    """Every text that the project carries for reading or prompting, with the file that holds it."""
    found: list[tuple[str, str]] = []
    for path in sorted([*ROOT.glob("summarizer/**/*.toml"), *ROOT.glob("prompts/**/*.*")]):
        if path.suffix == ".toml":
            found += [(path.name, each) for each in strings(tomllib.loads(path.read_text(encoding="utf-8")))]
        elif path.suffix in (".jinja", ".json", ".txt"):
            found.append((path.name, path.read_text(encoding="utf-8")))
    for path in sorted(ROOT.glob("summarizer/grounding/*.py")):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        found += [(path.name, n.value) for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return tuple(found)


@cache
def runs() -> dict[Words, set[str]]:
    """Every run of up to four words that a held text has, with the files; the world's countries are left out.

    The list of countries is complete, with the capitals and every form: nothing in it was taken from an article.
    """
    found: dict[Words, set[str]] = {}
    for file, text in held():
        each = words(text) if file != COUNTRIES.name else ()
        for size in range(1, PHRASE + 1):
            for start in range(len(each) - size + 1):
                found.setdefault(each[start : start + size], set()).add(file)
    return found


def toml(path: Path) -> dict[str, list[str]]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def names_of(text: str) -> set[Words]:
    """People, by the whole name and the last word of it, and bodies; less countries and common given names."""
    context = ArticleContext.of(Article(text=text))
    parts = {part for person in context.people for part in person.name.split()}
    people = [words(person.name) for person in context.people]
    bodies = find_bodies(text, context.sentences, parts)
    found = {*people, *(name[-1:] for name in people)}
    found |= {words(name) for body in bodies for name in (body.name, *body.aliases)}
    known = {words(form) for form in strings(toml(COUNTRIES))}
    known |= {words(given) for key in ("men", "women", "titles") for given in toml(NAMES)[key]}
    return {name for name in found if name and name not in known}


def phrases_of(text: str) -> set[Words]:
    """Every run of four words of which two are more than grammar."""
    grammar = set(toml(NAMES)["sentence_words"]) | set(toml(NAMES.with_name("worksheet.toml"))["grammar"])
    all_words = words(text)
    found = {all_words[start : start + PHRASE] for start in range(len(all_words) - PHRASE + 1)}
    return {run for run in found if sum(word not in grammar for word in run) >= SAYING}


def amounts_of(text: str) -> set[tuple[Decimal, str]]:
    """Sums of money and odd shares by value and unit, other numbers but small ones by value and what they count."""
    found = set()
    for each in quantities(text):
        if each.kind == "money" or (each.kind == "percent" and each.value % ROUND):
            found.add((each.value, each.unit))
        elif each.kind == "number" and each.value > SMALL and each.following:
            found.add((each.value, each.following[0]))
    return found


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in articles()])
def test_nothing_of_an_article_is_in_prompts_patterns_or_word_lists(text: str) -> None:
    """No name, phrase or amount of an article that we measure by is found in what the project carries."""
    taken = {
        " ".join(run): sorted(runs()[run])
        for run in names_of(text) | phrases_of(text)
        if run in runs() and " ".join(run) not in GENERAL
    }
    assert taken == {}
    amounts = {amount: file for file, held_text in held() for amount in amounts_of(held_text)}
    assert {str(amount): amounts[amount] for amount in amounts_of(text) if amount in amounts} == {}


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Ilsabet Quorrington spoke. Quorrington left.", ("quorrington",)),
        ("The Harbour Wardens Council met. The Harbour Wardens Council said no.", ("harbour", "wardens", "council")),
        ("Boats will leave harbour quietly tonight.", ("boats", "will", "leave", "harbour")),
    ],
)
def test_what_the_guard_looks_for(text: str, taken: Words) -> None:
    """People by their last name, bodies, and runs of words are what an article is searched for."""
    assert taken in names_of(text) | phrases_of(text)


def test_the_guard_reads_every_file() -> None:
    """The lists, patterns, prompts and worked examples are read, and their amounts and names are seen."""
    files = {file for file, _ in held()}
    assert {
        "cues.toml",
        "furniture.toml",
        "hints.toml",
        "system.jinja",
        "strait.txt",
        "strait.json",
        "cast.py",
    } <= files
    assert ("prime", "minister") in runs()
    assert amounts_of("It costs $500 million, 12%, or 4,000 boats in 3 days.") == {
        (Decimal(500_000_000), "USD"),
        (Decimal(12), "percent"),
        (Decimal(4000), "boat"),
    }
