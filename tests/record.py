"""Makes the cassettes anew, with the embedded model on the seeds and on a story of the invented day: `make record`.

Takes some minutes a cassette.
"""

import sys
import time

import digest_example
from recorded import CASSETTES, SEED_NAMES, SEEDS, STORY, tape

from summarizer.articles.load import load_article
from summarizer.briefing import Summarizer
from summarizer.digest import make_digest
from summarizer.telling import tell_digest


def main(names: list[str]) -> None:
    """Record the cassettes of these names, all without a name. One is replaced when it is done."""
    CASSETTES.mkdir(exist_ok=True)
    for name in names or (*SEED_NAMES, STORY):
        began = time.monotonic()
        fresh = CASSETTES / f"{name}.new.yaml"
        fresh.unlink(missing_ok=True)
        with tape("all").use_cassette(str(fresh)), Summarizer("local") as summarizer:
            told = _story(summarizer) if name == STORY else _seed(summarizer, name)
        fresh.replace(CASSETTES / f"{name}.yaml")
        print(f"{name}: {time.monotonic() - began:.0f} s, {told}")


def _seed(summarizer: Summarizer, name: str) -> object:
    return summarizer.brief(load_article(SEEDS / f"{name}.txt")).audit.usage


def _story(summarizer: Summarizer) -> object:
    briefs = digest_example.strait()
    (story,) = tell_digest(make_digest([], stories=[briefs]), briefs, summarizer).stories
    return story.words


if __name__ == "__main__":
    main(sys.argv[1:])
