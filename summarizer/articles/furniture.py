"""Find the stretches of an article that are plainly not the article: adverts, teasers, credits, buttons.

The patterns are data, in furniture.toml; it says what each kind is for.
"""

import re
import tomllib
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from ..schemas.evidence import Evidence
from .front_matter import find_front_matter
from .injections import find_injections
from .notices import find_notices
from .sentences import split_paragraphs, split_sentences

_BULLETS = " \t*_#>|•·▪■◆▶►→⇒»-–—"  # list, emphasis and arrow marks at the ends of a line
_LIST_TITLE = 200  # characters; a longer line after a heading is no title of another story
_LIST_LENGTH = 10  # titles after one heading, at most
_LINE_END = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]")
_HEAD = 1_200  # characters in which an article says something of its own
_BEFORE = 20  # characters before a credit in which the end of the sentence before it stands
_SENTENCE_BEFORE = re.compile(r"[.!?…]['\"’”»)]*\s+$")
_IMAGE = re.compile(r"(?:\[?!\[[^\]]{0,300}\]\([^)]{0,500}\)(?:\]\([^)]{0,500}\))?\s*)+")


@dataclass(frozen=True, slots=True)
class _Kind:
    """Patterns of one kind; the fields are explained in furniture.toml."""

    longest: int
    heads: tuple[re.Pattern[str], ...]
    line: tuple[re.Pattern[str], ...]
    opening: tuple[re.Pattern[str], ...]
    ending: tuple[re.Pattern[str], ...]
    sentence: tuple[re.Pattern[str], ...]
    tail: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=16)
def find_furniture(text: str) -> tuple[Evidence, ...]:
    """The stretches of `text` that are not the article, in order, none overlapping another.

    Most are whole paragraphs, some one sentence or the words that close a paragraph. Front matter of markdown is
    among them; a headline is not, as the outlet wrote it. Offsets are code points into `text`.
    """
    found = []
    front = find_front_matter(text)
    if front:
        found.append(front)
    titles_left = 0
    for paragraph in split_paragraphs(text):
        if front and paragraph.start < front.end:
            continue
        if titles_left and _is_title(paragraph.text) and not _is_listed(paragraph.text):
            found.append(paragraph)
            titles_left -= 1
            continue
        marked = _in_paragraph(text, paragraph)
        found += marked
        titles_left = _LIST_LENGTH if marked and _heads_list(paragraph.text) else 0
    return tuple(found)


def body_sentences(text: str, language: str | None = None) -> tuple[Evidence, ...]:
    """The sentences of `text` that no furniture, notice to editors or injection overlaps; see `split_sentences`."""
    sentences = split_sentences(text, language)
    notices = tuple(notice.span for notice in find_notices(text))
    for left_out in (find_furniture(text), notices, find_injections(text)):
        sentences = _clear_of(left_out, sentences)
    return sentences


def has_body(text: str) -> bool:
    """Whether `text` has any sentence of its own; mostly its beginning tells, which is looked at alone first."""
    head = text.rfind("\n", 0, _HEAD) if len(text) > _HEAD else -1
    return bool((head > 0 and body_sentences(text[:head])) or body_sentences(text))


