"""How many different things a set of texts says."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from calligram.metrics._words import ngrams_of, words_of
from calligram.metrics.base import Figures, FloatArray, TextSet

TITLE = "Vendi score"
MEANING = (
    "As many texts with no word in common would be as diverse as this set: 1 where all say the same, "
    "the number of texts where each says something of its own."
)
SUBJECT = TextSet

LENGTHS = (1, 2)
"""Texts are compared by their words and by their pairs of words."""


def measure(texts: TextSet) -> Figures:
    """Return the Vendi score of a set, and how many texts it has.

    It is the exponential of the entropy of the eigenvalues of K / n, where K holds the cosine similarity of
    each two texts, averaged over counts of words and of pairs of words.

    Args:
        texts: the texts measured.

    Returns:
        ``vendi``: from 1 to ``texts``, None without texts; ``texts``: how many there are.

    Source: D. Friedman and A. B. Dieng, The Vendi score, 2023; the similarity is that of its n-gram variant.
    """
    cut = [words_of(text) for text in texts.texts]
    if not cut:
        return {"vendi": None, "texts": 0}
    likeness = np.mean([_likeness(cut, n) for n in LENGTHS], axis=0)
    shares = np.linalg.eigvalsh(likeness / len(cut))
    shares = shares[shares > 1e-12]
    return {"vendi": float(np.exp(-(shares * np.log(shares)).sum())), "texts": len(cut)}


def _likeness(cut: Sequence[list[str]], n: int) -> FloatArray:
    """Return the cosine of each two texts' counts of runs, shape (texts, texts).

    A text too short for any run is like itself alone, and like others as short with the same words.
    """
    counts = [Counter(ngrams_of(words, n)) or Counter([tuple(words)]) for words in cut]
    columns = {run: column for column, run in enumerate({run: None for count in counts for run in count})}
    vectors = np.zeros((len(cut), len(columns)))
    for row, count in enumerate(counts):
        vectors[row, [columns[run] for run in count]] = list(count.values())
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    product: FloatArray = vectors @ vectors.T
    return product
