"""Blurs, warps and lines on many small images at once, in numpy and nothing else."""

from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
"""Images ``(N, height, width)`` from 0 to 1."""
Border = Literal["nearest", "zero"]
TRUNCATE = 4.0
"""A Gaussian is cut off at so many sigmas."""


def to_floats(images: npt.NDArray[np.uint8]) -> Floats:
    """Return grey bytes as floats from 0 to 1."""
    return images.astype(np.float32) / np.float32(255)


def to_bytes(images: Floats) -> npt.NDArray[np.uint8]:
    """Return floats as grey bytes, clipped to 0 … 1 and rounded to the nearest."""
    return np.rint(np.clip(images, 0, 1) * 255).astype(np.uint8)


def blur(images: Floats, sigma: float, border: Border = "nearest") -> Floats:
    """Return images blurred by a Gaussian that is cut off at four sigmas.

    Args:
        images: ``(N, height, width)``.
        sigma: in pixels.
        border: what lies outside: the nearest pixel, or zero.
    """
    down, across = (blur_matrix(side, sigma, border) for side in images.shape[1:])
    # float32 all the way; numpy's types forget that in a product
    return np.asarray(down @ images @ across.T, np.float32)


def blur_down(images: Floats, sigma: float) -> Floats:
    """Return images ``(N, height, width)`` blurred as :func:`blur` does, from above to below alone."""
    return np.asarray(blur_matrix(images.shape[1], sigma, "nearest") @ images, np.float32)


def blur_matrix(side: int, sigma: float, border: Border) -> Floats:
    """Return the matrix ``(side, side)`` that blurs a column of pixels from its left."""
    reach = int(TRUNCATE * sigma + 0.5)
    steps = np.arange(-reach, reach + 1)
    weights = np.exp(-(steps**2) / (2 * sigma**2))
    weights /= weights.sum()
    matrix = np.zeros((side, side))
    for step, weight in zip(steps, weights, strict=True):
        places = np.arange(side) + step
        inside = (places >= 0) & (places < side)
        taken = inside if border == "zero" else np.ones(side, np.bool_)
        np.add.at(matrix, (np.flatnonzero(taken), np.clip(places, 0, side - 1)[taken]), weight)
    return matrix.astype(np.float32)


def blur_along(images: Floats, radians: npt.NDArray[np.float64], reach: int, sigma: float) -> Floats:
    """Return images blurred to one side along a line, each at its own angle; outside is the nearest pixel.

    Args:
        images: ``(N, height, width)``.
        radians: the angle of each line to the rows, ``(N,)``.
        reach: the taps are 0 to ``2 * reach`` pixels along the line, each at the nearest pixel.
        sigma: of the half Gaussian that weighs the taps, in pixels.

    Source: ImageMagick's motion blur, as its documentation describes it.
    """
    _, height, width = images.shape
    taps = np.arange(2 * reach + 1)
    weights = np.exp(-(taps**2) / (2 * sigma**2))
    weights /= weights.sum()
    number = np.arange(len(images))[:, None, None]
    made = np.zeros_like(images)
    for tap, weight in zip(taps, weights, strict=True):
        right, below = (
            np.ceil(tap * part - 0.5).astype(np.int64) for part in (np.cos(radians), np.sin(radians))
        )
        rows = np.clip(np.arange(height) + below[:, None], 0, height - 1)
        columns = np.clip(np.arange(width) + right[:, None], 0, width - 1)
        made += np.float32(weight) * images[number, rows[:, :, None], columns[:, None, :]]
    return made


def warp(images: Floats, back: npt.NDArray[np.float64]) -> Floats:
    """Return images whose every pixel is taken from a place of the old one, between pixels linearly.

    Args:
        images: ``(N, height, width)``; outside is 0.
        back: ``(N, 2, 2)`` or ``(2, 2)`` and a last column of shifts, so ``(…, 2, 3)``: where ``(x, y, 1)``,
            counted in pixels from the image's middle, comes from.
    """
    count, height, width = images.shape
    across, down = np.meshgrid(np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2)
    here = np.stack([across.ravel(), down.ravel(), np.ones(across.size)])
    from_x, from_y = np.moveaxis(np.broadcast_to(back, (count, 2, 3)) @ here, 1, 0)
    x, y = from_x + (width - 1) / 2 + 1, from_y + (height - 1) / 2 + 1
    padded = np.pad(images, ((0, 0), (1, 2), (1, 2)))
    left = np.clip(np.floor(x), 0, width + 1).astype(np.int64)
    top = np.clip(np.floor(y), 0, height + 1).astype(np.int64)
    part_x = np.clip(x - left, 0, 1).astype(np.float32)
    part_y = np.clip(y - top, 0, 1).astype(np.float32)
    flat, stride = padded.reshape(count, -1), width + 3
    corner = top * stride + left

    def at(offset: int) -> Floats:
        taken: Floats = np.take_along_axis(flat, corner + offset, axis=1)
        return taken

    upper = at(0) * (1 - part_x) + at(1) * part_x
    lower = at(stride) * (1 - part_x) + at(stride + 1) * part_x
    made: Floats = upper * (1 - part_y) + lower * part_y
    return made.reshape(images.shape)


def turning(radians: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return for each angle the matrix ``(2, 3)`` that :func:`warp` turns an image with about its middle."""
    cosine, sine, none = np.cos(radians), np.sin(radians), np.zeros_like(radians)
    return np.stack([np.stack([cosine, -sine, none], -1), np.stack([sine, cosine, none], -1)], -2)
