"""Tests of calligram.picture.resampling against Pillow and against exact fractions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from calligram.picture.resampling import (
    SMALL_PIXELS,
    area_weights,
    resample_batch,
    resample_image,
    vertical_first,
)

sides = st.integers(1, 40)
cells = st.integers(1, 24)
FILTERS = ("bicubic", "bilinear", "box", "lanczos")


def noise(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width)).astype(np.uint8)


def area_oracle(pixels: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.float64]:
    """Return the mean of each cell by integrating the image in double precision, pixel by pixel."""
    height, width = pixels.shape
    means = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, bottom = row * height / rows, (row + 1) * height / rows
            left, right = column * width / columns, (column + 1) * width / columns
            for y in range(int(top), min(height, int(np.ceil(bottom)))):
                for x in range(int(left), min(width, int(np.ceil(right)))):
                    tall = max(0.0, min(y + 1, bottom) - max(y, top))
                    wide = max(0.0, min(x + 1, right) - max(x, left))
                    means[row, column] += pixels[y, x] * tall * wide / ((bottom - top) * (right - left))
    return means


def pillow_resize(pixels: NDArray[np.uint8], rows: int, columns: int, resampler: str) -> NDArray[np.uint8]:
    """Return Pillow's own resize, its two passes one after the other in the order of Pillow 13."""
    height, width = pixels.shape
    kind = Image.Resampling[resampler.upper()]
    between = (width, rows) if vertical_first(height, width, rows, columns) else (columns, height)
    return np.asarray(Image.fromarray(pixels).resize(between, kind).resize((columns, rows), kind))


@given(height=sides, width=sides, rows=cells, columns=cells, seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_area_is_the_mean_of_each_cell(height: int, width: int, rows: int, columns: int, seed: int) -> None:
    pixels = noise(height, width, seed)
    greys = resample_batch(pixels[None], rows, columns, "area").greys()[0]
    assert np.allclose(greys, area_oracle(pixels, rows, columns), atol=1e-9)


@given(height=sides, width=sides, rows=cells, columns=cells)
@settings(max_examples=30, deadline=None)
def test_area_keeps_the_sums_whole(height: int, width: int, rows: int, columns: int) -> None:
    sums = resample_batch(noise(height, width)[None], rows, columns, "area").values
    assert np.array_equal(sums, np.rint(sums))


@given(
    height=sides,
    width=sides,
    rows=cells,
    columns=cells,
    resampler=st.sampled_from(FILTERS),
    seed=st.integers(0, 99),
)
@settings(max_examples=80, deadline=None)
def test_the_other_resamplers_are_pillows_bit_for_bit(
    height: int, width: int, rows: int, columns: int, resampler: str, seed: int
) -> None:
    pixels = noise(height, width, seed)
    got = resample_batch(pixels[None], rows, columns, resampler).values[0]
    assert np.array_equal(got, pillow_resize(pixels, rows, columns, resampler))


@pytest.mark.skipif(int(Image.__version__.split(".")[0]) < 13, reason="older Pillows take the width first")
@pytest.mark.parametrize(
    "shape", [(28, 28, 11, 20), (28, 28, 20, 11), (100, 28, 20, 10), (100, 200, 10, 40), (200, 100, 10, 40)]
)
def test_the_order_of_the_passes_is_that_of_pillow_13(shape: tuple[int, int, int, int]) -> None:
    height, width, rows, columns = shape
    pixels = noise(height, width)
    got = resample_batch(pixels[None], rows, columns, "bicubic").values[0]
    wanted = Image.fromarray(pixels).resize((columns, rows), Image.Resampling.BICUBIC)
    assert np.array_equal(got, np.asarray(wanted))


@pytest.mark.parametrize("resampler", ["area", *FILTERS])
@pytest.mark.parametrize("shape", [(300, 211), (130, 4000), (2500, 7)])
def test_a_large_image_is_resampled_as_in_a_batch(resampler: str, shape: tuple[int, int]) -> None:
    pixels = noise(*shape)
    assert pixels.size > SMALL_PIXELS
    alone = resample_image(pixels, 13, 29, resampler)
    batch = resample_batch(pixels[None], 13, 29, resampler)
    assert np.array_equal(alone.greys(), batch.greys())


def test_a_side_that_keeps_its_length_is_not_summed() -> None:
    assert resample_batch(noise(28, 28)[None], 28, 28, "area").scale == 1
    assert resample_batch(noise(28, 28)[None], 14, 28, "area").scale == 28


@given(size=sides, cell_count=cells)
def test_area_weights_share_out_every_pixel(size: int, cell_count: int) -> None:
    weights = area_weights(size, cell_count)
    assert (weights.sum(axis=1) == size).all()
    assert (weights.sum(axis=0) == cell_count).all()
