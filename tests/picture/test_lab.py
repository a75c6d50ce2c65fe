"""CIELAB and CIEDE2000, beside published figures."""

import numpy as np
import pytest

from calligram.picture.lab import chroma, difference, to_lab, to_rgb

PRIMARIES = {
    "black": ((0, 0, 0), (0.0, 0.0, 0.0)),
    "white": ((255, 255, 255), (100.0, 0.0, 0.0)),
    "middle grey": ((119, 119, 119), (50.034, 0.0, 0.0)),
    "red": ((255, 0, 0), (53.2408, 80.0925, 67.2032)),
    "green": ((0, 255, 0), (87.7347, -86.1827, 83.1793)),
    "blue": ((0, 0, 255), (32.2970, 79.1875, -107.8602)),
    "yellow": ((255, 255, 0), (97.1393, -21.5537, 94.4780)),
    "cyan": ((0, 255, 255), (91.1132, -48.0875, -14.1312)),
    "magenta": ((255, 0, 255), (60.3242, 98.2343, -60.8249)),
}
"""sRGB under D65 as Bruce Lindbloom's colour calculator gives it, without adaptation."""

SHARMA = """
50 2.6772 -79.7751 50 0 -82.7485 2.0425
50 3.1571 -77.2803 50 0 -82.7485 2.8615
50 2.8361 -74.0200 50 0 -82.7485 3.4412
50 -1.3802 -84.2814 50 0 -82.7485 1.0000
50 -1.1848 -84.8006 50 0 -82.7485 1.0000
50 -0.9009 -85.5211 50 0 -82.7485 1.0000
50 0 0 50 -1 2 2.3669
50 -1 2 50 0 0 2.3669
50 2.4900 -0.0010 50 -2.4900 0.0009 7.1792
50 2.4900 -0.0010 50 -2.4900 0.0010 7.1792
50 2.4900 -0.0010 50 -2.4900 0.0011 7.2195
50 2.4900 -0.0010 50 -2.4900 0.0012 7.2195
50 -0.0010 2.4900 50 0.0009 -2.4900 4.8045
50 -0.0010 2.4900 50 0.0010 -2.4900 4.8045
50 -0.0010 2.4900 50 0.0011 -2.4900 4.7461
50 2.5 0 50 0 -2.5 4.3065
50 2.5 0 73 25 -18 27.1492
50 2.5 0 61 -5 29 22.8977
50 2.5 0 56 -27 -3 31.9030
50 2.5 0 58 24 15 19.4535
50 2.5 0 50 3.1736 0.5854 1.0000
50 2.5 0 50 3.2972 0 1.0000
50 2.5 0 50 1.8634 0.5757 1.0000
50 2.5 0 50 3.2592 0.3350 1.0000
60.2574 -34.0099 36.2677 60.4626 -34.1751 39.4387 1.2644
63.0109 -31.0961 -5.8663 62.8187 -29.7946 -4.0864 1.2630
61.2901 3.7196 -5.3901 61.4292 2.2480 -4.9620 1.8731
35.0831 -44.1164 3.7933 35.0232 -40.0716 1.5901 1.8645
22.7233 20.0904 -46.6940 23.0331 14.9730 -42.5619 2.0373
36.4612 47.8580 18.3852 36.2715 50.5065 21.2231 1.4146
90.8027 -2.0831 1.4410 91.1528 -1.6435 0.0447 1.4441
90.9257 -0.5406 -0.9208 88.6381 -0.8985 -0.7239 1.5381
6.7747 -0.2908 -2.4247 5.8714 -0.0985 -2.2286 0.6377
2.0776 0.0795 -1.1350 0.9033 -0.0636 -0.5514 0.9082
"""
"""The 34 test pairs of Sharma, Wu and Dalal, 2005, table 1: two colours and their difference."""

PAIRS = np.array([line.split() for line in SHARMA.strip().splitlines()], np.float64)


@pytest.mark.parametrize("name", PRIMARIES)
def test_colours_of_srgb_have_their_published_lab(name: str) -> None:
    rgb, expected = PRIMARIES[name]
    assert to_lab(np.array(rgb, np.uint8)) == pytest.approx(np.array(expected), abs=0.02)


def test_every_grey_has_no_chroma() -> None:
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    assert chroma(to_lab(greys)).max() < 1e-9


def test_lightness_grows_with_every_step_of_grey() -> None:
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    assert (np.diff(to_lab(greys)[:, 0]) > 0).all()


def test_colours_come_back_from_lab_as_they_were() -> None:
    steps = np.arange(0, 256, 15, dtype=np.uint8)
    rgb = np.stack(np.meshgrid(steps, steps, steps), axis=-1)
    assert np.array_equal(to_rgb(to_lab(rgb)), rgb)


def test_colours_outside_srgb_are_cut_to_its_edge() -> None:
    assert to_rgb(np.array([[120.0, 0.0, 0.0], [-5.0, 0.0, 0.0]])).tolist() == [[255] * 3, [0] * 3]


@pytest.mark.parametrize("pair", range(len(PAIRS)))
def test_differences_are_those_of_the_published_pairs(pair: int) -> None:
    one, other, expected = PAIRS[pair, :3], PAIRS[pair, 3:6], PAIRS[pair, 6]
    assert difference(one, other) == pytest.approx(expected, abs=5e-5)


def test_a_difference_is_the_same_both_ways_and_nought_from_itself() -> None:
    # pairs 9 to 16 lie at opposite hues, where the paper shows that rounding may decide the sign of a turn
    ones, others = np.delete(PAIRS[:, :3], range(8, 16), 0), np.delete(PAIRS[:, 3:6], range(8, 16), 0)
    assert difference(ones, others) == pytest.approx(difference(others, ones))
    assert difference(ones, ones) == pytest.approx(0)


def test_differences_of_many_are_broadcast() -> None:
    apart = difference(PAIRS[:, None, :3], PAIRS[None, :, 3:6])
    assert apart.shape == (34, 34)
    assert np.diag(apart) == pytest.approx(PAIRS[:, 6], abs=5e-5)
