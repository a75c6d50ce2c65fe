"""Checking training files: faults, balance, duplicates, leakage, tokens, and mending."""

import json
from pathlib import Path

import pytest

from calligram.errors import FormatError, ModelError
from calligram.formats.base import Example, get_format
from calligram.training.dataset import build_dataset
from calligram.training.dataset_check import FileReport, Report, check_files
from calligram.training.dataset_files import find_files
from calligram.training.dataset_options import BuildOptions, CheckOptions


def picture(*rows: str) -> str:
    return "".join(f"<row:{number}>{row}</row:{number}>\n" for number, row in enumerate(rows, 1))


ONE, TWO, THREE = picture(" ▓█ ", "█▓  "), picture("▓▓█ ", "█▓  "), picture("█▓█ ", "█▓  ")


def read(text: str, answer: str, columns: int = 4) -> Example:
    return Example("read", text, "What digit is this?", answer, columns)


def write(path: Path, examples: list[Example], format: str = "messages") -> Path:
    path.write_bytes(get_format(format).write_part(examples))
    return path


def check(*paths: Path, **options: object) -> Report:
    return check_files(find_files(paths), CheckOptions(**options))  # type: ignore[arg-type]


def check_one(path: Path, **options: object) -> FileReport:
    return check(path, **options).files[0]


def test_a_sound_file_has_no_faults_and_comes_back(tmp_path: Path) -> None:
    report = check_one(write(tmp_path / "a.jsonl", [read(ONE, "1"), read(TWO, "2")]))
    assert (report.records, report.faults, report.round_trip, report.format) == (2, 0, True, "messages")
    assert (report.labels, report.shapes, report.tasks) == ({"1": 1, "2": 1}, {"4x2": 2}, {"read": 2})
    assert report.characters == len(ONE)


@pytest.mark.parametrize(
    "format", ["ascii-image", "alpaca", "sharegpt", "prompt-completion", "text", "parquet"]
)
def test_formats_are_told_from_the_file(tmp_path: Path, format: str) -> None:
    if format == "parquet":
        pytest.importorskip("pyarrow")
    report = check_one(write(tmp_path / "file", [read(ONE, "1"), read(TWO, "2")], format))
    assert (report.format, report.records, report.faults) == (format, 2, 0)
    assert report.round_trip is (None if format == "parquet" else True)


def test_duplicates_and_contradictions_are_counted(tmp_path: Path) -> None:
    report = check_one(
        write(tmp_path / "a.jsonl", [read(ONE, "1"), read(ONE, "1"), read(ONE, "7"), read(TWO, "2")])
    )
    assert (report.duplicates, report.contradictions) == (1, 1)


def test_reading_and_drawing_one_picture_is_no_duplicate(tmp_path: Path) -> None:
    report = check_one(write(tmp_path / "a.jsonl", [read(ONE, "1"), Example("draw", ONE, "Draw it.", "")]))
    assert (report.duplicates, report.requests) == (0, {"Draw it.": 1})


def test_a_picture_in_two_splits_is_a_leak(tmp_path: Path) -> None:
    train = write(tmp_path / "train.jsonl", [read(ONE, "1"), read(TWO, "2"), read(THREE, "3")])
    test = write(tmp_path / "test.jsonl", [read(TWO, "2"), read(picture("    "), "0")])
    leaks = check(train, test).leaks
    assert [(leak.pictures, leak.share) for leak in leaks] == [(1, 0.5)]
    assert (leaks[0].one, leaks[0].other) == (str(train), str(test))


def test_a_broken_picture_is_a_fault_with_line_and_field(tmp_path: Path) -> None:
    broken = ONE.replace("▓", "x", 1)
    report = check_one(write(tmp_path / "a.jsonl", [read(ONE, "1"), read(broken, "2")]))
    assert report.faults == 1
    assert report.told[0].startswith("line 2, field picture: row 1, column 2")
    assert report.round_trip is None


