"""The measures of drawings, each against a slow and plain oracle."""

import dataclasses
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calligram.metrics import bits_per_cell, diversity, nearest, recognised, well_formed
from calligram.metrics.base import PictureSet


def make_pictures(seed: int = 0, n: int = 12, levels: int = 3) -> PictureSet:
    rng = np.random.default_rng(seed)
    asked = rng.integers(0, 2, n)
    return PictureSet(
        classes=("a", "b"),
        asked=asked,
        well_formed=np.ones(n, bool),
        levels=rng.integers(0, levels, (n, 3, 4), dtype=np.uint8),
        judged=asked.copy(),
        training=rng.integers(0, levels, (20, 3, 4), dtype=np.uint8),
    )


@given(seed=st.integers(0, 10_000), levels=st.integers(1, 8))
@settings(max_examples=30, deadline=None)
def test_the_diversity_agrees_with_a_loop_over_all_pairs(seed: int, levels: int) -> None:
    pictures = make_pictures(seed, levels=levels)
    expected = []
    for label in (0, 1):
        own = pictures.levels[pictures.asked == label]
        pairs = [float((one != other).mean()) for one, other in combinations(own, 2)]
        if pairs:
            expected.append(np.mean(pairs))
    assert diversity.measure(pictures)["distance"] == pytest.approx(np.mean(expected))


def test_one_picture_drawn_again_and_again_has_no_diversity() -> None:
    pictures = make_pictures()
    same = dataclasses.replace(pictures, levels=np.repeat(pictures.levels[:1], 12, axis=0))
    assert diversity.measure(same)["distance"] == 0
    assert diversity.measure(same)["distinct"] == pytest.approx(1 / 12)


@given(seed=st.integers(0, 10_000), levels=st.integers(1, 8))
@settings(max_examples=30, deadline=None)
def test_the_nearest_distance_agrees_with_a_loop_over_the_training_pictures(seed: int, levels: int) -> None:
    pictures = make_pictures(seed, levels=levels)
    expected = [min(float((one != other).mean()) for other in pictures.training) for one in pictures.levels]
    found = nearest.nearest_distances(pictures.levels, pictures.training)
    assert found == pytest.approx(expected, abs=1e-6)


def test_a_copied_training_picture_shows() -> None:
    pictures = make_pictures()
    copied = dataclasses.replace(pictures, levels=pictures.training[:12])
    figures = nearest.measure(copied)
    assert figures["copies"] == 1
    assert figures["distance"] == 0


def test_the_nearest_picture_is_found_beyond_the_first_chunk() -> None:
    pictures = make_pictures()
    training = np.concatenate([np.full((nearest.CHUNK + 5, 3, 4), 9, np.uint8), pictures.levels[:1]])
    assert nearest.nearest_distances(pictures.levels[:1], training) == pytest.approx([0])


def test_a_picture_that_is_not_well_formed_counts_as_not_recognised() -> None:
    pictures = make_pictures(n=4)
    damaged = dataclasses.replace(
        pictures,
        well_formed=np.array([True, False, True, True]),
        levels=pictures.levels[[0, 2, 3]],
        judged=pictures.asked[[0, 2, 3]],
    )
    assert well_formed.measure(damaged)["share"] == 0.75
    assert recognised.measure(damaged)["share"] == 0.75


def test_a_picture_judged_as_another_class_is_not_recognised() -> None:
    pictures = make_pictures()
    judged = pictures.asked.copy()
    judged[:3] = 1 - judged[:3]
    figures = recognised.measure(dataclasses.replace(pictures, judged=judged))
    assert figures["share"] == pytest.approx(9 / 12)
    assert sum(entry["n"] for entry in figures["classes"]) == 12


def test_bits_are_averaged_and_absent_bits_stay_absent() -> None:
    pictures = make_pictures(n=4)
    figures = bits_per_cell.measure(dataclasses.replace(pictures, bits=np.array([0.1, 0.2, 0.3, 0.4])))
    assert figures["bits"] == pytest.approx(0.25)
    assert figures["standard_error"] == pytest.approx(np.std([0.1, 0.2, 0.3, 0.4], ddof=1) / 2)
    assert bits_per_cell.measure(pictures)["bits"] is None
