"""How light or dark an image is."""

import numpy as np

from calligram.metrics.base import Figures, Pixels

TITLE = "Lightness"
MEANING = "How light it is on the whole, 0 for black and 100 for white, and how much of it is dark or light."
SUBJECT = Pixels

DARK, LIGHT = 35, 70
"""Tones below are the darks and above the lights; middle grey (sRGB 119) has L* 50."""


def measure(pixels: Pixels) -> Figures:
    """Return the lightness of an image.

    Args:
        pixels: the image.

    Returns:
        ``mean`` and ``median`` of L*, 0 to 100; ``darks`` and ``lights``: the shares of pixels with L* below
        35 and above 70, each 0 to 1.

    Source: CIE 15:2004 for L*; the two bounds are ours.
    """
    plane = pixels.lightness
    return {
        "mean": float(plane.mean()),
        "median": float(np.median(plane)),
        "darks": float((plane < DARK).mean()),
        "lights": float((plane > LIGHT).mean()),
    }
