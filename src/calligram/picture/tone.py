"""Tone: one table from grey to grey that holds polarity, levels, contrast, gamma and inversion together."""

import numpy as np
from numpy.typing import NDArray

from calligram.picture.options import EncodeOptions

CLIPPED_SHARE = 0.01
"""Share of pixels at each end that automatic levels give up."""


def adjust_tone(pixels: NDArray[np.uint8], options: EncodeOptions) -> NDArray[np.uint8]:
    """Return grey pixels ``(H, W)`` with the tone that the options ask for; plain options copy nothing."""
    table = tone_table(pixels, options)
    return pixels if np.array_equal(table, np.arange(256)) else table[pixels]


def tone_table(pixels: NDArray[np.uint8], options: EncodeOptions) -> NDArray[np.uint8]:
    """Return the new grey of each grey 0 … 255: levels, contrast, gamma, and last the inversions."""
    greys = np.arange(256, dtype=np.float64)
    if options.auto_levels:
        low, high = _ends(pixels)
        greys = (greys - low) * (255 / (high - low))
    greys = np.clip((greys - 127.5) * options.contrast + 127.5, 0, 255) if options.contrast != 1 else greys
    greys = 255 * (np.clip(greys, 0, 255) / 255) ** (1 / options.gamma)
    turned = options.polarity == "dark-on-light" or (options.polarity == "auto" and is_dark_on_light(pixels))
    if turned != options.invert:
        greys = 255 - greys
    return np.floor(greys + 0.5).astype(np.uint8)


def is_dark_on_light(pixels: NDArray[np.uint8]) -> bool:
    """Return whether the ink is darker than the paper: whether the edge is lighter than the whole."""
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return float(np.median(edge)) > float(pixels.mean())


def _ends(pixels: NDArray[np.uint8]) -> tuple[int, int]:
    """Return the greys below and above which one hundredth of the pixels lie, at least one apart."""
    counts = np.bincount(pixels.ravel(), minlength=256).cumsum()
    low = int(np.searchsorted(counts, CLIPPED_SHARE * counts[-1], side="right"))
    high = int(np.searchsorted(counts, (1 - CLIPPED_SHARE) * counts[-1], side="left"))
    return (low, high) if high > low else (0, 255)
