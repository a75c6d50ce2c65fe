"""Grounding: what a sentence agrees with and contradicts, on images whose facts are made."""

import numpy as np
import pytest

from calligram.art.facts import Facts, measure_facts
from calligram.art.grounding import (
    Statement,
    agreements,
    contradictions,
    read_sentence,
    split_sentences,
)


def flat(colours: list[tuple[int, int, int]], height: int = 60, width: int = 90) -> Facts:
    """Return the facts of an image of upright stripes."""
    stripes = np.array(colours, np.uint8)[np.arange(width) * len(colours) // width]
    return measure_facts(np.broadcast_to(stripes, (height, width, 3)).copy())


DARK_BLUE_AND_BLACK = flat([(20, 40, 110), (20, 40, 110), (5, 5, 8)])
LIGHT_AND_SQUARE = flat([(250, 245, 230), (240, 225, 190)], 90, 90)
GREYS = flat([(60, 60, 60), (180, 180, 180)], 90, 60)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("A red boat lies at anchor.", "palette"),
        ("This is a bright picture.", "light_or_dark"),
        ("The painting is quite light.", "light_or_dark"),
        ("It has a square format.", "orientation"),
        ("The canvas is taller than wide.", "orientation"),
        ("It is a portrait-format work.", "orientation"),
        ("A black-and-white photograph of the sea.", "colour_or_grey"),
        ("It is painted in a warm palette.", "temperature"),
    ],
)
def test_what_a_dark_blue_landscape_is_not_is_found(text: str, key: str) -> None:
    (said,) = [each for each in read_sentence(text, DARK_BLUE_AND_BLACK) if each.fault]
    assert said.key == key
    assert said.agrees is False


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Deep blue fills half of it.", "main_colour"),
        ("The night is black.", "palette"),
        ("This is a dark picture.", "light_or_dark"),
        ("The picture is wider than it is high.", "orientation"),
        ("It is laid out in landscape format.", "orientation"),
    ],
)
def test_what_it_is_agrees(text: str, key: str) -> None:
    assert contradictions(text, DARK_BLUE_AND_BLACK) == ()
    assert agreements(text, DARK_BLUE_AND_BLACK) == (key,)


@pytest.mark.parametrize(
    "text",
    [
        "There is no red in it.",
        "It is not a bright picture, nor square.",
        "Without any yellow it stays cold.",
        "A light breeze moves the portrait of a landscape painter.",
        "It was drawn in red chalk on white-washed board.",
        "The Redcoats march past.",
        "",
    ],
)
def test_what_is_denied_or_means_something_else_is_no_fault(text: str) -> None:
    assert contradictions(text, DARK_BLUE_AND_BLACK) == ()


def test_greys_are_not_colourful_and_black_and_white_fits_them() -> None:
    assert contradictions("A colourful scene.", GREYS)
    assert agreements("A scene in black and white.", GREYS) == ("colour_or_grey",)


def test_a_low_horizon_is_not_a_high_one() -> None:
    image = np.full((100, 140, 3), 225, np.uint8)
    image[75:] = 60
    facts = measure_facts(image)
    assert facts["horizon"] == pytest.approx(0.75, abs=0.03)
    assert contradictions("Under a high horizon nothing moves.", facts)
    assert agreements("The horizon lies low.", facts) == ("horizon",)


def test_a_colour_is_known_by_any_name_near_it() -> None:
    assert contradictions("Cream and ivory, with beige.", LIGHT_AND_SQUARE) == ()
    assert len(contradictions("Purple, green and purple.", LIGHT_AND_SQUARE)) == 2


def test_a_name_from_the_palette_itself_never_contradicts_it() -> None:
    facts = flat([(0x99, 0x69, 0x2A), (0x6D, 0x7F, 0x8F)])
    names = [colour["name"] for colour in facts["palette"]]
    assert sorted(names) == ["blue grey", "golden brown"]
    assert contradictions(f"{names[0]} beside {names[1]}.", facts) == ()


def test_sentences_are_split_at_their_ends_alone() -> None:
    text = "It rises to 3.5 m. “Look!” she says. e.g. that.\nThe end"
    assert split_sentences(text) == ["It rises to 3.5 m.", "“Look!” she says. e.g. that.", "The end"]
    assert split_sentences(" \n ") == []


def test_a_statement_is_grounded_where_it_cites_and_contradicts_nothing() -> None:
    assert Statement("It is dark.", ("light_or_dark",)).grounded
    assert Statement("See there.", regions=("B3",)).grounded
    assert not Statement("It is good.").grounded
    assert not Statement("It is red.", ("palette",), faults=("names red",)).grounded
