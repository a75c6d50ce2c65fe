"""Wear: random damage to training images, so that worn, noisy or badly lit pictures are still read.

Twelve kinds, each of random strength, made here for training; what they are measured with is another set
(:mod:`calligram.evaluation.corruptions`), so that a kind of damage there is at most like one of these.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as functional
from torch import Tensor

from calligram.training.nano_augment import Distortion, distort

WIDE = Distortion(turn_degrees=25.0, shear=0.35, scale=0.3, shift_pixels=3.0, bend_pixels=1.0)
"""Further than any teacher has to follow."""

TWICE = 0.3
"""So many worn images have two kinds of damage."""

Random = torch.Generator


def wear(images: Tensor, random: Random) -> Tensor:
    """Return damaged copies of grey images, each by one or two kinds of damage.

    Args:
        images: float32 (N, H, W) in 0..1.
        random: the source of randomness; the same state gives the same images.

    Returns:
        float32 (N, H, W) in 0..1.
    """
    worn = images.clone()
    again = torch.rand(len(images), generator=random) < TWICE
    for hit in (torch.ones_like(again), again):
        kinds = torch.randint(len(_KINDS), (len(images),), generator=random)
        for number, damage in enumerate(_KINDS):
            chosen = (hit & (kinds == number)).nonzero()[:, 0]
            if len(chosen):
                worn[chosen] = damage(worn[chosen], random).clamp(0, 1)
    return worn


def _amounts(images: Tensor, low: float, high: float, random: Random) -> Tensor:
    """Return an amount for each image, evenly from low to high, as (N, 1, 1)."""
    return low + (high - low) * torch.rand(len(images), 1, 1, generator=random)


def _signs(shape: torch.Size | tuple[int, ...], random: Random) -> Tensor:
    return torch.where(torch.rand(shape, generator=random) < 0.5, -1.0, 1.0)


def _moved(images: Tensor, random: Random) -> Tensor:
    return distort(images, WIDE, random)


def _grainy(images: Tensor, random: Random) -> Tensor:
    """Add noise: normal, of one size with random signs, or the same everywhere."""
    kind = torch.randint(3, (len(images), 1, 1), generator=random)
    normal = torch.randn(images.shape, generator=random) * 0.7
    signs = _signs(images.shape, random)
    grain = torch.where(kind == 0, normal, torch.where(kind == 1, signs, torch.ones_like(signs)))
    return images + _amounts(images, 0, 0.45, random) * grain


def _dusty(images: Tensor, random: Random) -> Tensor:
    """Set single pixels to black or white."""
    hit = torch.rand(images.shape, generator=random) < _amounts(images, 0.02, 0.25, random)
    return torch.where(hit, _signs(images.shape, random).clamp(0, 1), images)


def _dim(images: Tensor, random: Random) -> Tensor:
    """Count few photons, as a camera does in the dark."""
    photons = _amounts(images, 2, 20, random)
    return torch.poisson(images * photons, generator=random) / photons


def _soft(images: Tensor, random: Random) -> Tensor:
    """Blur, along a line as often as evenly."""
    spread = _amounts(images, 0.5, 1.6, random)[:, 0]
    places = torch.arange(-6, 7, dtype=torch.float32)
    angles = torch.rand(len(images), 1, generator=random) * torch.pi
    across, down = places[None, None, :], places[None, :, None]
    even = torch.exp(-(across**2 + down**2) / (2 * spread[:, :, None] ** 2))
    along = across * angles.cos()[:, :, None] + down * angles.sin()[:, :, None]
    aside = across * angles.sin()[:, :, None] - down * angles.cos()[:, :, None]
    line = torch.exp(-(aside**2) / 0.5 - along**2 / (2 * (2 * spread[:, :, None]) ** 2))
    lined = torch.rand(len(images), 1, 1, generator=random) < 0.5
    kernels = torch.where(lined, line, even)
    kernels = kernels / kernels.sum((1, 2), keepdim=True)
    return functional.conv2d(images[None], kernels[:, None], padding=6, groups=len(images))[0]


def _coarse(images: Tensor, random: Random) -> Tensor:
    """Show fewer pixels, as a small scan does."""
    side = int(torch.randint(8, 16, (1,), generator=random))
    small = functional.interpolate(images[:, None], (side, side), mode="area")
    small = (small * 16).round() / 16
    return functional.interpolate(small, images.shape[1:], mode="bicubic")[:, 0]


def _penned(images: Tensor, random: Random) -> Tensor:
    """Make strokes thicker or thinner, as another pen does."""
    thick = functional.max_pool2d(images[:, None], 3, 1, 1)[:, 0]
    thin = -functional.max_pool2d(-images[:, None], (2, 2), 1)[:, 0]
    thin = functional.pad(thin, (0, 1, 0, 1))
    other = torch.where(torch.rand(len(images), 1, 1, generator=random) < 0.6, thick, thin)
    part = _amounts(images, 0.3, 1, random)
    return (1 - part) * images + part * other


def _lit(images: Tensor, random: Random) -> Tensor:
    """Change brightness, contrast and gamma."""
    bent = images ** _amounts(images, -1, 1, random).exp()
    return bent * _amounts(images, 0.35, 1.1, random) + _amounts(images, 0, 0.55, random)


def _hazy(images: Tensor, random: Random) -> Tensor:
    """Lay a cloud over the picture."""
    clouds = torch.zeros_like(images)
    for side in (2, 4, 8, 14):
        coarse = torch.rand(len(images), 1, side, side, generator=random)
        clouds += functional.interpolate(coarse, images.shape[1:], mode="bicubic")[:, 0] * side**-0.6
    low, high = clouds.amin((1, 2), keepdim=True), clouds.amax((1, 2), keepdim=True)
    part = _amounts(images, 0.2, 0.8, random)
    return (1 - part) * images + part * (clouds - low) / (high - low)


def _banded(images: Tensor, random: Random) -> Tensor:
    """Turn dark and light over in a band, or in all of it."""
    width = images.shape[2]
    edges = torch.rand(len(images), 2, 1, generator=random).sort(1).values * width
    places = torch.arange(width)[None]
    inside = (places >= edges[:, 0]) & (places < edges[:, 1])
    inside ^= torch.rand(len(images), 1, generator=random) < 0.5
    inside |= torch.rand(len(images), 1, generator=random) < 0.1
    band = inside[:, None, :].expand_as(images)
    upright = torch.rand(len(images), 1, 1, generator=random) < 0.7
    return torch.where(torch.where(upright, band, band.transpose(1, 2)), 1 - images, images)


def _crossed(images: Tensor, random: Random) -> Tensor:
    """Draw straight, broken or wavy lines over the picture."""
    count, height, width = images.shape
    down, across = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    for _ in range(int(torch.randint(1, 3, (1,), generator=random))):
        angle = _amounts(images, -0.9, 0.9, random) + torch.where(
            torch.rand(count, 1, 1, generator=random) < 0.25, torch.pi / 2, 0.0
        )
        along = (across - width / 2) * angle.cos() + (down - height / 2) * angle.sin()
        aside = (down - height / 2) * angle.cos() - (across - width / 2) * angle.sin()
        wave = _amounts(images, 0, 2.2, random) * torch.sin(along * _amounts(images, 0.4, 1.6, random))
        gap = (aside - wave - _amounts(images, -12, 12, random)).abs()
        broken = torch.sin(along * _amounts(images, 0.8, 3.0, random)) > _amounts(images, -2, 0.4, random)
        line = (1.0 - gap / _amounts(images, 1.0, 2.4, random)).clamp(min=0) * broken
        images = torch.maximum(images, line)
    return images


def _spotted(images: Tensor, random: Random) -> Tensor:
    """Cover parts: with grey drops, or with one square."""
    count, height, width = images.shape
    field = torch.rand(count, 1, height // 2, width // 2, generator=random)
    field = functional.interpolate(field, (height, width), mode="bicubic")[:, 0]
    drops = field > _amounts(images, 0.72, 0.95, random)
    corner = _amounts(images, 0, 20, random), _amounts(images, 0, 20, random)
    side = _amounts(images, 3, 9, random)
    down, across = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    square = (down >= corner[0]) & (down < corner[0] + side)
    square = square & (across >= corner[1]) & (across < corner[1] + side)
    covered = torch.where(torch.rand(count, 1, 1, generator=random) < 0.6, drops, square)
    return torch.where(covered, _amounts(images, 0, 0.6, random), images)


def _outlined(images: Tensor, random: Random) -> Tensor:
    """Show the edges of the strokes alone."""
    soft = functional.avg_pool2d(images[:, None], 3, 1, 1)[:, 0]
    right = functional.pad(soft[:, :, 2:] - soft[:, :, :-2], (1, 1))
    below = functional.pad(soft[:, 2:] - soft[:, :-2], (0, 0, 1, 1))
    slope = torch.hypot(right, below)
    least = _amounts(images, 0.25, 0.55, random) * slope.amax((1, 2), keepdim=True)
    edge = (slope > least) & (slope >= 0.9 * functional.max_pool2d(slope[:, None], 3, 1, 1)[:, 0])
    return edge.float()


_KINDS: tuple[Callable[[Tensor, Random], Tensor], ...] = (
    _moved,
    _moved,
    _grainy,
    _dusty,
    _dim,
    _soft,
    _coarse,
    _coarse,
    _penned,
    _lit,
    _hazy,
    _hazy,
    _banded,
    _crossed,
    _crossed,
    _spotted,
    _outlined,
)
"""Kinds that matter more stand here more than once."""
