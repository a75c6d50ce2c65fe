"""Folders and tables of image files."""

import csv
import json
from pathlib import Path

import pytest

from calligram.errors import LimitError, SourceError
from calligram.sources import _files
from calligram.sources.base import open_source


def test_a_folder_has_a_class_for_each_subfolder(image_folder: Path) -> None:
    source = open_source(f"folder:{image_folder}?kind=animal", "all")
    assert (len(source), source.classes, source.question) == (40, ("cat", "dog"), "What animal is this?")
    assert source.take([0]).names == ("cat/0.png",)


def test_the_parts_of_a_folder_are_disjoint_and_cover_it(image_folder: Path) -> None:
    parts = [open_source(f"folder:{image_folder}", split) for split in ("train", "test")]
    names = [name for part in parts for name in part.take(range(len(part))).names]
    assert len(set(names)) == len(names)
    assert len(parts[0]) > len(parts[1]) > 0


def test_a_copy_of_an_image_is_in_the_same_split(image_folder: Path) -> None:
    for path in sorted((image_folder / "cat").iterdir()):
        (image_folder / "dog" / f"copy-of-{path.name}").write_bytes(path.read_bytes())
    contents = []
    for split in ("train", "valid", "test"):
        try:
            source = open_source(f"folder:{image_folder}", split)
        except SourceError:
            continue
        contents.append(set(source.take(range(len(source))).images))
    assert not set.intersection(*contents)


def test_splits_of_a_folders_own_are_used(tmp_path: Path, image_folder: Path) -> None:
    (tmp_path / "own").mkdir()
    image_folder.rename(tmp_path / "own" / "train")
    with pytest.raises(SourceError, match="it has train"):
        open_source(f"folder:{tmp_path / 'own'}", "test")
    assert len(open_source(f"folder:{tmp_path / 'own'}", "train")) == 40


def test_classes_that_are_numbers_are_in_their_order(tmp_path: Path, image_folder: Path) -> None:
    data = (image_folder / "cat" / "0.png").read_bytes()
    for name in ("10", "9", "1"):
        (tmp_path / "numbers" / name).mkdir(parents=True)
        (tmp_path / "numbers" / name / "a.png").write_bytes(data)
    assert open_source(f"folder:{tmp_path / 'numbers'}", "all").classes == ("1", "9", "10")


def test_a_folder_can_be_an_address(image_folder: Path) -> None:
    pytest.importorskip("fsspec")
    local, address = open_source(f"folder:{image_folder}"), open_source(f"folder:file://{image_folder}")
    places = range(len(local))
    assert local.take(places).images == address.take(places).images
    assert local.digest(places) == address.digest(places)


@pytest.mark.parametrize("place", ["", "missing", "s3x://bucket/folder"])
def test_a_folder_that_is_not_there_is_refused(place: str) -> None:
    with pytest.raises(SourceError):
        open_source(f"folder:{place}", "all")


def test_a_folder_without_subfolders_is_refused(image_folder: Path) -> None:
    with pytest.raises(SourceError, match="one subfolder a class"):
        open_source(f"folder:{image_folder / 'cat'}", "all")


def test_a_huge_file_is_refused(image_folder: Path) -> None:
    with (image_folder / "cat" / "0.png").open("wb") as stream:
        stream.truncate(_files.MAX_FILE_BYTES + 1)
    with pytest.raises(LimitError, match=r"cat/0\.png is larger than 256 MiB"):
        open_source(f"folder:{image_folder}", "all").take([0])


@pytest.fixture(params=[".csv", ".tsv", ".jsonl"])
def table(request: pytest.FixtureRequest, image_folder: Path) -> Path:
    rows = [
        {"path": f"{name}/{number}.png", "label": name, "split": "test" if number > 15 else "train"}
        for name in ("cat", "dog")
        for number in range(20)
    ]
    path = image_folder / f"list{request.param}"
    with path.open("w", encoding="utf-8", newline="") as stream:
        if request.param == ".jsonl":
            stream.writelines(json.dumps(row) + "\n" for row in rows)
        else:
            writer = csv.DictWriter(
                stream, ["path", "label", "split"], delimiter="," if request.param == ".csv" else "\t"
            )
            writer.writeheader()
            writer.writerows(rows)
    return path


def test_a_table_lists_paths_beside_it(table: Path) -> None:
    source = open_source(f"table:{table}", "test")
    assert (len(source), source.classes) == (8, ("cat", "dog"))
    assert source.take([0]).images == [(table.parent / "cat" / "16.png").read_bytes()]


def test_a_tables_columns_can_be_named(table: Path) -> None:
    with pytest.raises(SourceError, match=r"line \d: no 'file', it has path, label, split"):
        open_source(f"table:{table}?path=file", "train")
    assert open_source(f"table:{table}?label=split", "all").classes == ("test", "train")


def test_a_path_that_is_not_there_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("path,label\nnone.png,cat\n")
    with pytest.raises(SourceError, match=r"list.csv line 2: none.png cannot be read"):
        open_source(f"table:{tmp_path / 'list.csv'}", "all").take([0])


def test_a_line_without_a_split_among_others_with_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("path,label,split\na.png,cat,train\nb.png,dog,\n")
    with pytest.raises(SourceError, match=r"list\.csv line 3: b\.png has no split, but others have one"):
        open_source(f"table:{tmp_path / 'list.csv'}", "train")
    assert len(open_source(f"table:{tmp_path / 'list.csv'}", "all")) == 2


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("list.csv", "", "lists no images"),
        ("list.csv", "path,label\na.png,\n", "line 2: no 'label'"),
        ("list.csv", 'path,label\n"a.png,b\n', "damaged"),
        ("list.jsonl", '{"path": "a"}\n', "line 1: no 'label'"),
        ("list.jsonl", '\n{"path": \n', "line 2: no valid JSON"),
        ("list.jsonl", "[1]\n", "line 1: a JSON object is expected"),
        ("list.txt", "a b", "must end in .csv, .tsv or .jsonl"),
    ],
)
def test_a_damaged_table_is_refused_with_the_line(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(SourceError, match=told):
        open_source(f"table:{tmp_path / name}", "all")
