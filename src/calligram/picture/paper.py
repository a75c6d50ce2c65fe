"""Paper: tells an image's ink from what it stands on, under uneven light, and which of them is darker."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from calligram.picture.framing import label_pieces, lift_ink

SURFACE_SIDE = 96
"""The paper is fitted on the image reduced to so many pixels."""

EDGE_SHARE = 0.06
"""So much of each side is edge, where paper is expected."""

ROUNDS = 6
"""Times the paper is fitted and what does not belong to it is left out."""

TOLERANCE = 3.5
"""Deviations, in robust standard deviations, up to which a pixel is paper."""

OFF_SHARE = 0.1
"""What runs off the image is left out where another piece has at least this share of the heaviest's mass."""

FAINT_SHARE = 0.3
"""A piece is left out whose darkest point has less than this share of the main piece's."""

LEAST_DEVIATION = 1.5
"""Greys; flat paper is given as much, so that a faint texture is no ink."""

FLAT_SHARE, FLAT_REACH = 0.25, 3
"""Paper is flat where this share of the pixels is within so many greys of what most corners show."""

Pixels = NDArray[np.uint8]
Surface = NDArray[np.float64]


def lift_off(pixels: Pixels, polarity: str = "auto") -> Pixels:
    """Return what stands out from the paper, light on black, the light on the paper evened out.

    Args:
        pixels: ``(H, W)`` grey.
        polarity: ``light-on-dark``, ``dark-on-light``, or ``auto`` to take what stands out more.

    Returns:
        ``(H, W)``; the difference from the paper, one polarity only. The paper is one grey where it is flat,
        as in a drawing made on a computer or a cleaned scan, else a curved surface. What is far fainter than
        the ink is left out, and what runs off the image unless it is the main thing there.
    """
    if (flat := find_flat_paper(pixels)) is not None:
        difference = pixels - np.float64(flat)
        difference[np.abs(difference) <= FLAT_REACH] = 0
        if polarity == "auto":
            polarity = "dark-on-light" if difference.sum() < 0 else "light-on-dark"
        ink = np.clip(-difference if polarity == "dark-on-light" else difference, 0, 255)
        return _without_strays(ink, off_share=1.0).astype(np.uint8)
    small = np.asarray(_reduce(pixels), np.float64)
    weights, paper = _fit_paper(small)
    if polarity == "auto":
        standing_out = (small - _surface(weights, *small.shape))[~paper]
        polarity = "dark-on-light" if standing_out.sum() < 0 else "light-on-dark"
    difference = pixels - _surface(weights, *pixels.shape)
    ink = np.clip(np.rint(-difference if polarity == "dark-on-light" else difference), 0, 255)
    return _without_strays(ink).astype(np.uint8)


def find_flat_paper(pixels: Pixels) -> int | None:
    """Return the one grey that an image's paper has, or None where it has none.

    Args:
        pixels: ``(H, W)`` grey.
    """
    corners = np.sort(pixels[[0, 0, -1, -1], [0, -1, 0, -1]].astype(int))
    grey = int(corners[1] if corners[1] - corners[0] < corners[3] - corners[2] else corners[2])
    alike = int((np.abs(corners - grey) <= FLAT_REACH).sum()) >= 3
    return grey if alike and np.mean(np.abs(pixels.astype(int) - grey) <= FLAT_REACH) >= FLAT_SHARE else None


def _without_strays(ink: Surface, off_share: float = OFF_SHARE) -> Surface:
    """Return the ink without pieces far fainter than the main one, and without those that run off the image.

    Shadows and the edge of a table run off the image; the main piece is the heaviest that does not, or the
    heaviest of all where the others have less than ``off_share`` of its mass. On flat paper ink may well fill
    an image to its edges.
    """
    labels = label_pieces(lift_ink(ink) > 0)
    masses = np.bincount(labels.ravel(), weights=ink.ravel())
    masses[0] = 0
    off = np.zeros(len(masses), bool)
    off[np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))] = True
    off[0] = False
    off &= masses[~off].max() >= off_share * masses.max()
    main = int(np.where(off, -1, masses).argmax())
    peaks = np.zeros(len(masses))
    np.maximum.at(peaks, labels.ravel(), ink.ravel())
    stray = off | (peaks < FAINT_SHARE * peaks[main])
    return np.where(stray[labels] & (labels > 0), 0, ink)


def _reduce(pixels: Pixels) -> Image.Image:
    image = Image.fromarray(pixels)
    longest = max(image.size)
    if longest <= SURFACE_SIDE:
        return image
    width, height = (max(1, round(side * SURFACE_SIDE / longest)) for side in image.size)
    return image.resize((width, height), Image.Resampling.BOX)


def _fit_paper(greys: Surface) -> tuple[Surface, NDArray[np.bool_]]:
    """Return the surface's weights and which pixels are paper: the edge, then all that is like it."""
    terms, paper = _terms(*greys.shape), _edge(*greys.shape)
    for turn in range(ROUNDS):
        known = terms[:, paper]
        # the normal equations: six unknowns between -1 and 1 are well conditioned, and this is far quicker
        squares, sums = np.einsum("ik,jk->ij", known, known), np.einsum("ik,k->i", known, greys[paper])
        weights = np.linalg.lstsq(squares, sums, rcond=None)[0]
        apart = np.abs(greys - _surface(weights, *greys.shape))
        deviation = max(LEAST_DEVIATION, 1.4826 * float(np.median(apart[paper])))
        near = apart < TOLERANCE * deviation
        # the first rounds only clean the edge of ink that touches it
        paper = near & _edge(*greys.shape) if turn < 2 else near
    return np.asarray(weights), paper


def _edge(height: int, width: int) -> NDArray[np.bool_]:
    border = max(1, round(EDGE_SHARE * max(height, width)))
    edge = np.ones((height, width), bool)
    edge[border:-border, border:-border] = False
    return edge


def _axes(height: int, width: int) -> tuple[Surface, Surface]:
    """Return each row's and each column's place, from -1 to 1, ``(H, 1)`` and ``(1, W)``."""
    down = (np.arange(height) + 0.5) * 2 / height - 1
    across = (np.arange(width) + 0.5) * 2 / width - 1
    return down[:, None], across[None, :]


def _terms(height: int, width: int) -> Surface:
    """Return 1, x, y, x², xy, y² of each pixel, ``(6, H, W)``."""
    down, across = _axes(height, width)
    every = np.ones((height, width))
    return np.stack([every, across * every, down * every, across**2 * every, across * down, down**2 * every])


def _surface(weights: Surface, height: int, width: int) -> Surface:
    """Return the surface ``(H, W)``, without a matrix product, whose threads would spin on busy cores."""
    down, across = _axes(height, width)
    const, first, second, square, mixed, other = weights
    made: Surface = (
        const + first * across + square * across**2 + (second + mixed * across + other * down) * down
    )
    return made
