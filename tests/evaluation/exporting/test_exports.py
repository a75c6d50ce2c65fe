"""What an exported folder holds, whatever the harness."""

import json
from pathlib import Path

import pytest
from tests.evaluation.exporting.conftest import LIMIT, Export

from calligram.errors import OptionError, OutputError, SourceError
from calligram.evaluation.examples import load_grids
from calligram.evaluation.exporting.exports import export_task
from calligram.evaluation.exporting.options import ExportOptions
from calligram.picture import decode, get_layout

HARNESSES = ["inspect", "lm-eval"]


def records_of(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "pictures.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("harness", HARNESSES)
def test_the_pictures_are_those_that_evaluate_reads_and_in_their_order(harness: str, export: Export) -> None:
    exported = export(harness)
    grids = load_grids("digits:", "test", get_layout("classic"), LIMIT)
    records = records_of(exported.folder)
    assert [record["answer"] for record in records] == grids.labels.tolist()
    assert [record["name"] for record in records] == list(grids.names)
    for record, levels in zip(records, grids.levels, strict=True):
        prompt = f"{record['context']}{record['rest']}"
        picture, asked = prompt[: prompt.index("What")], prompt[prompt.index("What") :]
        assert (decode(picture).levels == levels).all()
        assert asked == "What digit is this?\n"
        assert picture in str(record["told"])


def test_no_context_ends_in_white_space_which_a_harness_would_move(export: Export) -> None:
    for record in records_of(export("lm-eval").folder):
        assert str(record["context"]).endswith("<row:11>")


def test_the_folder_says_what_it_was_made_from_and_how_to_measure_the_same(export: Export) -> None:
    exported = export("lm-eval")
    facts = json.loads((exported.folder / "task.json").read_text("utf-8"))
    assert facts["n"] == LIMIT
    assert facts["answers"] == [str(digit) for digit in range(10)]
    readme = (exported.folder / "README.md").read_text("utf-8")
    assert f"calligram evaluate MODEL digits: --split test --layout classic --limit {LIMIT}" in readme
    assert sorted(path.name for path in exported.folder.iterdir()) == sorted(exported.files)


def test_answers_of_which_one_begins_another_are_told_apart_by_a_line_break(tmp_path: Path) -> None:
    from PIL import Image

    for label in ("1", "10"):
        (tmp_path / "images" / label).mkdir(parents=True)
        Image.new("L", (8, 8), 200).save(tmp_path / "images" / label / "a.png")
    exported = export_task(
        "lm-eval", f"folder:{tmp_path / 'images'}", tmp_path / "out", ExportOptions(split="all")
    )
    assert exported.facts["ending"] == "\n"
    inspected = export_task(
        "inspect", f"folder:{tmp_path / 'images'}", tmp_path / "inspect", ExportOptions(split="all")
    )
    assert "--open-answers" in (inspected.folder / "README.md").read_text("utf-8")


def test_an_earlier_export_is_replaced_as_a_whole(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="the digits of scikit-learn need the extra train")
    export_task("lm-eval", "digits:", tmp_path / "task", ExportOptions(limit=3))
    export_task("inspect", "digits:", tmp_path / "task", ExportOptions(limit=2, name="mine"))
    assert sorted(path.name for path in (tmp_path / "task").iterdir()) == [
        "README.md",
        "pictures.jsonl",
        "task.json",
        "task.py",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["task"]


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(OutputError, match=r"holds other things: name a new folder"):
        export_task("lm-eval", "digits:", tmp_path, ExportOptions())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_fault_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        export_task("lm-eval", f"folder:{tmp_path / 'nowhere'}", tmp_path / "task", ExportOptions())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("harness", "name", "sentence"),
    [
        ("helm", "", "there is no harness 'helm'"),
        ("inspect", "../up", "name is '../up', but must be letters"),
    ],
)
def test_an_unknown_harness_or_a_bad_name_is_refused(
    harness: str, name: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(OptionError, match=sentence):
        export_task(harness, "digits:", tmp_path / "task", ExportOptions(name=name))
    assert list(tmp_path.iterdir()) == []
