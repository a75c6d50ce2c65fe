"""Tests of calligram.picture.files."""

import dataclasses
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from calligram.errors import ImageError, OptionError
from calligram.picture import EncodeOptions, encode, encode_files
from calligram.picture.files import find_all_images, find_images, names_in_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of images of several kinds, one of them broken."""
    generator = np.random.default_rng(0)
    for place in range(5):
        Image.fromarray(generator.integers(0, 256, (28, 28)).astype(np.uint8)).save(tmp_path / f"{place}.png")
    Image.fromarray(generator.integers(0, 256, (20, 30)).astype(np.uint8)).save(tmp_path / "wide.png")
    Image.fromarray(generator.integers(0, 256, (28, 28, 3)).astype(np.uint8)).save(tmp_path / "colour.png")
    Image.fromarray(generator.integers(0, 256, (28, 28)).astype(np.uint8)).save(tmp_path / "photo.jpg")
    (tmp_path / "broken.png").write_bytes((tmp_path / "0.png").read_bytes()[:100])
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / "more").mkdir()
    Image.new("L", (5, 5), 200).save(tmp_path / "more" / "deep.PNG")
    return tmp_path


PLAIN_AND_OTHERS: list[dict[str, Any]] = [
    {},
    {"width": 13, "symbols": "ascii70", "markup": "plain"},
    {"height": 9},
    {"invert": True},
    {"framing": "content"},
    {"dither": "ordered"},
    {"symbols": "braille"},
    {"symbols": "shape"},
    {"header": True},
]


@pytest.mark.parametrize("changes", PLAIN_AND_OTHERS)
@pytest.mark.parametrize("layout", ["classic", "fine"])
def test_each_file_becomes_what_it_becomes_alone(folder: Path, changes: dict[str, Any], layout: str) -> None:
    options = EncodeOptions(**changes)
    paths = find_images(folder)
    results = list(encode_files(paths, layout, options))
    assert [result.path for result in results] == paths
    for result in results:
        if "broken" in result.path:
            assert isinstance(result.fault, ImageError)
            assert result.text == ""
        else:
            assert result.fault is None
            assert result.text == encode(result.path, layout, options).text


def test_a_fault_names_its_file(folder: Path) -> None:
    paths = [str(folder / "broken.png"), str(folder / "gone.png")]
    broken, gone = encode_files(paths)
    assert str(broken.fault).startswith(f"{paths[0]!r} is a damaged image")
    assert str(gone.fault).startswith(f"there is no file {paths[1]!r}")


@pytest.mark.parametrize(
    "limit", [{"max_pixels": 300}, {"max_cells": 100}, {"max_aspect": 1.2}, {"max_file_bytes": 90}]
)
def test_limits_hold_on_the_quick_way_too(folder: Path, limit: dict[str, Any]) -> None:
    path = str(folder / ("wide.png" if "max_aspect" in limit else "0.png"))
    (result,) = encode_files([path], options=EncodeOptions(**limit))
    assert next(iter(limit)) in str(result.fault)


def test_the_same_file_twice_is_given_twice(folder: Path) -> None:
    first, second = encode_files([folder / "0.png"] * 2)
    assert first == second


def test_colour_is_for_people(folder: Path) -> None:
    (result,) = encode_files([folder / "colour.png"], options=EncodeOptions(colors="full"))
    assert "\x1b[38;2;" in result.text


def test_a_folder_gives_its_images_sorted(folder: Path) -> None:
    names = [Path(path).relative_to(folder).as_posix() for path in find_images(folder)]
    assert names == [
        *[
            "0.png",
            "1.png",
            "2.png",
            "3.png",
            "4.png",
            "broken.png",
            "colour.png",
            "more/deep.PNG",
            "photo.jpg",
            "wide.png",
        ]
    ]


def test_a_file_is_given_back_as_it_is() -> None:
    assert find_images("-") == ["-"]
    assert find_images("nothing.png") == ["nothing.png"]


def test_a_folder_without_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="holds no image: give one that does, or files"):
        find_images(tmp_path)


def test_a_folder_without_images_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    found = list(find_all_images(["a.png", tmp_path / "none", "b.png"]))
    assert [path for path, _ in found] == ["a.png", str(tmp_path / "none"), "b.png"]
    assert [fault is None for _, fault in found] == [True, False, True]
    assert list(find_all_images("a.png")) == [("a.png", None)]


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="needs the files of open pipes")
def test_a_pipe_among_files_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "grey.png"
    Image.fromarray(np.eye(8, dtype=np.uint8) * 255).save(path)
    reader, writer = os.pipe()
    os.write(writer, path.read_bytes())
    os.close(writer)
    try:
        piped, plain = encode_files([f"/dev/fd/{reader}", path])
    finally:
        os.close(reader)
    assert piped.fault is None
    assert piped.text == plain.text


def test_no_two_images_share_a_text() -> None:
    names = names_in_folder(["a/x.png", "a/x.jpg", "a/b/x.png", "a/y.png"], "out")
    wanted = ["out/x.png.txt", "out/x.jpg.txt", "out/b/x.png.txt", "out/y.png.txt"]
    assert [name.as_posix() for name in names] == wanted
    names = names_in_folder(["a/x.png", "a/b/x.png"], "out")
    assert [name.as_posix() for name in names] == ["out/x.txt", "out/b/x.txt"]


def test_rare_kinds_of_images_are_found_and_hidden_files_are_not(tmp_path: Path) -> None:
    for name in ("a.ppm", "._a.png", "b.xyz"):
        (tmp_path / name).touch()
    assert [Path(path).name for path in find_images(tmp_path)] == ["a.ppm"]


def test_an_option_out_of_its_range_is_refused_at_once(folder: Path) -> None:
    with pytest.raises(OptionError, match="gamma"):
        list(encode_files([folder / "0.png"], options=dataclasses.replace(EncodeOptions(), gamma=0.0)))


def test_a_file_with_an_undefined_filter_spoils_no_other(folder: Path) -> None:
    data = zlib.compress(bytes([5] + [0] * 28) * 28)
    head = (folder / "0.png").read_bytes()[:33]
    chunk = b"IDAT" + data
    packed = struct.pack(">I", len(data)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    (folder / "odd.png").write_bytes(head + packed + b"\0\0\0\0IEND\xaeB`\x82")
    good, odd = encode_files([folder / "0.png", folder / "odd.png"])
    assert good.text == encode(folder / "0.png").text
    assert isinstance(odd.fault, ImageError)
