"""Find prompt injections: passages of an article that speak to the machine that reads it, not to its readers.

The patterns are data, in injections.toml; it says what each kind is for. Words that are written to be read by a
machine alone (base64, hexadecimal, reversed, shifted by 13, digits for letters, letters apart, look-alikes, characters
that do not show) are made plain first, and then held against the same patterns.

    text ── blocks (comments, code that a line asks for, characters that do not show)
         └─ paragraphs ── quotations hidden ── readings ── clauses against the patterns ── sentences
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from ..schemas.evidence import Evidence, Finding
from .readings import readings
from .sentences import MAX_EVIDENCE, split_paragraphs, split_sentences, trimmed_lines

GATE = "injection"  # the name of these findings in an audit

_HIDDEN = "\ue000"  # stands for what is inside quotation marks; a private character, in no word
_FEWEST_AROUND = 3  # words outside its quotation marks that make a paragraph report what is inside
_WINDOW = 400  # characters that the patterns see of a clause
_MOST_TASKS = 2  # sentences of a paragraph that is a task
_MOST_WHOLE = 6  # sentences of a paragraph that goes as a whole if it reports nothing, at most
_MOST_AFTER = 2  # sentences that follow an injection in its paragraph and go with it, at most
_LONGEST_SHOWN = 60  # characters of an injection that are shown
_MOST_TOLD = 5  # passages told one by one

# Where a clause begins: at the start, or after a mark that ends one; marks of lists and quotations may follow.
_CLAUSE = re.compile(r"""(?:^|[.!?…:;,)\]}>»”"'*|_~`#—–-])[\s"'“„«‘(\[{*_~`>#|•-]{0,6}(?=\w\w|[iIàÀ] )""")
_LINE_END = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]")
_QUOTED = re.compile(
    r"“[^“”]{1,2000}(?:”|$)|„[^„“”]{1,2000}(?:[“”]|$)|«[^«»]{1,2000}(?:»|$)|\"[^\"]{1,2000}\"|`[^`]{1,500}`"
    r"|(?<!\w)‘(?:[^‘’]|(?<=\w)’(?=\w)){1,1000}’|(?<!\w)'(?:[^']|(?<=\w)'(?=\w)){1,1000}'(?!\w)"
)
_FENCE = ("```", "~~~")
_NAMES = ("ASKED", "MACHINE", "ORDERS", "BEFORE", "REPLY", "PUT", "SHAPE")  # lists that patterns name
_TAGS = re.compile("[\U000e0020-\U000e007e]{8,}")  # letters that show nowhere; a flag takes at most six


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The patterns of all kinds, by where they are tried; see injections.toml."""

    anywhere: tuple[re.Pattern[str], ...]
    clause: re.Pattern[str]
    paragraph: tuple[tuple[int, bool, re.Pattern[str]], ...]
    code: tuple[re.Pattern[str], ...]
    machine: re.Pattern[str]
    reported: re.Pattern[str]
    tells: re.Pattern[str]
    says: re.Pattern[str]
    hidden_words: tuple[str, ...]


@lru_cache(maxsize=16)
def find_injections(text: str) -> tuple[Evidence, ...]:
    """The passages of `text` that speak to a machine, in order, none overlapping another.

    Most are whole paragraphs, some a few sentences of one, a comment, or a block of code with the line before it.
    What an article reports inside quotation marks is none. Offsets are code points into `text`. Those of the last few
    texts are kept.
    """
    found = [*_comments(text), *_code_blocks(text), *_unseen(text)]
    before = ""
    for paragraph in split_paragraphs(text):
        found += _in_paragraph(text, paragraph, before)
        before = paragraph.text
    return _apart(found, text)


def tell_injections(found: Sequence[Evidence]) -> tuple[Finding, ...]:
    """What an audit is told of injections that were left out: a finding for each of the first few, one for the rest.

    The `reason` of each does as a warning to a reader. `span` is the passage, at most 600 characters of it.
    """
    told = []
    for each in found[:_MOST_TOLD]:
        place = f"(characters {each.start} to {each.end})"
        reason = f"a passage speaks to a machine and was left out: “{_shown(each.text)}” {place}"
        span = Evidence(start=each.start, end=each.start + len(each.text[:MAX_EVIDENCE]), text=each.text[:MAX_EVIDENCE])
        told.append(_finding(_shown(each.text), reason, span))
    more = len(found) - len(told)
    if more:
        speak = "passage speaks to a machine and was" if more == 1 else "passages speak to a machine and were"
        told.append(_finding("", f"{more} more {speak} left out", None))
    return tuple(told)


def _finding(words: str, reason: str, span: Evidence | None) -> Finding:
    return Finding(gate=GATE, verdict="undecided", action="flagged", text=words, reason=reason, span=span)


def _shown(words: str) -> str:
    """The beginning of a passage on one line, without characters that do not show and without quotation marks."""
    plain = " ".join(words[: 10 * _LONGEST_SHOWN].split())
    plain = "".join(character for character in plain if character.isprintable() and character not in "“”")
    plain = plain if len(plain) <= _LONGEST_SHOWN else plain[: _LONGEST_SHOWN - 1].rstrip() + "…"
    return plain or "signs that do not show"


def _in_paragraph(text: str, paragraph: Evidence, before: str) -> list[Evidence]:
    """What of one paragraph is an injection; `before` is the paragraph above it."""
    seen = _LINE_END.sub(" ", _without_reports(paragraph.text, before))
    if _is_task(seen):
        return [paragraph]
    if not _speaks(seen):
        return []
    sentences = split_sentences(_LINE_END.sub(" ", paragraph.text))
    if len(sentences) <= _MOST_WHOLE and not _patterns().says.search(seen):
        return [paragraph]
    marked = [number for number, each in enumerate(sentences) if _speaks(seen[each.start : each.end])]
    if not marked:  # it is seen only in the sentences together
        return [paragraph]
    last = min(marked[-1] + _MOST_AFTER, len(sentences) - 1)
    start, end = sentences[marked[0]].start, sentences[last].end
    return [Evidence.of(text, paragraph.start + start, paragraph.start + end)]


def _without_reports(paragraph: str, before: str) -> str:
    """The paragraph with what it quotes hidden, same length; as it is where it is nothing but a quotation.

    A quotation that is a paragraph of its own is taken for a report only after one that ends in a colon.
    """
    hidden = _QUOTED.sub(lambda match: _HIDDEN * len(match.group()), paragraph)
    around = len(re.findall(r"\w+", hidden.replace(_HIDDEN, " "))) if hidden != paragraph else 0
    return hidden if around >= _FEWEST_AROUND or before.endswith(":") else paragraph


def _is_task(seen: str) -> bool:
    """Whether a paragraph is a task for a machine that stands by itself."""
    plain = " ".join(seen.split())
    start = _CLAUSE.match(plain)
    patterns = _patterns()
    if not start:
        return False
    tells = bool(patterns.tells.search(plain))
    return (
        any(
            len(plain) <= longest and not (alone and tells) and pattern.match(plain, start.end())
            for longest, alone, pattern in patterns.paragraph
        )
        and not patterns.reported.search(plain)
        and len(split_sentences(plain)) <= _MOST_TASKS
    )


def _speaks(seen: str) -> bool:
    """Whether words speak to a machine, as they stand or made plain."""
    plain = " ".join(seen.split())
    return _matches(plain) or any(_matches(reading) for reading in readings(plain, _patterns().hidden_words))


def _matches(plain: str) -> bool:
    """Whether a clause of the words begins as one for a machine, and nobody is told to have said it."""
    patterns = _patterns()
    if any(pattern.search(plain) for pattern in patterns.anywhere):
        return True
    for clause in _CLAUSE.finditer(plain):
        window = plain[clause.end() : clause.end() + _WINDOW]
        if patterns.clause.match(window) and not patterns.reported.search(window):
            return True
    return False


def _comments(text: str) -> Iterator[Evidence]:
    """Comments of a page's source that speak to a machine: no reader sees them."""
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start)
        if end < 0:
            return
        inside = " ".join(text[start + 4 : end].split())
        if _is_task(inside) or _speaks(inside) or _patterns().machine.search(inside):
            yield Evidence.of(text, start, end + 3)
        start = text.find("<!--", end)


