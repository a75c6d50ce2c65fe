"""What the writer may not say."""

import pytest

from calligram.nano.copying import note_texts
from calligram.nano.writing_rules import WritingRules, fitness

LEARNT = [
    "a boat rests on the river and the painter's boat waits there by the old stone bridge at dusk",
    "a boat rests on the river the painter waits by old stone bridge at dusk and there is the light light",
    "the american light american",
    "a painter in the light in the light",
]


def rules(names: bool = False) -> WritingRules:
    return WritingRules(note_texts(LEARNT), names)


@pytest.mark.parametrize(
    ("drawn", "kept"),
    [
        ("A boat rests. The painter waits.", "A boat rests. The painter waits."),
        ("A boat rests. Monet waits by the river.", "A boat rests."),
        ("A boat rests. The painter Rembrandt waits.", "A boat rests."),
        ("A boat rests. The American river is there.", "A boat rests."),
        ("A boat rests. There is light at dusk in 1885.", "A boat rests."),
        ("A boat rests. The riverlight waits.", "A boat rests."),
        ("The painter’s boat waits by the bridge.", "The painter’s boat waits by the bridge."),
        ("A boat rests. “The river is the light”, the painter waits.", "A boat rests."),
        ("Monet waits.", ""),
    ],
)
def test_a_text_ends_before_names_numbers_and_words_that_are_none(drawn: str, kept: str) -> None:
    assert rules().usable("", drawn, True) == kept


def test_names_and_numbers_stand_where_they_are_wished_for() -> None:
    text = "The painter Rembrandt waits by the river in 1885."
    assert rules(names=True).usable("", text, True) == text


def test_an_unfinished_sentence_is_left_out_behind_a_whole_one() -> None:
    assert rules().usable("", "A boat rests. The painter waits by", False) == "A boat rests."
    assert rules().usable("", "A boat rests on the", False) == "A boat rests on the"


def test_a_copy_that_begins_in_the_opening_is_refused() -> None:
    opening = "A boat rests on the river and the painter's boat"
    assert rules().usable(opening, " waits there by the old stone bridge at dusk.", True) == ""
    assert rules().usable(opening, " rests at dusk.", True) == " rests at dusk."


def test_what_was_wished_and_what_is_not_repeated_is_fitter() -> None:
    assert fitness("a boat on the river", -1, ["boat"]) > fitness("a house on the river", -1, ["boat"])
    assert fitness("the river meets the shore", -1, []) > fitness("the river meets the rivers", -1, [])
    assert fitness("", 0, []) == float("-inf")
