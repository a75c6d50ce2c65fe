"""Free words find what the model was taught to answer and to draw."""

import pytest

from calligram.errors import RequestError
from calligram.nano.prompts import SUBJECTS
from calligram.nano.requests import choose_question, find_kind, find_request, match_answers

KINDS = ["digit", "garment", "letter"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("the digit 5", ("digit", "5")),
        ("5", ("digit", "5")),
        ("a five", ("digit", "5")),
        ("Draw me the number seven, please", ("digit", "7")),
        ("draw me a 7 please", ("digit", "7")),
        ("Draw me a digit 7.", ("digit", "7")),
        ("dresses", ("garment", "dress")),
        ("a pair of ankle boots for me, please!", ("garment", "ankle boot")),
        ("some T-shirts", ("garment", "T-shirt/top")),
        ("t-shirt/top", ("garment", "T-shirt/top")),
        ("the garment Shirt", ("garment", "shirt")),
        ("please draw the letter 'g'", ("letter", "g")),
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
    assert find_request(words, SUBJECTS) == expected


@pytest.mark.parametrize(
    "words",
    [
        "",
        "a cat",
        "the digit 12",
        "the digit a",
        "digit",
        "two sneakers and a bag",
        "a letter",
        "é",
        "please",
    ],
)
def test_what_was_not_taught_is_refused_with_what_was(words: str) -> None:
    with pytest.raises(
        RequestError, match=r"not taught to draw .*digits: 0-9; .*ankle boot; letters: A-Z, a-z"
    ):
        find_request(words, SUBJECTS)


def test_a_subject_of_ones_own_is_found_by_its_name() -> None:
    assert find_request("the animal cat", {"animal": ["cat", "dog"]}) == ("animal", "cat")
    assert find_request("a dog", {"animal": ["cat", "dog"]}) == ("animal", "dog")


@pytest.mark.parametrize("kind", SUBJECTS)
def test_every_taught_thing_can_be_asked_for_by_kind_and_name(kind: str) -> None:
    for answer in SUBJECTS[kind]:
        assert find_request(f"the {kind} {answer}", SUBJECTS) == (kind, answer)


def test_kind_and_name_may_be_given_apart() -> None:
    assert find_request(("digit", "3"), SUBJECTS) == ("digit", "3")
    for asked in (("digit", "A"), ("animal", "cat")):
        with pytest.raises(RequestError, match="not taught to draw"):
            find_request(asked, SUBJECTS)


def test_words_that_fit_two_things_are_refused() -> None:
    with pytest.raises(RequestError, match="'O' fits more than one thing"):
        find_request("O", {"letter": ["O"], "ring": ["O"]})


def test_questions_are_known_whatever_their_capitals() -> None:
    assert find_kind(" what GARMENT is this ", SUBJECTS) == "garment"
    assert find_kind("What is this?", SUBJECTS) is None


def test_candidates_are_found_without_regard_to_capitals() -> None:
    assert match_answers(["Ankle boot", "Bag"], SUBJECTS["garment"]) == ["ankle boot", "bag"]
    with pytest.raises(RequestError, match="does not know the answer 'cat'"):
        match_answers(["cat"], SUBJECTS["garment"])


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
