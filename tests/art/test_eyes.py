"""Eyes through text: the prompt, its text picture, and the names of its fields."""

import io

import numpy as np
import pytest
from PIL import Image

from calligram.art.eyes import EyesOptions, eyes_of
from calligram.errors import ImageError, InputError, OptionError
from calligram.evaluation.tokens.opening import open_tokenizer


def ramp(width: int = 320, height: int = 240) -> np.ndarray:
    """Return an image that grows lighter from left to right."""
    row = np.linspace(0, 255, width).astype(np.uint8)
    return np.repeat(np.repeat(row[None, :, None], height, axis=0), 3, axis=2)


def test_the_prompt_holds_every_line_of_facts_and_every_row_of_the_picture() -> None:
    eyes = eyes_of(ramp())
    lines = eyes.prompt.split("\n")
    assert all(line in lines for line in eyes.facts.lines())
    symbols = eyes.picture.layout.symbols
    rows = ["".join(symbols[level] for level in row) for row in eyes.picture.levels]
    drawn = [line[4:-1] for line in lines if line[2:4] == " |"]
    assert drawn == rows
    assert all(len(row) == 64 for row in rows)


def test_blanks_are_the_darkest_and_at_signs_the_lightest() -> None:
    row = eyes_of(ramp()).drawn_lines()[1]
    assert row.startswith(" 1 |  ")
    assert row.endswith("@@|")
    assert "blank (the darkest)" in eyes_of(ramp()).prompt


def test_letters_stand_above_and_numbers_before_the_fields_that_they_name() -> None:
    eyes = eyes_of(ramp())
    lines = eyes.drawn_lines()
    assert lines[0] == "    A       B       C       D       E       F       G       H"
    for row in range(eyes.picture.rows):
        line = lines[row + 1]
        for column in (0, 7, 8, 63):
            name = eyes.cell_name(row, column)
            letters = lines[0].ljust(80)[: column + 5].rstrip()
            assert name[0] == letters[-1]
        number = next(
            lines[above + 1][:2].strip() for above in range(row, -1, -1) if lines[above + 1][:2].strip()
        )
        assert eyes.cell_name(row, 0) == f"A{number}"
        assert line[3] == "|"


def test_a_region_is_the_part_of_the_picture_between_two_fields() -> None:
    eyes = eyes_of(ramp())
    assert eyes.region("B3") == (slice(8, 12), slice(8, 16))
    assert eyes.region("B3-D5") == eyes.region("d5 - b3") == (slice(8, 20), slice(8, 32))
    rows, columns = eyes.region("H6")
    assert eyes.picture.levels[rows, columns].size > 0
    assert columns.stop == eyes.picture.columns


def test_every_field_names_a_region_and_together_they_cover_the_picture_once() -> None:
    eyes = eyes_of(ramp(200, 310), EyesOptions(columns=40))
    covered = np.zeros(eyes.picture.levels.shape, int)
    for name in eyes.cell_names():
        covered[eyes.region(name)] += 1
    assert (covered == 1).all()


@pytest.mark.parametrize("name", ["Z1", "A99", "B3-Z9"])
def test_a_field_outside_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"there is no field .*: the picture has A1 to H6"):
        eyes_of(ramp()).region(name)


@pytest.mark.parametrize("name", ["", "the sky", "3B", "A1-B2-C3"])
def test_what_is_no_name_of_a_field_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="is no field of the picture: name one as B3"):
        eyes_of(ramp()).region(name)


def test_places_are_told_in_words() -> None:
    eyes = eyes_of(ramp())
    assert [eyes.place(name) for name in ("A1", "H6", "D3-E4", "A1-H6")] == [
        "upper left",
        "lower right",
        "the middle",
        "the middle",
    ]


@pytest.mark.parametrize(
    ("width", "height"), [(3, 900), (100, 1000), (300, 400), (60, 60), (1000, 10), (1, 1)]
)
def test_no_shape_makes_more_rows_than_fit(width: int, height: int) -> None:
    eyes = eyes_of(ramp(width, height), png=False)
    assert 1 <= eyes.picture.rows <= 48
    assert eyes.picture.columns <= 64
    assert eyes.prompt.endswith("|\n")
    assert eyes.cell_names()[-1] in eyes.prompt


def test_the_image_itself_is_given_only_where_it_is_wanted() -> None:
    assert eyes_of(ramp(), png=False).png is None
    png = eyes_of(ramp(), EyesOptions(png_px=100)).png
    assert png is not None
    assert Image.open(io.BytesIO(png)).size == (100, 75)
    assert b"PNG" not in eyes_of(ramp()).prompt.encode()


def test_shapes_show_in_a_dark_picture_too() -> None:
    dark = (ramp() // 8).astype(np.uint8)
    assert len(np.unique(eyes_of(dark, png=False).picture.levels)) >= 8
    assert eyes_of(dark, png=False).facts["light_or_dark"] == "dark"


def test_the_whole_prompt_is_about_as_long_as_a_page() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (400, 300, 3), dtype=np.uint8)
    tokens = open_tokenizer("builtin").encode(eyes_of(noise, png=False).prompt)
    # the built-in reader has a token for each character: the dearest spelling there is
    assert len(tokens) < 6000


def test_bad_input_is_told_in_a_sentence() -> None:
    with pytest.raises(ImageError, match="there is no file"):
        eyes_of("none.png")
    with pytest.raises(OptionError, match="columns is 4"):
        eyes_of(ramp(), EyesOptions(columns=4))
