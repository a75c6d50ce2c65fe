"""How much each text of a set sounds like the others."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from calligram.metrics._words import ngrams_of, words_of
from calligram.metrics.base import Figures, TextSet

TITLE = "Self-BLEU"
MEANING = (
    "How much each text is made of phrases that stand in the others too: 0 where they share no word, "
    "1 where all say the same."
)
SUBJECT = TextSet

LONGEST = 4
NO_MATCH = 0.1
"""Counts as the matches of a length that has none, so that the mean of logarithms is finite."""

Runs: TypeAlias = list[Counter[tuple[str, ...]]]
"""How often each run of one word, two words and so on stands in a text."""


def measure(texts: TextSet) -> Figures:
    """Return the mean BLEU-4 of each text with all others as its references.

    Args:
        texts: the texts measured.

    Returns:
        ``self_bleu``: from 0 to 1, lower where the texts differ more; None with fewer than two texts.

    Source: Y. Zhu et al., Texygen, 2018; BLEU as K. Papineni et al., 2002, with method 1 of B. Chen and
        C. Cherry, 2014. Texts shorter than four words are compared by the lengths they have, where the
        original would find nothing in common between them.
    """
    cut = [words_of(text) for text in texts.texts]
    if len(cut) < 2:
        return {"self_bleu": None}
    runs = [[Counter(ngrams_of(words, n)) for n in range(1, LONGEST + 1)] for words in cut]
    lengths = [len(words) for words in cut]
    return {"self_bleu": sum(_bleu(runs, lengths, number) for number in range(len(cut))) / len(cut)}


def _bleu(runs: Sequence[Runs], lengths: Sequence[int], number: int) -> float:
    """Return the BLEU of one text against all the others."""
    length, others = lengths[number], [place for place in range(len(runs)) if place != number]
    longest = min(LONGEST, length)
    if not longest:
        return float(all(not lengths[other] for other in others))
    references = [runs[other] for other in others]
    logarithms = [_log_precision(runs[number][n], [them[n] for them in references]) for n in range(longest)]
    if logarithms[0] is None:
        return 0.0
    mean = sum(value for value in logarithms if value is not None) / longest
    nearest = min((lengths[other] for other in others), key=lambda other: (abs(other - length), other))
    return math.exp(mean + min(0.0, 1 - nearest / length))


def _log_precision(own: Counter[tuple[str, ...]], others: list[Counter[tuple[str, ...]]]) -> float | None:
    """Return the logarithm of the share of runs that stand in another text; None for none of single words."""
    matches = sum(min(count, max(other[run] for other in others)) for run, count in own.items())
    if not matches and len(next(iter(own))) == 1:
        return None
    return math.log((matches or NO_MATCH) / own.total())
