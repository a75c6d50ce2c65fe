"""Questions in free words find what the model was taught."""

import pytest

from calligram.errors import RequestError
from calligram.seeing.questions import choose_question

KINDS = ["digit", "garment", "letter"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("What digit is this?", "What digit is this?"),
        ("which number do you see", "What digit is this?"),
        ("Which figure is shown here?", "What digit is this?"),
        ("digit", "What digit is this?"),
        ("What piece of clothing is this?", "What garment is this?"),
        ("What clothes are these?", "What garment is this?"),
        ("Read the character!", "What letter is this?"),
        ("which letter?", "What letter is this?"),
        ("What is this?", "What is this?"),
        ("what's in the picture", "What is this?"),
        ("Is it a letter or a digit, which?", "What is this?"),
        ("  ", "What is this?"),
        (None, "What is this?"),
    ],
)
def test_free_words_find_the_taught_question(asked: str | None, expected: str) -> None:
    assert choose_question(asked, KINDS) == expected


@pytest.mark.parametrize(
    "asked",
    ["What animal is this?", "Is it a cat?", "How many digits are there?", "What colour is the digit?", "??"],
)
def test_a_question_that_was_not_taught_is_refused_with_those_that_were(asked: str) -> None:
    with pytest.raises(RequestError, match=r"ask 'What digit is this\?', .* or 'What is this\?'"):
        choose_question(asked, KINDS)


def test_a_kind_that_this_model_was_not_taught_is_refused() -> None:
    with pytest.raises(RequestError, match="garment"):
        choose_question("What garment is this?", ["digit"])


def test_a_kind_of_ones_own_is_known_by_its_name() -> None:
    assert choose_question("What animal is this?", ["animal"]) == "What animal is this?"
