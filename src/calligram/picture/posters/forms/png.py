"""A PNG, which knows its dots to the inch; strips of it are compressed on every core.

Lines are kept as they are: characters repeat, which filters would hide.

Source: PNG specification (third edition), 5.2, 10.1 and 11.3.4.3; RFC 1950 and RFC 1951.
"""

import os
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from calligram.picture.posters.pixels import MOST_THREADS, paint
from calligram.picture.posters.poster import Poster
from calligram.picture.posters.sheets import MM_PER_INCH

LEVEL = 2
"""zlib's: a larger one takes much longer for little."""

STRIP_BYTES = 1 << 22
ZLIB_HEAD = b"\x78\x01"
"""Deflate with a window of 32 KiB, fastest."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGB = b"\x08\x02\x00\x00\x00"
"""Eight bits, three channels, the one way of compressing and of filtering, not interlaced."""


def render(poster: Poster) -> bytes:
    """Return the file's bytes."""
    return pack(paint(poster), poster.sheet.dpi)


def pack(pixels: NDArray[np.uint8], dpi: float) -> bytes:
    """Return pixels, ``(height, width, 3)``, as a PNG with so many dots to the inch."""
    per_metre = round(dpi / MM_PER_INCH * 1000)
    chunks = (
        (b"IHDR", struct.pack(">II", pixels.shape[1], pixels.shape[0]) + _RGB),
        (b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
        (b"IDAT", _compress(pixels)),
        (b"IEND", b""),
    )
    return _SIGNATURE + b"".join(_chunk(*chunk) for chunk in chunks)


def _compress(pixels: NDArray[np.uint8]) -> bytes:
    """Return all lines as one zlib stream, put together of strips that end on whole bytes."""
    height, width, channels = pixels.shape
    lines = np.zeros((height, 1 + width * channels), np.uint8)
    lines[:, 1:] = pixels.reshape(height, -1)
    step = max(1, STRIP_BYTES // lines.shape[1])
    strips = [lines[start : start + step] for start in range(0, height, step)]
    with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
        packed = list(pool.map(_deflate, strips))
    check = 1
    for strip in strips:
        check = zlib.adler32(strip.data, check)
    # an empty last block ends the stream
    return b"".join([ZLIB_HEAD, *packed, b"\x03\x00", struct.pack(">I", check)])


def _deflate(strip: NDArray[np.uint8]) -> bytes:
    squeezer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return squeezer.compress(strip.data) + squeezer.flush(zlib.Z_FULL_FLUSH)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
