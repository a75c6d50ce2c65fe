"""The built-in model beside transformers, on a tiny model with random weights."""

from pathlib import Path

import numpy as np
import pytest
from benchmarks.language import Bench, draw_with_peer, measure_language, open_peer
from benchmarks.page import render_page
from benchmarks.samples import Samples, draw_strokes, write_idx

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from calligram.nano.tiny import make_model

    return make_model(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    folder = tmp_path_factory.mktemp("samples")
    rng = np.random.default_rng(0)
    write_idx(folder / "idx", draw_strokes(rng, 60), rng.integers(0, 10, 60))
    return Samples(folder, (), folder / "none.jpg", (0, 0), folder / "idx", 60, False)


def test_both_sides_answer_alike_and_the_figures_fit_the_page(weights: Path, samples: Samples) -> None:
    suite = measure_language(samples, weights, layouts=("classic",), pictures=40, rounds=1)
    assert suite["agreement"] > 0.97
    reading, drawing = suite["tasks"]
    assert [row["absent"] for row in reading["rows"] + drawing["rows"]] == [""] * 12
    assert all("float32" in row["name"] or "int8" in row["name"] for row in reading["rows"] + drawing["rows"])
    assert len(suite["marks"]) == 6
    assert all(mark["value"] > 0 for mark in suite["marks"])
    machine = {
        "processor": "any",
        "cores": 1,
        "memory_mib": 1,
        "system": "any",
        "python": "3",
        "load_before": 0,
        "versions": {},
    }
    page = render_page({"machine": machine, "suites": {"language": suite}})
    assert "times as fast as transformers, one drawing classic in float32" in page
    assert "the model runs in" in page


def test_a_drawing_of_the_peer_is_as_long_as_ours(weights: Path) -> None:
    from calligram.picture import get_layout

    peer = open_peer(weights)
    assert not isinstance(peer, str)
    bench = Bench({}, peer, get_layout("classic"), np.zeros((1, 11, 20), np.uint8), None)
    drawn = draw_with_peer(peer, bench, 2)
    assert drawn.shape[0] == 2
    assert drawn.shape[1] > 11 * 6
