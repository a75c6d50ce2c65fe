"""Small grey PNGs by the thousand: read by hand with zlib and numpy, exactly as Pillow reads them.

Only the plainest kind is taken (8-bit grey, not interlaced, nothing that changes its look); every other file
goes the ordinary way. Source: W3C, Portable Network Graphics (Third Edition), sections 9 and 11.
"""

import struct
import zlib
from functools import lru_cache
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_LAST = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_PLAIN_GREY = b"\x08\x00\x00\x00\x00"
_HARMLESS = frozenset({b"gAMA", b"cHRM", b"pHYs", b"tIME", b"sRGB", b"tEXt", b"bKGD"})
"""Chunks that change no grey value in Pillow."""

UP, PAETH = 2, 4
"""Filters that foretell a line from the line above, the first and last; 0 is none, 1 is from the left."""

HEAD_BYTES = 33
"""Signature and first chunk."""

LARGEST_SIDE = 256
"""Images with a longer side go the ordinary way."""


def scan_png(content: bytes) -> tuple[tuple[int, int], bytes] | None:
    """Return height and width, and the filtered lines, of a small plain grey PNG, or None for anything else.

    Args:
        content: the whole file.
    """
    shape = _read_head(content[:HEAD_BYTES])
    if shape is None:
        return None
    data = _image_data(content)
    size = shape[0] * (shape[1] + 1)
    try:
        lines = zlib.decompress(data, bufsize=size + 1) if data else b""
    except zlib.error:
        return None
    return (shape, lines) if len(lines) == size else None


@lru_cache(maxsize=1024)
def _read_head(head: bytes) -> tuple[int, int] | None:
    """Return height and width from signature and first chunk; thousands of files have the very same."""
    if head[:16] != _SIGNATURE or head[24:29] != _PLAIN_GREY or not _is_sound(head, 8, 29):
        return None
    width, height = int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    return (height, width) if 0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE else None


def _image_data(content: bytes) -> bytes | None:
    """Return the joined IDAT chunks, or None where a chunk is damaged, unknown, or missing."""
    if content[-12:] == _LAST and int.from_bytes(content[33:37], "big") == len(content) - 57:
        tagged = content[37:-16]
        if tagged[:4] == b"IDAT" and zlib.crc32(tagged) == int.from_bytes(content[-16:-12], "big"):
            return tagged[4:]
    return _join_data(content)


def _is_sound(content: bytes, place: int, end: int) -> bool:
    """Return whether a chunk, its data ending before ``end``, has the checksum that follows it."""
    return zlib.crc32(content[place + 4 : end]) == int.from_bytes(content[end : end + 4], "big")


def _join_data(content: bytes) -> bytes | None:
    """Return the joined IDAT chunks of a file with several of them, or with other chunks too."""
    place, data = HEAD_BYTES, b""
    while True:
        end = place + 8 + int.from_bytes(content[place : place + 4], "big")
        kind = content[place + 4 : place + 8]
        if not kind or not _is_sound(content, place, end):
            return None
        if kind == b"IDAT":
            data += content[place + 8 : end]
        elif kind == b"IEND":
            return data
        elif kind not in _HARMLESS:
            return None
        place = end + 4


def unfilter(lines: list[bytes], height: int, width: int) -> NDArray[np.uint8]:
    """Return the pixels of many images of one size.

    Args:
        lines: what :func:`scan_png` gave for each.
        height: lines of each image.
        width: pixels of each line.

    Returns:
        ``(N, height, width)``.

    Raises:
        ValueError: a line has a filter that is not defined.
    """
    held = np.frombuffer(b"".join(lines), np.uint8).reshape(-1, height, width + 1)
    filters, pixels = held[:, :, 0], held[:, :, 1:].copy()
    if int(filters.max()) > PAETH:
        raise ValueError("a line has a filter that is not defined")
    beside = filters == 1
    pixels[beside] = np.cumsum(pixels[beside], axis=1, dtype=np.uint8)
    nothing = np.zeros_like(pixels[:, 0])
    by_row = np.ascontiguousarray(filters.T)
    for row in np.flatnonzero((by_row > 1).any(axis=1)).tolist():
        above = pixels[:, row - 1] if row else nothing
        added = by_row[row] == UP
        pixels[added, row] += above[added]
        chosen = np.flatnonzero(by_row[row] > UP)
        if len(chosen):
            pixels[chosen, row] = _undo(by_row[row, chosen], pixels[chosen, row], above[chosen])
    return pixels


def _undo(
    filters: NDArray[np.uint8], lines: NDArray[np.uint8], above: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Return the pixels of lines with any filter, ``(N, width)``, all at once.

    They are few, and each of their pixels depends on the one before, which numpy does a column at a time. So
    Pillow gets them as one PNG, in which each follows the line above it.
    """
    count, width = lines.shape
    pairs = np.zeros((count, 2, width + 1), np.uint8)
    pairs[:, 0, 1:], pairs[:, 1, 0], pairs[:, 1, 1:] = above, filters, lines
    head = struct.pack(">II", width, 2 * count) + _PLAIN_GREY
    data = zlib.compress(pairs.tobytes(), 0)
    png = _SIGNATURE[:8] + b"".join(
        _chunk(*part) for part in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    )
    return np.asarray(Image.open(BytesIO(png), formats=("PNG",))).reshape(count, 2, width)[:, 1]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
