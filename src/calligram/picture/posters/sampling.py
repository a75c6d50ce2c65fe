"""Sampling: from any image to light and colour of the parts of cells, in linear light."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from calligram.picture.lab import to_lab
from calligram.picture.planes import average, blur

FloatArray = NDArray[np.float64]

LEVELS_SHARE = 0.01
"""The darkest and the lightest hundredth are given up where tones are stretched."""

LEAST_SPAN = 0.08
"""A picture whose tones span less is stretched no further than as if it spanned so much."""

WIDE, NEAR = 1 / 6, 1 / 80
"""Radii, in parts of the picture's longer side, over which detail is raised."""


@dataclass(frozen=True)
class Sample:
    """What a picture shows in the parts of its cells.

    Args:
        light: linear sRGB, shape (rows, columns, 3), 0 to 1: the mean over each part.
    """

    light: FloatArray

    def means(self, rows: int, columns: int) -> FloatArray:
        """Return the mean over each of fewer, larger parts, shape (rows, columns, 3)."""
        return mean(self.light, rows, columns)


def mean(values: FloatArray, rows: int, columns: int) -> FloatArray:
    """Return the exact means of a plane, or of planes, over a grid of equal parts."""
    if values.shape[:2] == (rows, columns):
        return values
    return average(average(values, rows, 0), columns, 1)


def cover(opaque: NDArray[np.uint8], rows: int, columns: int) -> FloatArray:
    """Return how opaque each part of a grid is, 0 to 1, from a plane of bytes."""
    return mean(opaque.astype(np.float64) / 255, rows, columns)


def sample(pixels: NDArray[np.uint8], rows: int, columns: int) -> Sample:
    """Return means of linear light over a grid; a smaller image is enlarged smoothly first.

    Args:
        pixels: ``(H, W, 3)``, sRGB.
        rows: of the grid.
        columns: of the grid.
    """
    height, width = pixels.shape[:2]
    if height < rows or width < columns:
        size = max(width, columns), max(height, rows)
        pixels = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))
    return Sample(mean(to_linear(pixels), rows, columns))


def to_linear(pixels: NDArray[np.uint8]) -> FloatArray:
    """Return sRGB bytes as linear light, 0 to 1. Source: IEC 61966-2-1."""
    return _LINEAR[pixels]


def to_bytes(light: FloatArray) -> NDArray[np.uint8]:
    """Return linear light, cut to 0 to 1, as sRGB bytes."""
    light = light.clip(0, 1)
    values = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.floor(values * 255 + 0.5), np.uint8)


_VALUES = np.arange(256) / 255
_LINEAR = np.where(_VALUES <= 0.04045, _VALUES / 12.92, ((_VALUES + 0.055) / 1.055) ** 2.4)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def luminance(light: FloatArray) -> FloatArray:
    """Return the luminance of linear light, shape (…), 0 to 1."""
    made: FloatArray = np.einsum("...c,c->...", light, _LUMINANCE)
    return made


def to_lightness(luminances: FloatArray) -> FloatArray:
    """Return CIE lightness from 0 to 1 (L* / 100) of luminances."""
    bent = np.where(luminances > (6 / 29) ** 3, np.cbrt(luminances), luminances * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.asarray(1.16 * bent - 0.16)


def to_luminance(lightness: FloatArray) -> FloatArray:
    """Return the luminances of CIE lightness from 0 to 1."""
    bent = (lightness + 0.16) / 1.16
    return np.asarray(np.where(bent > 6 / 29, bent**3, (bent - 4 / 29) * 3 * (6 / 29) ** 2))


def tones(taken: Sample, detail: float, contrast: float, invert: bool) -> FloatArray:
    """Return how light each part is drawn, 0 (darkest) to 1, shape (rows, columns).

    Lightness as the eye has it is stretched to its ends, and what differs from its neighbourhood, near and
    wide, is raised.

    Args:
        taken: the picture.
        detail: how much, 0 raises nothing.
        contrast: around the middle.
        invert: whether light and dark are swapped.
    """
    lightness = to_lightness(luminance(taken.light))
    longest = max(lightness.shape)
    for share, strength in ((WIDE, 0.5), (NEAR, 0.8)):
        radius = max(1, round(longest * share))
        lightness = lightness + detail * strength * (lightness - blur(lightness, radius))
    low, high = np.quantile(lightness, (LEVELS_SHARE, 1 - LEVELS_SHARE))
    if high - low < LEAST_SPAN:
        low, high = _widened(float(low), float(high))
    stretched = (lightness - low) / (high - low)
    toned: FloatArray = ((stretched - 0.5) * contrast + 0.5).clip(0, 1)
    return 1 - toned if invert else toned


def ink_of(taken: Sample) -> FloatArray:
    """Return how much ink a drawing has in each part, 0 to 1, where its lightness tells that."""
    return to_lightness(luminance(taken.light))


def _widened(low: float, high: float) -> tuple[float, float]:
    """Return ends around a span that is too small: a flat picture keeps its own tone."""
    middle = (low + high) / 2
    share = min(max(middle, 0), 1)
    return middle - share, middle - share + 1


def is_dark(pixels: NDArray[np.uint8]) -> bool:
    """Return whether most of a picture, ``(H, W, 3)``, is dark."""
    step = max(1, max(pixels.shape[:2]) // 256)
    return float(np.median(to_lab(pixels[::step, ::step])[..., 0])) < 50
