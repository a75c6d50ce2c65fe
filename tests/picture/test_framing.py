"""Tests of calligram.picture.framing: a digit on paper becomes a digit as MNIST has them."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from calligram.picture import EncodeOptions, encode, encode_batch
from calligram.picture.framing import (
    frame_content,
    label_pieces,
    lift_ink,
    otsu_threshold,
    stands_as_taught,
)


def drawn_seven(side: int = 200, left: int = 30, top: int = 20, size: int = 90) -> NDArray[np.uint8]:
    """Return a white seven of straight strokes on black."""
    image = np.zeros((side, side), np.uint8)
    image[top : top + size // 8, left : left + size // 2] = 255
    for row in range(size):
        place = left + size // 2 - row // 3
        image[top + row, max(left, place - size // 8) : place] = 255
    return image


def centre(image: NDArray[np.uint8]) -> tuple[float, float]:
    mass = image.sum()
    return (
        float((image.sum(axis=1) * (np.arange(image.shape[0]) + 0.5)).sum() / mass),
        float((image.sum(axis=0) * (np.arange(image.shape[1]) + 0.5)).sum() / mass),
    )


@pytest.mark.parametrize(("left", "top"), [(5, 5), (30, 20), (110, 100)])
def test_the_ink_is_scaled_to_20_and_centred_by_mass_in_28(left: int, top: int) -> None:
    framed = frame_content(drawn_seven(left=left, top=top), 20)
    assert framed.shape == (28, 28)
    rows, columns = np.flatnonzero(framed.any(axis=1)), np.flatnonzero(framed.any(axis=0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    assert np.allclose(centre(framed), 14.5, atol=0.51)


def test_where_the_ink_stood_and_how_large_it_was_does_not_show() -> None:
    one = frame_content(drawn_seven(), 20).astype(int)
    other = frame_content(drawn_seven(side=400, left=200, top=150, size=180), 20).astype(int)
    assert np.abs(one - other).mean() < 6


def test_mnist_stays_nearly_as_it_is(mnist: NDArray[np.uint8]) -> None:
    before = encode_batch(mnist[:300])
    after = encode_batch(np.stack([frame_content(image, 20) for image in mnist[:300]]))
    assert (before == after).mean() > 0.97


def test_uneven_light_and_grain_of_paper_are_taken_off() -> None:
    generator = np.random.default_rng(0)
    shade = np.add.outer(np.linspace(150, 230, 200), np.linspace(-25, 25, 200))
    paper = shade - drawn_seven() * 0.4 + generator.normal(0, 3, (200, 200))
    photo = 255 - paper.clip(0, 255).astype(np.uint8)
    got, wanted = frame_content(photo, 20), frame_content(drawn_seven(), 20)
    assert np.abs(got.astype(int) - wanted).mean() < 12
    assert (encode_batch(got[None]) == encode_batch(wanted[None])).mean() > 0.9


@pytest.mark.parametrize("grey", [0, 90, 255])
def test_blank_paper_stays_blank(grey: int) -> None:
    assert not frame_content(np.full((50, 50), grey, np.uint8), 20).any()


def test_noisy_paper_stays_blank() -> None:
    noise = np.random.default_rng(0).normal(120, 6, (300, 300)).clip(0, 255).astype(np.uint8)
    assert not frame_content(noise, 20).any()


def test_specks_do_not_move_the_frame() -> None:
    speckled = drawn_seven()
    speckled[190, 190] = 255
    assert np.array_equal(frame_content(speckled, 20), frame_content(drawn_seven(), 20))


def test_a_thin_pen_is_made_as_wide_as_a_usual_one() -> None:
    thin = np.zeros((300, 300), np.uint8)
    thin[50:250, 148:152] = 255
    thin[50:54, 80:152] = 255
    framed = frame_content(thin, 20)
    assert framed.max() > 240
    assert 1.3 < framed.sum() / 255 / (20 + 7) < 2.5


def test_wider_layouts_get_finer_frames() -> None:
    assert frame_content(drawn_seven(), 28).shape == (28, 28)
    assert frame_content(drawn_seven(), 60).shape == (84, 84)


def test_dark_ink_on_light_paper_is_read_with_automatic_polarity() -> None:
    options = EncodeOptions(polarity="auto", framing="content")
    light, dark = (Image.fromarray(image) for image in (drawn_seven(), 255 - drawn_seven()))
    assert encode(light, options=options) == encode(dark, options=options)


def test_pieces_are_joined_at_their_corners_and_around_bays() -> None:
    mask = np.array([[1, 0, 1, 0, 0], [1, 0, 1, 0, 1], [0, 1, 0, 0, 0], [0, 0, 0, 1, 0]], bool)
    assert label_pieces(mask).tolist() == [[1, 0, 1, 0, 0], [1, 0, 1, 0, 2], [0, 1, 0, 0, 0], [0, 0, 0, 3, 0]]


def test_pieces_agree_with_scipy() -> None:
    ndimage = pytest.importorskip("scipy.ndimage")
    for seed in range(20):
        mask = np.random.default_rng(seed).random((23, 31)) < 0.4
        wanted, _ = ndimage.label(mask, np.ones((3, 3)))
        got = label_pieces(mask)
        assert len(np.unique(got)) == len(np.unique(wanted))
        assert len(np.unique(np.stack([got.ravel(), wanted.ravel()]), axis=1).T) == len(np.unique(wanted))


def test_otsu_parts_two_groups() -> None:
    greys = np.concatenate([np.full(90, 20.0), np.full(10, 200.0)])
    assert 20 <= otsu_threshold(greys) < 200


def test_clean_ink_is_lifted_as_it_is() -> None:
    image = drawn_seven().astype(np.float64)
    assert np.array_equal(lift_ink(image), image)


@pytest.mark.parametrize(("side", "stands"), [(10, False), (20, True), (28, False)])
def test_a_digit_stands_as_taught_where_its_ink_is_as_large_as_mnists(side: int, stands: bool) -> None:
    picture = np.zeros((28, 28), np.uint8)
    start = (28 - side) // 2
    picture[start : start + side, 10:14] = 255
    assert stands_as_taught(picture, "digit") is stands
    assert stands_as_taught(255 - picture, "digit") is stands
    assert stands_as_taught(picture, "garment")
    assert not stands_as_taught(picture[1:], "digit")
