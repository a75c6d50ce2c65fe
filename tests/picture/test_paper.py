"""Ink is told from paper under uneven light."""

import numpy as np
import pytest

from calligram.picture.paper import find_flat_paper, lift_off

SIDE = 120


def stroke(width: int = 8) -> np.ndarray:
    """Return where ink lies: a bent stroke in the lower right part of the image."""
    ink = np.zeros((SIDE, SIDE))
    ink[60:100, 70 : 70 + width] = 1
    ink[92:100, 70:105] = 1
    return ink


def light(kind: str) -> np.ndarray:
    """Return paper under some light."""
    down, across = np.indices((SIDE, SIDE)) / SIDE - 0.5
    return {
        "even": np.full((SIDE, SIDE), 180.0),
        "from the left": 170 - 90 * across,
        "dark corners": 210 - 150 * (down**2 + across**2),
        "grainy": 180 + np.random.default_rng(0).normal(0, 6, (SIDE, SIDE)),
    }[kind]


@pytest.mark.parametrize("kind", ["even", "from the left", "dark corners", "grainy"])
@pytest.mark.parametrize("dark", [True, False])
def test_ink_is_found_whatever_the_light_and_the_polarity(kind: str, dark: bool) -> None:
    pixels = light(kind) * (1 - 0.6 * stroke()) if dark else light(kind) * 0.4 * (1 + 0.9 * stroke())
    lifted = lift_off(np.clip(pixels, 0, 255).astype(np.uint8))
    found = lifted > 30
    assert (found == (stroke() > 0)).mean() > 0.99


def test_the_polarity_that_is_asked_for_is_kept() -> None:
    pixels = np.full((SIDE, SIDE), 120, np.uint8)
    pixels[20:30, 20:90] = 20
    pixels[80:84, 40:60] = 220
    assert lift_off(pixels, "dark-on-light")[25, 50] > 90
    assert lift_off(pixels, "light-on-dark")[82, 50] > 90
    assert lift_off(pixels, "light-on-dark")[25, 50] == 0


def test_a_shadow_that_runs_off_the_image_is_left_out() -> None:
    pixels = (light("even") * (1 - 0.7 * stroke())).astype(np.uint8)
    pixels[:9, :50] = 60
    lifted = lift_off(pixels, "dark-on-light")
    assert not lifted[:9, :50].any()
    assert lifted[80, 72] > 90


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_blank_paper_has_no_ink(grey: int) -> None:
    assert not lift_off(np.full((40, 50), grey, np.uint8)).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (2, 2), (3, 400)])
def test_images_of_any_shape_are_taken(shape: tuple[int, int]) -> None:
    assert lift_off(np.full(shape, 9, np.uint8)).shape == shape


@pytest.mark.parametrize("dark", [False, True])
def test_ink_that_fills_an_image_to_its_edges_is_kept_on_flat_paper(dark: bool) -> None:
    ink = np.zeros((96, 96), np.uint8)
    ink[:, 30:60] = 200  # a broad soft stroke from edge to edge, as of a small scan enlarged
    ink[40:60, :80] = 220
    ink[:20, 80:] = 120
    lifted = lift_off(255 - ink if dark else ink)
    assert np.array_equal(lifted, ink)


def test_paper_is_flat_only_where_most_corners_and_much_of_the_image_show_one_grey() -> None:
    flat = np.full((40, 40), 230, np.uint8)
    flat[10:30, 5:35] = 20
    assert find_flat_paper(flat) == 230
    one_corner = flat.copy()
    one_corner[:6, :6] = 20
    assert find_flat_paper(one_corner) == 230
    crowded = flat.copy()
    crowded[2:-2, 2:-2] = np.arange(36, dtype=np.uint8)[None] * 5
    assert find_flat_paper(crowded) is None
    uneven = (flat - np.linspace(0, 60, 40)[None]).clip(0, 255).astype(np.uint8)
    assert find_flat_paper(uneven) is None
