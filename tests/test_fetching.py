"""Pages are fetched from the public web only, within bounds of size and time, and once."""

import gzip
import time
import zlib

import pytest
from website import ARTICLE, Page, Site

from summarizer.articles import fetching
from summarizer.articles.addresses import is_public
from summarizer.articles.fetching import Fetcher
from summarizer.articles.load import load_article
from summarizer.errors import (
    AddressRefused,
    ArticleNotFound,
    ArticleTooLong,
    ArticleUnreadable,
    InputError,
    PageUnreachable,
)

PRIVATE = [
    "127.0.0.1",
    "127.8.9.10",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "::7f00:1",
    "localhost",
    "",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_told(address):
    """Loopback, private, link-local, shared, reserved and group addresses, and IPv6 that stands for one, are not."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_what_is_public_is_told(address):
    """An address of the public internet is one, in either version and in the form that translators use."""
    assert is_public(address)


def resolving(*answers):
    """A resolver that gives one answer after the other, and the list of the names that it was asked for."""
    asked, left = [], list(answers)

    async def resolve(host, port):
        asked.append(host)
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve, asked


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://LOCALHOST:{port}/",
        "http://[::1]:{port}/",
        "http://0.0.0.0:{port}/",
        "http://2130706433:{port}/",
        "http://017700000001:{port}/",
        "http://0x7f000001:{port}/",
        "http://0x7f.1:{port}/",
        "http://127.1:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::ffff:7f00:1]:{port}/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://public.example@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}@127.0.0.1:{port}/",
        "https://127.0.0.1:{port}/",
    ],
)
def test_the_own_network_is_not_reached(url):
    """However a private address is written, nothing is asked of it, directly or by a redirect."""
    with Site({"/": Page(ARTICLE.encode())}) as inner:
        target = url.format(port=inner.url.rsplit(":", 1)[1])
        with Fetcher() as fetcher, pytest.raises(AddressRefused):
            fetcher.get(target)
        with Site({"/": Page(status=302, headers={"Location": target})}) as outer:
            outside = outer.url.replace("127.0.0.1", "news.example")
            with Fetcher(resolver=_first_as_public(outer)) as fetcher, pytest.raises(AddressRefused):
                fetcher.get(outside)
            assert len(outer.asked) == 1
        assert inner.asked == []


def _first_as_public(site):
    """Resolves news.example to the site, and has that one address taken for a public one; others as the system does."""
    from summarizer.articles import addresses

    async def resolve(host, port):
        return ["127.0.0.1"] if host == "news.example" else await addresses.resolve(host, port)

    return resolve


@pytest.fixture(autouse=True)
def _one_public_name(monkeypatch):
    """Of the guard, the test's own site is let through under the name news.example and under no other."""
    real = fetching._GuardedTransport.handle_async_request

    async def handle(self, request):
        allowed, self.allow_private = self.allow_private, self.allow_private or request.url.host == "news.example"
        try:
            return await real(self, request)
        finally:
            self.allow_private = allowed

    monkeypatch.setattr(fetching._GuardedTransport, "handle_async_request", handle)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "ftp://127.0.0.1/a",
        "data:text/html,x",
        "javascript:1",
        "//x",
        "http://",
    ],
)
def test_only_the_web_is_fetched(url):
    """An address of another net is refused before anything is done, and so is a redirect to one."""
    with Fetcher() as fetcher, pytest.raises((AddressRefused, PageUnreachable)):
        fetcher.get(url)
    with Site({"/": Page(status=302, headers={"Location": url})}) as site:
        with (
            Fetcher(allow_private=True) as fetcher,
            pytest.raises((AddressRefused, PageUnreachable, ArticleUnreadable)),
        ):
            fetcher.get(site.url + "/")
        assert len(site.asked) <= fetching.MAX_HOPS + 1


