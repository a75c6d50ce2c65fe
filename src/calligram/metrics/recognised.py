"""The share of pictures that a judge recognises as what was asked."""

import numpy as np
import numpy.typing as npt

from calligram.metrics.base import Figures, PictureSet, share, wilson_interval

TITLE = "Recognised as asked"
MEANING = "The share of drawings in which the judge sees what was asked for."
SUBJECT = PictureSet


def measure(pictures: PictureSet) -> Figures:
    """Return the share recognised as asked, over all and of each class.

    A picture that is not well formed counts as not recognised.

    Args:
        pictures: the pictures measured.

    Returns:
        ``n``, ``share``, its 95 % Wilson ``interval``, and ``classes``: ``class``, ``n``, ``share`` of each.
    """
    right = pictures.judged == pictures.asked_of_levels
    n, hits = len(pictures.asked), int(right.sum())
    return {
        "n": n,
        "share": share(hits, n),
        "interval": wilson_interval(hits, n),
        "classes": [_measure_class(pictures, right, index) for index in range(len(pictures.classes))],
    }


def _measure_class(pictures: PictureSet, right: npt.NDArray[np.bool_], index: int) -> Figures:
    n = int((pictures.asked == index).sum())
    hits = int(right[pictures.asked_of_levels == index].sum())
    return {"class": pictures.classes[index], "n": n, "share": share(hits, n)}
