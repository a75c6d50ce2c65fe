"""Colours for people: the nearest of 16, of 256, or the colour itself."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

_BASIC = (
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0),
    (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0),
    (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
)  # fmt: skip
"""xterm's own sixteen; other terminals differ a little."""

_STEPS = (0, 95, 135, 175, 215, 255)


@cache
def palette(count: int) -> NDArray[np.int64]:
    """Return the terminal's 16 or 256 colours, ``(count, 3)``. Source: xterm, 256colres.h."""
    cube = [(red, green, blue) for red in _STEPS for green in _STEPS for blue in _STEPS]
    greys = [(8 + 10 * step,) * 3 for step in range(24)]
    return np.array([*_BASIC, *cube, *greys][:count], np.int64)


def nearest(colours: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """Return the number of the nearest palette colour for each colour ``(…, 3)``.

    Near is the least squared distance with the eye's weights 3, 6 and 1. With 256 colours the first 16 are
    left out, since each terminal draws those its own way.
    """
    first = 16 if count == 256 else 0
    flat, places = np.unique(colours.reshape(-1, 3), axis=0, return_inverse=True)
    known = palette(count)[first:]
    chosen = np.empty(len(flat), np.uint8)
    for start in range(0, len(flat), 4096):
        apart = flat[start : start + 4096, None].astype(np.int64) - known
        chosen[start : start + 4096] = (apart**2 @ np.array([3, 6, 1])).argmin(axis=1) + first
    return np.asarray(chosen[places].reshape(colours.shape[:-1]), np.uint8)


def limited(colours: NDArray[np.uint8], kind: str) -> NDArray[np.uint8]:
    """Return colours as a palette of ``16`` or ``256`` has them; ``full`` changes nothing."""
    if kind == "full":
        return colours
    return palette(int(kind))[nearest(colours, int(kind))].astype(np.uint8)


def vivid(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return colours with the brightest channel at full; black stays black."""
    peak = np.maximum(colours.max(axis=-1, keepdims=True).astype(np.int64), 1)
    return np.asarray((colours * np.int64(255) + peak // 2) // peak).astype(np.uint8)
