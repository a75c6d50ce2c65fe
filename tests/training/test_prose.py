"""Texts to learn to write from: reading, filtering, fields."""

import gzip
import json
from pathlib import Path

import pytest

from calligram.errors import SourceError
from calligram.nano.fields import Fields
from calligram.training.prose_fields import part_of, period_of, works_of
from calligram.training.prose_filter import clean, names_somebody
from calligram.training.prose_records import Prose, read_prose


def test_a_folder_of_every_kind_of_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A river at dusk.\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text('id,text,tags\n7,"A boat, moored.","boat; river"\n', encoding="utf-8")
    (tmp_path / "c.jsonl").write_text('{"description": "A field.", "tags": ["field"]}\n\n', encoding="utf-8")
    packed = gzip.compress(json.dumps({"text": "A hill.", "medium": "oil", "date": "1884"}).encode())
    (tmp_path / "d.jsonl.gz").write_bytes(packed)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    found = read_prose(tmp_path)
    assert [record.text for record in found] == ["A river at dusk.", "A boat, moored.", "A field.", "A hill."]
    assert found[1] == Prose("b.csv#7", "A boat, moored.", tags=("boat", "river"))
    assert found[3].date == "1884"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"name,price\nx,1\n", "has no column text"),
        ("a.jsonl", b'{"text": "x"}\nno\n', "line 2 of .* is no JSON"),
        ("a.jsonl", b"[1]\n", "is no JSON object"),
        ("a.txt", b"caf\xe9", "is not UTF-8 at byte 3"),
        ("a.jsonl.gz", b"no gzip", "cannot be read"),
        ("a.jsonl.gz", gzip.compress(b"x" * 99)[:12] + b"\xff" * 30, "cannot be read"),
        ("a.doc", b"x", "is no text file that is known"),
        ("a.txt", b"  \n", "holds no texts"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(name: str, content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=told):
        read_prose(tmp_path / name)


def test_odd_values_are_taken_or_left(tmp_path: Path) -> None:
    lines = [
        '{"text": "A\\ud800 river.", "tags": 5}',
        '{"text": " ", "description": "A hill.", "tags": true}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = read_prose(tmp_path)
    assert [record.text for record in found] == ["A? river.", "A hill."]
    assert found[0].tags == ("5",)


def test_a_long_cell_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\n" + "river " * 40_000, encoding="utf-8")
    assert len(read_prose(tmp_path)[0].text) > 200_000


def test_a_place_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there are no texts at"):
        read_prose(tmp_path / "none")


@pytest.mark.parametrize(
    "unwanted",
    [
        "Gift of a friend of the museum.",
        "See fig. 3 for the detail.",
        "It bears the number 1985.66.120 on the back.",
        "This podcast was recorded on Sunday.",
        "Exhibition Label, Smithsonian American Art Museum, 2006.",
        "It is now on loan to another house.",
    ],
)
def test_a_sentence_that_should_not_be_learnt_is_left_out(unwanted: str) -> None:
    assert clean(f"A wide river runs by. {unwanted} Two boats drift past.") == (
        "A wide river runs by. Two boats drift past."
    )


def test_provenance_is_left_out_up_to_the_next_heading() -> None:
    text = "Provenance\nA dealer in Basel, Switzerland.\nSubject\nA youth leads a horse to the left."
    assert clean(text) == "A youth leads a horse to the left."


@pytest.mark.parametrize("initial", ["J. Paul", "Dr. Smith", "c. 1850"])
def test_an_initial_ends_no_sentence(initial: str) -> None:
    text = f"A vase that {initial} saw stands here. It is black."
    assert clean(text) == text


@pytest.mark.parametrize(
    ("caption", "named"),
    [
        ("Woman wearing light colored dress, in Harris Studio", False),
        ('Man holding sign reading "Vote for Jones", on Centre Avenue', False),
        ("Ethel White wearing plaid suit", True),
        ("Portrait of Mrs. and her son", True),
        ("Group of men, possibly including Sonny, at bar", True),
    ],
)
def test_a_caption_that_may_name_somebody_is_known(caption: str, named: bool) -> None:
    assert names_somebody(caption) is named


def test_captions_that_name_somebody_are_not_learnt_and_labels_are() -> None:
    records = [
        Prose("1", "Ethel White wearing plaid suit, seated", "caption"),
        Prose("2", "Woman wearing plaid suit, seated", "caption"),
        Prose("3", "George Catlin painted this chief on the plains.", "luce center label"),
    ]
    assert [work.key for work in works_of(records)] == ["2", "3"]
    assert len(works_of(records, filtered=False)) == 3


def test_a_record_with_title_and_tags_teaches_both_ways() -> None:
    record = Prose("1", "", title="The Ferry", date="1884", medium="Oil on canvas", tags=("river", "boat"))
    works = works_of([record])
    assert [(work.fields.kind, work.text) for work in works] == [
        ("title", "The Ferry"),
        ("tags", "river, boat"),
    ]
    assert works[0].fields == Fields("title", "Oil on canvas", "1880s", ("river", "boat"))


def test_colours_and_known_tags_are_found_in_a_text() -> None:
    tagged = [Prose(f"t{number}", "", title=f"T{number}", tags=("river",)) for number in range(25)]
    prose = Prose("p", "Two rivers run grey and blue below a grey sky.", "label")
    fields = works_of([*tagged, prose])[-1].fields
    assert fields.colours == ("grey", "blue")
    assert fields.tags == ("river",)


def test_the_same_text_is_learnt_once() -> None:
    assert len(works_of([Prose("1", "A quiet river."), Prose("2", "A quiet river.")])) == 1


@pytest.mark.parametrize(
    ("date", "period"),
    [("c. 1884", "1880s"), ("18th Century", "18th century"), ("2011.5", "2010s"), ("", "")],
)
def test_a_period_is_a_decade_or_a_century(date: str, period: str) -> None:
    assert period_of(date) == period


def test_works_part_by_their_key_alone() -> None:
    parts = [part_of(f"key {number}") for number in range(4000)]
    assert 0.02 < parts.count("test") / 4000 < 0.04
    assert 0.01 < parts.count("validation") / 4000 < 0.03
