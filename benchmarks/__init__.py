"""Measurements, none of which is part of the package.

How well the grounding holds: `python -m benchmarks.grounding DATA`. How fast a batch is: `python -m benchmarks.speed`.
What becomes of a batch that is killed under a server that fails: `python -m benchmarks.chaos`; `loopback` is the server
of both. How much of web pages is kept: `python -m benchmarks.pages FOLDER`. How well stories
are told apart: `python -m benchmarks.clusters LABELS`; `stream` makes the articles of its `--scale`. Of the grounding:

grounding     the command: reads data, prints tables            scorers      quotes, speakers, judged summaries
alterations   the kinds of false sentences made by program      altered      true and altered sentences, scored
rewordings    other true forms of a sentence                    setting      what is known of an article while altering
figures, wordings, names    the alterations themselves, by the words of `words.toml`
calibration   the figures that comments beside constants quote, made anew
own           invented articles with labels, in `own.toml`; `floors.toml`: what their scores may never fall below

Alterations use no word list of `summarizer`: what is measured does not choose what it is measured with.
"""
