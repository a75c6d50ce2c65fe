"""The edge detector of Canny on many small images at once, in numpy and nothing else."""

import numpy as np
import numpy.typing as npt

from calligram.evaluation.filters import Floats, blur

Flags = npt.NDArray[np.bool_]

LOW, HIGH = 0.1, 0.2
"""Edges begin where the slope reaches the higher limit, and go on while it reaches the lower."""
NEIGHBOURS = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1) if (down, across) != (0, 0)]


def find_edges(images: Floats, sigma: float = 1.0, low: float = LOW, high: float = HIGH) -> Flags:
    """Return where images have edges, ``(N, height, width)``.

    Args:
        images: ``(N, height, width)`` from 0 to 1; outside is 0, which the blur makes good for.
        sigma: of the blur before, in pixels.
        low: the least slope of an edge, by Sobel's operator without a divisor.
        high: the least slope at one place of each edge.

    Source: J. Canny, A Computational Approach to Edge Detection, 1986; the outermost pixels are no edges.
    """
    smooth = blur(images, sigma, "zero") / blur(np.ones_like(images[:1]), sigma, "zero")
    down, across = _slope(smooth), _slope(smooth.transpose(0, 2, 1)).transpose(0, 2, 1)
    slope = np.hypot(down, across)
    thin = _is_crest(slope, down, across) & (slope >= low)
    thin[:, [0, -1]] = False
    thin[:, :, [0, -1]] = False
    return _grow(thin & (slope >= high), thin)


def _slope(images: Floats) -> Floats:
    """Return Sobel's slope down the rows; beyond the border the image is mirrored."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)), mode="symmetric")
    difference = padded[:, 2:] - padded[:, :-2]
    slope: Floats = difference[:, :, :-2] + 2 * difference[:, :, 1:-1] + difference[:, :, 2:]
    return slope


def _is_crest(slope: Floats, down: Floats, across: Floats) -> Flags:
    """Return where the slope is no less than on either side along its direction, between pixels linearly."""
    steep, flat = np.maximum(abs(down), abs(across)), np.minimum(abs(down), abs(across))
    share = flat / np.maximum(steep, np.finfo(np.float32).tiny)
    upright = abs(down) > abs(across)
    sign_down, sign_across = np.where(down >= 0, 1, -1), np.where(across >= 0, 1, -1)
    crest = np.ones(slope.shape, np.bool_)
    for side in (1, -1):
        straight = _at(
            slope, np.where(upright, side * sign_down, 0), np.where(upright, 0, side * sign_across)
        )
        slanting = _at(slope, side * sign_down, side * sign_across)
        crest &= slanting * share + straight * (1 - share) <= slope
    return crest


def _at(images: Floats, down: npt.NDArray[np.int64], across: npt.NDArray[np.int64]) -> Floats:
    """Return the value of each pixel's neighbour in its own direction."""
    count, height, width = images.shape
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows = np.arange(1, height + 1)[:, None] + down
    columns = np.arange(1, width + 1) + across
    return padded[np.arange(count)[:, None, None], rows, columns]


def _grow(seeds: Flags, allowed: Flags) -> Flags:
    """Return all that is reached from the seeds over allowed pixels that touch, at corners too."""
    reached, before = seeds, -1
    while (now := int(reached.sum())) != before:
        before = now
        padded = np.pad(reached, ((0, 0), (1, 1), (1, 1)))
        height, width = reached.shape[1:]
        grown = reached.copy()
        for down, across in NEIGHBOURS:
            grown |= padded[:, 1 + down : 1 + down + height, 1 + across : 1 + across + width]
        reached = grown & allowed
    return reached
