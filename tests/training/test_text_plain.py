import gzip
import json
from pathlib import Path

import pytest

from calligram.errors import FormatError
from calligram.training.text_data import read_lessons
from calligram.training.text_options import DataOptions

TEXTS = ["A woman reads by the window.", "Two ducks fly, and the sea is rough.\n\nThe sky is “grey”."]


def lessons_of(path: Path, column: str = "") -> list[str]:
    lessons = read_lessons(str(path), DataOptions(valid_share=0, column=column), 1)
    assert {lesson.given for lesson in lessons.train} == {""}
    return sorted(lesson.learned for lesson in lessons.train)


def test_a_folder_of_texts_gives_one_text_for_each_file(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "one.txt").write_text(TEXTS[0])
    (tmp_path / "deep" / "two.md").write_text(TEXTS[1])
    (tmp_path / "blank.txt").write_text(" \n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    assert lessons_of(tmp_path) == TEXTS


@pytest.mark.parametrize(("suffix", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_a_table_gives_the_texts_of_its_column(suffix: str, delimiter: str, tmp_path: Path) -> None:
    quoted = TEXTS[1].replace('"', '""')
    rows = [f"name{delimiter}words", f'a{delimiter}"{TEXTS[0]}"', f'b{delimiter}"{quoted}"', f"c{delimiter}"]
    file = tmp_path / f"texts.{suffix}"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8-sig")
    assert lessons_of(file, "words") == TEXTS
    with pytest.raises(FormatError, match="no column of texts called 'text', but name, words"):
        lessons_of(file)


def test_the_splits_of_plain_texts_are_taken_and_tests_never(tmp_path: Path) -> None:
    (tmp_path / "valid").mkdir()
    (tmp_path / "valid" / "a.csv").write_text("text\nthree\n")
    (tmp_path / "train.csv").write_text("text\none\ntwo\n")
    (tmp_path / "my-test.csv").write_text("text\nfour\n")
    lessons = read_lessons(str(tmp_path), DataOptions(), 1)
    assert sorted(lesson.learned for lesson in lessons.train) == ["one", "two"]
    assert [lesson.learned for lesson in lessons.valid] == ["three"]
    assert lessons.notes == [
        "Left out, as tests are never learnt from: my-test.csv.",
        "Kept for validation, as their names say: a.csv.",
    ]
    assert lessons_of(tmp_path / "my-test.csv") == ["four"], "named alone it is learnt"


def test_folders_of_plain_texts_tell_what_they_are_for(tmp_path: Path) -> None:
    for name in ("train/a-test-of-time.txt", "dev/one.txt", "test/two.txt", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    lessons = read_lessons(str(tmp_path), DataOptions(), 1)
    assert [lesson.learned for lesson in lessons.train] == ["train/a-test-of-time.txt"]
    assert [lesson.learned for lesson in lessons.valid] == ["dev/one.txt"]
    assert "Left out, as tests are never learnt from: two.txt." in lessons.notes


def test_a_card_and_a_licence_among_plain_texts_are_no_texts(tmp_path: Path) -> None:
    for name in ("README", "readme.md", "LICENSE.txt", "licence-of-all.md"):
        (tmp_path / name).write_text("tells of the others")
    (tmp_path / "one.txt").write_text(TEXTS[0])
    lessons = read_lessons(str(tmp_path), DataOptions(valid_share=0), 1)
    assert [lesson.learned for lesson in lessons.train] == TEXTS[:1]
    assert lessons.notes == [
        "Left out, as they tell of the texts: LICENSE.txt, licence-of-all.md, readme.md."
    ]
    (tmp_path / "one.txt").unlink()
    with pytest.raises(FormatError, match="has no training files"):
        lessons_of(tmp_path)
    assert lessons_of(tmp_path / "readme.md") == ["tells of the others"], "named alone it is learnt"


def test_rows_without_text_are_left_out(tmp_path: Path) -> None:
    rows = [{"words": TEXTS[0]}, {"words": None}, {"other": 3}, {"words": TEXTS[1]}]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert lessons_of(tmp_path / "a.jsonl", "words") == TEXTS


def test_packed_json_lines_give_the_texts_of_a_column(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": 1, "description": text}) + "\n" for text in [*TEXTS, ""])
    (tmp_path / "texts.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    assert lessons_of(tmp_path, "description") == TEXTS
    with pytest.raises(FormatError, match="no column of texts called 'words', but description"):
        lessons_of(tmp_path, "words")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.txt", b"\xff\xfe", "is no UTF-8 text"),
        ("a.jsonl", b"{]\n", "line 1 is no valid JSON"),
        ("a.jsonl.gz", b"no gzip", "cannot be read"),
        ("a.jsonl.gz", gzip.compress(b"{}" * 999, mtime=0)[:-16] + b"x" * 16, "cannot be read"),
        ("a.jsonl.gz", gzip.compress(b"{}", mtime=0)[:10] + b"\xff" * 20, "cannot be read"),
        ("a.jsonl", b'{"words": "a"}\n[1]\n', r"line 2 is \[1\], but must be an object with columns"),
        ("a.jsonl", b'{"words": "a"}\n{"words": [1]}\n', r"line 2: the column 'words' is \[1\]"),
        ("a.jsonl", b'{"id": 1}\n', "has no column of texts called 'words', but none"),
    ],
)
def test_a_damaged_file_is_told_in_one_sentence(
    name: str, content: bytes, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FormatError, match=sentence):
        lessons_of(tmp_path / name, "words")