def test_a_name_is_resolved_once_and_that_address_is_used():
    """A name that changes from a public to a private address between check and connection is connected at the first."""
    resolver, asked = resolving(["203.0.113.9"], ["127.0.0.1"])
    with Fetcher(resolver=resolver) as fetcher, pytest.raises(AddressRefused):
        fetcher.get("http://rebinding.example/")  # 203.0.113/24 is for documentation, and not public
    assert asked == ["rebinding.example"]
    with Site({"/": Page(ARTICLE.encode())}) as site:
        port = site.url.rsplit(":", 1)[1]
        resolver, asked = resolving(["127.0.0.1"], ["10.0.0.1"])
        with Fetcher(allow_private=True, resolver=resolver) as fetcher:
            fetcher.get(f"http://rebinding.example:{port}/")
        assert asked == ["rebinding.example"]
        assert site.asked[0][1]["host"] == f"rebinding.example:{port}"


def test_one_private_address_among_several_closes_a_name():
    """A name with a public and a private address is not fetched at all."""
    resolver, _ = resolving(["8.8.8.8", "127.0.0.1"])
    with Fetcher(resolver=resolver) as fetcher, pytest.raises(AddressRefused, match="inside a private network"):
        fetcher.get("http://mixed.example/")


def test_a_page_becomes_an_article():
    """Body, title, byline, date, site and canonical address are the page’s; comments and menus are not."""
    with Site({"/": Page(gzip.compress(ARTICLE.encode()), headers={"Content-Encoding": "gzip"})}) as site:
        article = load_article(site.url + "/", allow_private=True)
    assert "\n\nThe ferry port of Halvik reopened on Monday" in article.text
    assert article.text.endswith("second quay.")
    assert (article.title, article.source, article.byline) == ("Ferry port reopens", "Esk Courier", "Nuria Vell")
    assert (article.published, article.language) == ("2021-05-03", "en")
    assert article.url == "https://courier.example/ferry-port"
    assert not any(word in article.text for word in ("herring business", "Duke", "cookies", "Weather"))


def test_a_second_run_costs_nothing(tmp_path):
    """A page that has not changed is not sent again: the cache asks with its ETag, and a fresh one is not asked for."""
    stale = Page(ARTICLE.encode(), headers={"ETag": '"a1"', "Cache-Control": "no-cache"})
    fresh = Page(ARTICLE.encode(), headers={"Cache-Control": "max-age=600"})
    with Site({"/stale": stale, "/fresh": fresh}) as site:
        for _ in range(2):
            with Fetcher(allow_private=True, cache_dir=tmp_path) as fetcher:
                assert fetcher.get(site.url + "/stale").data == ARTICLE.encode()
                assert fetcher.get(site.url + "/fresh").data == ARTICLE.encode()
        paths = [path for path, _ in site.asked]
        assert paths == ["/stale", "/fresh", "/stale"]
        assert site.asked[2][1]["if-none-match"] == '"a1"'


def test_what_a_private_network_gave_is_kept_apart(tmp_path):
    """A page fetched with leave to do so is not given out of the cache to who has no such leave."""
    with Site({"/": Page(ARTICLE.encode(), headers={"Cache-Control": "max-age=600"})}) as site:
        with Fetcher(allow_private=True, cache_dir=tmp_path) as fetcher:
            fetcher.get(site.url + "/")
        with Fetcher(cache_dir=tmp_path) as fetcher, pytest.raises(AddressRefused):
            fetcher.get(site.url + "/")


