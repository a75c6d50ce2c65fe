"""Free words find what the model was taught to draw."""

import pytest

from calligram.drawing.requests import parse_request
from calligram.errors import RequestError
from calligram.nano.prompts import SUBJECTS


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("the digit 5", ("digit", "5")),
        ("5", ("digit", "5")),
        ("a five", ("digit", "5")),
        ("Draw me the number seven, please"[:-8], ("digit", "7")),
        ("please draw a 3!", ("digit", "3")),
        ("can you draw the figure 0?", ("digit", "0")),
        ("one", ("digit", "1")),
        ("an ankle boot", ("garment", "ankle boot")),
        ("Ankle Boots", ("garment", "ankle boot")),
        ("a t-shirt", ("garment", "T-shirt/top")),
        ("a pair of trousers", ("garment", "trouser")),
        ("a shirt", ("garment", "shirt")),
        ("the garment bag", ("garment", "bag")),
        ("letter A", ("letter", "A")),
        ("the letter a", ("letter", "a")),
        ("a", ("letter", "a")),
        ("a Q", ("letter", "Q")),
        ("capital q", ("letter", "Q")),
        ("an upper case q", ("letter", "Q")),
        ("a small letter Q", ("letter", "q")),
        ("lowercase G", ("letter", "g")),
    ],
)
def test_free_words_find_one_thing(words: str, expected: tuple[str, str]) -> None:
    assert parse_request(words, SUBJECTS) == expected


@pytest.mark.parametrize(
    "words", ["", "a cat", "the digit 12", "the digit a", "two sneakers and a bag", "a letter", "é"]
)
def test_what_was_not_taught_is_refused_with_what_was(words: str) -> None:
    with pytest.raises(
        RequestError, match=r"not taught to draw .*digits: 0-9; .*ankle boot; letters: A-Z, a-z"
    ):
        parse_request(words, SUBJECTS)


def test_a_subject_of_ones_own_is_found_by_its_name() -> None:
    assert parse_request("the animal cat", {"animal": ["cat", "dog"]}) == ("animal", "cat")
    assert parse_request("a dog", {"animal": ["cat", "dog"]}) == ("animal", "dog")


@pytest.mark.parametrize("kind", SUBJECTS)
def test_every_taught_thing_can_be_asked_for_by_kind_and_name(kind: str) -> None:
    for answer in SUBJECTS[kind]:
        assert parse_request(f"the {kind} {answer}", SUBJECTS) == (kind, answer)