def test_a_size_that_is_not_the_pictures_is_a_fault_and_can_be_mended(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", [read(ONE, "1", columns=20)], "ascii-image")
    assert "line 2, field size: says 20 columns, but the picture has 4" in check_one(path).told[0]
    check_files(find_files([path]), CheckOptions(repair=True), tmp_path / "mended.json")
    assert json.loads((tmp_path / "mended.json").read_text())[0]["size"] == "4"


def test_the_comma_of_the_authors_sample_is_mended_or_kept(tmp_path: Path) -> None:
    found = tmp_path / "found.json"
    found.write_bytes(get_format("ascii-image").write_part([read(ONE, "1")]).replace(b"}\n]", b"},\n]"))
    assert check_one(found).faults == 1
    report = check_one(found, repair=True)
    assert (report.faults, report.round_trip) == (0, True)
    assert report.mends == ["line 7: removed the comma after the last entry"]
    for name, as_found in (("strict.json", False), ("same.json", True)):
        check_files(find_files([found]), CheckOptions(repair=True, as_found=as_found), tmp_path / name)
    assert json.loads((tmp_path / "strict.json").read_text())[0]["Response"] == "1"
    assert (tmp_path / "same.json").read_bytes() == found.read_bytes()


def test_a_damaged_picture_is_mended_and_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [read(ONE, "1"), read(ONE.replace("</row:1>", "</row:9>"), "2")])
    report = check_one(path, repair=True, layout="")
    assert report.faults == 0
    assert report.mends
    assert report.mends[0].startswith("line 2, field picture:")


def test_other_spacing_is_told_as_other_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    entry = {"size": "4", "ASCII_image": ONE, "Response": "1"}
    path.write_text(json.dumps([entry]))
    report = check_one(path)
    assert (report.faults, report.round_trip) == (0, False)


def test_a_file_with_faults_is_not_written_mended(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [read("nonsense\n", "1")])
    path.write_text(path.read_text() + "{}\n")
    with pytest.raises(FormatError, match="cannot be written mended"):
        check_files(find_files([path]), CheckOptions(repair=True), tmp_path / "out.jsonl")
    assert [p.name for p in tmp_path.iterdir()] == ["a.jsonl"]


def test_a_built_folder_is_checked_against_its_manifest(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    options = BuildOptions(split="test,valid", workers=1, limit=30, format="messages")
    build_dataset("digits:", tmp_path / "set", options)
    report = check(tmp_path / "set")
    assert (report.faults, report.leaks, [one.records for one in report.files]) == (0, (), [30, 30])
    path = tmp_path / "set" / "test.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    assert "the file was changed" in check(tmp_path / "set").files[0].told[0]


def test_tokens_are_counted_with_a_tokenizer_file(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE({"x": 0, "<unk>": 1}, [], unk_token="<unk>"))
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    path = write(tmp_path / "a.jsonl", [read(ONE, "1")])
    tokens = check_one(path, tokenizer=str(tmp_path)).tokens
    assert tokens is not None
    assert (tokens["mean"], tokens["least"], tokens["counted"]) == (len(ONE), len(ONE), 1)


def test_a_tokenizer_that_is_none_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("tokenizers")
    (tmp_path / "tokenizer.json").write_text("{}")
    path = write(tmp_path / "a.jsonl", [read(ONE, "1")])
    with pytest.raises(ModelError, match="cannot be loaded"):
        check_one(path, tokenizer=str(tmp_path / "tokenizer.json"))


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("none.json", None, "cannot be read"),
        ("empty.json", b"", "is empty"),
        ("photo.png", b"\x89PNG", "no training file of a known format"),
    ],
)
def test_what_is_no_training_file_is_refused(
    tmp_path: Path, name: str, data: bytes | None, told: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(FormatError, match=told):
        find_files([tmp_path / name])


def test_a_folder_without_training_files_or_with_a_wrong_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no training files"):
        find_files([tmp_path])
    (tmp_path / "manifest.json").write_text('{"splits": []}')
    with pytest.raises(FormatError, match="is no manifest"):
        find_files([tmp_path])
