"""The embedded model: which files are known, how they get here, and the engine that runs them."""
