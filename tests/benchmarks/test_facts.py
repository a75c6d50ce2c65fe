"""The benchmark of facts, on a small photograph."""

from pathlib import Path

import numpy as np
import pytest
from benchmarks.facts import measure_facts_suite, quantize
from benchmarks.page import render_page
from benchmarks.samples import Samples, paint_scene
from PIL import Image

MACHINE = {
    "processor": "any",
    "cores": 1,
    "memory_mib": 1,
    "system": "any",
    "python": "3",
    "load_before": 0,
    "versions": {},
}


@pytest.fixture
def samples(tmp_path: Path) -> Samples:
    path = tmp_path / "scene.jpg"
    paint_scene(np.random.default_rng(0), (320, 240)).save(path)
    return Samples(tmp_path, (), path, (320, 240), tmp_path, 0, False)


def test_the_facts_are_timed_and_their_figures_fit_the_page(samples: Samples) -> None:
    suite = measure_facts_suite(samples, rounds=1)
    rows = {row["name"]: row for row in suite["tasks"][0]["rows"]}
    assert rows["Calligram, all facts"]["cpu_ms"] > 0
    assert [mark["limit"] for mark in suite["marks"]] == [1.5]
    page = render_page({"machine": MACHINE, "suites": {"facts": suite}})
    assert "calligram facts on one JPEG of 320 x 240, seconds" in page


def test_the_plain_palette_of_two_colours_has_both(tmp_path: Path) -> None:
    rgb = np.zeros((40, 40, 3), np.uint8)
    rgb[:, :20], rgb[:, 20:] = (200, 30, 30), (20, 40, 160)
    Image.fromarray(rgb).save(tmp_path / "two.png")
    assert {(200, 30, 30), (20, 40, 160)} <= {
        tuple(colour) for colour in quantize(tmp_path / "two.png").tolist()
    }
