"""Finished steps beside the result."""

import json
from pathlib import Path

import pytest

from calligram.errors import OptionError, OutputError
from calligram.evaluation.journal import Journal


def never() -> int:
    raise AssertionError("the step was made again")


def test_a_finished_step_is_not_made_again(tmp_path: Path) -> None:
    path = tmp_path / "steps"
    assert Journal(path, {"seed": 1}).once("a", lambda x: [x, 0.1], 2) == [2, 0.1]
    again = Journal(path, {"seed": 1})
    assert again.recalled == 1
    assert again.once("a", never) == [2, 0.1]
    assert again.once("b", lambda: 3) == 3
    again.close()
    assert not path.exists()


def test_a_line_that_was_cut_off_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "steps"
    journal = Journal(path)
    journal.once("a", lambda: "ä")
    journal.once("b", lambda: 2)
    whole = path.read_bytes()
    for cut in range(1, len(whole) - whole.rindex(b"\n", 0, -1)):
        path.write_bytes(whole[:-cut])
        after = Journal(path)
        assert after.steps == {"a": "ä"}
        after.once("b", lambda: 2)
        assert path.read_bytes() == whole


def test_a_file_cut_within_its_first_line_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "steps"
    path.write_bytes(b'{"run": {"se')
    assert Journal(path, {"seed": 1}).once("a", lambda: 1) == 1
    assert Journal(path, {"seed": 1}).recalled == 1


def test_the_steps_of_another_run_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "steps"
    Journal(path, {"seed": 1, "model": "builtin"})
    with pytest.raises(OptionError, match=r"steps of another run, which differs in seed: finish that one"):
        Journal(path, {"seed": 2, "model": "builtin"})
    path.write_text('{"run": 5}\n{"step"', encoding="utf-8")
    with pytest.raises(OptionError, match="what is asked"):
        Journal(path, {"seed": 2})
    path.write_text("something else\n", encoding="utf-8")
    with pytest.raises(OptionError, match="is no journal of an evaluation"):
        Journal(path, {})


def test_pictures_that_changed_between_two_tries_are_refused(tmp_path: Path) -> None:
    Journal(tmp_path / "steps").check("pictures", ("a", 1))
    Journal(tmp_path / "steps").check("pictures", ("a", 1))
    with pytest.raises(OptionError, match="other pictures: delete it"):
        Journal(tmp_path / "steps").check("pictures", ("b", 1))


def test_without_a_file_nothing_is_kept() -> None:
    journal = Journal()
    assert journal.once("a", lambda: 1) == 1
    assert journal.once("a", lambda: 2) == 2


def test_a_journal_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        Journal(tmp_path / "missing" / "steps")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        Journal(tmp_path / "folder")


def test_each_line_is_one_object(tmp_path: Path) -> None:
    Journal(tmp_path / "steps", {"a": (1, 2)}).once("line\nbreak", lambda: "\n")
    lines = (tmp_path / "steps").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0]) == {"run": {"a": [1, 2]}}
    assert json.loads(lines[1]) == {"step": "line\nbreak", "made": "\n"}
