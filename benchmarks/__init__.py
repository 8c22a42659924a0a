"""How well the grounding holds, measured: `python -m benchmarks.grounding DATA`. Not part of the package.

grounding     the command: reads data, prints tables            scorers      quotes, speakers, judged summaries
alterations   the kinds of false sentences made by program      altered      true and altered sentences, scored
rewordings    other true forms of a sentence                    setting      what is known of an article while altering
figures, wordings, names    the alterations themselves, by the words of `words.toml`
calibration   the figures that comments beside constants quote, made anew
own           invented articles with labels, in `own.toml`; `floors.toml`: what their scores may never fall below

Alterations use no word list of `summarizer`: what is measured does not choose what it is measured with.
"""
