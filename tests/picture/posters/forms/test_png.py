"""PNG: what is written is read again by Pillow, pixel for pixel."""

import io

import numpy as np
import pytest
from PIL import Image
from tests.picture.posters.conftest import MakePoster

from calligram.picture.posters.forms.png import STRIP_BYTES
from calligram.picture.posters.pixels import paint


@pytest.mark.parametrize(("size", "dpi", "strips"), [("A6", 75, 1), ("A5", 300, 4)])
def test_pixels_come_back_from_one_strip_or_several(
    small: MakePoster, size: str, dpi: int, strips: int
) -> None:
    made = small(title="Sea", frame="line", size=size, dpi=dpi)
    assert -(-3 * made.sheet.width * made.sheet.height // STRIP_BYTES) == strips
    with Image.open(io.BytesIO(made.render("png"))) as image:
        image.load()
        assert image.mode == "RGB"
        assert np.array_equal(np.asarray(image), paint(made))
        assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.01)


def test_the_same_poster_is_the_same_file(small: MakePoster) -> None:
    assert small().render("png") == small().render("png")


def test_a_block_that_hangs_over_the_sheet_is_cut_off(small: MakePoster) -> None:
    from dataclasses import replace

    made = small()
    for left, top in ((-7, -9), (made.sheet.width - 20, made.sheet.height - 20), (5, 5)):
        moved = replace(made, picture=replace(made.picture, left=left, top=top))
        assert paint(moved).shape == (made.sheet.height, made.sheet.width, 3)
