"""Many images of one size at once: arrays in, levels out, in numpy and nothing else."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calligram.errors import ImageError
from calligram.picture.forms import DOT_FORMS, PART_EDGE, fit_shapes, join_dots, parts
from calligram.picture.layout import Layout, get_layout
from calligram.picture.resampling import Sums, resample_batch

CHUNK_BYTES = 1 << 19
"""Images are taken in chunks whose float copy stays about so large, to stay in the processor's cache."""

COMPARED_EDGES = 24
"""Up to so many edges comparing is quicker than searching."""


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
    step = max(1, CHUNK_BYTES // (4 * height * width))
    down, across = parts(layout.ramp)
    for start in range(0, count, step):
        chunk = images[start : start + step]
        sums = resample_batch(chunk, rows * down, columns * across, layout.resampler)
        levels[start : start + step] = choose_levels(sums, layout)
    return levels


def choose_levels(sums: Sums, layout: Layout) -> NDArray[np.uint8]:
    """Return the level of each cell, ``(N, rows, columns)``, from exact sums of its parts."""
    if layout.ramp in DOT_FORMS:
        return join_dots(sums.values >= PART_EDGE * sums.scale, layout.ramp)
    if layout.ramp == "shape":
        inks = sums.greys() / 255
        return np.stack([fit_shapes(image) for image in inks])
    return _quantise(sums.values, [math.ceil(edge * sums.scale) for edge in layout.edges])


def _quantise(values: NDArray[Any], edges: list[int]) -> NDArray[np.uint8]:
    """Return how many of the growing edges each value reaches."""
    if len(edges) > COMPARED_EDGES:
        return np.searchsorted(np.array(edges, np.float64), values, side="right").astype(np.uint8)
    levels = (values >= edges[0]).view(np.uint8)
    for edge in edges[1:]:
        levels += (values >= edge).view(np.uint8)
    return levels
