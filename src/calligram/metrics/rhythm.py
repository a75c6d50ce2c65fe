"""Whether something in an image repeats at even steps."""

import numpy as np
import numpy.typing as npt

from calligram.metrics.base import Figures, FloatArray, Pixels
from calligram.picture.planes import blur, shrink

TITLE = "Rhythm"
MEANING = (
    "How like itself the picture is one step further: above 0.3 something repeats evenly, 1 repeats exactly."
)
SUBJECT = Pixels

LONGEST = 128
SHORTEST_STEP = 0.03
"""Of the longer side; nearer than that everything is like itself."""
LONGEST_STEP = 0.5
"""Of each side, so that at least half of the picture is compared."""
LAYOUT_PART = 8
"""Shades wider than so many parts of the longer side are taken away first."""


def measure(pixels: Pixels) -> Figures:
    """Return the highest peak of an image's autocorrelation away from the middle.

    L* is shrunk to 128 pixels, its large shades are taken away (a box blur of an eighth of the side), and it
    is correlated with itself moved by every step up to half a side; each step counts the part that overlaps.
    A peak is a step that is more alike than its eight neighbours, and on the straight way to which the
    picture is unlike itself somewhere: an edge is like itself at every step along it, yet repeats nothing.

    Args:
        pixels: the image.

    Returns:
        ``strength``: correlation at the best step, 0 to 1; 0 where there is no peak. ``across`` and ``down``:
        that step, as shares of width and height, ``down`` never negative; None where there is none.

    Source: R. C. Gonzalez, R. E. Woods, Digital image processing, on spatial autocorrelation for periodic
        texture.
    """
    plane = shrink(pixels.lightness, LONGEST)
    plane = plane - blur(plane, max(1, max(plane.shape) // (2 * LAYOUT_PART)))
    if min(plane.shape) < LAYOUT_PART or plane.var() < 0.01:
        return {"strength": 0.0, "across": None, "down": None}
    likeness = _autocorrelation(plane - plane.mean())
    peaks = np.where(_are_peaks(likeness) & _are_allowed(plane.shape), likeness, 0.0)
    height, width = plane.shape
    for place in np.argsort(-peaks, axis=None, kind="stable")[: np.count_nonzero(peaks > 0)]:
        down, across = int(place) // peaks.shape[1], int(place) % peaks.shape[1] - width + 1
        if _is_unlike_before(likeness, down, across):
            strength = min(1.0, float(likeness[down, across + width - 1]))
            return {"strength": strength, "across": across / width, "down": down / height}
    return {"strength": 0.0, "across": None, "down": None}


def _is_unlike_before(likeness: FloatArray, down: int, across: int) -> bool:
    """Return whether the correlation falls to 0 somewhere on the straight way to a step."""
    part = np.linspace(0, 1, max(down, abs(across)) + 1)
    middle = likeness.shape[1] // 2
    return bool(
        (likeness[np.rint(part * down).astype(int), middle + np.rint(part * across).astype(int)] <= 0).any()
    )


def _autocorrelation(plane: FloatArray) -> FloatArray:
    """Return the correlation by step, shape (H, 2 W - 1): down 0 … H - 1, across -(W - 1) … W - 1."""
    height, width = plane.shape
    size = (2 * height, 2 * width)

    def lagged(one: FloatArray, other: FloatArray) -> FloatArray:
        spectrum = np.conj(np.fft.rfft2(one, size)) * np.fft.rfft2(other, size)
        return np.roll(np.fft.irfft2(spectrum, size), width - 1, axis=1)[:height, : 2 * width - 1]

    ones = np.ones_like(plane)
    energy = np.sqrt(np.maximum(lagged(plane**2, ones) * lagged(ones, plane**2), 1e-12))
    return np.asarray(lagged(plane, plane) / energy)


def _are_peaks(likeness: FloatArray) -> npt.NDArray[np.bool_]:
    padded = np.pad(likeness, ((1, 1), (1, 1)), mode="edge")
    height, width = likeness.shape
    around = [
        padded[1 + down : 1 + down + height, 1 + across : 1 + across + width]
        for down in (-1, 0, 1)
        for across in (-1, 0, 1)
        if down or across
    ]
    return np.asarray(likeness >= np.max(around, axis=0))


def _are_allowed(shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    height, width = shape
    down, across = np.arange(height)[:, None], np.abs(np.arange(-width + 1, width))[None]
    far = np.hypot(down, across) >= SHORTEST_STEP * max(shape)
    return np.asarray(far & (down <= LONGEST_STEP * height) & (across <= LONGEST_STEP * width))
