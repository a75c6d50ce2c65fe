"""Measures of images, beside other implementations and beside images made so that the answer is known."""

import math
import statistics
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from calligram.metrics import (
    balance,
    colourfulness,
    complexity,
    contrast,
    edge_density,
    empty_space,
    entropy,
    horizon,
    lightness,
    rhythm,
    symmetry,
    texture,
    warmth,
)
from calligram.metrics.base import Pixels, measure_all
from calligram.picture.lab import to_lab

ndimage = pytest.importorskip("scipy.ndimage", reason="scipy is the other implementation")
stats = pytest.importorskip("scipy.stats", reason="scipy is the other implementation")

Bytes = NDArray[np.uint8]
ALL = (
    balance,
    colourfulness,
    complexity,
    contrast,
    edge_density,
    empty_space,
    entropy,
    horizon,
    lightness,
    rhythm,
    symmetry,
    texture,
    warmth,
)


def flat(colour: tuple[int, int, int], height: int = 60, width: int = 80) -> Bytes:
    return np.full((height, width, 3), colour, np.uint8)


def grey(plane: NDArray[np.generic]) -> Pixels:
    return Pixels(np.repeat(np.asarray(plane, np.uint8)[..., None], 3, axis=-1))


@pytest.fixture(scope="module")
def scene() -> Pixels:
    """A picture with forms, shades and grain, 60 x 64."""
    rng = np.random.default_rng(11)
    coarse = rng.integers(0, 256, (6, 8, 3)).astype(np.uint8)
    forms = np.asarray(Image.fromarray(coarse).resize((64, 60), Image.Resampling.BICUBIC), np.float64)
    return Pixels((forms + rng.normal(0, 4, forms.shape)).clip(0, 255).astype(np.uint8))


# all


@pytest.mark.parametrize("measure", ALL, ids=lambda measure: measure.__name__.rpartition(".")[2])
@pytest.mark.parametrize("size", [(1, 1), (1, 700), (700, 1), (2, 3), (37, 41)])
def test_a_measure_of_an_image_of_any_shape_is_finite(measure: object, size: tuple[int, int]) -> None:
    pixels = Pixels(np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8))
    for value in measure.measure(pixels).values():  # type: ignore[attr-defined]
        assert value is None or np.isfinite(value).all()


def test_all_measures_of_images_are_found_by_their_files() -> None:
    names = {measure.__name__.rpartition(".")[2] for measure in ALL}
    assert set(measure_all(Pixels(flat((10, 20, 30))))) == names


# colourfulness


def test_colourfulness_is_that_of_the_paper_pixel_by_pixel(scene: Pixels) -> None:
    flat_pixels = [tuple(map(int, pixel)) for pixel in scene.rgb.reshape(-1, 3)]
    red_green = [red - green for red, green, _ in flat_pixels]
    yellow_blue = [0.5 * (red + green) - blue for red, green, blue in flat_pixels]
    spread = math.sqrt(statistics.pvariance(red_green) + statistics.pvariance(yellow_blue))
    offset = math.sqrt(statistics.fmean(red_green) ** 2 + statistics.fmean(yellow_blue) ** 2)
    assert colourfulness.measure(scene)["colourfulness"] == pytest.approx(spread + 0.3 * offset)


def test_colourfulness_of_greys_is_nought_and_of_flat_red_known() -> None:
    assert colourfulness.measure(grey(np.arange(200).reshape(10, 20)))["colourfulness"] == 0
    found = colourfulness.measure(Pixels(flat((255, 0, 0))))["colourfulness"]
    assert found == pytest.approx(0.3 * math.hypot(255, 127.5))


# light


def test_contrast_of_half_black_and_half_white_is_the_most() -> None:
    plane = np.repeat([0, 255], 40)[None].repeat(30, axis=0)
    assert contrast.measure(grey(plane)) == pytest.approx({"rms": 0.5, "michelson": 1.0})


def test_contrast_is_the_deviation_of_lightness_and_michelsons_fraction(scene: Pixels) -> None:
    tones = sorted(float(value) for value in to_lab(scene.rgb)[..., 0].ravel())
    dark, light = stats.scoreatpercentile(tones, 1), stats.scoreatpercentile(tones, 99)
    figures = contrast.measure(scene)
    assert figures["rms"] == pytest.approx(statistics.pstdev(tones) / 100)
    assert figures["michelson"] == pytest.approx((light - dark) / (light + dark))


def test_contrast_of_a_black_image_is_nought() -> None:
    assert contrast.measure(Pixels(flat((0, 0, 0)))) == {"rms": 0.0, "michelson": 0.0}


def test_lightness_of_a_quarter_white_on_black_is_known() -> None:
    plane = np.zeros((40, 40))
    plane[:20, :20] = 255
    assert lightness.measure(grey(plane)) == pytest.approx(
        {"mean": 25.0, "median": 0.0, "darks": 0.75, "lights": 0.25}
    )


