"""Krippendorff's alpha, beside the author's own worked examples."""

from typing import Literal

import numpy as np
import pytest

from calligram.metrics import agreement
from calligram.metrics.base import Ratings

_ = np.nan
FOUR_JUDGES = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ]
)
"""Krippendorff 2011, section C: four observers, twelve units, values missing."""

TWO_JUDGES = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], float)
"""Krippendorff 2011, section A: two observers, ten units, yes or no."""

FIVE_KINDS = np.array(
    [["abcde".index(kind) for kind in judge] for judge in ("aabbdcccedda", "babbbccceddd")], float
)
"""Krippendorff 2011, section B: two observers, twelve units, five kinds."""


@pytest.mark.parametrize(("level", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_of_four_judges_with_gaps_is_as_published(
    level: Literal["nominal", "ordinal", "interval"], expected: float
) -> None:
    figures = agreement.measure(Ratings(FOUR_JUDGES, level))
    assert figures["alpha"] == pytest.approx(expected, abs=0.0005)
    assert (figures["things"], figures["values"], figures["judges"]) == (11, 40, 4)


def test_alpha_of_two_judges_is_as_published() -> None:
    assert agreement.measure(Ratings(TWO_JUDGES, "nominal"))["alpha"] == pytest.approx(0.095, abs=0.0005)
    assert agreement.measure(Ratings(FIVE_KINDS, "nominal"))["alpha"] == pytest.approx(0.692, abs=0.0005)


def test_alpha_agrees_with_the_package_krippendorff_0_9() -> None:
    values = np.random.default_rng(0).integers(1, 6, (3, 30)).astype(float)
    values[np.random.default_rng(1).random((3, 30)) < 0.3] = _
    found = [
        agreement.measure(Ratings(values, level))["alpha"] for level in ("nominal", "ordinal", "interval")
    ]
    assert found == pytest.approx(
        [-0.04510108864696738, -0.19361368017307456, -0.20777082647349343], rel=1e-9
    )


def test_judges_who_always_contradict_each_other_are_below_chance() -> None:
    assert agreement.measure(Ratings(np.array([[1.0, 5.0], [5.0, 1.0]]), "ordinal"))["alpha"] < 0


@pytest.mark.parametrize("values", [[[1.0, 2.0]], [[3.0, 3.0], [3.0, 3.0]], [[1.0, _], [_, 2.0]]])
def test_alpha_is_none_where_nothing_can_be_compared(values: list[list[float]]) -> None:
    assert agreement.measure(Ratings(np.array(values), "ordinal"))["alpha"] is None
