# ruff: noqa: E501
"""A web site on loopback, for tests of fetching: each path has a page of its own."""

import contextlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Page:
    """What one path answers: after `wait` seconds, `pieces` one by one."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pieces: list = field(default_factory=list)


class Site:
    """Pages by path; `asked` are the paths and headers of the requests, in order."""

    def __init__(self, pages):
        self.pages, self.asked = pages, []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                page = site.pages.get(self.path, Page(status=404))
                page = page(self) if callable(page) else page
                if page is None:
                    return
                if page.headers.get("ETag") and self.headers.get("If-None-Match") == page.headers["ETag"]:
                    page = Page(status=304, headers={"ETag": page.headers["ETag"]})
                self.send_response(page.status)
                headers = {"Content-Type": "text/html; charset=utf-8", **page.headers}
                if not page.pieces:
                    headers["Content-Length"] = str(len(page.body))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(ConnectionError):
                    for piece in page.pieces or [page.body]:
                        self.wfile.write(piece)
                if page.pieces:
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


ARTICLE = """<!DOCTYPE html><html lang="en"><head><title>Ferry port reopens - Esk Courier</title>
<meta property="og:site_name" content="Esk Courier"><meta property="og:title" content="Ferry port reopens">
<meta name="author" content="Nuria Vell"><meta property="article:published_time" content="2021-05-03T08:00:00Z">
<link rel="canonical" href="https://courier.example/ferry-port"></head><body>
<nav><ul><li>Home</li><li>Sport</li><li>Weather today and tomorrow</li></ul></nav>
<article><h1>Ferry port reopens</h1>
<p>The ferry port of Halvik reopened on Monday after a winter of repairs, the harbour board said in a statement.</p>
<p>“We have waited long enough,” said Oda Lind, who leads the board, as the first boat left for Esk at noon.</p>
<p>The repairs cost 12 million thalers and took five months. It is unclear who will pay for the second quay.</p>
</article>
<section class="comments"><h2>Comments</h2><p>Great news, but far too late for my herring business, thanks a lot.</p></section>
<aside class="related"><h3>Related stories</h3><ul><li><a href="/x">Duke sells yacht to pay his debts to the town</a></li></ul></aside>
<footer>Cookie settings. We use cookies to improve your experience. Accept all.</footer></body></html>"""
