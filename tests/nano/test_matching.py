"""Free answers matched to classes, one test a rule."""

import pytest

from calligram.nano import matching
from calligram.nano.matching import RULES, match_answer

DIGITS = tuple("0123456789")
GARMENTS = ("T-shirt/top", "trouser", "coat", "shirt", "ankle boot")
LETTERS = ("A", "B", "I", "a", "b", "i")


@pytest.mark.parametrize(
    ("answer", "classes", "found", "rule"),
    [
        ("3", DIGITS, "3", "exact"),
        ("  ankle boot\n", GARMENTS, "ankle boot", "exact"),
        ('"3".', DIGITS, "3", "unwrapped"),
        ("**coat**", GARMENTS, "coat", "unwrapped"),
        ("Ankle Boot", GARMENTS, "ankle boot", "capitals"),
        ("three", DIGITS, "3", "number word"),
        ("Seven!", DIGITS, "7", "number word"),
        ("3", ("two", "three"), "three", "number word"),
        ("The answer is 3.", DIGITS, "3", "told"),
        ("Answer: three", DIGITS, "3", "told"),
        ("This looks like a coat, with 4 buttons.", GARMENTS, "coat", "told"),
        ("It's the digit 8!", DIGITS, "8", "told"),
        ("It is 1. No: the answer is 7.", DIGITS, "7", "told"),
        ("Row 3 is full and row 5 is not.\n4", DIGITS, "4", "last line"),
        ("the number five", DIGITS, "5", "last line"),
        ("4\nrow 3 is full, row 5 is empty", DIGITS, "4", "first line"),
        ("Definitely an ankle boot of leather", GARMENTS, "ankle boot", "only mention"),
        ('{"digit_class": "6"}', DIGITS, "6", "only mention"),
        ("not a shirt but a coat", GARMENTS, "coat", "only mention"),
        ("It is a b", LETTERS, "b", "told"),
        ("The capital letter B, drawn bold", LETTERS, "B", "only mention"),
    ],
)
def test_the_first_rule_that_leaves_one_class_decides(
    answer: str, classes: tuple[str, ...], found: str, rule: str
) -> None:
    kind = "digit" if classes is DIGITS else "letter" if classes is LETTERS else "garment"
    assert match_answer(answer, classes, kind) == (classes.index(found), rule)


@pytest.mark.parametrize(
    "answer", ["", "  ", "no idea", "3 or 5", "It is not a 3", "13", "3.5", "rows 1 to 9", "none", "3rd"]
)
def test_what_names_no_one_digit_is_no_class(answer: str) -> None:
    assert match_answer(answer, DIGITS, "digit") == (None, "none")


def test_words_of_one_letter_are_no_mention() -> None:
    assert match_answer("I see a nice house", LETTERS, "letter") == (None, "none")


def test_capitals_that_leave_two_classes_decide_nothing() -> None:
    assert match_answer("AB", ("Ab", "aB"), "") == (None, "none")


def test_every_rule_is_published_in_its_order() -> None:
    text = matching.__doc__ or ""
    places = [text.index(f"``{rule}``") for rule in RULES]
    assert places == sorted(places)
