"""Frames ink as MNIST frames its digits: fitted to 20 x 20, centred by mass in 28 x 28."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 28
INK_SIDE = 20


def frame_ink(ink: Image.Image) -> NDArray[np.uint8]:
    """Return light ink on dark as ``(28, 28)`` uint8: fitted to 20 x 20, then centred by its mass.

    Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database": aspect kept, grey by anti-aliasing,
    centre of mass in the middle of a 28 x 28 field. Blank ink gives a blank field.
    """
    box = ink.getbbox()
    field = np.zeros((SIDE, SIDE), np.uint8)
    if box is None:
        return field
    width, height = box[2] - box[0], box[3] - box[1]
    scale = INK_SIDE / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(ink.crop(box).resize(size, Image.Resampling.BILINEAR))
    # hair strokes would fade when made small; MNIST's brightest grey is always near white
    small = np.rint(small * (255.0 / max(int(small.max()), 1))).astype(np.uint8)
    top, left = _corner(small, axis=1), _corner(small, axis=0)
    field[top : top + size[1], left : left + size[0]] = small
    return field


def _corner(small: NDArray[np.uint8], axis: int) -> int:
    """Return where the ink begins so that its mass is in the middle, kept inside the field."""
    weights = small.sum(axis=axis, dtype=np.float64)
    centre = (weights * (np.arange(len(weights)) + 0.5)).sum() / max(weights.sum(), 1.0)
    return int(np.clip(round(SIDE / 2 - centre), 0, SIDE - len(weights)))
