"""The tests of difference, each against scipy."""

import numpy as np
import pytest
from scipy.stats import binomtest, fisher_exact

from calligram.metrics import mcnemar, two_shares
from calligram.metrics.base import Paired, TwoShares


@pytest.mark.parametrize(("then", "now"), [(0, 0), (0, 6), (1, 5), (12, 40), (100, 100), (5000, 5300)])
def test_mcnemars_probability_is_the_exact_binomial_one(then: int, now: int) -> None:
    expected = binomtest(then, then + now).pvalue if then + now else 1.0
    assert mcnemar.exact_p(then, now) == pytest.approx(expected, rel=1e-9)


def test_only_pictures_that_one_of_the_two_read_right_count() -> None:
    then = np.array([True] * 90 + [True] * 2 + [False] * 8)
    now = np.array([True] * 90 + [False] * 2 + [True] * 5 + [False] * 3)
    figures = mcnemar.measure(Paired(then, now))
    counts = [figures[name] for name in ("n", "both", "only_then", "only_now", "neither")]
    assert counts == [100, 90, 2, 5, 3]
    assert figures["difference"] == pytest.approx(0.03)
    assert figures["interval"][0] < 0.03 < figures["interval"][1]
    assert figures["p"] == pytest.approx(binomtest(2, 7).pvalue)


def test_equal_models_are_called_different_no_more_often_than_the_level_says() -> None:
    rng = np.random.default_rng(0)
    called = 0
    for _ in range(500):
        then, now = rng.random((2, 200)) < 0.8
        called += mcnemar.measure(Paired(then, now))["p"] < 0.05
    assert called / 500 < 0.05


@pytest.mark.parametrize(
    "counts", [(1, 10, 8, 10), (990, 1000, 970, 1000), (9880, 10000, 9908, 10000), (0, 5, 0, 7), (5, 5, 0, 5)]
)
def test_the_probability_of_two_shares_is_fishers(counts: tuple[int, int, int, int]) -> None:
    hits_then, n_then, hits_now, n_now = counts
    table = [[hits_then, n_then - hits_then], [hits_now, n_now - hits_now]]
    figures = two_shares.measure(TwoShares(*counts))
    assert figures["p"] == pytest.approx(fisher_exact(table).pvalue, rel=1e-6)
    assert figures["interval"][0] <= figures["difference"] <= figures["interval"][1]


def test_the_interval_of_a_difference_is_newcombes() -> None:
    # his example (a): 56 of 70 less 48 of 80
    figures = two_shares.measure(TwoShares(48, 80, 56, 70))
    assert figures["interval"] == pytest.approx([0.0524, 0.3339], abs=5e-5)
