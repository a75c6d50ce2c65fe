"""Tests of calligram.picture.batch."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from calligram.errors import ImageError
from calligram.picture import RAMPS, Layout, encode, encode_batch, spell


def test_mnist_training_image_0_is_the_published_sample(mnist: NDArray[np.uint8], published: str) -> None:
    assert spell(encode_batch(mnist[:1], "classic")[0], "classic") == published


@pytest.mark.skipif(int(Image.__version__.split(".")[0]) < 13, reason="older Pillows take the width first")
def test_classic_agrees_with_pillow_in_every_cell_of_mnist(mnist: NDArray[np.uint8]) -> None:
    levels = encode_batch(mnist, "classic")
    for image, got in zip(mnist, levels, strict=True):
        greys = np.asarray(Image.fromarray(image).resize((20, 11), Image.Resampling.BICUBIC))
        assert np.array_equal(got, (greys >= 87).astype(np.uint8) + (greys >= 174))


@given(
    height=st.integers(1, 20),
    width=st.integers(1, 20),
    columns=st.integers(1, 9),
    levels=st.integers(2, 90),
    seed=st.integers(0, 99),
)
@settings(max_examples=30, deadline=None)
def test_levels_of_exact_means_begin_at_their_exact_edges(
    height: int, width: int, columns: int, levels: int, seed: int
) -> None:
    rows = 3
    layout = Layout("mine", columns=columns, rows=rows, ramp=RAMPS["shape"][:levels])
    # few greys, so that means fall on edges often
    pixels = np.random.default_rng(seed).choice([0, 32, 64, 128, 255], (height, width)).astype(np.uint8)
    got = encode_batch(pixels[None], layout)[0]
    for row, column in np.ndindex(rows, columns):
        total = Fraction(0)
        for y, x in np.ndindex(height, width):
            tall = min(Fraction((row + 1) * height, rows), y + 1) - max(Fraction(row * height, rows), y)
            wide = min(Fraction((column + 1) * width, columns), x + 1) - max(
                Fraction(column * width, columns), x
            )
            total += int(pixels[y, x]) * max(tall, Fraction(0)) * max(wide, Fraction(0))
        mean = total / Fraction(height * width, rows * columns)
        assert got[row, column] == sum(mean >= edge for edge in layout.edges)


@pytest.mark.parametrize("ramp", RAMPS)
@pytest.mark.parametrize("resampler", ["area", "bicubic"])
def test_a_batch_is_what_its_images_are_alone(ramp: str, resampler: str) -> None:
    images = np.random.default_rng(1).integers(0, 256, (3, 30, 21)).astype(np.uint8)
    layout = Layout("mine", columns=9, ramp=ramp, resampler=resampler)
    for image, levels in zip(images, encode_batch(images, layout), strict=True):
        assert np.array_equal(encode(image, layout).levels, levels)


def test_chunks_do_not_show() -> None:
    images = np.random.default_rng(2).integers(0, 256, (700, 28, 28)).astype(np.uint8)
    assert np.array_equal(encode_batch(images)[650:], encode_batch(images[650:]))


def test_an_empty_batch_gives_no_pictures() -> None:
    assert encode_batch(np.zeros((0, 28, 28), np.uint8)).shape == (0, 11, 20)


def test_black_is_the_emptiest_and_white_the_fullest() -> None:
    both = np.stack([np.zeros((28, 28), np.uint8), np.full((28, 28), 255, np.uint8)])
    for ramp in set(RAMPS) - {"shape"}:
        levels = encode_batch(both, Layout("mine", ramp=ramp))
        assert levels[0].max() == 0
        assert levels[1].min() == len(RAMPS[ramp]) - 1


@pytest.mark.parametrize(
    "images", [np.zeros((28, 28), np.uint8), np.zeros((1, 28, 28)), np.zeros((1, 0, 28), np.uint8)]
)
def test_what_is_no_batch_is_refused(images: NDArray[np.uint8]) -> None:
    with pytest.raises(ImageError, match=r"give \(N, height, width\) as uint8"):
        encode_batch(images)