def _clear_of(left_out: tuple[Evidence, ...], sentences: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The sentences that none of the stretches, which are in order and apart, overlaps."""
    starts = [piece.start for piece in left_out]

    def is_clear(sentence: Evidence) -> bool:
        before_its_end = bisect_left(starts, sentence.end)
        return before_its_end == 0 or left_out[before_its_end - 1].end <= sentence.start

    return tuple(filter(is_clear, sentences))


def _in_paragraph(text: str, paragraph: Evidence) -> list[Evidence]:
    """What of one paragraph is furniture."""
    plain = _plain(paragraph.text)
    if not plain or _IMAGE.fullmatch(paragraph.text) or any(_is_whole(kind, plain) for kind in _kinds()):
        return [paragraph]
    places = [
        (closing.start(), len(paragraph.text))
        for kind in _kinds()
        for pattern in (*kind.tail, *kind.ending)
        if (closing := pattern.search(paragraph.text, max(0, len(paragraph.text) - kind.longest)))
        and (pattern in kind.tail or _SENTENCE_BEFORE.search(paragraph.text[: closing.start()][-_BEFORE:]))
    ]
    places += [
        (sentence.start, sentence.end)
        for sentence in split_sentences(_LINE_END.sub(" ", paragraph.text))
        if _is_of_page(sentence.text) and not _reported().search(sentence.text)
    ]
    return _apart([Evidence.of(text, paragraph.start + start, paragraph.start + end) for start, end in places], text)


def _apart(found: list[Evidence], text: str) -> list[Evidence]:
    """The same stretches in order, those that overlap or touch made one."""
    apart: list[Evidence] = []
    for piece in sorted(found, key=lambda piece: (piece.start, piece.end)):
        if apart and not text[apart[-1].end : piece.start].strip():
            apart[-1] = Evidence.of(text, apart[-1].start, max(apart[-1].end, piece.end))
        else:
            apart.append(piece)
    return apart


def _is_whole(kind: _Kind, plain: str) -> bool:
    """Whether a paragraph is of this kind as a whole."""
    if len(plain) > kind.longest:
        return False
    bare = plain.rstrip(_BULLETS + ":.!…])").lstrip(_BULLETS + "[(")
    return (
        any(pattern.fullmatch(bare) for pattern in kind.line)
        or _begins(kind.opening, plain, kind.longest)
        or any(match and _is_caption(plain[: match.start()]) for match in (p.search(plain) for p in kind.ending))
    )


def _is_of_page(sentence: str) -> bool:
    """Whether a sentence begins like one that is the page's."""
    plain = _plain(sentence)
    return any(_begins(kind.sentence, plain, kind.longest) for kind in _kinds())


def _begins(patterns: tuple[re.Pattern[str], ...], plain: str, longest: int) -> bool:
    return len(plain) <= longest and any(pattern.match(plain) for pattern in patterns)


def _heads_list(paragraph: str) -> bool:
    """Whether a paragraph is only the heading of a list of other stories."""
    bare = _plain(paragraph).rstrip(_BULLETS + ":.!…")
    return any(pattern.fullmatch(bare) for kind in _kinds() for pattern in kind.heads)


def _is_caption(before: str) -> bool:
    """Whether the words before a credit are short enough to describe a picture: one sentence, not a paragraph."""
    return len(split_sentences(before)) <= 1


def _is_listed(paragraph: str) -> bool:
    """Whether a paragraph is an entry of a list, which is the article's oftener than a page's."""
    return paragraph[:1] in _BULLETS


def _is_title(paragraph: str) -> bool:
    """Whether a paragraph after such a heading can be the title of another story."""
    return len(paragraph) <= _LIST_TITLE and not re.search(r"[.!:…]['\"’”»)]*$", paragraph)


def _plain(words: str) -> str:
    """The words on one line, without the marks of a list or of emphasis at their ends."""
    return " ".join(words.split()).strip(_BULLETS)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("furniture.toml").read_text(encoding="utf-8"))


@cache
def _reported() -> re.Pattern[str]:
    """Words that tell who said what stands before them, so that it is the article's."""
    return re.compile(_data()["REPORTED"])


@cache
def _kinds() -> tuple[_Kind, ...]:
    data, names = _data(), _data()["NAMES"]
    return tuple(
        _Kind(
            longest=entry["longest"],
            heads=_compiled(entry, "heads", names),
            line=_compiled(entry, "line", names),
            opening=_compiled(entry, "opening", names),
            ending=_compiled(entry, "ending", names, at_end=True),
            sentence=_compiled(entry, "sentence", names),
            tail=_compiled(entry, "tail", names, at_end=True),
        )
        for entry in data["kind"]
    )


def _compiled(entry: dict[str, list[str]], name: str, names: str, at_end: bool = False) -> tuple[re.Pattern[str], ...]:
    patterns = (pattern.replace("NAMES", names) for pattern in entry.get(name, ()))
    return tuple(re.compile(f"(?:{pattern})$" if at_end else pattern, re.IGNORECASE) for pattern in patterns)
