"""Tests of calligram.picture.saving: files appear whole or not at all."""

from pathlib import Path

import pytest

from calligram.errors import OutputError
from calligram.picture import decode
from calligram.whole_files import make_folder, write_whole


@pytest.mark.parametrize("ending", ["txt", "png", "svg", "html", "ans"])
def test_the_ending_says_how_a_picture_is_written(five: str, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"five.{ending.upper()}"
    decode(five).save(path)
    beginnings = {
        "txt": b"<row:1>",
        "png": b"\x89PNG",
        "svg": b"<svg ",
        "html": b"<!DOCTYPE html>",
        "ans": b"     ",
    }
    assert path.read_bytes().startswith(beginnings[ending])
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_an_unknown_ending_is_refused_and_nothing_is_written(five: str, tmp_path: Path) -> None:
    with pytest.raises(
        OutputError, match=r"ends in '.gif', which is no known kind of file: choose one of \.ans"
    ):
        decode(five).save(tmp_path / "five.gif")
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_told(five: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot be written .*: choose another place"):
        decode(five).save(tmp_path / "missing" / "five.txt")


def test_what_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "kept").touch()
    with pytest.raises(OutputError):
        write_whole(tmp_path / "taken", b"new")
    assert [path.name for path in tmp_path.rglob("*")] == ["taken", "kept"]


def test_an_older_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be made"):
        make_folder(tmp_path / "file")
