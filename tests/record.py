"""Makes the cassettes anew, with the embedded model on the seeds: `make record`. Takes some minutes a seed."""

import sys
import time

from recorded import CASSETTES, SEED_NAMES, SEEDS, tape

from summarizer.articles.load import load_article
from summarizer.briefing import Summarizer


def main(names: list[str]) -> None:
    """Record the seeds of these names, all without a name. A cassette is replaced when its seed is done."""
    CASSETTES.mkdir(exist_ok=True)
    for name in names or SEED_NAMES:
        began = time.monotonic()
        fresh = CASSETTES / f"{name}.new.yaml"
        fresh.unlink(missing_ok=True)
        with tape("all").use_cassette(str(fresh)), Summarizer("local") as summarizer:
            brief = summarizer.brief(load_article(SEEDS / f"{name}.txt"))
        fresh.replace(CASSETTES / f"{name}.yaml")
        print(f"{name}: {time.monotonic() - began:.0f} s, {brief.audit.usage}")


if __name__ == "__main__":
    main(sys.argv[1:])
