"""Resampling: from pixels to one grey value a cell, exactly.

Two ways. ``area`` is the exact mean, kept as whole numbers. The others are Pillow's fixed-point resize,
done for a whole batch at once: two passes of whole-number weights, rounded and clipped to a byte between.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PRECISION_BITS = 22
"""Pillow keeps its weights with so many bits after the point (src/libImaging/Resample.c, 32 - 8 - 2)."""

SMALL_PIXELS = 1 << 14
"""Up to so many pixels an image goes the way of batches."""


def _cubic(x: float) -> float:
    x, a = abs(x), -0.5
    if x < 1.0:
        return ((a + 2.0) * x - (a + 3.0)) * x * x + 1
    return (((x - 5) * x + 8) * x - 4) * a if x < 2.0 else 0.0


def _box(x: float) -> float:
    return 1.0 if -0.5 < x <= 0.5 else 0.0


def _triangle(x: float) -> float:
    return max(0.0, 1.0 - abs(x))


def _sinc(x: float) -> float:
    return 1.0 if x == 0.0 else math.sin(x * math.pi) / (x * math.pi)


def _lanczos(x: float) -> float:
    return _sinc(x) * _sinc(x / 3) if -3.0 <= x < 3.0 else 0.0


_FILTERS: dict[str, tuple[Callable[[float], float], float]] = {
    "bicubic": (_cubic, 2.0),
    "bilinear": (_triangle, 1.0),
    "box": (_box, 0.5),
    "lanczos": (_lanczos, 3.0),
}


@lru_cache(maxsize=64)
def filter_weights(size: int, cells: int, resampler: str) -> NDArray[np.float64]:
    """Return Pillow's fixed-point weights as whole numbers, shape ``(cells, size)``, scaled by 2**22.

    Source: Pillow, src/libImaging/Resample.c (precompute_coeffs, normalize_coeffs_8bpc), MIT-CMU.
    """
    shape, support = _FILTERS[resampler]
    step = size / cells
    scale = max(step, 1.0)
    support *= scale
    weights = np.zeros((cells, size))
    for cell in range(cells):
        centre = (cell + 0.5) * step
        first = max(0, int(centre - support + 0.5))
        last = min(size, int(centre + support + 0.5))
        taps = [shape((pixel - centre + 0.5) * (1.0 / scale)) for pixel in range(first, last)]
        total = 0.0
        for tap in taps:
            total += tap
        for pixel, tap in enumerate(taps, first):
            share = tap * (1.0 / total) if total else tap
            weights[cell, pixel] = math.trunc(share * (1 << PRECISION_BITS) + math.copysign(0.5, share))
    weights.flags.writeable = False
    return weights


@lru_cache(maxsize=64)
def area_weights(size: int, cells: int) -> NDArray[np.float64]:
    """Return how much of each pixel lies in each cell, in parts of 1 / cells, shape ``(cells, size)``.

    Each row sums to ``size``; all entries are whole numbers, so nothing is lost at fractional boundaries.
    """
    weights = np.stack([_overlaps(0, size, cell, size, cells) for cell in range(cells)])
    weights.flags.writeable = False
    return weights


def vertical_first(height: int, width: int, rows: int, columns: int) -> bool:
    """Return whether Pillow 13 shrinks the height before the width.

    Older Pillows always began with the width; the order changes a byte here and there, so it is fixed here
    and does not depend on the Pillow at hand.
    """
    return height > rows and height - rows > 2 * (width - columns)


@dataclass(frozen=True)
class Sums:
    """Grey values of cells, each times ``scale``, so that all are whole numbers and exact.

    Args:
        values: ``(N, rows, columns)``, whole numbers, held as floats or, where nothing was summed, as bytes.
        scale: what the grey values, 0 to 255, are multiplied with.
    """

    values: NDArray[Any]
    scale: int

    def greys(self) -> NDArray[np.float64]:
        """Return the grey values themselves, 0 to 255."""
        return self.values.astype(np.float64) / self.scale


def resample_batch(images: NDArray[np.uint8], rows: int, columns: int, resampler: str) -> Sums:
    """Return the grey value of each cell of many images of one size.

    Args:
        images: ``(N, H, W)``, bytes.
        rows: cells in a column.
        columns: cells in a row.
        resampler: one of :data:`calligram.picture.layout.RESAMPLERS`.
    """
    if resampler == "area":
        return _average_batch(images, rows, columns)
    height, width = images.shape[1:]
    pixels = images.astype(np.float64)
    vertical = filter_weights(height, rows, resampler)
    horizontal = np.ascontiguousarray(filter_weights(width, columns, resampler).T)
    if vertical_first(height, width, rows, columns):
        return Sums(_to_bytes(_to_bytes(vertical @ pixels) @ horizontal), 1)
    return Sums(_to_bytes(vertical @ _to_bytes(pixels @ horizontal)), 1)


def _average_batch(images: NDArray[np.uint8], rows: int, columns: int) -> Sums:
    """Return exact means; a side that keeps its length needs no sum, and small sums fit single precision."""
    height, width = images.shape[1:]
    scale = (1 if rows == height else height) * (1 if columns == width else width)
    kind = _float_kind(255 * scale)
    sums: NDArray[Any] = images
    if rows != height:
        sums = area_weights(height, rows).astype(kind) @ sums.astype(kind)
    if columns != width:
        sums = sums.astype(kind) @ area_weights(width, columns).T.astype(kind)
    return Sums(sums, scale)


def _float_kind(largest: int) -> type[np.float32] | type[np.float64]:
    """Return the smallest float that holds every whole number up to the largest."""
    return np.float32 if largest < 1 << 24 else np.float64


def resample_image(pixels: NDArray[np.uint8], rows: int, columns: int, resampler: str) -> Sums:
    """Return the grey value of each cell of one image, the same as in a batch, quickly for large images.

    Args:
        pixels: ``(H, W)``, bytes.
        rows: cells in a column.
        columns: cells in a row.
        resampler: one of :data:`calligram.picture.layout.RESAMPLERS`.

    Returns:
        Sums of the shape ``(1, rows, columns)``.
    """
    if pixels.size <= SMALL_PIXELS:
        return resample_batch(pixels[None], rows, columns, resampler)
    if resampler == "area":
        return _average_image(pixels, rows, columns)
    height, width = pixels.shape
    between = (width, rows) if vertical_first(height, width, rows, columns) else (columns, height)
    kind = Image.Resampling[resampler.upper()]
    resized = Image.fromarray(pixels).resize(between, kind).resize((columns, rows), kind)
    return Sums(np.asarray(resized)[None], 1)


def _average_image(pixels: NDArray[np.uint8], rows: int, columns: int) -> Sums:
    """Return exact means, each row of cells from its own band of pixels, then each column from its own.

    Many small products on one core: a library's threads would cost more than they bring.
    """
    height, width = pixels.shape
    kind = _float_kind(255 * height)
    bands = np.empty((rows, width))
    for row, (first, last, weights) in enumerate(_bands(height, rows)):
        bands[row] = weights.astype(kind) @ pixels[first:last].astype(kind)
    sums = np.empty((1, rows, columns))
    for column, (first, last, weights) in enumerate(_bands(width, columns)):
        sums[0, :, column] = bands[:, first:last] @ weights
    return Sums(sums, height * width)


def _bands(size: int, cells: int) -> Iterator[tuple[int, int, NDArray[np.float64]]]:
    """Yield for each cell the first pixel it shares, the one after the last, and how much of each it has."""
    for cell in range(cells):
        first, last = cell * size // cells, -(-(cell + 1) * size // cells)
        yield first, last, _overlaps(first, last, cell, size, cells)


def _overlaps(first: int, last: int, cell: int, size: int, cells: int) -> NDArray[np.float64]:
    """Return how much of each pixel ``first`` … ``last - 1`` lies in a cell, in parts of 1 / cells."""
    pixel = np.arange(first, last) * cells
    shared = np.minimum(pixel + cells, (cell + 1) * size) - np.maximum(pixel, cell * size)
    return np.asarray(np.maximum(shared, 0), np.float64)


def _to_bytes(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round and clip fixed-point sums to 0 … 255, in place."""
    sums *= 2.0**-PRECISION_BITS
    sums += 0.5
    np.floor(sums, out=sums)
    return np.clip(sums, 0, 255, out=sums)
