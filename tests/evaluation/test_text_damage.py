"""Damage to the text itself."""

import numpy as np
import pytest

from calligram.evaluation.text_damage import TEXT_CURVES, other_layouts
from calligram.picture import get_layout


@pytest.fixture(scope="module")
def levels() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 3, (60, 11, 20), dtype=np.uint8)


def test_substituted_cells_show_another_level_of_the_ramp(levels: np.ndarray) -> None:
    made = TEXT_CURVES["substituted cells"].apply(levels, "substituted cells", 0.1, 3)
    assert (made != levels).mean() == pytest.approx(0.1, abs=0.01)
    assert made.max() == 2
    assert (made.shape, made.dtype) == (levels.shape, np.uint8)
    all_other = TEXT_CURVES["substituted cells"].apply(levels, "substituted cells", 1.0, 3)
    assert (all_other != levels).all()


def test_dropped_rows_leave_the_others_in_their_order(levels: np.ndarray) -> None:
    made = TEXT_CURVES["dropped rows"].apply(levels, "dropped rows", 2, 3)
    assert made.shape == (60, 9, 20)
    for grid, image in zip(made, levels, strict=True):
        rows = iter(row.tobytes() for row in image)
        assert all(row.tobytes() in rows for row in grid)
    assert len({tuple((grid == levels[0, :9]).all(axis=1)) for grid in made}) > 1


def test_merged_rows_keep_the_greater_level_of_each_cell(levels: np.ndarray) -> None:
    made = TEXT_CURVES["merged rows"].apply(levels, "merged rows", 1, 3)
    assert made.shape == (60, 10, 20)
    for grid, image in zip(made, levels, strict=True):
        wanted = [
            np.vstack([image[:upper], np.maximum(image[upper], image[upper + 1])[None], image[upper + 2 :]])
            for upper in range(10)
        ]
        assert sum((grid == one).all() for one in wanted) == 1


def test_no_more_rows_are_lost_than_there_are() -> None:
    assert TEXT_CURVES["dropped rows"].amounts_for(2) == (1,)
    assert TEXT_CURVES["substituted cells"].amounts_for(1) == (0.01, 0.02, 0.05, 0.1, 0.2)


@pytest.mark.parametrize("name", ["classic", "fine", "full"])
def test_other_layouts_differ_in_ramp_or_size(name: str) -> None:
    layout = get_layout(name)
    others = other_layouts(layout)
    assert name not in others
    assert len(others) >= 8
    for other in others.values():
        assert (other.symbols, other.grid()) != (layout.symbols, layout.grid())
