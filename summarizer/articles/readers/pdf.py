"""PDF files with a text layer, by pypdf."""

import logging
import re
from io import BytesIO

import pypdf
from pypdf.errors import PdfReadError, PyPdfError

from ...errors import ArticleEmpty, ArticleTooLong, ArticleUnreadable
from ...schemas.article import Article
from ..raw import Raw

MOST_PAGES = 300
_HYPHEN = re.compile(r"(?<=[a-zäöüß])-\n(?=[a-zäöüß])")
# A line that ends in the middle of a sentence goes on in the next one.
_WRAPPED = re.compile(r"(?<=[^\s.!?:;”\"])\n(?=[^\s•*–-])")


def read(raw: Raw) -> Article:
    """The text of its pages in reading order, lines of a paragraph joined. Scans and encrypted files are refused."""
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells standard error of every fault that it mends
    try:
        pdf = pypdf.PdfReader(BytesIO(raw.data))
        if pdf.is_encrypted and not pdf.decrypt(""):
            raise ArticleUnreadable(f"{raw.name} is a PDF with a password", "save it without one")
        if len(pdf.pages) > MOST_PAGES:
            raise ArticleTooLong(
                f"{raw.name} has {len(pdf.pages)} pages, {MOST_PAGES} are read", "give the part with the article"
            )
        pages = [page.extract_text() for page in pdf.pages]
        facts = pdf.metadata
    except (
        PyPdfError,
        PdfReadError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OSError,
    ) as error:
        raise ArticleUnreadable(
            f"{raw.name} is a PDF that is broken or cut off", "save it anew and give that"
        ) from error
    text = "\n\n".join(_joined(page) for page in pages if page.strip())
    if not any(character.isalnum() for character in text):
        raise ArticleEmpty(
            f"{raw.name} is a PDF without text, such as a scan", "run text recognition (OCR) on it and give the result"
        )
    title = facts.title if facts and isinstance(facts.title, str) else None
    byline = facts.author if facts and isinstance(facts.author, str) else None
    warnings = ("the text is that of a PDF: check lines that run over columns or pages",)
    return Article(text=text, title=title or None, byline=byline or None, url=raw.url, warnings=warnings)


def _joined(page: str) -> str:
    lines = "\n".join(line.strip() for line in page.replace("\r", "\n").replace("\x00", "").split("\n"))
    return _WRAPPED.sub(" ", _HYPHEN.sub("", lines)).strip()
