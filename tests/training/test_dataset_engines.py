"""Engines: whoever does the work, the bytes are the same."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram import registry
from calligram.errors import ImageError, NameInFamilyError
from calligram.training.dataset import build_dataset
from calligram.training.dataset_options import BuildOptions
from calligram.training.engines.base import get_engine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shapes" / "noise").mkdir(parents=True)
    for number in range(12):
        pixels = np.random.default_rng(number).integers(0, 256, (16, 16), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "shapes" / "noise" / f"{number}.png")
    return tmp_path / "shapes"


def build(folder: Path, output: Path, engine: str, workers: int) -> dict[str, bytes]:
    options = BuildOptions(
        split="all", format="messages", task="both", copies=1, shard_size=3, engine=engine, workers=workers
    )
    build_dataset(f"folder:{folder}", output, options)
    return {path.name: path.read_bytes() for path in output.iterdir()}


@pytest.mark.parametrize("engine", registry.members("training.engines"))
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_an_engine_gives_the_bytes_of_a_plain_loop(folder: Path, tmp_path: Path, engine: str) -> None:
    if engine == "daft":
        pytest.importorskip("daft")
    plain = build(folder, tmp_path / "plain", "local", 1)
    assert build(folder, tmp_path / engine, engine, 2) == plain
    assert sorted(plain) == ["all.jsonl", "manifest.json"]


def test_a_fault_in_another_process_is_told_as_the_same_error(folder: Path, tmp_path: Path) -> None:
    (folder / "noise" / "7.png").write_bytes(b"no image")
    with pytest.raises(ImageError, match=r"the image noise/7.png cannot be used"):
        build(folder, tmp_path / "out", "local", 2)
    assert not (tmp_path / "out").exists()


def test_no_jobs_are_no_work() -> None:
    assert list(get_engine("local").run(abs, [], 2)) == []


def test_an_unknown_engine_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NameInFamilyError, match=r"'steam'.*daft, local"):
        get_engine("steam")
