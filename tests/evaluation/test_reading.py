"""Reading a split with a model."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calligram.evaluation.examples import LabelledGrids
from calligram.evaluation.journal import Journal
from calligram.evaluation.reading import (
    Question,
    Reader,
    Said,
    collect_mistakes,
    first_candidate,
    tell_reading,
    to_answers,
)
from calligram.metrics.base import OUTSIDE, measure_all
from calligram.models.base import Reading


def read(model: Any, held_out: LabelledGrids, batch: int = 500, journal: Journal | None = None) -> list[Said]:
    reader = Reader(
        model, Question("What digit is this?", held_out.classes, batch), journal=journal or Journal()
    )
    return reader.read(held_out.levels, held_out.layout)


def test_readings_in_small_batches_are_the_same_as_in_one(model: Any, held_out: LabelledGrids) -> None:
    assert read(model, held_out, 7) == read(model, held_out, 9999)


def test_an_abstaining_model_keeps_its_accuracy(model: Any, held_out: LabelledGrids) -> None:
    bold = to_answers(read(model, held_out), held_out)
    model.far = 0.0
    shy = to_answers(read(model, held_out), held_out)
    assert shy.abstained.all()
    assert measure_all(shy)["accuracy"] == measure_all(bold)["accuracy"]
    assert measure_all(bold)["accuracy"]["accuracy"] > 0.7


def test_mistakes_come_with_the_most_confident_first(model: Any, held_out: LabelledGrids) -> None:
    said = read(model, held_out)
    mistakes = collect_mistakes(said, to_answers(said, held_out), held_out, 5)
    confidences = [one.confidence for one in mistakes]
    assert confidences == sorted(confidences, reverse=True)
    assert all(one.truth != one.answer for one in mistakes)
    place = held_out.names.index(mistakes[0].name)
    assert np.array_equal(mistakes[0].levels, held_out.levels[place])


def test_batches_that_a_journal_keeps_are_not_read_again(
    model: Any, held_out: LabelledGrids, tmp_path: Path
) -> None:
    first = read(model, held_out, 50, Journal(tmp_path / "steps"))
    model.read = None
    assert read(model, held_out, 50, Journal(tmp_path / "steps")) == first


def test_what_is_read_right_agrees_with_the_answers(model: Any, held_out: LabelledGrids) -> None:
    answers = to_answers(read(model, held_out), held_out)
    reader = Reader(model, Question("What digit is this?", held_out.classes, 33))
    right = reader.find_right(lambda: held_out.levels, held_out.layout, held_out, "again")
    assert (right == (answers.top == answers.truth)).all()


@pytest.mark.parametrize(
    ("answer", "place"),
    [("5", 5), (" 5 ", 5), ("five", 5), ("It is a 5.", 5), ("5 or 6", OUTSIDE), ("", OUTSIDE)],
)
def test_a_free_answer_is_matched_to_its_class(held_out: LabelledGrids, answer: str, place: int) -> None:
    reading = Reading(answer, 0.5, [], None, False)
    said = [first_candidate(reading)]
    assert to_answers(said, held_out.take(np.arange(1))).top[0] == place


def test_answers_without_probabilities_have_no_calibration(model: Any, held_out: LabelledGrids) -> None:
    some = held_out.take(np.arange(20))
    said = Reader(model, Question("What digit is this?", some.classes)).read(some.levels, some.layout)
    assert tell_reading(said, to_answers(said, some))["calibration"]["ece"] is not None
    said[3] = replace(said[3], confidence=1.0, weighed=False)
    told = tell_reading(said, to_answers(said, some))
    reason = "the model told no probabilities for 1 of 20 pictures"
    assert told["calibration"] == {"ece": None, "bins": None, "reason": reason}
    assert (told["abstention"]["curve"], told["abstention"]["area"]) == (None, None)
    assert told["abstention"]["abstained"] is not None


def test_whether_probabilities_were_told_is_kept_of_a_reading_and_in_a_journal(
    model: Any, held_out: LabelledGrids, tmp_path: Path
) -> None:
    some, question = held_out.take(np.arange(5)), Question("What digit is this?", held_out.classes)
    model.read = lambda levels, *rest, **more: [
        Reading("3", 1.0, [("3", 1.0)], None, False, weighed=place % 2 == 0) for place in range(len(levels))
    ]
    for _ in range(2):
        reader = Reader(model, question, journal=Journal(tmp_path / "steps"))
        said = reader.read(some.levels, some.layout)
        assert [one.weighed for one in said] == [True, False, True, False, True]
