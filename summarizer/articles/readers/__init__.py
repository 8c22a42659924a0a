"""One file for each kind of input: `read(raw) -> Article`, or `read_many(raw)` for what holds several."""
