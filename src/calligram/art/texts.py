"""Texts beside a corpus: the longest stretch taken over word for word, and the passage most alike."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from calligram.metrics._words import WORD, words_of

RUN = 3
"""Stretches of so many words are looked up, two where a corpus has over two million different words; longer
ones are grown from them."""

KEY_BITS = 63
"""So many bits a stretch's key may have: the numbers of its words side by side."""

_BETWEEN = 0
"""Stands between two passages, so that no stretch runs from one into the next."""
_UNKNOWN = -1
"""Stands for a word that the corpus has not."""

_Numbers = npt.NDArray[np.int64]


class Copied(NamedTuple):
    """The longest stretch that a text shares with a corpus.

    Args:
        words: how many words it has, 0 for none.
        passage: the stretch as it is spelled in the corpus, empty for none.
    """

    words: int
    passage: str


class Nearest(NamedTuple):
    """The passage of a corpus that is most like a text.

    Args:
        similarity: cosine of the two TF-IDF vectors, 0 (no word in common) to 1.
        passage: the whole passage, empty where nothing is in common.
    """

    similarity: float
    passage: str


def longest_copied(text: str, passages: "Iterable[str] | Passages") -> Copied:
    """Return the longest stretch of words that stands in a text and in one of the passages.

    Capitals and what stands between words do not count.

    Args:
        text: the text in doubt.
        passages: the corpus; for many texts make a :class:`Passages` of it once.

    >>> longest_copied("A river crossed by two boats at dusk.", ["Two boats, at dusk", "two boats"])
    Copied(words=4, passage='Two boats, at dusk')
    """
    return Passages.of(passages).longest_copied(text)


def nearest(text: str, passages: "Iterable[str] | Passages") -> Nearest:
    """Return the passage whose words are most like a text's.

    Args:
        text: what is compared.
        passages: the corpus; for many texts make a :class:`Passages` of it once.

    >>> nearest("a boat on the river", ["a horse in a field", "the river and its boats"]).passage
    'the river and its boats'
    """
    return Passages.of(passages).nearest(text)


