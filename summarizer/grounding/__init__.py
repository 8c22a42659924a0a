"""Whether the article says it: quotes located, speakers found, numbers and names checked. Pure: no I/O, no model.

locate       a quote in the text, exact up to typography          quotations   who says what stands in marks
quantities   numbers, sums, measures, dates                       names        the people of an article
mentions     the names of a sentence                              facts        the checks of a sentence
checks       the checks of an item, by the marks of its schema; `GATES` lists them all
"""
