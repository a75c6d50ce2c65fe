"""What every format promises: what is written is read again, in parts or whole, and damage is found."""

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calligram import registry
from calligram.errors import NameInFamilyError
from calligram.formats.base import Card, Example, Format, get_format

PICTURE = "<row:1> ▓█ </row:1>\n<row:2>█▓  </row:2>\n"
READ = Example("read", PICTURE, "What digit is this?", "5", 4)
DRAW = Example("draw", PICTURE, "Draw the digit 5, classic.", "", 4)
NAMES = registry.members("formats")
JSON_ARRAYS = ["ascii-image", "alpaca", "sharegpt"]
JSON_LINES = ["messages", "prompt-completion", "text"]


@pytest.fixture(params=NAMES)
def members(request: pytest.FixtureRequest) -> Format:
    if request.param == "parquet":
        pytest.importorskip("pyarrow")
    return get_format(request.param)


def examples_of(members: Format) -> list[Example]:
    return [example for example in (READ, DRAW) if example.task in members.TASKS]


def as_kept(members: Format, example: Example) -> Example:
    """Return what a format keeps of an example."""
    if members.MARK == b'"ASCII_image"':
        return Example(example.task, example.picture, "", example.answer, example.columns)
    return example


def read_all(members: Format, data: bytes, repair: bool = False) -> list[Example | None]:
    records = list(members.read(io.BytesIO(data), repair))
    assert not [fault for record in records for fault in record.faults]
    return [record.example for record in records]


def test_what_is_written_is_read_again(members: Format) -> None:
    examples = examples_of(members)
    assert read_all(members, members.write_part(examples)) == [as_kept(members, e) for e in examples]


def test_no_examples_make_a_whole_file_too(members: Format) -> None:
    assert read_all(members, members.write_part([])) == []


def test_joined_parts_hold_what_the_parts_held(members: Format) -> None:
    examples = examples_of(members)
    parts = [members.write_part(examples), members.write_part([]), members.write_part(examples[:1])]
    joined = io.BytesIO()
    members.join_parts(parts, joined)
    assert read_all(members, joined.getvalue()) == [as_kept(members, e) for e in [*examples, examples[0]]]


def test_joining_nothing_gives_an_empty_file(members: Format) -> None:
    joined = io.BytesIO()
    members.join_parts([], joined)
    assert read_all(members, joined.getvalue()) == []


def test_the_same_examples_give_the_same_bytes(members: Format) -> None:
    assert members.write_part(examples_of(members)) == members.write_part(examples_of(members))


@pytest.mark.parametrize("name", [*JSON_ARRAYS, *JSON_LINES])
def test_joined_parts_are_the_file_of_all_examples(name: str) -> None:
    members = get_format(name)
    examples = examples_of(members)
    joined = io.BytesIO()
    members.join_parts([members.write_part([example]) for example in examples], joined)
    assert joined.getvalue() == members.write_part(examples)


@pytest.mark.parametrize("name", JSON_ARRAYS)
def test_arrays_are_spelled_as_json_spells_them(name: str) -> None:
    members = get_format(name)
    data = members.write_part(examples_of(members)).decode()
    assert data == json.dumps(json.loads(data), indent=2, ensure_ascii=False) + "\n"


line = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\n\r\u2028\u2029\x85"), min_size=1
)
pictures = st.lists(line, min_size=1, max_size=4).map(lambda rows: "\n".join(rows) + "\n")


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("text", "parquet", "ascii-image")])
@given(picture=pictures, request_=line, answer=line)
@settings(max_examples=40, deadline=None)
def test_any_unicode_comes_back(name: str, picture: str, request_: str, answer: str) -> None:
    examples = [Example("read", picture, request_, answer), Example("draw", picture, request_, "")]
    assert read_all(get_format(name), get_format(name).write_part(examples)) == examples


@pytest.mark.parametrize("name", ["alpaca", "sharegpt"])
def test_llama_factory_is_told_of_each_file(name: str) -> None:
    card = Card("mine", {"train": ["train.json"], "test": ["test.json"]}, {}, "", "", "", [], "classic", "")
    told = json.loads(get_format(name).companions(card)["dataset_info.json"])
    assert [entry["file_name"] for entry in told.values()] == ["train.json", "test.json"]
    assert list(told) == ["mine_train", "mine_test"]
    wanted = {"alpaca": "query", "sharegpt": "messages"}[name]
    assert wanted in told["mine_train"]["columns"]


def test_the_card_names_the_files_of_each_split() -> None:
    pytest.importorskip("pyarrow")
    yaml = pytest.importorskip("yaml")
    card = Card(
        "mine",
        {"train": ["a.parquet", "b.parquet"]},
        {"train": 7},
        "idx:x",
        "CC0",
        "What?",
        ["5"],
        "fine",
        PICTURE,
    )
    text = get_format("parquet").companions(card)["README.md"].decode()
    _, header, body = text.split("---\n", 2)
    files = yaml.safe_load(header)["configs"][0]["data_files"]
    assert files == [{"split": "train", "path": ["a.parquet", "b.parquet"]}]
    assert PICTURE in body
    assert "CC0" in body


def test_parquet_is_read_by_the_hubs_library(tmp_path: Any) -> None:
    datasets = pytest.importorskip("datasets")
    (tmp_path / "train.parquet").write_bytes(get_format("parquet").write_part([READ, DRAW]))
    rows = datasets.Dataset.from_parquet(str(tmp_path / "train.parquet"), cache_dir=str(tmp_path / "cache"))
    assert rows[0]["prompt"] == READ.prompt
    assert rows[1]["completion"] == PICTURE


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NameInFamilyError, match=r"'yaml'.*ascii-image"):
        get_format("yaml")
