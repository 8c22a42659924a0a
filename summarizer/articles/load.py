"""One article: what was brought in -> its kind -> the reader of that kind -> Article.

    load_article -> bring_in -> Raw -> kind_of -> Kind.read -> Article(text, metadata, warnings)

What cannot be an article is refused here with the reason, so that nothing later has to guess.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ArticleEmpty, ArticleTooLong, ArticleUnreadable
from ..schemas.article import Article
from .bringing import bring_in
from .furniture import has_body
from .kinds import kind_of
from .raw import Raw

if TYPE_CHECKING:
    from .fetching import Fetcher

MAX_CHARACTERS = 1_000_000  # of text: a newspaper's longest article has 0.1 million, a book one; preparing takes 20 s
_LONGEST_FURNITURE = 20_000  # characters; ten times what stands around an article, so a longer text has one


def load_article(source: str | Path, *, allow_private: bool = False, fetcher: "Fetcher | None" = None) -> Article:
    """The article at `source`: a path, "-" for standard input, or an address of the web.

    Text, Markdown, web pages, e-mails, and with the extra `files` PDF and Word files are read, packed with gzip or
    not; see `kinds`. A `str` is a path or an address, never the text itself (that is Article(text=...)). A web page is
    fetched from public addresses only, unless `allow_private`; `fetcher` is one to be used for several.

    Raises ArticleNotFound; ArticleUnreadable for what cannot be read; ArticleTooLong beyond 1 MB of text; ArticleEmpty
    for a text without words, or nothing but adverts and teasers; AddressRefused and PageUnreachable for an address.
    """
    raw = bring_in(source, allow_private=allow_private, fetcher=fetcher)
    return article_of(raw)


def load_text(source: str | Path) -> tuple[str, tuple[str, ...]]:
    """The text at `source`, be it an article or not, and warnings about it. Raises what `load_article` does."""
    raw = bring_in(source)
    article = _read(raw)
    return article.text, article.warnings


def article_of(raw: Raw) -> Article:
    """The article in what was brought in. Raises InputError for what is none."""
    article = _read(raw)
    if len(article.text) <= _LONGEST_FURNITURE and not has_body(article.text):
        raise ArticleEmpty(
            f"{raw.name} holds nothing but adverts, teasers and captions", "give the text of the article itself"
        )
    return article


def _read(raw: Raw) -> Article:
    """What the reader of its kind makes of it, if that is a text for a reader."""
    kind = kind_of(raw)
    if kind.many:
        raise ArticleUnreadable(f"{raw.name} is {kind.label} and no single article", "name one of its articles")
    article = kind.read(raw)
    if not any(character.isalnum() for character in article.text):
        raise ArticleEmpty(f"{raw.name} holds no words", "give a file with the text of an article")
    if len(article.text) > MAX_CHARACTERS:
        raise ArticleTooLong(f"{raw.name} has more than {MAX_CHARACTERS // 1_000_000} MB of text", "give one article")
    return article
