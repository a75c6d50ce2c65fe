"""Reading damaged copies."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calligram.errors import (
    BudgetError,
    CalligramError,
    EndpointError,
    LayoutError,
    LimitError,
    ModelError,
    RequestError,
)
from calligram.evaluation.examples import LabelledGrids, load_frames
from calligram.evaluation.journal import Journal
from calligram.evaluation.mnist_c import MNIST_C
from calligram.evaluation.reading import Question, Reader
from calligram.evaluation.report_robustness import render_robustness
from calligram.evaluation.robustness import is_refusal, measure_robustness, plan_copies


@pytest.fixture(scope="module")
def some(held_out: LabelledGrids) -> LabelledGrids:
    return held_out.take(np.arange(40))


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return load_frames("digits", "test")[:40]


@pytest.fixture
def figures(model: Any, some: LabelledGrids, images: np.ndarray) -> dict[str, Any]:
    return measure_robustness(Reader(model, Question("What digit is this?", some.classes)), images, some)


def test_every_copy_has_a_figure_and_undamaged_ones_agree_with_plain_reading(
    model: Any, some: LabelledGrids, figures: dict[str, Any]
) -> None:
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
    said = Reader(model, Question("What digit is this?", some.classes)).read(some.levels, some.layout)
    right = np.mean([one.answer == some.classes[label] for one, label in zip(said, some.labels, strict=True)])
    assert figures["clean"]["accuracy"] == pytest.approx(right)
    assert figures["clean"]["points_below"] == 0
    assert [point["amount"] for point in figures["lift"]["signed"]["points"]] == [0, 0.01, 0.1, 0.3]
    assert figures["lift"]["signed"]["points"][0]["accuracy"] == figures["clean"]["accuracy"]
    shares = [entry["accuracy"] for entry in figures["mnist_c"]["corruptions"].values()]
    assert list(figures["mnist_c"]["corruptions"]) == list(MNIST_C)
    assert figures["mnist_c"]["mean"] == pytest.approx(np.mean(shares))


def test_points_below_are_measured_from_the_undamaged(figures: dict[str, Any]) -> None:
    point = figures["curves"]["turn"]["points"][-1]
    assert point["points_below"] == pytest.approx(100 * (figures["clean"]["accuracy"] - point["accuracy"]))
    assert point["accuracy"] < figures["clean"]["accuracy"]


def test_a_copy_that_the_model_refuses_is_said_to_be_refused(figures: dict[str, Any]) -> None:
    fine = figures["layouts"]["fine"]
    assert fine["refused"] == "the model memory knows no grids of (14, 28)"
    assert (fine["accuracy"], fine["interval"]) == (None, None)
    assert all(point["refused"] for point in figures["text"]["dropped rows"]["points"])
    assert figures["layouts"]["ramp blocks"]["accuracy"] is not None


def test_a_model_that_reads_nothing_any_more_stops_the_run(
    model: Any, some: LabelledGrids, images: np.ndarray
) -> None:
    read, calls = model.read, []

    def fail(levels: np.ndarray, *rest: Any, **more: Any) -> Any:
        calls.append(levels)
        if levels.shape[1:] != (11, 20):
            model.read = gone
            raise ModelError("no such rows")
        return read(levels, *rest, **more)

    def gone(*rest: Any, **more: Any) -> Any:
        raise ModelError("the endpoint is gone")

    model.read = fail
    with pytest.raises(ModelError, match="the endpoint is gone"):
        measure_robustness(Reader(model, Question("What digit is this?", some.classes)), images, some)
    assert len(calls) > 40


@pytest.mark.parametrize(
    ("fault", "refused"),
    [
        (LayoutError("no such ramp"), True),
        (LimitError("too large"), True),
        (ModelError("was not taught the layout"), True),
        (EndpointError("the layout is not known", 400), True),
        (RequestError("no such question"), False),
        (BudgetError("has used all tokens"), False),
        (EndpointError("too many requests", 429), False),
        (EndpointError("out of order", 503), False),
        (EndpointError("cannot be reached"), False),
    ],
)
def test_a_fault_that_may_pass_is_no_refusal(fault: CalligramError, refused: bool) -> None:
    assert is_refusal(fault) is refused


def test_a_passing_fault_of_an_endpoint_is_not_remembered_as_a_refusal(
    model: Any, some: LabelledGrids, images: np.ndarray, figures: dict[str, Any], tmp_path: Path
) -> None:
    read = model.read

    def refuse(levels: np.ndarray, *rest: Any, **more: Any) -> Any:
        if levels.shape[1:] != (11, 20):
            raise EndpointError("not known", 400)
        return read(levels, *rest, **more)

    def fail_once(levels: np.ndarray, *rest: Any, **more: Any) -> Any:
        if levels.shape[1:] != (11, 20):
            model.read = refuse
            raise EndpointError("out of order", 503)
        return read(levels, *rest, **more)

    def measure() -> dict[str, Any]:
        reader = Reader(
            model, Question("What digit is this?", some.classes), None, Journal(tmp_path / "steps")
        )
        return measure_robustness(reader, images, some)

    model.read = fail_once
    with pytest.raises(ModelError):
        measure()
    resumed = measure()
    assert resumed["lift"] == figures["lift"]
    assert resumed["layouts"]["fine"]["refused"] == "not known"


def test_one_picture_is_enough_to_try_a_layout(model: Any, some: LabelledGrids, images: np.ndarray) -> None:
    read, shown = model.read, []

    def count(levels: np.ndarray, *rest: Any, **more: Any) -> Any:
        shown.append(levels.shape)
        return read(levels, *rest, **more)

    model.read = count
    copies = [copy for copy in plan_copies(images, some.layout, 0) if copy.group in ("text", "layouts")]
    assert all(len(copy.make_one()) == 1 for copy in copies)
    assert all(copy.make_one().shape[1:] == copy.make().shape[1:] for copy in copies)
    measure_robustness(Reader(model, Question("What digit is this?", some.classes)), images, some)
    assert {shape[0] for shape in shown if shape[1:] != (11, 20)} == {1}


def test_a_picture_over_a_limit_behind_the_first_one_is_a_refusal_too(
    model: Any, some: LabelledGrids, images: np.ndarray
) -> None:
    read = model.read

    def limited(levels: np.ndarray, layout: Any, *rest: Any, **more: Any) -> Any:
        if len(levels) > 1 and layout.level_count > 3:
            raise ModelError("the text has 2000 tokens")
        return read(levels, layout, *rest, **more)

    model.read = limited
    found = measure_robustness(Reader(model, Question("What digit is this?", some.classes)), images, some)
    assert found["layouts"]["ramp blocks"]["refused"] == "the text has 2000 tokens"


def test_copies_do_not_depend_on_their_order(some: LabelledGrids, images: np.ndarray) -> None:
    copies = {copy.step: copy for copy in plan_copies(images, some.layout, 0)}
    forwards = {step: copy.make() for step, copy in copies.items()}
    assert len(forwards) == len(list(plan_copies(images, some.layout, 0)))
    for step in reversed(copies):
        assert (copies[step].make() == forwards[step]).all()


def test_the_page_of_help_says_how_often_the_pictures_are_read(
    some: LabelledGrids, images: np.ndarray
) -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "evaluate.md"
    count = len(list(plan_copies(images, some.layout, 0)))
    told = " ".join(page.read_text(encoding="utf-8").split())
    assert f"damaged in {count - 1} ways and read again" in told
    assert f"reading them {count} times" in told


def test_the_report_shows_each_curve_and_says_what_it_means(figures: dict[str, Any]) -> None:
    page = render_robustness(figures)
    assert page.count("<svg") == 1 + 1 + len(figures["curves"]) + len(figures["text"])
    assert "54.80%" in page
    assert "the model memory knows no grids" in page
    assert "GPT-3" in page
