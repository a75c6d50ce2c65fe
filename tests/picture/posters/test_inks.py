"""Inks: colours of paper and characters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calligram.errors import OptionError
from calligram.picture.lab import to_lab
from calligram.picture.posters.inks import choose_paper, limit, mix, parse_colour, thin
from calligram.picture.posters.sampling import luminance, to_bytes, to_lightness, to_linear, to_luminance


@given(st.integers(0, 255))
def test_linear_light_comes_back(value: int) -> None:
    assert int(to_bytes(to_linear(np.array([value], np.uint8)))[0]) == value


@given(st.floats(0, 1))
def test_lightness_comes_back(light: float) -> None:
    assert to_luminance(to_lightness(np.array(light))) == pytest.approx(light, abs=1e-9)


def test_lightness_is_that_of_cielab() -> None:
    colours = np.random.default_rng(0).integers(0, 256, (50, 3)).astype(np.uint8)
    ours = to_lightness(luminance(to_linear(colours)))
    assert np.allclose(100 * ours, to_lab(colours)[:, 0], atol=0.05)


@pytest.mark.parametrize(
    ("paper", "ink", "dark", "light_paper"),
    [
        ("auto", "auto", True, False),
        ("auto", "auto", False, True),
        ("auto", "white", False, False),
        ("auto", "#102030", True, True),
        ("white", "auto", True, True),
        ("black", "auto", False, False),
    ],
)
def test_paper_and_ink_are_told_apart(paper: str, ink: str, dark: bool, light_paper: bool) -> None:
    sheet, colour = choose_paper(paper, ink, dark)
    assert (sum(sheet) > 380) is light_paper
    assert abs(sum(sheet) - sum(colour)) > 200


def test_paper_and_ink_that_look_the_same_are_refused() -> None:
    with pytest.raises(OptionError, match="which look the same: choose one much lighter"):
        choose_paper("white", "#fefefe", False)


@pytest.mark.parametrize("colour", ["", "no-colour", "#12"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(OptionError, match=r"paper is '.*', but must be auto, a colour's name, or #rrggbb"):
        parse_colour(colour, "paper")


def test_one_ink_is_thinned_with_paper_in_linear_light() -> None:
    inks = thin(np.array([[1.0, 0.5, 0.0]]), (0, 0, 0), (255, 255, 255))
    assert inks.colours[inks.places[0, 0]].tolist() == [0, 0, 0]
    assert inks.colours[inks.places[0, 1]].tolist() == [188, 188, 188]
    assert inks.colours[inks.places[0, 2]].tolist() != [0, 0, 0]


@pytest.mark.parametrize("paper", [(245, 240, 230), (17, 17, 20)])
def test_a_grey_cell_and_its_paper_together_look_as_light_as_wanted(paper: tuple[int, int, int]) -> None:
    light = to_linear(np.array([[[120, 120, 120]]], np.uint8))
    own = float(luminance(to_linear(np.array(paper, np.uint8))))
    wanted = np.array([[0.75 * own + 0.25 * (0.8 if own < 0.2 else 0.0)]])
    ink = mix(light, wanted, np.array([[0.4]]), paper, 1.0)
    seen = 0.4 * luminance(to_linear(ink)) + 0.6 * own
    assert seen[0, 0] == pytest.approx(wanted[0, 0], abs=0.01)


@given(
    st.tuples(*[st.integers(0, 255)] * 3),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 4),
)
def test_a_hue_is_kept(colour: tuple[int, int, int], wanted: float, share: float, saturation: float) -> None:
    light = to_linear(np.array([[colour]], np.uint8))
    before = to_lab(np.array(colour, np.uint8))
    ink = mix(light, np.array([[wanted]]), np.array([[share]]), (245, 240, 230), saturation)
    after = to_lab(ink[0, 0])
    if min(np.hypot(*before[1:]), np.hypot(*after[1:])) > 15:
        turned = np.degrees(np.arctan2(*before[:0:-1]) - np.arctan2(*after[:0:-1]))
        # cutting to what a screen can show turns hues a little
        assert abs((turned + 180) % 360 - 180) < 50


def test_inks_are_as_few_as_asked_and_near() -> None:
    colours = np.random.default_rng(1).integers(0, 256, (40, 50, 3)).astype(np.uint8)
    inked = np.ones((40, 50), bool)
    for most in (2, 16, 96):
        inks = limit(colours, inked, most)
        assert len(inks.colours) <= most
    near = inks.colours[inks.places].astype(int) - colours
    assert np.abs(near).mean() < 30


def test_no_ink_at_all_is_no_fault() -> None:
    inks = limit(np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), bool), 8)
    assert inks.places.tolist() == [[0, 0], [0, 0]]
