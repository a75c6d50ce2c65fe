"""Tests of calligram.picture.dithering."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calligram.picture import EncodeOptions, Layout, encode
from calligram.picture.dithering import dither

KINDS = ("floyd-steinberg", "ordered")


@given(grey=st.integers(0, 255), levels=st.integers(2, 10), kind=st.sampled_from(KINDS))
@settings(max_examples=60, deadline=None)
def test_the_mean_of_a_flat_image_is_kept(grey: int, levels: int, kind: str) -> None:
    chosen = dither(np.full((32, 32), float(grey)), levels, kind)
    assert chosen.mean() * 255 / (levels - 1) == pytest.approx(grey, abs=255 / (levels - 1) / 16)


@pytest.mark.parametrize("kind", KINDS)
def test_exact_levels_are_left_alone(kind: str) -> None:
    greys = np.array([[0.0, 85.0, 170.0, 255.0]])
    assert dither(greys, 4, kind).tolist() == [[0, 1, 2, 3]]


def test_floyd_steinberg_shares_errors_by_sixteenths() -> None:
    greys = np.array([[96.0, 100.0, 0.0], [0.0, 0.0, 0.0]])
    # 96 becomes 0 and gives 42 to the right: 142 becomes 255 and takes 113 from what follows
    assert dither(greys, 2, "floyd-steinberg").tolist() == [[0, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ramp", ["classic", "ascii10", "half", "braille"])
def test_dithered_pictures_stay_on_the_ramp(kind: str, ramp: str) -> None:
    image = np.tile(np.arange(256, dtype=np.uint8), (64, 1))
    options = EncodeOptions(dither=kind)  # type: ignore[arg-type]
    picture = encode(image, Layout("mine", columns=40, ramp=ramp), options)
    assert picture.levels.max() < picture.layout.level_count
    assert picture != encode(image, Layout("mine", columns=40, ramp=ramp))
