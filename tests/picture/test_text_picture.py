"""Tests of calligram.picture.text_picture."""

import numpy as np

from calligram.picture import TextPicture, decode, get_layout


def test_a_picture_prints_as_its_text(five: str) -> None:
    assert str(decode(five)) == five == decode(five).text


def test_pictures_are_equal_by_layout_and_levels() -> None:
    grid = np.array([[0, 1]], np.uint8)
    one, same = (TextPicture(grid.copy(), get_layout("classic")) for _ in range(2))
    assert one == same
    assert hash(one) == hash(same)
    assert one != TextPicture(1 - grid, get_layout("classic"))
    assert one != TextPicture(grid, get_layout("fine"))
    assert one != "text"
