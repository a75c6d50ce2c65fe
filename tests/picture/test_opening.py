"""Tests of calligram.picture.opening: every kind of image in, one clear sentence for every bad one."""

import io
import os
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from calligram.errors import ImageError, LimitError, OptionError
from calligram.picture import EncodeOptions, encode
from calligram.picture.opening import open_pixels

CELLS = (20, 11)


def pixels_of(source: Any, colour: bool = False, **options: Any) -> NDArray[np.uint8]:
    return open_pixels(source, EncodeOptions(**options), CELLS, colour)


def file_of(image: Image.Image, kind: str = "PNG", **how: Any) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **how)
    return content.getvalue()


def ramp_image(mode: str = "L") -> Image.Image:
    return Image.fromarray(np.arange(48, dtype=np.uint8).reshape(6, 8) * 5).convert(mode)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "GIF", "PPM", "TGA"])
def test_lossless_files_give_their_greys(kind: str) -> None:
    assert np.array_equal(pixels_of(file_of(ramp_image(), kind)), np.asarray(ramp_image()))


@pytest.mark.parametrize(
    "mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "LA", "I", "F", "I;16"]
)
def test_every_mode_of_pillow_becomes_grey_and_colour(mode: str) -> None:
    image = ramp_image() if mode in ("F", "I", "I;16") else ramp_image("RGB")
    converted = image.convert("RGB").convert("LA") if mode == "LA" else image.convert(mode)
    assert pixels_of(converted).shape == (6, 8)
    assert pixels_of(converted, colour=True).shape == (6, 8, 3)


def test_colours_become_grey_as_pillow_weighs_them() -> None:
    image = Image.new("RGB", (3, 1))
    image.putdata([(255, 0, 0), (0, 255, 0), (0, 0, 255)])
    assert pixels_of(image).tolist() == [[76, 150, 29]]


def test_sixteen_bits_are_divided_not_cut() -> None:
    deep = np.array([[0, 257 * 100, 65535]], np.uint16)
    assert pixels_of(file_of(Image.fromarray(deep))).tolist() == [[0, 100, 255]]


def test_a_palette_is_looked_up() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([0, 0, 0, 200, 200, 200])
    image.putpixel((1, 0), 1)
    assert pixels_of(file_of(image)).tolist() == [[0, 200]]


@pytest.mark.parametrize(("background", "grey"), [("black", 0), ("white", 255), ("#808080", 128)])
def test_transparent_parts_show_the_background(background: str, grey: int) -> None:
    clear = Image.new("RGBA", (2, 2), (200, 10, 10, 0))
    assert (pixels_of(clear, background=background) == grey).all()


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (255, 0)])
def test_the_automatic_background_contrasts_with_what_is_seen(ink: int, paper: int) -> None:
    image = Image.new("LA", (4, 1), (ink, 0))
    image.putpixel((0, 0), (ink, 255))
    assert pixels_of(file_of(image)).tolist() == [[ink, paper, paper, paper]]


def test_a_transparent_palette_entry_shows_the_background() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([0, 0, 0, 200, 200, 200])
    image.putpixel((1, 0), 1)
    assert pixels_of(file_of(image, transparency=0), background="white").tolist() == [[255, 200]]


def test_a_transparent_grey_shows_the_background() -> None:
    image = Image.new("L", (2, 1))
    image.putpixel((1, 0), 200)
    assert pixels_of(file_of(image, transparency=0), background="white").tolist() == [[255, 200]]


def test_an_unknown_background_is_refused() -> None:
    with pytest.raises(OptionError, match="background is 'blau', but must be auto"):
        pixels_of(Image.new("LA", (1, 1)), background="blau")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_turn_that_a_camera_noted_is_made(kind: str) -> None:
    image = Image.new("L", (40, 20))
    image.paste(255, (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = pixels_of(file_of(image, kind, exif=exif))
    assert turned.shape == (40, 20)
    assert turned[:18].min() > 240
    assert turned[22:].max() < 15


def animation() -> bytes:
    frames = [Image.new("L", (4, 4), grey) for grey in (10, 120, 250)]
    return file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(("frame", "grey"), [(0, 10), (1, 120), (2, 250)])
def test_a_frame_can_be_chosen(frame: int, grey: int) -> None:
    assert (pixels_of(animation(), frame=frame) == grey).all()


def test_a_frame_that_is_not_there_is_refused() -> None:
    with pytest.raises(ImageError, match="has no frame 3: frames are counted from 0, choose one of 3"):
        pixels_of(animation(), frame=3)


def test_a_frame_over_its_limit_is_refused() -> None:
    with pytest.raises(
        LimitError, match=r"frame 2 was asked for, but max_frames is 2: .* or raise max_frames"
    ):
        pixels_of(animation(), frame=2, max_frames=2)


@pytest.mark.parametrize(
    ("array", "greys"),
    [
        (np.array([[0, 7, 255]], np.uint8), [[0, 7, 255]]),
        (np.array([[False, True]]), [[0, 255]]),
        (np.array([[0.0, 0.5, 1.0]]), [[0, 128, 255]]),
        (np.array([[0.0, 100.4, 255.0]]), [[0, 100, 255]]),
        (np.array([[0, 300, 65535]], np.uint16), [[0, 1, 255]]),
        (np.array([[0, 9]], np.int64), [[0, 9]]),
        (np.array([[[255, 0, 0], [9, 9, 9]]], np.uint8), [[76, 9]]),
        (np.array([[[9, 9, 9, 255], [9, 9, 9, 0]]], np.uint8), [[9, 255]]),
    ],
)
def test_arrays_of_many_kinds_are_taken(array: NDArray[Any], greys: list[list[int]]) -> None:
    assert pixels_of(array).tolist() == greys


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros(5), "an array of shape (5,) is no image"),
        (np.zeros((2, 3, 5)), "many of one size to encode_batch"),
        (np.zeros((0, 3)), "an array of shape (0, 3) is no image"),
        (np.full((2, 2), -1), "with values -1 to -1"),
        (np.full((2, 2), 256.0), "with values 256.0 to 256.0"),
        (np.full((2, 2), np.nan), "with values nan to nan"),
        (np.array([["a", "b"]]), "an array of kind <U1 is no image: give one of numbers"),
        (np.array([[None, {}]]), "an array of kind object is no image"),
    ],
)
def test_arrays_that_are_no_images_are_refused(array: NDArray[Any], words: str) -> None:
    with pytest.raises(ImageError) as caught:
        pixels_of(array)
    assert words in str(caught.value)


