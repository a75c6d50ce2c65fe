"""The samples that the benchmarks make."""

import json
from pathlib import Path

import numpy as np
from benchmarks.plain_dataset import build
from benchmarks.samples import draw_strokes, make_samples, paint_scene, write_idx
from PIL import Image

from calligram.picture import encode_batch, get_layout, spell
from calligram.sources.base import open_source


def test_strokes_have_about_the_ink_of_a_digit() -> None:
    pictures = draw_strokes(np.random.default_rng(0), 50)
    assert pictures.shape == (50, 28, 28)
    assert 0.05 < (pictures > 127).mean() < 0.35


def test_the_samples_are_files_that_can_be_read(tmp_path: Path) -> None:
    samples = make_samples(tmp_path / "samples", None, small=3, train=20, size=(400, 300))
    assert [measure(path) for path in samples.small] == [(28, 28)] * 3
    assert measure(samples.jpeg) == samples.jpeg_size == (400, 300)
    assert not samples.real
    assert len(open_source(f"idx:{samples.idx}", "train")) == 20


def test_a_scene_has_large_forms_and_grain() -> None:
    scene = np.asarray(paint_scene(np.random.default_rng(0), (160, 120)), float)
    assert scene.shape == (120, 160, 3)
    assert scene.std() > 20
    assert np.abs(np.diff(scene, axis=1)).mean() > 1


def test_the_plain_script_writes_what_calligram_encodes(tmp_path: Path) -> None:
    pictures = draw_strokes(np.random.default_rng(1), 5)
    write_idx(tmp_path / "idx", pictures, np.arange(5))
    build(tmp_path / "idx", tmp_path / "plain.json")
    layout = get_layout("classic")
    expected = [spell(levels, layout) for levels in encode_batch(pictures, layout)]
    assert [one["ASCII_image"] for one in read(tmp_path / "plain.json")] == expected


def measure(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def read(path: Path) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return entries
