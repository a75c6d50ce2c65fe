"""What several tests of text pictures share: real digits, where they are at hand."""

import gzip
import json
import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

SHARED = Path(__file__).resolve().parents[3] / "shared"


def read_idx(name: str) -> NDArray[np.uint8]:
    path = SHARED / "data" / "mnist" / name
    if not path.exists():
        pytest.skip(f"{path} is not at hand: the MNIST files are needed")
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), np.uint8)[16:].reshape(-1, 28, 28)


@pytest.fixture(scope="session")
def mnist() -> NDArray[np.uint8]:
    """Return all 70,000 MNIST images, training first."""
    return np.concatenate([read_idx("train-images-idx3-ubyte.gz"), read_idx("t10k-images-idx3-ubyte.gz")])


@pytest.fixture(scope="session")
def published() -> str:
    """Return the text that the idea's author published for MNIST's training image 0."""
    found = sorted((SHARED / "reference").glob("000_*.txt"))
    if not found:
        pytest.skip(f"{SHARED / 'reference'} is not at hand: the published sample is needed")
    entry = re.search(r"```json\n\[\s*(\{.*?\}),", found[0].read_text(encoding="utf-8"), re.DOTALL)
    assert entry
    return str(json.loads(entry[1])["ASCII_image"])


@pytest.fixture
def five() -> str:
    """Return a small classic text picture, drawn for the tests."""
    rows = [" " * 20] * 11
    rows[2] = "       ▓████▓       "
    rows[3] = "       ██           "
    rows[4] = "       ▓████▓       "
    rows[5] = "            ██      "
    rows[6] = "       █████▓       "
    return "".join(f"<row:{row}>{cells}</row:{row}>\n" for row, cells in enumerate(rows, 1))
