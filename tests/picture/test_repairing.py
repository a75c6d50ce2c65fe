"""Tests of calligram.picture.repairing: what is mended, and that each mend is told."""

import numpy as np
import pytest

from calligram.errors import PictureError
from calligram.picture import Layout, decode


@pytest.mark.parametrize(
    ("damage", "mends"),
    [
        (lambda text: text[:-1], ["row 11: the line break at its end was added"]),
        (
            lambda text: text.replace("\n", "\r\n"),
            ["line breaks or a byte order mark of another system were replaced"],
        ),
        (lambda text: f"```\n{text}```\n", ["the fence around the text was left out"]),
        (lambda text: f"Here it is:\n{text}", ["line 1 is no row and was left out: 'Here it is:'"]),
        (
            lambda text: text.replace("</row:3>", ""),
            ["row 3: its ends were spelled anew as '<row:3>' and '</row:3>'"],
        ),
        (
            lambda text: text.replace("<row:3>", "row 3>"),
            ["row 3: its ends were spelled anew as '<row:3>' and '</row:3>'"],
        ),
        (
            lambda text: text.replace("▓    ", "▒    ", 1),
            ["row 3, column 13: '▒' was read as '▓'"],
        ),
        (
            lambda text: text.replace("   </row:5>", "</row:5>"),
            ["row 5 had 17 cells and was filled up with empty ones to 20"],
        ),
        (
            lambda text: text.replace("</row:5>", "   </row:5>"),
            ["row 5 had 23 cells; those after column 20 were left out"],
        ),
        (lambda text: text.replace(text.splitlines(True)[8], ""), ["row 9 was missing and was left empty"]),
        (
            lambda text: text.replace(text.splitlines(True)[8], text.splitlines(True)[8] * 2),
            ["row 9 came twice and was taken once"],
        ),
        (
            lambda text: "".join(sorted(text.splitlines(True), key=lambda line: "<row:2>" in line)),
            ["row 2 stood after row 11 and was put in its place"],
        ),
    ],
)
def test_each_mend_gives_the_picture_back_and_is_told(five: str, damage, mends: list[str]) -> None:  # type: ignore[no-untyped-def]
    picture = decode(damage(five), repair=True)
    assert picture.text == five
    assert list(picture.mends) == mends


def test_a_strange_symbol_is_left_empty(five: str) -> None:
    picture = decode(five.replace("▓████▓", "▓█x██▓", 1), repair=True)
    assert picture.levels[2, 9] == 0
    assert picture.mends == ("row 3, column 10: 'x' was read as ' '",)


def test_stripped_ends_of_plain_rows_are_filled_up() -> None:
    layout = Layout("mine", columns=5, ramp="ascii10", markup="plain")
    picture = decode("  @\n\n@\n", layout, repair=True)
    assert np.array_equal(picture.levels > 0, [[0, 0, 1, 0, 0], [0] * 5, [1, 0, 0, 0, 0]])


def test_a_sound_text_has_no_mends(five: str) -> None:
    assert decode(five, repair=True).mends == ()


@pytest.mark.parametrize("text", ["12345\n", "no picture at all, only words\n"])
def test_what_holds_no_row_cannot_be_mended(text: str) -> None:
    with pytest.raises(PictureError, match="nothing in the text is a row"):
        decode(text, "classic", repair=True)
