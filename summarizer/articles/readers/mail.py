"""E-mails (RFC 5322): the plain text of the message, else that of its HTML."""

import email
import email.errors
import email.policy
from email.message import EmailMessage

import lxml.html

from ...errors import ArticleUnreadable
from ...schemas.article import Article
from ..decoding import decode
from ..raw import Raw

# What Python's `email` raises on headers that are none: found by damaging messages at random.
_BROKEN = (AttributeError, IndexError, KeyError, TypeError, ValueError, email.errors.MessageError)


def read(raw: Raw) -> Article:
    """The message's own text, with its subject, sender and date; what is attached is left out, and told."""
    try:
        return _read(raw)
    except _BROKEN as error:
        what = f"{raw.name} is an e-mail that cannot be taken apart ({type(error).__name__})"
        raise ArticleUnreadable(what, "save the text of what it holds and give that") from error


def _read(raw: Raw) -> Article:
    message = email.message_from_bytes(raw.data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain", "html"))
    data = body.get_payload(decode=True) if body is not None else None
    if not isinstance(data, bytes):
        raise ArticleUnreadable(f"{raw.name} is an e-mail without text", "save the text of what it holds and give that")
    part = Raw(data, raw.name, charset=body.get_content_charset() if body else None)
    text, warnings = decode(part)
    if body is not None and body.get_content_type() == "text/html":
        text = _told(text)
    fields: dict[str, str | None] = {}
    unread = []
    for name, reading in (("subject", _field), ("from", _field), ("date", _date)):
        try:
            fields[name] = reading(message, name)
        except _BROKEN:
            unread.append(f"the line “{name.title()}:” of the e-mail cannot be read")
    attached = [each.get_filename() or each.get_content_type() for each in message.iter_attachments()]
    told = (f"attached to the e-mail and not read: {', '.join(attached)[:200]}",) if attached else ()
    return Article(
        text=text.replace("\r\n", "\n"),
        title=fields.get("subject"),
        byline=fields.get("from"),
        published=fields.get("date"),
        warnings=(*warnings, *unread, *told),
    )


def _told(markup: str) -> str:
    """All that a message in HTML says: it has no menus and no comments for which a page has to be searched."""
    if not markup.strip():
        return ""
    parser = lxml.html.HTMLParser(encoding="utf-8")
    tree = lxml.html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    for unseen in tree.xpath("//script | //style | //head"):
        unseen.drop_tree()
    for block in tree.iter("p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote"):
        block.tail = "\n" + (block.tail or "")
    return "\n\n".join(" ".join(line.split()) for line in tree.text_content().split("\n") if line.strip())


def _field(message: EmailMessage, name: str) -> str | None:
    words = " ".join(str(message.get(name, "")).split())
    return words or None


def _date(message: EmailMessage, name: str) -> str | None:
    when = getattr(message.get(name), "datetime", None)
    return when.date().isoformat() if when else None
