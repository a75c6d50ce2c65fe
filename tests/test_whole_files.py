"""Files appear whole or not at all."""

from pathlib import Path

import pytest

from calligram.errors import OutputError
from calligram.whole_files import make_folder, write_whole, writing_folder, writing_whole


def stop_half_way(path: Path) -> None:
    with writing_whole(path) as stream:
        stream.write(b"ne")
        raise KeyboardInterrupt


def test_a_fault_while_writing_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "one", b"old")
    with pytest.raises(KeyboardInterrupt):
        stop_half_way(tmp_path / "one")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("one", b"old")]


def test_the_file_appears_only_when_all_is_written(tmp_path: Path) -> None:
    with writing_whole(tmp_path / "one") as stream:
        stream.write(b"new")
        assert not (tmp_path / "one").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_name_as_long_as_the_system_allows_can_be_written(tmp_path: Path) -> None:
    write_whole(tmp_path / ("n" * 255), b"")
    assert len(next(tmp_path.iterdir()).name) == 255


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"missing/one' cannot be written \(No such file"):
        write_whole(tmp_path / "missing" / "one", b"")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match=r"file/inner' cannot be made"):
        make_folder(tmp_path / "file" / "inner")


def fill(path: Path, content: str, mark: str = "") -> None:
    with writing_folder(path, mark) as place:
        (place / "mark").write_text(content)


def stop_filling(path: Path) -> None:
    with writing_folder(path, "mark") as place:
        (place / "mark").write_text("ne")
        raise KeyboardInterrupt


def test_a_folder_of_the_kind_is_replaced_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    fill(tmp_path / "one", "old")
    (tmp_path / "one" / "more").write_text("old")
    fill(tmp_path / "one", "new", "mark")
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))] == [
        "one",
        "one/mark",
    ]
    assert (tmp_path / "one" / "mark").read_text() == "new"


def test_a_fault_while_filling_a_folder_leaves_the_old_one(tmp_path: Path) -> None:
    fill(tmp_path / "one", "old")
    with pytest.raises(KeyboardInterrupt):
        stop_filling(tmp_path / "one")
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert (tmp_path / "one" / "mark").read_text() == "old"


def test_a_folder_of_another_kind_or_a_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("keep")
    for place in (tmp_path, tmp_path / "file"):
        with pytest.raises(OutputError, match="holds other things: name a new folder"):
            fill(place, "new", "mark")
    assert (tmp_path / "file").read_text() == "keep"
