"""Sheets: sizes of paper, and where the cells stand on it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calligram.errors import LimitError, OptionError
from calligram.picture.posters.options import PosterOptions
from calligram.picture.posters.sheets import (
    SMALLEST_CELL_PX,
    TALLEST,
    count_cells,
    lay_grid,
    lay_sheet,
    parse_size,
)
from calligram.picture.posters.type_case import Fit

FIT = Fit(0.6, 0.8, 0.7)


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        ("A0", (841, 1189)),
        ("a3", (297, 420)),
        ("A4", (210, 297)),
        ("A6", (105, 148)),
        ("B2", (500, 707)),
        ("50x70cm", (500, 700)),
        (" 18 x 24 IN ", (457.2, 609.6)),
        ("210×297mm", (210, 297)),
    ],
)
def test_a_size_is_what_the_standard_says(size: str, wanted: tuple[float, float]) -> None:
    assert parse_size(size) == wanted


@pytest.mark.parametrize("size", ["", "A7", "C4", "50x70", "0x3cm", "-3x4cm", "50x70px", "A3x"])
def test_what_is_no_size_is_refused_with_what_there_is(size: str) -> None:
    with pytest.raises(OptionError, match="must be A0 to A6"):
        parse_size(size)


def test_a_sheet_longer_than_any_is_refused() -> None:
    with pytest.raises(LimitError, match="no sheet is longer than 5000 mm"):
        parse_size("1x9000mm")


def test_a_sheet_of_too_many_pixels_names_its_limit() -> None:
    with pytest.raises(LimitError, match="max_sheet_pixels is 200000000: ask for fewer dpi"):
        lay_sheet(PosterOptions(size="A0", dpi=600), 1.0)


@pytest.mark.parametrize(("turn", "wide"), [("auto", True), ("portrait", False), ("landscape", True)])
def test_a_sheet_lies_as_the_image_does_unless_told(turn: str, wide: bool) -> None:
    sheet = lay_sheet(PosterOptions(turn=turn, dpi=50), 1.5)  # type: ignore[arg-type]
    assert (sheet.width > sheet.height) is wide
    assert sorted((round(sheet.width_mm), round(sheet.height_mm))) == [297, 420]


@given(
    st.floats(1 / 3000, 3000),
    st.integers(1, 200),
    st.floats(0.3, 1.5),
)
def test_a_picture_has_rows_and_columns_whatever_its_shape(aspect: float, columns: int, ratio: float) -> None:
    rows, across = count_cells(aspect, columns, ratio)
    assert 1 <= across <= columns
    assert 1 <= rows <= max(TALLEST * columns, 1) + 1


@given(st.floats(0.02, 50), st.integers(1, 60), st.floats(0, 0.3), st.integers(0, 60))
def test_cells_stay_within_the_margins(aspect: float, columns: int, margin: float, caption: int) -> None:
    options = PosterOptions(columns=columns, margin=margin, dpi=100)
    sheet = lay_sheet(options, aspect)
    grid = lay_grid(sheet, options, FIT, aspect, caption)
    free = round(margin * min(sheet.width, sheet.height))
    assert grid.left >= free
    assert grid.left + grid.width <= sheet.width - free + 1
    assert grid.top >= 0
    assert grid.top + grid.height + caption <= sheet.height - free
    assert grid.cell_width >= SMALLEST_CELL_PX


@given(st.floats(0.2, 5), st.integers(20, 100))
def test_the_picture_keeps_its_shape(aspect: float, columns: int) -> None:
    options = PosterOptions(columns=columns, dpi=150)
    grid = lay_grid(lay_sheet(options, aspect), options, FIT, aspect, 0)
    # half a row up or down is all that the grid leaves open
    fits = abs(grid.width / aspect - grid.height) <= grid.cell_height * 0.51 + 1e-6
    assert fits or grid.columns < columns or grid.rows == TALLEST * columns


def test_more_characters_than_pixels_are_refused() -> None:
    options = PosterOptions(columns=2000, dpi=30)
    with pytest.raises(OptionError, match=r"2000 x \d+ characters leave none of them 2 pixels"):
        lay_grid(lay_sheet(options, 1.0), options, FIT, 1.0, 0)
