"""Flowing: the words of a text running through a picture, row by row, wherever it has ink."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calligram.errors import OptionError
from calligram.picture.posters.choosing import Numbers, check_printing
from calligram.picture.posters.sampling import FloatArray
from calligram.picture.posters.type_case import BLANK, TypeCase

LEAST_SHARE = 0.045
"""Cells that want less ink stay bare, and the text goes on behind them."""


@dataclass(frozen=True)
class Flow:
    """A text in its cells.

    Args:
        numbers: the glyph of each cell.
        strengths: how strong the ink of each cell is, 0 to 1, so that its tone is met.
        rounds: how often the text was run through.
    """

    numbers: Numbers
    strengths: FloatArray
    rounds: float


def set_words(words: str) -> str:
    """Return a text with single spaces and no line breaks, one space at its end.

    Raises:
        OptionError: it has no words, or something in it does not print.
    """
    told = " ".join(words.split())
    if not told:
        raise OptionError("words has no words: give the text that shall run through the picture")
    check_printing(told, "words")
    return told + " "


def flow(text: str, shares: FloatArray, case: TypeCase, one_ink: bool) -> Flow:
    """Return a text run through the cells that want ink, begun again where it ends.

    Each letter comes in the lightest face that has ink enough, and its ink is thinned where it has too much;
    with colours of their own all come in the heaviest.

    Args:
        text: as :func:`set_words` gives it.
        shares: the share of ink that each cell wants, ``(rows, columns)``.
        case: a case of the text's characters, each in every face.
        one_ink: whether all is set in one ink.
    """
    inked = shares >= LEAST_SHARE
    letters = _run(text, inked)
    known = {(glyph.character, glyph.face): number for number, glyph in enumerate(case.glyphs)}
    faces = range(len(case.faces))
    alphabet = sorted(set(text) - {" "})
    by_face = np.array(
        [[known.get((one, face), known.get((one, 0), BLANK)) for face in faces] for one in alphabet]
    )
    places = {one: place for place, one in enumerate(alphabet)}
    numbers = np.zeros(shares.shape, np.intp)
    set_cells = inked.copy()
    set_cells[inked] = [letter != " " for letter in letters]
    wanted = shares[set_cells]
    kinds = by_face[[places[letter] for letter in letters if letter != " "]].reshape(len(wanted), len(faces))
    numbers[set_cells] = _weigh(kinds, wanted, case) if one_ink else kinds[:, -1]
    strengths = np.ones(shares.shape)
    if one_ink:
        strengths[set_cells] = (wanted / case.densities[numbers[set_cells]].clip(1e-6)).clip(0, 1)
    return Flow(numbers, strengths, len(letters) / len(text))


def _run(text: str, inked: NDArray[np.bool_]) -> list[str]:
    """Return a letter for each inked cell, as it is read; no stretch of cells begins with a space."""
    rows, columns = np.nonzero(inked)
    begins = np.ones(len(rows), bool)
    begins[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1] + 1)
    letters, place = [], 0
    for begin in begins.tolist():
        if begin and text[place % len(text)] == " ":
            place += 1
        letters.append(text[place % len(text)])
        place += 1
    return letters


def _weigh(kinds: Numbers, wanted: FloatArray, case: TypeCase) -> Numbers:
    """Return for each letter its glyph in the lightest face that has ink enough, else the heaviest."""
    enough = case.densities[kinds] >= wanted[:, None]
    face = np.where(enough.any(axis=1), enough.argmax(axis=1), kinds.shape[1] - 1)
    return np.asarray(kinds[np.arange(len(kinds)), face], np.intp)
