"""Tests of calligram.picture.guessing."""

import numpy as np
import pytest

from calligram import registry
from calligram.errors import LayoutError, PictureError
from calligram.picture import LAYOUTS, RAMPS, Layout, spell
from calligram.picture.guessing import guess_layout


@pytest.mark.parametrize("markup", registry.members("picture.markups"))
def test_the_markup_is_recognised(markup: str) -> None:
    levels = np.random.default_rng(0).integers(0, 3, (11, 20)).astype(np.uint8)
    assert guess_layout(spell(levels, Layout("mine", markup=markup))).markup == markup


@pytest.mark.parametrize("name", LAYOUTS)
def test_blank_pictures_are_told_apart_by_their_shape(name: str) -> None:
    layout = LAYOUTS[name]
    assert guess_layout(spell(np.zeros(layout.grid(), np.uint8), layout)) is layout


@pytest.mark.parametrize(
    "ramp", ["classic", "grey8", "ascii10", "blocks", "digits", "quadrant", "sextant", "braille"]
)
def test_a_ramp_that_is_used_whole_is_recognised(ramp: str) -> None:
    levels = np.arange(len(RAMPS[ramp]), dtype=np.uint8)[None]
    layout = guess_layout(spell(levels, Layout("mine", ramp=ramp, markup="numbered")))
    assert (layout.ramp, layout.columns) == (ramp, len(RAMPS[ramp]))


def test_strange_symbols_are_told() -> None:
    with pytest.raises(
        LayoutError, match="the symbols 'äöü' are of no ramp that has a name: name the layout"
    ):
        guess_layout("äöü\n")


@pytest.mark.parametrize("text", ["<row:1></row:1>\n", "1||\n"])
def test_rows_without_cells_are_refused(text: str) -> None:
    with pytest.raises(PictureError, match="the text has no cells"):
        guess_layout(text)
