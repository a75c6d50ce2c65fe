"""Contact sheets: every image stands on one as it is, whatever its size and mode."""

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from calligram.picture.sheets import PAPER, lay_out

SIZES = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=1, max_size=9)


@settings(max_examples=30, deadline=None)
@given(SIZES)
def test_every_pixel_of_every_image_is_there_once(sizes: list[tuple[int, int]]) -> None:
    tiles = [Image.new("RGB", size, (200, 10 * place, 0)) for place, size in enumerate(sizes)]
    colours = {colour: count for count, colour in lay_out(tiles, [""] * len(tiles)).getcolors(10**6)}
    for place, (width, height) in enumerate(sizes):
        assert colours[(200, 10 * place, 0)] == width * height


def test_clear_parts_stand_on_white_and_captions_below() -> None:
    sheet = lay_out([Image.new("RGBA", (20, 20), (255, 0, 0, 0))], ["seed 7"])
    assert sheet.getpixel((15, 15)) == (255, 255, 255)
    below = sheet.crop((0, 33, sheet.width, sheet.height))
    assert any(colour != PAPER for _, colour in below.getcolors())
