"""All that the checks need to know of one article, worked out once."""

import bisect
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from ..articles.furniture import body_sentences, find_furniture
from ..articles.injections import find_injections, tell_injections
from ..articles.notices import find_notices
from ..schemas.article import Article
from ..schemas.evidence import Evidence, Finding, Quotation
from .compare import QuantityIndex
from .languages import ENGLISH, Language, language
from .languages.detecting import language_of
from .languages.reading import Reading, read
from .locate import PreparedText, prepare
from .marks import Stretch, find_stretches
from .nameindex import NameIndex
from .names import Name, find_names
from .quantities import Quantity, quantities
from .quotations import find_quotations
from .reports import Report, find_reports

_LONGEST_SOURCE = 60  # characters
# Up to five words with capitals, small ones of names among them: “The Courier of Esk”, “BBC News”.
_CAPITAL_WORD = r"(?:[^\W\d_a-zа-яіїєґß-ÿ][\w&’'-]*|\d+)"
_SMALL_WORD = "of|the|and|&|de|des|du|la|le|el|der|die|das|von|y|і|та|и"
_OUTLET = re.compile(rf"{_CAPITAL_WORD}(?: (?:{_CAPITAL_WORD}|{_SMALL_WORD})){{0,4}}")
# Stands for text that is not to be found; a private character, in no word.
_HIDDEN = "\ue000"
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class ArticleContext:
    """All that the checks need to know of one article, worked out once.

    `sentences` are those of the body. `furniture` is what is not the article (adverts, teasers), `injections` what
    speaks to a machine; `left_out` is both, in order, none overlapping another, and none of `quotations` and `people`
    stands in it. `prepared` is the whole text, `body` the same without what is left out, `marked` what of the body
    stands inside quotation marks, all with the offsets of the text (code points). `read` is the text with only the
    injections hidden, same length: what names and quotations are found in, so that none is completed by one. `shown`
    is what of the text a model is given: all of it, but for a part of a long article. `language` is that of the text,
    `brief_in` the one that its brief is to be written in; `reading` is what there is of a text that is not English.
    """

    article: Article
    prepared: PreparedText
    body: PreparedText
    marked: PreparedText
    sentences: tuple[Evidence, ...]
    furniture: tuple[Evidence, ...]
    injections: tuple[Evidence, ...]
    left_out: tuple[Evidence, ...]
    read: str
    quotations: tuple[Quotation, ...]
    people: tuple[Name, ...]
    stretches: tuple[Stretch, ...]
    quantities: QuantityIndex
    names: NameIndex
    shown: tuple[int, int]
    language: Language
    brief_in: Language
    reading: Reading | None
    # Of a context made from another one: that of the whole article.
    origin: "ArticleContext | None" = field(default=None, repr=False)
    # What `once` keeps. A context made from another one begins anew, as what it has differs.
    kept: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, article: Article, brief_in: str | None = None) -> "ArticleContext":
        """The context of an article; those of the last few articles are kept.

        `brief_in` is the ISO 639 code of the language of the brief; without it, that is the article's.
        """
        return _context(article, brief_in)

    @property
    def is_english(self) -> bool:
        """Whether the text and its brief are in the language that every check can read."""
        return self.language.code == self.brief_in.code == ENGLISH

    @property
    def is_translated(self) -> bool:
        """Whether the brief is in another language than the text."""
        return self.brief_in.code != self.language.code

    @property
    def text(self) -> str:
        """The article's text."""
        return self.article.text

    def near_miss(self, words: str) -> Evidence | None:
        """The stretch of the body most like the words, to tell what the article says instead; see `near_miss`."""
        near = self.body.near_miss(words)
        return Evidence.of(self.text, near.start, near.end) if near else None

    def part(self, shown: int, start: int, end: int) -> "ArticleContext":
        """The same article as far as a part of it adds something: what is looked for in it stands in `start:end`.

        `shown:end` is what a model is given. Offsets and everything to compare with stay those of the whole.
        """

        def adds(span: Evidence | Quotation) -> bool:
            return start <= span.start < end

        people = (replace(each, mentions=tuple(filter(adds, each.mentions))) for each in self.people)
        return replace(
            self,
            sentences=tuple(filter(adds, self.sentences)),
            quotations=tuple(filter(adds, self.quotations)),
            people=tuple(each for each in people if each.mentions),
            shown=(shown, end),
            origin=self.whole,
        )

    def near(self, pieces: Sequence[tuple[int, int]]) -> "ArticleContext":
        """The same article, as if only these stretches of it, (start, end) in order, had amounts and names."""
        quantities, names = self.quantities.within(pieces), self.names.within(pieces)
        return replace(self, quantities=quantities, names=names, origin=self.whole)

    @property
    def whole(self) -> "ArticleContext":
        """The context of the whole article."""
        return self.origin or self

    @property
    def told(self) -> Article:
        """The article, with warnings for what is written to editors or speaks to a machine; the same if nothing is."""
        known = self.article.warnings
        told = (*(each.warning for each in find_notices(self.text)), *(each.reason for each in self.notices))
        new = tuple(dict.fromkeys(each for each in told if each not in known))
        update = {"warnings": (*known, *new)} | ({} if self.article.language else {"language": self.language.code})
        return self.article.model_copy(update=update)

    @property
    def notices(self) -> tuple[Finding, ...]:
        """What an audit is told of the passages that speak to a machine; see `tell_injections`."""
        return tell_injections(self.injections)

    @property
    def title(self) -> str:
        """The article's title; empty if it has none, or one that speaks to a machine."""
        return _title(self.article)

    @property
    def source(self) -> str:
        """The outlet; empty if it is not known, or what the page gives for it is not plainly a name: it is told to a
        model outside of the article."""
        source = " ".join((self.article.source or "").split())
        is_name = len(source) <= _LONGEST_SOURCE and _OUTLET.fullmatch(source) and not find_injections(source)
        return source if is_name else ""

    def is_furniture(self, span: Evidence | Quotation) -> bool:
        """Whether any of the stretch is left out as not the article: furniture, or an injection."""
        return _overlaps(self.left_out, span.start, span.end)

    def is_injection(self, span: Evidence | Quotation) -> bool:
        """Whether any of the stretch speaks to a machine."""
        return _overlaps(self.injections, span.start, span.end)

    def sentences_at(self, start: int, end: int) -> tuple[Evidence, ...]:
        """The sentences of the body that the stretch `start:end` touches."""
        first = bisect.bisect_right(self.sentences, start, key=lambda sentence: sentence.end)
        last = bisect.bisect_left(self.sentences, end, key=lambda sentence: sentence.start)
        return self.sentences[first:last]


