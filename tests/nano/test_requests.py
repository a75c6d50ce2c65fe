"""From words to what the model was taught."""

import pytest

from calligram.errors import RequestError
from calligram.nano.prompts import SUBJECTS
from calligram.nano.requests import find_kind, find_request, match_answers


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("the digit 5", ("digit", "5")),
        ("Draw me a digit 7.", ("digit", "7")),
        ("5", ("digit", "5")),
        ("an ankle boot", ("garment", "ankle boot")),
        ("the garment Shirt", ("garment", "shirt")),
        ("t-shirt/top", ("garment", "T-shirt/top")),
        ("the letter A", ("letter", "A")),
        ("the letter a", ("letter", "a")),
        ("a", ("letter", "a")),
        ("please draw the letter 'g'", ("letter", "g")),
        (("digit", "3"), ("digit", "3")),
    ],
)
def test_plain_words_are_understood(asked: str | tuple[str, str], wanted: tuple[str, str]) -> None:
    assert find_request(asked, SUBJECTS) == wanted


@pytest.mark.parametrize("asked", ["a cat", "the digit 55", "digit", "", ("digit", "A"), ("animal", "cat")])
def test_what_was_not_taught_is_refused_and_what_was_is_told(asked: str | tuple[str, str]) -> None:
    with pytest.raises(RequestError, match=r"ask for one of digit 0, 1"):
        find_request(asked, SUBJECTS)


def test_words_that_fit_two_things_are_refused() -> None:
    with pytest.raises(RequestError, match="'O' fits more than one thing"):
        find_request("O", {"letter": ["O"], "ring": ["O"]})


def test_questions_are_known_whatever_their_capitals() -> None:
    assert find_kind(" what GARMENT is this ", SUBJECTS) == "garment"
    assert find_kind("What is this?", SUBJECTS) is None


def test_another_question_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(RequestError, match=r"ask 'What digit is this\?'"):
        find_kind("How old is she?", SUBJECTS)


def test_candidates_are_found_without_regard_to_capitals() -> None:
    assert match_answers(["Ankle boot", "Bag"], SUBJECTS["garment"]) == ["ankle boot", "bag"]
    with pytest.raises(RequestError, match="does not know the answer 'cat'"):
        match_answers(["cat"], SUBJECTS["garment"])
