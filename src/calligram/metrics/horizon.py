"""Whether a level line parts an image, and where."""

import numpy as np

from calligram.metrics.base import Figures, FloatArray, Pixels
from calligram.picture.planes import shrink

TITLE = "Horizon"
MEANING = (
    "How far down a long level line parts the picture (0 top, 1 bottom), or none, and how strongly it does."
)
SUBJECT = Pixels

LONGEST = 160
BAND = 0.02
"""Above and below the line a band of so much of the height is looked at; wider ones find soft shades too."""
MARGIN = 0.1
"""A line nearer to the top or bottom than so much of the height is an edge or a frame."""
LEAST_STEP = 7.0
"""In L*, the least step from the one band to the other."""
LEAST_AGREEMENT = 0.8
"""So much of the width must step the same way."""


def measure(pixels: Pixels) -> Figures:
    """Return where the strongest long level line lies.

    For each row the mean L* of a band above is taken from that of a band below, column by column. A line is
    there where the mean step is 7 or more and at least 0.8 of the columns step the same way.

    Args:
        pixels: the image.

    Returns:
        ``y``: 0 (top) to 1 (bottom), or None where there is no such line; ``step``: by how much L* grows
        across the strongest line, negative where the upper side is lighter; ``agreement``: the share of
        columns that step that way, 0 to 1.

    Source: ours; the idea of level bands is that of S. Fefilatyev et al., Detection and tracking of ships in
        open sea with rapidly moving buoy-mounted camera system, 2012.
    """
    plane = shrink(pixels.lightness, LONGEST)
    height = plane.shape[0]
    band = max(1, round(BAND * height))
    first, last = max(band, round(MARGIN * height)), min(height - band, height - round(MARGIN * height))
    if last < first:
        return {"y": None, "step": 0.0, "agreement": 0.0}
    steps = _steps(plane, band)[first - band : last - band + 1]
    means = steps.mean(axis=1)
    agreements = np.maximum((steps > 1).mean(axis=1), (steps < -1).mean(axis=1))
    best = int(np.argmax(np.abs(means) * (agreements >= LEAST_AGREEMENT)))
    found = abs(means[best]) >= LEAST_STEP and agreements[best] >= LEAST_AGREEMENT
    return {
        "y": float((first + best) / height) if found else None,
        "step": float(means[best]),
        "agreement": float(agreements[best]),
    }


def _steps(plane: FloatArray, band: int) -> FloatArray:
    """Return for each line between rows, from ``band`` on, below less above, shape (lines, W)."""
    sums = np.cumsum(np.pad(plane, ((1, 0), (0, 0))), axis=0)
    means = (sums[band:] - sums[:-band]) / band
    steps: FloatArray = means[band:] - means[:-band]
    return steps
