"""Many articles and their briefs on one page. Of that there is, so far, the same story once: see `stories`."""
