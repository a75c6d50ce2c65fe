"""Tests of calligram.picture.small_pngs: the quick way gives what Pillow gives, or steps aside."""

import io
import itertools
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from calligram.picture.small_pngs import scan_png, unfilter


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    filters: list[int],
    lines: NDArray[np.uint8],
    kinds: bytes = b"\x08\0\0\0\0",
    extra: bytes = b"",
    parts: int = 1,
) -> bytes:
    """Return a PNG whose stored lines are as given, each with its filter."""
    height, width = lines.shape
    raw = b"".join(bytes([kind]) + line.tobytes() for kind, line in zip(filters, lines, strict=True))
    data = zlib.compress(raw)
    cuts = [len(data) * part // parts for part in range(parts + 1)]
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">II", width, height) + kinds)
        + extra
        + b"".join(chunk(b"IDAT", data[start:end]) for start, end in itertools.pairwise(cuts))
        + chunk(b"IEND", b"")
    )


def read_by_pillow(content: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(content)))


def read_quickly(*contents: bytes) -> NDArray[np.uint8]:
    scanned = [scan_png(content) for content in contents]
    assert all(scanned)
    height, width = scanned[0][0]  # type: ignore[index]
    return unfilter([found[1] for found in scanned if found], height, width)


@given(
    height=st.integers(1, 12),
    width=st.integers(1, 12),
    seed=st.integers(0, 10_000),
    parts=st.integers(1, 3),
)
@settings(max_examples=100, deadline=None)
def test_every_filter_is_undone_as_pillow_undoes_it(height: int, width: int, seed: int, parts: int) -> None:
    generator = np.random.default_rng(seed)
    contents = []
    for _ in range(3):
        filters = generator.integers(0, 5, height).tolist()
        contents.append(
            png(filters, generator.integers(0, 256, (height, width)).astype(np.uint8), parts=parts)
        )
    got = read_quickly(*contents)
    for content, pixels in zip(contents, got, strict=True):
        assert np.array_equal(pixels, read_by_pillow(content))


def test_real_files_are_read_as_pillow_reads_them(mnist: NDArray[np.uint8]) -> None:
    contents = []
    for image in mnist[:200]:
        content = io.BytesIO()
        Image.fromarray(image).save(content, "PNG")
        contents.append(content.getvalue())
    assert np.array_equal(read_quickly(*contents), mnist[:200])


def test_harmless_chunks_are_passed_over() -> None:
    information = PngImagePlugin.PngInfo()
    information.add_text("Title", "noise")
    content = io.BytesIO()
    Image.new("L", (3, 2), 9).save(content, "PNG", pnginfo=information, dpi=(72, 72))
    assert (read_quickly(content.getvalue()) == 9).all()


PLAIN = png([0, 0], np.array([[1, 2], [3, 4]], np.uint8))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        PLAIN[:30],
        PLAIN[:-1],
        PLAIN[:-4] + b"0000",
        PLAIN[:50] + b"\xff" + PLAIN[51:],
        png([0], np.zeros((1, 2), np.uint8), b"\x10\0\0\0\0"),
        png([0], np.zeros((1, 6), np.uint8), b"\x08\2\0\0\0"),
        png([0], np.zeros((1, 2), np.uint8), b"\x08\0\0\0\1"),
        png([0], np.zeros((1, 2), np.uint8), extra=chunk(b"tRNS", b"\0\1")),
        png([0], np.zeros((1, 2), np.uint8), extra=chunk(b"eXIf", b"II*\0")),
        png([0], np.zeros((1, 300), np.uint8)),
        PLAIN[:8] + chunk(b"IHDR", struct.pack(">II", 2, 3) + b"\x08\0\0\0\0") + PLAIN[33:],
    ],
)
def test_anything_else_goes_the_ordinary_way(content: bytes) -> None:
    assert scan_png(content) is None


def test_an_undefined_filter_is_refused() -> None:
    with pytest.raises(ValueError, match="a filter that is not defined"):
        read_quickly(PLAIN, png([0, 5], np.zeros((2, 2), np.uint8)))
