"""Which tokens of a repeated text are those of its ending, as endpoints of several kinds spell tokens."""

import pytest

from calligram.models._echoes import PART, tokens_of_ending


@pytest.mark.parametrize(
    ("tokens", "ending", "count"),
    [
        (["<s>", "What", "?", "\n", "7"], "7", 1),
        (["<s>", "?", "\n", "ank", "le", " boot", "\n"], "ankle boot\n", 4),
        (["<s>", "\n", PART, PART, PART, PART, PART, PART], "▓█", 6),
        (["\n", "a", PART, PART + "b", "c"], "a▓bc", 4),
        (["", "", "▓", "", "", "█"], "▓█", 6),
        (["?\n7"], "7", None),
        (["7", "1"], "7", None),
        ([], "7", None),
    ],
)
def test_tokens_are_counted_from_the_end_until_they_spell_it(
    tokens: list[str], ending: str, count: int | None
) -> None:
    assert tokens_of_ending(tokens, ending) == count