def test_middle_grey_has_half_the_lightness() -> None:
    figures = lightness.measure(Pixels(flat((119, 119, 119))))
    assert figures["mean"] == pytest.approx(50.0, abs=0.1)
    assert (figures["darks"], figures["lights"]) == (0, 0)


def test_entropy_of_four_tones_in_equal_parts_is_two_bits() -> None:
    assert entropy.measure(grey(np.repeat([3, 90, 170, 250], 25)[None]))["bits"] == pytest.approx(2)


def test_entropy_of_one_tone_is_nought_and_of_all_eight_bits() -> None:
    assert entropy.measure(Pixels(flat((80, 80, 80))))["bits"] == 0
    assert entropy.measure(grey(np.arange(256)[None]))["bits"] == pytest.approx(8)


def test_entropy_is_scipys_of_pillows_greys(scene: Pixels) -> None:
    counts = Image.fromarray(scene.rgb).convert("L").histogram()
    # Pillow rounds its weights to sixteen bits, which moves a few pixels by one grey
    assert entropy.measure(scene)["bits"] == pytest.approx(stats.entropy(counts, base=2), abs=0.01)


# warmth


@pytest.mark.parametrize("colour", [(240, 120, 40), (40, 90, 200), (90, 160, 60), (150, 120, 140)])
def test_warmth_of_one_colour_is_its_formula(colour: tuple[int, int, int]) -> None:
    _, a, b = (float(part) for part in to_lab(np.array(colour, np.uint8)))
    turn = math.atan2(b, a) - math.radians(50)
    expected = max(-1.0, min(1.0, 0.02 * math.hypot(a, b) ** 1.07 * math.cos(turn)))
    assert warmth.measure(Pixels(flat(colour)))["warmth"] == pytest.approx(expected)


def test_orange_is_warm_blue_cool_and_grey_neither() -> None:
    found = [warmth.measure(Pixels(flat(c)))["warmth"] for c in ((240, 120, 40), (40, 90, 200), (99, 99, 99))]
    assert found[0] > 0.5
    assert found[1] < -0.3
    assert found[2] == pytest.approx(0, abs=1e-9)


def test_warmth_of_two_halves_is_the_mean_of_both() -> None:
    one, other = flat((180, 110, 80)), flat((80, 100, 150))
    both = Pixels(np.concatenate([one, other]))
    halves = [warmth.measure(Pixels(half)) for half in (one, other)]
    for key, value in warmth.measure(both).items():
        assert value == pytest.approx((halves[0][key] + halves[1][key]) / 2)


# balance


def test_balance_is_scipys_centre_of_mass_of_what_stands_out(scene: Pixels) -> None:
    smooth = to_lab(scene.rgb)
    for axis in (0, 1):
        smooth = ndimage.convolve1d(smooth, np.array([1, 4, 6, 4, 1]) / 16, axis=axis, mode="nearest")
    weight = np.linalg.norm(smooth - to_lab(scene.rgb).mean(axis=(0, 1)), axis=-1)
    down, across = ndimage.center_of_mass(weight)
    figures = balance.measure(scene)
    assert figures["x"] == pytest.approx((across + 0.5) / 64)
    assert figures["y"] == pytest.approx((down + 0.5) / 60)


def test_thirds_of_sides_that_three_divides_are_sums_of_blocks() -> None:
    rgb = np.random.default_rng(5).integers(0, 256, (30, 60, 3), dtype=np.uint8)
    smooth = to_lab(rgb)
    for axis in (0, 1):
        smooth = ndimage.convolve1d(smooth, np.array([1, 4, 6, 4, 1]) / 16, axis=axis, mode="nearest")
    weight = np.linalg.norm(smooth - to_lab(rgb).mean(axis=(0, 1)), axis=-1)
    expected = weight.reshape(3, 10, 3, 20).sum(axis=(1, 3)).ravel() / weight.sum()
    assert balance.measure(Pixels(rgb))["thirds"] == pytest.approx(expected)


@pytest.mark.parametrize("size", [(7, 11), (60, 90), (1, 1)])
def test_a_flat_image_is_balanced_in_the_middle(size: tuple[int, int]) -> None:
    figures = balance.measure(Pixels(flat((30, 60, 90), *size)))
    assert (figures["x"], figures["y"]) == pytest.approx((0.5, 0.5))
    assert figures["thirds"] == pytest.approx([1 / 9] * 9)


def test_a_spot_draws_the_weight_to_its_third() -> None:
    rgb = flat((20, 20, 20), 90, 90)
    rgb[65:75, 10:20] = (250, 200, 40)
    figures = balance.measure(Pixels(rgb))
    assert int(np.argmax(figures["thirds"])) == 6
    assert figures["x"] < 0.5 < figures["y"]


