"""Near copies: one text in ten papers, cut, under another headline, with an agency's line added.

A text is the set of its runs of five words. What two sets have in common is told by their MinHash signatures, and
which pairs are worth comparing by locality-sensitive hashing: those of which two values that stand together are the
same. Of what was loaded these pairs of values are a sorted array, of what is new a dictionary of each.
"""

import zlib
from collections import Counter
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy

from .container import Array
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
VALUES = _BANDS * _ROWS  # of a signature
_SEED, _SCHEME = 1, "affine32"
_ALIKE = 0.9  # of all runs: such a copy adds nothing by which others could be found
_MOST_INDEXED = 8  # copies of one text that are


@dataclass(frozen=True, slots=True)
class Sketch:
    """The signature of a text and the number of its runs. `values` are 80 numbers of 32 bits, little endian."""

    runs: int
    values: bytes


def sketch(text: str) -> Sketch | None:
    """The signature of a text; None for one without words."""
    words = split_words(text[:LONGEST].casefold())
    if not words:
        return None
    numbers = numpy.fromiter(map(_number, words), numpy.uint64, len(words))
    length = min(RUN, len(numbers))
    runs = numpy.zeros(len(numbers) - length + 1, dtype=numpy.uint64)
    for at in range(length):
        # A polynomial of the words modulo 2^64; the upper half depends on all of them.
        runs = runs * numpy.uint64(0x9E3779B97F4A7C15) + numbers[at : at + len(runs)]
    hashes = numpy.sort(runs >> numpy.uint64(32))
    is_first = numpy.ones(len(hashes), dtype=bool)
    numpy.not_equal(hashes[1:], hashes[:-1], out=is_first[1:])
    hashes = hashes[is_first]
    signature = copy(_blank())  # shallow: what is shared is replaced, not changed
    signature.update_batch(hashes.tolist())
    return Sketch(len(hashes), signature.hashvalues.astype("<u4").tobytes())


@lru_cache(maxsize=65_536)
def _number(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


@cache
def _blank() -> "MinHash":
    from datasketch import MinHash  # noqa: PLC0415 - a second, for those who compare no texts

    return MinHash(num_perm=VALUES, seed=_SEED, hashfunc=int, scheme=_SCHEME)


class CopyIndex:
    """The texts so far, to ask which of them a new one is a copy of. Keys are the caller's, in the order of adding."""

    def __init__(self, keys: Array, runs: Array, values: Array, roots: Array) -> None:
        """Begin with texts that were indexed before; `roots` are what each is a copy of, itself for an original."""
        known = zip(runs.tolist(), values, strict=True)
        self._known: dict[int, tuple[int, Array]] = dict(zip(keys.tolist(), known, strict=True))
        self._root = dict(zip(keys.tolist(), roots.tolist(), strict=True))
        self._copies = Counter(roots[roots != keys].tolist())
        self._loaded = _Pairs(keys, _pairs(values))
        self._bands: list[dict[int, int | list[int]]] = [{} for _ in range(_BANDS)]

    def __contains__(self, key: int) -> bool:
        """Whether the text can be found."""
        return key in self._known

    def find(self, asked: Sketch) -> int | None:
        """The text, itself no copy, that this one is a copy of: the one that shares most, the first of several."""
        values = numpy.frombuffer(asked.values, "<u4")
        best: tuple[float, int] | None = None
        for key in self._candidates(values):
            share = self._shared(asked.runs, values, key)
            if share >= COPIED and (best is None or (-share, key) < best):
                best = (-share, key)
        return None if best is None else self._root[best[1]]

    def add(self, key: int, added: Sketch, copy_of: int | None = None) -> None:
        """Let a text be found; of a copy with little that its original lacks, nothing."""
        values = numpy.frombuffer(added.values, "<u4")
        if copy_of is not None:
            alike = copy_of in self._known and _alike(values, self._known[copy_of][1]) >= _ALIKE
            if alike or self._copies[copy_of] >= _MOST_INDEXED:
                return
            self._copies[copy_of] += 1
        self._root[key] = key if copy_of is None else copy_of
        self._known[key] = (added.runs, values)
        for band, pair in zip(self._bands, _pairs(values).tolist(), strict=True):
            known = band.setdefault(pair, key)
            if known is key:  # mostly; it was put there now
                continue
            if isinstance(known, list):
                known.append(key)
            else:
                band[pair] = [known, key]

    def _candidates(self, values: Array) -> Iterator[int]:
        pairs = _pairs(values)
        found = self._loaded.find(pairs)
        for band, pair in zip(self._bands, pairs.tolist(), strict=True):
            known = band.get(pair)
            if known is not None:
                found.update(known if isinstance(known, list) else (known,))
        yield from sorted(found)

    def _shared(self, runs: int, values: Array, key: int) -> float:
        """The share of the shorter text's runs that stand in the longer one; 0 where it is much shorter."""
        others, other = self._known[key]
        less, more = sorted((runs, others))
        if less < SHORTEST_SHARE * more:
            return 0.0
        alike = _alike(values, other)
        return min(1.0, alike / (1 + alike) * (less + more) / less)


def _alike(values: Array, others: Array) -> float:
    """The share of all runs that two texts have in common, as their signatures tell it."""
    return int(numpy.count_nonzero(values == others)) / VALUES


def _pairs(values: Array) -> Array:
    """Two values of a signature that stand together as one number, for each band."""
    return numpy.ascontiguousarray(values).view("<u8")


class _Pairs:
    """Of many signatures which have a pair in the same band: all pairs in one sorted array."""

    def __init__(self, keys: Array, pairs: Array) -> None:
        self._keys = keys
        self._places = numpy.argsort(pairs, axis=None)
        self._sorted = pairs.ravel()[self._places]

    def find(self, pairs: Array) -> set[int]:
        """The keys that have one of these pairs in its band."""
        if not len(self._sorted):
            return set()
        first = numpy.searchsorted(self._sorted, pairs, "left")
        end = numpy.searchsorted(self._sorted, pairs, "right")
        found: set[int] = set()
        for band in numpy.flatnonzero(end > first).tolist():
            places = self._places[first[band] : end[band]]
            found.update(self._keys[places[places % _BANDS == band] // _BANDS].tolist())
        return found
