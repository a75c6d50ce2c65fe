"""How warm or cool the colours of an image are."""

import numpy as np

from calligram.metrics.base import Figures, Pixels
from calligram.picture.lab import chroma

TITLE = "Warmth"
MEANING = "Above 0 reds, oranges and browns prevail, below 0 blues and blue greens; greys count as neither."
SUBJECT = Pixels

WARMEST = 50
"""The warmest hue, in degrees of CIELAB: orange red."""


def measure(pixels: Pixels) -> Figures:
    """Return how warm the colours are.

    It is the mean of ``0.02 C^1.07 cos(h - 50°)`` over the pixels, C the chroma and h the hue.

    Args:
        pixels: the image.

    Returns:
        ``warmth``: without unit, cut to -1 (very cool) to 1 (very warm), 0 for greys; ``chroma``: the mean
        chroma, 0 to about 130.

    Source: L.-C. Ou et al., A study of colour emotion and colour preference, part I, 2004: their warm-cool
        scale without its constant of -0.5, so that greys are neutral.
    """
    lab = pixels.lab
    colour = chroma(lab)
    hue = np.arctan2(lab[..., 2], lab[..., 1])
    warmth = (0.02 * colour**1.07 * np.cos(hue - np.radians(WARMEST))).mean()
    return {"warmth": float(np.clip(warmth, -1, 1)), "chroma": float(colour.mean())}