# symmetry


def test_an_image_beside_its_mirror_image_is_symmetrical(scene: Pixels) -> None:
    both = Pixels(np.concatenate([scene.rgb, scene.rgb[:, ::-1]], axis=1))
    figures = symmetry.measure(both)
    assert figures["left_right"] == pytest.approx(1)
    assert figures["top_bottom"] < 0.6


def test_turning_an_image_by_a_quarter_swaps_its_symmetries(scene: Pixels) -> None:
    one, other = symmetry.measure(scene), symmetry.measure(Pixels(np.rot90(scene.rgb).copy()))
    assert other == pytest.approx({"left_right": one["top_bottom"], "top_bottom": one["left_right"]})


def test_an_image_growing_lighter_from_left_to_right_is_the_opposite_of_its_mirror_image() -> None:
    plane = np.tile(np.arange(100, 160), (60, 1))
    assert symmetry.measure(grey(plane))["left_right"] == pytest.approx(-1, abs=1e-3)


def test_a_sky_above_a_field_is_symmetrical_left_to_right_only_because_nothing_differs() -> None:
    plane = np.repeat([220, 60], 30)[:, None].repeat(60, axis=1)
    figures = symmetry.measure(grey(plane))
    assert figures == pytest.approx({"left_right": 1.0, "top_bottom": -1.0})


def test_symmetry_is_scipys_correlation_of_what_is_left_of_the_rows(scene: Pixels) -> None:
    plane = to_lab(scene.rgb)[..., 0]
    apart = plane - plane.mean(axis=1, keepdims=True)
    expected = stats.pearsonr(apart.ravel(), np.fliplr(apart).ravel()).statistic
    assert symmetry.measure(scene)["left_right"] == pytest.approx(expected)


# horizon


@pytest.mark.parametrize("down", [0.25, 0.5, 0.7])
@pytest.mark.parametrize("upper_is_lighter", [True, False])
def test_a_level_line_is_found_where_it_is_drawn(down: float, upper_is_lighter: bool) -> None:
    plane = np.where(np.arange(400)[:, None] < 400 * down, 180, 90).repeat(300, axis=1)
    plane = plane + np.random.default_rng(1).integers(-9, 10, plane.shape)
    figures = horizon.measure(grey(plane if upper_is_lighter else 255 - plane))
    assert figures["y"] == pytest.approx(down, abs=0.015)
    assert (figures["step"] < 0) is upper_is_lighter


def test_no_horizon_is_found_in_a_flat_image_in_noise_or_in_a_standing_line() -> None:
    standing = np.where(np.arange(300)[None] < 150, 180, 90).repeat(300, axis=0)
    noise = np.random.default_rng(2).integers(0, 256, (300, 300))
    for plane in (np.full((300, 300), 80), standing, noise):
        assert horizon.measure(grey(plane))["y"] is None


def test_a_level_line_across_half_of_the_width_is_no_horizon() -> None:
    plane = np.full((300, 300), 90)
    plane[:150, :150] = 180
    assert horizon.measure(grey(plane))["y"] is None


def test_a_frame_is_no_horizon() -> None:
    plane = np.full((300, 300), 200)
    plane[:12] = plane[-12:] = 10
    assert horizon.measure(grey(plane))["y"] is None


# surface


def test_edges_are_those_of_scipys_sobel(scene: Pixels) -> None:
    plane = to_lab(scene.rgb)[..., 0]
    slope = np.hypot(*(ndimage.sobel(plane, axis=axis, mode="nearest") / 8 for axis in (0, 1)))
    figures = edge_density.measure(scene)
    assert figures == pytest.approx({"density": (slope >= 4).mean(), "slope": slope.mean()})
    assert 0.05 < figures["density"] < 0.95


def test_one_standing_line_has_edges_on_its_two_columns() -> None:
    plane = np.where(np.arange(50)[None] < 25, 255, 0).repeat(20, axis=0)
    assert edge_density.measure(grey(plane))["density"] == pytest.approx(2 / 50)


def test_texture_is_the_median_of_scipys_local_deviation(scene: Pixels) -> None:
    deviation = ndimage.generic_filter(to_lab(scene.rgb)[..., 0], np.std, size=5, mode="nearest")
    figures = texture.measure(scene)
    assert figures["roughness"] == pytest.approx(np.median(deviation), abs=1e-6)
    assert figures["smooth"] == pytest.approx((deviation < 1).mean(), abs=1e-3)


def test_a_few_outlines_do_not_make_a_texture() -> None:
    plane = np.full((100, 100), 200)
    plane[:, 50:53] = 0
    assert texture.measure(grey(plane))["roughness"] == pytest.approx(0, abs=1e-4)


