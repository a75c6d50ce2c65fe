"""How rarely a set of texts repeats itself, within a text and from one to the next."""

from collections.abc import Sequence

from calligram.metrics._words import ngrams_of, words_of
from calligram.metrics.base import Figures, TextSet, share

TITLE = "Distinct words and phrases"
MEANING = (
    "The share of runs of one, two and three words that are said for the first time: "
    "1 repeats nothing. Longer sets repeat more, so compare only sets of about the same length."
)
SUBJECT = TextSet

LONGEST = 3


def measure(texts: TextSet) -> Figures:
    """Return distinct-1, distinct-2 and distinct-3 of a set.

    Args:
        texts: the texts; they are counted together, and no run of words spans two of them.

    Returns:
        ``distinct_1``, ``distinct_2``, ``distinct_3``: different runs over all runs of so many words, above 0
        and at most 1; None where no text has so many words.

    Source: J. Li et al., A diversity-promoting objective function for neural conversation models, 2016.
    """
    cut = [words_of(text) for text in texts.texts]
    return {f"distinct_{n}": _distinct(cut, n) for n in range(1, LONGEST + 1)}


def _distinct(cut: Sequence[list[str]], n: int) -> float | None:
    runs = [run for words in cut for run in ngrams_of(words, n)]
    return share(len(set(runs)), len(runs))
