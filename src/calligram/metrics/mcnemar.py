"""Whether the same pictures are read better now than then, by more than chance."""

import math

from calligram.metrics.base import Figures, Paired

TITLE = "McNemar's test"
MEANING = (
    "Of the pictures that only one of the two read right, how unlikely the split between them is "
    "if both read equally well."
)
SUBJECT = Paired


def measure(paired: Paired) -> Figures:
    """Return the exact test of whether two readings of the same pictures are equally good.

    Args:
        paired: whether each picture was read right, then and now.

    Returns:
        ``n``; ``both``, ``only_then``, ``only_now``, ``neither``: pictures read right; ``difference``: share
        right now less share right then, with its 95 % ``interval`` (both None without pictures); ``p``: the
        two-sided exact probability of a split at least as uneven, 1 where none differ.

    Source: Q. McNemar, Note on the Sampling Error of the Difference Between Correlated Proportions, 1947; the
        interval after A. Agresti and Y. Min, 2005.
    """
    then, now = paired.then, paired.now
    only_then, only_now = int((then & ~now).sum()), int((now & ~then).sum())
    n = len(then)
    return {
        "n": n,
        "both": int((then & now).sum()),
        "only_then": only_then,
        "only_now": only_now,
        "neither": int((~then & ~now).sum()),
        "difference": (only_now - only_then) / n if n else None,
        "interval": _interval(only_then, only_now, n) if n else None,
        "p": exact_p(only_then, only_now),
    }


def exact_p(one: int, other: int) -> float:
    """Return the two-sided probability of a split at least as uneven, each side being equally likely.

    >>> exact_p(1, 5)
    0.21875
    """
    total, fewer = one + other, min(one, other)
    ways, tail = 1, 0
    for count in range(fewer + 1):
        tail += ways
        ways = ways * (total - count) // (count + 1)
    # whole numbers, so that nothing is lost however many pictures differ
    return min(1.0, _ratio(2 * tail, total))


def _ratio(number: int, doublings: int) -> float:
    """Return a whole number over a power of two, which may both be beyond what a float holds."""
    extra = max(0, number.bit_length() - 64)
    return math.ldexp(number >> extra, extra - doublings)


def _interval(only_then: int, only_now: int, n: int) -> list[float]:
    """Return the interval of Wald with half a picture added to each of the four counts."""
    then, now, total = only_then + 0.5, only_now + 0.5, n + 2
    centre = (now - then) / total
    spread = 1.959963984540054 * math.sqrt(max(0.0, then + now - (now - then) ** 2 / total)) / total
    return [max(-1.0, centre - spread), min(1.0, centre + spread)]
