"""News article in, checked brief out: actors, positions, deals and open questions, each with the words that carry it.

    from summarizer import Summarizer, load_article

    with Summarizer(model="local") as summarizer:
        brief = summarizer.brief(load_article("article.txt"))

Everything that a caller needs is here. A name is imported when it is first asked for, so that `import summarizer`
costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .articles.load import load_article
    from .articles.many import load_articles
    from .batch import BatchResult, Limits
    from .briefing import Summarizer
    from .checking import check_text
    from .digest import cluster_stories, make_digest
    from .errors import SummarizerError
    from .grounding.checks import check_claim
    from .grounding.locate import locate_quote
    from .grounding.quotations import find_quotations
    from .schemas.article import Article
    from .schemas.brief import Brief
    from .schemas.check import CheckReport
    from .schemas.digest import Digest
    from .schemas.evidence import Evidence, Finding, Quotation
    from .store import Store
    from .telling import atell_digest, tell_digest

    __version__: str

__all__ = [
    "Article",
    "BatchResult",
    "Brief",
    "CheckReport",
    "Digest",
    "Evidence",
    "Finding",
    "Limits",
    "Quotation",
    "Store",
    "Summarizer",
    "SummarizerError",
    "__version__",
    "atell_digest",
    "check_claim",
    "check_text",
    "cluster_stories",
    "find_quotations",
    "load_article",
    "load_articles",
    "locate_quote",
    "make_digest",
    "tell_digest",
]

_HOME = {
    "Article": "schemas.article",
    "BatchResult": "batch",
    "Brief": "schemas.brief",
    "CheckReport": "schemas.check",
    "Digest": "schemas.digest",
    "Evidence": "schemas.evidence",
    "Finding": "schemas.evidence",
    "Limits": "batch",
    "Quotation": "schemas.evidence",
    "Store": "store",
    "Summarizer": "briefing",
    "SummarizerError": "errors",
    "atell_digest": "telling",
    "check_claim": "grounding.checks",
    "check_text": "checking",
    "cluster_stories": "digest",
    "find_quotations": "grounding.quotations",
    "load_article": "articles.load",
    "load_articles": "articles.many",
    "locate_quote": "grounding.locate",
    "make_digest": "digest",
    "tell_digest": "telling",
}


if not TYPE_CHECKING:  # a type checker knows the names above and no others

    def __getattr__(name):
        if name == "__version__":
            value = _version()
        elif name in _HOME:
            value = getattr(import_module(f".{_HOME[name]}", __name__), name)
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - 50 ms, only when asked for

    try:
        return version(__name__)
    except PackageNotFoundError:  # a source tree that was not installed
        return "0+unknown"
