"""Flowing: the words of a text running through a picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from calligram.errors import OptionError
from calligram.picture.posters.faces import open_faces
from calligram.picture.posters.flowing import LEAST_SHARE, Flow, flow, set_words
from calligram.picture.posters.type_case import BLANK, set_case

TEXT = set_words("The  rose is\nred,\tthe violet's blue")
CASE = set_case(open_faces(""), TEXT, 12)


def lettered(flowed: Flow) -> str:
    return "".join(CASE.glyphs[number].character for number in flowed.numbers.ravel()).replace(" ", "")


@given(
    npst.arrays(np.float64, npst.array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.floats(0, 1))
)
def test_the_letters_are_those_of_the_text_in_its_order(shares: np.ndarray) -> None:
    for one_ink in (True, False):
        read = lettered(flow(TEXT, shares, CASE, one_ink))
        letters = TEXT.replace(" ", "") * (1 + len(read))
        assert letters.startswith(read)


@given(
    npst.arrays(np.float64, npst.array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.floats(0, 1))
)
def test_what_wants_no_ink_stays_bare(shares: np.ndarray) -> None:
    flowed = flow(TEXT, shares, CASE, one_ink=True)
    assert (flowed.numbers[shares < LEAST_SHARE] == BLANK).all()


def test_no_stretch_begins_with_a_space() -> None:
    shares = np.full((6, 7), 0.3)
    shares[:, 3] = 0
    flowed = flow(TEXT, shares, CASE, one_ink=True)
    assert (flowed.numbers[:, [0, 4]] != BLANK).all()


def test_one_ink_meets_its_tone_by_weight_and_by_thinning() -> None:
    shares = np.linspace(0.06, 0.2, 200)[None]
    flowed = flow(TEXT, shares, CASE, one_ink=True)
    inked = flowed.numbers != BLANK
    met = (CASE.densities[flowed.numbers] * flowed.strengths)[inked]
    full = flowed.strengths[inked] >= 1
    assert np.allclose(met[~full], shares[inked][~full])
    assert len({CASE.glyphs[number].face for number in flowed.numbers[inked]}) == 3


def test_with_colours_of_their_own_all_letters_are_heavy() -> None:
    flowed = flow(TEXT, np.full((4, 9), 0.2), CASE, one_ink=False)
    assert {CASE.glyphs[number].face for number in flowed.numbers.ravel()} - {0} == {2}
    assert (flowed.strengths == 1).all()


def test_how_often_the_text_was_run_through_is_told() -> None:
    assert flow(TEXT, np.full((1, len(TEXT)), 0.3), CASE, True).rounds == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("words", ["", " \n\t "])
def test_no_words_are_refused(words: str) -> None:
    with pytest.raises(OptionError, match="words has no words"):
        set_words(words)


def test_words_that_do_not_print_are_refused() -> None:
    with pytest.raises(OptionError, match=r"words holds '\\x00', which does not print"):
        set_words("a\0b")
