"""Where the weight of an image lies."""

import numpy as np

from calligram.metrics.base import Figures, FloatArray, Pixels
from calligram.picture.planes import salience

TITLE = "Balance"
MEANING = (
    "Where what stands out lies: its centre across and down (0.5 is the middle), and its share in each third."
)
SUBJECT = Pixels


def measure(pixels: Pixels) -> Figures:
    """Return where what stands out lies.

    The weight of a pixel is its salience: how far its colour is from the mean colour of the image.

    Args:
        pixels: the image.

    Returns:
        ``x`` and ``y``: the centre of weight, 0 at the left and top edge, 1 at the right and bottom;
        ``thirds``: the share of weight in each of nine equal fields, row by row from the top left, sum 1. A
        flat image has its weight spread evenly.

    Source: R. Achanta et al., Frequency-tuned salient region detection, 2009, for the weight; R. Arnheim, Art
        and visual perception, 1954, for the idea of weight in a picture.
    """
    weight = salience(pixels.lab)
    if weight.sum() < 1e-6 * weight.size:
        weight = np.ones_like(weight)
    across, down = weight.sum(axis=0) / weight.sum(), weight.sum(axis=1) / weight.sum()
    return {
        "x": float(across @ ((np.arange(across.size) + 0.5) / across.size)),
        "y": float(down @ ((np.arange(down.size) + 0.5) / down.size)),
        "thirds": [float(share) for share in _thirds(weight)],
    }


def _thirds(weight: FloatArray) -> FloatArray:
    """Return the shares of nine fields; a pixel on a border belongs to both fields by its parts."""
    height, width = weight.shape
    shares: FloatArray = _parts(height) @ weight @ _parts(width).T / weight.sum()
    return shares.ravel()


def _parts(length: int) -> FloatArray:
    """Return how much of each pixel lies in each third, shape (3, length)."""
    edges = np.arange(length)
    low, high = (np.arange(3) * length / 3)[:, None], (np.arange(1, 4) * length / 3)[:, None]
    parts: FloatArray = np.clip(np.minimum(edges + 1, high) - np.maximum(edges, low), 0, 1)
    return parts