def test_what_is_sent_is_honest_and_no_more(monkeypatch):
    """The request names this program, carries no cookie, and takes no proxy or login from the environment."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    page = Page(status=302, headers={"Location": "/b", "Set-Cookie": "a=b"})
    with Site({"/a": page, "/b": Page(ARTICLE.encode())}) as site:
        with Fetcher(allow_private=True) as fetcher:
            fetcher.get(site.url + "/a")
        for _, headers in site.asked:
            assert headers["user-agent"].startswith("summarizer/")
            assert not {"cookie", "authorization", "referer"} & set(headers)


@pytest.mark.parametrize(
    ("page", "error", "says"),
    [
        (Page(status=404), ArticleNotFound, "there is no page"),
        (Page(status=410), ArticleNotFound, "there is no page"),
        (Page(status=401), ArticleUnreadable, "asks for a login"),
        (Page(status=403), ArticleUnreadable, "does not let programs"),
        (Page(status=418), ArticleUnreadable, "answers 418"),
        (Page(status=503), PageUnreachable, "answers 503"),
        (Page(b"x", headers={"Content-Encoding": "br"}), ArticleUnreadable, "packed as 'br'"),
        (Page(b"x", headers={"Content-Encoding": "gzip, gzip"}), ArticleUnreadable, "packed as"),
        (Page(b"no gzip", headers={"Content-Encoding": "gzip"}), PageUnreachable, "packing is broken"),
        (Page(gzip.compress(b"The ferry" * 99)[:-9], headers={"Content-Encoding": "gzip"}), PageUnreachable, "cut off"),
        (Page(pieces=[b"x" * 1_000_000] * 21), ArticleTooLong, "more than 20 MB"),
        (Page(gzip.compress(b"\0" * 30_000_000), headers={"Content-Encoding": "gzip"}), ArticleTooLong, "20 MB"),
        (Page(status=302, headers={"Location": "/"}), PageUnreachable, "leads on more than 10 times"),
    ],
)
def test_what_is_no_page_is_one_line(page, error, says, monkeypatch):
    """Every answer that is no page is an error that names the address, the reason and what to do."""
    monkeypatch.setattr(fetching, "_TRIES", 1)
    with Site({"/": page}) as site, Fetcher(allow_private=True) as fetcher:
        with pytest.raises(error, match=says) as caught:
            fetcher.get(site.url + "/")
        assert "127.0.0.1" in caught.value.what
        assert caught.value.remedy


def test_deflate_is_unpacked_with_and_without_its_frame():
    """Both readings of "deflate" that servers have are read."""
    raw = zlib.compressobj(wbits=-15)
    bare = raw.compress(ARTICLE.encode()) + raw.flush()
    for body in (zlib.compress(ARTICLE.encode()), bare):
        page = Page(body, headers={"Content-Encoding": "deflate"})
        with Site({"/": page}) as site, Fetcher(allow_private=True) as fetcher:
            assert fetcher.get(site.url + "/").data == ARTICLE.encode()


def test_a_slow_site_is_given_up(monkeypatch):
    """A site that drips its headers or its body for ever is left after the time for one page."""
    monkeypatch.setattr(fetching, "MAX_SECONDS", 0.5)

    def drip(handler):
        for _ in range(800):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n"[:1])
            handler.wfile.flush()
            time.sleep(0.05)

    with Site({"/": drip}) as site, Fetcher(allow_private=True) as fetcher:
        begin = time.monotonic()
        with pytest.raises(PageUnreachable):
            fetcher.get(site.url + "/")
        assert time.monotonic() - begin < 30  # the site drips for 40


def test_a_busy_site_is_asked_again():
    """One answer that says "later" is no failure."""
    answers = [Page(status=503), Page(ARTICLE.encode())]
    with Site({"/": lambda _: answers.pop(0)}) as site, Fetcher(allow_private=True) as fetcher:
        assert fetcher.get(site.url + "/").data == ARTICLE.encode()


def test_offline_nothing_is_fetched(monkeypatch):
    """Where the user forbids the network, an address is refused with the way out."""
    monkeypatch.setenv("SUMMARIZER_OFFLINE", "1")
    with pytest.raises(PageUnreachable, match="SUMMARIZER_OFFLINE"):
        load_article("https://courier.example/a")


def test_robots_are_asked_where_pages_are_many():
    """Unattended, a page that robots.txt closes is not fetched; one that an editor names is."""
    rules = Page(b"User-agent: *\nDisallow: /closed\n", headers={"Content-Type": "text/plain"})
    pages = {"/robots.txt": rules, "/closed": Page(ARTICLE.encode()), "/open": Page(ARTICLE.encode())}
    with Site(pages) as site:
        with Fetcher(allow_private=True, robots=True) as fetcher:
            fetcher.get(site.url + "/open")
            with pytest.raises(AddressRefused, match=r"robots\.txt"):
                fetcher.get(site.url + "/closed")
        assert [path for path, _ in site.asked] == ["/robots.txt", "/open"]
        with Fetcher(allow_private=True) as fetcher:
            assert fetcher.get(site.url + "/closed").data


def test_an_address_with_a_login_is_refused():
    """A password in an address is neither sent nor shown."""
    with Fetcher(allow_private=True) as fetcher, pytest.raises(InputError) as caught:
        fetcher.get("http://editor:secret@courier.example/")
    assert "secret" not in str(caught.value)
