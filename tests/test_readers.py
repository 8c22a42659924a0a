"""Each kind of file is read for what it is, by its content, and refused with the reason where it cannot be."""

import gzip
import io
import json
import tracemalloc
import zipfile

import docx
import pypdf
import pytest
from website import ARTICLE, Page, Site

from summarizer import load_articles
from summarizer.articles.fetching import Fetcher
from summarizer.articles.kinds import KINDS, PLAIN, kind_of
from summarizer.articles.load import load_article, load_text
from summarizer.articles.raw import Raw
from summarizer.articles.readers import page
from summarizer.errors import ArticleEmpty, ArticleNotFound, ArticleTooLong, ArticleUnreadable, ConfigurationError

LINES = ["The ferry port of Halvik reopened on Monday.", "“We have waited,” said Oda Lind."]
MAIL = b"""From: Nuria Vell <nuria@courier.example>\r
Subject: =?utf-8?q?Ferry_port_reopens?=\r
Date: Mon, 3 May 2021 08:00:00 +0200\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: quoted-printable\r
\r
The ferry port of Halvik reopened.\r
=E2=80=9CWe have waited,=E2=80=9D said Oda Lind.\r
--b\r
Content-Type: application/pdf; name=minutes.pdf\r
Content-Disposition: attachment; filename=minutes.pdf\r
\r
x\r
--b--\r
"""
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Esk Courier</title>
<item><title>Ferry &amp; port</title><link>{url}/a</link><pubDate>Mon, 03 May 2021 08:00:00 GMT</pubDate></item>
<item><title>The same</title><link>{url}/a</link></item>
<item><title>Gone</title><link>{url}/gone</link></item>
<item><title>Relative</title><link>/b</link></item>
<item><title>No address</title><link>javascript:alert(1)</link></item>
</channel></rss>"""


BROKEN_HEADERS = (
    b"From: a:b;c:d;\r\nSubject: Port\r\nDate: never\r\n\r\nThe ferry port of Halvik reopened on Monday.\r\n"
)


def pdf_of(lines, title=None, password=None):
    """A PDF of one page with these lines."""
    shown = " ".join(f"({line.encode('cp1252').decode('latin-1')}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 50 700 Td {shown} ET".encode("latin-1")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word_of(paragraphs, table=False):
    """A Word file with these paragraphs."""
    document = docx.Document()
    for each in paragraphs:
        document.add_paragraph(each)
    if table:
        document.add_table(1, 1)
    document.core_properties.title, document.core_properties.author = "Ferry port reopens", "Nuria Vell"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def saved(folder, name, data):
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder / name


def test_a_pdf_gives_the_text_of_its_layer(tmp_path):
    """Lines of a paragraph are joined, the title is the file's own, and a warning says that it was a PDF."""
    path = saved(
        tmp_path, "a.pdf", pdf_of(["The ferry port of Halvik re-", "opened on", "Monday. It rained."], "Ferry")
    )
    article = load_article(path)
    assert article.text == "The ferry port of Halvik reopened on Monday. It rained."
    assert article.title == "Ferry"
    assert "PDF" in article.warnings[0]


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (pdf_of([]), ArticleEmpty, "PDF without text"),
        (pdf_of(LINES, password="x"), ArticleUnreadable, "with a password"),
        (pdf_of(LINES)[:300], ArticleUnreadable, "broken or cut off"),
        (b"%PDF-1.7\n" + b"\xff" * 500, ArticleUnreadable, "broken or cut off"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(tmp_path, data, error, says):
    """A scan, a password and a broken file are told apart."""
    with pytest.raises(error, match=says):
        load_article(saved(tmp_path, "a.pdf", data))


def test_a_word_file_gives_its_paragraphs(tmp_path):
    """Paragraphs are kept apart, title and author are the file's own, and tables that are left out are told."""
    article = load_article(saved(tmp_path, "a.docx", word_of(LINES, table=True)))
    assert article.text == "\n\n".join(LINES)
    assert (article.title, article.byline) == ("Ferry port reopens", "Nuria Vell")
    assert "tables" in article.warnings[0]


def test_a_word_file_that_is_none_or_a_bomb_is_refused(tmp_path, monkeypatch):
    """A cut file, another archive and one that unpacks without end are refused; names in it lead nowhere."""
    data = word_of(LINES)
    with pytest.raises(ArticleUnreadable, match="ZIP"):
        load_article(saved(tmp_path, "cut.docx", data[: len(data) // 2]))
    evil = io.BytesIO(data)
    with zipfile.ZipFile(evil, "a") as archive:
        archive.writestr("../../outside.txt", "x")
    assert load_article(saved(tmp_path, "slip.docx", evil.getvalue())).text == "\n\n".join(LINES)
    assert not list(tmp_path.parent.glob("outside*"))
    bomb = io.BytesIO(data)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"word/media/{number}.bin", b"\0" * 40_000_000)
    with pytest.raises(ArticleTooLong, match="100 MB"):
        load_article(saved(tmp_path, "bomb.docx", bomb.getvalue()))


def test_an_email_gives_its_own_text(tmp_path):
    """The plain text is read with its encoding; subject, sender and date fill the fields; attachments are told."""
    article = load_article(saved(tmp_path, "a.eml", MAIL))
    assert article.text.strip() == "The ferry port of Halvik reopened.\n“We have waited,” said Oda Lind."
    assert (article.title, article.published) == ("Ferry port reopens", "2021-05-03")
    assert article.byline.startswith("Nuria Vell")
    assert "minutes.pdf" in article.warnings[0]
    only_html = MAIL.replace(b"text/plain", b"text/html").replace(b"The ferry", b"<p>The ferry")
    assert "“We have waited,”" in load_article(saved(tmp_path, "b.eml", only_html)).text


def test_a_kind_is_told_by_content_before_its_name(tmp_path):
    """A PDF named .txt is a PDF; what has no sign of its own goes by suffix, then by what the server says."""
    assert kind_of(Raw(pdf_of(LINES), "x", ".txt")).name == "pdf"
    assert kind_of(Raw(ARTICLE.encode(), "x", ".txt")).name == "page"
    assert kind_of(Raw(b"a,b", "x", ".csv")).name == "rows"
    assert kind_of(Raw(b"words", "x", "", media_type="text/html")).name == "page"
    assert kind_of(Raw(b"From words on a page", "x", "")) is PLAIN
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_what_needs_a_reader_says_how_to_install_it(tmp_path, monkeypatch):
    """Without the extra, a PDF is refused with the command that brings its reader."""
    from summarizer.articles import kinds

    def missing(*_):
        raise ModuleNotFoundError("No module named 'pypdf'", name="pypdf")

    monkeypatch.setattr(kinds, "import_module", missing)
    with pytest.raises(ConfigurationError, match=r"pip install 'summarizer\[files\]'"):
        load_article(saved(tmp_path, "a.pdf", pdf_of(LINES)))


def test_gzip_is_unpacked_within_bounds(tmp_path):
    """A packed text is the text; one that unpacks without end, is cut or broken is refused."""
    assert load_article(saved(tmp_path, "a.txt.gz", gzip.compress(LINES[0].encode()))).text == LINES[0]
    with pytest.raises(ArticleTooLong, match="unpacks to more than 20 MB"):
        load_article(saved(tmp_path, "b.txt.gz", gzip.compress(b"a" * 21_000_000)))
    with pytest.raises(ArticleUnreadable, match="cut off"):
        load_article(saved(tmp_path, "c.txt.gz", gzip.compress(bytes(range(256)) * 40)[:-12]))
    with pytest.raises(ArticleUnreadable, match="broken"):
        load_article(saved(tmp_path, "d.txt.gz", b"\x1f\x8b\x08\xff" + b"\xff" * 40))


def page_with(facts="", end="", title="Ferry port reopens"):
    script = f'<script type="application/ld+json">{facts}</script>' if facts else ""
    return Raw(ARTICLE.replace("</head>", script + "</head>").replace("</article>", end + "</article>").encode(), "'a'")


@pytest.mark.parametrize(
    ("raw", "warning"),
    [
        (page_with('{"@type": "NewsArticle", "isAccessibleForFree": "False"}'), page.PAYWALLED),
        (page_with('{"@graph": [{"@type": "LiveBlogPosting"}]}'), page.LIVE),
        (page_with('{"@type": "NewsArticle", "wordCount": 900}'), page.CUT_OFF),
        (page_with(end="<p>The board will meet again in June, and then it will say more about …</p>"), page.CUT_OFF),
        (page_with('{"@type": "NewsArticle", "isAccessibleForFree": true, "wordCount": "70"}'), None),
        (page_with("{broken"), None),
    ],
)
def test_a_page_that_is_not_the_whole_article_says_so(raw, warning):
    """A paywall, a live blog and a cut-off page are told by what the page says of itself; a whole page is not."""
    assert page.read(raw).warnings == ((warning,) if warning else ())


def test_the_encoding_of_a_page_is_the_one_it_declares():
    """A page in another encoding is read by its declaration, and by the server's before its own."""
    german = ARTICLE.replace("Oda Lind", "Özlem Größer").replace("“", '"').replace("”", '"')
    declared = german.replace("<head>", '<head><meta charset="iso-8859-1">')
    assert "Özlem Größer" in page.read(Raw(declared.encode("cp1252"), "'a'")).text
    assert "Özlem Größer" in page.read(Raw(german.encode("cp1252"), "'a'", charset="windows-1252")).text


def test_a_list_gives_its_articles_one_by_one(tmp_path):
    """JSONL and CSV rows with a text are articles with the facts beside it, and no line is read before its turn."""
    rows = [{"text": "One boat left.", "title": "A", "date": "2021-05-03", "source": "Courier"}, {"text": "Two."}]
    path = saved(tmp_path, "a.jsonl", "\n".join(map(json.dumps, rows)) + "\n\nno JSON\n")
    articles = load_articles(path)
    first = next(articles)
    assert (first.text, first.title, first.published, first.source) == ("One boat left.", "A", "2021-05-03", "Courier")
    assert next(articles).text == "Two."
    with pytest.raises(ArticleUnreadable, match="line 4, is no JSON"):
        next(articles)
    table = 'title;text\n"A; b";"One boat, left.\nIt rained."\n'
    (only,) = load_articles(saved(tmp_path, "a.csv", table))
    assert (only.title, only.text) == ("A; b", "One boat, left.\nIt rained.")
    with pytest.raises(ArticleUnreadable, match="no column text or url"):
        next(load_articles(saved(tmp_path, "b.csv", "title\nA\n")))
    with pytest.raises(ArticleUnreadable, match="list of articles"):
        load_article(path)


def test_a_row_that_is_wrong_costs_itself(tmp_path):
    """What one row of a list cannot give is handed over with its line, and the rows after it are articles."""
    lines = ['{"text": "One."}', "no JSON", '{"title": "A"}', "[1]", '{"text": "Two."}']
    table = "text;title\nOne.;A\n;B\nTwo.;C\n"
    for name, content, wrong in (("a.jsonl", "\n".join(lines), 3), ("a.csv", table, 1)):
        unread = []
        found = list(load_articles(saved(tmp_path, name, content), unread=unread.append))
        assert [article.text for article in found] == ["One.", "Two."]
        assert len(unread) == wrong
        assert "line 2" in str(unread[0].error) or "line 3" in str(unread[0].error)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.csv", "a.csv.gz"])
def test_a_list_of_any_size_is_read_line_by_line(tmp_path, monkeypatch, name):
    """A list above the bound of a file gives the articles that a short one gives, and holds one line in memory."""
    monkeypatch.setattr("summarizer.articles.bringing.MAX_BYTES", 100_000)
    rows = [{"text": f"Line {number} was “left” in Esk.", "title": f"T{number}"} for number in range(20_000)]
    if ".csv" in name:
        content = "text;title\n" + "".join(f"{row['text']};{row['title']}\n" for row in rows)
    else:
        content = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path = tmp_path / name
    path.write_bytes(gzip.compress(content.encode()) if name.endswith(".gz") else content.encode())
    tracemalloc.start()
    found = sum(article.text == row["text"] for article, row in zip(load_articles(path), rows, strict=True))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == 20_000
    assert most < 1_000_000


def test_a_long_list_that_breaks_off_gives_what_is_there(tmp_path, monkeypatch):
    """A cut-off archive, a line without end, a table in another encoding: told, and what was read counts."""
    monkeypatch.setattr("summarizer.articles.bringing.MAX_BYTES", 1000)
    packed = gzip.compress("\n".join(json.dumps({"text": f"{number:x} " * 40}) for number in range(5000)).encode())
    cut = tmp_path / "a.jsonl.gz"
    cut.write_bytes(packed[: len(packed) // 2])
    unread = []
    assert len(list(load_articles(cut, unread=unread.append))) > 100
    assert "to its end" in str(unread[0].error)
    monkeypatch.setattr("summarizer.articles.readers.rows.MAX_BYTES", 2000)
    long = saved(tmp_path, "b.jsonl", '{"text": "One."}\n{"text": "' + "x" * 5000)
    unread.clear()
    assert len(list(load_articles(long, unread=unread.append))) == 1
    assert "line 2" in str(unread[0].error)
    table = tmp_path / "c.csv"
    table.write_bytes(("text;title\n" + "Er sagte: “Nein” und fuhr über die Brücke.;A\n" * 50).encode("cp1252"))
    assert {article.text for article in load_articles(table)} == {"Er sagte: “Nein” und fuhr über die Brücke."}


def test_a_feed_gives_its_items_with_their_pages():
    """Each address of a feed is fetched once, and what cannot be had is handed over while the rest goes on."""
    with Site({"/a": Page(ARTICLE.encode()), "/b": Page(ARTICLE.encode())}) as site:
        site.pages["/feed"] = Page(RSS.format(url=site.url).encode(), headers={"Content-Type": "application/rss+xml"})
        unread = []
        with Fetcher(allow_private=True) as fetcher:
            articles = list(load_articles(site.url + "/feed", fetcher=fetcher, unread=unread.append))
        assert len(articles) == 2
        wrong = {each.source.removeprefix(site.url): type(each.error) for each in unread}
        assert wrong == {"/gone": ArticleNotFound, "/feed": ArticleUnreadable}  # an item's address was none
        assert [path for path, _ in site.asked] == ["/feed", "/a", "/gone", "/b"]


def test_a_json_feed_and_atom_are_feeds(tmp_path):
    """The three kinds of feed give the same links."""
    from summarizer.articles.readers import feed

    json_feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Courier",
        "items": [{"url": "https://c.example/a"}, {"content_text": "It rained."}],
    }
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://c.example/a"/></entry>'
    atom += "<entry><title>B</title></entry></feed>"
    for data in (json.dumps(json_feed).encode(), atom.encode()):
        raw = Raw(data, "'feed'")
        assert kind_of(raw).name == "feed"
        first, second = feed.read_many(raw)
        assert first.url == "https://c.example/a"
        assert "item 2, has no address of a page" in str(second)


def test_a_feed_of_many_items_and_a_bomb_end_in_time():
    """Ten thousand items are read, no more; entities that swell are not followed."""
    from summarizer.articles.readers import feed

    items = "".join(f"<item><link>https://c.example/{number}</link></item>" for number in range(11_000))
    raw = Raw(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), "'feed'")
    assert sum(1 for _ in feed.read_many(raw)) == feed.MOST_ITEMS
    swelling = '<!ENTITY a "lol">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)
    )
    bomb = (
        f"<?xml version='1.0'?><!DOCTYPE rss [{swelling}]><rss><channel><item><title>&j;</title></item></channel></rss>"
    )
    (only,) = feed.read_many(Raw(bomb.encode(), "'feed'"))
    assert "no address" in str(only)


def test_folders_and_patterns_are_read_in_order(tmp_path):
    """A folder gives the files of an article in it, hidden and foreign ones left out; a pattern what it names."""
    (tmp_path / "sub").mkdir()
    for name, text in (("b.txt", "B."), ("a.md", "A."), ("sub/c.txt", "C."), (".hidden.txt", "H."), ("x.png", "X")):
        saved(tmp_path, name, text)
    assert [each.text for each in load_articles(tmp_path)] == ["A.", "B.", "C."]
    assert [each.text for each in load_articles(str(tmp_path / "*.txt"))] == ["B."]
    (tmp_path / "nothing").mkdir()
    with pytest.raises(ArticleNotFound, match="holds no article"):
        list(load_articles(tmp_path / "nothing"))
    with pytest.raises(ArticleNotFound, match="nothing is named"):
        list(load_articles(str(tmp_path / "*.pdf")))


def test_a_text_to_be_checked_may_be_of_any_kind(tmp_path):
    """What `check` judges may come as a Word file, too."""
    text, _ = load_text(saved(tmp_path, "draft.docx", word_of(LINES)))
    assert text == "\n\n".join(LINES)


def test_a_header_that_is_none_costs_itself_and_not_the_mail(tmp_path):
    """Headers that Python cannot take apart are told; the text and the other headers are there."""
    (tmp_path / "a.eml").write_bytes(BROKEN_HEADERS)
    article = load_article(tmp_path / "a.eml")
    assert article.text.startswith("The ferry port")
    assert (article.title, article.byline, article.published) == ("Port", None, None)
    assert any("“From:”" in warning for warning in article.warnings)
