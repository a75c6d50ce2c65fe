"""Sets of texts that differ from each other: maximal marginal relevance over vectors of words and letters."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

LETTERS = 4
"""Runs of so many letters count beside whole words, so that ``river`` and ``rivers`` are alike."""

DIGITS = 6
"""Likenesses are rounded to so many digits, so that the last bits of a processor's sums choose nothing."""

_WORD = re.compile(r"[^\W_]+")
_Floats = npt.NDArray[np.float64]


def embed(texts: Sequence[str]) -> _Floats:
    """Return one vector of length 1 for each text, ``(N, D)``; a text without words has zeros.

    Words and runs of four letters within words, their ends marked, are weighed by
    ``(1 + ln n) (1 + ln((1 + N) / (1 + N_term)))``.

    Args:
        texts: all that are compared with each other; the weights follow from them.

    Source: C. Manning, P. Raghavan, H. Schütze, Introduction to information retrieval, 2008, chapter 6,
        smoothed as in scikit-learn.
    """
    counts = [Counter(_terms(text)) for text in texts]
    places = {term: place for place, term in enumerate(sorted({term for count in counts for term in count}))}
    found = np.zeros((len(texts), len(places)))
    for row, count in zip(found, counts, strict=True):
        for term, times in count.items():
            row[places[term]] = 1 + np.log(times)
    found *= 1 + np.log((1 + len(texts)) / (1 + (found > 0).sum(axis=0)))
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return found / np.where(lengths == 0, 1, lengths)


def _terms(text: str) -> list[str]:
    words = _WORD.findall(text.lower())
    marked = [f"<{word}>" for word in words]
    return words + [
        word[start : start + LETTERS] for word in marked for start in range(max(1, len(word) - LETTERS + 1))
    ]


def likenesses(texts: Sequence[str]) -> _Floats:
    """Return how alike each two texts are, ``(N, N)``, from 0 (nothing in common) to 1."""
    vectors = embed(texts)
    return np.round(vectors @ vectors.T, DIGITS)


def choose_spread(
    alike: npt.NDArray[np.floating],
    fit: Sequence[float] | npt.NDArray[np.floating],
    count: int,
    spread: float = 0.5,
    groups: Sequence[int] | None = None,
) -> list[int]:
    """Return the places of a set that fits and differs, in the order in which they were chosen.

    Each next one has the largest ``(1 - spread) fit - spread (likeness to the nearest chosen one)``; the
    first of equals is taken.

    Args:
        alike: how alike each two are, ``(N, N)``, 0 to 1.
        fit: how well each fits what was asked, ``(N,)``, 0 to 1.
        count: how many; fewer come where there are fewer.
        spread: 0 looks at the fit alone, 1 at the differences alone.
        groups: of each group one at most is taken; None groups nothing.

    Source: J. Carbonell, J. Goldstein, The use of MMR, diversity-based reranking for reordering documents
        and producing summaries, SIGIR 1998; their lambda is ``1 - spread``.

    >>> alike = np.array([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]])
    >>> choose_spread(alike, [1, 0.9, 0.5], 2)
    [0, 2]
    """
    gains = (1 - spread) * np.round(np.asarray(fit, np.float64), DIGITS)
    nearest = np.zeros(len(gains))
    left = np.ones(len(gains), bool)
    chosen: list[int] = []
    while len(chosen) < count and left.any():
        score = np.where(left, np.round(gains - spread * nearest, DIGITS), -np.inf)
        chosen.append(int(score.argmax()))
        nearest = np.maximum(nearest, alike[chosen[-1]])
        left[chosen[-1]] = False
        if groups is not None:
            left &= np.asarray(groups) != groups[chosen[-1]]
    return chosen
