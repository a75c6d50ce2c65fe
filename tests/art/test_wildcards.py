"""Word lists: those that ship, which never change, and a user's own."""

import hashlib
import json
from pathlib import Path

import pytest

from calligram.art.templates import parse, parse_line
from calligram.art.wildcards import WordLists, shipped_lists
from calligram.errors import InputError, TemplateError

PINNED = {
    "approach": "3b7e7d16f1fa",
    "colour": "c08b58c88ce4",
    "composition": "26d06413d19c",
    "era": "8dfa78083532",
    "light/bright": "97efaeea6481",
    "light/calm": "a562488f5354",
    "light/dark": "57bf36a668cf",
    "light/strange": "c85e5a184368",
    "light/wild": "c8cd62c71afd",
    "medium/digital": "980ce80614ad",
    "medium/drawing": "313253dad112",
    "medium/oil": "aaac72d6d37d",
    "medium/photograph": "1bb64f371dd2",
    "medium/print": "bb08ced12ea7",
    "medium/sculpture": "eedfffa0eb7d",
    "medium/textile": "ffce1c911589",
    "medium/watercolour": "1e3816cc45b6",
    "mood/bright": "7f79f4d691a3",
    "mood/calm": "9dd3fa1ce856",
    "mood/dark": "b1efb29d1a27",
    "mood/strange": "570613d2c2f7",
    "mood/wild": "548a41d607df",
    "palette/bright": "037a3b0f0156",
    "palette/calm": "9717c2aaebc3",
    "palette/dark": "9a75676a524c",
    "palette/strange": "912f6047717e",
    "palette/wild": "e138fc2d6354",
    "place/indoors": "dfc17cc62a76",
    "place/land": "575d845dd4d7",
    "place/town": "11e2aee50785",
    "place/water": "46a6cfd7e63f",
    "style": "2b42e710b328",
    "subject/animals": "88613671e3ba",
    "subject/buildings": "92f64a56ed33",
    "subject/people": "e595aa487726",
    "subject/plants": "2372421933f0",
    "subject/things": "c5a5ec1a9cb1",
    "technique": "430c61011e5b",
    "template": "1bccd115ff21",
    "texture": "43d291a722dd",
    "time": "ae7c65314727",
    "weather/bright": "2c53b5bcf032",
    "weather/calm": "f6072bd2a53d",
    "weather/dark": "b52aa5d19484",
    "weather/strange": "78ebf1fe700d",
    "weather/wild": "5088867a7db6",
}


def test_a_released_list_is_never_changed() -> None:
    told = {
        name: hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
        for name, lines in shipped_lists().items()
    }
    assert {name: told.get(name) for name in PINNED} == PINNED


@pytest.mark.parametrize("name", sorted(shipped_lists()))
def test_every_line_that_ships_is_a_template_without_a_fault(name: str) -> None:
    lines = shipped_lists()[name]
    assert len(set(lines)) == len(lines)
    for line in lines:
        assert parse_line(line).weight == 1
        assert parse(line)


@pytest.mark.parametrize(
    "name",
    [
        *("light", "weather", "palette", "mood", "subject", "place", "medium", "technique", "composition"),
        *("time", "era", "style", "texture", "colour", "approach"),
    ],
)
def test_a_kind_of_words_has_forty_to_a_hundred_and_twenty_of_them(name: str) -> None:
    assert 40 <= len(WordLists().lines(name)) <= 120


def test_a_users_list_takes_the_place_of_a_shipped_one_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "colour.txt").write_text("# mine\n\n mud \nmoss\nmud\n", encoding="utf-8")
    lists = WordLists(tmp_path)
    assert lists.lines("colour") == ("mud", "moss")
    assert lists.lines("light/calm") == shipped_lists()["light/calm"]
    assert lists.digest() != WordLists().digest()
    assert lists.digest("light") == WordLists().digest("light")


def test_a_json_file_holds_lists_by_key(tmp_path: Path) -> None:
    tree = {"coat": ["red", "blue  one", 3], "shoes": {"old": ["boots"]}, "count": 2}
    (tmp_path / "clothes.json").write_text(json.dumps(tree), encoding="utf-8")
    lists = WordLists(tmp_path)
    assert lists.lines("clothes/coat") == ("red", "blue one")
    assert lists.lines("clothes") == ("red", "blue one", "boots")


def test_an_unknown_list_names_those_that_are_near() -> None:
    with pytest.raises(TemplateError, match="no list 'colours' of words: did you mean colour"):
        WordLists().lines("colours")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.txt", b"\xff\xfe\x00", "no UTF-8"),
        ("a.json", b"[1,", "no valid JSON"),
        ("a.txt", b"# nothing\n", "holds no word list"),
    ],
)
def test_a_list_that_cannot_be_read_is_said(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=told):
        WordLists(tmp_path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        WordLists(tmp_path / "none")
