"""Characters that are drawn, not taken from a font: blocks and dots fill their cell, as in terminals."""

from functools import cache

from calligram.picture.forms import DOT_FORMS, dot_pictures
from calligram.picture.ramps import RAMPS

Rectangle = tuple[float, float, float, float]
"""Left, top, width and height, in parts of a cell."""

SHADES = {"░": 1, "▒": 2, "▓": 3}
"""How many of each square of four are inked."""

SHADE_COLUMNS, SHADE_ROWS = 4, 8

DOT_SIDE = 0.72
"""Of a braille dot, in parts of its place."""

_BLOCKS: dict[str, Rectangle] = {"█": (0, 0, 1, 1), "▀": (0, 0, 1, 0.5), "▄": (0, 0.5, 1, 0.5)}
_BLOCKS |= {"▌": (0, 0, 0.5, 1), "▐": (0.5, 0, 0.5, 1)}
_ORDER = ((0, 0), (1, 1), (1, 0))
"""Which of four squares, down and across, is inked first, second, third."""


@cache
def rectangles(character: str) -> tuple[Rectangle, ...] | None:
    """Return what a block or dot character is made of, or None for what a font draws.

    >>> rectangles("▀")
    ((0, 0, 1, 0.5),)
    """
    if character in _BLOCKS:
        return (_BLOCKS[character],)
    if character in SHADES:
        return tuple(_shade(SHADES[character]))
    for ramp in ("quadrant", "sextant", "braille"):
        if character in DOT_FORMS[ramp].patterns and character != " ":
            return tuple(_dots(character, ramp))
    return None


def _shade(inked: int) -> list[Rectangle]:
    wide, high = 1 / SHADE_COLUMNS, 1 / SHADE_ROWS
    places = [(row, column) for row in range(0, SHADE_ROWS, 2) for column in range(0, SHADE_COLUMNS, 2)]
    return [
        ((column + across) * wide, (row + down) * high, wide, high)
        for row, column in places
        for down, across in _ORDER[:inked]
    ]


def _dots(character: str, ramp: str) -> list[Rectangle]:
    dots = dot_pictures(ramp)[RAMPS[ramp].index(character)]
    rows, columns = dots.shape
    side = DOT_SIDE if ramp == "braille" else 1.0
    gap = (1 - side) / 2
    return [
        ((column + gap) / columns, (row + gap) / rows, side / columns, side / rows)
        for row in range(rows)
        for column in range(columns)
        if dots[row, column]
    ]
