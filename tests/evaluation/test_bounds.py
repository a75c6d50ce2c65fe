"""The ceiling, the judge and the baselines, on scikit-learn's scans."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calligram.errors import SourceError
from calligram.evaluation.baselines import measure_baselines
from calligram.evaluation.bounds import Bounds
from calligram.evaluation.ceiling import measure_ceiling
from calligram.evaluation.convnet import ConvnetSettings
from calligram.evaluation.drawing import draw_plainly
from calligram.evaluation.examples import LabelledGrids
from calligram.evaluation.judge import train_judge
from calligram.evaluation.options import EvaluationOptions
from calligram.models.base import SamplingOptions

QUICK = ConvnetSettings(epochs=3, width=6, threads=1)


def test_the_ceiling_learns_the_train_split_and_reads_the_test_split(
    train: LabelledGrids, held_out: LabelledGrids
) -> None:
    pytest.importorskip("torch")
    figures = measure_ceiling(train, held_out, QUICK)
    assert figures["accuracy"] > 0.5
    assert figures["interval"][0] < figures["accuracy"] < figures["interval"][1]
    assert (figures["n"], figures["n_train"]) == (len(held_out), len(train))
    assert figures["settings"]["epochs"] == 3


def test_the_ceiling_of_shuffled_labels_is_chance(train: LabelledGrids, held_out: LabelledGrids) -> None:
    pytest.importorskip("torch")
    shuffled = replace(train, labels=np.random.default_rng(0).permutation(train.labels))
    assert measure_ceiling(shuffled, held_out, QUICK)["accuracy"] < 0.3


def test_a_trained_net_is_kept_and_used_again(
    train: LabelledGrids, held_out: LabelledGrids, tmp_path: Path
) -> None:
    pytest.importorskip("torch")
    steps: list[int] = []

    def count(what: str, done: int, total: int) -> None:
        steps.append(done)

    first = measure_ceiling(train, held_out, QUICK, tmp_path, count)
    trained = len(steps)
    again = measure_ceiling(train, held_out, QUICK, tmp_path, count)
    assert trained > 0
    assert len(steps) == trained
    assert again["accuracy"] == first["accuracy"]
    assert [path.suffix for path in tmp_path.iterdir()] == [".pt"]


def test_a_net_of_other_grids_is_not_taken_from_the_cache(
    train: LabelledGrids, held_out: LabelledGrids, tmp_path: Path
) -> None:
    pytest.importorskip("torch")
    once = replace(QUICK, epochs=1)
    measure_ceiling(train, held_out, once, tmp_path)
    measure_ceiling(train.take(np.arange(500)), held_out, once, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_net_trained_in_other_numbers_is_not_taken_from_the_cache(
    train: LabelledGrids, held_out: LabelledGrids, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch")
    from calligram.evaluation import convnet

    names = []
    for has in (True, False):
        monkeypatch.setattr("calligram.nano.precision.processor_has_bfloat16", lambda has=has: has)
        names.append(convnet._checksum(train, QUICK))
    assert names[0] != names[1]


def test_a_split_of_one_class_is_no_bound(train: LabelledGrids, held_out: LabelledGrids) -> None:
    one = train.take(np.flatnonzero(train.labels == 3))
    for measure in (measure_baselines, lambda *splits: measure_ceiling(*splits, QUICK)):
        with pytest.raises(SourceError, match="shows 1 class, '3'"):
            measure(one, held_out)


def test_the_train_split_is_loaded_once(
    model: Any, held_out: LabelledGrids, train: LabelledGrids, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("sklearn")
    loaded: list[str] = []

    def load(source: str, split: str, *rest: Any) -> LabelledGrids:
        loaded.append(split)
        return train.take(np.arange(60))

    monkeypatch.setattr("calligram.evaluation.bounds.load_grids", load)
    options = EvaluationOptions(ceiling=True, drawing=True, drawings=10, epochs=1, cache=False)
    bounds = Bounds(options, held_out, None, None)
    bounds.check()
    bounds.judge(model, draw_plainly(SamplingOptions()))
    bounds.measure()
    assert loaded == ["train"]


def test_the_judge_tells_its_own_accuracy_on_real_pictures(
    train: LabelledGrids, held_out: LabelledGrids
) -> None:
    pytest.importorskip("torch")
    judge = train_judge(train, held_out, QUICK)
    named = judge.name_classes(held_out.levels)
    assert judge.figures["accuracy"] == pytest.approx((named == held_out.labels).mean())
    assert len(judge.name_classes(held_out.levels[:0])) == 0


def test_every_baseline_reads_better_than_chance_and_tells_what_it_learned_from(
    train: LabelledGrids, held_out: LabelledGrids
) -> None:
    pytest.importorskip("sklearn")
    found = measure_baselines(train, held_out, limit=600)
    assert set(found) == {"nearest neighbour", "logistic", "RBF-SVM"}
    for figures in found.values():
        assert figures["accuracy"] > 0.5
        assert figures["n_train"] == 600


def test_bounds_of_other_classes_are_refused(train: LabelledGrids, held_out: LabelledGrids) -> None:
    other = replace(train, classes=("a", "b"))
    with pytest.raises(SourceError, match="different classes"):
        measure_ceiling(other, held_out, QUICK)
