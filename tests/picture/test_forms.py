"""Tests of calligram.picture.forms: characters that are small drawings."""

import unicodedata

import numpy as np
import pytest
from numpy.typing import NDArray

from calligram.picture import RAMPS, Layout, encode
from calligram.picture.forms import DOT_FORMS, dot_pictures, fit_shapes, join_dots, parts
from calligram.picture.glyphs import GLYPH_HEIGHT, GLYPH_WIDTH, glyph


@pytest.mark.parametrize("ramp", DOT_FORMS)
def test_the_dots_of_a_picture_come_back(ramp: str) -> None:
    down, across = parts(ramp)
    dots = np.random.default_rng(0).random((1, 5 * down, 7 * across)) < 0.5
    levels = join_dots(dots, ramp)[0]
    drawn = dot_pictures(ramp)[levels].swapaxes(1, 2).reshape(5 * down, 7 * across)
    assert np.array_equal(drawn, dots[0])


def test_braille_dots_are_where_unicode_names_them() -> None:
    numbers = {1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (0, 1), 5: (1, 1), 6: (2, 1), 7: (3, 0), 8: (3, 1)}
    for level, symbol in enumerate(RAMPS["braille"]):
        name = unicodedata.name(symbol)
        wanted = set()
        if name != "BRAILLE PATTERN BLANK":
            wanted = {numbers[int(digit)] for digit in name.removeprefix("BRAILLE PATTERN DOTS-")}
        shown = {tuple(place) for place in np.argwhere(dot_pictures("braille")[level]).tolist()}
        assert shown == wanted


@pytest.mark.parametrize("ramp", DOT_FORMS)
def test_dot_ramps_are_sorted_by_ink(ramp: str) -> None:
    inks = dot_pictures(ramp).sum(axis=(1, 2)).tolist()
    assert inks == sorted(inks)


def test_a_half_block_shows_its_half() -> None:
    image = np.zeros((4, 2), np.uint8)
    image[:2] = 255
    assert encode(image, Layout("mine", columns=1, font_ratio=0.5, ramp="half", markup="plain")).text == "▀\n"


@pytest.mark.parametrize("symbol", RAMPS["shape"])
def test_each_drawn_character_fits_itself_best(symbol: str) -> None:
    assert RAMPS["shape"][fit_shapes(glyph(symbol))[0, 0]] == symbol


def lines(*strokes: tuple[int, int, int, int], cells: int = 6) -> NDArray[np.uint8]:
    image = np.zeros((cells * GLYPH_HEIGHT, cells * GLYPH_WIDTH), np.uint8)
    for top, left, bottom, right in strokes:
        for step in np.linspace(0, 1, 400):
            row, column = round(top + (bottom - top) * step), round(left + (right - left) * step)
            image[row : row + 2, column : column + 2] = 255
    return image


SHAPES = Layout("mine", columns=6, rows=6, ramp="shape", markup="plain")


@pytest.mark.parametrize(
    ("stroke", "symbols"),
    [
        ((40, 0, 40, 46), "-~_="),
        ((0, 19, 94, 19), "|Il![]"),
    ],
)
def test_a_line_is_drawn_with_characters_of_its_slope(
    stroke: tuple[int, int, int, int], symbols: str
) -> None:
    text = encode(lines(stroke), SHAPES).text.replace("\n", "").replace(" ", "")
    assert len(text) >= 5
    assert sum(symbol in symbols for symbol in text) >= 0.8 * len(text)


@pytest.mark.parametrize(("symbol", "stroke"), [("/", (29, 9, 18, 14)), ("\\", (18, 9, 29, 14))])
def test_a_slanted_stroke_within_a_cell_becomes_a_slash(
    symbol: str, stroke: tuple[int, int, int, int]
) -> None:
    assert encode(lines(stroke), SHAPES).text.split("\n")[1][1] == symbol


def test_nothing_is_drawn_on_blank_paper() -> None:
    assert encode(lines(), SHAPES).levels.max() == 0
