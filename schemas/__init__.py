"""The shapes of the data: what a model fills in (drafts) and what callers get."""
