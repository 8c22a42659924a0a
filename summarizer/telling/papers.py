"""What a sentence tells as a paper's: “…, according to the Courier”, “the Herald reports that …”."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Short forms of fewer letters may be anything.
_SHORTEST = 4
_NO_PAPER = frozenset(("today", "tonight", "yesterday", "tomorrow"))  # as short forms
_SAYS = r"(?:says?|said|reports?|reported|writes?|wrote|puts? it at|puts? the (?:\w+ ){1,3}at|speaks? of)"
# Where a sentence may be taken apart: what follows has to have a subject of its own.
_OPENERS = (
    "the|an?|no|some|about|nearly|another|two|three|four|five|six|seven|eight|"
    "nine|ten|eleven|twelve|at least|up to|more than|according to"
)
_SUBJECT = rf"(?=(?i:{_OPENERS})\b|\d|[A-Z])"
_BETWEEN = re.compile(rf"(?:; (?:and |but )?|, (?:and|but|while|whereas) | (?:while|whereas) ){_SUBJECT}")


@dataclass(frozen=True)
class Piece:
    """A part of a sentence that can be looked at alone: its `words` without the papers, and the papers' names."""

    words: str
    papers: tuple[str, ...]


class Papers:
    """The papers of a story, by name.

    `outlets` are their names. One that is also the name of somebody in the story, of `others`, is none: what is his
    must not be taken for a paper's. A last word stands for the whole name if it is capitalised and one paper's alone.
    """

    def __init__(self, outlets: Iterable[str], others: Iterable[str]) -> None:
        taken = {_plain(name) for name in others}
        self._names: dict[str, str] = {}
        known = [name for name in dict.fromkeys(outlets) if _plain(name) and _plain(name) not in taken]
        lasts = [_plain(name).rpartition(" ")[2] for name in known]
        shorts: dict[str, str] = {}  # as they are written: a post is no Post
        for name, last in zip(known, lasts, strict=True):
            self._names[_plain(name)] = name
            word = name.split()[-1]
            is_clear = word[:1].isupper() and len(word) >= _SHORTEST and last not in _NO_PAPER
            is_clear = is_clear and not any(last in each.split() for each in taken)
            if is_clear and lasts.count(last) == 1:
                self._names.setdefault(last, name)
                shorts[last] = word
        forms = "|".join(
            rf"(?-i:{re.escape(shorts[form])})" if form in shorts else re.escape(form)
            for form in sorted(self._names, key=len, reverse=True)
        )
        forms = forms or "(?!)"
        one = rf"(?:the )?(?:{forms})(?![\w’'-])"
        self._form = re.compile(rf"(?<!\w)(?:{forms})(?![\w’'-])", re.IGNORECASE)
        several = rf"{one}(?:(?:,| and|, and) {one})*"
        self._told = re.compile(
            rf"(?:,? ?\baccording to {several},?)|(?:^{several} {_SAYS}(?: that)? )|(?:, {several} {_SAYS}(?=[.,;]|$))"
            rf"|(?:(?<=; ){several} {_SAYS}(?: that)? )",
            re.IGNORECASE,
        )

    def piece(self, words: str) -> Piece:
        """The words as one piece."""
        found = [form[0] for told in self._told.finditer(words) for form in self._form.finditer(told[0])]
        rest = " ".join(self._told.sub(" ", words).replace(" .", ".").split()).strip(" ,;")
        rest = re.sub(r"\s+([.,;?!])", r"\1", rest)
        names = tuple(dict.fromkeys(self._names[_plain(form)] for form in found))
        return Piece(f"{rest[:1].upper()}{rest[1:]}", names)

    def pieces(self, sentence: str) -> tuple[Piece, ...]:
        """The sentence in the parts that have a subject of their own; one if there is but one."""
        stop = sentence.rstrip()[-1:] if sentence.rstrip()[-1:] in tuple(".?!") else ""
        parts = [part.strip(" ,;") for part in _BETWEEN.split(sentence)]
        return tuple(self.piece(part if part.endswith((".", "?", "!")) else f"{part}{stop}") for part in parts if part)


def according_to(paper: str) -> str:
    """How a sentence names the paper that it is told by."""
    return f"according to the {paper.removeprefix('The ')}"


def by_paper(outlets: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """The articles of each paper, from the papers of the articles."""
    found: dict[str, list[str]] = {}
    for article, name in outlets.items():
        found.setdefault(name, []).append(article)
    return found


def _plain(name: str) -> str:
    return re.sub(r"^the ", "", " ".join(name.split()).casefold())
