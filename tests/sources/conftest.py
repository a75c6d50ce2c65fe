"""Small sources of labelled images, made for each test."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

SHARED = Path(__file__).parents[3] / "shared" / "data"
Writer = Callable[[Path, str, NDArray[np.uint8], bool], None]


@pytest.fixture
def shared_data() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the data sets beside the project are not here")
    return SHARED


def idx_bytes(values: NDArray[np.uint8]) -> bytes:
    return (
        struct.pack(">HBB", 0, 8, values.ndim)
        + struct.pack(f">{values.ndim}I", *values.shape)
        + values.tobytes()
    )


@pytest.fixture
def write_idx() -> Callable[..., None]:
    def write(path: Path, values: NDArray[np.uint8], packed: bool = False) -> None:
        data = idx_bytes(values)
        path.write_bytes(gzip.compress(data) if packed else data)

    return write


@pytest.fixture
def idx_folder(tmp_path: Path, write_idx: Callable[..., None]) -> Path:
    """Ten training images and five test images of 4 x 6, one packed pair and one plain."""
    chance = np.random.default_rng(0)
    folder = tmp_path / "small"
    folder.mkdir()
    for stem, count, packed in (("train", 10, True), ("t10k", 5, False)):
        end = ".gz" if packed else ""
        images = chance.integers(0, 256, (count, 4, 6), dtype=np.uint8)
        write_idx(folder / f"{stem}-images-idx3-ubyte{end}", images, packed)
        write_idx(folder / f"{stem}-labels-idx1-ubyte{end}", np.arange(count, dtype=np.uint8), packed)
    return folder


@pytest.fixture
def image_folder(tmp_path: Path) -> Path:
    """Forty images of two classes, of different sizes."""
    folder = tmp_path / "animals"
    for name, base in (("cat", 0), ("dog", 1000)):
        (folder / name).mkdir(parents=True)
        for number in range(20):
            chance = np.random.default_rng(base + number)
            pixels = chance.integers(0, 256, (12, 10 + number), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder
