"""Tests of calligram.picture.encoding."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.errors import LimitError, OptionError
from calligram.picture import EncodeOptions, Layout, decode, encode, encode_batch

COLOURS = np.zeros((40, 40, 3), np.uint8)
COLOURS[:, :20] = (250, 20, 20)
COLOURS[:, 20:] = (20, 20, 250)


@pytest.mark.parametrize("layout", ["classic", "fine", "full"])
def test_a_path_bytes_an_image_and_an_array_give_the_same(tmp_path: Path, layout: str) -> None:
    array = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
    image = Image.fromarray(array)
    image.save(tmp_path / "a.png")
    wanted = encode_batch(array[None], layout)[0]
    for source in (
        tmp_path / "a.png",
        str(tmp_path / "a.png"),
        (tmp_path / "a.png").read_bytes(),
        image,
        array,
    ):
        picture = encode(source, layout)
        assert np.array_equal(picture.levels, wanted)
        assert decode(picture.text) == picture


def test_the_shape_follows_the_image() -> None:
    picture = encode(np.zeros((100, 400), np.uint8))
    assert (picture.rows, picture.columns) == (3, 20)


def test_another_ramp_on_classic_is_the_exact_mean() -> None:
    array = np.random.default_rng(0).integers(0, 256, (30, 30)).astype(np.uint8)
    got = encode(array, "classic", EncodeOptions(symbols="ascii10")).levels
    assert np.array_equal(got, encode_batch(array[None], Layout("mine", ramp="ascii10"))[0])


def test_colours_are_sampled_only_when_asked_for() -> None:
    assert encode(COLOURS).colours is None
    picture = encode(COLOURS, "classic", EncodeOptions(colors="full"))
    assert picture.colours is not None
    assert picture.colours.shape == (11, 20, 3)
    assert picture.colours[0, 0].tolist() == [250, 20, 20]
    assert picture.colours[0, 19].tolist() == [20, 20, 250]


def test_the_text_is_the_same_with_and_without_colour() -> None:
    assert encode(COLOURS, options=EncodeOptions(colors="16")).text == encode(COLOURS).text


def test_options_are_checked() -> None:
    with pytest.raises(OptionError, match="contrast is -1, but must be from 0 to 100"):
        encode(COLOURS, options=EncodeOptions(contrast=-1))
    with pytest.raises(OptionError, match="dither is 'random', but must be one of none"):
        encode(COLOURS, options=EncodeOptions(dither="random"))  # type: ignore[arg-type]


def test_a_large_jpeg_keeps_its_size_in_cells() -> None:
    content = io.BytesIO()
    Image.fromarray(np.zeros((900, 1600), np.uint8)).save(content, "JPEG")
    assert encode(content.getvalue(), "classic", EncodeOptions(height=10)).levels.shape == (10, 32)
    assert encode(content.getvalue(), "classic", EncodeOptions(framing="content")).levels.shape == (11, 20)


def test_the_picture_of_a_user_is_left_as_it_was() -> None:
    image = Image.fromarray(COLOURS)
    before = image.tobytes()
    encode(image, options=EncodeOptions(invert=True, framing="content", auto_levels=True))
    assert image.tobytes() == before
    assert image.mode == "RGB"


def test_a_frame_is_not_made_for_a_grid_over_the_limit() -> None:
    ink = np.zeros((9, 9), np.uint8)
    ink[3:6, 4] = 255
    with pytest.raises(LimitError, match="but max_cells is"):
        encode(ink, "classic", EncodeOptions(width=100_000, framing="content"))
