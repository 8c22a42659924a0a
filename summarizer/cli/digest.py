"""`summarizer digest`: one page out of many briefs. How it is made: `digesting`."""

from typing import Any

import click

from .options import model_options, result_options, source_options, store_option

EPILOG = """\b
Examples:
  summarizer digest                                 what the store has of the last 24 hours
  summarizer digest --since 3d --no-model           of three days, in the words of the briefs
  summarizer digest wire/ https://courier.example/feed.xml
                                                    brief these first, then tell them
  summarizer digest -f html -o today.html           for mail
  summarizer digest -f json | jq '.stories[].disagreements'

A digest tells each story once: where its sources contradict each other, who says what, what is on the table, what is
not known, and what is new since the last digest. Articles come from the store (--store), which `batch` and `digest
SOURCES` fill; the digest is kept there, too, so that the next one can say what is new. Articles of --since count by
their publication, or, if that is not known, by when they came. Exit codes: 0 done, 1 done but an article failed,
2 bad use or nothing to read, 3 model or network unavailable, 130 interrupted.
"""


@click.command(epilog=EPILOG)
@click.argument("sources", nargs=-1, metavar="[SOURCES...]")
@click.option(
    "--since",
    metavar="TIME",
    help="Articles of so long (90m, 24h, 3d), or since that time (2031-05-14T06:00).",
    show_default="24h; with SOURCES any time",
)
@click.option("--until", metavar="TIME", help="Articles before that time.", show_default="now")
@click.option(
    "--no-model", is_flag=True, help="Let no model word the stories; SOURCES without a brief are still briefed."
)
@click.option("--previous", metavar="FILE", help="Compare with that digest (JSON) and not with the last in the store.")
@click.option("--no-previous", is_flag=True, help="Compare with no digest.")
@click.option("--feed-url", metavar="URL", help="Where the Atom feed will be: readers tell feeds apart by it.")
@click.option("--no-keep", is_flag=True, help="Do not keep this digest: the next one is compared with an older one.")
@result_options("digest/1", more={"html": "HTML for mail", "atom": "an Atom feed"})
@model_options("The model that briefs SOURCES and writes the words")
@store_option
@click.option("--concurrency", metavar="N", type=click.IntRange(1, 1024), help="Articles at a time.")
@click.option(
    "--budget-usd", metavar="AMOUNT", type=click.FloatRange(0, min_open=True), help="Spend no more than that."
)
@click.option("--budget-tokens", metavar="N", type=click.IntRange(1), help="Use no more tokens than that.")
@click.option("--time-limit", metavar="SECONDS", type=click.FloatRange(1), help="Give up an article after so long.")
@click.option("--language", "-l", metavar="CODE", help="Write the briefs in this language.  [default: the article's]")
@source_options
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
def digest(**given: Any) -> int:
    """Tell a day on one page, and where sources disagree.

    SOURCES are what `batch` takes; left out, the digest is made of what the store has.
    """
    from .digesting import Asked, run

    if given["previous"] and given["no_previous"]:
        raise click.UsageError("--previous and --no-previous exclude each other", click.get_current_context())
    return run(Asked(**given))
