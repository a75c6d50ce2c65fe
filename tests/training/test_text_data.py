import json
from collections.abc import Callable
from pathlib import Path

import pytest

from calligram import registry
from calligram.errors import FormatError
from calligram.formats.base import get_format
from calligram.training.text_data import read_lessons
from calligram.training.text_options import DataOptions

Write = Callable[..., Path]
WHOLE = DataOptions(valid_share=0)


@pytest.mark.parametrize("name", sorted({*registry.members("formats")} - {"text"}))
def test_every_format_gives_the_same_lessons(name: str, training_file: Write) -> None:
    if name == "parquet":
        pytest.importorskip("pyarrow", reason="needs the extra data")
    file = training_file(f"train{get_format(name).SUFFIX}", 12, name)
    lessons = read_lessons(str(file), DataOptions(valid_share=0, question="What digit is this?"), 1)
    expected = read_lessons(str(training_file("other.jsonl", 12)), WHOLE, 1)
    assert lessons.train == expected.train
    first = lessons.train[0]
    assert first.given.endswith("</row:5>\nWhat digit is this?\n")
    assert (first.learned[1:], first.task) == ("\n", "read")


def test_the_format_text_is_learnt_whole(training_file: Write) -> None:
    lessons = read_lessons(str(training_file(count=6, format="text")), WHOLE, 1)
    assert {(lesson.given, lesson.task) for lesson in lessons.train} == {("", "text")}
    assert all(lesson.learned.startswith("<row:1>") and lesson.picture for lesson in lessons.train)


def test_a_share_is_kept_for_validation_and_no_picture_is_on_both_sides(training_file: Write) -> None:
    file = training_file(count=60, tasks="both")
    lessons = read_lessons(str(file), DataOptions(valid_share=0.3), 1)
    sides = [{lesson.picture for lesson in side} for side in (lessons.train, lessons.valid)]
    assert not sides[0] & sides[1]
    assert len(sides[0] | sides[1]) == 60
    assert 0.15 < len(sides[1]) / 60 < 0.45
    assert len(lessons.valid) == 2 * len(sides[1]), "reading and drawing of one picture stay together"
    assert read_lessons(str(file), DataOptions(valid_share=0.3), 1).digest() == lessons.digest()
    assert read_lessons(str(file), DataOptions(valid_share=0.3), 2).digest() != lessons.digest()


def test_fewer_examples_are_a_part_of_more(training_file: Write) -> None:
    file = str(training_file(count=60))
    few, more = (read_lessons(file, DataOptions(limit=limit), 1) for limit in (10, 30))
    assert more.train[:10] == few.train
    assert more.valid == few.valid


def test_the_splits_of_a_folder_are_taken_and_a_test_split_never(training_file: Write) -> None:
    for name, count in (("train", 12), ("valid", 6), ("test", 3)):
        folder = training_file(f"set/{name}.jsonl", count).parent
    lessons = read_lessons(str(folder), DataOptions(), 1)
    assert (len(lessons.train), len(lessons.valid)) == (12, 6)
    assert lessons.notes == ["Left out, as tests are never learnt from: test.jsonl."]
    assert sorted(lessons.files) == ["train.jsonl", "valid.jsonl"]


def test_a_role_is_told_by_any_word_of_a_file_s_name(training_file: Write) -> None:
    for name, count in (("mnist-train", 12), ("mnist_validation", 6), ("mnist-test", 3)):
        folder = training_file(f"set/{name}.jsonl", count).parent
    lessons = read_lessons(str(folder), DataOptions(), 1)
    assert (len(lessons.train), len(lessons.valid)) == (12, 6)
    assert lessons.notes == ["Left out, as tests are never learnt from: mnist-test.jsonl."]


def test_tests_are_left_out_where_there_is_validation_alone(training_file: Write) -> None:
    for name, count in (("valid", 6), ("test", 3)):
        folder = training_file(f"set/{name}.jsonl", count).parent
    assert len(read_lessons(str(folder), WHOLE, 1).train) == 6