@pytest.mark.parametrize("given", [None, 5, ["a.png"], "a\0b.png"])
def test_what_is_no_kind_of_image_is_refused(given: Any) -> None:
    with pytest.raises(ImageError, match=r"is no (image|path)"):
        encode(given)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file_of(ramp_image()))))
    assert np.array_equal(pixels_of("-"), np.asarray(ramp_image()))


def test_paths_may_be_objects(tmp_path: Path) -> None:
    path = tmp_path / "ramp.png"
    path.write_bytes(file_of(ramp_image()))
    assert np.array_equal(pixels_of(path), pixels_of(str(path)))


def test_a_large_jpeg_is_decoded_small_and_stays_near(tmp_path: Path) -> None:
    shape = np.add.outer(np.arange(1200) // 8, np.arange(1600) // 8) % 256
    content = file_of(Image.fromarray(shape.astype(np.uint8)), "JPEG", quality=95)
    assert pixels_of(content).shape == (150, 200)
    assert pixels_of(content, draft=False).shape == (1200, 1600)
    near = encode(content, "full").levels == encode(content, "full", EncodeOptions(draft=False)).levels
    assert near.mean() > 0.97


def test_a_small_jpeg_is_decoded_as_it_is() -> None:
    content = file_of(ramp_image().resize((64, 64)).convert("RGB"), "JPEG")
    assert np.array_equal(pixels_of(content), np.asarray(Image.open(io.BytesIO(content)).convert("L")))


def bomb() -> bytes:
    """Return a PNG of a hundred bytes that claims 60,000 x 60,000 pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    chunks = (b"IHDR" + header, b"IDAT" + zlib.compress(bytes(1000)), b"IEND")
    packed = (
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def test_a_decompression_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(
        LimitError, match=r"has 60000 x 60000 pixels, but max_pixels is 100000000: .* raise max_pixels"
    ):
        pixels_of(bomb())


def test_the_limit_of_pixels_can_be_raised_beyond_pillows_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    assert pixels_of(file_of(ramp_image())).shape == (6, 8)
    assert Image.MAX_IMAGE_PIXELS == 10


def test_a_line_of_an_image_is_refused() -> None:
    for size in ((3000, 1), (1, 3000)):
        with pytest.raises(LimitError, match=r"longer than 1000:1, .*: crop it or raise max_aspect"):
            pixels_of(Image.new("L", size))
    assert pixels_of(Image.new("L", (3000, 1)), max_aspect=3000).shape == (1, 3000)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"])
def test_a_truncated_file_is_refused_at_whatever_byte_it_ends(kind: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64)).astype(np.uint8)
    content = file_of(Image.fromarray(noise), kind)
    for end in {1, 3, 9, 20, 40, 100, len(content) // 2, len(content) * 9 // 10}:
        with pytest.raises(ImageError, match=r"is a damaged image|is no image that can be opened"):
            pixels_of(content[:end])


def test_flipped_bytes_give_an_image_or_one_sentence() -> None:
    content = file_of(ramp_image())
    generator = np.random.default_rng(0)
    for _ in range(200):
        damaged = bytearray(content)
        damaged[generator.integers(len(content))] = int(generator.integers(256))
        try:
            shape = pixels_of(bytes(damaged)).shape
        except (ImageError, LimitError) as fault:
            assert "\n" not in str(fault)  # noqa: PT017
        else:
            assert len(shape) == 2


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"there is no file '.*nothing.png': check the path"):
        pixels_of(tmp_path / "nothing.png")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="is a folder: give a file with an image"):
        pixels_of(tmp_path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.png"
    path.touch()
    with pytest.raises(ImageError, match=r"empty.png' is empty \(0 bytes\): give an image"):
        pixels_of(path)
    with pytest.raises(ImageError, match=r"the given 0 bytes is empty \(0 bytes\)|the given 0 bytes"):
        pixels_of(b"")


def test_a_text_is_no_image() -> None:
    with pytest.raises(ImageError, match=r"no image that can be opened \(it begins with b'Dear Sir or '\)"):
        pixels_of(b"Dear Sir or Madam")


def test_a_file_over_its_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "noise.png"
    path.write_bytes(os.urandom(70_000))
    for size in (100, 40_000):
        with pytest.raises(LimitError, match=f"but max_file_bytes is {size}: .* raise max_file_bytes"):
            pixels_of(path, max_file_bytes=size)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(file_of(ramp_image()))
    path.chmod(0)
    with pytest.raises(ImageError, match="may not be read: check its permissions"):
        pixels_of(path)


def test_a_path_with_a_zero_byte_is_refused() -> None:
    with pytest.raises(ImageError, match="check the path"):
        pixels_of("a\0b.png")
