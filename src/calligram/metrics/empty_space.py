"""How much of an image is left empty."""

import numpy as np

from calligram.metrics.base import Figures, FloatArray, Pixels

TITLE = "Empty space"
MEANING = "The share of the picture in which nothing happens: plain sky, wall, paper or darkness."
SUBJECT = Pixels

CELLS = 24
"""So many cells are laid along the longer side."""
LEAST_DEVIATION = 4.0
"""A cell is empty where its colours deviate by less, in CIELAB units."""


def measure(pixels: Pixels) -> Figures:
    """Return the share of empty cells.

    The picture is cut into nearly square cells, 24 along the longer side. A cell's deviation is the root of
    the variances of L*, a* and b* added up; it is empty where that is below 4.

    Args:
        pixels: the image.

    Returns:
        ``share``: 0 to 1.

    Source: ours; what painters call negative space.
    """
    return {"share": float((deviations(pixels.lab) < LEAST_DEVIATION).mean())}


def deviations(lab: FloatArray) -> FloatArray:
    """Return the deviation of each cell, in CIELAB units, shape (rows, columns) of cells.

    Args:
        lab: shape (H, W, 3).
    """
    height, width = lab.shape[:2]
    side = max(1.0, max(height, width) / CELLS)
    rows, columns = _starts(height, side), _starts(width, side)
    counts = np.diff([*rows, height])[:, None, None] * np.diff([*columns, width])[None, :, None]
    means = _sums(lab, rows, columns) / counts
    variances = _sums(lab**2, rows, columns) / counts - means**2
    made: FloatArray = np.sqrt(np.maximum(variances, 0).sum(axis=-1))
    return made


def _starts(length: int, side: float) -> list[int]:
    count = max(1, round(length / side))
    return [length * place // count for place in range(count)]


def _sums(values: FloatArray, rows: list[int], columns: list[int]) -> FloatArray:
    made: FloatArray = np.add.reduceat(np.add.reduceat(values, rows, axis=0), columns, axis=1)
    return made
