"""Whether the article says it: quotes located, speakers found, numbers and names checked. Pure: no I/O, no model.

locate       a quote in the text, exact up to typography          quotations   who says what stands in marks
quantities   numbers, sums, measures, dates                       names        the people of an article
mentions     the names of a sentence                              facts        the checks of a sentence by its own words
carriers     the sentences that a claim rests on                  carried      the claim beside them, word by word
polarity     not, and opposites; hedges: may                      standing     state, office, rank and time
places       names and numbers in place, and who gives            agreements   the state that some lines tell
checks       the checks of an item, by the marks of its schema; `GATES` lists them all
"""
