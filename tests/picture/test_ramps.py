"""Tests of calligram.picture.ramps."""

import unicodedata

import pytest

from calligram.errors import LayoutError
from calligram.picture import RAMPS, get_ramp
from calligram.picture.glyphs import GLYPHS, glyph


@pytest.mark.parametrize("name", RAMPS)
def test_the_symbols_of_a_ramp_are_distinct(name: str) -> None:
    assert len(set(RAMPS[name])) == len(RAMPS[name])


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("classic", 3),
        ("grey8", 8),
        ("ascii10", 10),
        ("ascii70", 70),
        ("digits", 10),
        ("letters", 26),
        ("blocks", 5),
        ("half", 4),
        ("quadrant", 16),
        ("sextant", 64),
        ("braille", 256),
        ("shape", 95),
    ],
)
def test_each_ramp_has_the_levels_its_name_promises(name: str, count: int) -> None:
    assert len(RAMPS[name]) == count


@pytest.mark.parametrize("name", set(RAMPS) - {"digits", "letters", "braille"})
def test_ramps_begin_with_the_space(name: str) -> None:
    assert RAMPS[name][0] == " "


def test_sextants_are_named_after_the_parts_they_show() -> None:
    from calligram.picture.ramps import SEXTANT_PATTERNS

    for code, symbol in enumerate(SEXTANT_PATTERNS):
        name = unicodedata.name(symbol)
        if name.startswith("BLOCK SEXTANT-"):
            shown = {int(digit) - 1 for digit in name.removeprefix("BLOCK SEXTANT-")}
            assert shown == {bit for bit in range(6) if code >> bit & 1}
    assert SEXTANT_PATTERNS[0b010101] == "▌"
    assert SEXTANT_PATTERNS[0b101010] == "▐"


def test_quadrants_are_named_after_the_parts_they_show() -> None:
    from calligram.picture.ramps import QUADRANT_PATTERNS

    places = ("UPPER LEFT", "UPPER RIGHT", "LOWER LEFT", "LOWER RIGHT")
    for code, symbol in enumerate(QUADRANT_PATTERNS):
        name = unicodedata.name(symbol)
        if name.startswith("QUADRANT"):
            assert {bit for bit in range(4) if places[bit] in name} == {b for b in range(4) if code >> b & 1}


def test_the_shape_ramp_is_all_printing_ascii_sorted_by_ink() -> None:
    inks = [round(15 * float(glyph(symbol).sum())) for symbol in RAMPS["shape"]]
    assert inks == sorted(inks)
    assert set(RAMPS["shape"]) == set(GLYPHS) == {chr(code) for code in range(32, 127)}


def test_a_custom_ramp_is_taken_as_it_is() -> None:
    assert get_ramp(" .oO@") == " .oO@"


@pytest.mark.parametrize(
    ("ramp", "message"),
    [
        ("", "has 0 symbols"),
        ("#", "has 1 symbols"),
        (" oo", "has 'o' twice"),
        (" \n#", r"holds '\\n', which does not print"),
    ],
)
def test_an_impossible_ramp_is_refused(ramp: str, message: str) -> None:
    with pytest.raises(LayoutError, match=message):
        get_ramp(ramp)
