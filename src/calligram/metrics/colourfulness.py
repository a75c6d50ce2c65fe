"""How colourful an image looks."""

import numpy as np

from calligram.metrics.base import Figures, Pixels

TITLE = "Colourfulness"
MEANING = (
    "How colourful people would call it: 0 is grey, about 15 slightly, 33 moderately, 45 averagely, "
    "59 quite, 82 highly and 109 extremely colourful."
)
SUBJECT = Pixels


def measure(pixels: Pixels) -> Figures:
    """Return the colourfulness of an image.

    With ``rg = R - G`` and ``yb = (R + G) / 2 - B`` it is the joint standard deviation of both plus 0.3 times
    the distance of their joint mean from zero.

    Args:
        pixels: the image.

    Returns:
        ``colourfulness``, without unit, from 0 to about 300; photographs stay below about 120.

    Source: D. Hasler, S. Süsstrunk, Measuring colourfulness in natural images, 2003.
    """
    red, green, blue = (pixels.rgb[..., channel].astype(np.float64) for channel in range(3))
    sides = red - green, (red + green) / 2 - blue
    spread = np.hypot(*(side.std() for side in sides))
    offset = np.hypot(*(side.mean() for side in sides))
    return {"colourfulness": float(spread + 0.3 * offset)}
