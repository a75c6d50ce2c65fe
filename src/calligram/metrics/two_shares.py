"""Whether a share is higher now than then, by more than chance, where the pictures are not the same."""

import math

import numpy as np

from calligram.metrics.base import Figures, TwoShares, share, wilson_interval

TITLE = "Two shares"
MEANING = "How unlikely a difference at least as large is if both shares are the same in truth."
SUBJECT = TwoShares
SAME = 1 + 1e-7
"""Probabilities so close count as equal, since they are sums of rounded logarithms."""


def measure(shares: TwoShares) -> Figures:
    """Return the exact test of whether two shares are the same.

    Args:
        shares: how many succeeded of how many, then and now.

    Returns:
        ``then`` and ``now``: the shares; ``difference``: now less then, with its 95 % ``interval`` (all None
        where either has no pictures); ``p``: the two-sided probability by Fisher's exact test.

    Source: R. A. Fisher, Statistical Methods for Research Workers, 1934; the interval is method 10 of
        R. Newcombe, Interval Estimation for the Difference Between Independent Proportions, 1998.
    """
    then, now = share(shares.hits_then, shares.n_then), share(shares.hits_now, shares.n_now)
    known = then is not None and now is not None
    return {
        "then": then,
        "now": now,
        "difference": now - then if then is not None and now is not None else None,
        "interval": _interval(shares) if known else None,
        "p": exact_p(shares),
    }


def exact_p(shares: TwoShares) -> float:
    """Return the probability of all tables no likelier than this one, their sums being given.

    >>> round(exact_p(TwoShares(1, 10, 8, 10)), 4)
    0.0055
    """
    hits, total = shares.hits_then + shares.hits_now, shares.n_then + shares.n_now
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, total + 1)))])

    def ways(among: int, chosen: np.ndarray) -> np.ndarray:
        counted: np.ndarray = logs[among] - logs[chosen] - logs[among - chosen]
        return counted

    now = np.arange(max(0, hits - shares.n_then), min(hits, shares.n_now) + 1)
    likely = ways(shares.n_now, now) + ways(shares.n_then, hits - now)
    likely = np.exp(likely - likely.max())
    seen = likely[shares.hits_now - now[0]]
    return min(1.0, float(likely[likely <= seen * SAME].sum() / likely.sum()))


def _interval(shares: TwoShares) -> list[float]:
    then, now = shares.hits_then / shares.n_then, shares.hits_now / shares.n_now
    low_then, high_then = wilson_interval(shares.hits_then, shares.n_then) or (0.0, 1.0)
    low_now, high_now = wilson_interval(shares.hits_now, shares.n_now) or (0.0, 1.0)
    return [
        now - then - math.hypot(now - low_now, high_then - then),
        now - then + math.hypot(high_now - now, then - low_then),
    ]
