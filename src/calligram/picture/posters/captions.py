"""Captions: a title and a second line beneath the picture, at its left side."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from calligram.errors import OptionError
from calligram.picture.posters.choosing import as_given, check_printing
from calligram.picture.posters.faces import Face, shipped_face
from calligram.picture.posters.inks import Colour, Inks
from calligram.picture.posters.options import PosterOptions
from calligram.picture.posters.poster import Block
from calligram.picture.posters.sheets import Grid, Sheet
from calligram.picture.posters.type_case import measure, set_case

TITLE_SHARE, BYLINE_SHARE = 0.0145, 0.0095
"""Width of a letter's cell in parts of the sheet's shorter side."""

SPACED = 1.16
"""Letters stand so much wider apart than in running text."""

LINE_HEIGHT = 2.3
"""Of a line of the caption, in widths of its letters."""

GAP_SHARE = 0.032
"""Between picture and caption, in parts of the sheet's shorter side."""

Line = tuple[str, str, float]
"""A line's text, its face, and the share of the sheet that a letter takes."""


def _lines(options: PosterOptions) -> list[Line]:
    lines = [(options.title, "medium", TITLE_SHARE), (options.byline, "light", BYLINE_SHARE)]
    return [(" ".join(text.split()), face, share) for text, face, share in lines if text.strip()]


def caption_height(options: PosterOptions, sheet: Sheet) -> int:
    """Return how many pixels the caption takes beneath the picture, 0 where there is none."""
    shorter = min(sheet.width, sheet.height)
    lines = sum(share * shorter * LINE_HEIGHT for _, _, share in _lines(options))
    return round(lines + GAP_SHARE * shorter) if lines else 0


def set_caption(
    options: PosterOptions, sheet: Sheet, grid: Grid, ink: Colour, given: Sequence[Face]
) -> tuple[Block, ...]:
    """Return the caption's lines, each small enough for the sheet.

    Args:
        options: title and byline count.
        sheet: on which.
        grid: the picture's place.
        ink: their colour.
        given: the poster's faces, for characters that the faces that come along have not.

    Raises:
        OptionError: no face has a character, or a line is far too long.
    """
    shorter = min(sheet.width, sheet.height)
    margin = round(options.margin * shorter)
    left = min(grid.left, max(margin, 1)) if grid.width < shorter * 0.4 else grid.left
    top = grid.top + grid.height + GAP_SHARE * shorter
    blocks = []
    for text, face, share in _lines(options):
        check_printing(text, "the caption")
        block = _set_line(text, _face(text, face, given), share * shorter, sheet.width - left - margin, ink)
        blocks.append(replace(block, left=left, top=round(top)))
        top += share * shorter * LINE_HEIGHT
    return tuple(blocks)


def _face(text: str, weight: str, given: Sequence[Face]) -> Face:
    own = shipped_face(weight)
    return own if all(own.has(one) for one in text) else given[0]


def _set_line(text: str, face: Face, cell: float, room: int, ink: Colour) -> Block:
    width = int(min(cell, room / len(text)))
    if width < 1:
        raise OptionError(
            f"the caption has {len(text)} letters in a line ({text[:40]!r} …), "
            "for which the sheet is too narrow: shorten it"
        )
    fit = measure([face], text)
    fit = replace(fit, width=fit.width * SPACED)
    case = set_case([face], text, width, fit)
    numbers = as_given([text], case)
    places = np.zeros(numbers.shape, np.intp)
    return Block(case, numbers, Inks(np.array([ink], np.uint8), places), 0, 0)
