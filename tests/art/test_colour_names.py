"""Names of colours, beside the names that CSS gives."""

import numpy as np
import pytest
from PIL import ImageColor

from calligram.art.colour_names import NAMES, hex_of, name_of, plain_word
from calligram.picture.lab import to_lab

WORDS = (
    "red",
    "green",
    "blue",
    "yellow",
    "orange",
    "pink",
    "purple",
    "brown",
    "grey",
    "black",
    "white",
    "violet",
)
ELSEWHERE = {
    "darkslategrey",
    "greenyellow",
    "yellowgreen",
    "orangered",
    "blueviolet",
    "palevioletred",
    "mediumvioletred",
}
"""Colours of CSS with two words in their name, and a grey that is none."""


def lab_of(spelled: str) -> np.ndarray:
    return to_lab(np.array(ImageColor.getrgb(spelled), np.uint8))


@pytest.mark.parametrize("name", NAMES)
def test_each_colour_bears_its_own_name(name: str) -> None:
    assert name_of(lab_of(NAMES[name][1])) == name


@pytest.mark.parametrize(
    ("spelled", "word"),
    [
        ("#000000", "black"),
        ("#ffffff", "white"),
        ("#808080", "grey"),
        ("#ff0000", "red"),
        ("#00ff00", "green"),
        ("#0000ff", "blue"),
        ("#ffff00", "yellow"),
        ("#ff8000", "orange"),
        ("#ffc0cb", "pink"),
        ("#800080", "purple"),
        ("#8b4513", "brown"),
        ("#000080", "blue"),
        ("#ffa500", "orange"),
    ],
)
def test_the_plainest_colours_have_the_plainest_words(spelled: str, word: str) -> None:
    assert plain_word(name_of(lab_of(spelled))) == word


def test_three_of_four_colours_of_css_get_the_word_that_stands_in_their_css_name() -> None:
    known = {
        name: [word for word in WORDS if word in name]
        for name in ImageColor.colormap
        if name not in ELSEWHERE
    }
    one_word = {name: words[0] for name, words in known.items() if len(words) == 1}
    right = [plain_word(name_of(lab_of(name))) == word for name, word in one_word.items()]
    assert len(right) > 50
    # the others lie between two words, as CSS's lightyellow, or are misnomers, as its brown, which is red
    assert sum(right) / len(right) >= 0.75


def test_browns_from_dark_to_light_are_told_apart() -> None:
    names = [name_of(lab_of(spelled)) for spelled in ("#2e1f16", "#4a3222", "#6f4a2f", "#977152")]
    assert len(set(names)) == 4
    assert all("brown" in name for name in names)


def test_names_are_plain_words_of_lower_case() -> None:
    assert 60 <= len(NAMES) <= 140
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz -") for name in NAMES)


def test_a_colour_is_spelled_as_the_web_does() -> None:
    assert hex_of((255, 0, 10)) == "#ff000a"
