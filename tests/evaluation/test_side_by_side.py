"""Several models beside each other: their table, their curves, and names that are too long."""

import copy
import re
from typing import Any

import numpy as np
import pytest

from calligram.evaluation.comparing import list_copies
from calligram.evaluation.examples import LabelledGrids, load_frames
from calligram.evaluation.options import EvaluationOptions
from calligram.evaluation.plots import BAR_NAME, KINDS, Series, plot_curves, plot_shares
from calligram.evaluation.reading import Question, Reader
from calligram.evaluation.report import render_report
from calligram.evaluation.report_robustness import render_curves_together
from calligram.evaluation.robustness import measure_robustness
from calligram.evaluation.runner import Evaluation, evaluate
from calligram.evaluation.telling import DRAWING_ROWS, shorten, side_by_side

LONG = "hf:runs/" + 30 * "very-long-" + "/checkpoint-4000"


@pytest.fixture
def pair(model: Any, held_out: LabelledGrids) -> list[Evaluation]:
    """Return evaluations of two models under all damage, the second with a long name."""
    some = held_out.take(np.arange(20))
    one = evaluate(model, "digits", EvaluationOptions(limit=20))
    reader = Reader(model, Question("What digit is this?", some.classes))
    one.figures["robustness"] = measure_robustness(reader, load_frames("digits", "test")[:20], some)
    other = Evaluation({**copy.deepcopy(one.figures), "model": LONG}, one.examples, one.mistakes)
    return [one, other]


def test_every_damaged_copy_has_a_row(pair: list[Evaluation]) -> None:
    rows = dict(side_by_side([one.figures for one in pair]))
    names = [name for name, _ in list_copies(pair[0].figures["robustness"])]
    assert {*names} <= {*rows}
    assert {"fog", "turn 90", "layout fine", "MNIST-C, mean", "signed noise 0.1"} <= {*rows}
    assert rows["layout fine"] == ["refused", "refused"]
    del pair[1].figures["robustness"]["mnist_c"]["corruptions"]["fog"]
    assert dict(side_by_side([one.figures for one in pair]))["fog"][1] == "–"


def test_each_curve_is_one_plot_with_a_line_for_each_model(pair: list[Evaluation]) -> None:
    heads = [one.figures for one in pair]
    page = render_curves_together(heads)
    told = heads[0]["robustness"]
    assert page.count("<svg") == sum(len(told[group]) for group in ("lift", "curves", "text"))
    first = page.split("</svg>")[0]
    assert first.count("<polyline") == 2
    assert "memory" in first
    assert page in render_report(pair)
    heads[1]["robustness"] = None
    assert render_curves_together(heads) == ""


def test_a_plot_has_room_for_six_curves() -> None:
    series = [Series(f"model {place}", [(0.0, 0.9), (1.0, 0.1 * place)]) for place in range(6)]
    page = plot_curves(series, "amount", 1.0)
    assert page.count("<polyline") == len(KINDS) == 6
    assert all(one.name in page for one in series)


def test_a_long_name_is_shortened_in_its_middle() -> None:
    assert shorten("builtin", 7) == "builtin"
    short = shorten(LONG, 21)
    assert len(short) == 21
    assert short.startswith("hf:runs/")
    assert short.endswith("point-4000")
    page = plot_shares([(LONG, 0.5, None)])
    (shown,) = re.findall(r'text-anchor="end">([^<%]*)</text>', page)[:1]
    assert shown == shorten(LONG, BAR_NAME)
    assert LONG in page, "the whole name is told to whoever points at the bar"


def test_figures_of_drawings_are_listed_once_for_terminal_and_page() -> None:
    assert [row.name for row in DRAWING_ROWS][:2] == ["well formed", "recognised as asked"]
    measured = {row.metric: {} for row in DRAWING_ROWS}
    for row in DRAWING_ROWS:
        measured[row.metric][row.key] = 0.25
    assert {row.cell(measured) for row in DRAWING_ROWS} == {"25.00%", "0.2500"}
