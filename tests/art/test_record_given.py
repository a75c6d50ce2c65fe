"""What owners say of works, in files of many shapes."""

import csv
import json
from pathlib import Path

import pytest

from calligram.art.record_given import GivenRecords, digest, given_of, sidecars_of
from calligram.errors import FormatError, InputError


def test_a_table_is_found_by_the_name_of_the_image_whatever_its_columns_are_called(tmp_path: Path) -> None:
    rows = [
        {"Filename": "boats.jpg", "Artist": "Ann Example", "Year": "1615", "Keywords": "boats; sea"},
        {"Filename": "fog.jpg", "Artist": "", "Year": "", "Keywords": ""},
    ]
    with (tmp_path / "records.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    found = GivenRecords(tmp_path / "records.csv").of("anywhere/boats.jpg")
    assert found is not None
    assert found.values == {"creator": "Ann Example", "date": "1615"}
    assert found.tags == ("boats", "sea")
    assert found.source == "records.csv"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_with_commas_semicolons_or_tabs_are_read_with_or_without_a_byte_order_mark(
    tmp_path: Path, delimiter: str
) -> None:
    text = f"file{delimiter}title\nboats.jpg{delimiter}At Rest\n"
    for encoding in ("utf-8", "utf-8-sig"):
        (tmp_path / "records.csv").write_text(text, encoding=encoding)
        found = GivenRecords(tmp_path / "records.csv").of("boats.jpg")
        assert found is not None
        assert found.values["title"] == "At Rest"


@pytest.mark.parametrize("shape", ["lines", "list", "object"])
def test_json_may_be_lines_a_list_or_an_object_that_holds_one(tmp_path: Path, shape: str) -> None:
    rows = [{"file": "a/boats.jpg", "title": "At Rest"}, {"file": "b/fog.jpg", "title": "Fog"}]
    texts = {
        "lines": "".join(json.dumps(row) + "\n" for row in rows),
        "list": json.dumps(rows),
        "object": json.dumps({"note": "of ours", "items": rows}),
    }
    (tmp_path / "records.json").write_text(texts[shape], encoding="utf-8")
    found = GivenRecords(tmp_path / "records.json").of("/somewhere/b/fog.jpg")
    assert found is not None
    assert found.values == {"title": "Fog"}


def test_of_two_images_of_one_name_each_gets_the_record_of_its_folder(tmp_path: Path) -> None:
    rows = [{"file": "a/boats.jpg", "title": "First"}, {"file": "b/boats.jpg", "title": "Second"}]
    (tmp_path / "records.json").write_text(json.dumps(rows), encoding="utf-8")
    records = GivenRecords(tmp_path / "records.json")
    titles = [found.values["title"] for folder in "ab" if (found := records.of(f"/x/{folder}/boats.jpg"))]
    assert titles == ["First", "Second"]
    assert records.of("/x/c/boats.jpg") is None


def test_what_another_catalogue_measured_or_proposed_is_not_given() -> None:
    row = {
        "file": "fog.png",
        "title": {"value": "Fog", "standing": "proposed", "source": "builtin:writer"},
        "creator": {"value": "Ann Example", "standing": "given", "source": "records.csv"},
    }
    assert given_of(row, "records.jsonl").values == {"creator": "Ann Example"}


def test_files_beside_an_image_are_read(tmp_path: Path) -> None:
    image = tmp_path / "boats.jpg"
    (tmp_path / "boats.json").write_text('{"title": "At Rest"}', encoding="utf-8")
    (tmp_path / "boats.jpg.txt").write_text("Two boats.\n", encoding="utf-8")
    found = {given.source: dict(given.values) for given in sidecars_of(image)}
    assert found == {"boats.json": {"title": "At Rest"}, "boats.jpg.txt": {"description": "Two boats."}}


def test_a_changed_given_has_another_digest() -> None:
    one, other = (given_of({"title": title}, "records.csv") for title in ("Fog", "Rain"))
    assert digest([one]) == digest([given_of({"title": "Fog"}, "records.csv")])
    assert len({digest([one]), digest([other]), digest([]), digest([one, other])}) == 4


def test_markup_of_web_pages_is_taken_out_and_what_looks_like_it_stays() -> None:
    row = {"description": "<p>Two <em>boats</em>,\n at rest</p>", "title": "A < B"}
    values = given_of(row, "records.csv").values
    assert " ".join(values["description"].split()).replace(" ,", ",") == "Two boats, at rest"
    assert values["title"] == "A < B"


@pytest.mark.parametrize(
    ("content", "fault", "told"),
    [
        (b'{"file": "a.jpg"}\n{"file": \n', FormatError, "line 2"),
        (b"title,creator\nFog,Ann\n", FormatError, "name no image"),
        (b"\xff\xfe\x00\x01", InputError, "cannot be read"),
        (b"", FormatError, "name no image"),
    ],
)
def test_records_that_cannot_be_used_are_refused_in_a_sentence(
    tmp_path: Path, content: bytes, fault: type[Exception], told: str
) -> None:
    (tmp_path / "records.csv").write_bytes(content)
    with pytest.raises(fault, match=told):
        GivenRecords(tmp_path / "records.csv")


def test_records_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv"):
        GivenRecords(tmp_path / "none.csv")
