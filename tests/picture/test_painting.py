"""Tests of calligram.picture.painting."""

import dataclasses

import numpy as np
import pytest

from calligram.errors import LimitError
from calligram.picture import RAMPS, Layout, TextPicture, encode, get_layout
from calligram.picture.forms import DOT_FORMS
from calligram.picture.painting import paint


def test_a_square_layout_is_painted_square() -> None:
    assert TextPicture(np.zeros((11, 20), np.uint8), get_layout("classic")).image().size == (240, 242)
    assert TextPicture(np.zeros((14, 28), np.uint8), get_layout("fine")).image().size == (336, 336)


def test_levels_are_painted_from_black_to_white() -> None:
    image = TextPicture(np.array([[0, 1, 2]], np.uint8), get_layout("classic")).image(cell_width=2)
    assert image.mode == "L"
    assert np.asarray(image)[0].tolist() == [0, 0, 128, 128, 255, 255]


@pytest.mark.parametrize("ramp", set(RAMPS) - {"shape", "letters", "braille", "half"})
def test_a_painted_picture_encodes_to_itself(ramp: str) -> None:
    layout = Layout("mine", columns=9, rows=5, font_ratio=0.5, ramp=ramp)
    levels = np.random.default_rng(0).integers(0, layout.level_count, (5, 9)).astype(np.uint8)
    picture = TextPicture(levels, layout)
    assert np.array_equal(encode(picture.image(cell_width=12), layout).levels, levels)


@pytest.mark.parametrize("ramp", DOT_FORMS)
def test_dots_are_painted_where_they_are(ramp: str) -> None:
    layout = Layout("mine", columns=4, rows=3, font_ratio=0.5, ramp=ramp)
    levels = np.random.default_rng(0).integers(0, layout.level_count, (3, 4)).astype(np.uint8)
    assert np.array_equal(encode(TextPicture(levels, layout).image(cell_width=12), layout).levels, levels)


def test_painted_letters_are_read_as_themselves() -> None:
    layout = Layout("mine", columns=8, rows=4, font_ratio=0.5, ramp="shape")
    levels = np.random.default_rng(0).integers(0, 95, (4, 8)).astype(np.uint8)
    again = encode(TextPicture(levels, layout).image(cell_width=8), layout).levels
    assert (again == levels).mean() > 0.8


def test_colours_are_painted() -> None:
    picture = TextPicture(
        np.array([[0, 2]], np.uint8),
        get_layout("classic"),
        colours=np.array([[[1, 2, 3], [255, 0, 9]]], np.uint8),
    )
    image = picture.image(cell_width=1)
    assert (image.mode, image.getpixel((0, 0)), image.getpixel((1, 0))) == ("RGB", (1, 2, 3), (255, 0, 9))
    limited = dataclasses.replace(picture, colour_kind="16").image(cell_width=1)
    assert limited.getpixel((1, 0)) == (255, 0, 0)


def test_too_large_a_painting_is_refused() -> None:
    with pytest.raises(LimitError, match="is over 100000000 pixels: ask for fewer columns"):
        paint(np.zeros((1000, 1000), np.uint8), get_layout("full"), None, 11)
