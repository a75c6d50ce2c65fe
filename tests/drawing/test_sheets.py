"""Drawings are written whole or not at all."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.drawing import Drawing, save_drawings
from calligram.errors import OutputError
from calligram.picture import TextPicture, get_layout


def make_drawings(count: int) -> list[Drawing]:
    layout = get_layout("classic")
    grid = np.full((11, 20), 2, np.uint8)
    return [Drawing("the digit 5", TextPicture(grid, layout), "5", True, seed, 1.0) for seed in range(count)]


@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
def test_several_drawings_make_one_sheet(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"sheet.{ending}"
    save_drawings(make_drawings(7), path)
    with Image.open(path) as sheet:
        assert sheet.width > sheet.height
        assert np.asarray(sheet).max() == 255
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_one_drawing_is_written_as_a_picture_alone(tmp_path: Path) -> None:
    save_drawings(make_drawings(1), tmp_path / "one.png")
    with Image.open(tmp_path / "one.png") as image:
        assert (np.asarray(image) == 255).all()


def test_text_holds_the_pictures_one_after_another(tmp_path: Path) -> None:
    drawings = make_drawings(2)
    save_drawings(drawings, tmp_path / "two.txt")
    assert (tmp_path / "two.txt").read_text(encoding="utf-8") == drawings[0].text + "\n" + drawings[1].text


@pytest.mark.parametrize(
    ("name", "count"),
    [("sheet.doc", 1), ("sheet.doc", 3), ("sheet", 3), ("nowhere/sheet.png", 1), ("nowhere/sheet.png", 3)],
)
def test_what_cannot_be_written_leaves_nothing(name: str, count: int, tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        save_drawings(make_drawings(count), tmp_path / name)
    assert not list(tmp_path.iterdir())
