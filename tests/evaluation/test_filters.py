"""Blurs, warps and edges against scipy and scikit-image."""

import numpy as np
import pytest

from calligram.evaluation.canny import find_edges
from calligram.evaluation.filters import blur, to_bytes, to_floats, turning, warp


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    """Return scribbles: blurred noise with a few hard edges."""
    rng = np.random.default_rng(1)
    made = blur(rng.random((12, 28, 28)).astype(np.float32), 1.5)
    made = (made - made.min()) / np.ptp(made)
    made[:, 8:20, 10:14] = 1
    return made


@pytest.mark.parametrize(("border", "mode"), [("nearest", "nearest"), ("zero", "constant")])
@pytest.mark.parametrize("sigma", [0.7, 1.0, 1.5])
def test_a_blur_agrees_with_scipys(images: np.ndarray, sigma: float, border: str, mode: str) -> None:
    ndimage = pytest.importorskip("scipy.ndimage")
    expected = np.stack([ndimage.gaussian_filter(image, sigma, mode=mode) for image in images])
    assert blur(images, sigma, border) == pytest.approx(expected, abs=1e-5)  # type: ignore[arg-type]


@pytest.mark.parametrize("degrees", [0, 10, -45, 90])
def test_a_turn_agrees_with_scipys(images: np.ndarray, degrees: float) -> None:
    ndimage = pytest.importorskip("scipy.ndimage")
    matrix = turning(np.deg2rad(np.full(len(images), degrees)))
    # scipy counts rows first, and so turns the other way
    back = matrix[0, ::-1, 1::-1]
    offset = np.full(2, 13.5) - back @ np.full(2, 13.5)
    expected = [
        ndimage.affine_transform(image, back, offset, order=1, mode="grid-constant") for image in images
    ]
    assert warp(images, matrix) == pytest.approx(np.stack(expected), abs=1e-5)


def test_a_warp_far_beyond_the_image_gives_black(images: np.ndarray) -> None:
    assert not warp(images, np.array([[1, 0, 500], [0, 1, -500]])).any()


def test_edges_are_those_of_scikit_image(images: np.ndarray) -> None:
    feature = pytest.importorskip("skimage.feature", reason="the oracle is scikit-image")
    expected = np.stack([feature.canny(image) for image in images])
    assert expected.any(axis=(1, 2)).all()
    assert (find_edges(images) != expected).mean() < 0.001


def test_the_edge_of_a_bright_square_is_its_outline() -> None:
    square = np.zeros((1, 28, 28), np.float32)
    square[0, 8:20, 8:20] = 1
    edges = find_edges(square)[0]
    assert edges[8:20, 7:9].any(axis=1).all()
    assert not edges[11:17, 11:17].any()
    assert not edges[:5].any()


def test_a_slope_too_gentle_for_the_lower_limit_is_no_edge() -> None:
    ramp = np.tile(np.linspace(0, 0.2, 28, dtype=np.float32), (1, 28, 1))
    assert not find_edges(ramp)[0, 3:-3, 3:-3].any()


def test_bytes_come_back_from_floats() -> None:
    greys = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    assert (to_bytes(to_floats(greys)) == greys).all()
    assert to_bytes(np.array([-1.0, 2.0], np.float32)).tolist() == [0, 255]
