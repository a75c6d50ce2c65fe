"""The family of measures: its contract and the interval they share."""

import json
from typing import get_args

import numpy as np
import pytest
from scipy.stats import binomtest

from calligram import registry
from calligram.metrics.base import (
    Answers,
    Paired,
    PictureSet,
    Pixels,
    Ratings,
    Subject,
    TextSet,
    TwoShares,
    meanings_of,
    measure_all,
    wilson_interval,
)


@pytest.fixture
def answers() -> Answers:
    return Answers(
        classes=("a", "b", "c"),
        truth=np.array([0, 0, 1, 1, 2]),
        top=np.array([0, 1, 1, -1, 2]),
        confidence=np.array([0.9, 0.6, 0.8, 0.3, 1.0]),
        abstained=np.array([False, False, False, True, False]),
    )


@pytest.fixture
def pictures() -> PictureSet:
    rng = np.random.default_rng(0)
    return PictureSet(
        classes=("a", "b", "c"),
        asked=np.array([0, 0, 1, 1, 2]),
        well_formed=np.array([True, True, True, False, True]),
        levels=rng.integers(0, 3, (4, 3, 5), dtype=np.uint8),
        judged=np.array([0, 1, 1, 2]),
        training=rng.integers(0, 3, (9, 3, 5), dtype=np.uint8),
    )


@pytest.mark.parametrize(("hits", "trials"), [(0, 10), (10, 10), (98, 100), (1, 3), (9860, 10000)])
def test_the_interval_agrees_with_scipys_wilson_interval(hits: int, trials: int) -> None:
    expected = binomtest(hits, trials).proportion_ci(0.95, method="wilson")
    assert wilson_interval(hits, trials) == pytest.approx([expected.low, expected.high])


def test_the_interval_of_no_trials_is_none() -> None:
    assert wilson_interval(0, 0) is None


@pytest.mark.parametrize("name", registry.members("metrics"))
def test_every_measure_has_a_title_and_a_subject(name: str) -> None:
    metric = registry.member("metrics", name)
    assert metric.TITLE
    assert metric.MEANING.endswith(".")
    assert metric.SUBJECT in get_args(Subject)
    assert meanings_of(metric.SUBJECT)[name.replace("-", "_")] == (metric.TITLE, metric.MEANING)


def test_every_measure_gives_figures_that_json_can_hold(answers: Answers, pictures: PictureSet) -> None:
    paired = Paired(np.array([True, False, True]), np.array([True, True, False]))
    figures = measure_all(answers) | measure_all(pictures)
    figures |= measure_all(paired) | measure_all(TwoShares(1, 3, 2, 3))
    figures |= measure_all(TextSet(("a red boat", "a grey hill", "a")))
    figures |= measure_all(Ratings(np.array([[1.0, 2.0, np.nan], [2.0, 2.0, 5.0]]), "ordinal"))
    figures |= measure_all(Pixels(np.random.default_rng(0).integers(0, 256, (40, 30, 3), dtype=np.uint8)))
    assert sorted(figures) == [name.replace("-", "_") for name in registry.members("metrics")]
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures


def test_every_measure_survives_an_empty_subject() -> None:
    none, nothing = np.zeros(0, np.int64), np.zeros(0, bool)
    grids = np.zeros((0, 3, 5), np.uint8)
    answers = Answers(("a",), none, none, np.zeros(0), nothing)
    pictures = PictureSet(("a",), none, nothing, grids, none, grids)
    figures = measure_all(answers) | measure_all(pictures)
    figures |= measure_all(Paired(nothing, nothing)) | measure_all(TwoShares(0, 0, 0, 0))
    figures |= measure_all(TextSet(())) | measure_all(Ratings(np.zeros((0, 0)), "ordinal"))
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
    assert figures["accuracy"]["accuracy"] is None
