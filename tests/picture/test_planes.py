"""Planes: slopes, blurs, smaller copies and salience, beside scipy and beside known answers."""

import numpy as np
import pytest
from numpy.typing import NDArray

from calligram.picture.planes import blur, salience, shrink, sobel

ndimage = pytest.importorskip("scipy.ndimage", reason="scipy is the other implementation")


@pytest.fixture
def plane() -> NDArray[np.float64]:
    return np.random.default_rng(3).uniform(0, 100, (23, 31))


def test_slopes_are_scipys_sobel_over_eight(plane: NDArray[np.float64]) -> None:
    across, down = sobel(plane)
    assert across == pytest.approx(ndimage.sobel(plane, axis=1, mode="nearest") / 8)
    assert down == pytest.approx(ndimage.sobel(plane, axis=0, mode="nearest") / 8)


def test_a_ramp_of_one_a_pixel_has_the_slope_one() -> None:
    across, down = sobel(np.tile(np.arange(9.0), (7, 1)))
    assert across[:, 1:-1] == pytest.approx(1)
    assert down == pytest.approx(0)


@pytest.mark.parametrize("radius", [1, 2, 4])
def test_blur_is_scipys_uniform_filter(plane: NDArray[np.float64], radius: int) -> None:
    assert blur(plane, radius) == pytest.approx(ndimage.uniform_filter(plane, 2 * radius + 1, mode="nearest"))


def test_a_plane_is_shrunk_to_means_of_boxes(plane: NDArray[np.float64]) -> None:
    wide = np.kron(plane, np.ones((4, 4))) + np.tile([[1.0, -1.0]], (92, 62))
    assert shrink(wide, 31) == pytest.approx(plane, abs=1e-4)


def test_a_small_plane_is_not_enlarged(plane: NDArray[np.float64]) -> None:
    assert shrink(plane, 31) is plane


def test_a_long_strip_keeps_a_pixel_of_height() -> None:
    assert shrink(np.ones((2, 3000)), 100).shape == (1, 100)


def test_salience_is_the_distance_of_the_smoothed_colour_from_the_mean() -> None:
    lab = np.random.default_rng(4).normal(0, 30, (12, 17, 3))
    smooth = lab
    for axis in (0, 1):
        smooth = ndimage.convolve1d(
            smooth, [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16], axis=axis, mode="nearest"
        )
    expected = np.linalg.norm(smooth - lab.reshape(-1, 3).mean(axis=0), axis=-1)
    assert salience(lab) == pytest.approx(expected)


def test_a_spot_stands_out_from_its_ground() -> None:
    lab = np.zeros((40, 40, 3))
    lab[10:16, 20:26] = (60, 40, 0)
    found = salience(lab)
    assert np.unravel_index(int(found.argmax()), found.shape) in [
        (row, column) for row in range(12, 14) for column in range(22, 24)
    ]
    assert found[30, 5] < found[12, 22] / 20
