"""Dithering: fewer levels than greys, the error spread over neighbours or over a fixed pattern."""

import numpy as np
from numpy.typing import NDArray

_BAYER_2 = np.array([[0, 2], [3, 1]])
_BAYER_4 = np.block([[4 * _BAYER_2, 4 * _BAYER_2 + 2], [4 * _BAYER_2 + 3, 4 * _BAYER_2 + 1]])


def dither(greys: NDArray[np.float64], level_count: int, kind: str) -> NDArray[np.uint8]:
    """Return levels whose mean grey follows the given greys, level k standing for 255 k / (n - 1).

    Args:
        greys: ``(rows, columns)``, 0 to 255.
        level_count: n, at least 2.
        kind: ``floyd-steinberg`` or ``ordered``.

    Returns:
        ``(rows, columns)``, bytes from 0 to n - 1.

    Source: Floyd and Steinberg 1976, "An adaptive algorithm for spatial greyscale"; Bayer 1973 (4 x 4).
    """
    scaled = greys * ((level_count - 1) / 255)
    if kind == "ordered":
        return _ordered(scaled, level_count)
    return _diffuse(scaled, level_count)


def _ordered(scaled: NDArray[np.float64], level_count: int) -> NDArray[np.uint8]:
    rows, columns = scaled.shape
    pattern = np.tile((_BAYER_4 + 0.5) / 16, (rows // 4 + 1, columns // 4 + 1))[:rows, :columns]
    return np.floor(scaled + pattern).clip(0, level_count - 1).astype(np.uint8)


def _diffuse(scaled: NDArray[np.float64], level_count: int) -> NDArray[np.uint8]:
    levels: list[list[int]] = []
    rest = [0.0] * (scaled.shape[1] + 2)
    for values in scaled.tolist():
        coming = [0.0] * len(rest)
        carried = 0.0
        line = []
        for place, value in enumerate(values, 1):
            wanted = value + rest[place] + carried
            level = min(max(int(wanted + 0.5), 0), level_count - 1)
            error = wanted - level
            carried = error * (7 / 16)
            coming[place - 1] += error * (3 / 16)
            coming[place] += error * (5 / 16)
            coming[place + 1] += error * (1 / 16)
            line.append(level)
        levels.append(line)
        rest = coming
    return np.array(levels, np.uint8)
