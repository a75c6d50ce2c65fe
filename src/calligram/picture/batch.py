"""Many images of one size at once: arrays in, levels out, in numpy and nothing else."""

import math

import numpy as np
from numpy.typing import NDArray

from calligram.errors import ImageError
from calligram.picture.layout import Layout, get_layout
from calligram.picture.resampling import resample_batch, value_scale

CHUNK_BYTES = 1 << 20
"""Images are taken in chunks whose float copy stays about so large, to stay in the processor's cache."""


def encode_batch(images: NDArray[np.uint8], layout: str | Layout = "classic") -> NDArray[np.uint8]:
    """Return the levels of many grey images.

    Args:
        images: ``(N, H, W)``, bytes; 0 is the emptiest.
        layout: a layout or its name.

    Returns:
        ``(N, rows, columns)``, bytes from 0 to ``level_count - 1``. The grey values are lost.

    Raises:
        ImageError: the array has another shape or kind.

    >>> encode_batch(np.zeros((5, 28, 28), np.uint8), "classic").shape
    (5, 11, 20)
    """
    layout = get_layout(layout)
    if images.ndim != 3 or images.dtype != np.uint8 or 0 in images.shape[1:]:
        raise ImageError(
            f"a batch of shape {images.shape} and kind {images.dtype} cannot be encoded: "
            "give (N, height, width) as uint8"
        )
    count, height, width = images.shape
    rows, columns = layout.grid(height, width)
    levels = np.empty((count, rows, columns), np.uint8)
    step = max(1, CHUNK_BYTES // (8 * height * width))
    scale = value_scale(height, width, layout.resampler)
    edges = [float(math.ceil(edge * scale)) for edge in layout.edges]
    for start in range(0, count, step):
        values = resample_batch(images[start : start + step], rows, columns, layout.resampler)
        levels[start : start + step] = quantise(values, edges).transpose(1, 0, 2)
    return levels


def quantise(values: NDArray[np.float64], edges: list[float]) -> NDArray[np.uint8]:
    """Return how many of the growing edges each value reaches."""
    if len(edges) > 12:
        return np.searchsorted(np.array(edges), values, side="right").astype(np.uint8)
    levels = np.zeros(values.shape, np.uint8)
    for edge in edges:
        levels += (values >= edge).view(np.uint8)
    return levels
