"""Makes the cassettes anew, with the embedded model on the seeds and on the invented day: `make record`.

Takes some minutes a cassette.
"""

import sys
import time

import digest_example
from recorded import CASSETTES, DAY, SEED_NAMES, SEEDS, tape

from summarizer.articles.load import load_article
from summarizer.briefing import Summarizer
from summarizer.digest import make_digest
from summarizer.telling import tell_digest


def main(names: list[str]) -> None:
    """Record the cassettes of these names, all without a name. One is replaced when it is done."""
    CASSETTES.mkdir(exist_ok=True)
    for name in names or (*SEED_NAMES, DAY):
        began = time.monotonic()
        fresh = CASSETTES / f"{name}.new.yaml"
        fresh.unlink(missing_ok=True)
        with tape("all").use_cassette(str(fresh)), Summarizer("local") as summarizer:
            told = _day(summarizer) if name == DAY else _seed(summarizer, name)
        fresh.replace(CASSETTES / f"{name}.yaml")
        print(f"{name}: {time.monotonic() - began:.0f} s, {told}")


def _seed(summarizer: Summarizer, name: str) -> object:
    return summarizer.brief(load_article(SEEDS / f"{name}.txt")).audit.usage


def _day(summarizer: Summarizer) -> object:
    stories = digest_example.day()[:3]
    told = tell_digest(make_digest([], stories=stories), [brief for story in stories for brief in story], summarizer)
    return [(story.headline.text, [each.text for each in story.summary], story.words) for story in told.stories]


if __name__ == "__main__":
    main(sys.argv[1:])
