"""What is kept of stories from one day to the next, as arrays: nothing of a text but heavy words, names, a signature.

    Stories ── Entries.kept ─ Kept ── pack ─ bytes ── unpack ─ Kept ── Entries, CopyIndex, Nearby, Rarity

An article, a word and a string go by their numbers: their places in `ids`, `vocabulary` and `texts`. Which articles a
word leads to, which texts share runs and what a story weighs is not kept: it is worked out again in less time than it
would take to read and to check it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy

from .container import Array, Types, pack, unpack
from .copies import VALUES
from .terms import SCALE

NONE = -1  # where a number could stand
# Of each field numpy's name of what is in it, its columns, and the field that has as many rows.
_COLUMNS: dict[str, tuple[str, int, str | None]] = {
    "ids": ("u1", 32, "ids"),
    "source": ("<i4", 1, "ids"),
    "address": ("<i4", 1, "ids"),
    "slug": ("<i4", 1, "ids"),
    "moment": ("<f8", 1, "ids"),
    "rank": ("<i4", 1, "ids"),
    "copy_of": ("<i4", 1, "ids"),
    "replaces": ("<i4", 1, "ids"),
    "replaced_by": ("<i4", 1, "ids"),
    "runs": ("<u4", 1, "ids"),
    "values": ("<u4", VALUES, "ids"),
    "is_indexed": ("u1", 1, "ids"),
    "word_count": ("u1", 1, "ids"),
    "name_count": ("u1", 1, "ids"),
    "words": ("<u4", 1, "words"),
    "weights": ("<u2", 1, "words"),
    "names": ("<u4", 1, "names"),
    "name_weights": ("<u2", 1, "names"),
    "joined": ("<i4", 1, None),
    "texts": ("u1", 1, None),
    "text_lengths": ("<u4", 1, None),
    "vocabulary": ("u1", 1, None),
    "word_lengths": ("<u4", 1, "word_lengths"),
    "word_articles": ("<u4", 1, "word_lengths"),
    "named": ("<u4", 1, "named"),
    "name_articles": ("<u4", 1, "named"),
    "articles": ("<u8", 1, None),
}
_TYPES: Types = {name: (type_, width) for name, (type_, width, _) in _COLUMNS.items()}
_MOST_ARTICLES = 2**31
_OF_ARTICLES = ("ids", "words", "names")
_TEXTS = ("source", "address", "slug")


@dataclass(frozen=True, eq=False, slots=True)
class Kept:
    """All that `Stories` knows. NONE, in `moment` a NaN, stands for None; articles are in the order in which they came.

    `rank` is the number of the article that founded the story, `joined` are founders of stories that others have taken,
    `runs` is 0 for a text without words, whose `values` are 0. `word_count` of `words` and `weights` are each
    article's, heaviest first, and `name_count` of `names` and `name_weights`. `articles` is how many were counted, and
    `word_articles` and `name_articles` in how many of them each word of the vocabulary, each of `named`, stood.
    """

    ids: Array
    source: Array
    address: Array
    slug: Array
    moment: Array
    rank: Array
    copy_of: Array
    replaces: Array
    replaced_by: Array
    runs: Array
    values: Array
    is_indexed: Array
    word_count: Array
    name_count: Array
    words: Array
    weights: Array
    names: Array
    name_weights: Array
    joined: Array
    texts: Array
    text_lengths: Array
    vocabulary: Array
    word_lengths: Array
    word_articles: Array
    named: Array
    name_articles: Array
    articles: Array

    @classmethod
    def nothing(cls) -> "Kept":
        """What is kept before the first article."""
        empty = {name: numpy.zeros((0, width) if width > 1 else 0, type_) for name, (type_, width) in _TYPES.items()}
        return cls(**empty | {"articles": numpy.zeros(1, "<u8")})

    @classmethod
    def load(cls, data: bytes) -> "Kept":
        """What `dump` gave. Raises ValueError for anything that it cannot have given."""
        kept = cls(**unpack(data, _TYPES))
        _check(kept)
        return kept

    def dump(self) -> bytes:
        """All of it; the same to the byte where it is the same."""
        return pack({name: getattr(self, name) for name in _COLUMNS}, _TYPES)

    def __len__(self) -> int:
        return len(self.ids)

    def article_ids(self) -> list[str]:
        """The ids of all articles."""
        written = self.ids.tobytes().hex()
        return [written[at : at + 64] for at in range(0, len(written), 64)]

    def followed_by(self, rows: "Kept", joined: Iterable[int]) -> "Kept":
        """With further articles, whose tables (texts, words, what was counted) go on from these and stand for both."""
        both = {
            name: numpy.concatenate((getattr(self, name), getattr(rows, name)))
            for name, (_, _, each) in _COLUMNS.items()
            if each in _OF_ARTICLES
        }
        return replace(rows, **both, joined=numpy.fromiter(joined, "<i4"))

    def since(self, moment: float) -> "Kept":
        """Without the stories of which every article was published before `moment` (Unix time).

        An article without a date keeps its story. How rare each word is stays as it was counted.
        """
        living = numpy.zeros(len(self), bool)
        living[self.rank[~(self.moment < moment)]] = True
        stays = living[self.rank]
        numbers = numpy.cumsum(stays) - 1
        masks = {
            "ids": stays,
            "words": numpy.repeat(stays, self.word_count),
            "names": numpy.repeat(stays, self.name_count),
        }
        rows = {
            name: getattr(self, name)[masks[each]] for name, (_, _, each) in _COLUMNS.items() if each in _OF_ARTICLES
        }
        for name in ("rank", "copy_of", "replaces", "replaced_by"):
            rows[name] = numpy.where(rows[name] == NONE, NONE, numbers[rows[name]])
        used = numpy.unique(numpy.concatenate([rows[name] for name in _TEXTS]))
        used = used[used != NONE]
        for name in _TEXTS:
            rows[name] = numpy.where(rows[name] == NONE, NONE, numpy.searchsorted(used, rows[name]))
        texts = read_strings(self.texts, self.text_lengths)
        rows["texts"], rows["text_lengths"] = write_strings([texts[each] for each in used.tolist()])
        return replace(self, **rows, joined=numbers[self.joined[stays[self.joined]]])


def write_strings(strings: Iterable[str]) -> tuple[Array, Array]:
    """Strings as one text, and the length of each in characters. Lone surrogates are kept."""
    known = list(strings)
    text = "".join(known).encode("utf-8", "surrogatepass")
    return numpy.frombuffer(text, "u1"), numpy.fromiter(map(len, known), "<u4", len(known))


def read_strings(text: Array, lengths: Array) -> list[str]:
    """What `write_strings` was given. Raises ValueError where the lengths are not those of the text."""
    whole = text.tobytes().decode("utf-8", "surrogatepass")
    ends = list(accumulate(lengths.tolist(), initial=0))
    if ends[-1] != len(whole):
        raise ValueError("strings have other lengths")
    return [whole[start:end] for start, end in pairwise(ends)]


def _check(kept: Kept) -> None:
    """Raise ValueError for numbers that lead nowhere or round; strings are checked where they are read."""
    for name, (_, _, each) in _COLUMNS.items():
        if each is not None and len(getattr(kept, name)) != len(getattr(kept, each)):
            raise ValueError(f"{name} has too many rows or too few")
    count = len(kept)
    for name, ends in (("words", kept.word_count), ("names", kept.name_count)):
        _within(name, getattr(kept, name), len(kept.word_lengths))
        if ends.sum(dtype="u8") != len(getattr(kept, name)):
            raise ValueError(f"{name} are of no article")
    _within("named", kept.named, len(kept.word_lengths))
    _within("joined", kept.joined, count)
    for name in _TEXTS:
        _within(name, getattr(kept, name), len(kept.text_lengths), NONE)
    for weights in (kept.weights, kept.name_weights):
        _within("a weight", weights, SCALE + 1, 1)
    _within("is_indexed", kept.is_indexed, 2)
    if len(kept.articles) != 1 or kept.articles[0] > _MOST_ARTICLES:
        raise ValueError("the number of articles cannot be")
    for known in (kept.word_articles, kept.name_articles):
        _within("a word's articles", known, int(kept.articles[0]) + 1)
    if numpy.isinf(kept.moment).any() or (kept.is_indexed > kept.runs).any():
        raise ValueError("a moment or a signature cannot be")
    _within("rank", kept.rank, count)
    if (kept.rank > numpy.arange(count)).any() or (kept.rank[kept.rank] != kept.rank).any():
        raise ValueError("a story has no founder")
    for name in ("copy_of", "replaces", "replaced_by"):
        links = getattr(kept, name)
        _within(name, links, count, NONE)
        if (kept.rank[links[links != NONE]] != kept.rank[links != NONE]).any():
            raise ValueError(f"{name} leads to another story")
    _check_versions(kept.replaced_by)
    if len({each.tobytes() for each in kept.ids}) < count:
        raise ValueError("an article is in it twice")


def _within(name: str, numbers: Array, end: int, least: int = 0) -> None:
    if len(numbers) and not (least <= int(numbers.min()) and int(numbers.max()) < end):
        raise ValueError(f"{name} leads nowhere")


def _check_versions(replaced_by: Array) -> None:
    """Raise ValueError where following newer versions never ends: each step doubles how far is looked."""
    at = numpy.where(replaced_by == NONE, len(replaced_by), replaced_by)
    leads = numpy.append(at, len(replaced_by))
    for _ in range(len(replaced_by).bit_length()):
        leads = leads[leads]
    if (leads != len(replaced_by)).any():
        raise ValueError("replaced_by goes round")
