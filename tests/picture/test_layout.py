"""Tests of calligram.picture.layout."""

import dataclasses
from fractions import Fraction

import pytest

from calligram.errors import LayoutError
from calligram.picture import LAYOUTS, Layout, get_layout


@pytest.mark.parametrize(("name", "grid"), [("classic", (11, 20)), ("fine", (14, 28)), ("full", (28, 28))])
def test_a_square_image_gives_the_published_grid(name: str, grid: tuple[int, int]) -> None:
    assert get_layout(name).grid() == grid
    assert get_layout(name).grid(28, 28) == grid


@pytest.mark.parametrize(("name", "levels"), [("classic", 3), ("fine", 8), ("full", 8)])
def test_named_layouts_have_their_levels(name: str, levels: int) -> None:
    assert get_layout(name).level_count == levels


def test_the_aspect_of_the_image_is_kept() -> None:
    assert Layout("wide", columns=80, font_ratio=0.5).grid(height=100, width=200) == (20, 80)


def test_a_thin_image_has_at_least_one_row() -> None:
    assert Layout("thin").grid(height=1, width=900) == (1, 20)


def test_fixed_rows_overrule_the_aspect() -> None:
    assert Layout("fixed", rows=7).grid(height=1, width=50) == (7, 20)


def test_even_levels_begin_at_exact_shares_of_256() -> None:
    assert Layout("thirds", ramp=" ox").edges == (Fraction(256, 3), Fraction(512, 3))


def test_classic_levels_begin_at_87_and_174() -> None:
    assert get_layout("classic").edges == (87, 174)


def test_a_layout_is_its_own_name() -> None:
    layout = Layout("mine")
    assert get_layout(layout) is layout


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(LayoutError, match="no layout 'clasic': choose one of classic, fine, full"):
        get_layout("clasic")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"columns": 0}, "at least 1 x 1"),
        ({"rows": 0}, "at least 1 x 1"),
        ({"font_ratio": 0.0}, "font ratio 0.0"),
        ({"font_ratio": float("nan")}, "font ratio nan"),
        ({"resampler": "cubic"}, "resampler 'cubic'"),
        ({"markup": "xml"}, "markup 'xml'"),
        ({"boundaries": (10.0,)}, "3 levels need 2 growing grey values"),
        ({"boundaries": (20.0, 10.0)}, "3 levels need 2 growing grey values"),
        ({"ramp": "x"}, "has 1 symbols"),
    ],
)
def test_an_impossible_layout_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(LayoutError, match=message):
        dataclasses.replace(Layout("mine"), **changes)  # type: ignore[arg-type]


def test_every_named_layout_is_listed_under_its_name() -> None:
    assert all(layout.name == name for name, layout in LAYOUTS.items())
