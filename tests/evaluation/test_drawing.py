"""Judging drawings beside real test pictures."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from calligram.errors import ModelError
from calligram.evaluation.drawing import DrawingTask, is_well_formed, judge_drawings
from calligram.evaluation.examples import LabelledGrids
from calligram.evaluation.judge import Judge


@dataclass(frozen=True)
class NearestMean:
    """Stands where the convolutional net stands: it answers like it, by the nearest class mean."""

    train: LabelledGrids

    def predict(self, levels: np.ndarray) -> np.ndarray:
        places = range(len(self.train.classes))
        means = np.stack([self.train.levels[self.train.labels == k].mean(axis=0) for k in places])
        return -np.abs(levels[:, None].astype(float) - means).mean(axis=(2, 3))


@pytest.fixture
def judge(train: LabelledGrids, held_out: LabelledGrids) -> Judge:
    net = NearestMean(train)
    accuracy = float((net.predict(held_out.levels).argmax(axis=1) == held_out.labels).mean())
    return Judge(net, {"accuracy": accuracy, "n_train": len(train)})  # type: ignore[arg-type]


def test_a_model_that_copies_is_seen_to_copy(
    model: Any, train: LabelledGrids, held_out: LabelledGrids, judge: Judge, hand: Any
) -> None:
    task = DrawingTask(53, "the {kind} {label}", 0, hand)
    judgement = judge_drawings(model, train, held_out, judge, task)
    figures = json.loads(json.dumps(judgement.figures, allow_nan=False))
    assert figures["requests"][5] == "the digit 5"
    assert figures["drawn"]["well_formed"]["n"] == 53
    assert figures["drawn"]["nearest"]["copies"] == 1
    assert figures["real"]["nearest"]["copies"] < 0.5
    assert figures["ratios"]["nearest"] == 0
    assert figures["drawn"]["recognised"]["share"] > 0.7
    assert figures["drawn"]["bits_per_cell"]["bits"] == 0.25
    assert figures["judge"]["accuracy"] > 0.7


def test_as_many_real_pictures_of_each_class_are_measured_as_were_drawn(
    model: Any, train: LabelledGrids, held_out: LabelledGrids, judge: Judge, hand: Any
) -> None:
    judgement = judge_drawings(model, train, held_out, judge, DrawingTask(23, "{label}", 0, hand))
    assert np.bincount(judgement.real.asked).tolist() == np.bincount(judgement.drawn.asked).tolist()


def test_without_words_the_model_is_handed_kind_and_label(hand: Any) -> None:
    assert DrawingTask(1, "", 0, hand).ask("digit", "5") == ("digit", "5")


def test_each_drawing_has_a_seed_of_its_own(
    model: Any, train: LabelledGrids, held_out: LabelledGrids, judge: Judge, hand: Any
) -> None:
    seeds: list[int] = []
    draw = model.draw

    def note(request: Any, layout: Any, count: int, options: Any) -> Any:
        seeds.extend(options.seed + place for place in range(count))
        return draw(request, layout, count, options)

    model.draw = note
    judge_drawings(model, train, held_out, judge, DrawingTask(25, "", 0, hand))
    assert seeds == list(range(25))


def test_a_malformed_drawing_is_counted_and_not_recognised(
    model: Any, train: LabelledGrids, held_out: LabelledGrids, judge: Judge, hand: Any
) -> None:
    model.damage = True
    figures = judge_drawings(model, train, held_out, judge, DrawingTask(20, "{label}", 0, hand)).figures
    assert figures["drawn"]["well_formed"]["share"] == 0.5
    assert figures["drawn"]["recognised"]["share"] <= 0.5


def test_a_model_that_draws_too_few_is_named(
    model: Any, train: LabelledGrids, held_out: LabelledGrids, judge: Judge, hand: Any
) -> None:
    model.draw = lambda request, layout, count, options: []
    with pytest.raises(ModelError, match="memory was asked for 2 drawings of 'the digit 0' but gave 0"):
        judge_drawings(model, train, held_out, judge, DrawingTask(20, "the {kind} {label}", 0, hand))


def test_a_level_beyond_the_ramp_is_not_well_formed(train: LabelledGrids) -> None:
    grid = train.levels[0].copy()
    assert is_well_formed(grid, train.layout, (11, 20))
    grid[0, 0] = 3
    assert not is_well_formed(grid, train.layout, (11, 20))
