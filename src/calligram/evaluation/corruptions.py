"""Damaged copies of images: LIFT's noise, MNIST-C's fifteen kinds, and curves of our own.

Every kind takes grey images ``(N, 28, 28)`` of bytes and gives as many of the same shape. The same images,
name and seed give the same copies.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calligram.errors import ImageError, OptionError
from calligram.evaluation.filters import Floats, to_bytes, to_floats, turning, warp
from calligram.evaluation.mnist_c import MNIST_C

GreyImages = npt.NDArray[np.uint8]
Chance = np.random.Generator
SIDE = 28
CHUNK = 1000
"""Images are damaged so many at a time, so that memory stays bounded."""

LIFT_AMOUNTS = (0.0, 0.01, 0.1, 0.3)
"""The largest value of the noise, where white is 1; the first is no noise."""


def add_lift_noise(images: GreyImages, kind: str, amount: float, chance: Chance) -> GreyImages:
    """Return images with noise added as LIFT adds it, clipped to 0 … 255 and cut to whole greys.

    Args:
        images: ``(N, 28, 28)``, the whole set, since Gaussian noise is scaled by its largest value in it.
        kind: ``"gaussian"``: standard normal, divided by the largest absolute value, times the amount;
            ``"signed"``: the amount, up or down with even chance; ``"constant"``: the amount.
        amount: the largest value of the noise, where white is 1.
        chance: what is drawn from.

    Raises:
        OptionError: there is no such kind.

    Source: T. Dinh et al., LIFT: Language-Interfaced Fine-Tuning for Non-Language Machine Learning Tasks,
        NeurIPS 2022. There the noise is added to the pixels of the same images before they become text.
    """
    if kind not in LIFT_NOISES:
        raise OptionError(f"there is no noise {kind!r}: choose one of {', '.join(LIFT_NOISES)}")
    noise = LIFT_NOISES[kind](images.shape, chance)
    made: GreyImages = np.clip(images + 255 * amount * noise, 0, 255).astype(np.uint8)
    return made


def _gaussian(shape: tuple[int, ...], chance: Chance) -> npt.NDArray[np.float64]:
    noise = chance.standard_normal(shape)
    noise /= abs(noise).max(initial=1e-12)
    return noise


def _signed(shape: tuple[int, ...], chance: Chance) -> npt.NDArray[np.float64]:
    return chance.choice(np.array([-1.0, 1.0]), shape)


def _constant(shape: tuple[int, ...], chance: Chance) -> npt.NDArray[np.float64]:
    return np.ones(shape)


LIFT_NOISES = {"gaussian": _gaussian, "signed": _signed, "constant": _constant}


def corrupt(images: GreyImages, name: str, seed: int = 0) -> GreyImages:
    """Return images damaged in one of MNIST-C's fifteen ways, as ``"shot_noise"``.

    Args:
        images: ``(N, 28, 28)``.
        name: one of :data:`calligram.evaluation.mnist_c.MNIST_C`.
        seed: of all chance in it.

    Raises:
        OptionError: there is no such corruption.
        ImageError: the images have another shape.
    """
    if name not in MNIST_C:
        raise OptionError(f"there is no corruption {name!r}: choose one of {', '.join(MNIST_C)}")
    return _in_chunks(images, MNIST_C[name], chance_for(name, seed))


def chance_for(name: str, seed: int) -> Chance:
    """Return what a kind of damage is drawn from: kinds do not share it, whatever their order."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def _in_chunks(images: GreyImages, damage: Callable[[Floats, Chance], Floats], chance: Chance) -> GreyImages:
    if images.ndim != 3 or images.shape[1:] != (SIDE, SIDE) or images.dtype != np.uint8:
        raise ImageError(
            f"images of shape {images.shape} and kind {images.dtype} cannot be damaged: "
            f"give (N, {SIDE}, {SIDE}) as uint8"
        )
    made = np.empty_like(images)
    for start in range(0, len(images), CHUNK):
        part = slice(start, start + CHUNK)
        made[part] = to_bytes(damage(to_floats(images[part]), chance))
    return made


@dataclass(frozen=True)
class Curve:
    """One kind of damage at growing amounts.

    Args:
        unit: what an amount is, for the axis of a plot.
        amounts: from the least damage to the most; 0 would be none.
        damage: images, amount and chance in, damaged images out.
    """

    unit: str
    amounts: tuple[float, ...]
    damage: Callable[[Floats, float, Chance], Floats]

    def apply(self, images: GreyImages, name: str, amount: float, seed: int = 0) -> GreyImages:
        """Return images ``(N, 28, 28)`` damaged by so much."""
        return _in_chunks(
            images, lambda part, chance: self.damage(part, amount, chance), chance_for(name, seed)
        )


def _shift(images: Floats, pixels: float, chance: Chance) -> Floats:
    """Move each image by so many pixels in a direction of its own."""
    angle = chance.uniform(0, 2 * np.pi, len(images))
    back = np.zeros((len(images), 2, 3))
    back[:, 0, 0] = back[:, 1, 1] = 1
    back[:, 0, 2], back[:, 1, 2] = pixels * np.cos(angle), pixels * np.sin(angle)
    return warp(images, back)


def _turn(images: Floats, degrees: float, chance: Chance) -> Floats:
    """Turn each image by so much to the left or to the right."""
    side = chance.choice(np.array([-1.0, 1.0]), len(images))
    return warp(images, turning(np.deg2rad(degrees) * side))


def _shrink(images: Floats, share: float, chance: Chance) -> Floats:
    return _grow(images, -share, chance)


def _grow(images: Floats, share: float, chance: Chance) -> Floats:
    return warp(images, np.array([[1 / (1 + share), 0, 0], [0, 1 / (1 + share), 0]]))


def _occlude(images: Floats, side: float, chance: Chance) -> Floats:
    """Erase a square of so many pixels each way, anywhere within the image."""
    corner = chance.integers(0, SIDE - int(side) + 1, (2, len(images), 1))
    place = np.arange(SIDE)
    rows, columns = ((place >= start) & (place < start + int(side)) for start in corner)
    made: Floats = images * ~(rows[:, :, None] & columns[:, None, :])
    return made


def _invert(images: Floats, share: float, chance: Chance) -> Floats:
    """Mix each image with its own negative."""
    return images * np.float32(1 - share) + (1 - images) * np.float32(share)


CURVES: dict[str, Curve] = {
    "shift": Curve("pixels", (1, 2, 3, 4, 6), _shift),
    "turn": Curve("degrees to either side", (10, 20, 30, 45, 90), _turn),
    "smaller": Curve("share of the size taken away", (0.1, 0.2, 0.3, 0.4, 0.5), _shrink),
    "larger": Curve("share of the size added", (0.1, 0.2, 0.3, 0.4, 0.5), _grow),
    "occlusion": Curve("side of an erased square, pixels", (4, 6, 8, 10, 14), _occlude),
    "polarity": Curve("share of the negative", (0.1, 0.3, 0.7, 0.9, 1.0), _invert),
}
"""Damage of our own, by name."""
