"""Random small changes to training images: turns, shears, scales, shifts, elastic bends, mirror images."""

from dataclasses import astuple, dataclass

import torch
import torch.nn.functional as functional


@dataclass(frozen=True)
class Distortion:
    """How far an image may be changed; every amount is the largest, drawn evenly up to it."""

    turn_degrees: float = 10.0
    shear: float = 0.12
    scale: float = 0.12
    shift_pixels: float = 1.5
    bend_pixels: float = 0.8
    mirror: bool = False

    def scaled(self, share: float) -> "Distortion":
        """Return the same changes, each at most a share as far; mirror images stay."""
        turn, shear, scale, shift, bend = (share * amount for amount in astuple(self)[:-1])
        return Distortion(turn, shear, scale, shift, bend, self.mirror)


DIGITS = Distortion()
GARMENTS = Distortion(
    turn_degrees=4.0, shear=0.04, scale=0.08, shift_pixels=1.5, bend_pixels=0.0, mirror=True
)
LETTERS = Distortion(turn_degrees=5.0, shear=0.05, scale=0.05, shift_pixels=1.5, bend_pixels=0.5)


def distortion_for(kind: str) -> Distortion:
    """Return the changes that fit a kind of image; a kind without its own gets the digits'."""
    return {"garment": GARMENTS, "letter": LETTERS}.get(kind, DIGITS)


def distort(images: torch.Tensor, distortion: Distortion, generator: torch.Generator) -> torch.Tensor:
    """Return changed copies of a batch of grey images.

    Args:
        images: float32 (N, H, W), any range; outside is taken to be 0.
        distortion: how far each may be changed.
        generator: the source of randomness; the same state gives the same images.

    Returns:
        float32 (N, H, W), bilinearly resampled once.
    """
    count, height, width = images.shape
    grid = functional.affine_grid(
        _affine(count, width, distortion, generator), [count, 1, height, width], False
    )
    if distortion.bend_pixels:
        grid = grid + _bend(count, height, width, distortion.bend_pixels, generator)
    return functional.grid_sample(images[:, None], grid, align_corners=False)[:, 0]


def _affine(count: int, width: int, distortion: Distortion, generator: torch.Generator) -> torch.Tensor:
    def uniform(amount: float) -> torch.Tensor:
        return (torch.rand(count, generator=generator) * 2 - 1) * amount

    angle = torch.deg2rad(uniform(distortion.turn_degrees))
    shear = uniform(distortion.shear)
    across, down = 1 + uniform(distortion.scale), 1 + uniform(distortion.scale)
    if distortion.mirror:
        across = across * torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0)
    cosine, sine = angle.cos(), angle.sin()
    matrix = torch.empty(count, 2, 3)
    matrix[:, 0, 0] = cosine * across
    matrix[:, 0, 1] = (shear - sine) * down
    matrix[:, 1, 0] = sine * across
    matrix[:, 1, 1] = cosine * down
    matrix[:, :, 2] = (
        torch.stack([uniform(distortion.shift_pixels), uniform(distortion.shift_pixels)], 1) * 2 / width
    )
    return matrix


def _bend(count: int, height: int, width: int, amount: float, generator: torch.Generator) -> torch.Tensor:
    """Smooth random displacements: noise on a 5x5 net, interpolated (after Simard et al. 2003)."""
    coarse = torch.randn(count, 2, 5, 5, generator=generator)
    smooth = functional.interpolate(coarse, (height, width), mode="bicubic", align_corners=True)
    return smooth.permute(0, 2, 3, 1) * (amount * 2 / width)