class Passages:
    """A corpus made ready for many questions; 24 MB of text take a few seconds once.

    Args:
        texts: the passages, each of which stands by itself.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts: Sequence[str] = tuple(texts)
        cut = [words_of(text) for text in self.texts]
        self.lengths: _Numbers = np.array([len(words) for words in cut], np.int64)
        self.numbers = {word: number for number, word in enumerate(dict.fromkeys(chain(*cut)), 1)}
        self._run = max(1, min(RUN, KEY_BITS // max(1, len(self.numbers).bit_length())))
        length = int(self.lengths.sum()) + len(cut)
        flat = (number for words in cut for number in (*map(self.numbers.__getitem__, words), _BETWEEN))
        self._flat: _Numbers = np.fromiter(flat, np.int64, length)
        self._starts: _Numbers = np.concatenate([[0], np.cumsum(self.lengths + 1)[:-1]]).astype(np.int64)

    @classmethod
    def of(cls, passages: "Iterable[str] | Passages") -> "Passages":
        """Return passages made ready, as they are where they are so already."""
        return passages if isinstance(passages, Passages) else cls(passages)

    def longest_copied(self, text: str) -> Copied:
        """Return the longest stretch of words that stands in a text and in one of the passages."""
        told = self._numbers_of(text)
        for run in range(min(self._run, len(told)), 0, -1):
            words, at = self._longest(told, run)
            if words:
                return Copied(words, self._spelled(at, words))
        return Copied(0, "")

    def nearest(self, text: str) -> Nearest:
        """Return the passage whose words are most like a text's; the first of several alike."""
        likeness = self.similarities(text)
        if not likeness.size or not likeness.max():
            return Nearest(0.0, "")
        best = int(likeness.argmax())
        return Nearest(min(1.0, float(likeness[best])), self.texts[best])

    def similarities(self, text: str) -> npt.NDArray[np.float64]:
        """Return the TF-IDF cosine of a text and each passage, shape (passages,), from 0 to 1.

        A word counts by ``(1 + ln n) (1 + ln((1 + N) / (1 + N_word)))``, with ``n`` its uses in the text,
        ``N`` the passages and ``N_word`` those that hold it.

        Source: C. Manning, P. Raghavan, H. Schütze, Introduction to information retrieval, 2008, chapter 6;
            smoothed as in scikit-learn. Words that no passage has count nothing.
        """
        told = self._numbers_of(text)
        words, uses = np.unique(told[told > 0], return_counts=True)
        starts, documents, weights, rarity = self._postings
        own = (1 + np.log(uses)) * rarity[words]
        found = np.zeros(len(self.texts))
        for word, weight in zip(words, own, strict=True):
            place = slice(starts[word], starts[word + 1])
            found[documents[place]] += weights[place] * weight
        return found / max(float(np.linalg.norm(own)), 1e-12)

    def _numbers_of(self, text: str) -> _Numbers:
        return np.array([self.numbers.get(word, _UNKNOWN) for word in words_of(text)], np.int64)

    def _longest(self, told: _Numbers, run: int) -> tuple[int, int]:
        """Return length and place of the longest stretch of at least ``run`` words, or zeros."""
        keys, places = self._runs(run)
        wanted = _keys(told, run, len(self.numbers))
        left, right = np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")
        ends = np.array([], np.int64)
        lengths = np.array([], np.int64)
        best, at = 0, 0
        for low, high, key in zip(left, right, wanted, strict=True):
            here = places[low:high] if key else places[:0]
            lengths, ends = _grown(here, ends, lengths), here
            if lengths.size and lengths.max() + run - 1 > best:
                best = int(lengths.max()) + run - 1
                at = int(here[lengths.argmax()]) + run - best
        return best, at

    def _spelled(self, at: int, words: int) -> str:
        number = int(np.searchsorted(self._starts, at, "right")) - 1
        text, first = self.texts[number], at - int(self._starts[number])
        found = list(WORD.finditer(text))[first : first + words]
        return text[found[0].start() : found[-1].end()]

    def _runs(self, run: int) -> tuple[npt.NDArray[np.uint64], _Numbers]:
        """Return the sorted keys of all runs of so many words, and where each begins, in rising order."""
        return self._usual_runs if run == self._run else self._sorted_runs(run)

    @cached_property
    def _usual_runs(self) -> tuple[npt.NDArray[np.uint64], _Numbers]:
        return self._sorted_runs(self._run)

    def _sorted_runs(self, run: int) -> tuple[npt.NDArray[np.uint64], _Numbers]:
        keys = _keys(self._flat, run, len(self.numbers))
        order = np.argsort(keys, kind="stable")
        return keys[order], order

    @cached_property
    def _postings(self) -> tuple[_Numbers, _Numbers, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return for the words by number: where their passages begin, these, their weights, the rarities."""
        documents = np.repeat(np.arange(len(self.texts)), self.lengths)
        words = self._flat[self._flat != _BETWEEN]
        pairs, uses = np.unique(words * max(1, len(self.texts)) + documents, return_counts=True)
        words, documents = np.divmod(pairs, max(1, len(self.texts)))
        holders = np.bincount(words, minlength=len(self.numbers) + 1)
        rarity = 1 + np.log((1 + len(self.texts)) / (1 + holders))
        weights = (1 + np.log(uses)) * rarity[words]
        norms = np.sqrt(np.bincount(documents, weights**2, len(self.texts)))
        starts = np.concatenate([[0], np.cumsum(holders)]).astype(np.int64)
        return starts, documents, weights / norms[documents], rarity


def _keys(numbers: _Numbers, run: int, known: int) -> npt.NDArray[np.uint64]:
    """Return one key for each run of words, which no other run has; 0 where a word of it is not known."""
    bits = known.bit_length()
    if len(numbers) < run:
        return np.array([], np.uint64)
    length = len(numbers) - run + 1
    keys, whole = np.zeros(length, np.uint64), np.ones(length, bool)
    for start in range(run):
        part = numbers[start : start + length]
        whole &= part > 0
        keys = (keys << np.uint64(bits)) | part.clip(0).astype(np.uint64)
    return np.where(whole, keys, np.uint64(0))


def _grown(here: _Numbers, before: _Numbers, lengths: _Numbers) -> _Numbers:
    """Return how many runs in a row end at each place: one more than at the place before it, if met."""
    if not before.size or not here.size:
        return np.ones(len(here), np.int64)
    found = np.searchsorted(before, here - 1).clip(max=len(before) - 1)
    return np.where(before[found] == here - 1, lengths[found] + 1, 1)
