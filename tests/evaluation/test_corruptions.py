"""Damaged copies of images, each against what its description says."""

import numpy as np
import pytest

from calligram.errors import ImageError, OptionError
from calligram.evaluation.corruptions import (
    CURVES,
    LIFT_AMOUNTS,
    LIFT_NOISES,
    add_lift_noise,
    chance_for,
    corrupt,
)
from calligram.evaluation.mnist_c import MNIST_C, glass_blur, make_plasma

STILL = {"scale", "brightness", "stripe", "canny_edges"}
"""What is damaged in the same way each time."""


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    """Return thick strokes on black, each at a place of its own, well inside the frame."""
    made = np.zeros((24, 28, 28), np.uint8)
    for place in range(len(made)):
        made[place, 7:21, 8 + place % 8 : 12 + place % 8] = 255
        made[place, 17:20, 8:20] = 200
    return made


@pytest.mark.parametrize("kind", LIFT_NOISES)
def test_no_noise_changes_nothing(images: np.ndarray, kind: str) -> None:
    assert LIFT_AMOUNTS == (0.0, 0.01, 0.1, 0.3)
    assert (add_lift_noise(images, kind, 0.0, chance_for(kind, 0)) == images).all()


def test_the_largest_gaussian_noise_of_the_whole_set_is_the_amount() -> None:
    grey = np.full((200, 28, 28), 128, np.uint8)
    change = add_lift_noise(grey, "gaussian", 0.3, chance_for("gaussian", 0)).astype(int) - 128
    assert abs(change).max() in (76, 77)  # 76.5, cut to a whole grey
    assert change.std() == pytest.approx(76.5 / 4.6, rel=0.15)  # 156,800 draws reach about 4.6 sigmas


def test_signed_noise_goes_up_or_down_and_constant_noise_up() -> None:
    grey = np.full((50, 28, 28), 128, np.uint8)
    signed = add_lift_noise(grey, "signed", 0.1, chance_for("signed", 0))
    assert sorted(set(signed.ravel().tolist())) == [102, 153]  # 128 -+ 25.5, cut to a whole grey
    assert (signed == 153).mean() == pytest.approx(0.5, abs=0.02)
    assert (add_lift_noise(grey, "constant", 0.1, chance_for("constant", 0)) == 153).all()


def test_noise_beyond_black_and_white_is_clipped() -> None:
    ends = np.array([[[0, 255]]], np.uint8)
    assert add_lift_noise(ends, "constant", 0.3, chance_for("constant", 0)).tolist() == [[[76, 255]]]


@pytest.mark.parametrize("name", MNIST_C)
def test_a_corruption_follows_from_images_and_seed_and_leaves_the_images(
    images: np.ndarray, name: str
) -> None:
    before = images.copy()
    first = corrupt(images, name, 3)
    assert (first.shape, first.dtype) == (images.shape, np.uint8)
    assert (images == before).all()
    assert (corrupt(images, name, 3) == first).all()
    assert (first != images).any(axis=(1, 2)).all()
    assert (corrupt(images, name, 4) == first).all() == (name in STILL)


@pytest.mark.parametrize("name", sorted(set(MNIST_C) - STILL))
def test_every_picture_is_damaged_in_its_own_way(name: str) -> None:
    same = np.zeros((40, 28, 28), np.uint8)
    same[:, 6:22, 9:19] = 255
    assert len({one.tobytes() for one in corrupt(same, name)}) >= 2


def test_there_are_the_fifteen_of_the_paper() -> None:
    assert len(MNIST_C) == 15


def test_shot_noise_counts_three_photons_to_white(images: np.ndarray) -> None:
    made = corrupt(images, "shot_noise")
    assert set(made.ravel().tolist()) <= {0, 85, 170, 255}
    assert (made[images == 0] == 0).all()
    white = np.full((50, 28, 28), 255, np.uint8)
    # a Poisson count of mean 3 that is cut off at 3
    assert corrupt(white, "shot_noise").mean() / 255 == pytest.approx(0.776, abs=0.01)


def test_impulse_noise_hits_seventeen_pixels_in_a_hundred() -> None:
    grey = np.full((100, 28, 28), 100, np.uint8)
    made = corrupt(grey, "impulse_noise")
    assert (made != 100).mean() == pytest.approx(0.17, abs=0.01)
    assert (made == 255).mean() == pytest.approx(0.085, abs=0.01)


def test_blurs_keep_the_ink_and_spread_it(images: np.ndarray) -> None:
    for name in ("glass_blur", "motion_blur"):
        made = corrupt(images, name).astype(float)
        assert made.sum() == pytest.approx(images.sum(dtype=float), rel=0.1)
        assert ((made > 0).sum(axis=(1, 2)) > (images > 0).sum(axis=(1, 2))).all()


def test_behind_glass_a_try_in_four_moves_a_pixel_aside() -> None:
    ramp = np.arange(28, dtype=np.float32)[None, None, :] / 28  # each column of a grey of its own
    seen = glass_blur(np.repeat(np.repeat(ramp, 28, 1), 60, 0), np.random.default_rng(0))[:, 4:-4, 4:-4]
    places = np.rint(seen * 28) - np.arange(4, 24)
    assert 0.4 < (places != 0).mean() < 0.6


def test_glass_blurs_from_above_to_below_alone() -> None:
    class NoMoves:
        def integers(self, low: int, high: int, shape: tuple[int, int]) -> np.ndarray:
            return np.zeros(shape, np.int64)

    line = np.zeros((1, 28, 28), np.float32)
    line[0, :, 14] = 1  # along the blur, which leaves it as it is but for bytes
    assert np.abs(glass_blur(line, NoMoves()) - line).max() < 2 / 255  # type: ignore[arg-type]
    assert np.abs(glass_blur(line.transpose(0, 2, 1), NoMoves()) - line.transpose(0, 2, 1)).max() > 0.3  # type: ignore[arg-type]


