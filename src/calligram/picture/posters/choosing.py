"""Choosing: which character stands in which cell, by the ink it has and by where it has it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calligram.errors import OptionError
from calligram.picture.posters.sampling import FloatArray, to_lightness, to_luminance
from calligram.picture.posters.type_case import BLANK, SUB_COLUMNS, SUB_ROWS, TypeCase
from calligram.picture.ramps import ASCII_70, RAMPS

Numbers = NDArray[np.intp]
"""Which glyph of the case stands in each cell, ``(rows, columns)``."""

Floats = NDArray[np.float32]

CHARSETS = {
    "letters": "ABCDEFGHIJKLMNOPRSTUVWXYZ0123456789acemnorsuvwxz&#?!:-=+*.<>~",
    "ascii": "".join(sorted(set(ASCII_70) - {" "})),
    "digits": "0123456789",
    "marks": ".,:;-=+*'\"/\\|!<>~^()[]{}_#",
    "shades": "░▒▓█",
    "braille": "".join(symbol for symbol in RAMPS["braille"] if symbol != "\u2800"),
}
"""Named sets of characters; ``letters`` has none that is high or hangs below, so that lines stand close."""

SHAPE_WEIGHT = 0.4
"""How much it counts where in the cell the ink is, beside how much of it there is."""

EVENNESS = 0.1
"""How much it counts against a character that its ink is uneven where the picture is even."""

SHUFFLE = 0.0015
"""Squared share of ink up to which two characters count as alike, and chance takes one."""

COLOUR_RISE = 0.7
"""With colours of their own characters are heavier in the middle tones: ink grows with this power of tone."""

CELLS_AT_ONCE = 1 << 14


def find_characters(charset: str) -> str:
    """Return the characters of a named set, or those that are given.

    Raises:
        OptionError: there are none, or some do not print.
    """
    characters = CHARSETS.get(charset, charset)
    if not characters.strip():
        raise OptionError(
            f"charset is {charset!r}, which has no ink: name one of {', '.join(CHARSETS)}, "
            "or give the characters themselves"
        )
    check_printing(characters, "charset")
    return characters


def check_printing(characters: str, told: str) -> None:
    """Raise OptionError where a character does not print."""
    for character in characters:
        if not character.isprintable():
            raise OptionError(f"{told} holds {character!r}, which does not print: leave it out")


@dataclass(frozen=True)
class Scale:
    """How tones become shares of ink.

    Args:
        paper: luminance of the paper, 0 to 1.
        ink: luminance of the ink where there is one, else of the strongest that colours may have.
        fullest: the largest share of ink that a cell can have.
    """

    paper: float
    ink: float
    fullest: float

    @property
    def lighter(self) -> bool:
        """Whether ink is lighter than paper."""
        return self.ink > self.paper

    def strengths(self, toned: FloatArray) -> FloatArray:
        """Return tones as strengths, 0 (bare paper) to 1."""
        return toned if self.lighter else 1 - toned

    def luminances(self, strengths: FloatArray) -> FloatArray:
        """Return how light cells look, their strengths spread evenly for the eye from paper to fullest."""
        full = self.paper + self.fullest * (self.ink - self.paper)
        ends = to_lightness(np.array([self.paper, full]))
        return to_luminance(ends[0] + strengths * (ends[1] - ends[0]))

    def shares(self, strengths: FloatArray) -> FloatArray:
        """Return the shares of ink that look so light, 0 to ``fullest``."""
        gap = self.ink - self.paper
        found: FloatArray = ((self.luminances(strengths) - self.paper) / gap).clip(0, 1)
        return found


def choose(targets: FloatArray, case: TypeCase, seed: int) -> Numbers:
    """Return the glyph of each cell that has its ink most as wanted.

    Args:
        targets: wanted shares of ink in the parts of cells, ``(rows * SUB_ROWS, columns * SUB_COLUMNS)``.
        case: to choose from.
        seed: of the choice between glyphs that are nearly alike.
    """
    rows, columns = targets.shape[0] // SUB_ROWS, targets.shape[1] // SUB_COLUMNS
    parted = targets.reshape(rows, SUB_ROWS, columns, SUB_COLUMNS).swapaxes(1, 2)
    wanted = parted.reshape(rows * columns, -1).astype(np.float32)
    chances = np.random.default_rng(seed)
    found = np.empty(rows * columns, np.intp)
    for start in range(0, len(wanted), CELLS_AT_ONCE):
        part = wanted[start : start + CELLS_AT_ONCE]
        apart = _distances(part, case)
        apart += chances.random(apart.shape, np.float32) * SHUFFLE
        # what is nearly bare stays bare: a lone dot is louder than nothing
        apart[:, BLANK] -= SHUFFLE
        found[start : start + CELLS_AT_ONCE] = apart.argmin(axis=1)
    return found.reshape(rows, columns)


def _distances(wanted: Floats, case: TypeCase) -> Floats:
    """Return how far each glyph is from what each cell wants, ``(cells, glyphs)``."""
    whole = (wanted.mean(axis=1)[:, None] - case.densities.astype(np.float32)) ** 2
    inks = case.inks.astype(np.float32)
    uneven = inks - inks.mean(axis=1, keepdims=True)
    asked = wanted - wanted.mean(axis=1, keepdims=True)
    shared = np.einsum("cp,gp->cg", asked, uneven)
    made: Floats = whole + SHAPE_WEIGHT * (EVENNESS * (uneven**2).sum(axis=1) - 2 * shared) / uneven.shape[1]
    return made


def as_given(characters: Sequence[Sequence[str]], case: TypeCase) -> Numbers:
    """Return the glyphs of cells whose characters are given, in the case's last face."""
    last = len(case.faces) - 1
    numbers = {glyph.character: number for number, glyph in enumerate(case.glyphs) if glyph.face in (0, last)}
    return np.array([[numbers[one] if one.strip() else BLANK for one in row] for row in characters], np.intp)