def _code_blocks(text: str) -> Iterator[Evidence]:
    """Blocks of code that the line above asks the machine to put into what it writes, with that line."""
    lines = [line for line in trimmed_lines(text) if line[0] < line[1]]
    number = 1
    while number < len(lines):
        if not text.startswith(_FENCE, lines[number][0]):
            number += 1
            continue
        close = number + 1
        while close < len(lines) and not text.startswith(_FENCE, lines[close][0]):
            close += 1
        asks = " ".join(text[slice(*lines[number - 1])][-_WINDOW:].split())
        asked = any(pattern.match(asks) for pattern in _patterns().code)
        if asked and close < len(lines):
            yield Evidence.of(text, lines[number - 1][0], lines[close][1])
        elif asked:  # the block is never closed: no more than its first line is known to be of it
            yield Evidence.of(text, lines[number - 1][0], lines[number][1])
        number = close + 1


def _unseen(text: str) -> Iterator[Evidence]:
    """Runs of characters that show nowhere and spell words."""
    return (Evidence.of(text, run.start(), run.end()) for run in _TAGS.finditer(text))


def _apart(found: Iterable[Evidence], text: str) -> tuple[Evidence, ...]:
    """The same passages in order, those that overlap or touch made one."""
    apart: list[Evidence] = []
    for piece in sorted(found, key=lambda piece: (piece.start, piece.end)):
        if apart and piece.start <= apart[-1].end:
            apart[-1] = Evidence.of(text, apart[-1].start, max(apart[-1].end, piece.end))
        else:
            apart.append(piece)
    return tuple(apart)


@cache
def _patterns() -> _Patterns:
    data: dict[str, Any] = tomllib.loads(
        resources.files(__package__).joinpath("injections.toml").read_text(encoding="utf-8")
    )
    kinds, lead = data["kind"], data["LEAD"]

    def compiled(pattern: str) -> re.Pattern[str]:
        for name in _NAMES:
            pattern = pattern.replace(name, data[name])
        return re.compile(pattern, re.IGNORECASE)

    def of(name: str) -> tuple[re.Pattern[str], ...]:
        return tuple(compiled(pattern) for kind in kinds for pattern in kind.get(name, ()))

    return _Patterns(
        anywhere=of("anywhere"),
        clause=compiled(f"{lead}(?:{'|'.join(pattern for kind in kinds for pattern in kind.get('clause', ()))})"),
        paragraph=tuple(
            (kind["longest"], kind.get("alone", False), compiled(f"{lead}(?:{pattern})"))
            for kind in kinds
            for pattern in kind.get("paragraph", ())
        ),
        code=of("code"),
        machine=compiled(r"\bMACHINE\b"),
        reported=re.compile(data["REPORTED"]),
        tells=re.compile(data["TELLS"], re.IGNORECASE),
        says=re.compile(data["SAYS"], re.IGNORECASE),
        hidden_words=tuple(data["HIDDEN_WORDS"]),
    )
