"""Abstaining from what a model was never taught."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from calligram.evaluation.abstaining import (
    collect_strange,
    collect_whole,
    make_blanks,
    make_noise,
    measure_abstention,
    measure_seeing,
)
from calligram.evaluation.examples import LabelledGrids
from calligram.evaluation.reading import Question, Reader, to_answers
from calligram.models.base import Reading


def test_blanks_are_distinct_and_hold_every_even_level(held_out: LabelledGrids) -> None:
    blanks = make_blanks(held_out.layout, 0)
    assert len(np.unique(blanks, axis=0)) == len(blanks)
    for level in range(3):
        assert (blanks == level).all(axis=(1, 2)).any()


def test_shuffled_pictures_keep_their_ink_and_lose_their_form(held_out: LabelledGrids) -> None:
    noise = make_noise(held_out, 20, 0)
    assert set(noise) == {"uniform", "gaussian", "speckle", "shuffled"}
    ink = {grid.sum() for grid in held_out.levels}
    assert all(grid.sum() in ink for grid in noise["shuffled"])
    real = {grid.tobytes() for grid in held_out.levels}
    assert not any(grid.tobytes() in real for grid in noise["shuffled"])


def test_what_was_not_given_is_said_to_be_absent(model: Any, held_out: LabelledGrids) -> None:
    figures = measure(model, held_out, collect_strange(held_out, "", "", 10, 0))
    assert figures["absent"] == ["photographs", "other"]
    assert set(figures["groups"]) == {"noise", "blanks"}


def test_photographs_and_another_source_are_measured_where_given(
    model: Any, held_out: LabelledGrids, tmp_path: Path
) -> None:
    Image.effect_noise((64, 48), 80).save(tmp_path / "one.png")
    groups = collect_strange(held_out, str(tmp_path), "digits", 10, 0)
    model.far = -1.0
    figures = measure(model, held_out, groups)
    assert figures["absent"] == []
    assert figures["groups"]["photographs"]["n"] == 10
    assert figures["groups"]["other"]["kinds"]["digits"]["n"] == 10
    assert figures["strange"]["abstained"] == figures["lowest"] == figures["familiar"]["abstained"] == 1


def test_the_lowest_group_is_reported(model: Any, held_out: LabelledGrids) -> None:
    figures = measure(model, held_out, collect_strange(held_out, "", "digits", 10, 0))
    shares = [entry["abstained"] for entry in figures["groups"].values()]
    assert figures["lowest"] == min(shares)
    assert figures["strange"]["n"] == sum(entry["n"] for entry in figures["groups"].values())


def test_whole_images_go_through_what_is_given_to_look_at_them(tmp_path: Path) -> None:
    Image.effect_noise((64, 48), 80).save(tmp_path / "one.png")
    groups = collect_whole(str(tmp_path), "digits", "test", 5, 0)
    looked: list[Any] = []

    def look(image: Any) -> Reading:
        looked.append(image)
        return Reading(None, 0.0, [("5", 0.0)], None, isinstance(image, Path))

    figures = measure_seeing(look, groups, [np.zeros((8, 8), np.uint8)])
    assert len(looked) == figures["strange"]["n"] + 1
    assert [image for image in looked if isinstance(image, Path)] == [tmp_path / "one.png"]
    assert figures["groups"]["photographs"]["kinds"]["whole"]["abstained"] == 1
    assert figures["groups"]["photographs"]["kinds"]["squares"]["abstained"] == 0
    assert {name: entry["n"] for name, entry in figures["groups"].items()} == {
        "noise": 15,
        "blanks": 5,
        "photographs": 6,
        "other": 5,
    }
    assert (figures["familiar"]["n"], figures["familiar"]["abstained"], figures["absent"]) == (1, 0, [])


def measure(model: Any, held_out: LabelledGrids, groups: Any) -> dict[str, Any]:
    reader = Reader(model, Question("What digit is this?", held_out.classes))
    said = reader.read(held_out.levels, held_out.layout)
    familiar = to_answers(said, held_out)
    assert familiar.abstained.mean() == pytest.approx(sum(one.abstained for one in said) / len(said))
    return measure_abstention(reader, held_out.layout, groups, familiar)
