"""Whatever is given as an article gives an article or one clear line, in time: a corpus of inputs made to hurt."""

import gzip
import io
import json
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_readers import MAIL, pdf_of, word_of
from website import ARTICLE

from summarizer import find_quotations, load_articles, locate_quote
from summarizer.articles.load import load_article
from summarizer.errors import SummarizerError
from summarizer.schemas.article import Article

LINE = "“We have waited,” said Oda Lind. The ferry port of Halvik reopened on Monday.\n\n"
PAGE = ARTICLE.encode()
SECONDS = 60  # beside much other work; alone the slowest takes two


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


NESTED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
SINGLE = {
    "empty.txt": b"",
    "blank.txt": b" \n\t\r\n \x0b\x0c ",
    "newlines.txt": b"\n" * 500_000,
    "nul.txt": b"\0" * 4000,
    "nul-in-text.txt": LINE.encode() + b"\0" + LINE.encode(),
    "random.bin": bytes((7 * n * n + 3) % 256 for n in range(50_000)),
    "high.txt": bytes(range(128, 256)) * 200,
    "surrogate.txt": LINE.encode() + b"\xed\xa0\x80\xed\xb0\x80" + LINE.encode(),
    "overlong.txt": LINE.encode() + b"\xc0\xaf\xf8\x88" * 50,
    "two-encodings.txt": LINE.encode() + "“Größe”, sagte Lind.".encode("cp1252") + LINE.encode("utf-8"),
    "bom-8.txt": b"\xef\xbb\xbf" + LINE.encode(),
    "bom-twice.txt": b"\xef\xbb\xbf\xef\xbb\xbf" + LINE.encode(),
    "bom-16.txt": LINE.encode("utf-16"),
    "bom-16-odd.txt": LINE.encode("utf-16") + b"x",
    "bom-32.txt": LINE.encode("utf-32"),
    "utf-16-bare.txt": LINE.encode("utf-16-le"),
    "one-line.txt": (LINE.replace("\n", " ") * 3000).encode(),
    "ten-megabytes.txt": b"a" * 10_000_000,
    "too-big.txt": b"a " * 11_000_000,
    "long-word.txt": b"a" * 400_000 + b" said Lind.",
    "no-spaces.txt": ("没有空格的文字" * 2000).encode(),
    "right-to-left.txt": "قالت أودا ليند: «لقد انتظرنا طويلا». ".encode() * 200,
    "combining.txt": ("“e" + "\u0301" * 5000 + "”, said Lind. ").encode(),
    "emoji.txt": ("“\U0001f468\u200d\U0001f469\u200d\U0001f467 yes”, said Lind. " * 300).encode(),
    "invisible.txt": ("\u200b\u200e\ufeff" * 3000).encode(),
    "capitals.txt": LINE.upper().encode() * 100,
    "no-punctuation.txt": b"we have waited said oda lind " * 2000,
    "open-marks.txt": "“".encode() * 20_000 + b" said Lind.",
    "all-marks.txt": "“”‘’\"'«»„".encode() * 4000,
    "many-quotes.txt": ("“We have waited,” said Oda Lind. " * 500).encode(),
    "dots.txt": b". " * 50_000,
    "escapes.txt": b"\x1b[31m" * 3000 + LINE.encode(),
    "front-matter.md": b"---\n" + b"a: b\n" * 60_000,
    "front-matter-open.md": b"---\ntitle: " + b"x" * 200_000,
    "jinja.txt": b"{{ 7 * 7 }} {% for x in y %} {{ config }} " * 500 + LINE.encode(),
    "page.html": PAGE,
    "page-empty.html": b"<html></html>",
    "page-list.html": b"<html><body><ul>" + b"<li><a href='/a'>Story</a></li>" * 2000 + b"</ul></body></html>",
    "page-million-divs.html": b"<html><body>" + b"<div>" * 1_000_000 + LINE.encode(),
    "page-attributes.html": b"<html><body><p " + b"a='b' " * 100_000 + b">Hi</p>",
    "page-cut.html": PAGE[: len(PAGE) // 2],
    "page-script.html": b"<html><script>" + b"x=1;" * 200_000 + b"</script><p>Hi",
    "page-json.html": PAGE.replace(
        b"</head>", b'<script type="application/ld+json">' + b"[" * 50_000 + b"</script></head>"
    ),
    "page-entities.html": b"<html><body><p>" + b"&amp;" * 200_000 + b"</p>",
    "page-comment.html": b"<!--" + b"x" * 300_000 + PAGE,
    "page-nul.html": PAGE.replace(b"winter", b"win\0ter"),
    "page-utf7.html": b"<html><head><meta charset=utf-7></head><body>+ADw-script+AD4-" + LINE.encode(),
    "scan.pdf": pdf_of([]),
    "password.pdf": pdf_of(["A"], password="x"),
    "cut.pdf": pdf_of(["The ferry port reopened."])[:400],
    "magic-only.pdf": b"%PDF-",
    "word-cut.docx": word_of(["A."])[:2000],
    "word-none.docx": zipped(**{"word/document.xml": "<a/>"}),
    "word-bomb.docx": zipped(**{"word/document.xml": b"\0" * 50_000_000, "word/b": b"\0" * 60_000_000}),
    "word-entities.docx": zipped(**{"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
    "archive.zip": zipped(**{"a.txt": "x"}),
    "gzip.txt.gz": gzip.compress(LINE.encode()),
    "gzip-bomb.txt.gz": gzip.compress(b"\0" * 60_000_000),
    "gzip-cut.txt.gz": gzip.compress(bytes(range(256)) * 40)[:-20],
    "gzip-twice.txt.gz": gzip.compress(gzip.compress(LINE.encode())),
    "mail.eml": MAIL,
    "mail-headers.eml": b"From: a@b.example\r\n"
    + b"X-A: "
    + b"y" * 200_000
    + b"\r\nSubject: s\r\n\r\n"
    + LINE.encode(),
    "mail-nested.eml": b"From: a@b.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
    + b"%s--b\r\n%s" % (NESTED, NESTED) * 250,
    "mail-nothing.eml": b"From: a@b.example\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\nx",
    "feed.xml": b"<?xml version='1.0'?><rss><channel></channel></rss>",
}
MANY = {
    "none.jsonl": b"",
    "deep.jsonl": b'{"text": ' + b"[" * 100_000,
    "wrong.jsonl": b'{"text": 5}\n',
    "list.jsonl": b"[1, 2]\n",
    "good.jsonl": json.dumps({"text": LINE}).encode(),
    "wide.csv": b"text," * 5000 + b"\n" + b"a," * 5000,
    "open.csv": b'text\n"' + b"a" * 100_000,
    "cut.rss": b"<rss><channel><item><link>https://",
    "not.atom": b"<feed>" + b"<entry>" * 20_000,
}


def ends(read):
    """An article, or an error of one line that says what to do; within its time."""
    begin, made, said = time.monotonic(), None, None
    try:
        made = read()
    except SummarizerError as error:
        said = error
    assert time.monotonic() - begin < SECONDS
    assert made is not None or (len(str(said)) < 500 and "\n" not in str(said) and said.remedy)
    return made


@pytest.mark.parametrize("name", SINGLE)
def test_one_input_is_an_article_or_one_line(tmp_path, name):
    """Each is read, and what is read is text that can be encoded, in time."""
    (tmp_path / name).write_bytes(SINGLE[name])
    article = ends(lambda: load_article(tmp_path / name))
    if article is not None:
        assert isinstance(article, Article)
        assert any(sign.isalnum() for sign in article.text)
        assert len(article.text) <= 1_000_000


@pytest.mark.parametrize("name", MANY)
def test_a_list_is_articles_or_one_line(tmp_path, name):
    """The same for what holds several."""
    (tmp_path / name).write_bytes(MANY[name])
    ends(lambda: list(load_articles(tmp_path / name)))


@pytest.mark.parametrize(
    "name", ["combining.txt", "emoji.txt", "right-to-left.txt", "no-spaces.txt", "many-quotes.txt"]
)
def test_offsets_hold_at_odd_borders(name):
    """Quotations with signs of several code points at their ends are the text's own, exactly, and are found again."""
    text = SINGLE[name].decode()[:20_000]
    for quotation in find_quotations(text)[:20]:
        assert text[quotation.start : quotation.end] == quotation.text
        assert any(text[span.start : span.end] == span.text for span in locate_quote(text, quotation.text))


def test_the_corpus_is_as_large_as_it_says():
    """At least sixty inputs."""
    assert len(SINGLE) + len(MANY) >= 60


WHOLE = {
    "a.html": PAGE,
    "a.eml": MAIL,
    "a.pdf": pdf_of(["The ferry port reopened.", "“We have waited,” said Oda Lind."]),
    "a.docx": word_of(["The ferry port reopened.", "“We have waited,” said Oda Lind."]),
    "a.md": b"---\ntitle: Port\ndate: 2031-05-14\n---\n\n" + LINE.encode(),
    "a.jsonl": json.dumps({"text": LINE, "title": "Port"}).encode() + b"\n",
    "a.csv": b'text,title\n"The ferry port reopened.",Port\n',
    "a.txt.gz": gzip.compress(LINE.encode()),
}
# What is cut out of a file and what is put in its place, from where, as shares of its length.
HARM = st.tuples(
    st.floats(0, 1),
    st.floats(0, 0.2),
    st.one_of(st.binary(max_size=40), st.sampled_from([b"", b"<", b"\0" * 30, b"]]>"])),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(harm=st.lists(HARM, min_size=1, max_size=4))
@pytest.mark.parametrize("name", WHOLE)
def test_a_damaged_file_is_an_article_or_one_line(tmp_path, name, harm):
    """Whatever is cut out of a file or put into it, its reader gives text or says what is wrong."""
    data = WHOLE[name]
    for place, share, put in harm:
        start = int(place * len(data))
        data = data[:start] + put + data[start + int(share * len(data)) :]
    (tmp_path / name).write_bytes(data)
    ends(lambda: list(load_articles(tmp_path / name)) or "none")
