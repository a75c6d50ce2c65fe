"""The palette of an image: few colours that stand for all of it, named, with the share of each."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from calligram.art.colour_names import hex_of, name_of
from calligram.picture.lab import FloatArray, difference, to_lab, to_rgb

BITS = 5
"""Colours that share so many leading bits of each channel are taken together at first."""
SEEDS = 16
"""So many colours are sought before those that look alike are joined."""
ROUNDS = 12
TINT = 1.6
"""In k-means a* and b* count so much more than L*: hues are not to be mixed into a grey that nobody sees."""
ALIKE = 9.0
"""Colours less apart than this by CIEDE2000 are joined: they would get the same name."""
LEAST_SHARE = 0.015
"""A smaller share is given to the colour nearest to it."""
MOST = 8


@dataclass(frozen=True)
class Colour:
    """One colour of a palette.

    Args:
        name: what people would call it.
        hex: as ``#rrggbb``.
        lab: L*, a* and b* under D65.
        share: of the picture's area, above 0 and at most 1.
    """

    name: str
    hex: str
    lab: tuple[float, float, float]
    share: float

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "name": self.name,
            "hex": self.hex,
            "lab": [round(part, 1) for part in self.lab],
            "share": round(self.share, 4),
        }


def find_palette(rgb: npt.NDArray[np.uint8], coloured: bool = True) -> tuple[Colour, ...]:
    """Return the colours that stand for an image, the largest first; their shares sum to 1.

    Pixels are counted in 32 steps a channel. K-means in CIELAB (a* and b* times 1.6), weighted by the counts
    and begun from the colours farthest from each other, finds 16 colours; those less than 9 apart by
    CIEDE2000, those of one name, and those below 1.5 % are joined with the nearest. Nothing is drawn by lot.

    Args:
        rgb: shape (H, W, 3), sRGB.
        coloured: whether the image is one in colour; if not, a slight tint of its greys is left out.

    Returns:
        1 to 8 colours with different names.

    Source: S. Lloyd, Least squares quantization in PCM, 1982; the start is that of T. F. Gonzalez, Clustering
        to minimize the maximum intercluster distance, 1985, weighted; the joining is ours.
    """
    colours, weights = _count(rgb)
    colours[:, 1:] *= TINT if coloured else 0
    centres = _begin(colours, weights)
    for _ in range(ROUNDS):
        nearest = _nearest(colours, centres)
        centres, _weights = _means(colours, weights, nearest)
    nearest = _nearest(colours, centres)
    centres, shares = _means(colours, weights, nearest)
    centres[:, 1:] /= TINT
    return _name(*_join(centres, shares), coloured)


def _count(rgb: npt.NDArray[np.uint8]) -> tuple[FloatArray, FloatArray]:
    """Return the mean colour of each step that is there, in CIELAB, and its share of the pixels."""
    flat = rgb.reshape(-1, 3)
    steps = (flat >> (8 - BITS)).astype(np.int64) @ np.array([1 << 2 * BITS, 1 << BITS, 1])
    counts = np.bincount(steps)
    used = np.flatnonzero(counts)
    sums = np.stack([np.bincount(steps, flat[:, channel])[used] for channel in range(3)], axis=1)
    means = np.floor(sums / counts[used, None] + 0.5).astype(np.uint8)
    return to_lab(means), counts[used] / len(flat)


def _begin(colours: FloatArray, weights: FloatArray) -> FloatArray:
    """Return where k-means begins: each next colour is the one with most weight times squared distance."""
    chosen = [int(weights.argmax())]
    distances = np.full(len(colours), np.inf)
    while len(chosen) < min(SEEDS, len(colours)):
        distances = np.minimum(distances, ((colours - colours[chosen[-1]]) ** 2).sum(axis=1))
        best = int((distances * np.sqrt(weights)).argmax())
        if distances[best] == 0:
            break
        chosen.append(best)
    return colours[chosen]


def _nearest(colours: FloatArray, centres: FloatArray) -> npt.NDArray[np.intp]:
    squares = (colours**2).sum(axis=1)[:, None] - 2 * colours @ centres.T + (centres**2).sum(axis=1)
    nearest: npt.NDArray[np.intp] = squares.argmin(axis=1)
    return nearest


def _means(
    colours: FloatArray, weights: FloatArray, nearest: npt.NDArray[np.intp]
) -> tuple[FloatArray, FloatArray]:
    """Return the weighted mean of each group that has members, and its weight."""
    shares: FloatArray = np.bincount(nearest, weights).astype(np.float64)
    used = shares > 0
    sums = np.stack([np.bincount(nearest, weights * colours[:, axis]) for axis in range(3)], axis=1)
    return sums[used] / shares[used, None], shares[used]


def _join(centres: FloatArray, shares: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Join the two that are nearest, then the smallest with its nearest, until all stand on their own."""
    while len(centres) > 1:
        apart = difference(centres[:, None], centres[None]) + np.diag(np.full(len(centres), np.inf))
        one, other = (int(place) for place in np.unravel_index(int(apart.argmin()), apart.shape))
        if apart[one, other] >= ALIKE:
            small = int(shares.argmin())
            if shares[small] >= LEAST_SHARE and len(centres) <= MOST:
                break
            one, other = small, int(apart[small].argmin())
            weights = (0.0, 1.0)  # what is small must not muddy what is large
        else:
            weights = (shares[one], shares[other])
        centres, shares = _merge(centres, shares, (one, other), weights)
    return centres, shares


def _merge(
    centres: FloatArray, shares: FloatArray, places: tuple[int, int], weights: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    pair = list(places)
    merged = np.average(centres[pair], axis=0, weights=weights)
    kept = np.delete(centres, pair, axis=0), np.delete(shares, pair)
    return np.vstack([kept[0], merged]), np.append(kept[1], shares[pair].sum())


def _name(centres: FloatArray, shares: FloatArray, coloured: bool) -> tuple[Colour, ...]:
    groups: dict[str, list[int]] = defaultdict(list)
    for place, centre in enumerate(centres):
        groups[name_of(centre, coloured)].append(place)
    found = []
    for name, places in groups.items():
        lab = np.average(centres[places], axis=0, weights=shares[places])
        red, green, blue = to_rgb(lab).tolist()
        lightness, a, b = lab.tolist()
        share = float(shares[places].sum())
        found.append(Colour(name, hex_of((red, green, blue)), (lightness, a, b), share))
    return tuple(sorted(found, key=lambda colour: (-colour.share, colour.name)))
