"""A batch under a server that fails in every way and a killer: `python -m benchmarks.chaos --articles 2000 --seed 1`.

double      a server that fails by a seeded draw, and keeps account of every request
driving     `summarizer batch` as a user types it, killed with -9 at drawn moments and started again
account     what the double has seen beside what the store has kept: what was lost, and what was paid twice

Two runs over the same articles, one of them killed: each ends with one brief or one failure an article, and every
request of the killed one that the other has not is accounted for. Talks to 127.0.0.1 only, and ends by itself.
"""
