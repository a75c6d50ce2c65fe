"""Tests of calligram.picture.options."""

from typing import Any

import pytest

from calligram.errors import LayoutError, LimitError, OptionError
from calligram.picture import EncodeOptions, Layout, get_layout


def test_plain_options_leave_the_layout_as_it_is() -> None:
    classic = get_layout("classic")
    assert EncodeOptions().laid_out(classic) is classic


@pytest.mark.parametrize(
    ("changes", "grid"),
    [
        ({"size": "80x40"}, (40, 80)),
        ({"size": "80X40"}, (40, 80)),
        ({"width": 40}, (11, 40)),
        ({"height": 11}, (11, 40)),
        ({"width": 7, "height": 5}, (5, 7)),
        ({"width": 40, "font_ratio": 1.0}, (20, 40)),
        ({}, (6, 20)),
    ],
)
def test_the_grid_follows_size_and_aspect(changes: dict[str, Any], grid: tuple[int, int]) -> None:
    options = EncodeOptions(**changes)
    layout, rows, columns = options.grid(options.laid_out(get_layout("classic")), height=100, width=200)
    assert (rows, columns) == grid
    assert layout.columns == columns


@pytest.mark.parametrize("size", ["80", "80x", "x40", "0x5", "5x0", "80,40", "-1x5", "8.5x2"])
def test_a_size_that_is_none_is_refused(size: str) -> None:
    with pytest.raises(OptionError, match="but must be columns x rows, as in 80x40"):
        EncodeOptions(size=size).laid_out(get_layout("classic"))


def test_size_and_width_together_are_refused() -> None:
    with pytest.raises(OptionError, match="give one or the other"):
        EncodeOptions(size="80x40", width=5).laid_out(get_layout("classic"))


def test_another_ramp_drops_the_boundaries_of_the_old_one() -> None:
    layout = EncodeOptions(symbols="ascii10").laid_out(get_layout("classic"))
    assert (layout.ramp, layout.boundaries, layout.resampler) == ("ascii10", None, "area")


@pytest.mark.parametrize(
    "changes", [{"width": 78}, {"height": 30}, {"size": "20x11"}, {"font_ratio": 0.5}, {"size": "40x20"}]
)
def test_another_size_gets_even_levels_of_exact_means(changes: dict[str, Any]) -> None:
    layout = EncodeOptions(**changes).laid_out(get_layout("classic"))
    assert (layout.boundaries, layout.resampler) == (None, "area")
    kept = EncodeOptions(**changes, resampler="bicubic").laid_out(get_layout("classic"))
    assert (kept.boundaries, kept.resampler) == (None, "bicubic")


@pytest.mark.parametrize("changes", [{"width": 20}, {"font_ratio": 0.55}, {"markup": "plain"}])
def test_the_size_of_the_layout_itself_keeps_its_levels(changes: dict[str, Any]) -> None:
    layout = EncodeOptions(**changes).laid_out(get_layout("classic"))
    assert (layout.boundaries, layout.resampler) == ((87, 174), "bicubic")


def test_a_width_frees_rows_that_were_fixed() -> None:
    assert EncodeOptions(width=28).laid_out(Layout("fixed", columns=28, rows=5)).rows is None


def test_colours_of_cropped_ink_are_refused() -> None:
    with pytest.raises(OptionError, match="leave one of them out"):
        EncodeOptions(colors="full", framing="content").laid_out(get_layout("classic"))


def test_the_ramp_of_the_layout_itself_changes_nothing() -> None:
    assert EncodeOptions(symbols="classic").laid_out(get_layout("classic")) is get_layout("classic")


@pytest.mark.parametrize("changes", [{"symbols": "#"}, {"markup": "xml"}, {"resampler": "best"}])
def test_an_impossible_change_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(LayoutError):
        EncodeOptions(**changes).laid_out(get_layout("classic"))


def test_too_many_cells_are_refused() -> None:
    with pytest.raises(
        LimitError, match=r"1000 x 2000 = 2000000 cells, but max_cells is 1000000: .* raise max_cells"
    ):
        EncodeOptions().grid(Layout("mine", columns=1000, font_ratio=1.0), height=200, width=100)
