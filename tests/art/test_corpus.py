"""A corpus of a user's own: passages of plain texts and of records, and what is no corpus."""

import gzip
import json
from pathlib import Path

import pytest

from calligram.art.corpus import read_passages
from calligram.errors import FormatError, InputError


def test_paragraphs_and_records_are_passages(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One\nline.\r\n\r\nTwo.\n\n\n\nThree.", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "Four."}\n\n{"description": "Five.", "text": " "}\n"Six."\n')
    (tmp_path / "c.json").write_text(json.dumps([{"caption": "Seven."}, {"title": "no text"}]))
    (tmp_path / "d.csv").write_text('id,text\n1,"Eight, and more."\n')
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "e.md.gz").write_bytes(gzip.compress(b"Nine."))
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    passages = read_passages(tmp_path)
    assert passages == [
        "One line.", "Two.", "Three.", "Four.", "Five.", "Six.", "Seven.", "Eight, and more.", "Nine.",
    ]  # fmt: skip
    assert read_passages(tmp_path / "d.csv") == ["Eight, and more."]


def test_what_is_no_corpus_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"text": ')
    (tmp_path / "torn.txt.gz").write_bytes(gzip.compress(b"text" * 99)[:20])
    (tmp_path / "latin.txt").write_bytes("Bücher".encode("latin-1"))
    (tmp_path / "empty").mkdir()
    for name, told in (
        ("nowhere", "there is no corpus"),
        ("empty", "holds no text: name a file of the kinds .csv, .json"),
        ("torn.txt.gz", "cannot be read"),
        ("latin.txt", "cannot be read"),
    ):
        with pytest.raises(InputError, match=told):
            read_passages(tmp_path / name)
    with pytest.raises(FormatError, match="is no file of records"):
        read_passages(tmp_path / "bad.jsonl")
