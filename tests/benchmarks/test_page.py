"""The page that is written from the benchmarks' JSON."""

import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks.__main__ import main
from benchmarks.page import render_page, write_page


def make_results() -> dict[str, Any]:
    here = {"name": "Calligram", "absent": "", "note": "", "cpu_ms": 0.5, "wall_ms": 0.6, "ratio": 0.25}
    base = {
        "name": "plain",
        "absent": "",
        "note": "opens | reads",
        "cpu_ms": 2.0,
        "wall_ms": 2.0,
        "ratio": 1.0,
    }
    away = {"name": "jp2a", "absent": "the command jp2a is not installed", "note": "", "ratio": None}
    whole = {"name": "see", "absent": "", "ratio": 1, "wall_s": 0.5, "cpu_s": 0.4, "memory_mib": 81.2}
    marks = [
        {"name": "fast enough", "value": 0.25, "limit": 0.3, "kind": "at most", "reached": True},
        {"name": "unknown", "value": None, "limit": 1.0, "kind": "at most", "reached": None},
    ]
    task = {"name": "PNG to text", "units": 5, "base": "plain", "rows": [base, here, away]}
    return {
        "machine": {
            "processor": "Some processor",
            "cores": 2,
            "memory_mib": 4096,
            "system": "Linux",
            "python": "3.11",
            "load_before": 0.1,
            "versions": {"pillow": "13.0.0", "jp2a": "absent"},
        },
        "suites": {
            "encoding": {"title": "Encoding", "about": "About it.", "tasks": [task], "marks": marks},
            "language": {"title": "Reading and drawing", "absent": "there are no weights"},
            "starting": {"title": "Cold start and memory", "about": "Whole.", "rows": [whole], "marks": []},
        },
    }


def test_the_page_says_that_it_is_generated_and_by_which_commands() -> None:
    page = render_page(make_results())
    assert page.startswith("# Benchmarks\n")
    assert "python -m benchmarks run" in page
    assert "python -m benchmarks page" in page


def test_the_page_shows_ratios_marks_and_what_is_absent() -> None:
    page = render_page(make_results())
    assert "| Calligram | 0.25 | 0.5 | 0.6 |" in page
    assert "| jp2a | absent |  | the command jp2a is not installed |" in page
    assert "| fast enough | 0.25 | at most 0.3 | yes |" in page
    assert "| unknown | – | at most 1 | not measured |" in page
    assert "Not measured: there are no weights." in page
    assert "| see | 1 | 0.5 | 0.4 | 81 |" in page


def test_every_table_row_has_as_many_cells_as_its_head() -> None:
    lines = [line.replace("\\|", "") for line in render_page(make_results()).splitlines()]
    for block in "\n".join(line if line.startswith("|") else "" for line in lines).split("\n\n"):
        counts = {line.count("|") for line in block.splitlines() if line}
        assert len(counts) <= 1


def test_the_page_is_written_whole(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(json.dumps(make_results()), encoding="utf-8")
    write_page(tmp_path / "results.json", tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == render_page(make_results())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.md", "results.json"]


def test_the_door_writes_the_page(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(json.dumps(make_results()), encoding="utf-8")
    assert main(["page", str(tmp_path / "results.json"), str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").exists()


def test_a_quick_run_of_encoding_gives_figures_for_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["run", "--quick", "--only", "encoding", "--out", str(tmp_path / "results.json")])
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    tasks = results["suites"]["encoding"]["tasks"]
    assert len(tasks) == 3
    for task in tasks:
        assert next(row for row in task["rows"] if row["name"] == task["base"])["ratio"] == 1
        assert all(row["absent"] or row["cpu_ms"] > 0 for row in task["rows"])
    assert {mark["reached"] for mark in results["suites"]["encoding"]["marks"]} <= {True, False, None}
    assert "## Encoding" in render_page(results)
    assert "quick run" in render_page(results)
    assert "measuring encoding" in capsys.readouterr().err
