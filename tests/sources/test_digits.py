"""scikit-learn's digits."""

import numpy as np
import pytest

from calligram.errors import SourceError
from calligram.sources.base import open_source

pytest.importorskip("sklearn")


def test_the_splits_part_all_scans() -> None:
    counts = {split: len(open_source("digits:", split)) for split in ("train", "valid", "test", "all")}
    assert counts["train"] + counts["valid"] + counts["test"] == counts["all"] == 1797
    assert counts["train"] > 1300


def test_scans_are_framed_as_mnist_is() -> None:
    images = open_source("digits:", "test").take(range(50)).images
    assert isinstance(images, np.ndarray)
    assert images.shape == (50, 28, 28)
    rows = np.arange(28) + 0.5
    centres = (images.sum(2) @ rows) / images.sum((1, 2))
    assert np.abs(centres - 14).max() < 1.5
    assert images.max() == 255


def test_scans_can_be_had_as_they_are() -> None:
    images = open_source("digits:?framed=0", "all").take(range(3)).images
    assert isinstance(images, np.ndarray)
    assert images.shape == (3, 8, 8)


def test_a_place_is_refused() -> None:
    with pytest.raises(SourceError, match="takes no place"):
        open_source("digits:here")
