"""Choosing: characters by their ink, and by where they have it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calligram.errors import OptionError
from calligram.picture.posters.choosing import (
    CHARSETS,
    Scale,
    as_given,
    choose,
    find_characters,
)
from calligram.picture.posters.faces import open_faces
from calligram.picture.posters.sampling import to_lightness
from calligram.picture.posters.type_case import BLANK, SUB_COLUMNS, SUB_ROWS, set_case

CASE = set_case(open_faces(""), CHARSETS["letters"], 24)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=40), st.integers(0, 9))
def test_more_ink_wanted_is_more_ink_given(shares: list[float], seed: int) -> None:
    wanted = np.array(sorted(shares)) * CASE.densities.max()
    targets = np.repeat(np.repeat(wanted[None], SUB_ROWS, axis=0), SUB_COLUMNS, axis=1)
    given_ink = CASE.densities[choose(targets, CASE, seed)[0]]
    # what is nearly alike is left to chance, and the lightest tones to the blank
    assert np.abs(given_ink - wanted).max() < 0.06


def test_ink_stands_where_it_is_wanted() -> None:
    names = [glyph.character for glyph in CASE.glyphs]
    for sides, told in (((0, 3), "above"), ((3, 6), "below")):
        target = np.zeros((SUB_ROWS, SUB_COLUMNS))
        target[sides[0] : sides[1]] = 0.5
        number = int(choose(target, CASE, 0)[0, 0])
        ink = CASE.inks[number].reshape(SUB_ROWS, SUB_COLUMNS)
        above, below = ink[:3].sum(), ink[3:].sum()
        assert (above > 1.5 * below) if told == "above" else (below > 1.5 * above), names[number]


def test_bare_stays_bare_and_the_seed_decides_between_what_is_alike() -> None:
    assert (choose(np.zeros((SUB_ROWS * 3, SUB_COLUMNS * 5)), CASE, 1) == BLANK).all()
    grey = np.full((SUB_ROWS * 20, SUB_COLUMNS * 20), 0.3)
    one, same, other = choose(grey, CASE, 1), choose(grey, CASE, 1), choose(grey, CASE, 2)
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert len(np.unique(one)) > 3


@pytest.mark.parametrize(("paper", "ink"), [(0.9, 0.01), (0.005, 0.85), (0.3, 0.0)])
def test_equal_steps_of_tone_look_like_equal_steps(paper: float, ink: float) -> None:
    scale = Scale(paper, ink, 0.5)
    shares = scale.shares(np.linspace(0, 1, 11))
    assert shares[0] == pytest.approx(0, abs=1e-9)
    assert shares[-1] == pytest.approx(0.5)
    seen = to_lightness(paper + shares * (ink - paper))
    assert np.allclose(np.diff(seen), np.diff(seen)[0], atol=1e-9)


def test_strength_is_lightness_on_dark_paper_and_darkness_on_light() -> None:
    toned = np.array([0.0, 0.25, 1.0])
    assert Scale(0.0, 1.0, 0.5).strengths(toned).tolist() == [0, 0.25, 1]
    assert Scale(1.0, 0.0, 0.5).strengths(toned).tolist() == [1, 0.75, 0]


def test_given_characters_come_in_the_heaviest_face() -> None:
    numbers = as_given(["A M"], CASE)
    assert [CASE.glyphs[number].character for number in numbers[0]] == ["A", " ", "M"]
    assert [CASE.glyphs[number].face for number in numbers[0][[0, 2]]] == [2, 2]


@pytest.mark.parametrize("charset", sorted(CHARSETS))
def test_every_named_set_prints(charset: str) -> None:
    characters = find_characters(charset)
    assert len(set(characters)) == len(characters) >= 4
    assert characters.isprintable()


@pytest.mark.parametrize("charset", ["", "  "])
def test_a_set_without_ink_is_refused(charset: str) -> None:
    with pytest.raises(OptionError, match="has no ink: name one of letters, ascii"):
        find_characters(charset)


def test_a_set_with_what_does_not_print_is_refused() -> None:
    with pytest.raises(OptionError, match=r"charset holds '\\t', which does not print"):
        find_characters("ab\t")
