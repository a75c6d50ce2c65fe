"""Tests of calligram.picture.spelling."""

import dataclasses

import numpy as np
import pytest

from calligram import registry
from calligram.errors import LayoutError
from calligram.picture import Layout, get_layout, spell, spell_batch

GRID = np.array([[0, 1, 2], [2, 0, 1]], np.uint8)


def test_rows_are_spelled_as_the_author_spells_them() -> None:
    assert spell(GRID, "classic") == "<row:1> ▓█</row:1>\n<row:2>█ ▓</row:2>\n"


@pytest.mark.parametrize(
    ("markup", "text"),
    [("plain", " ▓█\n█ ▓\n"), ("numbered", "1| ▓█|\n2|█ ▓|\n"), ("letters", " a b c\n c a b\n")],
)
def test_the_other_markups_are_spelled_so(markup: str, text: str) -> None:
    assert spell(GRID, Layout("mine", markup=markup)) == text


def test_row_numbers_are_as_wide_as_the_last_one() -> None:
    text = spell(np.zeros((10, 1), np.uint8), Layout("mine", markup="numbered"))
    assert text.splitlines()[0] == " 1| |"
    assert text.splitlines()[9] == "10| |"


def test_a_header_tells_shape_and_ramp() -> None:
    layout = dataclasses.replace(get_layout("classic"), header=True)
    assert spell(GRID, layout).startswith("<picture:3x2:classic>\n<row:1>")


@pytest.mark.parametrize("markup", registry.members("picture.markups"))
def test_a_batch_is_spelled_as_its_grids_are_alone(markup: str) -> None:
    layout = Layout("mine", markup=markup, ramp="ascii10")
    grids = np.random.default_rng(0).integers(0, 10, (5, 4, 6)).astype(np.uint8)
    assert spell_batch(grids, layout) == [spell(grid, layout) for grid in grids]


def test_an_empty_batch_is_no_text() -> None:
    assert spell_batch(np.zeros((0, 2, 2), np.uint8)) == []


def test_a_level_beyond_the_ramp_is_refused() -> None:
    with pytest.raises(LayoutError, match="level 3 cannot be spelled: the ramp 'classic' has levels 0 to 2"):
        spell(np.array([[3]], np.uint8))


def test_letters_run_out_after_52() -> None:
    with pytest.raises(LayoutError, match="spells up to 52 levels, but the ramp has 70"):
        spell(np.zeros((1, 1), np.uint8), Layout("mine", ramp="ascii70", markup="letters"))


@pytest.mark.parametrize("ramp", ["ascii10", "letters", "braille", "sextant"])
def test_symbols_of_every_width_of_code_are_spelled(ramp: str) -> None:
    layout = Layout("mine", ramp=ramp, markup="plain")
    grid = np.arange(layout.level_count, dtype=np.uint8)[None]
    assert spell(grid, layout) == layout.symbols + "\n"
