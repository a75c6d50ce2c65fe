"""One evaluation from end to end, and its report."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calligram.errors import ImageError, OptionError, OutputError
from calligram.evaluation.drawing import DrawingTask, judge_drawings
from calligram.evaluation.examples import LabelledGrids
from calligram.evaluation.judge import Judge
from calligram.evaluation.options import EvaluationOptions
from calligram.evaluation.report import render_report, write_figures, write_report
from calligram.evaluation.runner import Evaluation, evaluate
from calligram.picture.saving import Origin

VOID = {"meta", "img", "br", "rect", "line", "path", "polyline", "circle"}


class Balance(HTMLParser):
    """Notes the tags that are left open and every outside address."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def test_the_figures_have_the_words_that_others_script_against(model: Any, held_out: LabelledGrids) -> None:
    figures = evaluate(model, "digits", EvaluationOptions()).figures
    assert figures["model"] == "memory"
    assert figures["source"] == "digits"
    assert (figures["split"], figures["layout"], figures["n"]) == ("test", "classic", len(held_out))
    assert figures["interval"][0] < figures["accuracy"] < figures["interval"][1]
    assert figures["ceiling"] is None
    assert figures["run"]["question"] == "What digit is this?"
    assert figures["run"]["options"]["seed"] == 0
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures


def test_the_ceiling_is_an_accuracy_beside_the_model(model: Any) -> None:
    pytest.importorskip("torch")
    options = EvaluationOptions(ceiling=True, baselines=True, epochs=1, train_limit=200, cache=False)
    figures = evaluate(model, "digits", options).figures
    assert figures["ceiling"] == figures["ceiling_details"]["accuracy"]
    assert figures["ceiling_details"]["n_train"] == 200
    assert set(figures["baselines"]) == {"nearest neighbour", "logistic", "RBF-SVM"}


def test_a_ceiling_that_learned_the_very_pictures_is_refused(model: Any) -> None:
    with pytest.raises(OptionError, match="share pictures"):
        evaluate(model, "digits", EvaluationOptions(split="train[:50]", ceiling=True))


def test_the_report_is_one_file_that_shows_the_mistakes(model: Any, tmp_path: Path) -> None:
    evaluation = evaluate(model, "digits", EvaluationOptions(abstention=True, strange=5))
    path = tmp_path / "report.html"
    write_report([evaluation], path)
    page = path.read_text(encoding="utf-8")
    parser = Balance()
    parser.feed(page)
    assert not parser.open
    assert len(parser.addresses) == min(60, len(evaluation.mistakes)) > 0
    assert all(address.startswith("data:image/png;base64,") for address in parser.addresses)
    assert not re.search(r"https?://", page)
    assert "abstains from" in page
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_the_report_shows_drawings_beside_real_pictures(
    model: Any, train: LabelledGrids, held_out: LabelledGrids, hand: Any
) -> None:
    class Always:
        def predict(self, levels: np.ndarray) -> np.ndarray:
            return np.tile(np.eye(10)[3], (len(levels), 1))

    judge = Judge(Always(), {"accuracy": 0.1, "n_train": 9})  # type: ignore[arg-type]
    judgement = judge_drawings(model, train, held_out, judge, DrawingTask(20, "{label}", 0, hand))
    plain = evaluate(model, "digits", EvaluationOptions())
    told: list[Origin] = []

    def finish(content: bytes, origin: Origin) -> bytes:
        told.append(origin)
        return content

    page = render_report([Evaluation(plain.figures, plain.examples, plain.mistakes, judgement)], finish)
    assert "Drawn but not recognised as asked" in page
    assert "Real test pictures" in page
    assert len(told) == page.count("data:image/png;base64,")
    drawn = [origin for origin in told if origin.model]
    assert {(origin.model, origin.source) for origin in drawn} == {("memory", "")}
    assert {origin.words for origin in drawn} == set("0123456789")
    assert Origin("digits") in told, "real pictures come from their source, and no model drew them"
    assert Origin(plain.mistakes[0].name) in told


def test_names_from_outside_are_escaped(model: Any) -> None:
    model.name = "<script>alert(1)</script>"
    page = render_report([evaluate(model, "digits", EvaluationOptions())])
    assert "<script>" not in page


def test_figures_are_written_whole(model: Any, tmp_path: Path) -> None:
    evaluation = evaluate(model, "digits", EvaluationOptions(limit=20))
    write_figures([evaluation], tmp_path / "figures.json")
    assert json.loads((tmp_path / "figures.json").read_text(encoding="utf-8")) == evaluation.figures


def test_a_report_that_cannot_be_written_says_so_and_leaves_nothing(model: Any, tmp_path: Path) -> None:
    evaluation = evaluate(model, "digits", EvaluationOptions(limit=20))
    with pytest.raises(OutputError, match="cannot be written"):
        write_report([evaluation], tmp_path / "missing" / "report.html")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        write_report([evaluation], tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_photographs_that_cannot_be_read_are_told_before_anything_is_read(model: Any, tmp_path: Path) -> None:
    (tmp_path / "one.png").write_bytes(b"no picture")
    model.read = None
    with pytest.raises(ImageError, match="1 of 1 images of the folder"):
        evaluate(model, "digits", EvaluationOptions(abstention=True, photos=str(tmp_path), limit=5))


def test_a_model_opened_by_its_name_is_on_record_with_its_options_and_weights() -> None:
    run = evaluate("builtin", "digits", EvaluationOptions(limit=5)).figures["run"]
    assert run["model_options"] == {"precision": "auto", "names": False, "drafts": 6}
    assert len(run["weights"]) == 32
