"""What the built-in model withstands is written from what ``calligram evaluate`` wrote."""

import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks.robustness_table import BEGIN, END, main


def point(amount: float, accuracy: float | None) -> dict[str, Any]:
    return {"amount": amount, "accuracy": accuracy}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    robustness = {
        "n": 100,
        "clean": {"accuracy": 0.99},
        "lift": {
            "gaussian": {"points": [point(0, 0.99), point(0.01, 0.98), point(0.1, 0.97), point(0.3, 0.96)]},
            "constant": {"points": [point(0, 0.99), point(0.01, 0.9), point(0.1, 0.8), point(0.3, 0.7)]},
        },
        "mnist_c": {
            "corruptions": {"shot_noise": {"accuracy": 0.5}, "fog": {"accuracy": 0.25}},
            "mean": 0.375,
        },
        "curves": {"turn": {"unit": "degrees", "points": [point(10, 0.9), point(20, None)]}},
        "text": {"rows lost": {"unit": "rows", "points": [point(1, 0.625)]}},
    }
    path = tmp_path / "robustness.json"
    path.write_text(json.dumps({"split": "test", "layout": "classic", "robustness": robustness}), "utf-8")
    return path


def test_the_page_gets_every_figure_and_is_checked(results: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    asked = [str(page), "--results", str(results)]
    assert main([*asked, "--check"]) == 1
    assert main(asked) == 0
    text = page.read_text(encoding="utf-8")
    assert "| gaussian | 99.00% (98.15) | 98.00% (98.28) | 97.00% (88.38) | 96.00% (54.80) |" in text
    assert "| constant | 99.00% | 90.00% | 80.00% | 70.00% |" in text
    assert "| shot noise | 50.0% |" in text
    assert "their mean is **37.50%**" in text
    assert "| turn (degrees) | 10: 90.0% |" in text
    assert "| rows lost (rows) | 1: 62.5% |" in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert main([*asked, "--check"]) == 0


def test_the_page_of_the_built_in_model_is_up_to_date() -> None:
    assert main([str(Path(__file__).parents[2] / "docs" / "built-in-model.md"), "--check"]) == 0
