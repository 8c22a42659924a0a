"""Word files (.docx), by python-docx."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

import docx
from docx.opc.exceptions import PackageNotFoundError
from lxml.etree import LxmlError

from ...errors import ArticleTooLong, ArticleUnreadable
from ...schemas.article import Article
from ..raw import Raw

MOST_BYTES = 100_000_000  # unpacked: a hundred times the longest article; a bomb has more


def read(raw: Raw) -> Article:
    """Its paragraphs, each a paragraph of the text; tables, notes and comments are left out.

    Nothing is written to disk, so that names in the archive cannot lead anywhere.
    """
    try:
        with ZipFile(BytesIO(raw.data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise ArticleTooLong(
                    f"{raw.name} unpacks to more than 100 MB", "save its text as a .txt file and give that"
                )
        document = docx.Document(BytesIO(raw.data))
        text = "\n\n".join(paragraph.text for paragraph in document.paragraphs if paragraph.text.strip())
        facts = document.core_properties
        title, byline, created = facts.title, facts.author, facts.modified or facts.created
    except (BadZipFile, PackageNotFoundError, LxmlError, KeyError, ValueError, OSError, NotImplementedError) as error:
        raise ArticleUnreadable(
            f"{raw.name} is a Word file that is broken or cut off", "save it anew and give that"
        ) from error
    published = created.date().isoformat() if created else None
    left_out = ("the Word file has tables; they are not read",) if document.tables else ()
    return Article(
        text=text, title=title or None, byline=byline or None, published=published, url=raw.url, warnings=left_out
    )
