"""How like its mirror image an image is."""

import numpy as np

from calligram.metrics.base import Figures, FloatArray, Pixels
from calligram.picture.planes import shrink

TITLE = "Symmetry"
MEANING = "1 equals its mirror image, 0 has nothing to do with it, below 0 is light where the mirror is dark."
SUBJECT = Pixels

LONGEST = 64
"""Looked at so small that texture and small things do not hide the symmetry of the whole."""
LEAST_DEVIATION = 1.0
"""In L*; below it there is nothing that could differ."""


def measure(pixels: Pixels) -> Figures:
    """Return the correlation of an image's lightness with its mirror images.

    What every mirror image shares is left out: before the left is compared with the right each row's mean is
    taken away, or a sky above a field would pass for symmetry; likewise each column's before top and bottom.

    Args:
        pixels: the image.

    Returns:
        ``left_right`` and ``top_bottom``: Pearson's correlation with the image flipped across the upright and
        across the level axis, each -1 to 1, at 64 pixels on the longer side; 1 where L* deviates by less than
        1 along the way that is flipped.

    Source: K. Pearson, Notes on regression and inheritance, 1895, on mirrored pixels; taking the means away
        is ours.
    """
    plane = shrink(pixels.lightness, LONGEST)
    return {"left_right": _likeness(plane), "top_bottom": _likeness(plane.T)}


def _likeness(plane: FloatArray) -> float:
    """Return the correlation of a plane with itself turned from left to right, without the rows' means."""
    apart = plane - plane.mean(axis=1, keepdims=True)
    variance = float(apart.var())
    if variance < LEAST_DEVIATION**2:
        return 1.0
    return float(np.clip((apart * apart[:, ::-1]).mean() / variance, -1, 1))
