"""The fifteen corruptions of MNIST-C, rebuilt from their description on many images at once.

Source: N. Mu and J. Gilmer, MNIST-C: A Robustness Benchmark for Computer Vision, 2019. The strengths are the
published ones. What is drawn by chance is drawn anew from a seed, so that single pictures differ from the
published set while the kind and the strength of damage are the same.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from calligram.evaluation.canny import find_edges
from calligram.evaluation.filters import Floats, blur, blur_along, blur_down, turning, warp

Chance = np.random.Generator
Corruption = Callable[[Floats, Chance], Floats]
"""From images ``(N, 28, 28)`` of 0 to 1 to damaged ones, which may leave that range."""

SIDE = 28
ANGLE = 0.4
"""Of shear and rotation, in radians to either side."""
PLASMA_SIDE = 256
LINE_REACH = 2.3
"""A line fades out over so many pixels above and below."""
ZIGZAG_STEP = 2.0


def shot_noise(images: Floats, chance: Chance) -> Floats:
    """Return counts of photons, three for a white pixel."""
    return (chance.poisson(images * 3) / 3).astype(np.float32)


def impulse_noise(images: Floats, chance: Chance) -> Floats:
    """Return images of which 0.17 of the pixels are black or white, with even chance."""
    hit = chance.random(images.shape) < 0.17
    white = chance.random(images.shape) < 0.5
    return np.where(hit, white.astype(np.float32), images)


def glass_blur(images: Floats, chance: Chance) -> Floats:
    """Return images whose pixels change places with near ones, twice over, blurred before and after.

    A pixel moves or not by even chance; one that does goes up or not, and to the left or not. The published
    set was blurred from above to below alone, since the filter took the last axis for colours; so is this.
    """
    made = (np.floor(blur_down(images, 0.7) * 255) / 255).astype(np.float32)
    number = np.arange(len(images))
    for _ in range(2):
        for row in range(SIDE - 1, 1, -1):
            for column in range(SIDE - 1, 1, -1):
                moves, up, left = chance.integers(0, 2, (3, len(images)))
                there = (number, row - moves * up, column - moves * left)
                kept = made[:, row, column].copy()
                made[:, row, column] = made[there]
                made[there] = kept
    return blur_down(made, 0.7)


def motion_blur(images: Floats, chance: Chance) -> Floats:
    """Return images smeared to one side along a line at up to 45 degrees."""
    return blur_along(images, np.deg2rad(chance.uniform(-45, 45, len(images))), 10, 3.0)


def shear(images: Floats, chance: Chance) -> Floats:
    """Return images leaning by 0.4 radians to either side, with the middle in its place."""
    lean = ANGLE * _signs(chance, len(images))
    back = np.zeros((len(images), 2, 3))
    back[:, 0, 0], back[:, 0, 1], back[:, 1, 1] = 1, -np.sin(lean), np.cos(lean)
    return warp(images, back)


def scale(images: Floats, chance: Chance) -> Floats:
    """Return images shrunk to 0.7 about their middle."""
    return warp(images, np.array([[1 / 0.7, 0, 0], [0, 1 / 0.7, 0]]))


def rotate(images: Floats, chance: Chance) -> Floats:
    """Return images turned by 0.4 radians to either side."""
    return warp(images, turning(ANGLE * _signs(chance, len(images))))


def brightness(images: Floats, chance: Chance) -> Floats:
    """Return images with half of white added everywhere."""
    return images + np.float32(0.5)


def translate(images: Floats, chance: Chance) -> Floats:
    """Return images moved by three pixels each way."""
    back = np.zeros((len(images), 2, 3))
    back[:, 0, 0] = back[:, 1, 1] = 1
    back[:, 0, 2], back[:, 1, 2] = 3 * _signs(chance, len(images)), 3 * _signs(chance, len(images))
    return warp(images, back)


def stripe(images: Floats, chance: Chance) -> Floats:
    """Return images whose outer quarters, left and right, are inverted."""
    made = images.copy()
    for part in (slice(0, 7), slice(21, SIDE)):
        made[:, :, part] = 1 - made[:, :, part]
    return made


def fog(images: Floats, chance: Chance) -> Floats:
    """Return images behind three times their white of cloud, scaled back to their own white."""
    highest = images.max(axis=(1, 2), keepdims=True)
    clouds = np.stack([make_plasma(PLASMA_SIDE, 1.4, chance)[:SIDE, :SIDE] for _ in images])
    made: Floats = (images + 3 * clouds) * highest / (highest + 3)
    return made


def make_plasma(side: int, decay: float, chance: Chance) -> npt.NDArray[np.float32]:
    """Return one cloudy map from 0 to 1, ``(side, side)``, that repeats itself beyond its borders.

    Args:
        side: a power of two.
        decay: the chance part of each finer step is less by the square of this, as in the published set.
        chance: what is drawn from.

    Source: A. Fournier, D. Fussell and L. Carpenter, Computer Rendering of Stochastic Models, 1982.
    """
    plasma = np.zeros((side, side), np.float32)
    step, strength = side, np.float32(1)
    while step >= 2:
        half = step // 2
        corners, middles = plasma[::step, ::step], plasma[half::step, half::step]

        def settle(total: Floats, strength: np.float32 = strength) -> Floats:
            return total / 4 + strength * (2 * chance.random(total.shape, np.float32) - 1)

        along = corners + np.roll(corners, -1, 0)
        middles[:] = settle(along + np.roll(along, -1, 1))
        right = corners + np.roll(corners, -1, 1)
        plasma[::step, half::step] = settle(right + middles + np.roll(middles, 1, 0))
        below = corners + np.roll(corners, -1, 0)
        plasma[half::step, ::step] = settle(below + middles + np.roll(middles, 1, 1))
        step, strength = half, strength / np.float32(decay**2)
    plasma -= plasma.min()
    plasma /= plasma.max()
    return plasma


def spatter(images: Floats, chance: Chance) -> Floats:
    """Return images with drops of dark grey mud on them."""
    layer = blur(chance.normal(0.65, 0.3, images.shape).astype(np.float32), 1.0)
    drops = blur((layer > 0.65).astype(np.float32), 1.5)
    drops[drops < 0.8] = 0
    return images * (1 - drops) + drops * np.float32(63 / 255)


def dotted_line(images: Floats, chance: Chance) -> Floats:
    """Return images with a dotted line from the left side to the right."""
    ends = chance.integers(0, SIDE, (2, len(images))).astype(np.float64)
    lines = draw_line(np.zeros(len(images)), ends[0], np.full(len(images), SIDE - 1.0), ends[1])
    dots = np.arange(SIDE) // 2 % 2 == 1
    made: Floats = images + lines * dots.astype(np.float32)
    return made


def zigzag(images: Floats, chance: Chance) -> Floats:
    """Return images with a zigzag from the left side to the right."""
    start = chance.integers(0, SIDE - 1, len(images))
    rise = chance.integers(-5, 5, len(images))
    made = images.copy()
    # there are ten slopes, and all lines of one slope have the same corners
    for slope in np.unique(rise):
        x, y = _corners(float(slope))
        own = rise == slope
        top = start[own].astype(np.float64)
        marks = np.zeros((len(top), SIDE, SIDE), np.float32)
        for place in range(len(x) - 1):
            begin, end = (np.full(len(top), x[place + more]) for more in (0, 1))
            marks = np.maximum(marks, draw_line(begin, top + y[place], end, top + y[place + 1]))
        made[own] += marks
    return made


def _corners(rise: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return columns and heights above the start of a zigzag from column 2 to 25 that rises by so much."""
    left, right = 2.0, SIDE - 3.0
    angle = np.arctan2(rise, right - left)
    length = (right - left) / np.cos(angle)
    along = np.arange(ZIGZAG_STEP, length, 2 * ZIGZAG_STEP)
    aside = ZIGZAG_STEP * np.where(np.arange(len(along)) % 2, -1.0, 1.0)
    along, aside = np.concatenate([[0], along, [length]]), np.concatenate([[0], aside, [0]])
    return left + along * np.cos(angle) - aside * np.sin(angle), along * np.sin(angle) + aside * np.cos(angle)


