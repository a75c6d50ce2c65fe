"""Texts of records, from the forms in which people keep them."""

import json
from pathlib import Path

import pytest

from calligram.art.judge_texts import read_texts
from calligram.errors import FormatError, InputError


def written(tmp_path: Path, content: str) -> Path:
    place = tmp_path / "records"
    place.write_text(content, encoding="utf-8")
    return place


RECORDS = [{"file": "in/a.jpg", "description": " Two boats. "}, {"file": "b.jpg", "description": ""}]
TOLD = {"a.jpg": "Two boats.", "b.jpg": ""}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(RECORDS),
        json.dumps({"note": "who made it", "items": RECORDS}),
        "\n".join(map(json.dumps, RECORDS)),
        "file,title,description\nin/a.jpg,Boats,Two boats.\nb.jpg,,\n",
    ],
)
def test_records_are_read_from_json_json_lines_and_csv(tmp_path: Path, content: str) -> None:
    assert read_texts(written(tmp_path, content)) == TOLD


def test_a_field_that_carries_its_standing_holds_its_text_as_value(tmp_path: Path) -> None:
    record = {"image": "a.jpg", "description": {"value": "Two boats.", "standing": "given"}}
    assert read_texts(written(tmp_path, json.dumps(record))) == {"a.jpg": "Two boats."}


def test_the_short_description_stands_in_for_an_empty_one(tmp_path: Path) -> None:
    record = [{"file": "a.jpg", "description": "", "short_description": "Boats."}]
    assert read_texts(written(tmp_path, json.dumps(record))) == {"a.jpg": "Boats."}


def test_records_that_name_no_image_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="name no image"):
        read_texts(written(tmp_path, "no records, but a line"))


def test_a_broken_line_is_told_by_its_number(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="line 2") as caught:
        read_texts(written(tmp_path, '{"file": "a.jpg"}\n{"file": \n'))
    assert caught.value.line == 2


def test_a_missing_file_is_told_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name a file of JSON"):
        read_texts(tmp_path / "nowhere.json")
