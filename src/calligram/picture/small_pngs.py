"""Small grey PNGs by the thousand: read by hand with zlib and numpy, exactly as Pillow reads them.

Only the plainest kind is taken (8-bit grey, not interlaced, nothing that changes its look); every other file
goes the ordinary way. Source: W3C, Portable Network Graphics (Third Edition), sections 9 and 11.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_LAST = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_PLAIN_GREY = b"\x08\x00\x00\x00\x00"
_HARMLESS = frozenset({b"gAMA", b"cHRM", b"pHYs", b"tIME", b"sRGB", b"tEXt", b"bKGD"})
"""Chunks that change no grey value in Pillow."""

UP, AVERAGE, PAETH = 2, 3, 4
"""How a line is foretold from the line above; 0 is not at all, 1 from the pixel to the left."""

LARGEST_SIDE = 256
"""Images with a longer side go the ordinary way."""


def scan_png(content: bytes) -> tuple[int, int, bytes] | None:
    """Return height, width and the filtered lines of a small plain grey PNG, or None for anything else.

    Args:
        content: the whole file.
    """
    if content[:16] != _SIGNATURE or content[24:29] != _PLAIN_GREY:
        return None
    width, height = int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        return None
    data = _image_data(content)
    size = height * (width + 1)
    try:
        lines = zlib.decompress(data, bufsize=size + 1) if data else b""
    except zlib.error:
        return None
    sound = len(lines) == size and max(lines[:: width + 1]) <= PAETH
    return (height, width, lines) if sound else None


def _image_data(content: bytes) -> bytes | None:
    """Return the joined IDAT chunks, or None where a chunk is damaged, unknown, or missing."""
    end = len(content) - len(_LAST)
    if (
        content[37:41] == b"IDAT"
        and int.from_bytes(content[33:37], "big") == end - 45
        and content[end:] == _LAST
    ):
        checked = zlib.crc32(content[37 : end - 4]) == int.from_bytes(content[end - 4 : end], "big")
        return content[41 : end - 4] if checked and _is_sound(content, 8, 29) else None
    return _join_data(content)


def _is_sound(content: bytes, place: int, end: int) -> bool:
    """Return whether a chunk, its data ending before ``end``, has the checksum that follows it."""
    return zlib.crc32(content[place + 4 : end]) == int.from_bytes(content[end : end + 4], "big")


def _join_data(content: bytes) -> bytes | None:
    """Return the joined IDAT chunks of a file with other chunks too."""
    place, data = 8, b""
    while True:
        end = place + 8 + int.from_bytes(content[place : place + 4], "big")
        kind = content[place + 4 : place + 8]
        if not kind or not _is_sound(content, place, end):
            return None
        if kind == b"IDAT":
            data += content[place + 8 : end]
        elif kind == b"IEND":
            return data
        elif kind != b"IHDR" and kind not in _HARMLESS:
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
    """
    held = np.frombuffer(b"".join(lines), np.uint8).reshape(-1, height, width + 1)
    filters, pixels = held[:, :, 0], held[:, :, 1:].copy()
    beside = filters == 1
    pixels[beside] = np.cumsum(pixels[beside], axis=1, dtype=np.uint8)
    nothing = np.zeros_like(pixels[:, 0])
    by_row = np.ascontiguousarray(filters.T)
    for row in np.flatnonzero((by_row > 1).any(axis=1)).tolist():
        above = pixels[:, row - 1] if row else nothing
        for kind, undo in ((UP, _undo_up), (AVERAGE, _undo_average), (PAETH, _undo_paeth)):
            chosen = np.flatnonzero(by_row[row] == kind)
            if len(chosen):
                pixels[chosen, row] = undo(pixels[chosen, row], above[chosen])
    return pixels


def _undo_up(line: NDArray[np.uint8], above: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return line + above


def _undo_average(line: NDArray[np.uint8], above: NDArray[np.uint8]) -> NDArray[np.uint8]:
    result = line.T.astype(np.int16)
    up = above.T.astype(np.int16)
    left = np.zeros(len(line), np.int16)
    for column in range(len(result)):
        left = (result[column] + ((left + up[column]) >> 1)) & 255
        result[column] = left
    return result.T.astype(np.uint8)


def _undo_paeth(line: NDArray[np.uint8], above: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Undo the fourth filter column by column, in buffers used again."""
    result = line.T.astype(np.int16)
    up = above.T.astype(np.int16)
    corner = np.zeros_like(up)
    corner[1:] = up[:-1]
    rise = up - corner
    far_left = np.abs(rise)
    left = np.zeros(len(line), np.int16)
    far_up, far_corner, nearer = np.empty_like(left), np.empty_like(left), np.empty(len(line), np.bool_)
    for column in range(len(result)):
        np.subtract(left, corner[column], out=far_up)
        np.add(far_up, rise[column], out=far_corner)
        np.abs(far_up, out=far_up)
        np.abs(far_corner, out=far_corner)
        np.less_equal(far_up, far_corner, out=nearer)
        nearest = np.where(nearer, up[column], corner[column])
        np.minimum(far_up, far_corner, out=far_up)
        np.less_equal(far_left[column], far_up, out=nearer)
        left = np.where(nearer, left, nearest)
        left += result[column]
        left &= 255
        result[column] = left
    return result.T.astype(np.uint8)