def canny_edges(images: Floats, chance: Chance) -> Floats:
    """Return the edges of images, white on black."""
    return find_edges(images).astype(np.float32)


def draw_line(
    x0: npt.NDArray[np.float64],
    y0: npt.NDArray[np.float64],
    x1: npt.NDArray[np.float64],
    y1: npt.NDArray[np.float64],
) -> Floats:
    """Return for each pair of ends an image of the line between, which fades upward and downward.

    Args:
        x0: columns of the left ends, ``(N,)``.
        y0: rows of them.
        x1: columns of the right ends, greater than ``x0``.
        y1: rows of them.
    """
    columns, rows = np.arange(SIDE), np.arange(SIDE)
    slope = (y1 - y0) / (x1 - x0)
    height = slope[:, None] * (columns - x0[:, None]) + y0[:, None]
    gap = np.minimum(abs(rows[:, None] - height[:, None, :]) / LINE_REACH, 1 - 1e-10)
    inside = (columns >= np.floor(x0)[:, None]) & (columns < np.ceil(x1)[:, None])
    made: Floats = (np.clip(np.log(1 - gap) + 1, 0, 1) * inside[:, None, :]).astype(np.float32)
    return made


def _signs(chance: Chance, count: int) -> npt.NDArray[np.float64]:
    return chance.choice(np.array([-1.0, 1.0]), count)


MNIST_C: dict[str, Corruption] = {
    made.__name__: made
    for made in (
        shot_noise,
        impulse_noise,
        glass_blur,
        motion_blur,
        shear,
        scale,
        rotate,
        brightness,
        translate,
        stripe,
        fog,
        spatter,
        dotted_line,
        zigzag,
        canny_edges,
    )
}
"""The fifteen, in the order of the paper."""