def once(function: Callable[Concatenate[ArticleContext, P], T]) -> Callable[Concatenate[ArticleContext, P], T]:
    """Have what a function gives for a context, and further values, worked out once, and kept as long as the context.

    A batch has hundreds of articles at work at a time: what is kept of the last few is gone when an answer comes.
    """

    @wraps(function)
    def kept(context: ArticleContext, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (function, args, tuple(kwargs.items()))
        if key not in context.kept:
            context.kept[key] = function(context, *args, **kwargs)
        value: T = context.kept[key]
        return value

    return kept


@once
def reports_in(context: ArticleContext) -> tuple[Report, ...]:
    """What the text reports of somebody's words, adverts included."""
    return context.reading.reports if context.reading else tuple(find_reports(context.read))


@lru_cache(maxsize=16)
def _context(article: Article, brief_in: str | None) -> ArticleContext:
    text, title = article.text, _title(article)
    code = language_of(text, article.language)
    notices = tuple(notice.span for notice in find_notices(text))
    furniture, injections = _joined(text, *find_furniture(text), *notices), find_injections(text)
    left_out = _joined(text, *furniture, *injections)
    pieces = _outside(left_out, len(text))
    shown = _only(text, _outside(injections, len(text)))

    def in_body(span: Evidence | Quotation | Quantity) -> bool:
        return not _overlaps(left_out, span.start, span.end)

    stretches = tuple(each for each in find_stretches(shown) if not _overlaps(left_out, each.start, each.end))
    reading = None if code == ENGLISH else read(shown, language(code))
    people = tuple(
        each for each in (reading.people if reading else find_names(shown)) if any(map(in_body, each.mentions))
    )
    return ArticleContext(
        article=article,
        prepared=prepare(text),
        body=PreparedText(_only(text, pieces)),
        marked=PreparedText(_only(text, [(s.start, s.end) for s in stretches if s.depth == 0])),
        sentences=body_sentences(text, code),
        furniture=furniture,
        injections=injections,
        left_out=left_out,
        read=shown,
        quotations=tuple(filter(in_body, reading.quotations if reading else find_quotations(shown, ENGLISH))),
        people=people,
        stretches=stretches,
        quantities=QuantityIndex(filter(in_body, quantities(text)), quantities(title), _years(article.published or "")),
        names=NameIndex(text, pieces, title),
        shown=(0, len(text)),
        language=language(code),
        brief_in=language(brief_in or code),
        reading=reading,
    )


def _title(article: Article) -> str:
    title = article.title or ""
    return "" if find_injections(title) else title


def _overlaps(spans: Sequence[Evidence], start: int, end: int) -> bool:
    """Whether one of the spans, which are in order and apart, overlaps `start:end`."""
    index = bisect.bisect_right(spans, start, key=lambda span: span.end)
    return index < len(spans) and spans[index].start < end


def _joined(text: str, *spans: Evidence) -> tuple[Evidence, ...]:
    """The spans in order, those that overlap made one."""
    joined: list[Evidence] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if joined and span.start < joined[-1].end:
            joined[-1] = Evidence.of(text, joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def _outside(left_out: Iterable[Evidence], end: int) -> list[tuple[int, int]]:
    pieces = []
    start = 0
    for piece in left_out:
        pieces.append((start, piece.start))
        start = piece.end
    return [*pieces, (start, end)]


def _only(text: str, pieces: Iterable[tuple[int, int]]) -> str:
    """The text with everything outside the pieces hidden, same length."""
    shown = []
    last = 0
    for start, end in pieces:
        shown += [_HIDDEN * (start - last), text[start:end]]
        last = end
    return "".join([*shown, _HIDDEN * (len(text) - last)])


def _years(published: str) -> list[int]:
    return [int(year) for year in re.findall(r"(?<!\d)(?:1[5-9]|2[01])\d\d(?!\d)", published)]
