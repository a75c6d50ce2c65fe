"""Text pictures are found among words, and words are left alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import calligram
from calligram.errors import LimitError, PictureError
from calligram.picture import LAYOUTS, Limits, TextPicture
from calligram.server.finding import find_pictures

THREE = Path(__file__).parents[2] / "examples" / "three.png"
MARKUPS = ["rows", "plain", "numbered", "letters"]
WAYS = {
    "before": "{0}\nWhat digit is this?",
    "behind": "What digit is this?\n{0}",
    "stripped": "What digit is this?\n{1}",
    "fenced": "```\n{0}```\nWhat digit is this?",
    "fenced with a name": "```text\n{0}```\nWhat digit is this?",
    "of another system": "{2}\r\nWhat digit is this?",
}


def spelled(layout: str, markup: str) -> TextPicture:
    picture = calligram.encode(THREE, layout)
    return TextPicture(picture.levels, replace(picture.layout, markup=markup))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_picture_is_found_and_the_words_around_it_are_left(layout: str, markup: str, way: str) -> None:
    picture = spelled(layout, markup)
    text = picture.text
    whole = text.removesuffix("\n") if markup == "plain" else text.strip("\n")
    words, found = find_pictures(WAYS[way].format(text, whole, text.replace("\n", "\r\n")), Limits())
    assert words == "What digit is this?"
    assert [(one.layout.name, one.levels.tolist()) for one in found] == [(layout, picture.levels.tolist())]


def test_rows_may_stand_on_the_same_line_as_words() -> None:
    picture = calligram.encode(THREE)
    words, found = find_pictures(f"This: {picture.text.strip()} What is this?", Limits())
    assert (words, found) == ("This:\nWhat is this?", [picture])


def test_a_fence_may_have_lost_the_blanks_at_the_ends_of_rows() -> None:
    picture = spelled("fine", "plain")
    bare = "\n".join(line.rstrip() for line in picture.text.splitlines())
    words, found = find_pictures(f"```\n{bare}\n```\nWhat is this?", Limits())
    assert words == "What is this?"
    assert found[0].levels.tolist() == picture.levels.tolist()


def test_several_pictures_are_found_in_order() -> None:
    one, other = calligram.encode(THREE), calligram.encode(THREE, "fine")
    words, found = find_pictures(f"{one.text}{one.text}and\n{other.text}", Limits())
    assert words == "and"
    assert found == [one, one, other]


@given(st.integers(1, 12), st.integers(1, 30), st.sampled_from(["rows", "numbered"]), st.integers(0, 99))
def test_any_marked_grid_is_found_as_it_is(rows: int, columns: int, markup: str, seed: int) -> None:
    layout = calligram.Layout("mine", columns=columns, rows=rows, markup=markup, header=True)
    levels = np.random.default_rng(seed).integers(3, size=(rows, columns)).astype(np.uint8)
    words, found = find_pictures(f"before\n{TextPicture(levels, layout).text}behind", Limits())
    assert words == "before\nbehind"
    assert [picture.levels.tolist() for picture in found] == [levels.tolist()]


@pytest.mark.parametrize(
    "text",
    [
        "What digit is this?",
        "A list:\n- one\n- two\n- three",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "```python\nfor row in rows:\n    print(row)\n```",
        "Heading\n=======\n\n-------\n\nText of some length\nText of more length\nText of less length",
        "an unclosed fence\n```\nand words",
        "1 | 2\n3 | 4",
        "",
        "\n\n\n",
    ],
)
def test_words_are_no_picture(text: str) -> None:
    words, found = find_pictures(text, Limits())
    assert found == []
    for line in text.splitlines():
        assert line.startswith("```") or line.strip() in words


def test_what_is_marked_as_a_picture_and_has_a_fault_is_told() -> None:
    text = calligram.encode(THREE).text.replace("</row:5>", "")
    with pytest.raises(PictureError, match="row 5"):
        find_pictures(text, Limits())


def test_a_picture_over_the_limit_is_told() -> None:
    with pytest.raises(LimitError, match="max_cells is 100"):
        find_pictures(calligram.encode(THREE).text, Limits(max_cells=100))
