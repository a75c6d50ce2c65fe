"""Measuring many works."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.art.surveying import Surveyor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(3):
        coarse = np.random.default_rng(number).integers(0, 256, (4, 5, 3), dtype=np.uint8)
        Image.fromarray(coarse.repeat(8, axis=0).repeat(8, axis=1)).save(tmp_path / f"{number}.png")
    (tmp_path / "1b.png").write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    return tmp_path


@pytest.mark.parametrize("workers", [1, 2])
def test_a_bad_file_stops_no_other_and_the_order_stays(folder: Path, workers: int) -> None:
    told = []
    surveyor = Surveyor({"2.png": "A text."}, lambda *step: told.append(step), workers)
    works = surveyor.works(folder, "measured")
    assert [Path(work.path).name for work in works] == ["0.png", "1.png", "2.png"]
    assert [work.text for work in works] == ["", "", "A text."]
    assert [Path(path).name for path, _ in surveyor.faults] == ["1b.png"]
    assert told[-1] == ("measured", 4, 4)


def test_a_file_met_again_is_not_measured_again(folder: Path) -> None:
    surveyor = Surveyor({}, lambda *step: None)
    first = surveyor.works([folder / "0.png"], "measured")
    again = surveyor.works([folder, folder / "." / "0.png"], "collection")
    assert again[0] is first[0]
    assert len(again) == 3


def test_a_folder_without_images_is_among_the_faults(tmp_path: Path) -> None:
    surveyor = Surveyor({}, lambda *step: None)
    assert surveyor.works(tmp_path, "measured") == []
    assert "holds no image" in surveyor.faults[0][1]
