"""Tests of calligram.picture.colours."""

import numpy as np

from calligram.picture.colours import limited, nearest, palette, vivid


def test_the_palette_has_the_cube_and_the_greys() -> None:
    assert len(palette(16)) == 16
    assert palette(256)[196].tolist() == [255, 0, 0]
    assert palette(256)[232].tolist() == [8, 8, 8]
    assert palette(256)[255].tolist() == [238, 238, 238]


def test_palette_colours_are_nearest_to_themselves() -> None:
    assert np.array_equal(nearest(palette(16).astype(np.uint8), 16), np.arange(16))
    shown = nearest(palette(256).astype(np.uint8), 256)
    assert np.array_equal(palette(256)[shown[16:]], palette(256)[16:])


def test_the_shape_of_the_grid_is_kept() -> None:
    assert nearest(np.zeros((3, 5, 3), np.uint8), 256).shape == (3, 5)
    assert limited(np.zeros((3, 5, 3), np.uint8), "16").shape == (3, 5, 3)


def test_full_colour_changes_nothing() -> None:
    colours = np.arange(27, dtype=np.uint8).reshape(3, 3, 3)
    assert limited(colours, "full") is colours


def test_vivid_colours_keep_their_hue() -> None:
    assert vivid(np.array([[100, 50, 0], [0, 0, 0]], np.uint8)).tolist() == [[255, 128, 0], [0, 0, 0]]
