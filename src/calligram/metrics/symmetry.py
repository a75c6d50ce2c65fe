"""How like its mirror image an image is."""

import numpy as np

from calligram.metrics.base import Figures, FloatArray, Pixels
from calligram.picture.planes import shrink

TITLE = "Symmetry"
MEANING = "1 equals its mirror image, 0 has nothing to do with it, below 0 is light where the mirror is dark."
SUBJECT = Pixels

LONGEST = 64
"""Looked at so small that texture and small things do not hide the symmetry of the whole."""


def measure(pixels: Pixels) -> Figures:
    """Return the correlation of an image's lightness with its mirror images.

    Args:
        pixels: the image.

    Returns:
        ``left_right`` and ``top_bottom``: Pearson's correlation with the image flipped across the upright and
        across the level axis, each -1 to 1, at 64 pixels on the longer side; 1 for a flat image.

    Source: K. Pearson, Notes on regression and inheritance, 1895, on mirrored pixels.
    """
    plane = shrink(pixels.lightness, LONGEST)
    return {"left_right": _correlation(plane, plane[:, ::-1]), "top_bottom": _correlation(plane, plane[::-1])}


def _correlation(plane: FloatArray, mirror: FloatArray) -> float:
    """Return Pearson's correlation of two planes that hold the same values in another order."""
    variance = float(plane.var())
    if variance < 1e-9:
        return 1.0
    middle = plane.mean()
    return float(np.clip(((plane - middle) * (mirror - middle)).mean() / variance, -1, 1))
