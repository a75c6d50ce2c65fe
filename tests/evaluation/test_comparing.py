"""Which differences are larger than chance."""

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import fisher_exact

from calligram.errors import FormatError
from calligram.evaluation.comparing import choose_figures, compare, describe_difference, read_figures
from calligram.evaluation.options import EvaluationOptions
from calligram.evaluation.outcomes import pack_flags, unpack_flags
from calligram.evaluation.report import render_report, write_figures
from calligram.evaluation.runner import Evaluation, evaluate


@pytest.fixture
def evaluation(model: Any) -> Evaluation:
    return evaluate(model, "digits", EvaluationOptions())


def test_an_evaluation_does_not_differ_from_itself(evaluation: Evaluation) -> None:
    found = compare(evaluation.figures, evaluation.figures)
    assert found["paired"]
    assert (found["reading"]["difference"], found["reading"]["p"]) == (0, 1)
    assert not found["reading"]["larger_than_chance"]
    assert found["shares"]["abstained"]["p"] == 1


def test_reading_the_same_pictures_is_compared_picture_by_picture(evaluation: Evaluation) -> None:
    now, then = evaluation.figures, copy.deepcopy(evaluation.figures)
    right = unpack_flags(now["outcomes"]["right"], now["n"])
    worse = right.copy()
    worse[np.flatnonzero(right)[:8]] = False
    then["outcomes"]["right"] = pack_flags(worse)
    then["accuracy"] = float(worse.mean())
    found = compare(now, then)["reading"]
    assert (found["only_now"], found["only_then"]) == (8, 0)
    assert found["p"] == pytest.approx(2 / 2**8)
    assert found["larger_than_chance"]
    told = describe_difference("accuracy", found, paired=True)
    assert "points: larger than chance (p = 0.0078); right only then 0, only now 8" in told


def test_reading_other_pictures_is_compared_as_two_samples(evaluation: Evaluation) -> None:
    now, then = evaluation.figures, copy.deepcopy(evaluation.figures)
    then["outcomes"]["pictures"] = "other"
    then["reading"]["accuracy"] = {"n": 500, "correct": 300}
    then["accuracy"] = 0.6
    found = compare(now, then)
    ours = now["reading"]["accuracy"]
    table = [[300, 200], [ours["correct"], ours["n"] - ours["correct"]]]
    assert not found["paired"]
    assert found["reading"]["p"] == pytest.approx(fisher_exact(table).pvalue)


def test_many_shares_are_held_to_one_level_together(evaluation: Evaluation) -> None:
    now = {**copy.deepcopy(evaluation.figures), "robustness": robustness(0.9, 0.9)}
    then = {**copy.deepcopy(evaluation.figures), "robustness": robustness(0.9, 0.87)}
    single = fisher_exact([[870, 130], [900, 100]]).pvalue
    shares = compare(now, then)["shares"]
    assert single < 0.05
    assert shares["fog"]["p"] == pytest.approx(single * 4)
    assert not shares["fog"]["larger_than_chance"]
    assert "within chance" in describe_difference("fog", shares["fog"])


def robustness(first: float, second: float) -> dict[str, Any]:
    return {
        "n": 1000,
        "lift": {"signed": {"points": [{"amount": 0, "accuracy": 1.0}, {"amount": 0.1, "accuracy": first}]}},
        "mnist_c": {"corruptions": {"fog": {"accuracy": second}}},
        "curves": {"turn": {"points": [{"amount": 10, "accuracy": first}]}},
        "text": {},
        "layouts": {"fine": {"accuracy": None}},
    }


def test_figures_come_back_from_their_file(evaluation: Evaluation, tmp_path: Path) -> None:
    other = Evaluation({**evaluation.figures, "model": "other"}, evaluation.examples)
    write_figures([evaluation], tmp_path / "one.json")
    write_figures([evaluation, other], tmp_path / "two.json")
    assert read_figures(tmp_path / "one.json") == [evaluation.figures]
    two = read_figures(tmp_path / "two.json")
    assert choose_figures(two, "other", tmp_path)["model"] == "other"
    assert choose_figures(two[:1], "new", tmp_path)["model"] == "memory"
    with pytest.raises(FormatError, match="has figures of memory, other, but none of third"):
        choose_figures(two, "third", tmp_path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no", "is no file of figures"),
        (b"\xff", "is no file of figures"),
        (b"{}", "lacks model, source"),
        (b"", "holds no figures"),
        (b"[1]", "lacks model, source"),
        (b"5\n6", "lacks model, source"),
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "old.json").write_bytes(content)
    with pytest.raises(FormatError, match=sentence):
        read_figures(tmp_path / "old.json")
    with pytest.raises(FormatError, match="is no file of figures"):
        read_figures(tmp_path / "missing.json")


BROKEN = {
    "outcomes": lambda told: told.update(outcomes=5),
    "n": lambda told: told.update(n=None),
    "n of bool": lambda told: told.update(n=True),
    "n below": lambda told: told.update(n=-1),
    "model": lambda told: told.update(model=[1]),
    "accuracy": lambda told: told.update(accuracy="much"),
    "accuracy over": lambda told: told.update(accuracy=1.5),
    "correct": lambda told: told["reading"]["accuracy"].update(correct=told["n"] + 1),
    "no correct": lambda told: told["reading"]["accuracy"].pop("correct"),
    "reading": lambda told: told.update(reading=[]),
    "abstained": lambda told: told["reading"].pop("abstention"),
    "bits": lambda told: told["outcomes"].update(right="AA=="),
    "pictures": lambda told: told["outcomes"].pop("pictures"),
    "groups": lambda told: told.update(abstention={"groups": {"noise": {"abstained": 0.5}}}),
    "drawing": lambda told: told.update(drawing={"drawn": {}}),
    "robustness": lambda told: told.update(robustness={"n": 5}),
    "share": lambda told: told.update(robustness={**robustness(0.5, 0.5), "n": "5"}),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_figures_that_are_broken_are_refused_by_the_name_of_their_file(
    evaluation: Evaluation, tmp_path: Path, broken: Any
) -> None:
    told = copy.deepcopy(evaluation.figures)
    broken(told)
    (tmp_path / "old.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(FormatError, match=r"old\.json .*give .* that calligram evaluate -o wrote") as caught:
        read_figures(tmp_path / "old.json")
    assert "\n" not in str(caught.value)


def test_figures_of_an_older_calligram_are_still_read(evaluation: Evaluation, tmp_path: Path) -> None:
    told = {**copy.deepcopy(evaluation.figures), "robustness": robustness(0.5, 0.5)}
    for name in ("skipped", "notes", "outcomes", "run"):
        del told[name]
    (tmp_path / "old.json").write_text(json.dumps(told), encoding="utf-8")
    assert read_figures(tmp_path / "old.json") == [told]


def test_outcomes_are_packed_without_loss_and_checked() -> None:
    flags = np.random.default_rng(0).random(1001) < 0.5
    assert (unpack_flags(pack_flags(flags), 1001) == flags).all()
    with pytest.raises(FormatError, match="hold 126 bytes, but 2000 pictures need 250"):
        unpack_flags(pack_flags(flags), 2000)
    with pytest.raises(FormatError, match="no base64"):
        unpack_flags("***", 1)


def test_the_report_says_plainly_what_differs(evaluation: Evaluation) -> None:
    then = copy.deepcopy(evaluation.figures)
    evaluation.figures["comparison"] = compare(evaluation.figures, then)
    page = render_report([evaluation])
    assert "within chance (p = 1.0000)" in page
    assert json.loads(json.dumps(evaluation.figures, allow_nan=False)) == evaluation.figures
