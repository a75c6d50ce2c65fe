"""Perceptual hashes: 64 bits of an image that hardly change when it is scaled, saved again or toned."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image

from calligram.picture.opening import ImageInput, open_pixels
from calligram.picture.options import EncodeOptions

SIDE = 8
BITS = SIDE * SIDE
"""A hash has so many bits, so that two unrelated images differ in about half of them."""

WAVES_FROM = 32
"""The pHash looks at so many pixels each way."""

COPY_BITS = 10
"""Two images whose hashes both differ in at most so many bits are told as the same picture."""

_Bits = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Hashes:
    """Two perceptual hashes of one image.

    Args:
        dhash: where brightness rises from left to right, 64 bits as 16 hexadecimal digits, row by row.
        phash: which of the lowest 8 x 8 waves of the image are above their median, in the same spelling.
    """

    dhash: str
    phash: str

    def apart(self, other: "Hashes") -> tuple[int, int]:
        """Return in how many bits the dHashes differ and in how many the pHashes, each 0 to 64."""
        return apart(self.dhash, other.dhash), apart(self.phash, other.phash)

    def is_copy(self, other: "Hashes") -> bool:
        """Return whether both hashes differ in at most ``COPY_BITS`` bits."""
        return max(self.apart(other)) <= COPY_BITS


def hash_image(image: ImageInput, mirrored: bool = False) -> Hashes:
    """Return the perceptual hashes of an image.

    The image is squeezed into a square first, so that they do not see its shape; nor do they see colour.

    Args:
        image: a path, bytes, a Pillow image or an array.
        mirrored: whether left and right are swapped first.

    Raises:
        ImageError: the image cannot be read.
        LimitError: the image is over a limit.

    Source: N. Krawetz, Looks like it, 2011, and Kind of like that, 2013 (The Hacker Factor blog). The bits
        are those of the package ImageHash, but for large JPEGs, which are decoded at a reduced size, and for
        waves that equal the median within rounding.
    """
    cells = (2 * WAVES_FROM, 2 * WAVES_FROM)
    grey = Image.fromarray(open_pixels(image, EncodeOptions(), cells))
    if mirrored:
        grey = grey.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return Hashes(_spell(_rises(grey)), _spell(_waves(grey)))


def apart(one: str, other: str) -> int:
    """Return in how many bits two hashes differ, 0 to 64.

    >>> apart("00000000000000ff", "000000000000000f")
    4
    """
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _rises(grey: Image.Image) -> _Bits:
    pixels = np.asarray(grey.resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS))
    return pixels[:, 1:] > pixels[:, :-1]


def _waves(grey: Image.Image) -> _Bits:
    pixels = np.asarray(grey.resize((WAVES_FROM, WAVES_FROM), Image.Resampling.LANCZOS), np.float64)
    cosines = _cosines()
    # rounded, so that the noise of zero waves gives no bits of its own
    waves = (cosines @ pixels @ cosines.T).round(6)
    return waves > np.median(waves)


@cache
def _cosines() -> npt.NDArray[np.float64]:
    """Return the first rows of the cosine transform (DCT-II, not scaled), shape (SIDE, WAVES_FROM)."""
    turns = np.outer(np.arange(SIDE), np.arange(WAVES_FROM) + 0.5)
    waves: npt.NDArray[np.float64] = 2 * np.cos(np.pi / WAVES_FROM * turns)
    return waves


def _spell(bits: _Bits) -> str:
    return np.packbits(bits).tobytes().hex()
