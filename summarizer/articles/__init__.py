"""Articles: load them, split them into sentences, tell them from the furniture of their page."""
