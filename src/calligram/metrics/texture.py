"""How rough the surfaces of an image are."""

import numpy as np

from calligram.metrics.base import Figures, Pixels
from calligram.picture.planes import blur

TITLE = "Texture"
MEANING = "How rough surfaces are between the large edges: 0 is smooth, above 4 is rough (L* units)."
SUBJECT = Pixels

RADIUS = 2
"""Detail finer than squares of five pixels a side counts as texture."""


def measure(pixels: Pixels) -> Figures:
    """Return the roughness of an image: the median over the pixels of the local standard deviation of L*.

    The median leaves out outlines, which are few, and keeps what covers most of the picture.

    Args:
        pixels: the image.

    Returns:
        ``roughness``: in L* units, 0 to 50; ``smooth``: the share of pixels whose surroundings of 5 x 5
        deviate by less than 1, 0 to 1.

    Source: the local standard deviation filter of R. C. Gonzalez, R. E. Woods, Digital image processing,
        section on texture by statistical moments.
    """
    plane = pixels.lightness
    variance = blur(plane**2, RADIUS) - blur(plane, RADIUS) ** 2
    deviation = np.sqrt(np.maximum(variance, 0))
    return {"roughness": float(np.median(deviation)), "smooth": float((deviation < 1).mean())}
