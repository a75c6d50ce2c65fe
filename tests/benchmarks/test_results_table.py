"""The README's table of results comes from what ``calligram evaluate`` wrote, and from nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks.results_table import BEGIN, END, main, read_results, render_table, replace_table


def evaluated(**changes: Any) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "model": "builtin",
        "source": "idx:data/mnist",
        "split": "test",
        "layout": "classic",
        "n": 10000,
        "accuracy": 0.9,
        "interval": [0.894, 0.906],
        "ceiling": None,
        "baselines": None,
        "drawing": None,
        "abstention": None,
    }
    return {**figures, **changes}


def keep(folder: Path, name: str, **changes: Any) -> None:
    (folder / f"{name}.json").write_text(json.dumps(evaluated(**changes)), encoding="utf-8")


def test_a_row_holds_the_figures_and_the_command_that_measures_them() -> None:
    row = render_table([evaluated(ceiling=0.95)]).splitlines()[2]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells == [
        "MNIST, 10,000 pictures",
        "`classic`",
        "**90.00%**",
        "89.40–90.60",
        "95.00",
        "98.15",
        "`calligram evaluate builtin idx:DIR --split test --layout classic --ceiling --no-baselines --json`",
    ]


def test_a_ceiling_that_was_not_measured_is_said_to_be_so() -> None:
    assert "| not measured |" in render_table([evaluated()])


def test_rows_follow_the_order_of_data_sets_and_layouts(tmp_path: Path) -> None:
    keep(tmp_path, "a", source="idx:data/fashion-mnist", layout="full")
    keep(tmp_path, "b", layout="fine")
    keep(tmp_path, "c")
    found = [(figures["source"], figures["layout"]) for figures in read_results(tmp_path)]
    assert found == [
        ("idx:data/mnist", "classic"),
        ("idx:data/mnist", "fine"),
        ("idx:data/fashion-mnist", "full"),
    ]


def test_an_absent_folder_gives_no_rows(tmp_path: Path) -> None:
    assert render_table(read_results(tmp_path / "nowhere")) == ""


def test_drawing_and_abstaining_are_told_below_the_table() -> None:
    share = {"n": 1000, "share": 0.5}
    drawing = {
        "drawn": {"recognised": share, "well_formed": share},
        "real": {"recognised": share},
        "ratios": {"diversity": 1.02, "nearest": 0.98},
        "tries": 1.25,
    }
    groups = {"groups": {"noise": {"n": 4, "abstained": 0.75}}, "familiar": {"abstained": 0.01}}
    abstention = {**groups, "seen": {**groups, "familiar": {"abstained": 0.02}}}
    text = render_table([evaluated(drawing=drawing, abstention=abstention)])
    assert "1,000 drawings: 50.0% recognised as asked" in text
    assert "1.25 drawings made for each that was kept" in text
    assert "as text pictures: noise 75.0%; from real test pictures 1.0%" in text
    assert "as whole images that are seen: noise 75.0%; from real test pictures 2.0%" in text


def test_the_table_is_written_between_its_marks_and_the_check_sees_an_old_one(tmp_path: Path) -> None:
    page, results = tmp_path / "page.md", tmp_path / "results"
    results.mkdir()
    keep(results, "a")
    page.write_text(f"above\n{BEGIN}\nold\n{END}\nbelow\n", encoding="utf-8")
    words = [str(page), "--results", str(results)]
    assert main([*words, "--check"]) == 1
    assert main(words) == 0
    assert main([*words, "--check"]) == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith("above\n")
    assert text.endswith("\nbelow\n")
    assert "old" not in text


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="needs one <!-- results -->"):
        replace_table("no marks", "")
