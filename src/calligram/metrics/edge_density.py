"""How much of an image is edges."""

import numpy as np

from calligram.metrics.base import Figures, Pixels
from calligram.picture.planes import sobel

TITLE = "Edge density"
MEANING = (
    "The share of pixels that lie on an edge: a few hundredths in calm pictures, above a quarter in busy "
    "ones."
)
SUBJECT = Pixels

LEAST_SLOPE = 4.0
"""A pixel lies on an edge where L* changes by so much from it to the next one."""


def measure(pixels: Pixels) -> Figures:
    """Return the share of edge pixels by Sobel's operator.

    Args:
        pixels: the image; a smaller copy of the same picture has more edges for its size.

    Returns:
        ``density``: share of pixels with a slope of L* of 4 a pixel or more, 0 to 1; ``slope``: the mean
        slope, in L* a pixel.

    Source: I. Sobel, An isotropic 3 x 3 image gradient operator, 1968; the bound is ours.
    """
    slope = np.hypot(*sobel(pixels.lightness))
    return {"density": float((slope >= LEAST_SLOPE).mean()), "slope": float(slope.mean())}
