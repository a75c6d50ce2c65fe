"""Small grey PNGs by the thousand: read by hand with zlib and numpy, exactly as Pillow reads them.

Only the plainest kind is taken (8-bit grey, not interlaced, nothing that changes its look); every other file
goes the ordinary way. Source: W3C, Portable Network Graphics (Third Edition), sections 9 and 11.
"""

import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_LAST = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_PLAIN_GREY = b"\x08\x00\x00\x00\x00"
_HARMLESS = frozenset({b"gAMA", b"cHRM", b"pHYs", b"tIME", b"sRGB", b"tEXt", b"bKGD"})
"""Chunks that change no grey value in Pillow."""

UP, AVERAGE, PAETH = 2, 3, 4
"""How a line is foretold from the line above; 0 is not at all, 1 from the pixel to the left."""

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
    """Undo the fourth filter column by column, all in place, since the columns are many and short."""
    result, up = line.T.astype(np.int16), above.T.astype(np.int16)
    guesses = np.zeros_like(up)
    guesses[1:] = up[:-1]
    rises = up - guesses
    left, least, nearer = (
        np.zeros(len(line), np.int16),
        np.empty(len(line), np.int16),
        np.empty(len(line), bool),
    )
    far = np.empty((2, len(line)), np.int16)
    for value, high, guess, rise, far_left in zip(result, up, guesses, rises, np.abs(rises), strict=True):
        # the guess begins as the corner above on the left; far holds how far the pixels above and there are
        np.subtract(left, guess, out=far[0])
        np.add(far[0], rise, out=far[1])
        np.abs(far, out=far)
        np.less_equal(far[0], far[1], out=nearer)
        np.copyto(guess, high, where=nearer)
        np.minimum(far[0], far[1], out=least)
        np.less_equal(far_left, least, out=nearer)
        np.copyto(guess, left, where=nearer)
        np.add(guess, value, out=value)
        np.bitwise_and(value, 255, out=value)
        left = value
    return result.T.astype(np.uint8)
