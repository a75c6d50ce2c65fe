"""The benchmark of posters, on a small photograph."""

import io
from pathlib import Path

import numpy as np
import pytest
from benchmarks.page import render_page
from benchmarks.posters import measure_posters, set_plainly
from benchmarks.samples import Samples, paint_scene
from PIL import Image
from tests.benchmarks.test_facts import MACHINE


@pytest.fixture
def samples(tmp_path: Path) -> Samples:
    path = tmp_path / "scene.jpg"
    paint_scene(np.random.default_rng(0), (320, 240)).save(path)
    return Samples(tmp_path, (), path, (320, 240), tmp_path, 0, False)


def test_posters_are_timed_and_their_figures_fit_the_page(samples: Samples) -> None:
    suite = measure_posters(samples, rounds=1)
    rows = {row["name"]: row for row in suite["tasks"][0]["rows"]}
    assert rows["Calligram"]["cpu_ms"] > 0
    assert [mark["limit"] for mark in suite["marks"]] == [2.0, 2.0, 1]
    page = render_page({"machine": MACHINE, "suites": {"posters": suite}})
    assert "calligram poster of 200 columns as SVG, seconds" in page


def test_the_plain_way_draws_a_picture_as_wide_as_asked(samples: Samples) -> None:
    with Image.open(io.BytesIO(set_plainly(samples.jpeg, 20, 200))) as image:
        assert image.width == 200
        assert np.asarray(image).max() > 60
