"""How far several judges agree beyond chance."""

from collections.abc import Callable

import numpy as np

from calligram.metrics.base import Figures, FloatArray, Ratings

TITLE = "Krippendorff's alpha"
MEANING = (
    "How far judges agree beyond chance: 1 is perfect, 0 is what chance gives, below 0 they contradict each "
    "other. Krippendorff asks for 0.8 to rely on a judgement, and 0.667 for tentative conclusions."
)
SUBJECT = Ratings


def measure(ratings: Ratings) -> Figures:
    """Return Krippendorff's alpha: one minus the observed over the expected disagreement.

    Args:
        ratings: values by judge and thing; a thing that fewer than two judges rated is left out.

    Returns:
        ``alpha``: at most 1; None where no thing was rated twice, or where all values are one and the same,
        so that chance would agree too; ``things`` and ``values``: how many of them counted; ``judges``: how
        many gave a value that counted; ``level``: how values were compared.

    Source: K. Krippendorff, Computing Krippendorff's alpha-reliability, 2011, section E.
    """
    given = ~np.isnan(ratings.values)
    paired = given & (given.sum(axis=0) >= 2)
    kept = np.where(paired, ratings.values, np.nan)
    told = {
        "things": int(paired.any(axis=0).sum()),
        "values": int(paired.sum()),
        "judges": int(paired.any(axis=1).sum()),
        "level": ratings.level,
    }
    return {"alpha": _alpha(kept, _DISTANCES[ratings.level]) if told["values"] else None, **told}


def _alpha(values: FloatArray, distances: Callable[[FloatArray, FloatArray], FloatArray]) -> float | None:
    kinds = np.unique(values[~np.isnan(values)])
    met = np.stack([(values == kind).sum(axis=0) for kind in kinds]).astype(np.float64)
    met = met[:, met.sum(axis=0) >= 2]
    each = met.sum(axis=0)
    coincidences = (met / (each - 1)) @ met.T - np.diag((met / (each - 1)).sum(axis=1))
    totals = coincidences.sum(axis=1)
    apart = distances(kinds, totals)
    expected = float((np.outer(totals, totals) * apart).sum()) / (float(totals.sum()) - 1)
    return 1 - float((coincidences * apart).sum()) / expected if expected else None


def _by_equality(kinds: FloatArray, totals: FloatArray) -> FloatArray:
    return 1 - np.eye(len(kinds))


def _by_rank(kinds: FloatArray, totals: FloatArray) -> FloatArray:
    """Return squared distances in ranks: the values in between, and half of those at the two ends."""
    middles = np.cumsum(totals) - totals / 2
    apart: FloatArray = (middles[:, None] - middles[None, :]) ** 2
    return apart


def _by_difference(kinds: FloatArray, totals: FloatArray) -> FloatArray:
    apart: FloatArray = (kinds[:, None] - kinds[None, :]) ** 2
    return apart


_DISTANCES = {"nominal": _by_equality, "ordinal": _by_rank, "interval": _by_difference}
