"""Planes: one number for each pixel, their slopes, blurs and smaller copies, and what stands out."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_BINOMIAL = (1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16)


def sobel(plane: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the slopes of a plane across and down, in its unit for each pixel.

    Args:
        plane: shape (H, W); beyond its edges the edge's values go on.

    Returns:
        Two planes of that shape: positive where values grow to the right, and where they grow downward.

    Source: I. Sobel, An isotropic 3 x 3 image gradient operator, 1968; divided by 8, so that a ramp of one
        a pixel has the slope 1.
    """
    padded = np.pad(plane, 1, mode="edge")
    down = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    across = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    return (down[:, 2:] - down[:, :-2]) / 8, (across[2:] - across[:-2]) / 8


def blur(plane: FloatArray, radius: int) -> FloatArray:
    """Return the mean of the square of ``2 radius + 1`` pixels a side around each pixel, shape (H, W).

    Beyond the edges the edge's values go on.
    """
    for axis in (0, 1):
        width = [(0, 0), (0, 0)]
        width[axis] = (radius + 1, radius)
        sums = np.cumsum(np.pad(plane, width, mode="edge"), axis=axis)
        side = 2 * radius + 1
        plane = np.take(sums, range(side, sums.shape[axis]), axis) - np.take(
            sums, range(sums.shape[axis] - side), axis
        )
        plane = plane / side
    return plane


def shrink(values: FloatArray, longest: int) -> FloatArray:
    """Return a copy with at most so many pixels on its longer side, by exact means over areas.

    Args:
        values: shape (H, W) or (H, W, C).
        longest: at most so many pixels a side; what is smaller already comes back as it is.
    """
    height, width = values.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return values
    return average(average(values, max(1, round(height * scale)), 0), max(1, round(width * scale)), 1)


def average(values: FloatArray, count: int, axis: int) -> FloatArray:
    """Return means over so many equal stretches of an axis; a pixel on an edge counts by its parts."""
    length = values.shape[axis]
    width = [(0, 0)] * values.ndim
    width[axis] = (1, 0)
    sums = np.cumsum(np.pad(values, width), axis=axis)
    edges = np.arange(count + 1) * (length / count)
    whole = np.minimum(edges.astype(np.int64), length - 1)
    shape = [1] * values.ndim
    shape[axis] = count + 1
    below, above = np.take(sums, whole, axis), np.take(sums, whole + 1, axis)
    reached = below + (edges - whole).reshape(shape) * (above - below)
    return np.asarray(np.diff(reached, axis=axis) * (count / length))


def salience(lab: FloatArray) -> FloatArray:
    """Return how much each pixel stands out from the whole, shape (H, W), in CIELAB units.

    It is the distance of the slightly blurred picture from its own mean colour: 0 in a flat picture, above
    100 where white stands on black.

    Args:
        lab: shape (H, W, 3).

    Source: R. Achanta et al., Frequency-tuned salient region detection, 2009 (blurred with the binomial
        1 4 6 4 1, as they do).
    """
    blurred = _smooth(_smooth(lab, 0), 1)
    made: FloatArray = np.sqrt(((blurred - lab.mean(axis=(0, 1))) ** 2).sum(axis=-1))
    return made


def _smooth(values: FloatArray, axis: int) -> FloatArray:
    width = [(0, 0)] * values.ndim
    width[axis] = (2, 2)
    padded = np.pad(values, width, mode="edge")
    length = values.shape[axis]
    parts = (
        np.take(padded, range(place, place + length), axis) * part for place, part in enumerate(_BINOMIAL)
    )
    return np.asarray(sum(parts))
