"""The page that the recipe of the learning curve writes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

page = pytest.importorskip("recipes.learning_curve_page", reason="recipes come with the source tree")

WAYS = ["scratch", "words, then all weights", "words, then LoRA"]
START = {"n_embd": 32, "n_layer": 1, "n_head": 1, "vocab_size": 300, "n_positions": 64}


def score(way: str, count: int, right: list[bool]) -> dict[str, Any]:
    told = {"way": way, "count": count, "seed": 1, "rate": 0.001, "n": len(right), "accuracy": np.mean(right)}
    return told | {"right": np.packbits(right).tobytes().hex()}


@pytest.mark.parametrize(("one", "other"), [(0, 0), (1, 9), (30, 12), (400, 401), (0, 2000)])
def test_the_chance_of_a_difference_is_that_of_an_exact_test(one: int, other: int) -> None:
    stats = pytest.importorskip("scipy.stats", reason="an independent oracle")
    expected = stats.binomtest(one, one + other).pvalue if one + other else 1.0
    assert page.mcnemar(one, other) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_an_interval_is_wilson_s() -> None:
    stats = pytest.importorskip("scipy.stats", reason="an independent oracle")
    expected = stats.binomtest(83, 100).proportion_ci(method="wilson")
    assert page.interval(0.83, 100) == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_the_page_tells_what_was_measured_and_what_was_not(tmp_path: Path) -> None:
    (tmp_path / "learning-curve.md").write_text(f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n")
    better, worse = [True] * 90 + [False] * 10, [True] * 60 + [False] * 40
    scores = [score("scratch", 100, worse), score(WAYS[1], 100, better), score("scratch", 1000, better)]
    page.write(tmp_path, scores, None, START, WAYS, {100: 40.0, 1000: 10.0})
    text = (tmp_path / "learning-curve.md").read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    row = next(line for line in text.splitlines() if line.startswith("| 100 |"))
    assert row.split(" | ")[2].startswith("**60.00%** (50.2")
    assert row.split(" | ")[3].startswith("**90.00%**")
    assert row.endswith("| not run yet |")
    assert (
        "- 100 examples, seed 1: *words, then all weights* reads 30.00 points more than *scratch*, "
        "larger than chance (p < 0.0001, McNemar)." in text
    )
    assert "1,000 examples, seed 1" not in text, "one way alone is compared with nothing"
    told = json.loads((tmp_path / "results" / "learning-curve.json").read_text())
    assert [entry["accuracy"] for entry in told["scores"]] == [0.6, 0.9, 0.9]
    plot = (tmp_path / "_static" / "learning-curve.svg").read_text()
    assert plot.count("<circle") == 3
    assert "words, then LoRA (not run yet)" in plot
