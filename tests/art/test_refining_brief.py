"""Briefs: which wishes are found in words, and what a file of one may say."""

from pathlib import Path

import pytest

from calligram.art.refining_brief import Brief, brief_from_json, make_brief, read_brief
from calligram.art.refining_looks import BuiltinReader
from calligram.art.refining_wishes import Wish
from calligram.errors import FormatError, InputError
from calligram.models.base import open_model

READER = BuiltinReader(open_model())


def names(words: str, avoid: str = "") -> list[str]:
    return [wish.name for wish in make_brief(words, avoid).wishes]


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("a red ship", ["red"]),
        ("a scarlet ship in an upright format", ["upright", "red"]),
        ("a dark red ship", ["red"]),
        ("a dark picture of a red ship", ["dark", "red"]),
        ("a ship on a light background", []),
        ("a ship, no blue, not dark", ["no blue", "not dark"]),
        ("a ship in at most two colours", ["at most 2 colours"]),
        ("vivid colours, high contrast", ["strong in contrast", "colourful"]),
        ("black and white, symmetrical", ["grey", "symmetrical"]),
        ("a square on a table", []),
        ("much empty space around a green leaf", ["much empty space", "green"]),
        ("warm colours", ["warm"]),
        ("still water", []),
    ],
)
def test_wishes_are_found_in_plain_words(words: str, wishes: list[str]) -> None:
    assert names(words) == wishes


def test_what_is_to_be_avoided_is_a_wish_turned_around() -> None:
    assert names("a red ship", "blue, dark") == ["red", "no blue", "not dark"]


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("a red seven on paper", "digit 7"),
        ("the digit 5 in blue", "digit 5"),
        ("a small 7", "digit 7"),
        ("a seven, in ink", "digit 7"),
        ("two cats and one dog", None),
        ("a seven storey house", None),
        ("a black ankle boot", "garment ankle boot"),
        ("letter A in red", "letter A"),
        ("a cat at the top", None),
        ("I like it", None),
    ],
)
def test_the_builtin_model_finds_what_it_can_look_for(words: str, subject: str | None) -> None:
    assert READER.find(words) == subject
    assert subject is None or READER.can_read(subject)


def test_a_file_says_its_wishes_in_so_many_words(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(
        'words = "a feline in blue"\n[[wishes]]\nkind = "subject"\nvalue = "cat"\n'
        '[[wishes]]\nkind = "quality"\nvalue = "dark"\nwanted = false\n',
        encoding="utf-8",
    )
    brief = read_brief(tmp_path / "b.toml")
    assert brief.wishes == (Wish("subject", "cat"), Wish("quality", "dark", False))


def test_a_file_without_wishes_has_those_of_its_words(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text('words = "a blue cat"\navoid = "red"', encoding="utf-8")
    assert [wish.name for wish in read_brief(tmp_path / "b.toml").wishes] == ["blue", "no red"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("words = ", "no valid TOML"),
        ("colour = 1", "it knows avoid, wishes, words"),
        ("words = 3", "words that are no text"),
        ('words = "a"\nwishes = 3', "wishes that cannot be read"),
        ('words = "a"\n[[wishes]]\nkind = "mood"\nvalue = "calm"', "of kind 'mood'"),
        ('words = "a"\n[[wishes]]\nkind = "quality"\nvalue = "nice"', "no quality 'nice'"),
        ('words = "a"\n[[wishes]]\nkind = "colour"\nvalue = "blurple"', "no colour 'blurple'"),
        ('words = "a"\n[[wishes]]\nkind = "colours"\nvalue = "9"', "1 to 6 can be counted"),
        ('words = "a"\n[[wishes]]\nkind = "quality"\nvalue = 3', "cannot be read|no quality 3"),
        ('words = " "', "no words to paint from"),
    ],
)
def test_a_file_that_is_no_brief_says_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "b.toml").write_text(text, encoding="utf-8")
    with pytest.raises((FormatError, InputError), match=told):
        read_brief(tmp_path / "b.toml")


def test_a_brief_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_brief(tmp_path / "none.toml")
    with pytest.raises(InputError, match="cannot be read"):
        read_brief(tmp_path)


def test_a_brief_comes_back_from_json() -> None:
    brief = make_brief("a dark picture in red, not busy", "blue")
    assert brief_from_json(brief.to_json()) == brief
    assert isinstance(brief, Brief)
