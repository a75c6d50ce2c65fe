"""Photographs of a folder."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.errors import ImageError
from calligram.evaluation.photographs import find_readable_photographs, read_photographs


def test_a_photograph_gives_its_middle_and_nine_smaller_squares(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    Image.fromarray(rng.integers(0, 256, (60, 90, 3), dtype=np.uint8)).save(tmp_path / "one.png")
    squares, names = read_photographs(tmp_path)
    assert squares.shape == (10, 224, 224)
    assert names[0] == "one.png, square 0"
    assert len({square.tobytes() for square in squares}) == 10


def test_a_folder_without_photographs_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="holds no image file"):
        read_photographs(tmp_path)


def test_a_broken_photograph_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(ImageError, match=r"broken\.png"):
        read_photographs(tmp_path)


def test_all_broken_photographs_are_told_at_once_or_left_out(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        Image.new("L", (40, 30), 90).save(tmp_path / f"{name}.png")
    for name in ("one", "two"):
        (tmp_path / f"{name}.png").write_bytes(b"no picture")
    with pytest.raises(ImageError, match=r"2 of 3 images of the folder .*: one.png, two.png \(the first"):
        read_photographs(tmp_path)
    squares, names = read_photographs(tmp_path, bad_images="skip")
    assert len(squares) == 10
    assert names[0] == "three.png, square 0"
    assert [path.name for path in find_readable_photographs(tmp_path, "skip")] == ["three.png"]
