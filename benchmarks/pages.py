"""How much of the body of real news pages is kept, and how many pages a second are read.

    python -m benchmarks.pages FOLDER

FOLDER holds index.jsonl, an object a line with `file` (HTML packed with gzip), `url` and `article_body`. The pages are
fetched through a server on loopback, not read from the files; then they are read without it, in two processes.
"""

import gzip
import json
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from summarizer.articles.fetching import Fetcher
from summarizer.articles.load import article_of, load_article
from summarizer.articles.raw import Raw

WORKERS, ROUNDS = 2, 5


def agreement(read: str, true: str) -> float:
    """The F1 of the words of two texts, each counted as often as it stands."""
    one, other = (Counter(re.findall(r"\w+", text.lower())) for text in (read, true))
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def server_of(pages: Mapping[str, bytes]) -> ThreadingHTTPServer:
    """A server on loopback that gives each page, packed with gzip, under its path."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = pages.get(self.path, b"")
            self.send_response(200 if body else 404)
            for name, value in (
                ("Content-Type", "text/html"),
                ("Content-Encoding", "gzip"),
                ("Content-Length", str(len(body))),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main(folder: Path) -> None:
    """Print a line a page, the worst last, and the averages."""
    rows = [json.loads(line) for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    server = server_of({f"/{row['file']}": (folder / row["file"]).read_bytes() for row in rows})
    results = []
    with Fetcher(allow_private=True) as fetcher:
        load_article(
            f"http://127.0.0.1:{server.server_port}/{rows[0]['file']}", fetcher=fetcher
        )  # imports are not timed
        begin = time.perf_counter()
        for row in rows:
            article = load_article(f"http://127.0.0.1:{server.server_port}/{row['file']}", fetcher=fetcher)
            results.append((agreement(article.text, row["article_body"]), row["url"], article.warnings))
        seconds = time.perf_counter() - begin
    for share, url, warnings in sorted(results, reverse=True):
        print(f"{share:.3f}  {url}  {'; '.join(warnings)}")
    print(f"\nF1 {sum(share for share, *_ in results) / len(results):.4f}, {len(rows) / seconds:.1f} pages a second")
    pages = [(gzip.decompress((folder / row["file"]).read_bytes()), row["url"]) for row in rows]
    with ProcessPoolExecutor(WORKERS) as pool:
        list(pool.map(_read, pages))  # imports are not timed
        begin = time.perf_counter()
        list(pool.map(_read, pages * ROUNDS))
        seconds = time.perf_counter() - begin
    print(f"read alone, in {WORKERS} processes: {ROUNDS * len(pages) / seconds:.1f} pages a second")


def _read(page: tuple[bytes, str]) -> int:
    data, url = page
    return len(article_of(Raw(data, url, media_type="text/html")).text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