def test_a_point_in_motion_leaves_a_line_that_fades_to_one_side() -> None:
    point = np.zeros((1, 28, 28), np.uint8)
    point[0, 14, 20] = 255
    made = corrupt(point, "motion_blur")[0]
    lit = np.argwhere(made)
    order = lit[np.argsort(lit[:, 1])]
    values = [int(made[row, column]) for row, column in order]
    assert order[-1].tolist() == [14, 20]
    assert values == sorted(values)
    # half a Gaussian of sigma 3 has this share in its first pixel
    assert values[-1] == pytest.approx(255 / sum(np.exp(-(k**2) / 18) for k in range(21)), abs=1)


def test_translation_is_three_pixels_each_way(images: np.ndarray) -> None:
    moves = {(down, across) for down in (-3, 3) for across in (-3, 3)}
    found = set()
    for made, image in zip(corrupt(images, "translate"), images, strict=True):
        alike = [move for move in moves if (np.roll(image, move, (0, 1)) == made).all()]
        assert len(alike) == 1
        found |= set(alike)
    assert len(found) > 1


def test_stripes_invert_the_outer_quarters(images: np.ndarray) -> None:
    made = corrupt(images, "stripe")
    assert (made[:, :, :7] == 255 - images[:, :, :7]).all()
    assert (made[:, :, 21:] == 255 - images[:, :, 21:]).all()
    assert (made[:, :, 7:21] == images[:, :, 7:21]).all()


def test_scaling_keeps_the_middle_and_leaves_seven_tenths() -> None:
    square = np.zeros((1, 28, 28), np.uint8)
    square[0, 4:24, 4:24] = 255
    made = corrupt(square, "scale")[0] / 255
    assert made.sum() == pytest.approx(400 * 0.49, rel=0.02)
    assert (made @ np.arange(28)).sum() / made.sum() == pytest.approx(13.5, abs=0.01)


def test_brightness_adds_half_of_white(images: np.ndarray) -> None:
    assert sorted(set(corrupt(images, "brightness").ravel().tolist())) == [128, 255]


def test_fog_covers_the_paper_and_keeps_the_image_no_brighter_than_it_was(images: np.ndarray) -> None:
    made = corrupt(images, "fog")
    assert made[images == 0].mean() > 20
    assert (made.max(axis=(1, 2)) <= images.max(axis=(1, 2))).all()


def test_a_plasma_is_smooth_and_fills_its_range() -> None:
    plasma = make_plasma(64, 1.4, np.random.default_rng(0))
    assert (plasma.min(), plasma.max()) == (0, 1)
    assert abs(np.diff(plasma)).mean() < 0.05
    # it repeats itself, so that its borders meet as smoothly
    assert abs(plasma[:, 0] - plasma[:, -1]).mean() < 0.05


def test_spatter_paints_a_dark_grey(images: np.ndarray) -> None:
    made = corrupt(images, "spatter")
    assert made[images == 0].max() <= 63
    assert (made[images == 0] >= 50).mean() > 0.01
    assert made[images == 255].min() >= 63


def test_lines_are_added_where_the_paper_says(images: np.ndarray) -> None:
    blank = np.zeros_like(images)
    dots = corrupt(blank, "dotted_line")
    for start in range(0, 28, 4):
        assert not dots[:, :, start : start + 2].any()
        assert dots[:, :, start + 2].any(axis=1).all()
    zigzags = corrupt(blank, "zigzag")
    # corners may stand out by a pixel from columns 2 to 25
    assert not zigzags[:, :, :1].any()
    assert not zigzags[:, :, 27:].any()
    assert zigzags[:, :, 4:24].any(axis=1).mean() > 0.9
    for name, made in (("dotted_line", dots), ("zigzag", zigzags)):
        assert (corrupt(images, name) >= images).all()
        assert made.max() == 255


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_begins_at_no_damage_and_rises(images: np.ndarray, name: str) -> None:
    curve = CURVES[name]
    assert (curve.apply(images, name, 0) == images).all()
    changes = [
        abs(curve.apply(images, name, amount).astype(int) - images).mean()
        for amount in (curve.amounts[0], curve.amounts[-1])
    ]
    assert 0 < changes[0] < changes[1]


def test_a_picture_of_wrong_polarity_is_its_negative(images: np.ndarray) -> None:
    assert (CURVES["polarity"].apply(images, "polarity", 1) == 255 - images).all()


def test_an_erased_square_lies_within_the_image() -> None:
    white = np.full((100, 28, 28), 255, np.uint8)
    assert ((CURVES["occlusion"].apply(white, "occlusion", 6) == 0).sum(axis=(1, 2)) == 36).all()


def test_a_turn_there_and_a_turn_back_are_both_drawn(images: np.ndarray) -> None:
    same = np.repeat(images[:1], 30, axis=0)
    assert len({one.tobytes() for one in CURVES["turn"].apply(same, "turn", 30)}) == 2


def test_unknown_damage_and_images_of_another_size_are_refused(images: np.ndarray) -> None:
    with pytest.raises(OptionError, match="there is no corruption 'rain': choose one of shot_noise"):
        corrupt(images, "rain")
    with pytest.raises(OptionError, match="there is no noise 'pink': choose one of gaussian"):
        add_lift_noise(images, "pink", 0.1, chance_for("pink", 0))
    with pytest.raises(ImageError, match=r"\(24, 28, 27\).*give \(N, 28, 28\)"):
        corrupt(images[:, :, 1:], "stripe")
