"""Articles: load them, split them into sentences, tell them from what is not the article: the furniture
of their page, and prompt injections.
"""
