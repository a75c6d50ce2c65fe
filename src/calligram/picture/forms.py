"""Forms: ramps whose characters are small drawings, and how a cell's parts choose among them.

The four dot forms (half, quadrant, sextant, braille) are exact: each part of a cell is on or off. ``shape``
takes the character whose drawn form fits the cell best.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from calligram.picture.glyphs import GLYPH_HEIGHT, GLYPH_WIDTH, glyph
from calligram.picture.ramps import QUADRANT_PATTERNS, RAMPS, SEXTANT_PATTERNS

PART_EDGE = 128
"""Lowest grey that switches a part on."""

LEAST_STRENGTH, GREATEST_STRENGTH = 0.6, 2.5
"""How much fainter or stronger than drawn a character's ink may be while it is fitted."""

BLUR_PASSES = 3

_BRAILLE_BITS = (0, 3, 1, 4, 2, 5, 6, 7)
"""Which bit of U+2800 + n each dot has, row after row. Source: Unicode, Braille Patterns."""


@dataclass(frozen=True)
class DotForm:
    """How a cell is parted: so many rows and columns of dots, and the pattern that each symbol shows."""

    rows: int
    columns: int
    patterns: str
    bits: tuple[int, ...]


DOT_FORMS = {
    "half": DotForm(2, 1, " ▀▄█", (0, 1)),
    "quadrant": DotForm(2, 2, QUADRANT_PATTERNS, (0, 1, 2, 3)),
    "sextant": DotForm(3, 2, SEXTANT_PATTERNS, (0, 1, 2, 3, 4, 5)),
    "braille": DotForm(4, 2, "".join(chr(0x2800 + code) for code in range(256)), _BRAILLE_BITS),
}


def parts(ramp: str) -> tuple[int, int]:
    """Return into how many rows and columns a ramp parts each cell; a tone ramp does not.

    >>> parts("braille"), parts("classic")
    ((4, 2), (1, 1))
    """
    if ramp == "shape":
        return GLYPH_HEIGHT, GLYPH_WIDTH
    form = DOT_FORMS.get(ramp)
    return (form.rows, form.columns) if form else (1, 1)


@cache
def _levels_of_codes(ramp: str) -> NDArray[np.uint8]:
    """Return the level of each bit pattern."""
    patterns, symbols = DOT_FORMS[ramp].patterns, RAMPS[ramp]
    return np.array([symbols.index(symbol) for symbol in patterns], np.uint8)


def join_dots(dots: NDArray[np.bool_], ramp: str) -> NDArray[np.uint8]:
    """Return the level of each cell from its dots.

    Args:
        dots: ``(N, rows * form rows, columns * form columns)``.
        ramp: a key of :data:`DOT_FORMS`.

    Returns:
        ``(N, rows, columns)``.
    """
    form = DOT_FORMS[ramp]
    count, height, width = dots.shape
    shaped = dots.reshape(count, height // form.rows, form.rows, width // form.columns, form.columns)
    codes = np.zeros((count, height // form.rows, width // form.columns), np.uint8)
    for place, bit in enumerate(form.bits):
        down, across = divmod(place, form.columns)
        codes |= shaped[:, :, down, :, across].astype(np.uint8) << np.uint8(bit)
    return np.asarray(_levels_of_codes(ramp)[codes], np.uint8)


@cache
def dot_pictures(ramp: str) -> NDArray[np.uint8]:
    """Return the dots of each level, ``(levels, rows, columns)``, 0 or 1."""
    form = DOT_FORMS[ramp]
    codes = np.argsort(_levels_of_codes(ramp)).astype(np.uint8)
    dots = np.stack([codes >> np.uint8(bit) & np.uint8(1) for bit in form.bits], axis=-1)
    return dots.reshape(-1, form.rows, form.columns)


def fit_shapes(inks: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return for each cell the level of the character whose drawn form is nearest.

    Both are blurred first, so that a line a little beside its place still counts, and the character's ink may
    be somewhat fainter or stronger than drawn, so that the weight of a line does not decide. Near is then the
    least squared difference of ink.

    Args:
        inks: ``(rows * 16, columns * 8)``, 0 to 1.

    Returns:
        ``(rows, columns)``, levels of the ramp ``shape``.
    """
    rows, columns = inks.shape[0] // GLYPH_HEIGHT, inks.shape[1] // GLYPH_WIDTH
    cells = blur(inks).reshape(rows, GLYPH_HEIGHT, columns, GLYPH_WIDTH).swapaxes(1, 2)
    forms = _blurred_forms()
    weights = (forms**2).sum(axis=1)
    shared = cells.reshape(rows * columns, -1) @ forms.T
    strength = np.clip(shared / np.maximum(weights, 1e-9), LEAST_STRENGTH, GREATEST_STRENGTH)
    nearest: NDArray[np.intp] = np.argmin((strength * weights - 2 * shared) * strength, axis=1)
    return nearest.astype(np.uint8).reshape(rows, columns)


@cache
def _blurred_forms() -> NDArray[np.float64]:
    return np.stack([blur(glyph(symbol)).ravel() for symbol in RAMPS["shape"]])


def blur(inks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ink spread by passes of 1 2 1 each way; beyond the edge there is none."""
    for _ in range(BLUR_PASSES):
        padded = np.pad(inks, 1)
        down = padded[:-2] + 2 * padded[1:-1] + padded[2:]
        inks = (down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]) / 16
    return inks
