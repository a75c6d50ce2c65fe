"""Making: from an image or a text picture to a poster."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.picture.posters.conftest import MakePoster

from calligram.errors import ImageError, LimitError, OptionError
from calligram.picture import TextPicture, encode, get_layout
from calligram.picture.lab import to_lab
from calligram.picture.options import EncodeOptions
from calligram.picture.posters.poster import Poster
from calligram.picture.posters.type_case import BLANK


def of_cells(made: Poster) -> np.ndarray:
    """Return the mean colour of each cell of the picture, as it is seen from afar, sRGB."""
    block = made.picture
    rows, columns = block.numbers.shape
    pixels = np.asarray(made.image(), np.float64)[
        block.top : block.top + rows * block.case.height, block.left : block.left + columns * block.case.width
    ]
    return pixels.reshape(rows, block.case.height, columns, block.case.width, 3).mean(axis=(1, 3))


def where(made: Poster, x: float, y: float) -> tuple[int, int]:
    rows, columns = made.picture.numbers.shape
    return int(y * rows), int(x * columns)


@pytest.mark.parametrize("paper", ["white", "black"])
def test_light_and_dark_lie_where_the_image_has_them(small: MakePoster, paper: str) -> None:
    for more in ({}, {"colour": "none"}, {"words": "sea and sky"}, {"charset": "braille"}):
        seen = of_cells(small(paper=paper, detail=0.0, **more)).mean(axis=2)
        rows = len(seen)
        assert seen[: rows // 2].mean() > seen[rows * 2 // 3 :].mean() + 15, more


@pytest.mark.parametrize("paper", ["white", "black"])
def test_a_red_sun_is_red_and_the_sea_is_blue(small: MakePoster, paper: str) -> None:
    made = small(paper=paper, columns=40, dpi=120)
    seen = to_lab(of_cells(made).astype(np.uint8))
    assert seen[where(made, 0.67, 0.28)][1] > 15
    assert seen[where(made, 0.7, 0.8)][2] < -6


def test_inverted_light_is_dark(small: MakePoster) -> None:
    plain, turned = (of_cells(small(colour="none", paper="white", invert=one, detail=0.0)) for one in (0, 1))
    assert np.corrcoef(plain.mean(axis=2).ravel(), turned.mean(axis=2).ravel())[0, 1] < -0.5


@pytest.mark.parametrize("paper", ["white", "black"])
def test_what_is_transparent_stays_bare(small: MakePoster, painting: Image.Image, paper: str) -> None:
    layered = painting.convert("RGBA")
    layered.putalpha(Image.fromarray(np.repeat([[0] * 60 + [255] * 60], 90, axis=0).astype(np.uint8)))
    for more in ({}, {"colour": "none"}, {"words": "half of it"}):
        numbers = small(layered, paper=paper, **more).picture.numbers
        columns = numbers.shape[1]
        assert (numbers[:, : columns // 2] == BLANK).all(), more
        assert (numbers[:, columns // 2 + 1 :] != BLANK).any()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
def test_images_of_every_kind_are_set(small: MakePoster, painting: Image.Image, mode: str) -> None:
    image = painting.convert("L").convert("F") if mode in {"I;16", "F"} else painting.convert(mode)
    if mode == "I;16":
        image = Image.fromarray((np.asarray(image) * 257).astype(np.uint16))
        assert image.mode == mode
    made = small(image)
    assert made.picture.numbers.shape[1] == 24
    assert (made.picture.numbers != BLANK).any()


@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 3000), (9000, 3), (2, 900), (5, 4)])
def test_no_shape_of_image_degenerates(small: MakePoster, size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3)).astype(np.uint8)
    made = small(pixels)
    rows, columns = made.picture.numbers.shape
    assert 1 <= columns <= 24
    assert 1 <= rows <= 48
    for ending in ("png", "svg", "pdf", "gif"):
        assert len(made.render(ending)) > 300
    if columns < 24:
        assert "not 24 across, since the picture is so tall" in made.remarks[0]


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_a_flat_image_is_set_flat(small: MakePoster, grey: int) -> None:
    seen = of_cells(small(np.full((40, 40), grey, np.uint8), colour="none", columns=12, dpi=150))
    assert np.ptp(seen.mean(axis=2)) < 40


def test_a_text_picture_keeps_its_own_characters_and_cells(small: MakePoster, painting: Image.Image) -> None:
    picture = encode(painting, "fine")
    made = small(picture, columns=None)
    plain = ["".join(" .:-=+*#"[level] for level in row).rstrip() for row in picture.levels.tolist()]
    assert made.text.splitlines() == plain
    assert made.picture.case.width / made.picture.case.height == pytest.approx(0.5, abs=0.05)


def test_a_text_picture_with_other_columns_is_set_anew(small: MakePoster) -> None:
    levels = np.zeros((11, 20), np.uint8)
    levels[3:8, 6:14] = 2
    picture = TextPicture(levels, get_layout("classic"))
    for paper in ("white", "black"):
        numbers = small(picture, columns=40, paper=paper).picture.numbers
        rows, columns = numbers.shape
        assert columns == 40
        assert (numbers[rows // 2, 16:24] != BLANK).all()
        assert (numbers[: rows // 8] == BLANK).all()


def test_colours_of_a_text_picture_are_its_inks(small: MakePoster, painting: Image.Image) -> None:
    picture = encode(painting, "fine", EncodeOptions(colors="full"))
    assert len(small(picture, columns=None).picture.inks.colours) > 3


def test_words_are_told_how_often_they_ran(small: MakePoster) -> None:
    assert "the words run through the picture" in small(words="sea").remarks[0]
    assert small(words="sea " * 4000).remarks[0].startswith("the picture has room for")


def test_the_caption_stands_beneath_the_picture(small: MakePoster) -> None:
    made = small(title="Sea", byline="Nobody, 2026")
    title, byline = made.caption
    assert [title.lines(), byline.lines()] == [["Sea"], ["Nobody, 2026"]]
    bottom = made.picture.top + made.picture.numbers.shape[0] * made.picture.case.height
    assert bottom < title.top < byline.top < made.sheet.height
    assert small().caption == ()


def test_a_long_caption_is_set_smaller(small: MakePoster) -> None:
    made = small(dpi=200, title="A title that is by far too long for so small a sheet. " * 3)
    (title,) = made.caption
    assert title.left + title.numbers.shape[1] * title.case.width <= made.sheet.width
    assert title.case.width < small(dpi=200, title="Sea").caption[0].case.width


def test_a_caption_that_no_sheet_holds_is_refused(small: MakePoster) -> None:
    with pytest.raises(OptionError, match=r"the caption has 5000 letters in a line"):
        small(title="x" * 5000)


def test_a_line_stands_around_the_picture(small: MakePoster) -> None:
    made = small(frame="line")
    block = made.picture
    assert len(made.rules) == 4
    assert min(rule.left for rule in made.rules) < block.left
    assert max(rule.top for rule in made.rules) > block.top


def test_a_seed_changes_some_characters_alone(small: MakePoster) -> None:
    one, other = small(seed=1), small(seed=2)
    changed = (one.picture.numbers != other.picture.numbers).mean()
    assert 0 < changed < 1
    assert np.array_equal(one.picture.numbers, small(seed=1).picture.numbers)


def test_what_cannot_be_set_is_told(small: MakePoster, tmp_path: Path) -> None:
    (tmp_path / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n torn")
    with pytest.raises(ImageError):
        small(tmp_path / "torn.png")
    with pytest.raises(LimitError, match="max_pixels"):
        small(max_pixels=100)
    with pytest.raises(OptionError, match="columns is 0"):
        small(columns=0)
    with pytest.raises(OptionError, match="has no 字 漢"):
        small(words="漢字")