def test_complexity_is_the_size_of_the_file_without_its_head(scene: Pixels, tmp_path: Path) -> None:
    Image.fromarray(scene.rgb).convert("L").save(tmp_path / "grey.jpg", quality=75)
    Image.new("L", (1, 1)).save(tmp_path / "head.jpg", quality=75)
    larger = (tmp_path / "grey.jpg").stat().st_size - (tmp_path / "head.jpg").stat().st_size
    assert complexity.measure(scene)["bits"] == pytest.approx(larger * 8 / (60 * 64))


def test_complexity_grows_from_flat_to_shaded_to_grainy(scene: Pixels) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (128, 128))
    smooth = Pixels(
        np.asarray(Image.fromarray(scene.rgb[:6, :8]).resize((128, 128), Image.Resampling.BICUBIC))
    )
    bits = [
        complexity.measure(pixels)["bits"]
        for pixels in (Pixels(flat((9, 9, 9), 128, 128)), smooth, grey(noise))
    ]
    assert bits == sorted(bits)
    assert bits[0] < 0.1
    assert bits[2] > 4


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_empty_space_is_the_part_without_grain(share: float) -> None:
    plane = np.random.default_rng(7).integers(0, 256, (240, 240))
    plane[: round(240 * share)] = 128
    assert empty_space.measure(grey(plane))["share"] == pytest.approx(share)


def test_empty_cells_are_those_of_small_deviation_counted_plainly() -> None:
    rgb = np.random.default_rng(8).integers(100, 130, (48, 72, 3), dtype=np.uint8)
    rgb[:, :30] //= 3
    lab = to_lab(rgb)
    cells = [
        lab[row : row + 3, column : column + 3].reshape(9, 3)
        for row in range(0, 48, 3)
        for column in range(0, 72, 3)
    ]
    deviations = [math.sqrt(sum(statistics.pvariance(part) for part in cell.T.tolist())) for cell in cells]
    expected = sum(deviation < 4 for deviation in deviations) / len(cells)
    assert 0 < expected < 1
    assert empty_space.measure(Pixels(rgb))["share"] == pytest.approx(expected)


# rhythm


@pytest.mark.parametrize("step", [8, 16, 20])
def test_stripes_repeat_at_their_own_step(step: int) -> None:
    plane = np.where(np.arange(128)[None] % step < step // 2, 40, 200).repeat(128, axis=0)
    figures = rhythm.measure(grey(plane))
    assert figures["strength"] > 0.9
    steps = abs(figures["across"]) * 128 / step
    assert steps == pytest.approx(round(steps), abs=0.05)
    assert round(steps) >= 1


@pytest.mark.parametrize("turns", [0, 1])
def test_one_edge_and_one_bar_are_like_themselves_along_it_but_repeat_nothing(turns: int) -> None:
    across = np.arange(128)[None].repeat(128, axis=0)
    for plane in (np.where(across < 64, 40, 200), np.where(abs(across - 70) < 6, 40, 200)):
        assert rhythm.measure(grey(np.rot90(plane, turns)))["strength"] < 0.3


def test_dots_repeat_along_both_ways() -> None:
    plane = np.full((120, 120), 220)
    for row in range(6, 120, 24):
        for column in range(6, 120, 24):
            plane[row : row + 8, column : column + 8] = 30
    figures = rhythm.measure(grey(plane))
    assert figures["strength"] > 0.8
    for way in ("across", "down"):
        assert figures[way] * 5 == pytest.approx(round(figures[way] * 5), abs=0.05)


def test_noise_one_spot_and_a_flat_image_have_no_rhythm() -> None:
    spot = np.full((128, 128), 200)
    spot[50:70, 50:70] = 20
    noise = np.random.default_rng(9).integers(0, 256, (128, 128))
    for plane in (noise, spot, np.full((128, 128), 90)):
        assert rhythm.measure(grey(plane))["strength"] < 0.3


def test_the_strength_of_rhythm_is_the_correlation_counted_plainly() -> None:
    rng = np.random.default_rng(10)
    plane = np.where(np.arange(96)[None] % 24 < 12, 60, 190) + rng.integers(-40, 41, (80, 96))
    pixels = grey(plane)
    figures = rhythm.measure(pixels)
    tones = to_lab(pixels.rgb)[..., 0]
    tones = tones - ndimage.uniform_filter(tones, 2 * (96 // 16) + 1, mode="nearest")
    tones = tones - tones.mean()
    down, across = round(figures["down"] * 80), round(figures["across"] * 96)
    one = tones[: 80 - down, max(0, -across) : 96 - max(0, across)]
    other = tones[down:, max(0, across) : 96 - max(0, -across)]
    expected = (one * other).sum() / math.sqrt((one**2).sum() * (other**2).sum())
    assert figures["strength"] == pytest.approx(expected)