def test_a_validation_place_without_examples_is_refused(training_file: Write, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n")
    options = DataOptions(valid=str(tmp_path / "empty.txt"))
    with pytest.raises(FormatError, match=r"--valid names .*empty\.txt, which has no examples: give a file"):
        read_lessons(str(training_file()), options, 1)


@pytest.mark.parametrize("other", ["README.md", "LICENSE.txt", "notes.txt", "table.csv"])
def test_a_text_beside_training_files_is_not_learnt(other: str, training_file: Write) -> None:
    file = training_file("set/train.jsonl", 4)
    file.with_name(other).write_text("text\nA card that tells of the data set.\n")
    assert {lesson.task for lesson in read_lessons(str(file.parent), WHOLE, 1).train} == {"read"}


def test_a_published_data_set_is_learnt_as_the_built_one(dataset_folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("huggingface_hub", reason="publishing needs the extra hf")
    from calligram.training.publishing import pack
    from calligram.training.publishing_options import PublishOptions

    pack(str(dataset_folder), PublishOptions()).write(tmp_path / "handed-on")
    assert (tmp_path / "handed-on" / "README.md").exists()
    published, built = (
        read_lessons(str(place), WHOLE, 1) for place in (tmp_path / "handed-on", dataset_folder)
    )
    assert published.digest() == built.digest()


def test_a_validation_file_is_taken_in_place_of_a_share(training_file: Write) -> None:
    valid = training_file("held-out.jsonl", 5)
    lessons = read_lessons(str(training_file()), DataOptions(valid=str(valid), valid_limit=4), 1)
    assert (len(lessons.train), len(lessons.valid)) == (48, 4)


def test_a_file_called_test_is_learnt_from_where_it_alone_is_named(training_file: Write) -> None:
    assert len(read_lessons(str(training_file("test.jsonl", 4)), WHOLE, 1).train) == 4


def test_the_manifest_tells_the_question_that_a_format_does_not_keep(training_file: Write) -> None:
    file = training_file("data.json", 6, "ascii-image")
    lessons = read_lessons(str(file), WHOLE, 1)
    assert lessons.train[0].given.endswith("What is this?\n")
    assert lessons.notes == [
        "The format keeps no question; asked is 'What is this?' (--question changes it)."
    ]
    manifest = {"question": "Which digit?", "splits": {"train": {"files": []}}}
    file.with_name("data.manifest.json").write_text(json.dumps(manifest))
    assert read_lessons(str(file), WHOLE, 1).train[0].given.endswith("\nWhich digit?\n")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "there is no file or folder"),
        ("", "is empty"),
        ("hello\n", "no training file of a known format"),
        ('{"messages": []}\n', "line 1, field messages: must be one turn of user"),
        ('{"messages": [}\n', "line 1: is no valid JSON"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused_with_its_place(
    content: str | None, sentence: str, tmp_path: Path
) -> None:
    file = tmp_path / "train.jsonl"
    if content is not None:
        file.write_text(content)
    with pytest.raises(FormatError, match=sentence):
        read_lessons(str(file), DataOptions(), 1)


def test_an_array_without_entries_is_refused(tmp_path: Path) -> None:
    (tmp_path / "train.json").write_text("[]\n")
    with pytest.raises(FormatError, match="has no examples to learn from"):
        read_lessons(str(tmp_path / "train.json"), DataOptions(format="ascii-image"), 1)


def test_a_file_that_changed_since_its_manifest_is_refused(training_file: Write) -> None:
    file = training_file("set/train.jsonl", 4)
    entry = {"name": "train.jsonl", "sha256": "0" * 64}
    told = {"splits": {"train": {"files": [entry]}}}
    file.with_name("manifest.json").write_text(json.dumps(told))
    with pytest.raises(FormatError, match="the file was changed"):
        read_lessons(str(file.parent), DataOptions(), 1)


def test_too_few_examples_to_keep_some_are_told(training_file: Write) -> None:
    with pytest.raises(FormatError, match="too few examples"):
        read_lessons(str(training_file(count=1)), DataOptions(valid_share=0.9), 1)
