"""Reading a split with a model."""

from typing import Any

import numpy as np
import pytest

from calligram.evaluation.examples import LabelledGrids
from calligram.evaluation.reading import Question, collect_mistakes, read_all, to_answers
from calligram.metrics.base import OUTSIDE, measure_all


def test_readings_in_small_batches_are_the_same_as_in_one(model: Any, held_out: LabelledGrids) -> None:
    layout, classes = held_out.layout, held_out.classes
    small = read_all(model, held_out.levels, layout, Question("What digit is this?", classes, 7))
    whole = read_all(model, held_out.levels, layout, Question("What digit is this?", classes, 9999))
    assert [one.candidates[0][0] for one in small] == [one.candidates[0][0] for one in whole]


def test_an_abstaining_model_keeps_its_accuracy(model: Any, held_out: LabelledGrids) -> None:
    question = Question("What digit is this?", held_out.classes)
    bold = to_answers(read_all(model, held_out.levels, held_out.layout, question), held_out)
    model.far = 0.0
    shy = to_answers(read_all(model, held_out.levels, held_out.layout, question), held_out)
    assert shy.abstained.all()
    assert measure_all(shy)["accuracy"] == measure_all(bold)["accuracy"]
    assert measure_all(bold)["accuracy"]["accuracy"] > 0.7


def test_mistakes_come_with_the_most_confident_first(model: Any, held_out: LabelledGrids) -> None:
    question = Question("What digit is this?", held_out.classes)
    readings = read_all(model, held_out.levels, held_out.layout, question)
    answers = to_answers(readings, held_out)
    mistakes = collect_mistakes(readings, answers, held_out, 5)
    confidences = [one.confidence for one in mistakes]
    assert confidences == sorted(confidences, reverse=True)
    assert all(one.truth != one.answer for one in mistakes)
    place = held_out.names.index(mistakes[0].name)
    assert np.array_equal(mistakes[0].levels, held_out.levels[place])


@pytest.mark.parametrize(
    ("answer", "place"), [("5", 5), (" 5 ", 5), ("five", OUTSIDE), ("", OUTSIDE), ("none", OUTSIDE)]
)
def test_an_answer_is_matched_to_its_class(
    model: Any, held_out: LabelledGrids, answer: str, place: int
) -> None:
    reading = model.read(held_out.levels[:1], held_out.layout, "", None)[0]
    changed = type(reading)(answer, 0.5, [(answer, 0.5)], 0.0, False)
    assert to_answers([changed], held_out.take(np.arange(1))).top[0] == place
