"""Articles from anywhere, one by one: a path, a folder, a glob, a feed, a list in JSONL or CSV, an address.

    load_articles -> _sources -> bring_in -> kind: one article | links and articles of a list -> the page of each link

Nothing is read before it is asked for, so that a list of a million articles costs no more memory than one.
"""

import contextlib
import glob
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import ArticleNotFound, SummarizerError
from ..schemas.article import Article
from ..settings import load_settings
from .bringing import bring_in, is_address, is_long_list
from .fetching import Fetcher
from .kinds import KINDS, kind_of
from .load import article_of
from .raw import Link, shown
from .readers import rows

_SUFFIXES = frozenset(suffix for kind in KINDS for suffix in kind.suffixes)


@dataclass(frozen=True, slots=True)
class Unread:
    """A source, or an entry of one, that gave no article, and why."""

    source: str
    error: SummarizerError


def load_articles(
    source: str | Path,
    *,
    allow_private: bool = False,
    fetcher: Fetcher | None = None,
    unread: Callable[[Unread], None] | None = None,
) -> Iterator[Article]:
    """The articles of a path, folder, glob, feed, JSONL or CSV list or address, in its order.

    Of a feed, and of rows with a `url`, each article's page is fetched, as far as the site's robots.txt lets programs
    have it. A folder is read through with the folders in it: files with a suffix of an article, in the order of names.
    What one entry cannot give is handed to `unread`, and the rest goes on; without `unread` it is raised.

    Raises what `load_article` does for the source itself.
    """
    with contextlib.ExitStack() as stack:
        if fetcher is None:
            settings = load_settings()
            fetcher = stack.enter_context(
                Fetcher(
                    cache_dir=settings.cache_dir, allow_private=allow_private, offline=settings.offline, robots=True
                )
            )
        for each in _sources(source):
            yield from _articles(each, fetcher, unread)


def _articles(source: str | Path, fetcher: Fetcher, unread: Callable[[Unread], None] | None) -> Iterator[Article]:
    with _telling(str(source), unread):
        if is_long_list(source):
            entries = rows.read_file(Path(source), shown(str(source)))
        else:
            raw = bring_in(source, fetcher=fetcher)
            kind = kind_of(raw)
            if not kind.many:
                yield article_of(raw)
                return
            entries = kind.read_many(raw)
        for entry in entries:
            if isinstance(entry, Article):
                yield entry
                continue
            with _telling(entry.url if isinstance(entry, Link) else str(source), unread):
                if not isinstance(entry, Link):
                    raise entry
                yield _page(entry, fetcher)


@contextlib.contextmanager
def _telling(source: str, unread: Callable[[Unread], None] | None) -> Iterator[None]:
    """Hand an error on to `unread`, if there is one."""
    try:
        yield
    except SummarizerError as error:
        if unread is None:
            raise
        unread(Unread(source, error))


def _page(link: Link, fetcher: Fetcher) -> Article:
    """The article that a list points at, with what the list knows where the page does not say."""
    article = article_of(fetcher.get(link.url))
    known = {"title": link.title, "published": link.published, "source": link.source, "url": link.url}
    missing = {field: value for field, value in known.items() if value and getattr(article, field) is None}
    return article.model_copy(update=missing)


def _sources(source: str | Path) -> Iterator[str | Path]:
    """The single files of a folder or glob; anything else as it is. Raises ArticleNotFound where there is none."""
    path = Path(source)
    if str(source) == "-" or is_address(source):
        yield source
        return
    with contextlib.suppress(OSError, ValueError):  # what is wrong with a path, whoever reads it tells
        if path.is_dir():
            found = (each for each in sorted(path.rglob("*")) if _is_read(each, path))
            yield from _some(
                found, f"the folder {shown(str(source))} holds no article", "name another folder or a file"
            )
            return
        if not path.exists() and glob.has_magic(str(source)):
            names = (Path(name) for name in sorted(glob.glob(str(source), recursive=True)))
            yield from _some(filter(Path.is_file, names), f"nothing is named {shown(str(source))}", "check the pattern")
            return
    yield source


def _some(found: Iterator[Path], what: str, remedy: str) -> Iterator[Path]:
    first = next(found, None)
    if first is None:
        raise ArticleNotFound(what, remedy)
    yield first
    yield from found


def _is_read(path: Path, folder: Path) -> bool:
    """Whether a file of a folder can be an article: not hidden, with a suffix that some reader has."""
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    suffix = path.with_suffix("").suffix if path.suffix.lower() == ".gz" else path.suffix
    return not hidden and suffix.lower() in _SUFFIXES and path.is_file()
