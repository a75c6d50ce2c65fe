"""The share of pictures that have their exact rows, columns and levels."""

from calligram.metrics.base import Figures, PictureSet, share, wilson_interval

TITLE = "Well formed"
MEANING = "The share of drawings with exactly the rows, columns and levels asked for."
SUBJECT = PictureSet


def measure(pictures: PictureSet) -> Figures:
    """Return ``n``, the ``share`` well formed and its 95 % Wilson ``interval``.

    Args:
        pictures: the pictures measured.
    """
    n, good = len(pictures.asked), int(pictures.well_formed.sum())
    return {"n": n, "share": share(good, n), "interval": wilson_interval(good, n)}
