"""Near copies: one text in ten papers, cut, under another headline, with an agency's line added.

A text is the set of its runs of five words. What two sets have in common is told by their MinHash signatures, and
which pairs are worth comparing by locality-sensitive hashing (datasketch).
"""

import base64
import zlib
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from .terms import split_words

if TYPE_CHECKING:
    from datasketch import MinHash

# Measured with `python -m benchmarks.clusters` on copies made by its generator (docs/digest.md): of a copy's runs at
# least two thirds stand in what it was made of, of another report of the event at most a third.
COPIED = 0.6  # of the shorter text's runs that stand in the longer one
SHORTEST_SHARE = 0.25  # of the longer text: a round-up that holds ten short items is no copy of each
RUN = 5  # words
LONGEST = 60_000  # characters of a text that are compared
# A cut to 0.3 of a text is looked at with a probability of 0.977, to 0.4 with 0.999; of two texts that share one run in
# fifty, two in a hundred. A share that is compared has a standard error of 0.06 at most. More bands take more memory.
_BANDS, _ROWS = 40, 2
_SEED, _SCHEME = 1, "affine32"
_ALIKE = 0.9  # of all runs: such a copy adds nothing by which others could be found
_MOST_INDEXED = 8  # copies of one text that are


@dataclass(frozen=True, slots=True)
class Sketch:
    """The signature of a text and the number of its runs. `values` are 80 numbers of 32 bits, little endian."""

    runs: int
    values: bytes

    def __str__(self) -> str:
        return f"{self.runs}:{base64.b64encode(self.values).decode('ascii')}"

    @classmethod
    def parse(cls, written: str) -> "Sketch":
        """What `str` wrote. Raises ValueError for anything else."""
        runs, _, values = written.partition(":")
        decoded = base64.b64decode(values, validate=True)
        if len(decoded) != 4 * _BANDS * _ROWS or int(runs) < 1:
            raise ValueError("no signature of a text")
        return cls(int(runs), decoded)

    def minhash(self) -> "MinHash":
        """The signature as datasketch has it."""
        import numpy  # noqa: PLC0415 - a second, for the commands that never compare texts
        from datasketch import LeanMinHash  # noqa: PLC0415

        return LeanMinHash(seed=_SEED, hashvalues=numpy.frombuffer(self.values, dtype="<u4"), scheme=_SCHEME)


def sketch(text: str) -> Sketch | None:
    """The signature of a text; None for one without words."""
    import numpy  # noqa: PLC0415

    words = [_number(word) for word in split_words(text[:LONGEST].casefold())]
    if not words:
        return None
    numbers = numpy.array(words, dtype=numpy.uint64)
    length = min(RUN, len(numbers))
    runs = numpy.zeros(len(numbers) - length + 1, dtype=numpy.uint64)
    for at in range(length):
        # A polynomial of the words modulo 2^64; the upper half depends on all of them.
        runs = runs * numpy.uint64(0x9E3779B97F4A7C15) + numbers[at : at + len(runs)]
    hashes = numpy.unique(runs >> numpy.uint64(32))
    signature = _blank().copy()
    signature.update_batch(hashes.tolist())
    return Sketch(len(hashes), signature.hashvalues.astype("<u4").tobytes())


@lru_cache(maxsize=65_536)
def _number(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


@cache
def _blank() -> "MinHash":
    from datasketch import MinHash  # noqa: PLC0415

    return MinHash(num_perm=_BANDS * _ROWS, seed=_SEED, hashfunc=int, scheme=_SCHEME)


class CopyIndex:
    """The texts so far, to ask which of them a new one is a copy of. Keys are the caller's, in the order of adding."""

    def __init__(self) -> None:
        from datasketch import MinHashLSH  # noqa: PLC0415

        self._index = MinHashLSH(num_perm=_BANDS * _ROWS, params=(_BANDS, _ROWS))
        self._known: dict[int, tuple[int, Any]] = {}
        self._root: dict[int, int] = {}
        self._copies: dict[int, int] = {}

    def find(self, asked: Sketch) -> int | None:
        """The text, itself no copy, that this one is a copy of: the one that shares most, the first of several."""
        best: tuple[float, int] | None = None
        minhash = asked.minhash()
        for key in self._candidates(minhash):
            share = self._shared(asked.runs, minhash, key)
            if share >= COPIED and (best is None or (-share, key) < best):
                best = (-share, key)
        return None if best is None else self._root[best[1]]

    def add(self, key: int, added: Sketch, copy_of: int | None = None) -> None:
        """Let a text be found; of a copy with little that its original lacks, nothing."""
        minhash = added.minhash()
        if copy_of is not None:
            alike = copy_of in self._known and minhash.jaccard(self._known[copy_of][1]) >= _ALIKE
            if alike or self._copies.get(copy_of, 0) >= _MOST_INDEXED:
                return
            self._copies[copy_of] = self._copies.get(copy_of, 0) + 1
        self._root[key] = key if copy_of is None else copy_of
        self._known[key] = (added.runs, minhash)
        self._index.insert(key, minhash, check_duplication=False)

    def _candidates(self, minhash: "MinHash") -> Iterator[int]:
        found: list[Hashable] = self._index.query(minhash)
        yield from sorted(key for key in found if isinstance(key, int))

    def _shared(self, runs: int, minhash: "MinHash", key: int) -> float:
        """The share of the shorter text's runs that stand in the longer one; 0 where it is much shorter."""
        others, other = self._known[key]
        less, more = sorted((runs, others))
        if less < SHORTEST_SHARE * more:
            return 0.0
        alike = float(minhash.jaccard(other))
        return min(1.0, alike / (1 + alike) * (less + more) / less)
