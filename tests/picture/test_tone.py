"""Tests of calligram.picture.tone."""

import numpy as np
import pytest
from numpy.typing import NDArray

from calligram.picture import EncodeOptions
from calligram.picture.tone import adjust_tone, is_dark_on_light, tone_table

GREYS = np.arange(256, dtype=np.uint8).reshape(16, 16)


def digit() -> NDArray[np.uint8]:
    image = np.zeros((20, 20), np.uint8)
    image[5:15, 8:12] = 250
    return image


def test_plain_options_change_nothing() -> None:
    assert adjust_tone(GREYS, EncodeOptions()) is GREYS


def test_inverting_swaps_light_and_dark() -> None:
    assert np.array_equal(adjust_tone(GREYS, EncodeOptions(invert=True)), 255 - GREYS)


def test_inverting_dark_ink_on_light_paper_gives_it_back() -> None:
    assert np.array_equal(adjust_tone(GREYS, EncodeOptions(invert=True, polarity="dark-on-light")), GREYS)


def test_automatic_polarity_finds_the_paper() -> None:
    assert not is_dark_on_light(digit())
    assert is_dark_on_light(255 - digit())
    turned = adjust_tone(255 - digit(), EncodeOptions(polarity="auto"))
    assert np.array_equal(turned, digit())
    assert np.array_equal(adjust_tone(digit(), EncodeOptions(polarity="auto")), digit())


def test_automatic_levels_reach_both_ends() -> None:
    faint = (100 + GREYS // 8).astype(np.uint8)
    table = tone_table(faint, EncodeOptions(auto_levels=True))
    assert table[100] == 0
    assert table[131] == 255
    assert (np.diff(table.astype(int)) >= 0).all()


def test_automatic_levels_leave_a_blank_image() -> None:
    blank = np.full((4, 4), 77, np.uint8)
    assert np.array_equal(adjust_tone(blank, EncodeOptions(auto_levels=True)), blank)


@pytest.mark.parametrize(("gamma", "grey"), [(1.0, 64), (2.0, 128), (0.5, 16)])
def test_gamma_bends_the_middle_and_keeps_the_ends(gamma: float, grey: int) -> None:
    table = tone_table(GREYS, EncodeOptions(gamma=gamma))
    assert (table[0], table[64], table[255]) == (0, grey, 255)


def test_contrast_turns_around_middle_grey() -> None:
    table = tone_table(GREYS, EncodeOptions(contrast=2.0))
    assert (table[0], table[127], table[128], table[255]) == (0, 127, 129, 255)
    assert set(tone_table(GREYS, EncodeOptions(contrast=0.0))) == {128}
