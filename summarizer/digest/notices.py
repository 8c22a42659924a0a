"""What a desk writes around a story that decides over it: it is killed, under embargo, withheld or corrected.

A notice is told by where it stands, too: in the title or slug line, in the first lines, or as a paragraph of its own
at the end. A story about a correction, an embargo on oil or a kill is none. The patterns are data, in notices.toml.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

from ..articles.sentences import MAX_EVIDENCE, split_paragraphs, split_sentences
from ..schemas.article import Article
from ..schemas.evidence import Evidence

NoticeKind = Literal["kill", "embargo", "withhold", "correction"]
_KINDS: tuple[NoticeKind, ...] = ("kill", "embargo", "withhold", "correction")

_FIRST, _LAST = 4, 5  # paragraphs of a text in which a notice can stand
_SHORT = 200  # characters of a first line in which a notice can stand behind another sentence
_NEXT = re.compile(r"[.!;] (?=\W?[A-ZÄÖÜ])")
_HEAD = 400  # characters of a line that are looked at
_LONGEST = 1_200  # characters of a last paragraph that can be a notice; a longer one is article
_SURE_IN = 600  # characters of a text that tell whether its title is a notice
# What stands beside a label that belongs to the next line: nothing, or a day.
_DATED = re.compile(r"\W*(?:\w+\.? \d{1,2},? \d{4}|\d{1,2}\.? \w+\.? \d{4}|\d{4}-\d{2}-\d{2})?(?:, \w+)?\W*")
_LABEL = re.compile(r"\w+:\s*")
_SIGNS = " \t*_#>|•([{-–—<=+"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in an article. `span` is its paragraph there, at most 600 characters; None for one in the title only.

    `words` are those from which on it was told, `label` what of them says that it is a notice.
    """

    kind: NoticeKind
    span: Evidence | None
    words: str
    label: str


@dataclass(frozen=True, slots=True)
class _Patterns:
    hint: re.Pattern[str]
    title: tuple[re.Pattern[str], ...]
    head: tuple[re.Pattern[str], ...]
    foot: tuple[re.Pattern[str], ...]
    unsure: tuple[re.Pattern[str], ...]
    sure: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=4096)
def notices_of(article: Article) -> tuple[Notice, ...]:
    """The notices of an article, those of its title first, then in the order of its text; one of a kind a place."""
    found: list[Notice] = []
    for kind in _KINDS:
        for notice in _of_kind(kind, article):
            if not any(_is_one(notice, other) for other in found):
                found.append(notice)
    return tuple(found)


def _of_kind(kind: NoticeKind, article: Article) -> Iterator[Notice]:
    text, patterns = article.text, _patterns()[kind]
    paragraphs = _paragraphs(text)

    def label_of(line: str, certain: tuple[re.Pattern[str], ...], can_be_unsure: bool) -> str:
        if not patterns.hint.search(line):
            return ""
        label = _matched(line, certain, article)
        if not label and can_be_unsure and (label := _matched(line, patterns.unsure, article)):
            return label if _is_sure(text, patterns) else ""
        return label

    title = _plain(article.title or "")
    if label := label_of(title, patterns.title, True):
        yield Notice(kind, None, title, label)
    for place, paragraph in enumerate(paragraphs[:_FIRST]):
        line = _plain(paragraph.text)
        # A short line may say something else before: "Check against delivery. Embargo: …".
        begins = [0, *(found.end() for found in _NEXT.finditer(line))] if len(line) <= _SHORT else [0]
        told = ((label_of(line[at:], patterns.head, at == 0), at) for at in begins)
        label, begin = next((each for each in told if each[0]), ("", 0))
        if label:
            yield _noticed(kind, paragraphs, place, text, line[:begin] + label)
    for place in range(max(_FIRST, len(paragraphs) - _LAST), len(paragraphs)):
        words = paragraphs[place].text
        if len(words) <= _LONGEST and (label := label_of(_plain(words), patterns.foot, False)):
            yield _noticed(kind, paragraphs, place, text, label)


def _is_one(one: Notice, other: Notice) -> bool:
    """Whether two notices of one kind stand in one place: a label, and the line that it goes with."""
    if one.kind != other.kind or one.span is None or other.span is None:
        return False
    return one.span.start < other.span.end and other.span.start < one.span.end


@lru_cache(maxsize=8)
def _paragraphs(text: str) -> tuple[Evidence, ...]:
    return split_paragraphs(text)


@cache
def search_of(kind: NoticeKind) -> str:
    """A query of SQLite's full-text search that finds every article with a notice of that kind, and others."""
    return str(_data()[kind]["search"])


def unlabelled(title: str, article: Article) -> str:
    """A title without the words before it that make it a notice; as it is where nothing is left."""
    for notice in notices_of(article):
        rest = _plain(title).removeprefix(notice.label).strip(_SIGNS + ":)]") if notice.span is None else ""
        if rest:
            return rest
    return title


def _noticed(kind: NoticeKind, paragraphs: tuple[Evidence, ...], place: int, text: str, label: str) -> Notice:
    """The notice in a paragraph; a label, or a label and a day, on a line of its own goes with the line after it."""
    start, end, rest = paragraphs[place].start, paragraphs[place].end, _plain(paragraphs[place].text)[len(label) :]
    while place + 1 < len(paragraphs) and (_DATED.fullmatch(rest) or text[start:end].endswith(":")):
        place += 1
        end, rest = paragraphs[place].end, _LABEL.sub("", paragraphs[place].text)
    if end - start > MAX_EVIDENCE:
        whole = [s.end for s in split_sentences(text[start:end]) if s.end <= MAX_EVIDENCE]
        end = start + (whole[-1] if whole else MAX_EVIDENCE)
    return Notice(kind, Evidence.of(text, start, end), _plain(text[start:end]), label)


def _matched(line: str, patterns: tuple[re.Pattern[str], ...], article: Article) -> str:
    """The words by which a line is a notice; empty for one that is none."""
    for pattern in patterns:
        found = pattern.match(line)
        who = found.groupdict().get("who") if found else None
        if found and (who is None or _folded(who) in (_folded(article.source or ""), "we")):
            return found.group()
    return ""


def _folded(name: str) -> str:
    return " ".join(name.casefold().removeprefix("the ").split())


def _is_sure(text: str, patterns: _Patterns) -> bool:
    return any(pattern.search(" ".join(text[:_SURE_IN].split())) for pattern in patterns.sure)


def _plain(words: str) -> str:
    """The beginning of a line, white space made single, without the marks before it."""
    return " ".join(words[: 2 * _HEAD].split())[:_HEAD].lstrip(_SIGNS)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("notices.toml").read_text(encoding="utf-8"))


@cache
def _patterns() -> dict[NoticeKind, _Patterns]:
    raw = _data()
    names = {name: pattern for name, pattern in raw.items() if isinstance(pattern, str)}

    def compiled(kind: str, *lists: str) -> Iterator[re.Pattern[str]]:
        for name in lists:
            for pattern in raw[kind].get(name, ()):
                whole = pattern
                for placeholder, meant in names.items():
                    whole = whole.replace(placeholder, meant)
                yield re.compile(whole, re.IGNORECASE)

    return {
        kind: _Patterns(
            hint=re.compile(raw[kind]["hint"], re.IGNORECASE),
            title=tuple(compiled(kind, "any", "title")),
            head=tuple(compiled(kind, "any", "head")),
            foot=tuple(compiled(kind, "any", "foot")),
            unsure=tuple(compiled(kind, "unsure")),
            sure=tuple(compiled(kind, "sure")),
        )
        for kind in _KINDS
    }
