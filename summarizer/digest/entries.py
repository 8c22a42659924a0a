"""The articles that stories are made of; those of earlier days are read out of arrays when they are first needed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy

from .container import Array
from .copies import VALUES, Sketch
from .keeping import NONE, Kept, read_strings, write_strings
from .nearby import LEADING, Nearby
from .terms import Rarity, Vector

_NO_VALUES = bytes(4 * VALUES)


@dataclass(slots=True, eq=False)
class Entry:
    """An article that is here. `rank` is of the group that it was put in, `copy_of` and `replaced_by` are numbers."""

    id: str
    source: str | None
    address: str | None
    slug: str | None
    moment: float | None
    sketch: Sketch | None
    words: Vector
    names: Vector
    rank: int
    copy_of: int | None = None
    replaces: int | None = None
    replaced_by: int | None = None


class Entries:
    """Articles by their numbers, in the order in which they came."""

    def __init__(self, kept: Kept) -> None:
        """Raises ValueError for strings that are damaged or there twice."""
        self.ids = kept.article_ids()
        self._kept, self._loaded = kept, len(kept)
        self._asked: dict[int, Entry] = {}
        self._new: list[Entry] = []
        self._texts = read_strings(kept.texts, kept.text_lengths)
        self._vocabulary = read_strings(kept.vocabulary, kept.word_lengths)
        for strings in (self._texts, self._vocabulary):
            if len({*strings}) < len(strings):
                raise ValueError("a string is in them twice")
        self._word_ends = numpy.cumsum(kept.word_count, dtype=int)
        self._name_ends = numpy.cumsum(kept.name_count, dtype=int)
        self._by_rank = numpy.argsort(kept.rank, kind="stable")
        self._ranks = kept.rank[self._by_rank]

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, number: int) -> Entry:
        if number >= self._loaded:
            return self._new[number - self._loaded]
        if number not in self._asked:
            self._asked[number] = self._read(number)
        return self._asked[number]

    def append(self, entry: Entry) -> None:
        """Add an article under the next number."""
        self.ids.append(entry.id)
        self._new.append(entry)

    def rank(self, number: int) -> int:
        """The rank of the group that an article was put in."""
        return int(self._kept.rank[number]) if number < self._loaded else self._new[number - self._loaded].rank

    def loaded_of(self, rank: int) -> list[Entry]:
        """The articles of a story that was here when it was loaded."""
        first, end = numpy.searchsorted(self._ranks, (rank, rank + 1))
        return [self[number] for number in self._by_rank[first:end].tolist()]

    def rarity(self) -> Rarity:
        """In how many articles each word stood, as it was loaded."""
        kept = self._kept
        words = dict(zip(self._vocabulary, kept.word_articles.tolist(), strict=True))
        names = dict(zip(self.words_of(kept.named), kept.name_articles.tolist(), strict=True))
        return Rarity(int(kept.articles[0]), words, names)

    def loaded_strings(self, numbers: Array) -> Iterator[tuple[int, str]]:
        """The articles that were loaded with a string of that column, each with it."""
        for number in numpy.flatnonzero(numbers != NONE).tolist():
            yield number, self._texts[numbers[number]]

    def nearby(self) -> Nearby:
        """The loaded articles by their heaviest words; a copy is found by its original."""
        kept = self._kept
        counts = kept.word_count.astype(int)
        turns = numpy.arange(len(kept.words)) - numpy.repeat(self._word_ends - counts, counts)
        numbers = numpy.repeat(numpy.arange(len(kept)), counts)
        chosen = (turns < LEADING) & (kept.copy_of == NONE)[numbers]
        return Nearby.of(self._vocabulary, kept.words[chosen], kept.weights[chosen], numbers[chosen])

    def words_of(self, numbers: Array) -> list[str]:
        """The words of the loaded vocabulary that go by these numbers."""
        return [self._vocabulary[number] for number in numbers.tolist()]

    def _read(self, number: int) -> Entry:
        kept = self._kept

        def number_of(column: Array) -> int | None:
            return None if column[number] == NONE else int(column[number])

        def text_of(column: Array) -> str | None:
            return None if column[number] == NONE else self._texts[column[number]]

        def vector(words: Array, weights: Array, ends: Array, counts: Array) -> Vector:
            part = slice(ends[number] - counts[number], ends[number])
            return dict(zip(self.words_of(words[part]), weights[part].tolist(), strict=True))

        moment, runs = float(kept.moment[number]), int(kept.runs[number])
        return Entry(
            id=self.ids[number],
            source=text_of(kept.source),
            address=text_of(kept.address),
            slug=text_of(kept.slug),
            moment=None if moment != moment else moment,
            sketch=Sketch(runs, kept.values[number].tobytes()) if runs else None,
            words=vector(kept.words, kept.weights, self._word_ends, kept.word_count),
            names=vector(kept.names, kept.name_weights, self._name_ends, kept.name_count),
            rank=int(kept.rank[number]),
            copy_of=number_of(kept.copy_of),
            replaces=number_of(kept.replaces),
            replaced_by=number_of(kept.replaced_by),
        )

    def kept(
        self, rarity: Rarity, leader: Callable[[int], int], joined: Iterable[int], is_indexed: Callable[[int], bool]
    ) -> Kept:
        """All of them to be kept, with what was counted; `leader` gives the rank of the group that took a group."""
        kept = self._kept.followed_by(self._rows(rarity, is_indexed), joined)
        leaders = numpy.arange(len(self), dtype="<i4")
        for rank in numpy.unique(kept.rank).tolist():
            leaders[rank] = leader(rank)
        kept.rank[:] = leaders[kept.rank]
        for number, entry in self._asked.items():
            kept.replaced_by[number] = NONE if entry.replaced_by is None else entry.replaced_by
        return kept

    def _rows(self, rarity: Rarity, is_indexed: Callable[[int], bool]) -> Kept:
        """What was added, with tables that go on from those that were loaded."""
        new, first = self._new, self._loaded
        texts = {text: number for number, text in enumerate(self._texts)}

        def number_of(text: str | None) -> int:
            return NONE if text is None else texts.setdefault(text, len(texts))

        strings = _column(number_of(text) for each in new for text in (each.source, each.address, each.slug))
        signatures = b"".join(_NO_VALUES if each.sketch is None else each.sketch.values for each in new)
        written, lengths = write_strings(texts)
        return Kept(
            ids=numpy.frombuffer(bytes.fromhex("".join(self.ids[first:])), "u1").reshape(-1, 32),
            source=strings[0::3],
            address=strings[1::3],
            slug=strings[2::3],
            moment=_column((numpy.nan if each.moment is None else each.moment for each in new), "<f8"),
            rank=_numbers(each.rank for each in new),
            copy_of=_numbers(each.copy_of for each in new),
            replaces=_numbers(each.replaces for each in new),
            replaced_by=_numbers(each.replaced_by for each in new),
            runs=_column((0 if each.sketch is None else each.sketch.runs for each in new), "<u4"),
            values=numpy.frombuffer(signatures, "<u4").reshape(-1, VALUES),
            is_indexed=_column((is_indexed(first + place) for place in range(len(new))), "u1"),
            joined=_column(()),
            texts=written,
            text_lengths=lengths,
            **self._words(rarity),
        )

    def _words(self, rarity: Rarity) -> dict[str, Array]:
        """The vectors of what was added, all words, and in how many articles each of them stood."""
        numbers = {word: number for number, word in enumerate(rarity.words)}
        vocabulary, lengths = write_strings(numbers)

        def numbered(words: Iterable[str]) -> Array:
            return _column(map(numbers.__getitem__, words), "<u4")

        words, names = [each.words for each in self._new], [each.names for each in self._new]
        return {
            "word_count": _column(map(len, words), "u1"),
            "name_count": _column(map(len, names), "u1"),
            "words": numbered(chain.from_iterable(words)),
            "weights": _column(chain.from_iterable(each.values() for each in words), "<u2"),
            "names": numbered(chain.from_iterable(names)),
            "name_weights": _column(chain.from_iterable(each.values() for each in names), "<u2"),
            "vocabulary": vocabulary,
            "word_lengths": lengths,
            "word_articles": _column(rarity.words.values(), "<u4"),
            "named": numbered(rarity.names),
            "name_articles": _column(rarity.names.values(), "<u4"),
            "articles": _column([rarity.articles], "<u8"),
        }


def _column(values: Iterable[float], type_: str = "<i4") -> Array:
    return numpy.fromiter(values, type_)


def _numbers(values: Iterable[int | None]) -> Array:
    return _column(NONE if number is None else number for number in values)
