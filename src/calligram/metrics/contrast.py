"""How far light and dark are apart."""

import numpy as np

from calligram.metrics.base import Figures, Pixels

TITLE = "Contrast"
MEANING = (
    "How far lights and darks lie apart: rms 0 is flat, 0.5 is half black and half white; michelson 1 has "
    "both black and white in it."
)
SUBJECT = Pixels

ENDS = (1, 99)
"""Michelson's darkest and lightest are these percentiles, so that a few stray pixels do not decide."""


def measure(pixels: Pixels) -> Figures:
    """Return the contrast of an image, by two formulas.

    Args:
        pixels: the image.

    Returns:
        ``rms``: the standard deviation of L*/100, 0 to 0.5; ``michelson``:
        ``(light - dark) / (light + dark)`` of the 99th and the 1st percentile of L*, 0 to 1, 0 for a black
        image.

    Source: E. Peli, Contrast in complex images, 1990 (RMS; he takes grey values, we take L*, which is what is
        seen); A. A. Michelson, Studies in optics, 1927.
    """
    dark, light = np.percentile(pixels.lightness, ENDS)
    michelson = (light - dark) / (light + dark) if light + dark > 1e-9 else 0.0
    return {"rms": float(pixels.lightness.std() / 100), "michelson": float(michelson)}
